"""A decision reopened, for a mistake or because of an application withdrawn since: nothing is signed or proclaimed of
what is withdrawn, the jury decides anew.
"""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.aside import kept_from
from juries.models import Minutes, Panel, Proposal
from juries.operations.checks import held


def withdrawn_since(panel: Panel) -> list[Submission]:
    """The applications of which something is proposed and that were withdrawn since, by number. One statement."""
    proposed = Proposal.objects.filter(panel=panel).values("submission")
    return list(Submission.objects.filter(pk__in=proposed, state=SubmissionState.WITHDRAWN).order_by("number"))


def in_the_way(panel: Panel, viewer: Any = None) -> str:
    """What keeps the decision of `panel` from being signed or proclaimed, and what can be done; empty if nothing does.

    `viewer`: what that person stands aside from is not named.
    """
    return told_withdrawn(withdrawn_since(panel), kept_from(panel, viewer))


def told_withdrawn(applications: Iterable[Submission], aside: Collection[UUID]) -> str:
    """The same of the `applications` of a decision at hand, for who stands aside from `aside`. No statement."""
    gone = {one.pk: one for one in applications if one.state == SubmissionState.WITHDRAWN}.values()
    if not gone:
        return ""
    if any(one.pk in aside for one in gone):
        return _(
            "Withdrawn since the decision: an application from which you stand aside. Reopen the deliberation, "
            "then settle and sign the decision without it."
        )
    sentence = _(
        "Withdrawn since the decision: %s. Reopen the deliberation, leave what it was given to nobody or propose it "
        "for another, then settle and sign anew."
    )
    return sentence % ", ".join(one.title for one in gone)


def check_all_there(panel: Panel, *, by: Any) -> None:
    """Raise Conflict, which says what can be done, when an application of the decision was withdrawn since."""
    sentence = in_the_way(panel, by)
    if sentence:
        raise Conflict("withdrawn", sentence)


def drop_withdrawn(panel: Panel) -> None:
    """Drop what was proposed, in a deliberation under way, of applications withdrawn since."""
    Proposal.objects.filter(panel=panel, submission__state=SubmissionState.WITHDRAWN).delete()


@transaction.atomic
def reopen_deliberation(panel: Panel, *, reason: str, by: Any) -> Panel:
    """Go back from a decision that is not proclaimed to its deliberation, for a reason. Returns the panel.

    The proposals stay, but those of what was withdrawn since; the minutes are signed no more: the journal keeps their
    digest. Raises Forbidden, Invalid (no reason) or Conflict (not decided, or proclaimed).
    """
    held(panel)
    gone = withdrawn_since(panel)
    minutes = Minutes.objects.select_for_update().filter(panel=panel).first()
    voided = {"digest": minutes.digest, "signed": minutes.signed_at is not None} if minutes else {}
    data = {**voided, "withdrawn": [one.number for one in gone]}
    move(panel, "deliberate_again", by=by, reason=reason, data=data)
    drop_withdrawn(panel)
    if minutes is not None:
        minutes.signed_at = minutes.signed_by = None
        minutes.save(update_fields=["signed_at", "signed_by"])
    return panel
