"""What becomes of an invitation into a structure."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.lifecycle.workflow import Workflow, transition


class InvitationState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("invitation", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


S = InvitationState
ANSWER, WITHDRAW = "accounts.answer_invitation", "accounts.withdraw_invitation"

INVITATION = Workflow(
    initial=S.PENDING,
    transitions=(
        transition(
            "accept",
            [S.PENDING],
            S.ACCEPTED,
            ANSWER,
            _("Accept the invitation"),
            pgettext_lazy("journal", "accepts the invitation"),
        ),
        transition(
            "decline",
            [S.PENDING],
            S.DECLINED,
            ANSWER,
            _("Decline the invitation"),
            pgettext_lazy("journal", "declines the invitation"),
        ),
        transition(
            "withdraw",
            [S.PENDING],
            S.WITHDRAWN,
            WITHDRAW,
            _("Withdraw the invitation"),
            pgettext_lazy("journal", "withdraws the invitation"),
        ),
    ),
)
