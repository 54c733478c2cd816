"""What a juror would like to read, and would rather not: one word a pillar, weighed in the plan of the readings."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pillars.models import Pillar

from .panel import Juror


class Wish(models.Model):
    """A juror's own word on a pillar. Where they say nothing they have no preference.

    Of pillars and not of applications: nobody asks to judge one application in particular.
    """

    class Kind(models.TextChoices):
        WANTS = "wants", _("would like to")
        AVOIDS = "avoids", _("would rather not")

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="wishes")
    pillar = models.ForeignKey(Pillar, models.CASCADE, verbose_name=_("pillar"), related_name="+")
    kind = models.CharField(_("wish"), max_length=6, choices=Kind.choices)

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        constraints = [models.UniqueConstraint(fields=["juror", "pillar"], name="juries_one_wish")]

    def __str__(self) -> str:
        return f"{self.juror} : {self.pillar}"
