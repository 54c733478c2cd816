"""Who may do what with an application, persona by persona and state by state."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from calls.models import Submission
from calls.queries import visible_submissions
from calls.queries.submissions import screened_by, state_shown
from tests.factories.calls import admitted, draft, submitted
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db

MEMBERS = {"owner", "editor", "reader", "member_agent"}
WRITERS = {"owner", "editor"}
STAGES = {"draft": draft, "submitted": submitted, "admissible": admitted}
EXPECTED = {
    ("calls.view_submission", "draft"): MEMBERS,
    ("calls.view_submission", "submitted"): MEMBERS | {"agent"},
    ("calls.view_submission", "admissible"): MEMBERS | {"agent"},
    ("calls.edit_submission", "draft"): WRITERS,
    ("calls.edit_submission", "submitted"): WRITERS,
    ("calls.submit_submission", "draft"): WRITERS,
    ("calls.withdraw_submission", "draft"): WRITERS,
    ("calls.withdraw_submission", "submitted"): WRITERS,
    ("calls.screen_submission", "draft"): set(),
    ("calls.screen_submission", "submitted"): {"agent"},
    ("calls.apply_decision", "admissible"): set(),
}


@pytest.mark.parametrize("stage", STAGES)
def test_everyone_may_do_what_the_table_says_and_no_more(stage):
    play = cast(make=STAGES[stage])
    for (permission, when), allowed in EXPECTED.items():
        if when == stage:
            found = {name for name in PERSONAS if can(play.people[name], permission, play.submission)}
            assert found == allowed, permission


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_listed_is_what_may_be_opened(stage):
    play = cast(make=STAGES[stage])
    for name, person in play.people.items():
        listed = visible_submissions(person).filter(pk=play.submission.pk).exists()
        assert listed == can(person, "calls.view_submission", play.submission), name


def test_rights_on_a_call_hold_for_its_agents_alone():
    play = cast()
    for permission in ("calls.see_call_board", "calls.configure_call", "calls.organise_jury", "calls.follow_projects"):
        found = {name for name in PERSONAS if can(play.people[name], permission, play.call)}
        assert found == {"agent", "member_agent", "rival_agent"}, permission
    managers = {name for name in PERSONAS if can(play.people[name], "calls.manage_agents", play.call)}
    assert managers == {"agent", "member_agent", "rival_agent", "administrator"}


def test_a_call_in_preparation_is_seen_by_its_agents_only():
    play = cast()
    play.call.announced_at = None
    assert {n for n in PERSONAS if can(play.people[n], "calls.view_call", play.call)} == {
        "agent",
        "member_agent",
        "rival_agent",
    }


def test_who_applies_to_a_call_screens_nothing_of_it():
    play = cast()
    for name, screens in (("agent", True), ("member_agent", False), ("rival_agent", False)):
        for permission in ("calls.screen_call", "calls.answer_questions"):
            assert can(play.people[name], permission, play.call) is screens, name
        assert screened_by(play.people[name]).exists() is screens, name


def test_who_applies_to_a_call_knows_its_decisions_with_everyone():
    play = cast(make=admitted)
    later = clock.now() + timedelta(days=5)
    Submission.objects.filter(pk=play.submission.pk).update(
        state="shortlisted", former_state="admissible", decision_public_at=later
    )
    known = {name: state_shown(refreshed(play.submission), play.people[name], clock.now()) for name in PERSONAS}
    assert {name for name, state in known.items() if state == "shortlisted"} == {"agent"}


def refreshed(submission):
    return Submission.objects.get(pk=submission.pk)
