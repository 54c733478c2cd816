"""The city that runs the portal, and the demonstration's clock."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .statements import Compiled
from .text import validate_plain
from .toponyms import bare, joined

MARKDOWN = _("Markdown: titles, lists, links, bold.")


class Accessibility(models.TextChoices):
    """What a French public service declares of its accessibility: the three words of the decree 2019-768."""

    NONE = "none", _("not compliant")
    PARTIAL = "partial", _("partially compliant")
    FULL = "full", _("fully compliant")


class City(models.Model):
    """The one authority this portal belongs to: receipts, legal pages and open data quote it."""

    name = models.CharField(_("name"), max_length=120)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    department = models.CharField(_("department and region"), max_length=120, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    contact_email = models.EmailField(_("contact address"), blank=True)
    service = models.CharField(_("service in charge"), max_length=160, blank=True)
    dpo_email = models.EmailField(_("data protection officer’s address"), blank=True)
    publisher = models.CharField(_("director of publication"), max_length=160, blank=True)
    host = models.CharField(_("hosting provider"), max_length=200, blank=True)
    website = models.URLField(_("website"), blank=True)
    accessibility = models.CharField(
        _("accessibility declared"), max_length=8, choices=Accessibility.choices, default=Accessibility.NONE
    )
    accessibility_rate = models.DecimalField(
        _("share of the RGAA criteria met, in per cent"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    accessibility_audited_on = models.DateField(_("day of the accessibility audit"), null=True, blank=True)
    accessibility_auditor = models.CharField(_("who made the accessibility audit"), max_length=160, blank=True)
    accessibility_declared_on = models.DateField(_("day of the accessibility statement"), null=True, blank=True)
    accessibility_contact = models.EmailField(
        _("address for accessibility"), blank=True, help_text=_("Empty: the contact address.")
    )
    accessibility_failures = models.TextField(
        _("contents that do not comply"), blank=True, max_length=5000, validators=[validate_plain], help_text=MARKDOWN
    )
    accessibility_exemptions = models.TextField(
        _("exemptions for disproportionate burden"),
        blank=True,
        max_length=5000,
        validators=[validate_plain],
        help_text=MARKDOWN,
    )
    accessibility_outside = models.TextField(
        _("content the law exempts"),
        blank=True,
        max_length=5000,
        validators=[validate_plain],
        help_text=MARKDOWN,
    )

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("city")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="core_one_city"),
            models.CheckConstraint(
                condition=models.Q(accessibility="none")
                | models.Q(accessibility_audited_on__isnull=False, accessibility_rate__isnull=False)
                & (
                    models.Q(accessibility="partial", accessibility_rate__gte=50)
                    | models.Q(accessibility="full", accessibility_rate=100)
                ),
                name="core_accessibility_audited",
            ),
            models.CheckConstraint(
                condition=models.Q(accessibility_rate__isnull=True)
                | models.Q(accessibility_rate__gte=0, accessibility_rate__lte=100),
                name="core_accessibility_rate_of_100",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> str:
        """The bare name of the place, for sentences that name the authority in each language."""
        return bare(self.name)

    @property
    def after_de(self) -> str:
        """The place as it follows "of": in French with its word, "d’Arras" or "du Mans", which sentences then lack."""
        return self._after("de")

    @property
    def after_at(self) -> str:
        """The same after "à": "à Arras", "au Mans"."""
        return self._after("à")

    @property
    def after_que(self) -> str:
        """The same after "que": "qu’Arras", "que Le Mans"."""
        return self._after("que")

    def _after(self, word: str) -> str:
        in_french = (get_language() or "").startswith("fr")
        return joined(word, self.place, authority=self.name) if in_french else self.place

    @classmethod
    def current(cls) -> Self:
        """The city's record (an unsaved, empty one before set-up)."""
        return CITY.first() or cls(pk=1, name="Béthune")


# Every page asks for it.
CITY = Compiled(lambda: City.objects.filter(pk=1))


class LegalText(models.Model):
    """What agents write in place of the portal's own words on a legal page; empty shows those words.

    `draft` is written and previewed, `text` is what everyone reads; each in every language, French for those it lacks.
    """

    class Page(models.TextChoices):
        ACCESSIBILITY = "accessibilite", _("Accessibility statement")
        NOTICE = "mentions-legales", _("Legal notice")
        PRIVACY = "donnees-personnelles", _("Personal data")
        COOKIES = "cookies", _("Cookies")

    objects: ClassVar[models.Manager[Self]]

    page = models.CharField(_("page"), max_length=24, choices=Page.choices, unique=True)
    draft = models.TextField(
        _("text being written"), blank=True, max_length=20000, validators=[validate_plain], help_text=MARKDOWN
    )
    text = models.TextField(_("text published"), blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.get_page_display())

    @property
    def languages_told(self) -> str:
        """For each language of the portal, what its readers get: their own text, the French one, the portal's."""
        return ", ".join(f"{code} : {self.shown_in(code)}" for code, _name in settings.LANGUAGES)

    @property
    def is_changed(self) -> bool:
        """Whether what is being written differs from what everyone reads."""
        return any(
            (getattr(self, f"draft_{code}") or "") != (getattr(self, f"text_{code}") or "")
            for code, _name in settings.LANGUAGES
        )

    @property
    def is_replaced(self) -> bool:
        """Whether a text stands in place of the portal's own words."""
        return any(getattr(self, f"text_{code}") for code, _name in settings.LANGUAGES)

    def shown_in(self, code: str) -> str:
        if getattr(self, f"text_{code}"):
            return gettext("own text")
        if getattr(self, f"text_{settings.LANGUAGE_CODE}"):
            return gettext("the French text")
        return gettext("the portal’s own words")


class DemoClock(models.Model):
    """How far ahead of the machine's clock the demonstration lives, in seconds, and the moment it was moved to."""

    offset_seconds = models.BigIntegerField(default=0)
    moment = models.CharField(max_length=20, default="present")

    class Meta:
        verbose_name = _("demonstration clock")
        verbose_name_plural = _("demonstration clock")

    def __str__(self) -> str:
        return f"{self.offset_seconds:+} s"
