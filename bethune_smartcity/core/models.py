"""The city that runs the portal, and the demonstration's clock."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class City(models.Model):
    """The one authority this portal belongs to: receipts, legal pages and open data quote it."""

    name = models.CharField(_("name"), max_length=120)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    department = models.CharField(_("department and region"), max_length=120, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    service = models.CharField(_("service in charge"), max_length=160, blank=True)
    dpo_email = models.EmailField(_("data protection officer's address"), blank=True)
    publisher = models.CharField(_("director of publication"), max_length=160, blank=True)
    host = models.CharField(_("hosting provider"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("city")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="core_one_city")]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The bare name of the place, for sentences that name the authority in each language."""
        return self.name.removeprefix("Ville de ")

    @classmethod
    def current(cls) -> Self:
        """The city's record (an unsaved, empty one before set-up)."""
        return cls.objects.filter(pk=1).first() or cls(pk=1, name="Béthune")


class DemoClock(models.Model):
    """How far ahead of the machine's clock the demonstration lives, in seconds, and the moment it was moved to."""

    offset_seconds = models.BigIntegerField(default=0)
    moment = models.CharField(max_length=20, default="present")

    class Meta:
        verbose_name = _("demonstration clock")
        verbose_name_plural = _("demonstration clock")

    def __str__(self) -> str:
        return f"{self.offset_seconds:+} s"
