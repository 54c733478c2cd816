"""Links that wait for the answer of who leads: who may give it, and how they are told of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from juries.models import Juror, Panel, Recusal
from juries.operations.checks import SEATING
from juries.queries.hints import hints
from juries.queries.seats import Aside
from juries.queries.unanswered import unanswered
from juries.workflow import SETTLED


@dataclass(frozen=True)
class Told:
    """A recusal as a page shows it: what the register holds of it and, while it waits, who answers it."""

    recusal: Recusal
    may_answer: bool
    hints: Sequence[str] = ()
    waits_for: str = ""


def told_recusals(panel: Panel, recusals: Sequence[Recusal], seats: Sequence[Juror], viewer: Any) -> list[Told]:
    """`recusals` in force on `panel`, whose jurors are `seats`, as `viewer` reads them. One statement where some wait
    for the viewer's answer, none otherwise.
    """
    leads = [seat for seat in seats if (seat.is_chair or seat.is_secretary) and seat.left_at is None]
    is_lead = any(seat.user_id == viewer.pk for seat in leads) and panel.state not in SETTLED
    waiting = [one for one in recusals if not one.confirmed_at and not one.is_over]  # type: ignore[attr-defined]
    mine = [one for one in waiting if is_lead and one.juror.user_id != viewer.pk]
    known = hints((one.juror, one.submission_id) for one in mine if one.submission_id)
    return [
        Told(one, one in mine, known.get((one.submission_id, one.juror_id), ()), _waits_for(panel, one, leads))
        for one in recusals
    ]


def _waits_for(panel: Panel, recusal: Recusal, leads: Iterable[Juror]) -> str:
    """Who is still to answer: never whoever declared it."""
    if panel.state in SETTLED or recusal.is_over:  # type: ignore[attr-defined]
        return _("never answered")
    others = [seat for seat in leads if seat.user_id != recusal.juror.user_id]
    if any(seat.is_chair for seat in others):
        return _("the chair has still to answer")
    if others:
        return _("the secretary has still to answer")
    if panel.state in SEATING:
        return _("nobody else leads: a secretary, once named, answers")
    return _("nobody else leads: it holds as a link")


def links_told(jurors: Sequence[Juror], viewer: Any) -> list[str]:
    """A sentence for each link of `jurors` (from `jurors_of`) that waits, without naming one with what `viewer`, who
    leads them, stands aside from as well.
    """
    own = {aside.submission for juror in jurors if juror.user_id == viewer.pk for aside in juror.asides}
    waiting = unanswered(jurors)
    named = [(juror, one) for juror, one in waiting if one.submission not in own or juror.user_id == viewer.pk]
    told = [_link_told(juror, one) for juror, one in named]
    n = len(waiting) - len(named)
    words = ngettext(
        "%(n)d link with an application from which you stand aside has no answer either.",
        "%(n)d links with applications from which you stand aside have no answer either.",
        n,
    )
    return [*told, words % {"n": n}] if n else told


def _link_told(juror: Juror, link: Aside) -> str:
    words = {"juror": juror, "title": link.title or _("the whole session"), "category": link.category_label}
    return _("No answer to the link of %(juror)s: %(title)s, %(category)s.") % words
