"""What a person stands aside from: by declaration on any panel of a call, or as a member of the structure."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Submission
from juries.models import Juror, Panel, PublicVote, Recusal


def recusals_of(user: Any) -> QuerySet[Recusal]:
    """The recusals of the person of that key (or its slot)."""
    return Recusal.objects.filter(juror__user=user)


def apart(user: Any, path: str = "pk") -> Q:
    """The condition on rows that the person of that key (or its slot) does not stand aside from the application found
    by `path`; rows without one pass.
    """
    own = Membership.objects.filter(user=user, structure__submissions=OuterRef(path))
    return Q(~Exists(recusals_of(user).filter(submission=OuterRef(path))), ~Exists(own))


def beside_the_vote(user: Any, path: str = "call") -> Q:
    """The condition on rows that the person of that key (or its slot) does not stand aside from the whole finale of the
    call found by `path`: the public vote is held beside it.
    """
    session = recusals_of(user).filter(submission__isnull=True, juror__panel__stage=Panel.Stage.FINALE)
    return ~Exists(session.filter(juror__panel__call=OuterRef(path)))


APART = Compiled(
    lambda user, submission: Submission.objects.filter(apart(user), pk=submission),
    user=User._meta.pk,
    submission=Submission._meta.pk,
)


def unnamed(user: Any, call: str, text: str) -> Q:
    """The condition on rows that the text in their column `text` names, by number or title, no application to the call
    found by `call` that the person of that key stands aside from by declaration.
    """
    own = Submission.objects.filter(recusals__juror__user=user, call=OuterRef(call))
    told = own.annotate(said=ExpressionWrapper(OuterRef(text), output_field=TextField()))
    return ~Exists(told.filter(Q(said__icontains=F("number")) | Q(title__gt="", said__icontains=F("title"))))


def stands_aside(user: Any, submission: Any) -> bool:
    """Whether `user` stands aside from the application of that key. One statement."""
    return not APART.exists(user=user.pk, submission=submission)


def _aside(user: Any, call: Any) -> QuerySet[Any, Any]:
    recused = Recusal.objects.filter(juror__user=user, juror__panel__call=call, submission__isnull=False)
    structures = Membership.objects.filter(user=user).values("structure")
    own = Submission.objects.filter(call=call, structure__in=structures)
    return own.order_by().values_list("pk").union(recused.order_by().values_list("submission_id"))


ASIDE = Compiled(_aside, user=User._meta.pk, call=Call._meta.pk)


def set_aside(panel: Panel | PublicVote, viewer: Any) -> list[UUID]:
    """The keys of the applications before `panel`, or a vote, that `viewer` stands aside from. One statement."""
    return [pk for (pk,) in ASIDE.fetch(user=viewer.pk, call=panel.call_id)]


def kept_from(panel: Panel, viewer: Any) -> frozenset[UUID]:
    """The keys of the applications before `panel` that `viewer` stands aside from: none for the portal itself, nor
    without a viewer. One statement.
    """
    return frozenset(set_aside(panel, viewer)) if getattr(viewer, "pk", None) else frozenset()


def beside_any(panel: Panel, submissions: Collection[UUID]) -> QuerySet[Juror]:
    """The seats of `panel` whose persons stand aside from one of the applications of those keys, or from the whole of
    its session.
    """
    session = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    said = recusals_of(OuterRef("user")).filter(submission__in=submissions)
    own = Membership.objects.filter(user=OuterRef("user"), structure__submissions__in=submissions)
    return Juror.objects.filter(Exists(session) | Exists(said) | Exists(own), panel=panel)


def names_kept_from(panel: Panel, viewer: Any) -> set[str]:
    """The numbers and titles of the same. One statement, or two when there are some."""
    found = Submission.objects.filter(pk__in=kept_from(panel, viewer)).values_list("number", "title")
    return {name for names in found for name in names if name}


def speaks_of(text: str, names: Iterable[str]) -> bool:
    """Whether `text` holds one of `names`, in any case."""
    return any(name.casefold() in text.casefold() for name in names)
