"""The ladder of projects' steps: the team is told which step is to be reported, by when, and what waits for it; once
its day is past, that its report is missing.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.history import last_time
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.planners import so_many
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.serving import Serving, at_their_date, standing
from calls.ladders import Dated, Due, Ladder, Target
from calls.models import Call, CallAgent, applying
from calls.queries import in_brief, rights_on_calls
from juries.models import Award
from projects import notices
from projects.models import Milestone, Payment, Photo, ReplicationRequest
from projects.places import EDITORS
from projects.queries import ENDED
from projects.workflow import MilestoneState, PaymentState, PhotoState, ReplicationState

# The hour of the day, in Paris, from which days before a step or a payment count.
MORNING = timedelta(hours=9)


def morning_of(due_on: date) -> datetime:
    """Nine in the morning, in Paris, of that day."""
    wall = clock.start_of(due_on).replace(tzinfo=None) + MORNING
    return wall.replace(tzinfo=clock.PARIS)


def _dated(calls: QuerySet[Call], since: Any) -> QuerySet[Milestone]:
    planned = Milestone.objects.filter(state=MilestoneState.PLANNED, due_on__gte=since, project__award__call__in=calls)
    running = planned.exclude(project__state__in=ENDED).select_related("project__award__call")
    told = in_brief(running, "project__award__call__").order_by("due_on", "pk")
    return told.annotate(chosen_at=last_time(Milestone, "plan"), people=so_many_of(team_at_hand(), "structure"))


def team_at_hand() -> QuerySet[Membership]:
    """The seats of those who report on the project of the row at hand."""
    return Membership.objects.filter(structure=OuterRef("project__structure"), role__in=EDITORS, user__is_active=True)


def so_many_of(rows: QuerySet[Any], whole: str) -> Any:
    """How many `rows` there are, all of the same `whole`, to be read with the row at hand."""
    return Coalesce(Subquery(rows.order_by().values(whole).annotate(n=Count("pk")).values("n")), 0)


DATED = Dated(_dated, Milestone._meta.get_field("due_on"))


def targets(steps: list[Any], _moment: datetime) -> list[Target]:
    """The days of `steps`, of DATED: not reported yet, of projects under way."""
    return [target_of(step, award, step.chosen_at) for step in steps if (award := step.project.award)]


def target_of(step: Milestone, award: Award, chosen: datetime | None) -> Target:
    """The day of a step; what was due before the step was planned never was to be sent."""
    project = step.project
    since = max(chosen or project.opened_at, award.publish_at)
    return Target(award.call, step, morning_of(step.due_on), since, is_over=False, name=f"{project.name}, {step.title}")


def people_told(aimed: Collection[Target]) -> dict[Any, int]:
    """How many people would be told of each of `aimed`, by its place: what was read with them."""
    return {target.place: target.subject.people for target in aimed}  # type: ignore[attr-defined]


def words_of_people(count: int) -> str:
    return so_many(count, ngettext("%(n)d person", "%(n)d people", count) % {"n": count})


def write_due(due: Due) -> int:
    """Write a reminder of one step to its team. Returns how many messages."""
    step = due.target.subject
    if due.after is not None or not isinstance(step, Milestone):
        return 0
    waiting = list(Payment.objects.filter(milestone=step, state=PaymentState.PLANNED).order_by("pk"))
    is_late = due.moment.astimezone(clock.PARIS).date() > step.due_on
    return notices.milestone_due(step, waiting, step=due.step, is_late=is_late)


def text_of(rung: Rung) -> str:
    """The key of the text of a rung: the day of a step is not late yet."""
    return notices.STEP_MISSING if rung.amount > 0 else notices.STEP_DUE


def steps_still_due(messages: list[Message]) -> set[int]:
    """The keys of those of `messages`, about steps not reported, that say their day. One statement."""
    about = Milestone.objects.filter(pk__in={message.about_id for message in messages}, state=MilestoneState.PLANNED)
    ends = {str(pk): notices.end_of(due_on) for pk, due_on in about.values_list("pk", "due_on")}
    return at_their_date(ends, messages)


def _still(model: type[Model], state: str) -> Serving:
    """What says which messages are about a row of `model` that waits in `state`. One statement."""

    def serving(messages: list[Message]) -> set[int]:
        about = model._default_manager.filter(pk__in={message.about_id for message in messages}, state=state)
        return standing(about.values_list("pk", flat=True), messages)

    return serving


# What agents were asked and nobody did yet.
SERVING: dict[str, Serving] = {
    notices.STEP_DUE: steps_still_due,
    notices.STEP_MISSING: steps_still_due,
    "projects.reported": _still(Milestone, MilestoneState.REPORTED),
    "projects.requested": _still(Payment, PaymentState.REQUESTED),
    "projects.photo_proposed": _still(Photo, PhotoState.PROPOSED),
    "projects.replication_asked": _still(ReplicationRequest, ReplicationState.RECEIVED),
}


def followed_calls(user: Any) -> QuerySet[CallAgent, Any]:
    """The keys of the calls whose projects `user` follows: never those to which a structure of theirs applied."""
    held = rights_on_calls(user).filter(right=CallAgent.Right.FOLLOW)
    return held.exclude(call__in=applying(user).values("call")).values("call")


STEPS = Ladder(
    name="projects.steps",
    kind=notices.STEP_DUE,
    late_kind=notices.STEP_MISSING,
    title=_("Steps of projects"),
    told=_(
        "The team of each project is told which step is to be reported, and which payments wait for it; after its day, "
        "that the report is missing."
    ),
    before=_("%(length)s before the step"),
    upon=_("the day of the step"),
    after=_("%(length)s after the step"),
    defaults=(Rung(-30), Rung(-7), Rung(0), Rung(1)),
    permission="projects.remind_steps",
    seen="projects.remind_steps",
    seen_by=followed_calls,
    run_by=followed_calls,
    dated=DATED,
    targets=targets,
    counts=people_told,
    people=words_of_people,
    write=write_due,
    text=text_of,
)
