"""One's own space says, for each application, what comes next and when, or that no date is known yet."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.portal.queries.applications import my_applications
from calls.models import Call, CallDate, Submission
from calls.operations import decisions, screening, submissions
from juries.models import Panel, Slot
from tests.factories import projects
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TO_COME = "still to come"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


class Way:
    """An application, brought to a state; `at` is the instant at which its people look."""

    def __init__(self, state):
        self.call = CallFactory()
        self.structure, self.agent = StructureFactory(), agent_of(self.call)
        self.at = clock.now() if state in {"draft", "submitted"} else self.call.closes_at + HOUR
        made = draft if state in {"draft", "draft closed"} else submitted
        self.submission = made(self.call, self.structure)
        with clock.at(self.at):
            for act in self.acts().get(state, ()):
                act()

    def acts(self):
        """What leads to each state that does not come by itself."""
        admit = lambda: screening.admit(self.submission, by=self.agent)  # noqa: E731
        decided = {"by": SYSTEM, "public_at": self.at}
        shortlist = lambda: decisions.shortlist(self.submission, **decided)  # noqa: E731
        until = self.at + 2 * DAY
        return {
            "withdrawn": [lambda: submissions.withdraw(self.submission, by=SYSTEM)],
            "corrected": [
                lambda: screening.ask_for_correction(
                    self.submission, request="Where?", fields=["title"], until=until, by=self.agent
                )
            ],
            "refused": [lambda: screening.refuse(self.submission, reason="Elsewhere.", by=self.agent)],
            "read": [admit],
            "declined": [admit, lambda: decisions.decline(self.submission, **decided)],
            "finalist": [admit, shortlist],
            "laureate": [admit, shortlist, lambda: decisions.elect(self.submission, **decided)],
        }

    def line(self):
        (line,) = my_applications(owner_of(self.structure), self.at)
        return line

    def step(self, label="Finalists named", after=3 * DAY, **fields):
        CallDate.objects.create(call=self.call, label=label, at=self.at + after, **fields)

    def examined_until(self, moment):
        Call.objects.filter(pk=self.call.pk).update(screening_until=moment)


ENDED = ("draft closed", "withdrawn", "refused", "declined")
WAITING = ("examined", "read", "finalist", "laureate")


@pytest.mark.parametrize("state", WAITING)
def test_without_any_date_it_says_so(state):
    assert TO_COME in Way(state).line().next


@pytest.mark.parametrize("state", WAITING)
def test_the_next_step_of_the_call_dates_what_follows(state):
    way = Way(state)
    way.step("Long past", after=-DAY)
    way.step("The end", after=30 * DAY)
    way.step()
    said = way.line().next
    assert f"Finalists named, {wording.day(way.at + 3 * DAY, weekday=True)}" in said
    assert "The end" not in said
    assert TO_COME not in said


@pytest.mark.parametrize("state", ENDED)
def test_where_nothing_follows_no_date_is_promised(state):
    way = Way(state)
    way.step()
    assert "Finalists named" not in way.line().next
    assert TO_COME not in way.line().next
    assert way.line().until is None


@pytest.mark.parametrize(
    ("state", "date"),
    [
        ("draft", lambda way: way.call.closes_at),
        ("submitted", lambda way: way.call.closes_at),
        ("corrected", lambda way: way.at + 2 * DAY),
    ],
)
def test_what_is_to_be_done_has_its_own_date_and_no_other(state, date):
    way = Way(state)
    way.step()
    line = way.line()
    assert line.until == date(way)
    assert wording.deadline(date(way)) in line.next
    assert "Finalists named" not in line.next
    assert TO_COME not in line.next


@pytest.mark.parametrize("state", ["submitted", "examined"])
def test_the_end_of_the_examination_is_told_until_it_is_over(state):
    way = Way(state)
    until = way.call.closes_at + 10 * DAY
    way.examined_until(until)
    assert wording.day(wording.last_minute(until)) in way.line().next
    way.at = until
    assert TO_COME in way.line().next


def test_more_time_of_ones_own_is_the_date_told():
    way = Way("draft")
    own = way.call.closes_at + 5 * DAY
    Submission.objects.filter(pk=way.submission.pk).update(extended_until=own, extension_reason="Illness.")
    assert way.line().until == own
    assert wording.deadline(own) in way.line().next


def finale(way, **fields):
    values = {"call": way.call, "stage": "finale"}
    return Panel.objects.create(**values | fields)


def test_a_finalist_reads_by_when_to_answer_then_the_day_then_the_hour():
    way = Way("finalist")
    panel = finale(way, deck_due_at=way.at + 2 * DAY)
    line = way.line()
    assert line.until == way.at + 2 * DAY
    assert wording.deadline(line.until) in line.next
    assert TO_COME not in line.next
    held = (way.at + 9 * DAY).astimezone(clock.PARIS).date()
    Panel.objects.filter(pk=panel.pk).update(held_from=held)
    assert wording.day(held, weekday=True) in way.line().next
    starts = way.at + 9 * DAY
    Slot.objects.create(panel=panel, submission=way.submission, order=1, starts_at=starts)
    assert f"Your pitch: {wording.instant(starts, weekday=True)}." in way.line().next
    way.at = starts
    assert "Your pitch" not in way.line().next


def test_a_hour_of_pitch_tells_nothing_before_the_decision_is_public():
    way = Way("read")
    with clock.at(way.at):
        decisions.shortlist(way.submission, by=SYSTEM, public_at=way.at + DAY)
    panel = finale(way, held_from=(way.at + 9 * DAY).date())
    Slot.objects.create(panel=panel, submission=way.submission, order=1, starts_at=way.at + 9 * DAY)
    assert "pitch" not in way.line().next
    assert "finale" not in way.line().next


def test_a_laureate_reads_the_next_step_of_their_project():
    cast = projects.cast()
    owner = cast["owner"]
    projects.milestone(cast.project, days=60, title="Later")
    projects.milestone(cast.project, days=-10, state="reported", title="Said")
    projects.milestone(cast.project, days=30, title="Sooner")
    (line,) = [one for one in my_applications(owner, clock.now()) if one.submission.state == "laureate"]
    due = cast.project.milestones.get(title="Sooner").due_on
    assert f"Sooner, due on {wording.day(due)}" in line.next


def test_statements_do_not_grow_with_applications():
    owner = owner_of(StructureFactory())

    def statements():
        with CaptureQueriesContext(connection) as asked:
            my_applications(owner, clock.now() + 400 * DAY)
        return len(asked)

    counts = []
    for _number in range(3):
        for state in ("read", "finalist", "examined"):
            way = Way(state)
            way.step(after=500 * DAY)
            type(way.structure.memberships.get()).objects.create(structure=way.structure, user=owner, role="editor")
        counts.append(statements())
    assert len(set(counts)) == 1
