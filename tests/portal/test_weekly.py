"""The agents' letter of the week: numbers of their own calls, for who asked, once, and never an empty one."""

from datetime import timedelta

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels
from bethune_smartcity.notifications.models import Broadcast, Message
from bethune_smartcity.notifications.planners import foresee
from bethune_smartcity.notifications.tasks import sweep
from bethune_smartcity.portal import weekly
from bethune_smartcity.portal.queries import week
from calls.models import CallAgent, Clarification, Submission
from juries.models import Panel
from projects.models import Milestone, Payment
from projects.queries import requests_to_answer, run_projects
from tests.factories import projects
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.factories.juries import opened, write

pytestmark = pytest.mark.django_db
# A Monday, an hour of summer before it: the clocks changed on the Sunday.
MONDAY = clock.paris(2026, 10, 26, 7, 0)
CANARY = "Zanzibar"
DAY = timedelta(days=1)
Right = CallAgent.Right


def agent(call=None, channel="now"):
    made = agent_of(call) if call else AgentFactory()
    if channel:
        channels.choose(made, {weekly.LETTER: channel})
    return made


def lived(n=2, *, call=None, at=MONDAY - timedelta(days=2)):
    """A call that received so many applications at that instant."""
    with clock.at(at):
        call = call or CallFactory(
            opens_at=at - timedelta(days=10), closes_at=at + timedelta(days=40), title="Mobilité"
        )
        for _n in range(n):
            submitted(call, StructureFactory(), title=CANARY)
    return call


def letters(at=MONDAY):
    with clock.at(at):
        weekly.plan(at)
    return Message.objects.filter(kind=weekly.LETTER)


def test_an_agent_who_asked_gets_what_happened_on_their_calls(mailoutbox):
    call = lived(2)
    one = agent(call)
    Clarification.objects.create(call=call, text=CANARY)
    with clock.at(MONDAY):
        sweep()
        sweep()
    (mail,) = [mail for mail in mailoutbox if mail.to == [one.email]]
    assert "Mobilité" in mail.body
    assert "2 applications received this week" in mail.body
    assert "1 question waits for its answer" in mail.body
    assert f"https://portail.example/en/gestion/appels/{call.slug}/candidatures/" in mail.body
    assert CANARY not in mail.body
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_nobody_who_did_not_ask_gets_one(mailoutbox):
    call = lived()
    agent(call, channel=None)
    agent(call, channel="portal")
    assert not letters().exists()
    assert not Broadcast.objects.filter(kind=weekly.LETTER).exists()


def test_there_is_none_without_anything_to_say(mailoutbox):
    agent(CallFactory())
    assert not letters().exists()
    # Weighed once: the next sweeps do not count again.
    assert Broadcast.objects.get(kind=weekly.LETTER).written == 0


def test_it_is_of_ones_own_calls_alone():
    lived()
    mine = CallFactory(title="Habitat")
    draft(mine)
    agent(mine)
    assert not letters().exists()


def test_an_agent_whose_structure_applies_is_told_nothing_of_that_call():
    call = lived()
    one = agent(call)
    structure = StructureFactory()
    join(structure, "owner", one)
    with clock.at(MONDAY - timedelta(days=1)):
        draft(call, structure)
    assert not letters().exists()


def test_a_week_is_counted_once_and_the_next_one_apart():
    call = lived(2)
    agent(call)
    assert letters().count() == 1
    assert letters(MONDAY + timedelta(hours=3)).count() == 1
    lived(1, call=call, at=MONDAY + timedelta(days=1))
    found = letters(MONDAY + timedelta(days=7)).order_by("pk")
    assert found.count() == 2
    assert "1 application received this week" in found.last().body


def test_the_week_begins_at_the_former_letter_even_when_the_clocks_changed():
    call = lived(1, at=weekly.last_monday(MONDAY - timedelta(seconds=1)))
    lived(1, call=call, at=weekly.last_monday(MONDAY - timedelta(seconds=1)) - timedelta(seconds=1))
    lived(1, call=call, at=MONDAY)
    agent(call)
    assert "1 application received this week" in letters().get().body


def test_two_schedulers_write_it_once(monkeypatch):
    call = lived()
    one = agent(call)
    key = f"{weekly.LETTER}:{MONDAY:%Y%m%d}"
    with clock.at(MONDAY):
        assert weekly._write(key, MONDAY, [one]) == 1
        # The other read, before the first wrote, that nothing was.
        assert weekly._write(key, MONDAY, [one]) == 0
    assert letters().count() == 1


def test_before_the_hour_nothing_leaves_and_after_two_days_it_serves_no_more():
    agent(lived())
    assert not letters(MONDAY - timedelta(seconds=1)).exists()
    assert not letters(MONDAY + timedelta(days=2, seconds=1)).exists()
    assert letters(MONDAY + timedelta(days=1, hours=12)).exists()


def test_late_examinations_and_failed_messages_are_counted():
    call = lived(2)
    one = agent(call)
    type(call).objects.filter(pk=call.pk).update(screening_until=MONDAY - timedelta(hours=1))
    submission = Submission.objects.filter(call=call).first()
    Message.objects.filter(about_id=str(submission.pk)).update(state="failed", sent_at=None)
    failed = Message.objects.filter(state="failed").count()
    body = letters().get(recipient=one).body
    assert "2 applications still to examine, past the date" in body
    assert failed
    assert f"{failed} message" in body


def test_a_choice_changed_before_it_leaves_holds(mailoutbox):
    one = agent(lived())
    with clock.at(MONDAY):
        weekly.plan(MONDAY)
        channels.choose(one, {weekly.LETTER: "portal"})
        sweep()
    assert [one.email] not in [mail.to for mail in mailoutbox]


# --- Juries and projects ---


def called_late(jurors=2, applications=2, call=None):
    """A panel whose sheets were due two days before the letter, one of them handed in."""
    with clock.at(MONDAY - 20 * DAY):
        call = call or CallFactory(closed=True, title="Mobilité")
        jury = opened(jurors=jurors, applications=applications, call=call, due_at=MONDAY - 2 * DAY)
        write(jury.assignment(0, 0), 3)
    return jury


def test_late_jurors_are_counted_with_their_sheets_for_who_organises_the_jury():
    jury = called_late()
    organiser, screener = agent_of(jury.call, Right.JURY), agent_of(jury.call, Right.SCREEN, Right.CONFIGURE)
    for one in (organiser, screener):
        channels.choose(one, {weekly.LETTER: "now"})
    body = letters().get(recipient=organiser).body
    line = f"- 2 jurors late, 3 sheets expected: https://portail.example/en/gestion/jury/{jury.panel.pk}/"
    assert line in body
    assert not [mail for mail in letters().filter(recipient=screener) if "late" in mail.body]
    Message.objects.filter(kind=weekly.LETTER).delete()
    Broadcast.objects.all().delete()
    Panel.objects.filter(pk=jury.panel.pk).update(due_at=MONDAY + DAY)
    assert not [mail for mail in letters() if "late" in mail.body]


def followed(structure=None):
    """A project with a late step, a payment to approve and a request to answer; nothing else waits there."""
    with clock.at(MONDAY - DAY):
        made = projects.project(projects.award(owner=structure), state="trial")
        projects.milestone(made, days=-5)
        projects.milestone(made, days=5)
        projects.milestone(made, days=-5, state="reported")
        projects.payment(made, state="requested")
        projects.payment(made, state="approved")
        projects.asked(made)
        projects.asked(made, state="answered")
    return made


ON_PROJECTS = (
    ("1 step of a project past its day", "gestion/projets/#steps"),
    ("1 payment waits for approval", "gestion/projets/#payments"),
    ("1 replication request waits for an answer", "gestion/repliquer/?state=received"),
)


def test_what_waits_on_projects_is_told_to_who_runs_them_each_with_its_page(client):
    made = followed()
    one = agent_of(made.award.call, Right.FOLLOW)
    channels.choose(one, {weekly.LETTER: "now"})
    body = letters().get(recipient=one).body
    client.force_login(one)
    for words, page in ON_PROJECTS:
        assert f"- {words}: https://portail.example/en/{page}" in body
        answer = client.get(f"/{page.partition('#')[0]}")
        assert answer.status_code == 200
        assert made.name in answer.text
    assert body.count("- ") == 3


def test_nothing_of_projects_is_told_without_the_right_nor_of_ones_own_structure():
    made = followed()
    own = agent_of(made.award.call, Right.FOLLOW)
    join(made.structure, "reader", own)
    for one in (agent_of(made.award.call, Right.SCREEN), agent_of(CallFactory(), Right.FOLLOW), own):
        channels.choose(one, {weekly.LETTER: "now"})
    assert not letters().exists()


def test_a_stopped_project_has_no_late_step():
    made = followed()
    type(made).objects.filter(pk=made.pk).update(state="stopped")
    one = agent_of(made.award.call, Right.FOLLOW)
    channels.choose(one, {weekly.LETTER: "now"})
    body = letters().get(recipient=one).body
    assert "step" not in body
    assert "1 payment" in body


def test_the_letter_counts_what_the_pages_show_to_whoever_asks():
    made = followed()
    projects.asked(None)
    city = followed()
    type(city).objects.filter(pk=city.pk).update(award=None)
    call, other = made.award.call, CallFactory()
    member = agent_of(call, Right.FOLLOW)
    join(made.structure, "owner", member)
    mixed = agent_of(call, Right.FOLLOW, Right.JURY)
    people = [member, mixed, agent_of(call, Right.SCREEN), agent_of(other, Right.FOLLOW), AgentFactory()]
    with clock.at(MONDAY):
        rights, waiting = week.rights_of(people), week.projects_at(MONDAY)
        for person in people:
            mine = run_projects(person).values("pk")
            late = Milestone.objects.filter(project__in=mine, state="planned", due_on__lt=clock.today())
            shown = (
                late.count(),
                Payment.objects.filter(project__in=mine, state="requested").count(),
                requests_to_answer(person).count(),
            )
            assert waiting.for_(rights[person.pk]) == shown


def test_who_does_not_screen_is_led_to_the_board():
    call = lived(2)
    one = agent_of(call, Right.CONFIGURE)
    channels.choose(one, {weekly.LETTER: "now"})
    body = letters().get(recipient=one).body
    assert f"https://portail.example/en/gestion/appels/{call.slug}/\n" in body
    assert "/candidatures/" not in body


@pytest.mark.parametrize("count", [1, 3, 100])
def test_writing_it_costs_the_same_whatever_there_is(count, django_assert_num_queries):
    call = lived(1)
    clarifications = [Clarification(call=call, text="?") for _n in range(count)]
    Clarification.objects.bulk_create(clarifications)
    readers = [agent(call) for _n in range(min(count, 3))]
    for _n in range(min(count, 3)):
        followed()
    since = weekly.last_monday(MONDAY - timedelta(days=7))
    with clock.at(MONDAY):
        week.week_of([call.pk], since, MONDAY)
        with django_assert_num_queries(5):
            assert week.week_of([call.pk], since, MONDAY).questions[call.pk] == count
        with django_assert_num_queries(2):
            assert set(week.rights_of(readers)) == {one.pk for one in readers}
        with django_assert_num_queries(3):
            assert week.projects_at(MONDAY).steps.total() == min(count, 3)


# --- In the plan ---


def foreseen(user, at, days=30):
    with clock.at(at):
        found = foresee(user, clock.now(), clock.now() + timedelta(days=days))
        return [one for one in found if one.ref == "weekly-letter"]


def test_the_next_letter_is_in_the_plan_with_its_instant_and_how_many_asked():
    one, other = agent(), agent()
    agent(channel="portal")
    [line] = foreseen(AgentFactory(), MONDAY - timedelta(seconds=1))
    assert (line.at, line.count, line.handle, line.edits) == (MONDAY, 2, None, ())
    [line] = foreseen(one, MONDAY)
    assert line.at == clock.paris(2026, 11, 2, 7, 0)
    assert not foreseen(one, MONDAY, days=6)
    channels.choose(one, {weekly.LETTER: "portal"})
    channels.choose(other, {weekly.LETTER: "portal"})
    assert not foreseen(one, MONDAY)


def test_it_is_in_no_plan_of_who_is_no_agent():
    agent()
    assert not foreseen(UserFactory(), MONDAY)
    assert not foreseen(UserFactory(is_administrator=True), MONDAY)


def test_the_plan_s_page_and_the_agenda_tell_it(client):
    client.force_login(agent(CallFactory()))
    for page in ("/gestion/envois/", "/admin/"):
        assert "Lettre de la semaine" in client.get(page).text
