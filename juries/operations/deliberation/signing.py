"""Signing the minutes: checked against their digest, frozen with a new one; private notes and debate are destroyed."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import is_system
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move
from juries.models import Juror, Minutes, Panel, Sheet

from .debate import forget
from .reopening import check_all_there


@transaction.atomic
def sign(panel: Panel, *, by: Any) -> Minutes:
    """Sign the minutes of a decided panel, for good, and destroy its jurors' private notes and their debate.

    Returns the minutes. Raises Forbidden or Conflict (not decided, an application of the decision withdrawn since, or
    the content no longer has its digest).
    """
    minutes = Minutes.objects.select_for_update().filter(panel=panel).first()
    if minutes is None:
        raise Conflict("no_minutes", _("There are no minutes to sign yet."))
    if digest(minutes.content) != minutes.digest:
        raise Conflict("minutes_altered", _("These minutes are not those that were written: they cannot be signed."))
    move(panel, "sign", by=by, guard=partial(check_all_there, by=by), data={"written": minutes.digest})
    person, moment = (by.on_behalf_of if is_system(by) else by), clock.now()
    minutes.content["signatures"] = [_signature(panel, person, moment)]
    minutes.digest, minutes.signed_at, minutes.signed_by = digest(minutes.content), moment, person
    minutes.save(update_fields=["content", "digest", "signed_at", "signed_by"])
    Sheet.objects.filter(juror__panel=panel).exclude(private_note="").update(private_note="")
    forget(panel)
    return minutes


def _signature(panel: Panel, person: Any, moment: Any) -> dict[str, str]:
    seat = Juror.objects.filter(panel=panel, user=person).first() if person else None
    return {
        "name": str(person or ""),
        "capacity": seat.capacity if seat else "",
        "at": moment.astimezone(clock.PARIS).isoformat(),
        "how": "login and confirmation",
    }
