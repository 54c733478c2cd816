"""The application form of a call: sections of questions, written by agents."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .call import Call


class Section(models.Model):
    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="sections")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("section of the form")
        verbose_name_plural = _("sections of the form")
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "order"], name="calls_one_section_an_order")]

    def __str__(self) -> str:
        return self.title


class Question(models.Model):
    class Kind(models.TextChoices):
        SHORT = "short", _("one line")
        LONG = "long", _("several lines")
        NUMBER = "number", _("whole number")
        AMOUNT = "amount", _("amount in euros")
        CHOICE = "choice", _("one choice")
        CHOICES = "choices", _("several choices")
        YES_NO = "yes_no", _("yes or no")
        LINK = "link", _("web address")
        FILE = "file", _("document")

    section = models.ForeignKey(Section, models.CASCADE, verbose_name=_("section"), related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    label = models.CharField(_("question"), max_length=200)
    help = models.CharField(_("help"), max_length=300, blank=True)
    options = models.TextField(_("choices, one a line"), blank=True)
    required = models.BooleanField(_("required"), default=True)
    max_words = models.PositiveSmallIntegerField(_("words at most"), null=True, blank=True)

    class Meta:
        verbose_name = _("question of the form")
        verbose_name_plural = _("questions of the form")
        ordering = ["section__order", "order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def option_lines(self) -> list[str]:
        return [line.strip() for line in (self.options or "").splitlines() if line.strip()]

    @property
    def option_pairs(self) -> list[tuple[str, str]]:
        """(key, text in the reader's language) of each choice; answers keep the key, which no language changes."""
        return [(str(index), line) for index, line in enumerate(self.option_lines)]

    @property
    def field_name(self) -> str:
        """The name of this question's field in a form."""
        return f"q{self.pk}"
