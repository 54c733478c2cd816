"""The steps of a person's projects and the payments that wait for them, for their own calendar."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.calendars import Entry

from .models import Milestone, Payment
from .queries import ENDED, announced_projects_followed
from .workflow import MilestoneState, PaymentState


def own_dates(user: Any, since: datetime) -> Iterator[Entry]:
    """The steps still to be reported of the projects `user` follows whose award is public, with the payments that wait.

    Those past before the aware instant `since` are left out. In the language in force. Two statements.
    """
    projects = announced_projects_followed(user).exclude(state__in=ENDED).order_by().values("pk")
    planned = Milestone.objects.filter(project__in=projects, state=MilestoneState.PLANNED)
    steps = list(planned.filter(due_on__gte=since.astimezone(clock.PARIS).date()).select_related("project"))
    payments: dict[int | None, list[Payment]] = defaultdict(list)
    for payment in Payment.objects.filter(milestone__in=[step.pk for step in steps], state=PaymentState.PLANNED):
        payments[payment.milestone_id].append(payment)
    for step in sorted(steps, key=lambda step: step.pk):
        yield _entry(step, payments[step.pk])


def _entry(step: Milestone, payments: list[Payment]) -> Entry:
    label = _("Step to report")
    lines = [_("Payment that waits for it: %(label)s") % {"label": payment.label} for payment in payments]
    return Entry(
        uid=f"step-{step.pk}",
        summary=f"{label} – {step.project.name}",
        at=step.due_on,
        url=reverse("projects:followup", kwargs={"slug": step.project.slug}),
        description="\n".join([step.title, *lines]),
    )
