"""Structures that look like one, and that an agent knows to be two."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.core import clock

from .call import Call


class Distinction(models.Model):
    """Two structures that apply to a call and are not the same, whatever they share. Who said so is in the journal."""

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="distinctions")
    first = models.ForeignKey(Structure, models.CASCADE, verbose_name=_("structure"), related_name="+")
    second = models.ForeignKey(Structure, models.CASCADE, verbose_name=_("other structure"), related_name="+")
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("structures told apart")
        verbose_name_plural = _("structures told apart")
        ordering = ["call", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "first", "second"], name="calls_one_distinction"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="calls_distinction_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"
