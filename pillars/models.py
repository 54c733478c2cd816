"""The seven pillars of the Master Smart City, their objectives and what is measured of them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.language import language_of
from bethune_smartcity.core.renderings import Rendered


class Pillar(models.Model):
    slug = models.SlugField(_("address"), unique=True)
    hook = models.SlugField(_("colour name"), unique=True)
    pictogram = models.CharField(_("pictogram"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("in one line"), max_length=160, blank=True)
    vision = models.TextField(_("vision"), blank=True)
    lead_department = models.CharField(_("lead department"), max_length=120, blank=True)
    elected_lead = models.CharField(_("elected lead"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("pillar")
        verbose_name_plural = _("pillars")
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Objective(models.Model):
    pillar = models.ForeignKey(Pillar, models.CASCADE, verbose_name=_("pillar"), related_name="objectives")
    text = models.CharField(_("objective"), max_length=250)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class Indicator(models.Model):
    # Without it in a language, the unit stands there as it is: nothing is missing.
    texts_not_needed = ("unit_one",)

    pillar = models.ForeignKey(Pillar, models.CASCADE, verbose_name=_("pillar"), related_name="indicators")
    name = models.CharField(_("indicator"), max_length=160)
    unit = models.CharField(_("unit"), max_length=40)
    unit_one = models.CharField(
        _("unit in the singular"),
        max_length=40,
        blank=True,
        help_text=_("Beside 1; in French beside all that is less than 2, 0 too. Left empty, the unit stands as it is."),
    )
    rising_is_better = models.BooleanField(_("rising is better"), default=True)

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_alone(self) -> str:
        """The singular of the unit in the language it is shown in; empty where none is given in that language."""
        return getattr(self, f"unit_one_{language_of(self, 'unit')}", "") or ""

    def unit_beside(self, value: Any) -> str:
        """The unit as it stands beside `value`, by the rule of the language it is shown in."""
        is_one = wording.takes_singular(value, language_of(self, "unit"))
        return (self.unit_alone if is_one else "") or self.unit


class Reading(Rendered):
    """One measured value of an indicator on one day."""

    rendered = ("source",)

    indicator = models.ForeignKey(Indicator, models.CASCADE, verbose_name=_("indicator"), related_name="readings")
    day = models.DateField(_("day"))
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=3)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["indicator", "day"], name="pillars_one_reading_a_day")]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.day}"
