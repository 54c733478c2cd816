"""The debate on one application: remarks of the members who do not stand aside, until the decision is settled."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import check_plain
from calls.models import Submission
from juries.models import Juror, Panel, Remark
from juries.operations.checks import held, require_state
from juries.queries.debate import is_declared
from juries.workflow import DEBATING

LONGEST = 2000


@transaction.atomic
def say(panel: Panel, submission: Submission, text: str, *, by: Any) -> Remark:
    """Say something of `submission` to the members of `panel` who do not stand aside from it. Returns the remark.

    The journal keeps nothing of it: the minutes alone tell of the deliberation. Raises Forbidden, Invalid (text) or
    Conflict (no link declared away yet, the standing is not disclosed, or the decision is settled).
    """
    require(by, "juries.debate", (panel, submission))
    if not is_declared(by, submission.pk):
        raise Conflict("declare_first", _("Say first whether a link exists between you and this application."))
    _check_debating(panel)
    text = text.replace("\r\n", "\n").strip()
    if not text or len(text) > LONGEST:
        raise Invalid("bad_remark", _("Write from 1 to %(n)s characters.") % {"n": LONGEST}, field="text")
    check_plain(text, field="text")
    seat = Juror.objects.get(panel=panel, user=by)
    return Remark.objects.create(panel=panel, submission=submission, juror=seat, text=text, at=clock.now())


@transaction.atomic
def take_back(remark: Remark, *, by: Any) -> None:
    """Take one's own remark back: nothing is left of it. Raises Forbidden or Conflict (the decision is settled)."""
    require(by, "juries.take_back_remark", remark)
    _check_debating(remark.panel)
    remark.delete()


def _check_debating(panel: Panel) -> None:
    sentence = _("The debate is open from the disclosure of the standing until the decision is settled.")
    require_state(held(panel), DEBATING, sentence)


def forget(panel: Panel) -> None:
    """Destroy what was said on `panel`, once its minutes are signed. The caller has checked that they are."""
    Remark.objects.filter(panel=panel).delete()
