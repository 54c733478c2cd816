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
