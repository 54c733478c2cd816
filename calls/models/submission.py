"""An application of one structure to one call, its answers, attachments and frozen versions."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, Structure, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.text import validate_single_line
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import Stateful
from calls.phases import accepts_at, end_told
from calls.workflow import SUBMISSION, SubmissionState
from pillars.models import Pillar

from .call import Call
from .form import Question


class Submission(Rendered, Stateful):
    workflow = SUBMISSION
    rendered = ("one_line",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, verbose_name=_("call"), related_name="submissions")
    structure = models.ForeignKey(Structure, models.PROTECT, verbose_name=_("structure"), related_name="submissions")
    title = models.CharField(_("name of the project"), max_length=120, validators=[validate_single_line])
    one_line = models.CharField(
        _("the project in one line"), max_length=200, blank=True, validators=[validate_single_line]
    )
    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("main pillar"),
        related_name="submissions",
    )
    other_pillars = models.ManyToManyField(
        Pillar, blank=True, verbose_name=_("other pillars"), related_name="also_submissions"
    )
    state = models.CharField(_("state"), max_length=12, choices=SubmissionState.choices, default=SubmissionState.DRAFT)
    number = models.CharField(_("number"), max_length=16, null=True, blank=True, unique=True, editable=False)
    exclusive = models.BooleanField(_("the structure’s only one"), default=True, editable=False)
    created_at = models.DateTimeField(_("started at"), default=clock.now)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("started by"), related_name="+")
    edited_at = models.DateTimeField(_("last edited at"), default=clock.now)
    # The last change of each part of the description, by its name: version, at (instant), by (a person's key).
    description_edits = models.JSONField(_("last changes of the description"), default=dict, editable=False)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True, editable=False)
    former_state = models.CharField(
        _("state shown before the decision is public"), max_length=12, blank=True, editable=False
    )
    decision_public_at = models.DateTimeField(_("decision public at"), null=True, blank=True, editable=False)
    reserve_public_at = models.DateTimeField(_("on the reserve list, public at"), null=True, blank=True, editable=False)
    correction_request = models.TextField(_("correction asked for"), blank=True, editable=False)
    correction_until = models.DateTimeField(_("correction until (exclusive)"), null=True, blank=True, editable=False)
    correction_fields = models.JSONField(_("fields the correction reopens"), default=list, blank=True, editable=False)
    extended_until = models.DateTimeField(_("own end (exclusive)"), null=True, blank=True, editable=False)
    extension_reason = models.TextField(_("why it has its own end"), blank=True, editable=False)
    form_number = models.PositiveSmallIntegerField(_("form handed in"), default=0, editable=False)
    search_text = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering = ["number", "created_at"]
        indexes = [
            # Each with the key: SQLite, which takes an index that answers alone for the best, would else read the whole
            # call in one that does, to find the few of a state or of a structure.
            models.Index(fields=["call", "state", "number", "id"], name="submission_of_state"),
            # With what a list of a board is narrowed by: counted from the index alone.
            models.Index(fields=["call", "number", "state", "structure", "id"], name="submission_listed"),
            models.Index(fields=["call", "title", "number"], name="submission_title"),
            models.Index(fields=["call", "submitted_at", "number"], name="submission_instant"),
            models.Index(fields=["call", "structure", "id"], name="submission_of_one"),
            # The few with more time than the others: each round asks for them.
            models.Index(fields=["call"], condition=models.Q(extended_until__isnull=False), name="submission_extended"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "structure"],
                condition=models.Q(exclusive=True) & ~models.Q(state="withdrawn"),
                name="calls_one_submission",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", submitted_at__isnull=True, number__isnull=True)
                | models.Q(state="withdrawn")
                | models.Q(submitted_at__isnull=False, number__isnull=False) & ~models.Q(state="draft"),
                name="calls_submission_stamped",
            ),
            models.CheckConstraint(
                condition=models.Q(extended_until__isnull=True) | ~models.Q(extension_reason=""),
                name="calls_extension_has_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:submission", kwargs={"pk": self.pk})

    def get_state_display(self) -> str:
        """The label of its state. Django's own reads all labels of all states for each one written."""
        return str(SubmissionState(self.state).label)

    @property
    def is_draft(self) -> bool:
        return self.state == SubmissionState.DRAFT

    @property
    def closes_at(self) -> datetime:
        """The exclusive instant its own people are told: the close of the call, or the later one they were given."""
        return end_told(self.call, self.extended_until)

    @property
    def is_reserve(self) -> bool:
        """Whether the jury keeps it on its reserve list, for those who may know it before it is public."""
        return self.reserve_public_at is not None and self.state == SubmissionState.ADMISSIBLE

    @property
    def is_extended(self) -> bool:
        """Whether its people were given more time than the others."""
        return self.closes_at > self.call.closes_at

    def version_of(self, name: str) -> int:
        """How often the part `name` of the description has changed."""
        return int(self.description_edits.get(name, {}).get("version", 0))

    @property
    def form_read(self) -> int | None:
        """The number of the form it was handed in under, by which it is read; None, the present one, for a draft."""
        return self.form_number if self.number else None

    def accepts_at(self, moment: datetime) -> bool:
        """Whether what reached the server at the aware `moment` may still change it, hand it in or withdraw it."""
        return accepts_at(self.call, moment, self.extended_until)


def applying(user: Any) -> "models.QuerySet[Submission]":
    """The applications of the structures `user` belongs to, drafts among them, those withdrawn aside."""
    return applying_as(user.pk)


def applying_as(key: Any) -> "models.QuerySet[Submission]":
    """The same by the key of a person, or the slot of one."""
    structures = Membership.objects.filter(user=key).values("structure")
    mine = Submission.objects.filter(structure__in=structures).order_by()
    return mine.exclude(state=SubmissionState.WITHDRAWN)


def set_aside_field() -> models.BooleanField:
    """Whether what was handed in leaves this out: the other answers do not ask for it. Written with each version."""
    return models.BooleanField(_("not handed in"), default=False, editable=False)


class Answer(models.Model):
    """What a submission answers to a question. A choice is kept as its key, several one a line."""

    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name=_("application"), related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, verbose_name=_("question"), related_name="answers")
    value = models.TextField(_("answer"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_at = models.DateTimeField(_("saved at"), default=clock.now)
    saved_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("saved by"), related_name="+")
    set_aside = set_aside_field()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["submission", "question"], name="calls_one_answer")]

    def __str__(self) -> str:
        return f"{self.submission} : {self.question}"


class Attachment(models.Model):
    """A document attached to a submission: what answers a question that asks for one, or one of several in order."""

    submission = models.ForeignKey(
        Submission, models.CASCADE, verbose_name=_("application"), related_name="attachments"
    )
    question = models.ForeignKey(Question, models.PROTECT, verbose_name=_("question"), related_name="attachments")
    file = models.OneToOneField(StoredFile, models.PROTECT, verbose_name=_("file"), related_name="attachment")
    position = models.PositiveSmallIntegerField(_("place among the documents of its question"), default=1)
    attached_at = models.DateTimeField(_("attached at"), default=clock.now)
    set_aside = set_aside_field()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["question_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "question", "position"], name="calls_one_attachment_a_place")
        ]

    def __str__(self) -> str:
        return self.file.name


class SubmissionVersion(models.Model):
    """What was handed in, frozen, with its digest. `correction`: what the city asked for, empty before the close."""

    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name=_("application"), related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    correction = models.TextField(_("correction it answers"), blank=True)
    at = models.DateTimeField(_("at"), default=clock.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("version handed in")
        verbose_name_plural = _("versions handed in")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["submission", "number"], name="calls_one_version")]

    def __str__(self) -> str:
        return f"{self.submission}, v{self.number}"
