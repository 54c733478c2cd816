"""The public vote: one choice among the finalists, by e-mail link or by a printed code. No address is kept."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from calls.models import Call, Submission
from juries.phases import VotePhase, vote_phase_at


class PublicVote(models.Model):
    call = models.OneToOneField(Call, models.PROTECT, verbose_name=_("call"), related_name="public_vote")
    opens_at = models.DateTimeField(_("opens at"))
    closes_at = models.DateTimeField(_("closes at (exclusive)"))
    counted_at = models.DateTimeField(_("counted at"), null=True, blank=True, editable=False)
    disclosed_at = models.DateTimeField(_("disclosed at"), null=True, blank=True, editable=False)
    purged_at = models.DateTimeField(_("voters’ keys destroyed at"), null=True, blank=True, editable=False)
    totals = models.JSONField(_("totals"), default=dict, blank=True, editable=False)
    winner = models.ForeignKey(
        Submission,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("chosen among equals"),
        help_text=_("Only where the count ended in a tie: the software breaks none."),
        related_name="+",
    )
    winner_reason = models.TextField(_("how the tie was broken"), blank=True, editable=False)

    class Meta:
        verbose_name = _("public vote")
        verbose_name_plural = _("public votes")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="juries_vote_closes_after_opening",
            )
        ]

    def __str__(self) -> str:
        return str(self.call)

    def get_absolute_url(self) -> str:
        return reverse("juries:vote", kwargs={"slug": self.call.slug})

    @property
    def phase(self) -> VotePhase:
        """The phase at the present instant."""
        return vote_phase_at(self, clock.now())


class BallotLink(models.Model):
    """A way to the ballot sent by e-mail: a link and a code of six digits, good for one vote, known by digest only."""

    vote = models.ForeignKey(PublicVote, models.CASCADE, verbose_name=_("vote"), related_name="links")
    voter_key = models.CharField(_("voter’s key"), max_length=64)
    link_digest = models.CharField(_("digest of the link"), max_length=64, unique=True)
    code_digest = models.CharField(_("digest of the code"), max_length=64)
    sent_at = models.DateTimeField(_("sent at"), default=clock.now)
    expires_at = models.DateTimeField(_("expires at (exclusive)"))
    attempts = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("link to the ballot")
        verbose_name_plural = _("links to the ballot")
        indexes = [models.Index(fields=["vote", "voter_key", "sent_at"], name="link_of_voter")]

    def __str__(self) -> str:
        return f"{self.vote} : {self.sent_at:%Y-%m-%d %H:%M}"


class Code(models.Model):
    """A printed, single-use code for the room. Only its digest is kept."""

    vote = models.ForeignKey(PublicVote, models.CASCADE, verbose_name=_("vote"), related_name="codes")
    batch = models.CharField(_("batch"), max_length=40)
    serial = models.PositiveIntegerField(_("serial"))
    digest = models.CharField(_("digest"), max_length=64)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("voting code")
        verbose_name_plural = _("voting codes")
        constraints = [
            models.UniqueConstraint(fields=["vote", "digest"], name="juries_one_code"),
            models.UniqueConstraint(fields=["vote", "serial"], name="juries_one_serial"),
        ]

    def __str__(self) -> str:
        return f"{self.batch}-{self.serial}"


class Ballot(models.Model):
    class Channel(models.TextChoices):
        ONLINE = "online", _("online")
        ROOM = "room", _("in the room")

    vote = models.ForeignKey(PublicVote, models.CASCADE, verbose_name=_("vote"), related_name="ballots")
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    voter_key = models.CharField(
        _("voter’s key"),
        max_length=64,
        null=True,
        help_text=_("Destroyed two months after the proclamation."),
    )
    submission = models.ForeignKey(Submission, models.PROTECT, verbose_name=_("choice"), related_name="ballots")
    cast_at = models.DateTimeField(_("cast at"), default=clock.now)
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    void_reason = models.CharField(_("void because"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [models.UniqueConstraint(fields=["vote", "voter_key"], name="juries_one_vote_a_voter")]
        indexes = [models.Index(fields=["vote", "channel", "cast_at"], name="ballot_turnout")]

    def __str__(self) -> str:
        return f"{self.vote} : {self.get_channel_display()}"
