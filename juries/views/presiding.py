"""What the chair's board shows beside the standing: the rail of states and the next act."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock, wording
from juries.aside import speaks_of
from juries.models import Motion, Panel
from juries.operations.deliberation import Desk, told_withdrawn
from juries.queries.board import Progress
from juries.queries.panels import began
from juries.queries.progress import Board
from juries.queries.running import Running
from juries.workflow import BEFORE_THE_LOCK, PANEL, PanelState

P = PanelState

COMING = {
    P.PREPARATION: "",
    P.OPEN: gettext_lazy("jurors mark"),
    P.LOCKED: gettext_lazy("marks closed"),
    P.DISCLOSED: gettext_lazy("the jury sees"),
    P.DELIBERATION: gettext_lazy("motions, votes"),
    P.DECIDED: gettext_lazy("decision settled"),
    P.SIGNED: gettext_lazy("minutes"),
    P.PROCLAIMED: gettext_lazy("at its hour"),
}


@dataclass(frozen=True)
class Station:
    """A state on the rail: done, now or next, with when it began or what it is for."""

    label: str
    state: str
    note: str


def rail(panel: Panel) -> list[Station]:
    """The eight states with the hour each began, from a panel read with them. No statement."""
    states, hours = list(PanelState), began(panel)
    here = states.index(PanelState(panel.state))
    return [_station(state, place - here, hours) for place, state in enumerate(states)]


def _station(state: PanelState, ahead: int, hours: Mapping[str, Any]) -> Station:
    if ahead > 0:
        return Station(str(state.label), "next", str(COMING[state]))
    at = hours.get(state)
    note = f"{wording.day(at)}, {wording.hour(at)}" if at else ""
    return Station(str(state.label), "now" if ahead == 0 else "done", note)


@dataclass(frozen=True)
class NextAct:
    """The one primary act of the board: where it leads, what it will do, what is missing."""

    title: str
    consequence: str
    url: str
    shape: str
    missing: list[str] = field(default_factory=list)
    is_late: bool = False


ACTS: dict[str, tuple[str, str, Any, Any]] = {
    P.PREPARATION: (
        "juries:open",
        "unlock-fill",
        gettext_lazy("Open the sheets"),
        gettext_lazy("Jurors read and mark. The criteria and the official score no longer change."),
    ),
    P.OPEN: (
        "juries:chair-lock",
        "lock-fill",
        gettext_lazy("Lock the marks"),
        gettext_lazy(
            "Closes every sheet and freezes the standing with its digest. Nobody sees a mark yet, nor do you. "
            "Going back takes a written reason."
        ),
    ),
    P.LOCKED: (
        "juries:chair-disclose",
        "eye",
        gettext_lazy("Disclose the standing"),
        gettext_lazy("Shows the frozen standing to the jury. Sheets can be reopened for a written reason only."),
    ),
    P.DISCLOSED: (
        "juries:chair-deliberate",
        "chat-dots",
        gettext_lazy("Open the deliberation"),
        gettext_lazy("Motions are put to the vote and proposals written down. Nothing is public."),
    ),
    P.DELIBERATION: (
        "juries:chair-decide",
        "check2-square",
        gettext_lazy("Settle the decision"),
        gettext_lazy(
            "Closes the motions, writes down who is kept, the amounts and the reasons, and draws up the minutes. "
            "Nothing is public before the proclamation."
        ),
    ),
    P.DECIDED: (
        "juries:chair-sign",
        "shield-check",
        gettext_lazy("Sign the minutes"),
        gettext_lazy(
            "Seals the minutes with their digest and destroys the jurors’ private notes, for good. "
            "Going back takes a written reason, then another signature."
        ),
    ),
    P.SIGNED: (
        "juries:chair-proclaim",
        "megaphone-fill",
        gettext_lazy("Proclaim"),
        gettext_lazy("Writes the decision down for every applicant, public at the hour you choose and not before."),
    ),
    P.PROCLAIMED: (
        "juries:chair-publish",
        "broadcast",
        gettext_lazy("Publish now"),
        gettext_lazy("Makes the decision public at once instead of at the hour chosen: page, states and messages."),
    ),
}


BACK = (
    "juries:chair-deliberate-again",
    "arrow-counterclockwise",
    gettext_lazy("Reopen the deliberation"),
    gettext_lazy(
        "The proposals stay, but those of an application withdrawn since, and the minutes no longer hold: the decision "
        "is settled and signed anew. The reason is written in the journal and in the minutes."
    ),
)
"""The act that comes next where an application of the decision was withdrawn since."""


def next_act(panel: Panel, missing: Sequence[str] = (), *, is_stuck: bool = False) -> NextAct | None:
    """The act that comes next; None once the decision is public. `is_stuck`: what was decided was withdrawn."""
    if panel.state == P.PROCLAIMED and (panel.publish_at is None or panel.publish_at <= clock.now()):
        return None
    name, shape, title, consequence = BACK if is_stuck else ACTS[panel.state]
    return NextAct(
        title=str(title),
        consequence=str(consequence),
        url=reverse(name, kwargs={"pk": panel.pk}),
        shape=shape,
        missing=list(missing),
        is_late=panel.state == P.OPEN,
    )


def stuck_on(desk: Desk) -> list[str]:
    """What keeps a decision from being signed or proclaimed: what was withdrawn since it was settled. No statement."""
    if desk.panel.state not in PANEL["deliberate_again"].sources:
        return []
    sentence = told_withdrawn([one.submission for one in desk.proposals], desk.aside)
    return [sentence] if sentence else []


def may_read_again(panel: Panel, found: Progress | Board) -> bool:
    """Whether a second reading can be offered: a reading under way whose first sheets are all handed in."""
    is_open = panel.stage == Panel.Stage.READING and panel.state == PanelState.OPEN
    return is_open and panel.second_begun_at is None and bool(found.expected) and not found.missing


def motions_told(panel: Any, desk: Desk, aside: Collection[UUID]) -> list[Motion]:
    """The motions of a `panel` read by `as_board`, each with the application it is `about` and what it says of its
    quorum (`short`), without those that concern or name one of `aside`. No statement.
    """
    ranked = {line.submission_id: line.submission for line in desk.ranking.lines}
    names = {name for key in aside if key in ranked for name in (ranked[key].number, ranked[key].title) if name}
    told: list[Any] = [one for one in panel.motions_told if one.submission_id not in aside]
    for one in told:
        one.about, one.short = ranked.get(one.submission_id), quorum_lacked(one.present, one.quorum)
    return [one for one in told if not speaks_of(one.text, names)]


def quorum_lacked(present: int | None, needed: int | None) -> str:
    """What is said of a vote at which too few voices were there; empty for the others, and where it is not known."""
    if present is None or needed is None or present >= needed:
        return ""
    words = {"present": present, "needed": needed}
    return _("the quorum was not reached at this vote: voices present %(present)s, quorum %(needed)s") % words


def may_draw(panel: Panel, order: Running | None) -> bool:
    """Whether the running order of `panel`, `order` where it is drawn, may be drawn or drawn again."""
    return panel.stage == Panel.Stage.FINALE and panel.state in BEFORE_THE_LOCK and not (order and order.has_begun)
