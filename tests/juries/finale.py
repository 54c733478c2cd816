"""A finale to test with: six finalists, a chair, voices, an agent, and a frozen standing."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.digests import digest
from bethune_smartcity.lifecycle.moves import move
from calls.models import Call, Submission
from calls.workflow import SubmissionState as S
from juries.models import Assignment, Juror, Panel, Sheet, Standing, StandingLine
from tests.factories.accounts import StructureFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of

TO = ("open", "lock", "disclose", "deliberate")
SCORES = (17.2, 15.04, 14.63, 14.13, 12.11, 11.71)


@dataclass
class Finale:
    call: Call
    panel: Panel
    agent: Any
    chair: Any
    secretary: Any
    jurors: list[Juror]
    finalists: list[Submission] = field(default_factory=list)

    @property
    def juror(self):
        """A juror with a voice who leads nothing."""
        return self.jurors[-1].user

    def reach(self, act: str) -> Panel:
        """Move the panel by its acts up to `act`; the lock freezes the standing."""
        for name in TO[: TO.index(act) + 1]:
            if name == "lock":
                freeze(self.panel, self.finalists)
            move(self.panel, name, by=SYSTEM)
        return self.panel

    def attend(self) -> None:
        self.panel.jurors.update(is_present=True)


def a_finale(n: int = 6, *, voices: int = 5, stage: str = Panel.Stage.FINALE, **panel: Any) -> Finale:
    """`n` applications waiting for the panel's decision: finalists, public since yesterday, or admissible ones."""
    call = CallFactory(closed=True, form=False)
    agent = agent_of(call)
    waiting = _waiting(call, n, is_finale=stage == Panel.Stage.FINALE)
    panel.setdefault("places", 3)
    panel.setdefault("quorum", 3)
    made = Panel.objects.create(call=call, stage=stage, **panel)
    chair = Juror.objects.create(panel=made, user=UserFactory(), is_chair=True, has_voice=False, capacity="mayor")
    secretary = Juror.objects.create(panel=made, user=UserFactory(), is_secretary=True, has_voice=False)
    jurors = [Juror.objects.create(panel=made, user=UserFactory()) for _n in range(voices)]
    for juror in jurors:
        Assignment.objects.bulk_create(Assignment(juror=juror, submission=one) for one in waiting)
        Sheet.objects.bulk_create(Sheet(juror=juror, submission=one, private_note="between us") for one in waiting[:1])
    return Finale(call, made, agent, chair.user, secretary.user, jurors, waiting)


def _waiting(call: Call, n: int, *, is_finale: bool) -> list[Submission]:
    """Applications as screening, or the reading, left them (written at once: their history is not this test's)."""
    pillar, now = call.pillars.first(), clock.now()
    decided = {"former_state": S.ADMISSIBLE, "decision_public_at": now - timedelta(hours=2)} if is_finale else {}
    return Submission.objects.bulk_create(
        Submission(
            call=call,
            structure=StructureFactory(),
            title=f"Finalist {i}",
            one_line="A project in one line.",
            pillar=pillar,
            state=S.SHORTLISTED if is_finale else S.ADMISSIBLE,
            number=f"{call.number_prefix}-{i:04d}",
            submitted_at=call.closes_at - timedelta(hours=1),
            **decided,
        )
        for i in range(1, n + 1)
    )


def freeze(panel: Panel, order: list[Submission], scores: Any = SCORES) -> Standing:
    """A standing of `order`, as locking would freeze it; equal scores share their rank."""
    keys, figures = [str(one.pk) for one in order], {"sheets": 5 * len(order)}
    standing = Standing.objects.create(panel=panel, inputs={}, figures=figures, digest=digest(keys))
    scores = [*scores, *(10 - i / 100 for i in range(len(order)))][: len(order)]
    StandingLine.objects.bulk_create(
        StandingLine(
            standing=standing,
            submission=one,
            order=i,
            rank=1 + sum(other > score for other in scores),
            sheets=5,
            mean=score,
            adjusted=score,
            margin=0.45,
            band="solid",
            spread=1.1,
        )
        for i, (one, score) in enumerate(zip(order, scores, strict=True), start=1)
    )
    return standing
