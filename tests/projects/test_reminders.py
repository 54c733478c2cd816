"""The ladder of projects' steps: the team is told what is to be reported, by when, what waits for it and what lacks."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Forbidden
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.rungs import Rung
from bethune_smartcity.notifications.serving import still_serving
from bethune_smartcity.notifications.tasks import sweep
from calls.models import CallAgent
from calls.operations.ladders import add_rung, plan, remove_rung
from projects.models import Milestone
from projects.operations.incubation import add_milestone, ask_milestone_again, report_milestone
from projects.operations.reminders import STEPS, morning_of
from tests.factories import projects as made
from tests.factories.accounts import join
from tests.factories.calls import agent_of

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def project():
    """A project under way for two months, with an owner, an editor and a reader."""
    running = made.project(opened_at=clock.now() - 60 * DAY)
    for role in Membership.Role.values:
        person = join(running.structure, role)
        person.language = "en"
        person.save()
    return running


def written():
    return Message.objects.filter(kind="projects.step_due").order_by("pk")


def missing():
    return Message.objects.filter(kind="projects.report_missing").order_by("pk")


def planned(user):
    found = foresee(user, clock.now(), clock.now() + 366 * DAY)
    return [one for one in found if one.what in {"A step is due", "The report of a step is missing"}]


def test_a_month_a_week_and_the_day_itself_the_team_is_told_once(project):
    step = made.milestone(project, days=40, title="First sensors")
    made.payment(project, step=step, amount="1500")
    day = morning_of(step.due_on)
    assert day.hour == 9
    for moment, rounds in ((31 * DAY, 0), (30 * DAY, 1), (8 * DAY, 1), (7 * DAY, 2), (HOUR, 2), (0 * DAY, 3)):
        with clock.at(day - moment):
            sweep()
            sweep()
        assert written().count() == 2 * rounds
    mail = written().first()
    assert "First sensors" in mail.body
    assert "1,500" in mail.body
    assert "is due on" in mail.body
    assert f"/projets/{project.slug}/suivi/etapes/{step.pk}/" in mail.body


def test_a_step_reported_or_of_a_project_that_ended_is_left_alone(project):
    made.milestone(project, days=7, state="reported")
    over = made.project(state="stopped", opened_at=clock.now() - 60 * DAY)
    join(over.structure, Membership.Role.OWNER)
    made.milestone(over, days=7)
    assert plan(STEPS, clock.now() + DAY) == 0


def test_a_step_planned_late_is_told_of_what_is_to_come_only(project):
    agent = agent_of(project.award.call)
    step = add_milestone(project, "Soon", due_on=clock.today() + 5 * DAY, by=agent)
    with clock.at(clock.now() + HOUR):
        sweep()
    assert not written().exists()
    with clock.at(morning_of(step.due_on)):
        sweep()
    assert written().count() == 2


def test_after_an_outage_it_says_that_the_day_is_past(project):
    step = made.milestone(project, days=40)
    with clock.at(morning_of(step.due_on) - HOUR):
        sweep()
    with clock.at(morning_of(step.due_on) + 2 * DAY):
        sweep()
        sweep()
    assert written().count() == 2
    assert missing().count() == 2
    assert "was due on" in missing().last().body


def test_the_day_after_a_report_that_did_not_come_is_named_with_a_link_to_send_it(project):
    step = made.milestone(project, days=3, title="First sensors")
    made.payment(project, step=step, amount="1500")
    other = made.milestone(project, days=3, state="reported")
    for moment, rounds in ((0 * DAY, 0), (DAY - HOUR, 0), (DAY, 1), (9 * DAY, 1)):
        with clock.at(morning_of(step.due_on) + moment):
            sweep()
        assert missing().count() == 2 * rounds
    assert {mail.about_id for mail in missing()} == {str(step.pk)} != {str(other.pk)}
    mail = missing().first()
    assert mail.subject.endswith("report missing, First sensors")
    assert "Its report is missing" in mail.body
    assert "1,500" in mail.body
    client = Client()
    client.force_login(mail.recipient)
    assert client.get(mail.path).status_code == 200
    assert mail.body.split()[-1].endswith(mail.path)


def test_a_report_the_city_sent_back_is_missing_again(project):
    agent = agent_of(project.award.call)
    editor = project.structure.memberships.get(role=Membership.Role.EDITOR).user
    step = made.milestone(project, days=3)
    report_milestone(step, "We went on.", by=editor)
    ask_milestone_again(step, reason="Where are the figures?", by=agent)
    with clock.at(morning_of(step.due_on) + DAY):
        sweep()
    assert "asked you to complete its report" in missing().first().body
    report_milestone(step, "Twelve sensors.", by=editor)
    assert not still_serving(list(missing()), clock.now())


def test_a_call_whose_agents_took_the_day_after_out_writes_none(project):
    step = made.milestone(project, days=3)
    remove_rung(project.award.call, STEPS, Rung(1), by=agent_of(project.award.call))
    with clock.at(morning_of(step.due_on)):
        sweep()
    with clock.at(morning_of(step.due_on) + DAY):
        sweep()
    assert written().count() == 2
    assert not missing().exists()


def test_who_follows_the_projects_foresees_each_step_and_chooses(project):
    call = project.award.call
    made.milestone(project, days=40, title="First sensors")
    follows, screens = agent_of(call, CallAgent.Right.FOLLOW), agent_of(call, CallAgent.Right.SCREEN)
    assert [one.why for one in planned(follows)] == [
        "30 days before the step",
        "7 days before the step",
        "the day of the step",
        "1 day after the step",
    ]
    assert [one.what for one in planned(follows)][2:] == ["A step is due", "The report of a step is missing"]
    assert {one.about for one in planned(follows)} == {f"{project.name}, First sensors"}
    assert {one.to for one in planned(follows)} == {"2 people"}
    assert not planned(screens)
    add_rung(call, STEPS, Rung(3), by=follows)
    assert "3 days after the step" in [one.why for one in planned(follows)]
    with pytest.raises(Forbidden):
        add_rung(call, STEPS, Rung(4), by=screens)


def test_an_agent_of_the_structure_neither_sees_nor_changes(project):
    made.milestone(project, days=40)
    call = project.award.call
    member = join(project.structure, Membership.Role.READER, agent_of(call))
    assert not planned(member)
    with pytest.raises(Forbidden):
        add_rung(call, STEPS, Rung(4), by=member)


def test_foresight_asks_no_more_with_more_steps(project):
    agent = agent_of(project.award.call)
    made.milestone(project, days=40)

    def statements():
        ContentType.objects.clear_cache()
        ContentType.objects.get_for_model(Milestone)
        with CaptureQueriesContext(connection) as asked:
            assert planned(agent)
        return len(asked)

    once = statements()
    for _n in range(4):
        made.milestone(project, days=50)
    assert statements() == once <= 12
