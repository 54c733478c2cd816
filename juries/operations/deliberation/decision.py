"""Settling the decision, when nothing lacks any more, and writing the minutes it is signed on."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import move
from juries.aside import kept_from
from juries.models import Minutes, Panel
from juries.operations.checks import held

from .desk import Desk, Gap
from .minutes import write_content
from .proposals import awaiting
from .reopening import drop_withdrawn


def gaps(panel: Panel, viewer: Any = None) -> list[Gap]:
    """What the decision of `panel` still lacks, one sentence each; empty when it can be settled.

    `viewer`: nothing is told of what that person stands aside from.
    """
    return Desk.load(panel, aside=kept_from(panel, viewer)).gaps


@transaction.atomic
def decide(panel: Panel, *, by: Any) -> Panel:
    """Settle the jury's proposals and write the minutes, ready to be signed.

    Returns the panel. Raises Forbidden, or Conflict with every sentence of what is still lacking: quorum, a proposal
    for each application, a reason for each departure from the ranking or the announcement, the public vote.
    """
    held(panel)  # first: a proposal written meanwhile would slip past the check
    drop_withdrawn(panel)
    panel = move(panel, "decide", by=by, guard=partial(_check_complete, by=by))
    content = write_content(Desk.load(panel))
    Minutes.objects.update_or_create(
        panel=panel, defaults={"content": content, "digest": digest(content), "written_at": clock.now()}
    )
    return panel


def _check_complete(panel: Panel, *, by: Any) -> None:
    desk = Desk.load(panel, aside=kept_from(panel, by))
    if desk.gaps:
        raise Conflict(desk.gaps[0].code, " ".join(gap.sentence for gap in desk.gaps))
    late = awaiting(panel).exclude(pk__in=[one.submission_id for one in desk.proposals])
    waiting = list(late.values_list("pk", "title"))
    titles = [title for pk, title in waiting if pk not in desk.aside][:5]
    if titles:
        sentence = _("Applications declared admissible since wait for a reading: %s.")
        raise Conflict("unread", sentence % ", ".join(titles))
    if waiting:
        raise Conflict("unread", _("An application declared admissible since waits for a reading."))
