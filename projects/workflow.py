"""The acts on a project, its milestones and its payments."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.lifecycle.workflow import Workflow, transition


class ProjectState(models.TextChoices):
    FRAMING = "framing", _("Framing")
    AGREEMENT = "agreement", _("Agreement")
    TRIAL = "trial", _("Trial")
    EVALUATION = "evaluation", _("Evaluation")
    DEPLOYED = "deployed", _("Deployed")
    ADJUSTED = "adjusted", _("To be adjusted")
    STOPPED = "stopped", _("Stopped")


class MilestoneState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    REPORTED = "reported", _("Reported")
    ACCEPTED = "accepted", _("Done")


class PaymentState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    CANCELLED = "cancelled", _("Cancelled")


R = ProjectState
M = MilestoneState
Y = PaymentState
RUN = "projects.run_project"

PROJECT = Workflow(
    initial=R.FRAMING,
    transitions=(
        transition("agree", [R.FRAMING], R.AGREEMENT, RUN, _("Sign the agreement")),
        transition("start_trial", [R.AGREEMENT, R.ADJUSTED], R.TRIAL, RUN, _("Start the trial")),
        transition("evaluate", [R.TRIAL], R.EVALUATION, RUN, _("Start the evaluation")),
        transition("deploy", [R.EVALUATION], R.DEPLOYED, RUN, _("Deploy"), needs_reason=True),
        transition("adjust", [R.EVALUATION], R.ADJUSTED, RUN, _("Adjust"), needs_reason=True),
        transition(
            "stop",
            [R.FRAMING, R.AGREEMENT, R.TRIAL, R.EVALUATION, R.ADJUSTED],
            R.STOPPED,
            RUN,
            _("Stop"),
            needs_reason=True,
        ),
    ),
)

MILESTONE = Workflow(
    initial=M.PLANNED,
    transitions=(
        transition("report", [M.PLANNED], M.REPORTED, "projects.report", _("Report as reached")),
        transition("accept", [M.REPORTED], M.ACCEPTED, RUN, _("Accept")),
        transition("ask_again", [M.REPORTED], M.PLANNED, RUN, _("Ask again"), needs_reason=True),
    ),
)

PAYMENT = Workflow(
    initial=Y.PLANNED,
    transitions=(
        transition("request", [Y.PLANNED], Y.REQUESTED, "projects.report", _("Request")),
        transition("approve", [Y.REQUESTED], Y.APPROVED, RUN, _("Approve")),
        transition("pay", [Y.APPROVED], Y.PAID, RUN, _("Record as paid")),
        transition("cancel", [Y.PLANNED, Y.REQUESTED, Y.APPROVED], Y.CANCELLED, RUN, _("Cancel"), needs_reason=True),
    ),
)
