"""Whether what reached the server may still be written: asked by every act of applicants, answered in one place."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict
from calls.instants import to_the_second
from calls.models import Call, Submission
from calls.phases import accepts_at
from calls.queries.corrections import opened_fields
from calls.workflow import SubmissionState


def check_call_accepting(call: Call) -> None:
    """Raise Conflict unless what reaches the server now may start an application to `call`."""
    arrived = clock.arrived()
    if not accepts_at(call, arrived):
        _refuse(call, call.closes_at, arrived)


def check_accepting(submission: Submission) -> None:
    """Raise Conflict, naming the instant in Paris, unless what reaches the server now may still change `submission`."""
    arrived = clock.arrived()
    if not submission.accepts_at(arrived):
        _refuse(submission.call, submission.closes_at, arrived)


def _refuse(call: Call, end: datetime, arrived: datetime) -> None:
    if arrived < end:
        raise Conflict("not_open", _("The call opens on %(when)s.") % {"when": wording.instant(call.opens_at)})
    raise Conflict(
        "closed",
        _("The call is closed: applications were taken until %(when)s. Your request arrived on %(now)s.")
        % {"when": wording.deadline(end), "now": to_the_second(arrived)},
    )


def is_corrected(submission: Submission) -> bool:
    """Whether the answers are open, for what reaches the server now, to a correction asked for by the city."""
    return submission.correction_until is not None and clock.arrived() < submission.correction_until


def corrects(submission: Submission, field: str) -> bool:
    """Whether the city awaits now a correction of `field` of `submission`, which it named."""
    waits = submission.state == SubmissionState.SUBMITTED and is_corrected(submission)
    return waits and field in submission.correction_fields


def is_writable(submission: Submission) -> bool:
    """Whether the answers may be changed by what reaches the server now."""
    if submission.state == SubmissionState.SUBMITTED and is_corrected(submission):
        return True
    return submission.state in {SubmissionState.DRAFT, SubmissionState.SUBMITTED} and submission.accepts_at(
        clock.arrived()
    )


def check_writable(submission: Submission) -> None:
    """Raise Conflict unless `submission` may be written now: until the close, or while it is corrected."""
    if submission.state not in {SubmissionState.DRAFT, SubmissionState.SUBMITTED}:
        raise Conflict("not_writable", _("This application can no longer be changed."))
    if not is_writable(submission):
        check_accepting(submission)


def check_opened(submission: Submission, fields: Collection[str]) -> None:
    """Raise Conflict, at the first of `fields` that a correction does not reopen, unless all of them may be changed."""
    opened = opened_fields(submission)
    closed = [] if opened is None else [name for name in fields if name not in opened]
    if closed:
        sentence = _("This stays as you submitted it: the city asked for a correction of something else.")
        raise Conflict("not_reopened", sentence, field=closed[0])


def check_corrected(submission: Submission) -> None:
    """Raise Conflict unless the city awaits a correction at this instant."""
    if submission.state != SubmissionState.SUBMITTED or not is_corrected(submission):
        raise Conflict("no_correction", _("No correction is awaited."))
