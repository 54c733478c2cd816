"""A call for projects and what it announces: its own dates, prizes, criteria, rules, and the agents who run it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.addresses import address_of
from bethune_smartcity.core.language import Named, named
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.searched import Searched
from calls.phases import Phase, is_under_seal, phase_at
from pillars.models import Pillar

# Minutes. More would be another deadline, and one nobody was told of.
MAX_GRACE = 15
# Days before the close at which questions end, at most.
MOST_DAYS = 90


class Call(Searched):
    class Feedback(models.TextChoices):
        NOTHING = "nothing", _("nothing")
        MEANS = "means", _("the mean of each criterion")
        COMMENTS = "comments", _("the mean of each criterion, and the comments meant for them")

    # The topic under which one follows a call for itself.
    TOPIC = "calls.call"

    searched = ("title", "summary", "audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")

    slug = models.SlugField(_("address"), unique=True)
    title = models.CharField(_("title"), max_length=160)
    summary = models.CharField(_("in one sentence"), max_length=250, blank=True)
    audience = models.TextField(_("for whom"), blank=True)
    purpose = models.TextField(_("what"), blank=True)
    sought = models.TextField(_("what we look for"), blank=True)
    asks = models.TextField(_("the questions asked, one a line"), blank=True)
    support = models.TextField(_("what laureates get, beside the prizes"), blank=True)
    jury_note = models.TextField(_("the jury"), blank=True)
    tie_note = models.TextField(_("when scores are equal"), blank=True)
    pillars = models.ManyToManyField(Pillar, verbose_name=_("pillars"), related_name="calls")
    partners = models.ManyToManyField(Partner, blank=True, verbose_name=_("partners"), related_name="calls")
    envelope = models.DecimalField(_("envelope in euros"), max_digits=10, decimal_places=2, null=True, blank=True)

    announced_at = models.DateTimeField(_("made public at"), null=True, blank=True, editable=False)
    opens_at = models.DateTimeField(_("opens at"))
    opening_is_approximate = models.BooleanField(
        _("the day of the opening is not known"),
        default=False,
        help_text=_(
            "For a call of the past. What is public then tells about when in its month it opened, and machines the "
            "month alone."
        ),
    )
    closes_at = models.DateTimeField(
        _("closes at (exclusive)"),
        help_text=_("From this instant on nothing is accepted: for a whole last day, midnight after it (Paris time)."),
    )
    questions_until = models.DateTimeField(_("questions until (exclusive)"), null=True, blank=True)
    questions_days = models.PositiveSmallIntegerField(
        _("questions end that many days before the close"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)],
        help_text=_("They then follow the close when it moves. Left empty, they end at an instant of their own."),
    )
    screening_until = models.DateTimeField(_("screening until (exclusive)"), null=True, blank=True)
    results_at = models.DateTimeField(_("results public at"), null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(_("archived at"), null=True, blank=True, editable=False)

    grace_minutes = models.PositiveSmallIntegerField(
        _("technical grace in minutes"),
        default=1,
        validators=[MaxValueValidator(MAX_GRACE)],
        help_text=_(
            "What reaches the server that long after the close is still taken, for whoever sent it in time and waited. "
            "No page tells it."
        ),
    )
    sealed = models.BooleanField(
        _("sealed until the close"),
        default=False,
        help_text=_("Nobody reads an application before the close, agents included. Chosen before the call opens."),
    )
    unsealed_at = models.DateTimeField(_("seals opened at"), null=True, blank=True, editable=False)
    feedback = models.CharField(
        _("what applicants read of the jury’s marks, once the results are public"),
        max_length=8,
        choices=Feedback,
        default=Feedback.NOTHING,
        help_text=_("As the rules of the call say. Jurors are never named."),
    )
    one_per_structure = models.BooleanField(_("one application per structure"), default=True)
    number_prefix = models.SlugField(_("prefix of application numbers"), max_length=8)
    last_number = models.PositiveIntegerField(_("last number given"), default=0, editable=False)
    form_number = models.PositiveSmallIntegerField(_("changes of the form"), default=0, editable=False)
    kept_as_archive = models.BooleanField(
        _("kept as archive"), default=False, help_text=_("Retention rules leave this call alone.")
    )

    class Meta:
        verbose_name = _("call for projects")
        verbose_name_plural = _("calls for projects")
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")), name="calls_closes_after_opening"
            ),
            models.CheckConstraint(condition=models.Q(grace_minutes__lte=MAX_GRACE), name="calls_grace_is_small"),
            models.CheckConstraint(
                condition=models.Q(unsealed_at__isnull=True)
                | models.Q(sealed=True, unsealed_at__gte=models.F("closes_at")),
                name="calls_unsealed_after_close",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("calls:detail", slug=self.slug)

    @property
    def phase(self) -> Phase:
        """The phase at the present instant."""
        return phase_at(self, clock.now())

    @property
    def is_open(self) -> bool:
        return self.phase == Phase.OPEN

    @property
    def is_under_seal(self) -> bool:
        """Whether nobody but its own people may read what an application says."""
        return is_under_seal(self)

    @property
    def takes_questions_until(self) -> datetime:
        """The exclusive instant until which questions are taken: never after the close."""
        return min(self.questions_until or self.closes_at, self.closes_at)

    @property
    def opening_words(self) -> str:
        """From which day the call takes applications."""
        return gettext("Opens on %(day)s") % {"day": wording.day(self.opens_at)}

    @property
    def opens_when(self) -> str:
        """The day of its opening in words, or about when in its month, where no more is known."""
        return wording.loosely(self.opens_at) if self.opening_is_approximate else wording.day(self.opens_at)

    @property
    def opens_exactly(self) -> datetime | None:
        """The instant of its opening for machines, None where its day is not known."""
        return None if self.opening_is_approximate else self.opens_at

    @property
    def opens_month(self) -> str:
        """The month of its opening in Paris, as ISO 8601 writes it: "2017-06"."""
        return f"{self.opens_at.astimezone(clock.PARIS):%Y-%m}"

    @property
    def closed_words(self) -> str:
        """Since when the call is closed and what goes on since, as far as its dates tell."""
        words = {"day": wording.day(wording.last_minute(self.closes_at))}
        if self.screening_until is None:
            return gettext("Closed since %(day)s") % words
        if clock.now() < self.screening_until:
            return gettext("Closed since %(day)s, applications being examined") % words
        return gettext("Closed since %(day)s, applications before the jury") % words

    @property
    def last_day(self) -> object:
        """The last instant people are told: one minute before the exclusive close."""
        return self.closes_at - timedelta(minutes=1)

    @property
    def title_parts(self) -> tuple[str, str]:
        """The title's head up to its colon, and the rest; an empty head without one."""
        head, colon, rest = (self.title or "").partition(":")
        return (head + colon, rest.strip()) if rest.strip() else ("", self.title)

    @property
    def short_title(self) -> Named:
        """The title as far as its colon, for breadcrumbs and sentences."""
        return named(self, "title", (self.title or "").partition(":")[0].strip())

    @property
    def ask_lines(self) -> list[str]:
        return [line.strip() for line in (self.asks or "").splitlines() if line.strip()]


class CallAgent(models.Model):
    """A right of one agent on one call."""

    class Right(models.TextChoices):
        CONFIGURE = "configure", _("configure and publish the call")
        SCREEN = "screen", _("read, screen and answer questions")
        JURY = "jury", _("organise the jury and the vote")
        FOLLOW = "follow", _("follow the projects")

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="agent_rights")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("agent"), related_name="call_rights"
    )
    right = models.CharField(_("right"), max_length=10, choices=Right.choices)

    class Meta:
        verbose_name = _("agent’s right")
        verbose_name_plural = _("agents’ rights")
        constraints = [models.UniqueConstraint(fields=["call", "user", "right"], name="calls_one_right")]

    def __str__(self) -> str:
        return f"{self.user} : {self.get_right_display()}"


class Prize(models.Model):
    """A prize as announced. What is awarded in the end is stored apart, with the jury's decision."""

    class Kind(models.TextChoices):
        JURY = "jury", _("jury’s prize")
        PUBLIC = "public", _("public prize")

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="prizes")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.JURY)
    rank = models.PositiveSmallIntegerField(_("rank"), default=1)
    name = models.CharField(_("name"), max_length=80)
    amount = models.DecimalField(
        _("amount announced, in euros"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    support = models.CharField(_("support announced"), max_length=250, blank=True)

    class Meta:
        verbose_name = _("prize announced")
        verbose_name_plural = _("prizes announced")
        ordering = ["kind", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["call", "kind", "rank"], name="calls_one_prize_a_rank"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="calls_prize_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Criterion(models.Model):
    """What jurors mark: a weight, a scale, and a sentence that anchors each whole mark."""

    class Stage(models.TextChoices):
        READING = "reading", _("Reading")
        FINALE = "finale", _("Finale")

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="criteria")
    stage = models.CharField(_("stage"), max_length=8, choices=Stage.choices, default=Stage.READING)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    label = models.CharField(_("criterion"), max_length=120)
    weight = models.DecimalField(_("weight"), max_digits=5, decimal_places=2, default=1)
    minimum = models.DecimalField(_("lowest mark"), max_digits=4, decimal_places=1, default=0)
    maximum = models.DecimalField(_("highest mark"), max_digits=4, decimal_places=1, default=5)
    anchors = models.TextField(
        _("sentence of each whole mark, one a line, lowest first"),
        blank=True,
        help_text=_("With a scale from 0 to 5, six lines."),
    )
    counted = models.BooleanField(_("counts in the total"), default=True)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["stage", "order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gt=0) & models.Q(maximum__gt=models.F("minimum")),
                name="calls_criterion_sound",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def anchor_lines(self) -> list[str]:
        return [line.strip() for line in (self.anchors or "").splitlines() if line.strip()]


class DeadlineMove(Rendered):
    """A date of a call that was moved after it was announced, and why: shown on the call's page."""

    rendered = ("reason",)

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="moves")
    field = models.CharField(_("date"), max_length=20)
    before = models.DateTimeField(_("before"))
    after = models.DateTimeField(_("after"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("decided at"), default=clock.now)

    class Meta:
        verbose_name = _("moved date")
        verbose_name_plural = _("moved dates")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.call} : {self.field}"


class RulesVersion(models.Model):
    """A numbered version of a call's rules. A version in force is never edited; a new one replaces it."""

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="rules_versions")
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    in_force_from = models.DateField(_("in force from"))

    class Meta:
        verbose_name = _("version of the rules")
        verbose_name_plural = _("versions of the rules")
        ordering = ["call", "-number"]
        constraints = [models.UniqueConstraint(fields=["call", "number"], name="calls_one_rules_number")]

    def __str__(self) -> str:
        return f"{self.call}, v{self.number}"
