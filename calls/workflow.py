"""The acts on a submission, from draft to laureate."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from bethune_smartcity.lifecycle.workflow import Workflow, transition


class SubmissionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ADMISSIBLE = "admissible", _("Admissible")
    INADMISSIBLE = "inadmissible", _("Not admissible")
    SHORTLISTED = "shortlisted", _("Finalist")
    DECLINED = "declined", _("Not selected")
    LAUREATE = "laureate", _("Laureate")
    WITHDRAWN = "withdrawn", _("Withdrawn")


S = SubmissionState

IN_THE_RUNNING = (S.SUBMITTED, S.ADMISSIBLE, S.SHORTLISTED)
HANDED_IN = (S.SUBMITTED, S.ADMISSIBLE, S.INADMISSIBLE, S.SHORTLISTED, S.DECLINED, S.LAUREATE)

SUBMISSION = Workflow(
    initial=S.DRAFT,
    transitions=(
        transition(
            "submit",
            [S.DRAFT],
            S.SUBMITTED,
            "calls.submit_submission",
            _("Submit"),
            pgettext_lazy("journal", "submits"),
        ),
        transition(
            "withdraw",
            [S.DRAFT, *IN_THE_RUNNING],
            S.WITHDRAWN,
            "calls.withdraw_submission",
            _("Withdraw"),
            pgettext_lazy("journal", "withdraws"),
        ),
        transition(
            "admit",
            [S.SUBMITTED],
            S.ADMISSIBLE,
            "calls.screen_submission",
            _("Declare admissible"),
            pgettext_lazy("journal", "declares admissible"),
        ),
        transition(
            "refuse",
            [S.SUBMITTED],
            S.INADMISSIBLE,
            "calls.screen_submission",
            _("Declare not admissible"),
            pgettext_lazy("journal", "declares not admissible"),
            needs_reason=True,
        ),
        transition(
            "shortlist",
            [S.ADMISSIBLE],
            S.SHORTLISTED,
            "calls.apply_decision",
            _("Shortlist"),
            pgettext_lazy("journal", "shortlists"),
        ),
        transition(
            "decline",
            [S.ADMISSIBLE, S.SHORTLISTED],
            S.DECLINED,
            "calls.apply_decision",
            _("Do not select"),
            pgettext_lazy("journal", "does not select"),
        ),
        transition(
            "elect",
            [S.SHORTLISTED],
            S.LAUREATE,
            "calls.apply_decision",
            _("Name laureate"),
            pgettext_lazy("journal", "names laureate"),
        ),
    ),
)


class LetterState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("bulk message", "being written")
    PLANNED = "planned", pgettext_lazy("bulk message", "planned")
    HELD = "held", pgettext_lazy("bulk message", "held back")
    LEAVING = "leaving", pgettext_lazy("bulk message", "leaving")
    LEFT = "left", pgettext_lazy("bulk message", "written to everyone")
    CANCELLED = "cancelled", pgettext_lazy("bulk message", "cancelled")


L = LetterState
SEND, BY_ITSELF = "calls.send_letter", "calls.carry_letter"

LETTER = Workflow(
    initial=L.DRAFT,
    transitions=(
        transition("confirm", [L.DRAFT], L.PLANNED, SEND, _("Confirm"), pgettext_lazy("journal", "confirms")),
        transition("hold", [L.PLANNED], L.HELD, SEND, _("Hold back"), pgettext_lazy("journal", "holds a sending back")),
        transition("release", [L.HELD], L.PLANNED, SEND, _("Let go"), pgettext_lazy("journal", "lets a sending go")),
        transition(
            "reopen",
            [L.PLANNED, L.HELD],
            L.DRAFT,
            SEND,
            _("Take back to change"),
            pgettext_lazy("journal", "takes a message back to change it"),
        ),
        transition("begin", [L.PLANNED], L.LEAVING, BY_ITSELF, _("Begin"), pgettext_lazy("journal", "begins to write")),
        transition(
            "end", [L.LEAVING], L.LEFT, BY_ITSELF, _("End"), pgettext_lazy("journal", "has written to everyone")
        ),
        transition(
            "cancel",
            [L.PLANNED, L.HELD, L.LEAVING, L.LEFT],
            L.CANCELLED,
            SEND,
            _("Cancel the message"),
            pgettext_lazy("journal", "calls a sending off"),
        ),
    ),
)
