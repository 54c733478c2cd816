"""The acts of a panel, from preparation to proclamation, and the states of a sheet."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.lifecycle.workflow import Workflow, transition
from calls.workflow import SubmissionState


class PanelState(models.TextChoices):
    PREPARATION = "preparation", _("Preparation")
    OPEN = "open", _("Sheets open")
    LOCKED = "locked", _("Locked")
    DISCLOSED = "disclosed", _("Disclosed to the jury")
    DELIBERATION = "deliberation", _("Deliberation")
    DECIDED = "decided", _("Decided")
    SIGNED = "signed", _("Signed")
    PROCLAIMED = "proclaimed", _("Proclaimed")


P = PanelState

BEFORE_THE_LOCK = (P.PREPARATION, P.OPEN)
NOT_DECIDED = (P.LOCKED, P.DISCLOSED, P.DELIBERATION)
DEBATING = (P.DISCLOSED, P.DELIBERATION)
CLOSED = (P.LOCKED, P.DISCLOSED, P.DELIBERATION, P.DECIDED, P.SIGNED, P.PROCLAIMED)
"""The states in which the sheets are closed."""
SETTLED = (P.DECIDED, P.SIGNED, P.PROCLAIMED)
# Applications that no finale has before it, nor will have.
OUT_OF_THE_RUNNING = (SubmissionState.INADMISSIBLE, SubmissionState.DECLINED, SubmissionState.WITHDRAWN)
SCORES_KNOWN_TO_JURY = (P.DISCLOSED, P.DELIBERATION, P.DECIDED, P.SIGNED, P.PROCLAIMED)

PANEL = Workflow(
    initial=P.PREPARATION,
    transitions=(
        transition(
            "open",
            [P.PREPARATION],
            P.OPEN,
            "juries.organise_panel",
            _("Open the sheets"),
            pgettext_lazy("journal", "opens the sheets"),
        ),
        transition(
            "lock",
            [P.OPEN],
            P.LOCKED,
            "juries.chair_panel",
            _("Lock the marks"),
            pgettext_lazy("journal", "locks the marks"),
        ),
        transition(
            "disclose",
            [P.LOCKED],
            P.DISCLOSED,
            "juries.chair_panel",
            _("Disclose the standing"),
            pgettext_lazy("journal", "discloses the standing"),
        ),
        transition(
            "deliberate",
            [P.DISCLOSED],
            P.DELIBERATION,
            "juries.chair_panel",
            _("Open the deliberation"),
            pgettext_lazy("journal", "opens the deliberation"),
        ),
        transition(
            "decide",
            [P.DELIBERATION],
            P.DECIDED,
            "juries.chair_panel",
            _("Settle the decision"),
            pgettext_lazy("journal", "settles the decision"),
        ),
        transition(
            "sign",
            [P.DECIDED],
            P.SIGNED,
            "juries.chair_panel",
            _("Sign the minutes"),
            pgettext_lazy("journal", "signs the minutes"),
        ),
        transition(
            "proclaim",
            [P.SIGNED],
            P.PROCLAIMED,
            "juries.chair_panel",
            _("Proclaim"),
            pgettext_lazy("journal", "proclaims"),
        ),
        transition(
            "reopen",
            [P.LOCKED, P.DISCLOSED, P.DELIBERATION],
            P.OPEN,
            "juries.chair_panel",
            _("Reopen the sheets"),
            pgettext_lazy("journal", "reopens the sheets"),
            needs_reason=True,
        ),
        transition(
            "deliberate_again",
            [P.DECIDED, P.SIGNED],
            P.DELIBERATION,
            "juries.chair_panel",
            _("Reopen the deliberation"),
            pgettext_lazy("journal", "reopens the deliberation"),
            needs_reason=True,
        ),
    ),
)


class SheetState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    HANDED_IN = "handed_in", _("Handed in")
    ABSTAINED = "abstained", _("Abstention")


H = SheetState

NOTHING_LEFT = (H.HANDED_IN, H.ABSTAINED)
"""The states of a sheet of which its juror has nothing more to do."""

SHEET = Workflow(
    initial=H.DRAFT,
    transitions=(
        transition(
            "hand_in",
            [H.DRAFT],
            H.HANDED_IN,
            "juries.write_sheet",
            _("Hand in"),
            pgettext_lazy("journal", "hands the sheet in"),
        ),
        transition(
            "take_back",
            [H.HANDED_IN, H.ABSTAINED],
            H.DRAFT,
            "juries.write_sheet",
            _("Take back"),
            pgettext_lazy("journal", "takes the sheet back"),
        ),
        transition(
            "abstain",
            [H.DRAFT],
            H.ABSTAINED,
            "juries.write_sheet",
            _("Abstain"),
            pgettext_lazy("journal", "abstains"),
            needs_reason=True,
        ),
    ),
)


class SeatInvitationState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("invitation", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "Declined")
    REVOKED = "revoked", pgettext_lazy("invitation", "Replaced or withdrawn")


V = SeatInvitationState

SEAT_INVITATION = Workflow(
    initial=V.PENDING,
    transitions=(
        transition(
            "accept",
            [V.PENDING],
            V.ACCEPTED,
            "juries.answer_seat",
            _("Accept the invitation"),
            pgettext_lazy("journal", "accepts the invitation"),
        ),
        transition(
            "decline",
            [V.PENDING],
            V.DECLINED,
            "juries.answer_seat",
            _("Decline the invitation"),
            pgettext_lazy("journal", "declines the invitation"),
        ),
        transition(
            "revoke",
            [V.PENDING, V.ACCEPTED],
            V.REVOKED,
            "juries.revoke_link",
            _("Withdraw the link"),
            pgettext_lazy("journal", "withdraws the link"),
        ),
    ),
)


class AttendanceState(models.TextChoices):
    AWAITED = "awaited", pgettext_lazy("finalist", "Answer awaited")
    COMING = "coming", pgettext_lazy("finalist", "Comes")
    DECLINED = "declined", pgettext_lazy("finalist", "Does not come")


A = AttendanceState

ATTENDANCE = Workflow(
    initial=A.AWAITED,
    transitions=(
        transition(
            "confirm",
            [A.AWAITED, A.COMING, A.DECLINED],
            A.COMING,
            "juries.answer_finale",
            _("Confirm that we come"),
            pgettext_lazy("journal", "confirms coming to the finale"),
        ),
        transition(
            "decline",
            [A.AWAITED, A.COMING],
            A.DECLINED,
            "juries.answer_finale",
            _("Say that we do not come"),
            pgettext_lazy("journal", "declines to come to the finale"),
            needs_reason=True,
        ),
    ),
)
