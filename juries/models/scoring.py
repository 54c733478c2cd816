"""Sheets and marks, and the standing frozen from them."""

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Criterion, Submission
from juries.workflow import SHEET, SheetState

from .panel import DutyQuerySet, Juror, Panel


class Sheet(Stateful):
    """What one juror writes about one submission, or why they abstain: then nothing of it counts."""

    workflow = SHEET

    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="sheets")
    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name=_("application"), related_name="sheets")
    state = models.CharField(_("state"), max_length=10, choices=SheetState.choices, default=SheetState.DRAFT)
    comment = models.TextField(_("comment for the applicant"), blank=True, validators=[validate_plain])
    private_note = models.TextField(_("private note"), blank=True, validators=[validate_plain])
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    edited_at = models.DateTimeField(_("last edited at"), default=clock.now, editable=False)
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True, editable=False)
    abstained_for = models.TextField(
        _("reason of the abstention"), blank=True, max_length=500, validators=[validate_plain], editable=False
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("sheet")
        verbose_name_plural = _("sheets")
        indexes = [models.Index(fields=["juror", "state", "submission"], name="juries_sheet_done")]
        constraints = [
            models.UniqueConstraint(fields=["juror", "submission"], name="juries_one_sheet"),
            models.CheckConstraint(
                condition=models.Q(state="draft", handed_in_at__isnull=True, abstained_for="")
                | models.Q(state="handed_in", handed_in_at__isnull=False, abstained_for="")
                | models.Q(state="abstained", handed_in_at__isnull=True) & ~models.Q(abstained_for=""),
                name="juries_sheet_stamped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.juror} : {self.submission}"

    @property
    def is_of_first_reading(self) -> bool:
        """Whether it was handed in, or abstained from, before a second reading began: it stays as it is."""
        begun = self.juror.panel.second_begun_at
        ended = self.edited_at if self.state == SheetState.ABSTAINED else self.handed_in_at
        return begun is not None and ended is not None and ended <= begun


class Mark(models.Model):
    sheet = models.ForeignKey(Sheet, models.CASCADE, verbose_name=_("sheet"), related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="marks")
    value = models.DecimalField(_("mark"), max_digits=4, decimal_places=1, null=True, blank=True)
    comment = models.TextField(_("public comment"), blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [models.UniqueConstraint(fields=["sheet", "criterion"], name="juries_one_mark")]

    def __str__(self) -> str:
        value = "–" if self.value is None else number_format(self.value)
        return f"{self.criterion}{pgettext('between label and text', ':')} {value}"


class Standing(models.Model):
    """The ranking of a panel, frozen when its marks were locked, with the inputs it can be recomputed from."""

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="standings")
    number = models.PositiveSmallIntegerField(_("number"), default=1)
    at = models.DateTimeField(_("frozen at"), default=clock.now)
    inputs = models.JSONField(_("inputs"))
    figures = models.JSONField(_("figures of the calibration"), default=dict)
    digest = models.CharField(_("digest of the inputs"), max_length=64)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ["panel", "-number"]
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="juries_one_standing_number")]

    def __str__(self) -> str:
        return f"{self.panel}, {self.number}"


class StandingLine(models.Model):
    class Band(models.TextChoices):
        SOLID = "solid", _("solid")
        DISCUSS = "discuss", _("to discuss")
        UNLIKELY = "unlikely", _("unlikely")

    standing = models.ForeignKey(Standing, models.CASCADE, verbose_name=_("standing"), related_name="lines")
    submission = models.ForeignKey(
        Submission, models.PROTECT, verbose_name=_("application"), related_name="standing_lines"
    )
    order = models.PositiveSmallIntegerField(_("order"))
    rank = models.PositiveSmallIntegerField(_("rank"), null=True)
    sheets = models.PositiveSmallIntegerField(_("sheets counted"))
    mean = models.FloatField(_("plain mean"), null=True)
    adjusted = models.FloatField(_("adjusted score"), null=True)
    margin = models.FloatField(_("margin"), null=True)
    probability = models.FloatField(_("probability of a place"), null=True)
    band = models.CharField(_("zone"), max_length=8, choices=Band.choices, blank=True)
    spread = models.FloatField(_("gap between jurors"), null=True)
    second_look = models.PositiveSmallIntegerField(_("rank by the sum of ranks"), null=True)
    why = models.JSONField(_("why above the next"), default=dict)

    class Meta:
        verbose_name = _("line of a standing")
        verbose_name_plural = _("lines of a standing")
        ordering = ["standing", "order"]
        indexes = [models.Index(fields=["standing", "order"], name="juries_ranked")]
        constraints = [models.UniqueConstraint(fields=["standing", "submission"], name="juries_one_standing_line")]

    def __str__(self) -> str:
        return f"{self.rank} : {self.submission}"
