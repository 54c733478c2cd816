"""After the close, agents say whether an application is admissible, or ask for a correction first."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import move, record
from calls import notices
from calls.models import Question, Submission
from calls.queries import filled_form
from calls.queries.corrections import LABELS, labels_of
from calls.workflow import SubmissionState

from .clarifications import check_text

MAX_REQUEST = 2000


def check_closed(submission: Submission) -> None:
    """Raise Conflict while applicants may still change what would be examined."""
    if submission.accepts_at(clock.now()):
        raise Conflict(
            "still_open",
            _("The call is open until %(when)s: applications are examined after the close.")
            % {"when": wording.deadline(submission.closes_at)},
        )


def check_no_delay_running(submission: Submission) -> None:
    """Raise Conflict while the applicant still has time to correct."""
    until = submission.correction_until
    if until is not None and clock.now() < until:
        raise Conflict(
            "correction_running",
            _("A correction is awaited until %(when)s.") % {"when": wording.deadline(until)},
        )


@transaction.atomic
def admit(submission: Submission, *, by: Any) -> Submission:
    """Declare `submission` admissible and tell its people. Returns it. Raises Forbidden or Conflict."""
    move(submission, "admit", by=by, guard=check_closed)
    notices.screened(submission)
    return submission


@transaction.atomic
def refuse(submission: Submission, *, reason: str, by: Any) -> Submission:
    """Declare `submission` not admissible and tell its people why.

    Returns it. Raises Forbidden, Invalid (no reason) or Conflict.
    """

    def guard(seen: Submission) -> None:
        check_closed(seen)
        check_no_delay_running(seen)

    move(submission, "refuse", by=by, guard=guard, reason=reason)
    notices.screened(submission, reason=reason.strip())
    return submission


def check_fields(fields: Collection[str], asked: list[Question]) -> list[str]:
    """`fields`, each once, in the order of the form, which asks the questions `asked`.

    Raises Invalid unless each is one a correction may reopen.
    """
    known = [*LABELS, *(question.field_name for question in asked)]
    if not fields:
        raise Invalid("no_field", _("Tick at least one answer to correct."), field="fields")
    if not set(fields) <= set(known):
        raise Invalid("unknown_field", _("Choose among the answers of this application."), field="fields")
    return [name for name in known if name in fields]


@transaction.atomic
def ask_for_correction(
    submission: Submission, *, request: str, fields: Collection[str], until: datetime, by: Any
) -> Submission:
    """Reopen `fields` of `submission` until the aware, exclusive instant `until`, and say what to correct.

    They are named as in `calls.queries.corrections`; what hangs on an answer reopens with it, the rest stays closed.
    Returns it. Raises Forbidden, Invalid or Conflict.
    """
    require(by, "calls.screen_submission", submission)
    check_closed(submission)
    request = check_text(request, MAX_REQUEST, "request")
    if until <= clock.now():
        raise Invalid("past", _("Choose an instant to come."), field="until")
    asked = filled_form(submission).asked().in_order()
    names = check_fields(fields, asked)
    stamps = {"correction_request": request, "correction_until": until, "correction_fields": names}
    waiting = Submission.objects.filter(pk=submission.pk, state=SubmissionState.SUBMITTED)
    if not waiting.update(**stamps):
        raise Conflict("already_screened", _("This application was already examined."))
    submission.correction_request, submission.correction_until = request, until
    submission.correction_fields = names
    data = {"until": until.isoformat(), "fields": names}
    record(submission, "ask_for_correction", by=by, reason=request, data=data)
    notices.correction_asked(submission, lazy(lambda: list(labels_of(names, asked)), list)())
    return submission
