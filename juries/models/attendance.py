"""A finalist's word on a finale, and the deck they will show there."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import Stateful
from calls.models import Submission
from juries.workflow import ATTENDANCE, AttendanceState

from .panel import Panel

MOST_PEOPLE = 20


class Attendance(Stateful):
    """Whether a finalist comes, with whom, what they need, and their deck. No row before their first word.

    `needs` may tell of a person's health: only organisers read it, and it is erased at the proclamation.
    """

    workflow = ATTENDANCE

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="attendances")
    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("application"), related_name="attendances"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=AttendanceState.choices, default=AttendanceState.AWAITED
    )
    pitched_by = models.CharField(_("who pitches"), max_length=200, blank=True, validators=[validate_single_line])
    people = models.PositiveSmallIntegerField(
        _("how many people come"), default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    needs = models.TextField(_("what they need to take part"), max_length=1000, blank=True, validators=[validate_plain])
    word = models.TextField(_("why they do not come"), max_length=1000, blank=True, validators=[validate_plain])
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    deck = models.OneToOneField(
        StoredFile, models.PROTECT, null=True, blank=True, verbose_name=_("deck"), related_name="+", editable=False
    )
    deck_number = models.PositiveSmallIntegerField(_("version of the deck"), default=0, editable=False)
    deck_sent_at = models.DateTimeField(_("deck received at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("finalist’s answer")
        verbose_name_plural = _("finalists’ answers")
        ordering = ["panel", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "submission"], name="juries_one_attendance"),
            models.CheckConstraint(
                condition=Q(deck__isnull=True, deck_sent_at__isnull=True)
                | Q(deck__isnull=False, deck_sent_at__isnull=False),
                name="juries_deck_with_its_instant",
            ),
        ]

    def __str__(self) -> str:
        return str(self.submission)

    @property
    def is_coming(self) -> bool:
        return self.state == AttendanceState.COMING

    @property
    def is_declined(self) -> bool:
        return self.state == AttendanceState.DECLINED
