"""The debate: it opens on the disclosed standing, and motions are put to the vote of those present."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import move, record
from juries.aside import names_kept_from, speaks_of
from juries.models import Juror, Motion, Panel
from juries.workflow import PanelState


def deliberate(panel: Panel, *, by: Any) -> Panel:
    """Open the deliberation on a disclosed standing. Returns the panel. Raises Forbidden or Conflict."""
    return move(panel, "deliberate", by=by)


def check_deliberating(panel: Panel) -> None:
    """Raise Conflict unless the panel deliberates."""
    if panel.state != PanelState.DELIBERATION:
        raise Conflict("not_deliberating", _("This belongs to the deliberation."))


@transaction.atomic
def put_motion(
    panel: Panel, text: str, *, votes_for: int, votes_against: int, abstentions: int = 0, casting: str = "", by: Any
) -> Motion:
    """Record a motion and the vote of the voices present on it; `casting`, "for" or "against", is the chair's where
    votes are equal, and without it such a motion is not carried.

    Returns the motion. Raises Forbidden (also when it names an application `by` stands aside from), Invalid (no text,
    more votes than voices present, a casting vote without a tie or without the chair) or Conflict.
    """
    require(by, "juries.chair_panel", panel)
    check_deliberating(panel)
    text = " ".join(text.split())
    if not text or len(text) > 250:
        raise Invalid("bad_motion", _("Word the motion, in 250 characters at most."), field="text")
    check_plain(text, field="text")
    if speaks_of(text, names_kept_from(panel, by)):
        raise Forbidden("stands_aside", _("You stand aside from an application that this motion names."))
    if min(votes_for, votes_against, abstentions) < 0:
        raise Invalid("bad_votes", _("Votes are counted from 0."), field="votes_for")
    present = Juror.objects.filter(panel=panel, has_voice=True, is_present=True).count()
    cast = votes_for + votes_against + abstentions
    if not 0 < cast <= present:
        sentence = _("%(cast)s votes were counted, and %(present)s voices are present.")
        raise Invalid("bad_votes", sentence % {"cast": cast, "present": present}, field="votes_for")
    if casting:
        _check_casting(panel, casting, is_tied=votes_for == votes_against)
    counts = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": abstentions}
    motion = Motion.objects.create(panel=panel, text=text, casting=casting, **counts)
    told = {"casting": casting} if casting else {}
    record(panel, "put_motion", by=by, data={"motion": motion.pk, "for": votes_for, "against": votes_against, **told})
    return motion


def _check_casting(panel: Panel, casting: str, *, is_tied: bool) -> None:
    """Raise Invalid unless the chair, present, may part equal votes."""
    if casting not in Motion.Casting.values:
        raise Invalid("bad_casting", _("A casting vote is for or against."), field="casting")
    if not is_tied:
        raise Invalid("no_tie", _("The chair’s casting vote parts equal votes, and these are not."), field="casting")
    if not Juror.objects.filter(panel=panel, is_chair=True, is_present=True).exists():
        raise Invalid("no_chair", _("The casting vote is the chair’s, who is not marked as present."), field="casting")
