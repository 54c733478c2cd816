"""A jury at work: panel, jurors, applications before it, sheets. Everything goes through the operations."""

from dataclasses import dataclass, field
from decimal import Decimal

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for
from calls.models import Call, Submission
from calls.operations import decisions
from juries.models import Assignment, Juror, Panel, Sheet
from juries.operations import panels, scoring
from juries.queries.panels import criteria_of

from .accounts import StructureFactory, UserFactory
from .calls import CallFactory, admitted, agent_of


@dataclass
class Jury:
    """A panel with everyone around it. The first juror chairs, with a voice."""

    call: Call
    panel: Panel
    agent: User
    jurors: list[Juror]
    submissions: list[Submission] = field(default_factory=list)

    @property
    def chair(self) -> User:
        return self.jurors[0].user

    def assignment(self, juror: int, submission: int) -> Assignment:
        return Assignment.objects.select_related("juror__panel__call", "juror__user", "submission").get(
            juror=self.jurors[juror], submission=self.submissions[submission]
        )


def seat(panel, by, user=None, **fields):
    """A juror of `panel`, a new person unless `user` is given."""
    juror = panels.seat(panel, user or UserFactory(), by=by, **fields)
    juror.panel = panel
    return juror


def finalist(call, by, structure=None, **described):
    """An application admitted and shortlisted."""
    submission = admitted(call, structure, by=by, **described)
    decisions.shortlist(submission, by=acting_for(by), public_at=clock.now())
    return submission


def prepared(stage="reading", *, jurors=3, applications=3, call=None, **settings):
    """A panel in preparation: everyone seated, nothing assigned."""
    call = call or CallFactory(closed=True)
    agent = agent_of(call)
    make = finalist if stage == "finale" else admitted
    submissions = [
        make(call, structure=StructureFactory(name=f"Structure {n}"), by=agent, title=f"Project {n}")
        for n in range(1, applications + 1)
    ]
    settings.setdefault("readings", min(3, jurors))
    panel = panels.create_panel(call, stage, by=agent, **settings)
    seats = [seat(panel, agent, is_chair=n == 0) for n in range(jurors)]
    return Jury(call, panel, agent, seats, submissions)


def ready(juror, submissions):
    """Let a juror accept the charter and declare no link with any of `submissions`."""
    panels.accept_charter(juror, by=juror.user)
    panels.declare_no_link(juror, submissions, by=juror.user)


def opened(stage="reading", **shape):
    """A panel whose sheets are open, charter accepted and no link declared by anyone."""
    jury = prepared(stage, **shape)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    return jury


def marks(panel, *values):
    """Those values on the criteria of `panel`, in order; one value stands for all."""
    criteria = list(criteria_of(panel))
    values = values * len(criteria) if len(values) == 1 else values
    return {criterion: Decimal(str(value)) for criterion, value in zip(criteria, values, strict=True)}


def write(assignment, *values, hand_in=True, **texts):
    """A sheet with those marks, handed in unless told otherwise. Returns it."""
    juror = assignment.juror
    given = marks(juror.panel, *values) if values else {}
    sheet = scoring.save_sheet(assignment, marks=given, by=juror.user, **texts)
    return scoring.hand_in(sheet, by=juror.user) if hand_in else sheet


def middling(_juror, _submission):
    """The mark of someone without an opinion."""
    return 3


def write_all(jury, value=middling):
    """Every sheet asked for, handed in; `value(juror, submission)` gives its mark from their places."""
    for row in Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel__call", "juror__user"):
        juror = [each.pk for each in jury.jurors].index(row.juror_id)
        submission = [each.pk for each in jury.submissions].index(row.submission_id)
        given = value(juror, submission)
        write(row, *(given if isinstance(given, tuple) else (given,)))


def locked(stage="reading", value=middling, **shape):
    """A panel whose marks are locked."""
    jury = opened(stage, **shape)
    write_all(jury, value)
    scoring.lock_panel(jury.panel, by=jury.chair)
    return jury


def disclosed(stage="reading", value=middling, **shape):
    """A panel whose standing the jury knows."""
    jury = locked(stage, value, **shape)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    return jury


def sheets_of(jury):
    return Sheet.objects.filter(juror__panel=jury.panel)
