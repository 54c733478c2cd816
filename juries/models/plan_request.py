"""A plan of readings too long to wait for: asked for here, made by a worker, told here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock

from .panel import Panel


class PlanRequest(models.Model):
    """The last plan asked for a panel. `told`: what it came to, by keys; `refusal`: why there is none."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting to be computed")
        RUNNING = "running", _("being computed")
        DONE = "done", _("done")
        REFUSED = "refused", _("could not be made")

    panel = models.OneToOneField(Panel, models.CASCADE, verbose_name=_("panel"), related_name="plan_request")
    seed = models.PositiveIntegerField(_("seed of the assignment"))
    asked_by = models.ForeignKey(User, models.CASCADE, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    claimed_at = models.DateTimeField(_("begun at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    told = models.JSONField(_("what it came to"), default=dict)
    refusal = models.TextField(_("why it could not be made"), blank=True)

    class Meta:
        verbose_name = _("plan asked for")
        verbose_name_plural = _("plans asked for")

    def __str__(self) -> str:
        return str(self.panel)

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)
