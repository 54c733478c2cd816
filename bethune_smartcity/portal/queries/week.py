"""What the letter of the week counts, and which agent may know what of it.

Everything is counted once, and each agent told their part: so many statements, whatever the agents, calls and projects.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from calls.models import Call, CallAgent, Clarification, Submission
from calls.queries.wholes import WHOLES, wholes_of
from calls.workflow import SubmissionState
from juries.models import Panel
from juries.queries.organised import overdue_in
from projects.models import Milestone, Payment, ReplicationRequest
from projects.queries import ENDED
from projects.workflow import MilestoneState, PaymentState, ReplicationState

ABOUT = {**WHOLES, Panel._meta.label_lower: partial(wholes_of, Panel, "call__")}
Right = CallAgent.Right


class Place(NamedTuple):
    """A project, its call and the structure that carries it, by their keys; no project: the programme as a whole."""

    project: int | None
    call: int | None
    structure: int | None


@dataclass
class Rights:
    """What an agent may be told of, by keys.

    Args:
        calls: those on which they hold a right, never those their structures apply to.
        held: their rights on each call.
        structures: those they belong to.
    """

    calls: dict[int, Call] = field(default_factory=dict)
    held: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    structures: set[int] = field(default_factory=set)

    def has(self, right: str, call: int) -> bool:
        return right in self.held.get(call, ())

    def runs(self, place: Place) -> bool:
        """Whether they run that project, as `projects.queries.run_projects` has it; the programme, with any call's."""
        if place.project is None:
            return any(Right.FOLLOW in rights for rights in self.held.values())
        return place.structure not in self.structures and (place.call is None or self.has(Right.FOLLOW, place.call))


@dataclass(frozen=True)
class Late:
    """A panel whose sheets are due: how many jurors are late, and with how many of them."""

    panel: int
    jurors: int
    sheets: int


@dataclass(frozen=True)
class Week:
    """What is counted of calls, each by the key of the call."""

    received: Counter[int] = field(default_factory=Counter)
    questions: Counter[int] = field(default_factory=Counter)
    overdue: Counter[int] = field(default_factory=Counter)
    failed: Counter[int] = field(default_factory=Counter)
    late: dict[int, list[Late]] = field(default_factory=dict)


@dataclass(frozen=True)
class OfProjects:
    """What waits on projects: steps past their day, payments to approve, requests of other cities to answer."""

    steps: Counter[Place] = field(default_factory=Counter)
    payments: Counter[Place] = field(default_factory=Counter)
    requests: Counter[Place] = field(default_factory=Counter)

    def for_(self, rights: Rights) -> tuple[int, int, int]:
        """How many of each an agent with those rights handles."""
        steps, payments, requests = (
            sum(n for place, n in counts.items() if rights.runs(place))
            for counts in (self.steps, self.payments, self.requests)
        )
        return steps, payments, requests


def rights_of(users: Collection[User]) -> dict[int, Rights]:
    """What each of `users`, agents, may be told of, by their key. Two statements."""
    found: dict[int, Rights] = defaultdict(Rights)
    applied = set()
    applications = "structure__submissions__call", "structure__submissions__state"
    for user, structure, call, state in Membership.objects.filter(user__in=users).values_list(
        "user", "structure", *applications
    ):
        found[user].structures.add(structure)
        if state != SubmissionState.WITHDRAWN:
            applied.add((user, call))
    for right in CallAgent.objects.filter(user__in=users).select_related("call").order_by("-call__opens_at", "pk"):
        rights = found[right.user_id]
        rights.held[right.call_id].add(right.right)
        if (right.user_id, right.call_id) not in applied:
            rights.calls[right.call_id] = right.call
    return found


def week_of(calls: Collection[int], since: datetime, hour: datetime) -> Week:
    """What happened on `calls`, by key, between the aware instants `since` and `hour`, and what waits there then.

    Five statements.
    """
    handed_in = Submission.objects.filter(call__in=calls, number__isnull=False)
    waiting = handed_in.filter(state=SubmissionState.SUBMITTED, call__screening_until__lt=hour)
    return Week(
        received=_per_call(handed_in.filter(submitted_at__gte=since, submitted_at__lt=hour)),
        questions=_per_call(Clarification.objects.filter(call__in=calls, answered_at__isnull=True)),
        overdue=_per_call(waiting),
        failed=_failed(hour),
        late=_late(calls, hour),
    )


def _per_call(rows: QuerySet[Any]) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("call").annotate(n=Count("pk"))))


def _late(calls: Collection[int], hour: datetime) -> dict[int, list[Late]]:
    """The panels of `calls` whose sheets were due before the aware instant `hour`, by the key of the call."""
    readings = overdue_in(Panel.objects.filter(call__in=calls), hour)
    counted = readings.order_by("juror__panel").values_list("juror__panel__call", "juror__panel")
    found: dict[int, list[Late]] = {}
    for call, *late in counted.annotate(n=Count("juror", distinct=True), sheets=Count("pk")):
        found.setdefault(call, []).append(Late(*late))
    return found


def _failed(hour: datetime) -> Counter[int]:
    """How many messages about each call failed and wait for an agent."""
    types = {ContentType.objects.get_by_natural_key(*label.split(".")).pk: label for label in ABOUT}
    failed = Message.objects.filter(state=Message.State.FAILED, about_type__in=types, due_at__lt=hour, stop_path="")
    keys: dict[int, list[str]] = defaultdict(list)
    for about_type, about in failed.order_by().values_list("about_type", "about_id"):
        keys[about_type].append(about)
    found: Counter[int] = Counter()
    for about_type, abouts in keys.items():
        wholes = ABOUT[types[about_type]](set(abouts))
        found.update(int(str(wholes[one].key).removeprefix("call-")) for one in abouts if one in wholes)
    return found


def projects_at(hour: datetime) -> OfProjects:
    """What waits on every project at the aware instant `hour`. Three statements."""
    late = Milestone.objects.filter(
        state=MilestoneState.PLANNED, due_on__lt=hour.astimezone(clock.PARIS).date()
    ).exclude(project__state__in=ENDED)
    return OfProjects(
        steps=_per_place(late),
        payments=_per_place(Payment.objects.filter(state=PaymentState.REQUESTED)),
        requests=_per_place(ReplicationRequest.objects.filter(state=ReplicationState.RECEIVED)),
    )


def _per_place(rows: QuerySet[Any]) -> Counter[Place]:
    places = rows.order_by().values_list("project", "project__award__call", "project__structure")
    return Counter({Place(*place): n for *place, n in places.annotate(n=Count("pk"))})
