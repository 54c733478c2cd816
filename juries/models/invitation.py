"""A seat offered by a mailed link to someone who needs no account of their own yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain, validate_single_line
from bethune_smartcity.lifecycle.models import Stateful
from juries.workflow import SEAT_INVITATION, SeatInvitationState

from .panel import Juror, Panel


class SeatInvitation(Stateful):
    """Someone, known by an address, asked to sit as a juror. Open until it is answered or `expires_at`.

    Of the link only a digest is kept. `expertise` maps keys of pillars to levels, for the seat to come.
    """

    workflow = SEAT_INVITATION

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(
        _("language"), max_length=5, default="fr", choices=User._meta.get_field("language").choices
    )
    capacity = models.CharField(_("in the capacity of"), max_length=120, blank=True, validators=[validate_single_line])
    has_voice = models.BooleanField(_("marks and votes"), default=True)
    is_substitute = models.BooleanField(_("substitute"), default=False)
    half_time = models.BooleanField(_("half share of the readings"), default=False)
    expertise = models.JSONField(_("expertise"), default=dict, blank=True, editable=False)
    link_digest = models.CharField(_("digest of the link"), max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("invited by"), related_name="+"
    )
    made_at = models.DateTimeField(_("invited at"), default=clock.now)
    expires_at = models.DateTimeField(_("open until"))
    state = models.CharField(
        _("state"), max_length=8, choices=SeatInvitationState.choices, default=SeatInvitationState.PENDING
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    word = models.TextField(
        _("word that came with the refusal"), max_length=500, blank=True, validators=[validate_plain]
    )
    juror = models.ForeignKey(
        Juror, models.SET_NULL, null=True, blank=True, verbose_name=_("juror"), related_name="invitations"
    )

    class Meta:
        verbose_name = _("invitation of a juror")
        verbose_name_plural = _("invitations of jurors")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "email"], condition=models.Q(state="pending"), name="juries_one_open_invitation"
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", answered_at__isnull=True)
                | ~models.Q(state="pending") & models.Q(answered_at__isnull=False),
                name="juries_invitation_stamped",
            ),
        ]

    def __str__(self) -> str:
        return str(self.panel)

    @property
    def is_over(self) -> bool:
        """Whether its time passed without an answer."""
        return self.state == SeatInvitationState.PENDING and self.expires_at <= clock.now()
