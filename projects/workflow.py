"""The acts on a project, its milestones and its payments."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class PhotoState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("photograph", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("photograph", "Shown")
    REFUSED = "refused", pgettext_lazy("photograph", "Not shown")


class ReplicationState(models.TextChoices):
    RECEIVED = "received", pgettext_lazy("request", "Received")
    ANSWERED = "answered", pgettext_lazy("request", "Answered")
    CLOSED = "closed", pgettext_lazy("request", "Closed")


R = ProjectState
M = MilestoneState
Y = PaymentState
P = PhotoState
A = ReplicationState
RUN = "projects.run_project"
ANSWER = "projects.answer_replication"

PROJECT = Workflow(
    initial=R.FRAMING,
    transitions=(
        transition(
            "agree",
            [R.FRAMING],
            R.AGREEMENT,
            RUN,
            _("Sign the agreement"),
            pgettext_lazy("journal", "signs the agreement"),
        ),
        transition(
            "start_trial",
            [R.AGREEMENT, R.ADJUSTED],
            R.TRIAL,
            RUN,
            _("Start the trial"),
            pgettext_lazy("journal", "starts the trial"),
        ),
        transition(
            "evaluate",
            [R.TRIAL],
            R.EVALUATION,
            RUN,
            _("Start the evaluation"),
            pgettext_lazy("journal", "starts the evaluation"),
        ),
        transition(
            "deploy",
            [R.EVALUATION],
            R.DEPLOYED,
            RUN,
            _("Deploy"),
            pgettext_lazy("journal", "deploys"),
            needs_reason=True,
        ),
        transition(
            "adjust",
            [R.EVALUATION],
            R.ADJUSTED,
            RUN,
            _("Adjust"),
            pgettext_lazy("journal", "asks for adjustments"),
            needs_reason=True,
        ),
        transition(
            "stop",
            [R.FRAMING, R.AGREEMENT, R.TRIAL, R.EVALUATION, R.ADJUSTED],
            R.STOPPED,
            RUN,
            _("Stop"),
            pgettext_lazy("journal", "stops the project"),
            needs_reason=True,
        ),
    ),
)

MILESTONE = Workflow(
    initial=M.PLANNED,
    transitions=(
        transition(
            "report",
            [M.PLANNED],
            M.REPORTED,
            "projects.report",
            _("Report as reached"),
            pgettext_lazy("journal", "reports the step as reached"),
        ),
        transition("accept", [M.REPORTED], M.ACCEPTED, RUN, _("Accept"), pgettext_lazy("journal", "accepts the step")),
        transition(
            "ask_again",
            [M.REPORTED],
            M.PLANNED,
            RUN,
            _("Ask again"),
            pgettext_lazy("journal", "asks for the step again"),
            needs_reason=True,
        ),
    ),
)

PAYMENT = Workflow(
    initial=Y.PLANNED,
    transitions=(
        transition(
            "request",
            [Y.PLANNED],
            Y.REQUESTED,
            "projects.report",
            _("Request"),
            pgettext_lazy("journal", "requests the payment"),
        ),
        transition(
            "approve", [Y.REQUESTED], Y.APPROVED, RUN, _("Approve"), pgettext_lazy("journal", "approves the payment")
        ),
        transition(
            "pay",
            [Y.APPROVED],
            Y.PAID,
            RUN,
            _("Record as paid"),
            pgettext_lazy("journal", "records the payment as made"),
        ),
        transition(
            "cancel",
            [Y.PLANNED, Y.REQUESTED, Y.APPROVED],
            Y.CANCELLED,
            RUN,
            _("Cancel"),
            pgettext_lazy("journal", "cancels the payment"),
            needs_reason=True,
        ),
    ),
)

PHOTO = Workflow(
    initial=P.PROPOSED,
    transitions=(
        transition(
            "show",
            [P.PROPOSED, P.REFUSED],
            P.ACCEPTED,
            RUN,
            pgettext_lazy("photograph", "Show"),
            pgettext_lazy("journal", "shows the photograph"),
        ),
        transition(
            "hide",
            [P.PROPOSED, P.ACCEPTED],
            P.REFUSED,
            RUN,
            pgettext_lazy("photograph", "Do not show"),
            pgettext_lazy("journal", "does not show the photograph"),
            needs_reason=True,
        ),
    ),
)

REPLICATION = Workflow(
    initial=A.RECEIVED,
    transitions=(
        transition(
            "answer",
            [A.RECEIVED],
            A.ANSWERED,
            ANSWER,
            _("Answer the request"),
            pgettext_lazy("journal", "answers the request"),
        ),
        transition(
            "close",
            [A.RECEIVED, A.ANSWERED],
            A.CLOSED,
            ANSWER,
            _("Close the request"),
            pgettext_lazy("journal", "closes the request"),
            needs_reason=True,
        ),
    ),
)
