"""What the public page of a call tells, beside the call's own texts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value

from bethune_smartcity.accounts.models import Partner, User
from bethune_smartcity.accounts.rules import is_signed_in
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.language import language_of
from bethune_smartcity.core.statements import Compiled, prefetched
from bethune_smartcity.notifications.following import followed_by
from calls.answers import words_of_key
from calls.models import (
    Call,
    CallDate,
    Clarification,
    Criterion,
    DeadlineMove,
    Prize,
    Question,
    RulesVersion,
    Submission,
)

from .calls import SLOTS, announced, pillars_of, visible_calls
from .submissions import my_submissions, submissions_as

LATEST_ANSWERS = 3
# The call's own dates, as its calendar lists them.
OWN_DATES = ("opens_at", "questions_until", "closes_at", "screening_until")


@dataclass(frozen=True)
class Share:
    """A criterion, the language of its label, and its share of the score in per cent, None when not counted."""

    label: str
    language: str
    share: int | None


@dataclass(frozen=True)
class Grid:
    """The criteria of a stage; no stage is named when both stages are marked alike."""

    stage: str
    shares: list[Share]


@dataclass(frozen=True)
class Moved:
    """A date that was moved: what people were told before, why, and when that was decided."""

    before: datetime
    reason: str
    decided_at: datetime
    renderings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Date:
    """A line of the calendar. `name` is that of the call's own date, empty for the others, which have their `step` and,
    to their end or else that of their day, are still joined.
    """

    at: datetime
    name: str = ""
    label: str = ""
    language: str = ""
    is_past: bool = False
    moves: Sequence[Moved] = ()
    step: CallDate | None = None
    is_joined: bool = False

    @property
    def shown(self) -> datetime:
        """What people are told: the last minute of a deadline stored as the midnight after it."""
        return told(self.name, self.at)

    @property
    def words(self) -> str:
        """The day, with the hour where it matters; from when to when where an end is known."""
        if self.step:
            return self.step.words
        if self.name == "closes_at":
            return wording.day_and_hour(self.shown)
        return wording.day(self.shown, weekday=True)


def told(name: str, at: datetime) -> datetime:
    """The instant to show for a date: the last minute of a deadline, any other as it is."""
    return wording.last_minute(at) if name in OWN_DATES[1:] else at


def call_to_read(user: Any, slug: str) -> Call | None:
    """The call of that address as its page reads it, None when there is none that `user` may open. Three statements.

    It has `answered` (questions), whether a date was `moved`, its rules'
    `rules_number` and `rules_day`, `is_followed`, whether this person follows it for itself, `asks_something`, whether
    it has a form, and `decides`, whether some answer of it decides who is eligible.
    """
    if user.is_authenticated:
        follows = Exists(followed_by(user, Call.TOPIC).filter(about=OuterRef("pk")))
        found = _to_read(visible_calls(user), clock.today(), follows).filter(slug=slug).first()
    else:
        found = FOR_VISITORS.first(slug=slug, moment=clock.now(), day=clock.today())
    if found is not None:
        prefetched(found, "pillars", pillars_of(found))
        prefetched(found, "partners", PARTNERS.fetch(call=found.pk))
    return found


def _to_read(calls: QuerySet[Call], day: Any, follows: Any) -> QuerySet[Call]:
    asked = Question.objects.filter(section__call=OuterRef("pk"))
    rules = RulesVersion.objects.filter(call=OuterRef("pk"), in_force_from__lte=day).order_by("-number")
    answered = Clarification.objects.filter(call=OuterRef("pk"), answered_at__isnull=False).order_by().values("call")
    return calls.annotate(
        answered=Subquery(answered.annotate(count=Count("pk")).values("count")),
        rules_number=Subquery(rules.values("number")[:1]),
        rules_day=Subquery(rules.values("in_force_from")[:1]),
        is_followed=follows,
        moved=Exists(DeadlineMove.objects.filter(call=OuterRef("pk"))),
        asks_something=Exists(asked),
        decides=Exists(asked.exclude(eligible_values="")),
    )


PARTNERS = Compiled(lambda call: Partner.objects.filter(calls=call), call=Call._meta.pk)
FOR_VISITORS = Compiled(
    lambda slug, moment, day: _to_read(announced(moment), day, Value(False)).filter(slug=slug),
    **SLOTS,
    day=RulesVersion._meta.get_field("in_force_from"),
)


def answered_questions(call: Call) -> QuerySet[Clarification]:
    """The questions about `call` that have an answer, the latest answer first."""
    return Clarification.objects.filter(call=call, answered_at__isnull=False).order_by("-answered_at", "-pk")


def public_answers(moment: datetime) -> QuerySet[Clarification]:
    """The questions answered for all at the aware instant `moment`, with their call."""
    answered = Clarification.objects.filter(answered_at__lte=moment, call__announced_at__lte=moment)
    return answered.select_related("call")


def waiting_questions(call: Call, user: Any) -> QuerySet[Clarification]:
    """The questions `user` asked about `call` that wait for an answer."""
    if not user.is_authenticated:
        return Clarification.objects.none()
    return Clarification.objects.filter(call=call, asker=user, answered_at__isnull=True).order_by("-asked_at")


def rules_in_force(call: Call, day: date) -> QuerySet[RulesVersion]:
    """The versions of the rules of `call` in force on `day` or before, the latest first."""
    return RulesVersion.objects.filter(call=call, in_force_from__lte=day).order_by("-number")


def rules_of_calls(day: date) -> QuerySet[RulesVersion]:
    """The versions of every call's rules in force on `day` or before."""
    return RulesVersion.objects.filter(in_force_from__lte=day)


def own_application(call: Call, user: Any) -> Submission | None:
    """The application of `user`'s structures to `call` they worked on last, withdrawn ones aside."""
    if not is_signed_in(user):
        return None
    return my_submissions(user).filter(call=call).exclude(state="withdrawn").first()


OWN_TO = Compiled(
    lambda user, slug: submissions_as(user).filter(call__slug=slug).exclude(state="withdrawn").order_by("-edited_at"),
    user=User._meta.pk,
    slug=Call._meta.get_field("slug"),
)


def own_application_to(slug: str, user: Any) -> Submission | None:
    """The same, by the address of the call. One statement for who is signed in."""
    return OWN_TO.first(user=user.pk, slug=slug) if is_signed_in(user) else None


MOVES = Compiled(lambda call: DeadlineMove.objects.filter(call=call), call=Call._meta.pk)
DATES = Compiled(lambda call: CallDate.objects.filter(call=call), call=Call._meta.pk)
PRIZES = Compiled(lambda call: Prize.objects.filter(call=call), call=Call._meta.pk)


def prizes_of(call: Call) -> list[Prize]:
    """The prizes `call` announces, in their order. One statement."""
    return PRIZES.fetch(call=call.pk)


def calendar_of(call: Call, moment: datetime) -> list[Date]:
    """The dates of `call` in their order, with those moved after it was public, as seen at the aware `moment`."""
    moves: dict[str, list[Moved]] = {}
    moved = MOVES.fetch(call=call.pk) if getattr(call, "moved", True) else []
    for move in moved:
        moves.setdefault(move.field, []).append(_moved(move, told(move.field, move.before)))
    own = {name: at for name in OWN_DATES if (at := getattr(call, name)) is not None}
    if "questions_until" in own and own["questions_until"] > call.closes_at:
        moves.setdefault("questions_until", []).extend(cut_short(call, moved))
        own["questions_until"] = call.closes_at
    dates = [Date(at, name, is_past=at <= moment, moves=moves.get(name, ())) for name, at in own.items()]
    steps = [
        Date(
            d.at,
            label=d.label,
            language=language_of(d, "label"),
            is_past=over_at(d) <= moment,
            step=d,
            is_joined=moment < (d.ends_before or end_of_day(d)),
        )
        for d in DATES.fetch(call=call.pk)
    ]
    return sorted([*dates, *steps], key=lambda line: line.at)


def cut_short(call: Call, moves: Sequence[DeadlineMove]) -> list[Moved]:
    """The end of questions that was told for after the close, as the last of its `moves` brought it forward."""
    closed = [move for move in moves if move.field == "closes_at"][-1:]
    return [_moved(move, told("questions_until", call.questions_until)) for move in closed]


def _moved(move: DeadlineMove, before: datetime) -> Moved:
    return Moved(before, move.reason, move.at, move.renderings)


def over_at(step: CallDate) -> datetime:
    """When a step of the calendar is past: at its end where it is known, else at its hour, or at the end of its day
    when no hour is told.
    """
    return step.ends_before or (step.at if step.with_time else end_of_day(step))


def end_of_day(step: CallDate) -> datetime:
    """The midnight after a step of the calendar."""
    return clock.start_of(step.first_day + timedelta(days=1))


CRITERIA = Compiled(
    lambda call: Criterion.objects.filter(call=call).order_by("-stage", "order", "pk"), call=Call._meta.pk
)


def grids_of(call: Call) -> list[Grid]:
    """The criteria of `call`, stage by stage, with their shares; once only when both stages are marked alike."""
    stages: dict[str, list[Criterion]] = {}
    for criterion in CRITERIA.fetch(call=call.pk):
        stages.setdefault(criterion.stage, []).append(criterion)
    grids = [Grid(str(Criterion.Stage(stage).label), shares_of(criteria)) for stage, criteria in stages.items()]
    if len(grids) == 2 and grids[0].shares == grids[1].shares:
        return [Grid("", grids[0].shares)]
    return grids


def shares_of(criteria: Sequence[Criterion]) -> list[Share]:
    """Each criterion with its share in whole per cent; shares add up to 100 (largest remainders)."""
    total = sum((c.weight for c in criteria if c.counted), Decimal(0))
    exact = {c.pk: 100 * c.weight / total for c in criteria if c.counted}
    whole = {pk: int(value) for pk, value in exact.items()}
    left = 100 - sum(whole.values()) if whole else 0
    for pk in sorted(exact, key=lambda pk: whole[pk] - exact[pk])[:left]:
        whole[pk] += 1
    return [Share(c.label, language_of(c, "label"), whole.get(c.pk)) for c in criteria]


def eligibility_of(call: Call) -> list[tuple[Question, list[str]]]:
    """The questions of the form whose answer decides who is eligible, with the answers that are. One statement."""
    deciding = Question.objects.filter(section__call=call).exclude(eligible_values="")
    ordered = deciding.order_by("section__order", "order", "pk")
    return [(question, [words_of_key(question, key) for key in question.eligible_keys]) for question in ordered]
