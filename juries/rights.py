"""What a person holds on panels: asked of each page, by itself or within what reads the panel."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, CallAgent, Submission, applying_as
from calls.rights import organising
from juries.aside import beside_the_vote
from juries.models import Juror, Panel, Recusal

PERSON, PANEL, SEAT, SUBMISSION = (model._meta.pk for model in (User, Panel, Juror, Submission))


def seats(user: Any) -> Any:
    """The seats of `user` (or the slot of one), without those they left and those of sessions they stand aside
    from altogether.
    """
    aside = Recusal.objects.filter(submission__isnull=True).values("juror")
    return Juror.objects.filter(user=user, left_at__isnull=True).exclude(pk__in=aside)


def _seated(user: Any, panel: Any) -> Any:
    return seats(user).filter(panel=panel)


def _sitting(user: Any, panel: Any) -> Any:
    """The seat of a member: a substitute waits outside."""
    return seats(user).filter(panel=panel, is_substitute=False)


def _leading(user: Any, panel: Any) -> Any:
    led = seats(user).filter(Q(is_chair=True) | Q(is_secretary=True), panel=panel)
    return led.exclude(panel__call__in=applying_as(user).values("call"))


def _organising(user: Any, panel: Any) -> Any:
    """The right of an agent to organise a panel: not where they apply, nor where they stand aside altogether."""
    inner = OuterRef(panel) if isinstance(panel, OuterRef) else panel
    session = Recusal.objects.filter(juror__user=user, juror__panel=inner, submission__isnull=True)
    held = CallAgent.objects.filter(user=user, right=CallAgent.Right.JURY, call__panels=panel)
    return held.filter(~Exists(session)).exclude(call__in=applying_as(user).values("call"))


def _debating(user: Any, panel: Any, submission: Any) -> Any:
    aside = Recusal.objects.filter(juror__user=user, submission=submission)
    own = Membership.objects.filter(user=user, structure__submissions=submission)
    return _sitting(user, panel).filter(~Exists(aside), ~Exists(own), panel__call__submissions=submission)


HOLDING = Compiled(
    lambda user, call: organising(user).filter(beside_the_vote(user), call=call), user=PERSON, call=Call._meta.pk
)
"""An agent holds the public vote of a call."""

DEBATED = Compiled(_debating, user=PERSON, panel=PANEL, submission=SUBMISSION)
HELD = {"seated": _seated, "sits": _sitting, "leads": _leading, "organises": _organising}
ASKED = {right: Compiled(held, user=PERSON, panel=PANEL) for right, held in HELD.items()}


def with_rights(panels: QuerySet[Panel], user: Any) -> QuerySet[Panel]:
    """`panels`, each with what the person of that key, an expression, holds on it.

    For pages that only read: an act asks again, at the moment it writes.
    """
    told = {f"viewer_{right}": Exists(held(user, OuterRef("pk"))) for right, held in HELD.items()}
    return panels.annotate(viewer=user, **told)


def holds(user: Any, panel: Panel, right: str) -> bool:
    """Whether `user` holds `right`, a key of `HELD`, on `panel`: as the statement that read it for that very person
    told, else asked of the database.
    """
    if getattr(panel, "viewer", None) == user.pk:
        return bool(getattr(panel, f"viewer_{right}"))
    return ASKED[right].exists(user=user.pk, panel=panel.pk)
