"""The ladders of calls as they stand: the rungs chosen, the steps they make, and what will leave."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Step
from bethune_smartcity.notifications.planners import Foreseen
from bethune_smartcity.notifications.rungs import Rung, rung_in
from bethune_smartcity.notifications.steps import Sending, StepHandle, rows_of
from calls.ladders import Ladder, Target
from calls.models import Call, Reminder

from .calls import announced

State = Step.State


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
    found = {call: {rung.code: Chosen(rung) for rung in ladder.defaults} for call in calls}
    for row in Reminder.objects.filter(ladder=ladder.name, call__in=calls):
        rung = rung_in(row.code)
        if rung and row.is_on:
            found[row.call_id][row.code] = Chosen(rung, row.since)
        else:
            found[row.call_id].pop(row.code, None)
    return {call: sorted(rungs.values(), key=lambda one: one.rung.hours) for call, rungs in found.items()}


@dataclass(frozen=True)
class Planned:
    """A step of a ladder for one target, with its row when it has one."""

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
    targets = list(targets)
    chosen = chosen_rungs(ladder, {target.call.pk for target in targets}) if targets else {}
    made = [(target, target.sending(ladder, one.rung), one) for target in targets for one in chosen[target.call.pk]]
    rows = rows_of(sending for _target, sending, _one in made)
    found = [
        Planned(target, sending, rows.get(sending.key), one.is_kept(sending.at, target))
        for target, sending, one in made
    ]
    return sorted(found, key=lambda step: (step.at, step.sending.rung.hours))


def page_of(call: Call) -> str:
    """Where the ladders of `call` are chosen."""
    return reverse("calls:ladders", kwargs={"slug": call.slug})


def foresee(ladder: Ladder, user: Any, since: datetime, until: datetime) -> Iterator[Foreseen]:
    """The steps of `ladder` that leave between those instants, on the calls where `user` sees it."""
    calls = announced(since).filter(pk__in=ladder.seen_by(user))
    steps = [step for step in steps_of(ladder, ladder.targets(calls, since)) if step.is_coming(since, until)]
    if not steps:
        return
    counts = ladder.counts([step.target for step in steps])
    run = set(ladder.run_by(user).values_list("call", flat=True))
    for step in steps:
        yield _foreseen(ladder, step, counts.get(step.target.subject.pk, 0), is_run=step.target.call.pk in run)


def _foreseen(ladder: Ladder, step: Planned, count: int, *, is_run: bool) -> Foreseen:
    call = step.target.call
    return Foreseen(
        ref=step.sending.ref,
        at=step.at,
        what=kind_named(ladder.kind).label,
        to=ladder.people(count),
        count=count,
        why=ladder.why(step.sending.rung),
        about=call.title,
        url=page_of(call),
        handle=StepHandle(step.sending, ladder.permission, call) if is_run else None,
        is_held=step.state == State.HELD,
    )
