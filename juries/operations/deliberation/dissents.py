"""A juror's dissent, recorded during the deliberation so that the minutes print it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import record
from juries.models import Dissent, Juror, Recusal
from juries.operations.checks import held

from .motions import check_deliberating

LONGEST = 2000


@transaction.atomic
def record_dissent(juror: Juror, text: str, *, by: Any) -> Dissent | None:
    """Record in what `juror` dissents from the jury, in place of what was recorded before; no text takes it back.

    The juror does it, or who leads the panel at their word. Returns the dissent, None without one. Raises Forbidden,
    Invalid (text) or Conflict (no deliberation; a member without a voice, or who stands aside from the session).
    """
    require(by, "juries.record_dissent", juror)
    panel = held(juror.panel)
    check_deliberating(panel)
    if not juror.has_voice:
        raise Conflict("no_voice", _("This member of the panel has no voice."))
    if Recusal.objects.filter(juror=juror, submission=None).exists():
        raise Conflict("stands_aside", _("Who stands aside from the session takes no part in its deliberation."))
    if getattr(by, "pk", None) != juror.user_id and Dissent.objects.filter(juror=juror).exists():
        raise Conflict("already_noted", _("This juror has a dissent noted already: they alone change it."))
    text = _checked(text)
    if not text:
        _take_back(juror, by=by)
        return None
    dissent, _new = Dissent.objects.update_or_create(
        juror=juror, defaults={"panel": panel, "text": text, "at": clock.now()}
    )
    record(panel, "record_dissent", by=by, data={"juror": juror.pk})
    return dissent


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid("too_long", _("Write at most %(n)s characters.") % {"n": LONGEST}, field="text")
    check_plain(text, field="text")
    return text


def _take_back(juror: Juror, *, by: Any) -> None:
    if Dissent.objects.filter(juror=juror).delete()[0]:
        record(juror.panel, "take_back_dissent", by=by, data={"juror": juror.pk})
