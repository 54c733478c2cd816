"""The ladders of calls as they stand: the rungs chosen, the steps they make, and what will leave."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.statements import Among
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Step
from bethune_smartcity.notifications.planners import Edit, Foreseen
from bethune_smartcity.notifications.rungs import Rung, rung_in
from bethune_smartcity.notifications.steps import Sending, StepHandle, rows_of
from calls.ladders import Ladder, Target, ladders
from calls.models import Call, CallAgent, Reminder

from .calls import announced, rights_on_calls
from .message_texts import edits_of_text

State = Step.State
Aim = tuple[Ladder, Target]


@dataclass(frozen=True)
class Chosen:
    """A rung in force on a call; `since` when agents added it, None for one of the portal's own."""

    rung: Rung
    since: datetime | None = None

    def is_kept(self, at: datetime, target: Target) -> bool:
        """Whether it is to be told at `at`: neither past when it was chosen, nor before anyone could be told."""
        return not ((self.since and at < self.since) or (target.since and at < target.since))


def chosen_rungs(ladder: Ladder, calls: Collection[Any]) -> dict[Any, list[Chosen]]:
    """The rungs of `ladder` in force on the calls of those keys, the earliest first. One statement."""
    found = rungs_in_force([(ladder, call) for call in calls])
    return {call: found[ladder.name, call] for call in calls}


def rungs_in_force(pairs: Iterable[tuple[Ladder, Any]]) -> dict[tuple[str, Any], list[Chosen]]:
    """The rungs of each ladder in force on the call of that key, by their names and keys. One statement."""
    found = {(ladder.name, call): {rung.code: Chosen(rung) for rung in ladder.defaults} for ladder, call in pairs}
    for row in CHOSEN.fetch({call: None for _name, call in found}):
        rungs, rung = found.get((row.ladder, row.call_id), {}), rung_in(row.code)
        if rung and row.is_on:
            rungs[row.code] = Chosen(rung, row.since)
        else:
            rungs.pop(row.code, None)
    return {place: sorted(rungs.values(), key=lambda one: one.rung.hours) for place, rungs in found.items()}


CHOSEN = Among(
    lambda calls: Reminder.objects.filter(call__in=Call.objects.filter(pk__in=calls)).order_by("pk"), Call._meta.pk
)
"""What agents chose for the ladders of some calls."""


@dataclass(frozen=True)
class Planned:
    """A step of a ladder for one target, with its row when it has one."""

    ladder: Ladder
    target: Target
    sending: Sending
    row: Step | None
    is_kept: bool = True

    @property
    def at(self) -> datetime:
        """When it is due: at its rung's instant, or when an agent hastened it."""
        return self.row.at if self.row else self.sending.at

    @property
    def state(self) -> str:
        return self.row.state if self.row else State.PLANNED

    def is_coming(self, since: datetime, until: datetime) -> bool:
        """Whether it leaves between those instants, or waits for someone to let it go."""
        if self.target.is_over or not self.is_kept:
            return False
        waits = self.state == State.HELD or (self.row is not None and self.state == State.PLANNED)
        return (waits and self.at <= until) or (self.state == State.PLANNED and since < self.at <= until)


def steps_of(ladder: Ladder, targets: Iterable[Target]) -> list[Planned]:
    """Every step of `ladder` for `targets`, the earliest first. Two statements whatever their number."""
    return steps_in([(ladder, target) for target in targets])


def steps_in(aimed: Sequence[tuple[Ladder, Target]]) -> list[Planned]:
    """Every step of those ladders for their targets, the earliest first. Two statements whatever their number."""
    chosen = rungs_in_force((ladder, target.call.pk) for ladder, target in aimed)
    made = [
        (ladder, target, target.sending(ladder, one.rung), one)
        for ladder, target in aimed
        for one in chosen[ladder.name, target.call.pk]
    ]
    rows = rows_of(sending for _ladder, _target, sending, _one in made)
    found = [
        Planned(ladder, target, sending, rows.get(sending.key), one.is_kept(sending.at, target))
        for ladder, target, sending, one in made
    ]
    return sorted(found, key=lambda step: (step.at, step.sending.rung.hours))


def targets_of(aimed: Iterable[Ladder], calls: Callable[[Ladder], QuerySet[Call]], moment: datetime) -> list[Aim]:
    """What each ladder leads to in the `calls` it is looked at for. One statement, and for late ends two, for those
    ladders that read the same rows of the same calls.
    """
    rows: dict[Any, list[Any]] = {}
    found: list[Aim] = []
    for ladder in aimed:
        place = (ladder.dated, ladder.seen_by)
        if place not in rows:
            rows[place] = ladder.dated.rows(calls(ladder), moment)
        found += [(ladder, target) for target in ladder.targets(rows[place], moment)]
    return found


def page_of(call: Call) -> str:
    """Where the ladders of `call` are chosen."""
    return reverse("calls:ladders", kwargs={"slug": call.slug})


def foresee(user: Any, since: datetime, until: datetime) -> Iterator[Foreseen]:
    """The steps of every ladder that leave between those instants, on the calls where `user` sees it.

    As many statements as there are ladders, and a few; none grows with the calls.
    """
    aimed = targets_of(ladders(), lambda ladder: announced(since).filter(pk__in=ladder.seen_by(user)), since)
    coming = [step for step in steps_in(aimed) if step.is_coming(since, until)]
    by_ladder: dict[str, list[Planned]] = {}
    for step in coming:
        by_ladder.setdefault(step.ladder.name, []).append(step)
    worded = set(configured_by(user).values_list("call", flat=True)) if by_ladder else set()
    for steps in by_ladder.values():
        yield from _foreseen(steps[0].ladder, steps, user, worded)


def configured_by(user: Any) -> QuerySet[CallAgent]:
    """The rights by which `user` configures calls, and words their messages."""
    return rights_on_calls(user).filter(right=CallAgent.Right.CONFIGURE)


def _foreseen(ladder: Ladder, steps: list[Planned], user: Any, worded: set[Any]) -> Iterator[Foreseen]:
    """Steps of one ladder in words; what `user` may do with each goes with the calls on which they change it, or whose
    messages they word.
    """
    counts = ladder.counts([step.target for step in steps])
    run = worded if ladder.run_by is configured_by else {step.target.call.pk for step in steps}
    if ladder.run_by not in (ladder.seen_by, configured_by):
        run = set(ladder.run_by(user).values_list("call", flat=True))
    for step in steps:
        call, count = step.target.call, counts.get(step.target.place, 0)
        yield Foreseen(
            ref=step.sending.ref,
            at=step.at,
            what=kind_named(ladder.kind_of(step.sending.rung)).label,
            to=ladder.people(count),
            count=count,
            why=ladder.why(step.sending.rung),
            about=step.target.name or call.title,
            url=page_of(call),
            edits=(
                *(edits_of_text(call, ladder.text(step.sending.rung)) if call.pk in worded else ()),
                *((Edit(_("Change the reminders"), page_of(call)),) if call.pk in run else ()),
            ),
            handle=StepHandle(step.sending, ladder.permission, call) if call.pk in run else None,
            is_held=step.state == State.HELD,
        )
