"""More time for one application, given by an agent for a reason: its people alone are told."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls import notices
from calls.models import Call, Submission
from calls.phases import Phase
from calls.workflow import SubmissionState

from .clarifications import check_text
from .reminders import carry_own_end

MAX_REASON = 2000
# More is no longer time made good for one: it is another close, for all.
LONGEST = timedelta(days=31)
EXTENDABLE = frozenset({SubmissionState.DRAFT, SubmissionState.SUBMITTED})


def check_extendable(submission: Submission) -> None:
    """Raise Conflict when `submission` can be given no more time."""
    call = submission.call
    if submission.state not in EXTENDABLE or call.phase not in {Phase.OPEN, Phase.CLOSED}:
        raise Conflict("not_writable", _("This application can no longer be changed."))
    if call.unsealed_at is not None:
        raise Conflict("unsealed", _("The applications to this call are open: nobody gets more time."))


def check_end(call: Call, until: datetime) -> None:
    """Raise Invalid, at its field, when an application to `call` cannot have the aware `until` as its own end."""
    if until <= clock.now():
        raise Invalid("past", _("Choose an instant to come."), field="until")
    if until <= call.closes_at:
        sentence = _("Choose an instant after the close of the call: %(when)s.")
        raise Invalid("before_close", sentence % {"when": wording.deadline(call.closes_at)}, field="until")
    if until > call.closes_at + LONGEST:
        sentence = _("Choose an instant at most %(n)d days after the close: beyond, move the close for all.")
        raise Invalid("too_long", sentence % {"n": LONGEST.days}, field="until")


@transaction.atomic
def extend(submission: Submission, *, until: datetime, reason: str, by: Any) -> Submission:
    """Let the people of `submission` write, hand in and withdraw until the aware, exclusive `until`; tell them why.

    Given again, it takes the place of the former end. Returns it. Raises Forbidden, Invalid or Conflict.
    """
    require(by, "calls.extend_submission", submission)
    reason = check_text(reason, MAX_REASON, "reason")
    # In the order in which handing in holds them: the application, then its call.
    held = Submission.objects.select_for_update(of=("self",)).select_related("call").get(pk=submission.pk)
    held.call = Call.objects.select_for_update(no_key=True).get(pk=held.call_id)
    check_extendable(held)
    check_end(held.call, until)
    submission.extended_until, submission.extension_reason = until, reason
    Submission.objects.filter(pk=submission.pk).update(extended_until=until, extension_reason=reason)
    record(submission, "extend", by=by, reason=reason, data={"until": until.isoformat()})
    if held.extended_until is not None:
        carry_own_end(held.call, before=held.extended_until, to=until, by=by)
    notices.extended(submission)
    return submission
