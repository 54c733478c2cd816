"""The ladders of payments' own days: the team is told to request what may be, then the agents to approve it."""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, When
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.history import last_time
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.serving import Serving, at_their_date
from bethune_smartcity.notifications.steps import carry
from calls.ladders import Dated, Due, Ladder, Target
from calls.models import Call, CallAgent
from calls.queries import in_brief
from projects import notices
from projects.models import Payment
from projects.workflow import MilestoneState, PaymentState, ProjectState

from .reminders import followed_calls, morning_of, people_told, so_many_of, team_at_hand, words_of_people

OPEN = (PaymentState.PLANNED, PaymentState.REQUESTED)
# From when on one may act on a payment: when it was planned, given another day, and requested.
ACTS = {"chosen_at": "plan", "moved_at": "date_payment", "asked_at": "request"}


def _dated(calls: QuerySet[Call], since: Any) -> QuerySet[Payment]:
    planned = Payment.objects.filter(state__in=OPEN, due_on__gte=since, project__award__call__in=calls)
    running = planned.exclude(project__state=ProjectState.STOPPED)
    told = in_brief(running.select_related("milestone", "project__award__call"), "project__award__call__")
    acts = {name: last_time(Payment, verb) for name, verb in ACTS.items()}
    team, agents = so_many_of(team_at_hand(), "structure"), so_many_of(_agents_at_hand(), "call")
    people = Case(When(state=PaymentState.PLANNED, then=team), default=agents)
    return told.annotate(**acts, people=people).order_by("due_on", "pk")


DATED = Dated(_dated, Payment._meta.get_field("due_on"))
"""The payments that wait for their team or for the agents: one read for both ladders."""


def may_be_requested(payment: Payment) -> bool:
    """Whether the team may ask for it now: it waits for no step, or its step is accepted."""
    return payment.milestone is None or payment.milestone.state == MilestoneState.ACCEPTED


def targets(state: str, payments: list[Any], _moment: datetime) -> list[Target]:
    """The days of those of `payments`, of DATED, on which someone is to act: the team while they are planned and may be
    requested, the agents while they are requested.
    """
    due = [one for one in payments if one.state == state and (state != PaymentState.PLANNED or may_be_requested(one))]
    return [_target(one) for one in due]


def _target(payment: Any) -> Target:
    """The day of a payment; what was due before one could act on it never was to be sent."""
    project, step = payment.project, payment.milestone
    begun = [payment.chosen_at or project.opened_at, project.award.publish_at, payment.moved_at, payment.asked_at]
    begun.append(step.accepted_at if step else None)
    since = max(moment for moment in begun if moment)
    name = f"{project.name}, {payment.label}"
    return Target(project.award.call, payment, morning_of(payment.due_on), since, is_over=False, name=name)


def _agents_at_hand() -> QuerySet[CallAgent]:
    """The rights of those who follow the project of the row at hand, and do not belong to its structure."""
    own = Membership.objects.filter(user=OuterRef("user"), structure=OuterRef(OuterRef("project__structure")))
    rights = CallAgent.objects.filter(call=OuterRef("project__award__call"), right=CallAgent.Right.FOLLOW)
    return rights.filter(~Exists(own), user__is_active=True, user__is_agent=True)


def write_due(due: Due) -> int:
    """Write a reminder of one payment to who is to act on it. Returns how many messages."""
    payment = due.target.subject
    if due.after is not None or not isinstance(payment, Payment) or payment.due_on is None:
        return 0
    is_late = due.moment.astimezone(clock.PARIS).date() > payment.due_on
    return notices.payment_due(payment, payment.due_on, step=due.step, is_late=is_late)


def _still_due(state: str) -> Serving:
    """What says which messages tell the day of a payment that waits in `state`. One statement."""

    def serving(messages: list[Message]) -> set[int]:
        about = Payment.objects.filter(pk__in={message.about_id for message in messages}, state=state)
        days = about.filter(due_on__isnull=False).values_list("pk", "due_on")
        return at_their_date({str(pk): notices.end_of(due_on) for pk, due_on in days if due_on}, messages)

    return serving


SERVING = {
    notices.PAYMENT_DUE: _still_due(PaymentState.PLANNED),
    notices.PAYMENT_WAITS: _still_due(PaymentState.REQUESTED),
}


def _ladder(name: str, kind: str, state: str, title: Any, told: Any, text: str) -> Ladder:
    return Ladder(
        name=name,
        kind=kind,
        title=title,
        told=told,
        before=_("%(length)s before the payment"),
        upon=_("the day of the payment"),
        after=_("%(length)s after the payment"),
        defaults=(Rung(-30), Rung(-7), Rung(0)),
        permission="projects.remind_steps",
        seen="projects.remind_steps",
        seen_by=followed_calls,
        run_by=followed_calls,
        dated=DATED,
        targets=partial(targets, state),
        counts=people_told,
        people=words_of_people,
        write=write_due,
        text=lambda _rung: text,
    )


TO_REQUEST = _ladder(
    "projects.to_request",
    notices.PAYMENT_DUE,
    PaymentState.PLANNED,
    _("Payments to request"),
    _("The team of each project is told which payment it may request, as its day comes near."),
    notices.PAYMENT_DUE,
)
TO_APPROVE = _ladder(
    "projects.to_approve",
    notices.PAYMENT_WAITS,
    PaymentState.REQUESTED,
    _("Payments to approve"),
    _("The agents who follow the projects are told which payment waits for their approval, as its day comes near."),
    "",
)


def carry_reminders(payment: Payment, due_on: date | None, *, by: Any) -> None:
    """Let the reminders of `payment` that are held back or called off stay so for its new day, or wait for the next."""
    if due_on is not None:
        for ladder in (TO_REQUEST, TO_APPROVE):
            carry(ladder.name, payment, before=None, to=morning_of(due_on), by=by)
