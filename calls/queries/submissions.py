"""Which applications one sees, in which state, in which order."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.accounts.reach import OneVisible
from bethune_smartcity.accounts.rules import is_agent, is_signed_in
from bethune_smartcity.core.text import normalise
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.aside import apart
from calls.models import Call, Submission, applying
from calls.rights import MEMBER_OF, SCREENED
from calls.workflow import SubmissionState

from .calls import rights_on_calls

SORTS = {
    "number": ("number",),
    "-number": ("-number",),
    "title": ("title", "number"),
    "-title": ("-title", "number"),
    "submitted_at": ("submitted_at", "number"),
    "-submitted_at": ("-submitted_at", "number"),
}


def structures_of(user: Any) -> RawSQL:
    """The keys of the structures `user` belongs to, to compare with."""
    return MEMBER_OF.within(user=user.pk)


def my_submissions(user: Any) -> QuerySet[Submission]:
    """The applications of the structures `user` belongs to, last edited first."""
    if not is_signed_in(user):
        return Submission.objects.none()
    mine = submissions_as(user.pk)
    return mine.select_related("call", "structure", "pillar").order_by("-edited_at")


def submissions_as(key: Any) -> QuerySet[Submission]:
    """The applications of the structures of a person, by their key or the slot of one."""
    return Submission.objects.filter(structure__in=MEMBER_OF.within(user=key))


def handed_in(call: Call) -> QuerySet[Submission]:
    """The applications handed in for `call`, later withdrawn ones among them."""
    return Submission.objects.filter(call=call, number__isnull=False)


def screening_of(user: Any) -> Q:
    """The condition on what `user` reads as a screening agent: handed in by others than their own structures, to calls
    they do not apply to themselves and that no seal closes, without what they stand aside from.

    An application is handed in when it has its number, which an index holds.
    """
    return _screening_as(user.pk if is_agent(user) else None)


def _screening_as(key: Any) -> Q:
    """The same by the key of an agent, or the slot of one."""
    seal = Q(call__sealed=True, call__unsealed_at__isnull=True)
    screened = Q(call__in=SCREENED.within(user=key), number__isnull=False)
    return screened & ~seal & ~Q(structure__in=MEMBER_OF.within(user=key)) & apart(key)


def unsealed(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """Those of `submissions` that no seal closes."""
    return submissions.exclude(call__sealed=True, call__unsealed_at__isnull=True)


def screened_calls(user: Any) -> RawSQL:
    """The keys of the calls `user` screens, and does not apply to, to compare with."""
    return SCREENED.within(user=user.pk if is_agent(user) else None)


def helped_by(user: Any) -> QuerySet[Submission]:
    """The applications `user` knows of as a screening agent, drafts and those under seal included: what they say is
    not to be shown. None they stand aside from.
    """
    known = Submission.objects.filter(apart(user.pk), call__in=screened_calls(user))
    return known.exclude(structure__in=structures_of(user)).select_related("call", "structure")


def screened_by(user: Any) -> QuerySet[Submission]:
    """What `user` reads as a screening agent."""
    return Submission.objects.filter(screening_of(user))


def visible_submissions(user: Any) -> QuerySet[Submission]:
    """The applications `user` may open: those of their structures, and those handed in for calls they screen."""
    if not is_signed_in(user):
        return Submission.objects.none()
    return _visible_as(user.pk, screening=is_agent(user))


def _visible_as(key: Any, *, screening: bool) -> QuerySet[Submission]:
    """The same by the key of a person, or the slot of one; `screening`: they are an agent."""
    seen = Q(structure__in=MEMBER_OF.within(user=key))
    if screening:
        seen |= _screening_as(key)
    return Submission.objects.filter(seen).select_related("call", "structure", "pillar")


def with_role_of(user: Any, submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    """`submissions`, each with `role_known`: that of a person, by their key, in the structure that applies, if any."""
    held = Membership.objects.filter(user=user, structure=OuterRef("structure"))
    return submissions.annotate(role_known=Subquery(held.values("role")[:1]))


class _OneSubmission(OneVisible[Submission]):
    """With it comes the role of the person who asks, which what they may do is then judged by."""

    def __call__(self, user: Any, pk: Any) -> Submission | None:
        found = super().__call__(user, pk)
        if found is not None:
            found.role_known_of = user.pk  # type: ignore[attr-defined]
        return found


def one_visible(*columns: str) -> OneVisible[Submission]:
    """What gives an application by its key to those who may open it; `columns` are what is read of it and of what it
    belongs to, all when none is named.
    """

    def seen(user: Any, agent: bool) -> QuerySet[Submission]:
        found = with_role_of(user, _visible_as(user, screening=agent))
        return found.only(*columns) if columns else found

    return _OneSubmission(Submission, seen)


visible_submission = one_visible()


def shown_state(submission: Submission, moment: datetime) -> SubmissionState:
    """The state everyone may know at the aware instant `moment`: the former one until the decision is public."""
    hidden = submission.decision_public_at is not None and moment < submission.decision_public_at
    return SubmissionState(submission.former_state if hidden and submission.former_state else submission.state)


def on_reserve(submission: Submission, moment: datetime) -> bool:
    """Whether everyone concerned may know at the aware instant `moment` that it waits on the reserve list."""
    known = submission.reserve_public_at is not None and submission.reserve_public_at <= moment
    return known and shown_state(submission, moment) == SubmissionState.ADMISSIBLE


def withdrawn_at(submission: Submission) -> datetime | None:
    """The instant at which `submission` was withdrawn, None when it was not: the journal's, in one statement."""
    if submission.state != SubmissionState.WITHDRAWN:
        return None
    kind = ContentType.objects.get_for_model(Submission)
    lines = JournalEntry.objects.filter(subject_type=kind, subject_id=str(submission.pk), verb="withdraw")
    return lines.values_list("at", flat=True).first()


def state_shown(submission: Submission, viewer: Any, moment: datetime) -> SubmissionState:
    """The state `viewer` may know at `moment`: the real one for agents of the call, the public one for the others.

    An agent who belongs to an applicant of the call is one of the others.
    """
    public = shown_state(submission, moment)
    if public == submission.state:
        return public
    held = rights_on_calls(viewer).filter(call_id=submission.call_id)
    knows = held.exclude(call__in=applying(viewer).values("call")).exists()
    return SubmissionState(submission.state) if knows else public


# What the list can be narrowed to beside the states.
RESERVE = "reserve"


@dataclass(frozen=True)
class BoardFilter:
    """What an agent asked of the list; empty means all. `state` may be RESERVE, `sort` is one of SORTS."""

    state: str = ""
    pillar: str = ""
    country: str = ""
    text: str = ""
    sort: str = "number"


# What a line of the board shows, read without building the objects behind it.
COLUMNS = (
    "pk",
    "number",
    "state",
    "reserve_public_at",
    "title",
    "one_line",
    "pillar_id",
    "submitted_at",
    "structure__name",
    "structure__country",
    "structure__city",
)


def submissions_for_board(user: Any, call: Call, asked: BoardFilter | None = None) -> QuerySet[Submission]:
    """The applications of `call` that `user` screens, filtered and sorted as `asked`, not yet paged."""
    asked = asked or BoardFilter()
    found = screened_by(user).filter(call=call)
    if asked.state == RESERVE:
        found = found.filter(state=SubmissionState.ADMISSIBLE, reserve_public_at__isnull=False)
    state = "" if asked.state == RESERVE else asked.state
    conditions = {"state": state, "pillar__slug": asked.pillar, "structure__country": asked.country}
    found = found.filter(**{name: value for name, value in conditions.items() if value})
    for word in normalise(asked.text).split():
        found = found.filter(search_text__contains=word)
    return found.order_by(*SORTS.get(asked.sort, SORTS["number"]))


def next_to_screen(user: Any, call: Call, after: str = "") -> Submission | None:
    """The next application waiting to be examined, by number, after the number given, then from the first again."""
    waiting = screened_by(user).filter(call=call, state=SubmissionState.SUBMITTED).order_by("number").only("number")
    return waiting.filter(number__gt=after).first() or (waiting.exclude(number=after).first() if after else None)


# What agents may know of a draft.
DRAFT_COLUMNS = (
    "id",
    "number",
    "structure__name",
    "structure__country",
    "created_at",
    "edited_at",
    "extended_until",
    "extension_reason",
    "call_id",
    "state",
)


def draft_overview(user: Any, call: Call) -> QuerySet[Submission]:
    """The drafts of `call`: whose they are, nothing of what they say. How complete, `completeness_of` counts.

    None that `user` stands aside from.
    """
    return (
        Submission.objects.filter(apart(user.pk), call=call, state=SubmissionState.DRAFT)
        .select_related("structure")
        .only(*DRAFT_COLUMNS)
        .order_by("-edited_at")
    )
