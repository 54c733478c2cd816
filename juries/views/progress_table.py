"""The board as a table to keep: who has handed in what, never a mark."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views import View

from bethune_smartcity.core.exports import csv_answer
from bethune_smartcity.lifecycle.moves import record
from juries.models import Expertise
from juries.queries.progress import Board, BoardRow, Cell, Load, board

from .agent import OnOrganised
from .plan_rules import load_words, row_words

WHOLE = 100_000


class ProgressTable(OnOrganised, View):
    """Juror × application with what is done of each sheet; the journal says that it left, and of how many jurors."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        panel = self.object
        found = board(panel, request.user, per_page=WHOLE)
        record(panel, "export", by=request.user, data={"applications": len(found.rows), "jurors": len(found.loads)})
        return csv_answer(f"{panel.call.slug}-{panel.stage}-avancement", header(found), lines(found))


def header(found: Board) -> list[str]:
    """The columns: the application, each juror, then how many sheets are handed in and expected; of a reading also its
    pillars, how many of its readers know one of them, and what it lacks.
    """
    names = [str(juror) for juror in found.jurors]
    planned = [_("Pillars"), _("Inside"), _("Outside"), _("To check")] if found.wanted else []
    return [_("No."), _("Application"), *names, _("Sheets handed in"), _("Sheets expected"), *planned]


def lines(found: Board) -> Iterator[list[Any]]:
    """One line for each application, then one for what each juror has handed in and one for what is expected; of a
    reading also for what they know, their most and what is to check.
    """
    words = _words()
    for row in found.rows:
        cells = [words[cell.state] if shows(cell) else "" for cell in row.cells]
        planned = [", ".join(row.pillars), *_sides(found, row), " ".join(row_words(found, row))]
        own = [row.submission.number, row.submission.title, *cells, row.handed_in, row.expected]
        yield [*own, *(planned if found.wanted else [])]
    yield ["", _("Sheets handed in"), *(load.handed_in for load in found.loads), found.handed_in, ""]
    yield ["", _("Sheets expected"), *(load.expected for load in found.loads), "", found.expected]
    if found.wanted:
        yield ["", _("At most"), *("" if load.most is None else load.most for load in found.loads)]
        yield ["", _("At home in"), *(_known(load, Expertise.Level.PRIMARY) for load in found.loads)]
        yield ["", _("Acquainted with"), *(_known(load, Expertise.Level.SECONDARY) for load in found.loads)]
        yield ["", _("To check"), *(" ".join(load_words(load)) for load in found.loads)]


def _sides(found: Board, row: BoardRow) -> list[Any]:
    """Readers from inside and from outside, empty where nothing is known of what jurors know."""
    return [row.insiders, row.outsiders] if found.is_sided else ["", ""]


def _known(load: Load, level: str) -> str:
    return ", ".join(each.pillar for each in load.knows if each.kind == level)


def shows(cell: Cell) -> bool:
    """Whether something is to be said of it: nothing is of a reading that is asked of nobody any more."""
    return cell.state != "none" and (cell.is_expected or cell.state in {"recused", "abstained"})


def _words() -> dict[str, str]:
    return {
        "empty": _("to do"),
        "draft": _("begun"),
        "handed_in": _("handed in"),
        "abstained": _("abstains"),
        "recused": _("stands aside"),
    }
