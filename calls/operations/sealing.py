"""Sealed calls: what applications say stays closed to everyone but their own people until their seals are opened."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import record
from calls.models import Call, Submission
from calls.phases import end_told
from calls.queries import handed_in
from calls.workflow import SubmissionState

CONSEQUENCE = _(
    "From then on the call’s agents read what was submitted. The journal keeps who opened the applications, and when. "
    "Nobody gets more time to apply after that."
)


def seals_until(call: Call) -> datetime:
    """The exclusive instant until which the seals of `call` hold: when nobody may write to it any more, those given
    more time included, and no request sent in time is still on its way.
    """
    writing = Submission.objects.filter(call=call, state__in=(SubmissionState.DRAFT, SubmissionState.SUBMITTED))
    last: datetime | None = writing.order_by().aggregate(last=Max("extended_until"))["last"]
    return end_told(call, last) + timedelta(minutes=call.grace_minutes)


def check_seals(call: Call) -> None:
    """Raise Conflict unless the seals of `call` may be opened at this instant."""
    if not call.sealed:
        raise Conflict("not_sealed", _("This call is not sealed."))
    if call.unsealed_at is not None:
        raise Conflict("already_open", _("The applications are open already."))
    until = seals_until(call)
    if clock.now() < until:
        sentence = _("Applications may still arrive: they are opened from %(when)s on.")
        raise Conflict("still_sealed", sentence % {"when": wording.instant(until)})


def check_open(call: Call) -> None:
    """Raise Conflict while the seals of `call` hold."""
    if call.is_under_seal:
        raise Conflict("under_seal", _("The applications are sealed: nobody reads them until an agent opens them."))


@transaction.atomic
def open_seals(call: Call, *, by: Any) -> Call:
    """Let the agents of the sealed `call` read what was handed in, once nobody may write any more.

    Returns it. Raises Forbidden or Conflict.
    """
    require(by, "calls.open_seals", call)
    held = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    check_seals(held)
    held.unsealed_at = call.unsealed_at = clock.now()
    Call.objects.filter(pk=call.pk).update(unsealed_at=call.unsealed_at)
    record(call, "open_seals", by=by, data={"applications": handed_in(call).count()})
    return call
