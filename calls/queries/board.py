"""What the agents of a call count and follow."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import TruncDate

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import PARIS
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Call, Clarification, Submission
from calls.workflow import SubmissionState
from pillars.models import Pillar

from .submissions import handed_in

DAYS_SHOWN = timedelta(days=14)
COUNTRIES_KEPT = 600
LINES_SHOWN = 30


@dataclass(frozen=True)
class Tally:
    """A line of a board: what is counted, how many, and its share of 100 of the largest."""

    what: Any
    count: int
    share: float
    key: str = ""


def scaled(counts: list[tuple[Any, int, str]]) -> list[Tally]:
    """Counts with their share of the largest, in the order given."""
    largest = max((count for _what, count, _key in counts), default=0) or 1
    return [Tally(what, count, 100 * count / largest, key) for what, count, key in counts]


def count_by_state_and_pillar(call: Call) -> tuple[list[Tally], list[Tally], int]:
    """How many applications of `call` are in each state that has some, in the order of the workflow; how many were
    handed in on each pillar of the call, none included: on no pillar while the call is sealed; and on them all. Two
    statements.
    """
    rows = Submission.objects.filter(call=call).order_by().values("state", "pillar")
    states: Counter[str] = Counter()
    pillars: Counter[int | None] = Counter()
    for row in rows.annotate(n=Count("pk"), handed_in=Count("submitted_at")):
        states[row["state"]] += row["n"]
        pillars[row["pillar"]] += row["handed_in"]
    return (
        scaled([(state.label, states[state], state.value) for state in SubmissionState if states[state]]),
        scaled([(pillar, pillars[pillar.pk], pillar.slug) for pillar in pillars_counted(call)]),
        sum(pillars.values()),
    )


def pillars_counted(call: Call) -> list[Pillar]:
    """The pillars of `call`, under which what was handed in may be counted: none while it is sealed."""
    return [] if call.is_under_seal else list(call.pillars.all())


def count_by_day(call: Call) -> list[Tally]:
    """How many applications were handed in on each of the last fourteen days, or of the call's last ones, newest first.

    Days without any are left out.
    """
    since = min(clock.now(), call.closes_at) - DAYS_SHOWN
    recent = handed_in(call).filter(submitted_at__gte=since).order_by()
    rows = recent.annotate(day=TruncDate("submitted_at", tzinfo=PARIS)).values_list("day").annotate(n=Count("pk"))
    last: list[tuple[date, int]] = list(rows.order_by("-day"))
    return scaled([(moment, count, "") for moment, count in last])


def countries_of(call: Call) -> list[str]:
    """The codes of the countries applications to `call` come from; read anew once there are more applications.

    None while it is sealed.
    """
    if call.is_under_seal:
        return []
    key = f"calls.countries:{call.slug}:{call.last_number}"
    known: list[str] | None = cache.get(key)
    if known is None:
        codes = handed_in(call).order_by().values_list("structure__country", flat=True).distinct()
        known = sorted(str(code) for code in codes)
        cache.set(key, known, COUNTRIES_KEPT)
    return known


def reached_by_form(call: Call) -> tuple[int, int]:
    """How many drafts of `call`, and how many applications handed in and not examined, a change of its form reaches."""
    of_call = Submission.objects.filter(call=call).order_by()
    counts = dict(of_call.values_list("state").annotate(n=Count("pk")))
    return counts.get(SubmissionState.DRAFT, 0), counts.get(SubmissionState.SUBMITTED, 0)


def unanswered(call: Call) -> QuerySet[Clarification]:
    """The questions about `call` that wait for an answer, oldest first."""
    waiting = Clarification.objects.filter(call=call, answered_at__isnull=True)
    return waiting.select_related("asker").order_by("asked_at")


def with_unanswered(calls: QuerySet[Call]) -> QuerySet[Call]:
    """`calls` with how many of their questions wait for an answer (`unanswered`, None without any)."""
    waiting = Clarification.objects.filter(call=OuterRef("pk"), answered_at__isnull=True).order_by().values("call")
    return calls.annotate(unanswered=Subquery(waiting.annotate(n=Count("pk")).values("n")))


def owners_of(submissions: list[Submission]) -> dict[int, list[User]]:
    """The owners of the structures that apply, by structure. One statement."""
    structures = [submission.structure_id for submission in submissions]
    found = Membership.objects.filter(structure__in=structures, role=Membership.Role.OWNER).select_related("user")
    owners: dict[int, list[User]] = {}
    for membership in found:
        owners.setdefault(membership.structure_id, []).append(membership.user)
    return owners


LAST_LINES = Compiled(
    lambda kind, subject: JournalEntry.objects.filter(subject_type=kind, subject_id=subject).order_by("-at", "-pk")[
        :LINES_SHOWN
    ],
    kind=ContentType._meta.pk,
    subject=JournalEntry._meta.get_field("subject_id"),
)


def journal_of(submission: Submission) -> list[JournalEntry]:
    """The last lines written about `submission`, newest first."""
    kind = ContentType.objects.get_for_model(Submission)
    return LAST_LINES.fetch(kind=kind.pk, subject=str(submission.pk))
