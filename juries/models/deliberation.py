"""What the jury proposes, votes, decides and signs, and what is awarded in the end."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.search import folded
from bethune_smartcity.core.text import validate_plain
from calls.models import Call, Prize, Submission

from .panel import Panel


class Motion(models.Model):
    """A question put to the vote of the jurors present; of equal votes, the chair's casting vote decides.

    It concerns one application, or the whole of the decision; `present` and `quorum` are those of the vote, unknown of
    what was voted before they were kept.
    """

    class Casting(models.TextChoices):
        FOR = "for", pgettext_lazy("vote", "for")
        AGAINST = "against", pgettext_lazy("vote", "against")

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="motions")
    text = models.CharField(_("motion"), max_length=250, validators=[validate_plain])
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, verbose_name=_("application"), related_name="motions"
    )
    votes_for = models.PositiveSmallIntegerField(_("for"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("against"), default=0)
    abstentions = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    casting = models.CharField(_("casting vote of the chair"), max_length=7, choices=Casting.choices, blank=True)
    present = models.PositiveSmallIntegerField(_("voices present"), null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, blank=True)
    at = models.DateTimeField(_("at"), default=clock.now)

    class Meta:
        verbose_name = _("motion")
        verbose_name_plural = _("motions")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(casting="") | models.Q(votes_for=models.F("votes_against")),
                name="juries_casting_vote_of_a_tie",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_carried(self) -> bool:
        return self.votes_for > self.votes_against or self.casting == self.Casting.FOR

    @property
    def lacks_quorum(self) -> bool:
        """Whether it is known that too few were present at the vote."""
        return self.present is not None and self.quorum is not None and self.present < self.quorum


class Proposal(models.Model):
    """What the panel intends for a submission. Nothing is told to anyone before the proclamation.

    A laureate has one row for each of its prizes, and no other; whoever has no prize has a single row.
    """

    class Verdict(models.TextChoices):
        KEEP = "keep", _("kept")
        RESERVE = "reserve", _("on the reserve list")
        DECLINE = "decline", _("not selected")

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="proposals")
    submission = models.ForeignKey(Submission, models.PROTECT, verbose_name=_("application"), related_name="proposals")
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    prize = models.ForeignKey(
        Prize, models.PROTECT, null=True, blank=True, verbose_name=_("prize"), related_name="proposals"
    )
    amount = models.DecimalField(_("amount awarded, in euros"), max_digits=10, decimal_places=2, null=True, blank=True)
    support = models.CharField(_("support awarded"), max_length=250, blank=True, validators=[validate_plain])
    reason = models.TextField(_("reason"), blank=True, validators=[validate_plain])
    mention = models.CharField(_("words of a special mention"), max_length=500, blank=True, validators=[validate_plain])

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "submission"],
                condition=models.Q(prize__isnull=True),
                name="juries_one_proposal_without_a_prize",
            ),
            models.UniqueConstraint(fields=["panel", "prize"], name="juries_one_proposal_a_prize"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0),
                name="juries_proposal_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(mention="") | models.Q(prize__isnull=True) & ~models.Q(verdict="keep"),
                name="juries_no_mention_of_a_laureate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} : {self.get_verdict_display()}"


class Award(Rendered):
    """A prize given: frozen at the proclamation, public from `publish_at` on."""

    rendered = ("support", "reason")

    call = models.ForeignKey(Call, models.PROTECT, verbose_name=_("call"), related_name="awards")
    prize = models.OneToOneField(Prize, models.PROTECT, verbose_name=_("prize"), related_name="award")
    submission = models.ForeignKey(Submission, models.PROTECT, verbose_name=_("application"), related_name="awards")
    amount = models.DecimalField(_("amount awarded, in euros"), max_digits=10, decimal_places=2, null=True, blank=True)
    support = models.CharField(_("support awarded"), max_length=250, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    proclaimed_at = models.DateTimeField(_("proclaimed at"), default=clock.now)
    publish_at = models.DateTimeField(_("public at"))
    search_text = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering = ["call", "prize__kind", "prize__rank"]

    def __str__(self) -> str:
        return f"{self.prize} : {self.submission}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = self.searchable()
        super().save(*args, **kwargs)

    def searchable(self) -> str:
        """What a search of the results reads, folded: what the palmarès shows."""
        won = self.submission
        return folded(won.title, won.structure.name, won.one_line, self.prize.name, self.support, self.call.title)


class Mention(Rendered):
    """A special mention given to a finalist without a prize: frozen as an award is, public from `publish_at` on."""

    rendered = ("words",)

    call = models.ForeignKey(Call, models.PROTECT, verbose_name=_("call"), related_name="mentions")
    submission = models.OneToOneField(Submission, models.PROTECT, verbose_name=_("application"), related_name="mention")
    words = models.CharField(_("words of the jury"), max_length=500)
    proclaimed_at = models.DateTimeField(_("proclaimed at"), default=clock.now)
    publish_at = models.DateTimeField(_("public at"))

    class Meta:
        verbose_name = _("special mention")
        verbose_name_plural = _("special mentions")
        ordering = ["call", "submission__number"]
        constraints = [models.CheckConstraint(condition=~models.Q(words=""), name="juries_mention_in_words")]

    def __str__(self) -> str:
        return str(self.submission)


class Minutes(models.Model):
    """The minutes of a panel: written when decided, frozen with their digest when signed."""

    panel = models.OneToOneField(Panel, models.CASCADE, verbose_name=_("panel"), related_name="minutes")
    content = models.JSONField(_("content"))
    digest = models.CharField(_("digest"), max_length=64)
    written_at = models.DateTimeField(_("written at"), default=clock.now)
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    signed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("signed by"), related_name="+"
    )

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return str(self.panel)
