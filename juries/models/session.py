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
    began_at = models.DateTimeField(_("began at"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("pitch slot")
        verbose_name_plural = _("pitch slots")
        ordering = ["panel", "order"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "submission"], name="juries_one_slot"),
            models.UniqueConstraint(fields=["panel", "order"], name="juries_one_slot_an_order"),
            models.UniqueConstraint(
                fields=["panel"],
                condition=models.Q(began_at__isnull=False, ended_at__isnull=True),
                name="juries_one_pitch_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(began_at__isnull=False),
                name="juries_pitch_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order} : {self.submission}"

    @property
    def is_in_progress(self) -> bool:
        return self.began_at is not None and self.ended_at is None
