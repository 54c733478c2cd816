"""What must always hold of projects."""

from collections.abc import Iterator

from django.db.models import Sum

from projects.models import Payment, Project
from projects.operations.incubation import ceiling
from projects.workflow import MilestoneState, PaymentState


def payments_stay_within_the_award() -> Iterator[str]:
    """A sentence for each project whose payments, the cancelled ones apart, exceed what was awarded to it."""
    payments = Payment.objects.exclude(state=PaymentState.CANCELLED)
    totals = dict(payments.order_by().values_list("project").annotate(Sum("amount")))
    for project in Project.objects.filter(pk__in=totals).select_related("award").iterator():
        planned, awarded = totals[project.pk], ceiling(project)
        if planned > awarded:
            yield f"project {project.slug}: {planned:.2f} EUR planned or paid, {awarded:.2f} EUR awarded"


def payments_wait_for_their_step() -> Iterator[str]:
    """A sentence for each payment requested, approved or made before its step was accepted."""
    waiting = (PaymentState.PLANNED, PaymentState.CANCELLED)
    early = Payment.objects.exclude(state__in=waiting).filter(milestone__isnull=False)
    for payment in early.exclude(milestone__state=MilestoneState.ACCEPTED).select_related("project").iterator():
        yield f"payment {payment.pk} of project {payment.project.slug} is {payment.state}, its step is not accepted"
