"""How the last plan of readings stands, told on the board: steps, then sentences."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import wording
from juries.models import PlanRequest

from .stuck import stuck_words

State = PlanRequest.State


@dataclass(frozen=True)
class Step:
    """One step of a plan: `state` is done, now or next; `icon` shows the same without colour."""

    label: str
    state: str

    @property
    def icon(self) -> str:
        return {"done": "check-circle-fill", "now": "record-circle-fill"}.get(self.state, "circle")


@dataclass(frozen=True)
class PlanTold:
    """The steps of a plan asked for, then what there is to say of it: sentences, each with its tone."""

    steps: list[Step]
    sentences: list[tuple[str, str]]
    is_under_way: bool = False


def planned_words(pairs: int, added: int, removed: int) -> str:
    """What a plan came to."""
    text = ngettext(
        "%(n)d reading planned: %(added)d added, %(removed)d taken away.",
        "%(n)d readings planned: %(added)d added, %(removed)d taken away.",
        pairs,
    )
    return text % {"n": pairs, "added": added, "removed": removed}


def plan_told(request: PlanRequest, hidden: Collection[str] = ()) -> PlanTold:
    """How the last plan stands, whoever made it. `hidden`: keys of applications not to name."""
    return PlanTold(steps_of(request), _sentences(request, hidden), request.is_under_way)


def steps_of(request: PlanRequest) -> list[Step]:
    """Waiting, being computed, then how it ended."""
    ends = {State.REFUSED: _("Could not be made"), State.DONE: _("Done")}
    if request.state == State.DONE and request.told.get("lacking"):
        ends[State.DONE] = _("Made, and stuck")
    labels = [_("Waiting"), _("Being computed"), ends.get(State(request.state), _("Done"))]
    here = {State.WAITING: 0, State.RUNNING: 1}.get(State(request.state), len(labels) - 1)
    return [Step(label, "now" if n == here else "done" if n < here else "next") for n, label in enumerate(labels)]


def _sentences(request: PlanRequest, hidden: Collection[str]) -> list[tuple[str, str]]:
    if request.state == State.WAITING:
        sentence = _("The plan asked for at %(when)s is waiting for its turn.")
        return [("info", sentence % {"when": wording.hour(request.asked_at)})]
    if request.state == State.RUNNING:
        sentence = _("The plan asked for at %(when)s is being computed. Open this page again in a few minutes.")
        return [("info", sentence % {"when": wording.hour(request.asked_at)})]
    if request.state == State.REFUSED:
        return [("stop", request.refusal)]
    found = request.told
    said = [("ok", planned_words(found["pairs"], found["added"], found["removed"]))]
    if found["lacking"]:
        said.append(("warn", stuck_words(found, hidden)))
    return said
