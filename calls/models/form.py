"""The application form of a call: sections of questions, written by agents."""

from datetime import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .call import Call

# Rows of a table at most, when the question does not say.
MOST_ROWS = 20
# Documents one question takes at most, whatever it says.
MOST_FILES = 10
# Questions a section holds at most: a page one fills without losing heart.
MOST_IN_A_SECTION = 15


class Conditional(models.Model):
    """A part of a form that is asked only when an earlier question has one of some answers; always without one."""

    shown_if = models.ForeignKey(
        "calls.Question",
        models.RESTRICT,
        null=True,
        blank=True,
        verbose_name=_("asked according to"),
        related_name="+",
    )
    shown_values = models.TextField(_("asked for these answers, by their keys, one a line"), blank=True)

    class Meta:
        abstract = True

    @property
    def shown_keys(self) -> list[str]:
        """The answers, as they are kept, to `shown_if` for which this is asked."""
        return self.shown_values.split()


def whole_condition(name: str) -> models.CheckConstraint:
    """A condition has a question and answers, or neither."""
    none, both = models.Q(shown_if__isnull=True, shown_values=""), models.Q(shown_if__isnull=False)
    return models.CheckConstraint(condition=none | both & ~models.Q(shown_values=""), name=name)


class Section(Conditional):
    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="sections")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)

    class Meta:
        verbose_name = _("section of the form")
        verbose_name_plural = _("sections of the form")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "order"], name="calls_one_section_an_order"),
            whole_condition("calls_whole_section_condition"),
        ]

    def __str__(self) -> str:
        return self.title


class AskedNow(models.Manager["Question"]):
    """The questions that forms ask now: those withdrawn while their call was open are left out."""

    def get_queryset(self) -> models.QuerySet["Question"]:
        return super().get_queryset().filter(withdrawn_in__isnull=True)


class Question(Conditional):
    """A question of a form. `history` says how it was asked before each change of the form of its open call.

    Its lines, oldest first: `form`, the number of the change; `at`, its instant; `was`, the columns before (none for a
    question that this change added). `calls.wordings` reads them.
    """

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
        DATE = "date", _("date")
        CONSENT = "consent", _("consent, a box to tick")
        TABLE = "table", _("rows, such as team members or references")

    class Audience(models.TextChoices):
        JURY = "jury", _("the agents and the jury")
        AGENTS = "agents", _("the agents only")
        PUBLIC = "public", _("the agents and the jury, then everyone for laureates")

    section = models.ForeignKey(Section, models.CASCADE, verbose_name=_("section"), related_name="questions")
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    label = models.CharField(_("question"), max_length=200)
    help = models.CharField(_("help"), max_length=300, blank=True)
    options = models.TextField(
        _("choices, one a line"), blank=True, help_text=_("For rows: what each column asks, one a line.")
    )
    required = models.BooleanField(_("required"), default=True)
    max_words = models.PositiveSmallIntegerField(_("words at most"), null=True, blank=True)
    max_characters = models.PositiveSmallIntegerField(
        _("characters at most"), null=True, blank=True, help_text=_("Spaces among them.")
    )
    max_rows = models.PositiveSmallIntegerField(
        _("rows at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_ROWS)]
    )
    max_files = models.PositiveSmallIntegerField(
        _("documents at most"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_FILES)]
    )
    audience = models.CharField(_("who reads the answer"), max_length=6, choices=Audience, default=Audience.JURY)
    eligible_values = models.TextField(
        _("answers without which nothing can be submitted, by their keys, one a line"), blank=True
    )
    key = models.SlugField(
        _("key"),
        max_length=60,
        blank=True,
        help_text=_("The same from one call to the next: an application is taken up by it. Left empty, it is given."),
    )

    withdrawn_options = models.TextField(_("choices no longer offered, by their keys"), blank=True, editable=False)
    withdrawn_in = models.PositiveSmallIntegerField(
        _("withdrawn by the change no."), null=True, blank=True, editable=False
    )
    history = models.JSONField(_("how it was asked before"), default=list, editable=False)

    # Set on a question as it was asked: until when it was (aware).
    worded_until: datetime | None = None

    everything = models.Manager()
    objects = AskedNow()

    class Meta:
        verbose_name = _("question of the form")
        verbose_name_plural = _("questions of the form")
        default_manager_name = "objects"
        ordering = ["section__order", "order", "pk"]
        constraints = [
            whole_condition("calls_whole_question_condition"),
            models.CheckConstraint(
                condition=models.Q(max_files__gte=1, max_files__lte=MOST_FILES), name="calls_some_files_a_question"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the question; one without a key is given that of its words."""
        if not self.key:
            self.key = slugify(self.label or "")[:60] or "question"
        super().save(*args, **kwargs)

    @property
    def answer_keys(self) -> list[str]:
        """The keys of the answers among which one chooses; none for a question that is answered in one's own words."""
        if self.kind == self.Kind.YES_NO:
            return ["yes", "no"]
        return [key for key, _text in self.offered_pairs] if self.is_chosen else []

    @property
    def is_chosen(self) -> bool:
        """Whether it is answered by choosing among its choices."""
        return self.kind in {self.Kind.CHOICE, self.Kind.CHOICES}

    @property
    def takes_several(self) -> bool:
        """Whether it is answered by several documents, each of which is replaced and taken off on its own."""
        return self.kind == self.Kind.FILE and self.max_files > 1

    @property
    def eligible_keys(self) -> list[str]:
        """The answers of which one is needed to be eligible; none when any will do."""
        return self.eligible_values.split()

    @property
    def option_lines(self) -> list[str]:
        return [line.strip() for line in (self.options or "").splitlines() if line.strip()]

    @property
    def option_pairs(self) -> list[tuple[str, str]]:
        """(key, text in the reader's language) of each choice; answers keep the key, which no language changes.

        Those no longer offered are among them: earlier answers read by them.
        """
        return [(str(index), line) for index, line in enumerate(self.option_lines)]

    @property
    def withdrawn_keys(self) -> list[str]:
        """The choices no longer offered."""
        return self.withdrawn_options.split()

    @property
    def offered_pairs(self) -> list[tuple[str, str]]:
        """(key, text) of each choice one may make now."""
        gone = self.withdrawn_keys
        return [pair for pair in self.option_pairs if pair[0] not in gone]

    @property
    def field_name(self) -> str:
        """The name of this question's field in a form."""
        return f"q{self.pk}"

    @property
    def anchor(self) -> str:
        """The identifier of the first control of its field, to lead to it."""
        listed = self.is_chosen or self.kind == self.Kind.YES_NO
        return f"id_{self.field_name}_0" if listed else f"id_{self.field_name}"
