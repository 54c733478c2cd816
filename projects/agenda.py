"""The steps of a person's projects and the payments that wait for them, for their own calendar."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.calendars import Entry

from .models import Milestone, Payment
from .queries import ENDED, announced_projects_followed
from .workflow import MilestoneState, PaymentState


def own_dates(user: Any, since: datetime) -> Iterator[Entry]:
    """The steps still to be reported of the projects `user` follows whose award is public, with the payments that wait,
    and the days of the payments still to be requested.

    Those past before the aware instant `since` are left out. In the language in force. Two statements.
    """
    projects = announced_projects_followed(user).exclude(state__in=ENDED).order_by().values("pk")
    first = since.astimezone(clock.PARIS).date()
    planned = Milestone.objects.filter(project__in=projects, state=MilestoneState.PLANNED, due_on__gte=first)
    steps = list(planned.select_related("project").order_by("pk"))
    waiting = Q(milestone__in=[step.pk for step in steps]) | Q(project__in=projects, due_on__gte=first)
    unasked = Payment.objects.filter(waiting, state=PaymentState.PLANNED)
    payments = list(unasked.select_related("project").order_by("pk"))
    for step in steps:
        yield _step(step, [payment for payment in payments if payment.milestone_id == step.pk])
    yield from (_payment(payment) for payment in payments if payment.due_on and payment.due_on >= first)


def _step(step: Milestone, payments: list[Payment]) -> Entry:
    label = _("Step to report")
    lines = [_("Payment that waits for it: %(label)s") % {"label": payment.label} for payment in payments]
    return Entry(
        uid=f"step-{step.pk}",
        summary=f"{label} – {step.project.name}",
        at=step.due_on,
        url=reverse("projects:followup", kwargs={"slug": step.project.slug}),
        description="\n".join([step.title, *lines]),
    )


def _payment(payment: Payment) -> Entry:
    label = _("Payment to request")
    return Entry(
        uid=f"payment-{payment.pk}",
        summary=f"{label} – {payment.project.name}",
        at=payment.due_on,
        url=reverse("projects:followup", kwargs={"slug": payment.project.slug}),
        description=f"{payment.label}\n{wording.amount(payment.amount)}",
    )
