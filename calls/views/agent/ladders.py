"""The ladders of a call: which reminders leave, when and to how many; its agents choose."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import can, remembered
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedPage
from bethune_smartcity.notifications.models import Step
from bethune_smartcity.notifications.rungs import rung_in
from bethune_smartcity.notifications.steps import decided
from calls.followers import open_since
from calls.forms.ladders import RungForm
from calls.ladders import Ladder, Target, ladder_named, ladders
from calls.models import Call
from calls.notices import OPENS
from calls.operations.ladders import add_rung, remove_rung, reset_ladder
from calls.operations.reminders import DRAFTS
from calls.queries.ladders import Chosen, Planned, rungs_in_force, steps_in, targets_of

from .frame import OnCall, board_url

State = Step.State


@dataclass(frozen=True)
class Line:
    """A rung as the page tells it: "7 days before the close: Tuesday 5 January 2027 at 23:59, to 3 drafts"."""

    code: str
    why: str
    when: str = ""
    people: str = ""
    note: str = ""
    ref: str = ""
    is_held: bool = False


@dataclass(frozen=True)
class Board:
    """A ladder of the call: its lines, and the form that adds one for those who change it."""

    ladder: Ladder
    lines: list[Line]
    form: RungForm | None
    is_dated: bool
    is_own: bool


def lines_of(ladder: Ladder, chosen: list[Chosen], targets: list[Target], steps: list[Planned]) -> Iterator[Line]:
    """The rungs of a ladder, with what becomes of each where it leads everyone to one date."""
    common = [target for target in targets if not target.is_apart]
    if len(common) != 1:
        yield from (Line(one.rung.code, ladder.why(one.rung)) for one in chosen)
        return
    count = ladder.counts(common).get(common[0].place, 0)
    yield from (_line(ladder, step, count) for step in steps if step.target == common[0])


def _line(ladder: Ladder, step: Planned, count: int) -> Line:
    moment = clock.now()
    is_coming = step.is_coming(moment, max(step.at, moment))
    return Line(
        code=step.sending.rung.code,
        why=ladder.why(step.sending.rung),
        when=wording.day_and_hour(step.at),
        people=ladder.people(count) if is_coming else "",
        note="" if is_coming and step.state == State.PLANNED else note_on(step),
        ref=step.sending.ref if is_coming else "",
        is_held=step.state == State.HELD,
    )


def note_on(step: Planned) -> str:
    """What became of a step that does not wait for its instant."""
    if step.row is not None and step.state == State.WRITTEN:
        return _("left, messages written: %(n)s") % {"n": wording.number(step.row.told)}
    notes = {
        State.HELD: _("held back"),
        State.CANCELLED: _("called off"),
        State.DROPPED: _("not sent: too late"),
    }
    return notes.get(step.state, _("past: sends nothing"))  # type: ignore[call-overload]


def decided_on(call: Call) -> list[str]:
    """What is held back, or called off, of the sendings that follow the opening and the close of `call`, in words."""
    close = [
        (DRAFTS.why(rung), row) for row in decided(DRAFTS.name, call, call.closes_at) if (rung := rung_in(row.code))
    ]
    opening = [(_("the call opens"), row) for row in decided(OPENS, call, open_since(call))]
    parts = {State.HELD: _("held back"), State.CANCELLED: _("called off")}
    return [f"{why} ({parts[State(row.state)]})" for why, row in (*opening, *close)]


class Ladders(OnCall, GuardedPage):
    """Every ladder this agent sees on the call; POST adds a rung, takes one out, or goes back to the portal's own."""

    permission = "calls.see_call_board"
    template_name = "calls/agent/ladders.html"
    page_name = gettext_lazy("Reminders")
    faulty: RungForm | None = None

    def boards(self) -> list[Board]:
        call, moment = self.object, clock.now()
        seen = [ladder for ladder in ladders() if remembered(self.request, ladder.seen, call)]
        chosen = rungs_in_force([(ladder, call.pk) for ladder in seen])
        aimed = targets_of(seen, lambda _ladder: Call.objects.filter(pk=call.pk), moment)
        steps = steps_in(aimed)
        return [
            self.board(
                ladder,
                chosen[ladder.name, call.pk],
                [target for of, target in aimed if of is ladder],
                [step for step in steps if step.ladder is ladder],
            )
            for ladder in seen
        ]

    def board(self, ladder: Ladder, chosen: list[Chosen], targets: list[Target], steps: list[Planned]) -> Board:
        runs = remembered(self.request, ladder.permission, self.object)
        here = self.faulty if self.faulty is not None and self.faulty.ladder is ladder else None
        return Board(
            ladder=ladder,
            lines=list(lines_of(ladder, chosen, targets, steps)),
            form=(here or RungForm(ladder=ladder)) if runs else None,
            is_dated=bool(targets),
            is_own={one.rung for one in chosen} == set(ladder.defaults),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(boards=self.boards(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ladder = ladder_named(request.POST.get("ladder", ""))
        if ladder is None or not can(request.user, ladder.seen, self.object):
            raise Http404
        try:
            done = self.change(ladder, request.POST.get("act", ""))
        except DomainError as error:
            return self.refused(ladder, error)
        if not done:
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, done)
        return redirect(board_url(self.object, "ladders"))

    def change(self, ladder: Ladder, act: str) -> str:
        """Carry out what was asked for. Returns what to say of it; nothing when the form is at fault."""
        if act == "reset":
            reset_ladder(self.object, ladder, by=self.request.user)
            return _("The ladder has the portal’s own reminders again.")
        if act == "remove":
            rung = rung_in(self.request.POST.get("rung", ""))
            if rung is None:
                raise Http404
            remove_rung(self.object, ladder, rung, by=self.request.user)
            return _("The reminder is taken out.")
        self.faulty = RungForm(self.request.POST, ladder=ladder)
        if not self.faulty.is_valid():
            return ""
        add_rung(self.object, ladder, self.faulty.rung, by=self.request.user)
        return _("The reminder is planned.")

    def refused(self, ladder: Ladder, error: DomainError) -> HttpResponse:
        self.faulty = self.faulty or RungForm(self.request.POST, ladder=ladder)
        self.faulty.add_error(error.field if error.field in self.faulty.fields else None, str(error))
        return self.render_to_response(self.get_context_data(), status=error.status)
