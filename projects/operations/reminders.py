"""The ladder of projects' steps: the team is told which step is to be reported, by when, and what waits for it; once
its day is past, that its report is missing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

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

# The hour of the day, in Paris, from which days before a step count.
MORNING = timedelta(hours=9)


def morning_of(milestone: Milestone) -> datetime:
    """Nine in the morning, in Paris, of the day a step is due."""
    wall = clock.start_of(milestone.due_on).replace(tzinfo=None) + MORNING
    return wall.replace(tzinfo=clock.PARIS)


def _dated(calls: QuerySet[Call], since: Any) -> QuerySet[Milestone]:
    planned = Milestone.objects.filter(state=MilestoneState.PLANNED, due_on__gte=since, project__award__call__in=calls)
    running = planned.exclude(project__state__in=ENDED).select_related("project__award__call")
    return (
        in_brief(running, "project__award__call__")
        .annotate(chosen_at=last_time(Milestone, "plan"))
        .order_by("due_on", "pk")
    )


DATED = Dated(_dated, Milestone._meta.get_field("due_on"))


def targets(steps: list[Any], _moment: datetime) -> list[Target]:
    """The days of `steps`, of DATED: not reported yet, of projects under way."""
    return [target_of(step, award, step.chosen_at) for step in steps if (award := step.project.award)]


def target_of(step: Milestone, award: Award, chosen: datetime | None) -> Target:
    """The day of a step; what was due before the step was planned never was to be sent."""
    project = step.project
    since = max(chosen or project.opened_at, award.publish_at)
    return Target(award.call, step, morning_of(step), since, is_over=False, name=f"{project.name}, {step.title}")


def people_by_step(aimed: Collection[Target]) -> dict[Any, int]:
    """How many people of each step's team would be told, by its place. One statement."""
    places = {target.subject.pk: target.place for target in aimed}
    team = Q(project__structure__memberships__role__in=EDITORS, project__structure__memberships__user__is_active=True)
    steps = Milestone.objects.filter(pk__in=places).order_by().values_list("pk")
    return {places[step]: n for step, n in steps.annotate(n=Count("project__structure__memberships", filter=team))}


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
    counts=people_by_step,
    people=words_of_people,
    write=write_due,
    text=text_of,
)
