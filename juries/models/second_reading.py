"""A second reading of those that lead: what was drawn, from what, so that it can be drawn again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from calls.models import Submission

from .panel import Panel


class SecondReading(models.Model):
    """More readers for the applications that lead once all first sheets are handed in. Those sheets stay as they are.

    `leading`: how many were asked for; `submissions` may be more, since those that tie with the last one are read too.
    """

    panel = models.OneToOneField(Panel, models.CASCADE, verbose_name=_("panel"), related_name="second_reading")
    leading = models.PositiveSmallIntegerField(_("applications read again"))
    readings = models.PositiveSmallIntegerField(_("more readings of each"))
    seed = models.PositiveIntegerField(_("seed of the assignment"))
    plan_digest = models.CharField(_("digest of the assignment’s inputs"), max_length=64)
    submissions = models.ManyToManyField(Submission, verbose_name=_("applications"), related_name="+")

    class Meta:
        verbose_name = _("second reading")
        verbose_name_plural = _("second readings")

    def __str__(self) -> str:
        return str(self.panel)
