"""The running order of a finale."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from calls.models import Submission

from .panel import Panel


class Slot(models.Model):
    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="slots")
    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name=_("application"), related_name="slots")
    order = models.PositiveSmallIntegerField(_("order"))
    starts_at = models.DateTimeField(_("starts at"))
    minutes = models.PositiveSmallIntegerField(pgettext_lazy("length of time", "minutes"), default=20)

    class Meta:
        verbose_name = _("pitch slot")
        verbose_name_plural = _("pitch slots")
        ordering = ["panel", "order"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "submission"], name="juries_one_slot"),
            models.UniqueConstraint(fields=["panel", "order"], name="juries_one_slot_an_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order} : {self.submission}"
