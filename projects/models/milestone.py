"""The steps of a project, and the payments tied to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.lifecycle.models import Stateful
from projects.workflow import MILESTONE, PAYMENT, MilestoneState, PaymentState

from .project import Project


class Milestone(Stateful):
    workflow = MILESTONE

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="milestones")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("small step"), max_length=140, validators=[validate_single_line])
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=8, choices=MilestoneState.choices, default=MilestoneState.PLANNED)
    report = models.TextField(_("report"), blank=True, validators=[validate_plain])
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("small step")
        verbose_name_plural = _("small steps")
        ordering = ["project", "order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "order"], name="projects_one_milestone_an_order"),
            models.CheckConstraint(
                condition=models.Q(state="accepted", accepted_at__isnull=False)
                | ~models.Q(state="accepted") & models.Q(accepted_at__isnull=True),
                name="projects_milestone_stamped",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Payment(Stateful):
    workflow = PAYMENT

    project = models.ForeignKey(Project, models.PROTECT, verbose_name=_("project"), related_name="payments")
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, verbose_name=_("small step"), related_name="payments"
    )
    label = models.CharField(_("label"), max_length=140, validators=[validate_single_line])
    amount = models.DecimalField(_("amount in euros"), max_digits=10, decimal_places=2)
    due_on = models.DateField(
        _("planned for"),
        null=True,
        blank=True,
        help_text=_("The team is reminded to request it by that day, and the agents to approve it."),
    )
    state = models.CharField(_("state"), max_length=10, choices=PaymentState.choices, default=PaymentState.PLANNED)
    paid_on = models.DateField(_("paid on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["project", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="projects_payment_positive"),
            models.CheckConstraint(
                condition=models.Q(state="paid", paid_on__isnull=False)
                | ~models.Q(state="paid") & models.Q(paid_on__isnull=True),
                name="projects_payment_stamped",
            ),
        ]

    def __str__(self) -> str:
        return self.label
