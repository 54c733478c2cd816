"""A panel for one stage of a call: its jurors, what they know, whom they stand aside for, what they read."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Call, Criterion, Submission
from calls.workflow import SubmissionState
from juries.workflow import PANEL, PanelState
from pillars.models import Pillar

MARKING = Q(has_voice=True) | Q(left_at__isnull=False)
"""Of a juror: their sheets may count."""
OF_MARKING = Q(juror__has_voice=True) | Q(juror__left_at__isnull=False)
"""The same of a reading or a sheet."""


class DutyQuerySet(models.QuerySet):
    """Rows that bind a juror and a submission: assignments and sheets."""

    def of(self, user: Any) -> Self:
        """Those of the seats of `user`, but one they left."""
        return self.filter(juror__user=user, juror__left_at__isnull=True)

    def free(self, known_at: Any = None) -> Self:
        """Those whose juror does not stand aside, by declaration or because a member of the structure.

        `known_at`: without what was declared, or joined, after that instant (a value, or an expression of one).
        """
        declared, joined = Recusal.objects.all(), Membership.objects.all()
        if known_at is not None:
            declared, joined = declared.filter(declared_at__lte=known_at), joined.filter(since__lte=known_at)
        session = declared.filter(juror=OuterRef("juror"), submission__isnull=True)
        pair = declared.filter(juror__user=OuterRef("juror__user"), submission=OuterRef("submission"))
        members = joined.filter(user=OuterRef("juror__user"), structure=OuterRef("submission__structure"))
        return self.filter(~Exists(session), ~Exists(pair), ~Exists(members))

    def lasting(self) -> Self:
        """Those of submissions that were not withdrawn."""
        return self.exclude(submission__state=SubmissionState.WITHDRAWN)

    @staticmethod
    def _is_open() -> Q:
        declared = Declaration.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
        return (
            ~Q(juror__panel__state=PanelState.PREPARATION)
            & Q(juror__charter_accepted_at__isnull=False)
            & Q(Exists(declared))
        )

    def opened(self) -> Self:
        """Those whose content is open: sheets opened once, charter accepted, no link declared."""
        return self.filter(self._is_open())

    def with_openness(self) -> Self:
        """The same rows, each with `is_open`: whether its content is open."""
        return self.annotate(is_open=ExpressionWrapper(self._is_open(), models.BooleanField()))

    def listed_for(self, user: Any) -> Self:
        """Those whose name `user` may read."""
        return self.of(user).free().lasting()

    def readable_by(self, user: Any) -> Self:
        """Those whose content `user` may read."""
        return self.listed_for(user).opened()


class AssignmentQuerySet(DutyQuerySet):
    def note_declared(self) -> int:
        """Note of each whether its juror declared that nothing links them. Returns how many are new. One statement."""
        declared = Declaration.objects.filter(juror=OuterRef("juror"), submission=OuterRef("submission"))
        return self.filter(Exists(declared), is_declared=False).update(is_declared=True)


class Panel(Stateful):
    """The jury of one stage. The official score is the adjusted one unless the rules say the plain mean."""

    workflow = PANEL
    Stage = Criterion.Stage

    class Basis(models.TextChoices):
        ADJUSTED = "adjusted", _("adjusted score")
        MEAN = "mean", _("plain mean")

    call = models.ForeignKey(Call, models.PROTECT, verbose_name=_("call"), related_name="panels")
    stage = models.CharField(_("stage"), max_length=8, choices=Criterion.Stage.choices)
    state = models.CharField(_("state"), max_length=12, choices=PanelState.choices, default=PanelState.PREPARATION)
    readings = models.PositiveSmallIntegerField(_("readings of each application"), default=3)
    places = models.PositiveSmallIntegerField(_("places to give"), default=6)
    due_at = models.DateTimeField(_("sheets due at"), null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum"), default=1)
    basis = models.CharField(_("official score"), max_length=8, choices=Basis.choices, default=Basis.ADJUSTED)
    ridge = models.FloatField(_("ridge of the calibration"), default=3.0, editable=False)
    seed = models.PositiveIntegerField(_("seed of the assignment"), default=0, editable=False)
    plan_digest = models.CharField(_("digest of the assignment’s inputs"), max_length=64, blank=True, editable=False)
    second_begun_at = models.DateTimeField(_("second reading begun at"), null=True, blank=True, editable=False)
    publish_at = models.DateTimeField(_("decision public at"), null=True, blank=True, editable=False)
    withheld = models.JSONField(_("reasons of prizes not awarded"), default=dict, blank=True, editable=False)
    occasion = models.CharField(
        _("event at which the finale is held"), max_length=160, blank=True, validators=[validate_single_line]
    )
    held_from = models.DateField(_("first day of the finale"), null=True, blank=True)
    held_until = models.DateField(_("last day of the finale"), null=True, blank=True)
    deck_due_at = models.DateTimeField(
        _("finalists answer and send their deck by"),
        null=True,
        blank=True,
        help_text=_("Paris time. Without it decks are taken until the sheets open."),
    )
    place = models.CharField(_("place and address"), max_length=250, blank=True, validators=[validate_single_line])
    access = models.TextField(
        _("how to come and get in"),
        blank=True,
        max_length=3000,
        validators=[validate_plain],
        help_text=_("Transport, entrance without steps, hearing loop, interpreters, whom to ask. Markdown."),
    )

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ["call", "-stage"]
        constraints = [
            models.UniqueConstraint(fields=["call", "stage"], name="juries_one_panel_a_stage"),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(held_from__isnull=False, held_until__gte=F("held_from")),
                name="juries_finale_days_in_order",
                violation_error_message=_("The last day comes after the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}{pgettext('between label and text', ':')} {self.get_stage_display()}"

    def get_absolute_url(self) -> str:
        return reverse("juries:room", kwargs={"pk": self.pk})


class JurorQuerySet(models.QuerySet):
    def marking(self) -> Self:
        """Those whose sheets may count: who has a voice, or had one until they left."""
        return self.filter(MARKING)


class Juror(models.Model):
    """A seat. A substitute waits without a voice until called up; who left keeps what they handed in, and no door."""

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="jurors")
    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("person"), related_name="juries")
    capacity = models.CharField(_("in the capacity of"), max_length=120, blank=True, validators=[validate_single_line])
    has_voice = models.BooleanField(_("marks and votes"), default=True)
    is_chair = models.BooleanField(_("chair"), default=False)
    is_secretary = models.BooleanField(_("secretary"), default=False)
    half_time = models.BooleanField(_("half share of the readings"), default=False)
    is_substitute = models.BooleanField(
        _("substitute"), default=False, help_text=_("Reads nothing and has no vote until called up.")
    )
    called_up_at = models.DateTimeField(_("called up at"), null=True, blank=True, editable=False)
    stands_in_for = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name=_("in place of"), related_name="+", editable=False
    )
    left_at = models.DateTimeField(_("left at"), null=True, blank=True, editable=False)
    is_present = models.BooleanField(_("present"), default=False, editable=False)
    charter_accepted_at = models.DateTimeField(_("charter accepted at"), null=True, blank=True, editable=False)
    nudged_at = models.DateTimeField(_("last nudged at"), null=True, blank=True, editable=False)

    objects = JurorQuerySet.as_manager()

    class Meta:
        verbose_name = _("juror")
        verbose_name_plural = _("jurors")
        ordering = ["-is_chair", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="juries_one_seat"),
            models.UniqueConstraint(fields=["panel"], condition=models.Q(is_chair=True), name="juries_one_chair"),
            models.CheckConstraint(
                condition=models.Q(has_voice=False) | models.Q(is_substitute=False, left_at__isnull=True),
                name="juries_voice_of_who_sits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)


class Expertise(models.Model):
    """A juror's knowledge of a pillar: at home in it (primary), or acquainted with it (secondary)."""

    class Level(models.TextChoices):
        PRIMARY = "primary", _("primary")
        SECONDARY = "secondary", _("secondary")

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="expertise")
    pillar = models.ForeignKey(Pillar, models.CASCADE, verbose_name=_("pillar"), related_name="+")
    level = models.CharField(_("level"), max_length=10, choices=Level.choices, default=Level.PRIMARY)

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        constraints = [models.UniqueConstraint(fields=["juror", "pillar"], name="juries_one_expertise")]

    def __str__(self) -> str:
        return f"{self.juror} : {self.pillar}"


class RecusalQuerySet(models.QuerySet):
    def on(self, panel: "Panel") -> Self:
        """Those in force on `panel`, each with `seat`: the key of its person's seat there.

        What was declared of a submission on another panel of the call holds here too; a session is its own panel's.
        """
        return self.on_keys(panel.pk, panel.call_id)

    def on_keys(self, panel: Any, call: Any) -> Self:
        """The same by the keys of a panel and its call, or the slots of them."""
        here = Q(juror__panel=panel) | Q(submission__call=call)
        return self.filter(here, juror__user__juries__panel=panel).annotate(seat=F("juror__user__juries"))

    def of(self, juror: "Juror") -> Self:
        """Those in force on the panel of `juror` for the person who sits there."""
        return self.on(juror.panel).filter(juror__user=juror.user_id)


class Recusal(models.Model):
    """A juror standing aside, for one submission or for the whole session. In force from the moment it is declared.

    Of a submission it follows its person through every panel of the call: the link is theirs, not the seat's.
    """

    class Category(models.TextChoices):
        FAMILY = "family", _("family or personal link")
        EMPLOYMENT = "employment", _("employment or mandate")
        FINANCIAL = "financial", _("financial interest")
        PARTNERSHIP = "partnership", _("partnership or supply")
        MEMBER = "member", _("member of the structure")
        OTHER = "other", _("other link")
        UNSURE = "unsure", _("unsure, the chair will say")

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="recusals")
    submission = models.ForeignKey(
        Submission,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("application"),
        help_text=_("Empty: the whole session."),
        related_name="recusals",
    )
    category = models.CharField(_("category"), max_length=12, choices=Category.choices)
    declared_at = models.DateTimeField(_("declared at"), default=clock.now)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        ordering = ["declared_at"]
        constraints = [
            models.UniqueConstraint(fields=["juror", "submission"], name="juries_one_recusal"),
            models.UniqueConstraint(
                fields=["juror"], condition=models.Q(submission__isnull=True), name="juries_one_session_recusal"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror} : {self.submission or _('whole session')}"

    def panels(self) -> models.QuerySet[Panel]:
        """The panels on which it is in force."""
        own = Panel.objects.select_related("call")
        if self.submission_id is None:
            return own.filter(pk=self.juror.panel_id)
        return own.filter(call=self.juror.panel.call_id, jurors__user=self.juror.user_id)


class Declaration(models.Model):
    """A juror's word that nothing links them to a submission: what opens it to them."""

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="declarations")
    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("application"), related_name="declarations"
    )
    declared_at = models.DateTimeField(_("declared at"), default=clock.now)

    class Meta:
        verbose_name = _("declaration of no link")
        verbose_name_plural = _("declarations of no link")
        constraints = [models.UniqueConstraint(fields=["juror", "submission"], name="juries_one_declaration")]

    def __str__(self) -> str:
        return f"{self.juror} : {self.submission}"


class Assignment(models.Model):
    """A juror asked to mark a submission."""

    class Origin(models.TextChoices):
        PLAN = "plan", _("plan")
        HAND = "hand", _("by hand")
        SECOND = "more", _("second reading")

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="assignments")
    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("application"), related_name="assignments"
    )
    origin = models.CharField(_("origin"), max_length=4, choices=Origin.choices, default=Origin.PLAN)
    created_at = models.DateTimeField(_("assigned at"), default=clock.now)
    # What a Declaration says as well: kept here, so that those without one are found among thousands that have it.
    is_declared = models.BooleanField(_("declared without link"), default=False, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [models.UniqueConstraint(fields=["juror", "submission"], name="juries_one_assignment")]
        indexes = [models.Index(fields=["juror"], condition=Q(is_declared=False), name="juries_to_declare")]

    def __str__(self) -> str:
        return f"{self.juror} : {self.submission}"
