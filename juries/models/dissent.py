"""A juror's dissent from what the jury decides, in their own words: part of the minutes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain

from .panel import Juror, Panel


class Dissent(models.Model):
    """Written during the deliberation, once for each juror; printed in the minutes."""

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="dissents")
    juror = models.OneToOneField(Juror, models.CASCADE, verbose_name=_("juror"), related_name="dissent")
    text = models.TextField(_("dissent"), max_length=2000, validators=[validate_plain])
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("dissent")
        verbose_name_plural = _("dissents")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.juror)
