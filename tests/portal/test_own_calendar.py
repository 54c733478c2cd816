"""A person's own calendar: their dates and nobody else's, nothing undecided, and a date that moves is told as moved."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for
from bethune_smartcity.portal.models import CalendarLink
from bethune_smartcity.portal.operations import calendar_links
from bethune_smartcity.portal.queries.agenda import own_dates
from calls.models import Submission
from calls.operations import deadlines, decisions
from juries.models import Panel, Slot
from juries.operations import panels
from projects.models import Payment
from tests.factories import projects
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, submitted
from tests.factories.juries import opened, seat

pytestmark = pytest.mark.django_db
PAGE = "/espace/calendrier/"
CANARY = "Zanzibar"


def soon(days=20):
    return clock.start_of(clock.today() + timedelta(days=days))


@pytest.fixture
def structure():
    return StructureFactory()


@pytest.fixture
def owner(structure):
    return owner_of(structure)


def file_of(client, user, token=""):
    token = token or calendar_links.renew(user)
    answer = client.get(f"/calendrier/{token}.ics")
    assert answer.status_code == 200
    return answer


def events(answer):
    found = {}
    for event in Calendar.from_ical(answer.content).walk("VEVENT"):
        found[str(event["uid"]).split("@")[0].split("-")[0]] = event
    return found


def test_the_close_of_a_draft_reads_as_people_are_told_it(client, owner, structure):
    call = CallFactory(closes_at=soon(), title="Mobilité")
    draft(call, structure, title="Notre bus")
    answer = file_of(client, owner)
    event = events(answer)["draft"]
    assert f"{event.decoded('dtstart'):%H:%M}" == "23:59"
    assert event["dtstart"].params["TZID"] == "Europe/Paris"
    assert event.decoded("dtend") == call.closes_at
    assert "Notre bus" in event["description"]
    assert [str(zone["tzid"]) for zone in Calendar.from_ical(answer.content).walk("VTIMEZONE")] == ["Europe/Paris"]
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_the_time_one_applicant_was_given_is_told_to_them_alone(client, owner, structure):
    call = CallFactory(closes_at=soon())
    mine, other = draft(call, structure), StructureFactory()
    draft(call, other)
    until = call.closes_at + timedelta(days=3)
    Submission.objects.filter(pk=mine.pk).update(extended_until=until, extension_reason="Ill")
    assert events(file_of(client, owner))["draft"].decoded("dtend") == until
    assert events(file_of(client, owner_of(other)))["draft"].decoded("dtend") == call.closes_at


def test_a_date_that_moves_keeps_its_identifier_and_is_told_as_moved(client, owner, structure):
    call = CallFactory(closes_at=soon())
    draft(call, structure)
    token = calendar_links.renew(owner)
    first = file_of(client, owner, token)
    with clock.at(clock.now() + timedelta(minutes=50)):
        assert file_of(client, owner, token).content == first.content
    with clock.at(clock.now() + timedelta(hours=2)):
        after = call.closes_at - timedelta(days=3)
        deadlines.move_deadline(call, "closes_at", after, reason="Sooner", by=agent_of(call))
        moved = events(file_of(client, owner, token))["draft"]
    before = events(first)["draft"]
    assert moved["uid"] == before["uid"]
    assert (before["sequence"], moved["sequence"]) == (0, 1)
    assert moved.decoded("last-modified") > before.decoded("last-modified")
    assert moved.decoded("dtend") == after
    with clock.at(clock.now() + timedelta(hours=9)):
        again = events(file_of(client, owner, token))["draft"]
    assert (again["sequence"], again["dtstamp"].dt) == (1, moved["dtstamp"].dt)


def test_what_is_handed_in_needs_no_date_any_more(client, owner, structure):
    call = CallFactory(closes_at=soon())
    submitted(call, structure)
    assert events(file_of(client, owner)) == {}


def pitching(structure, *, public_at):
    """A finale of which `structure` is a finalist from that instant on, with its hour drawn."""
    call = CallFactory(closed=True)
    agent = agent_of(call)
    submission = admitted(call, structure, by=agent, title=CANARY)
    decisions.shortlist(submission, by=acting_for(agent), public_at=public_at)
    panel = panels.create_panel(call, stage="finale", by=agent)
    return Slot.objects.create(panel=panel, submission=submission, order=1, starts_at=soon(30), minutes=15)


def test_a_pitch_shows_from_the_instant_the_finalists_are_public_and_not_before(client, owner, structure):
    public_at = clock.now() + timedelta(days=2)
    slot = pitching(structure, public_at=public_at)
    token = calendar_links.renew(owner)
    with clock.at(public_at - timedelta(seconds=1)):
        answer = file_of(client, owner, token)
        assert CANARY not in answer.text
        assert events(answer) == {}
    with clock.at(public_at):
        event = events(file_of(client, owner, token))["pitch"]
    assert event.decoded("dtstart") == slot.starts_at
    assert event.decoded("dtend") == slot.starts_at + timedelta(minutes=15)


@pytest.mark.parametrize("state", ["laureate", "declined"])
def test_a_decision_not_public_changes_no_byte(client, owner, structure, state):
    slot = pitching(structure, public_at=clock.now() - timedelta(days=1))
    token = calendar_links.renew(owner)
    before = file_of(client, owner, token).content
    hidden = {"state": state, "former_state": "shortlisted", "decision_public_at": clock.now() + timedelta(days=9)}
    Submission.objects.filter(pk=slot.submission_id).update(**hidden)
    assert file_of(client, owner, token).content == before


def test_a_project_whose_award_is_not_public_shows_to_nobody(client, owner, structure):
    public_at = clock.now() + timedelta(days=2)
    given = projects.award(owner=structure, publish_at=public_at)
    step = projects.milestone(projects.project(given, name=CANARY))
    projects.payment(step.project, step=step)
    agent = agent_of(given.call, "follow")
    for person in (owner, agent):
        token = calendar_links.renew(person)
        with clock.at(public_at - timedelta(seconds=1)):
            assert CANARY not in file_of(client, person, token).text
        with clock.at(public_at):
            event = events(file_of(client, person, token))["step"]
        assert event.decoded("dtstart") == step.due_on
        assert step.title in event["description"]


def test_a_payment_shows_its_day_until_it_is_requested(client, owner, structure):
    project = projects.project(projects.award(owner=structure))
    payment = projects.payment(project, amount="1500", days=9)
    projects.payment(project, days=9, state="requested")
    projects.payment(project)
    token = calendar_links.renew(owner)
    event = events(file_of(client, owner, token))["payment"]
    assert event.decoded("dtstart") == payment.due_on
    assert "€1,500" in event["description"]
    Payment.objects.filter(pk=payment.pk).update(state="requested")
    assert "payment" not in events(file_of(client, owner, token))


def test_a_juror_finds_when_their_sheets_are_due_and_no_application(client):
    jury = opened()
    due = soon()
    Panel.objects.filter(pk=jury.panel.pk).update(due_at=due)
    answer = file_of(client, jury.jurors[1].user)
    assert events(answer)["jury"].decoded("dtend") == due
    for submission in jury.submissions:
        assert submission.title not in answer.text
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    assert events(file_of(client, jury.jurors[1].user)) == {}


def test_who_stands_aside_from_a_session_finds_none_of_its_dates(client):
    jury = opened()
    Panel.objects.filter(pk=jury.panel.pk).update(due_at=soon())
    juror = jury.jurors[1]
    juror.recusals.create(submission=None, category="other")
    assert events(file_of(client, juror.user)) == {}


def test_the_days_of_a_finale_are_whole_days(client):
    call = CallFactory(closed=True)
    agent = agent_of(call)
    panel = panels.create_panel(call, stage="finale", by=agent)
    juror = seat(panel, agent)
    first = clock.today() + timedelta(days=10)
    Panel.objects.filter(pk=panel.pk).update(held_from=first, held_until=first + timedelta(days=1), place="Beffroi")
    event = events(file_of(client, juror.user))["jury"]
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (first, first + timedelta(days=2))
    assert event["location"] == "Beffroi"


def test_a_correction_asked_for_has_its_end(client, owner, structure):
    submission = submitted(CallFactory(closes_at=soon()), structure)
    Submission.objects.filter(pk=submission.pk).update(correction_until=soon(25))
    assert events(file_of(client, owner))["correction"].decoded("dtend") == soon(25)


def test_nobody_elses_dates_are_in_it(client, owner):
    call = CallFactory(closes_at=soon())
    draft(call, StructureFactory(), title=CANARY)
    given = projects.award(owner=StructureFactory())
    projects.milestone(projects.project(given, name=CANARY))
    opened()
    answer = file_of(client, owner)
    assert events(answer) == {}
    assert CANARY not in answer.text


def test_a_secret_nobody_holds_is_an_unknown_address(client, owner):
    unknown = client.get("/calendrier/nothing.ics")
    old = calendar_links.renew(owner)
    new = calendar_links.renew(owner)
    answers = [client.get(f"/calendrier/{token}.ics") for token in (old, new[:-1], "x" * 300, "%00")]
    assert {answer.status_code for answer in answers} == {unknown.status_code} == {404}
    assert answers[0].text.replace(old, "nothing") == unknown.text
    assert client.get(f"/calendrier/{new}.ics").status_code == 200
    calendar_links.withdraw(owner)
    assert client.get(f"/calendrier/{new}.ics").status_code == 404


def test_a_closed_account_has_no_calendar(client, owner):
    token = calendar_links.renew(owner)
    type(owner).objects.filter(pk=owner.pk).update(is_active=False)
    assert client.get(f"/calendrier/{token}.ics").status_code == 404


def test_a_digest_alone_is_kept_of_the_link(owner):
    token = calendar_links.renew(owner)
    row = CalendarLink.objects.values().get()
    assert len(token) >= 43
    assert token not in str(row)


def test_the_page_shows_the_link_once_and_renews_and_withdraws_it(client, owner):
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    assert "https://portail.example/calendrier/" not in client.get(PAGE).text
    made = client.post(PAGE, {"renew": "1"})
    assert "no-store" in made["Cache-Control"]
    address = made.context["address"]
    assert address.startswith("https://portail.example/calendrier/")
    assert address in made.text
    assert address not in client.get(PAGE).text
    path = address.removeprefix("https://portail.example")
    assert client.get(path).status_code == 200
    again = client.post(PAGE, {"renew": "1"}).context["address"]
    assert again != address
    assert client.get(path).status_code == 404
    assert client.post(PAGE, {"withdraw": "1"}).status_code == 302
    assert client.get(again.removeprefix("https://portail.example")).status_code == 404
    assert not CalendarLink.objects.exists()


def test_it_speaks_its_owners_language(client, structure):
    german = owner_of(structure)
    type(german).objects.filter(pk=german.pk).update(language="de")
    german.refresh_from_db()
    draft(CallFactory(closes_at=soon()), structure)
    answer = file_of(client, german)
    assert answer["Content-Language"] == "de"
    assert "Ende der Bewerbungsfrist" in events(answer)["draft"]["summary"]


def test_words_of_people_add_no_line_of_their_own(client, owner, structure):
    odd = draft(CallFactory(closes_at=soon()), structure)
    Submission.objects.filter(pk=odd.pk).update(title="Bus\r\nATTACH:https://evil.example/;,\\")
    event = events(file_of(client, owner))["draft"]
    assert "attach" not in event


@pytest.mark.parametrize("count", [1, 3, 100])
def test_reading_it_costs_as_much_whatever_it_holds(count, client, owner, structure, django_assert_num_queries):
    agent_call = CallFactory(closes_at=soon())
    for _n in range(count):
        call = CallFactory(closes_at=soon())
        Submission.objects.bulk_create([made_like(call, structure)])
    given = projects.award(agent_call, owner=structure)
    project = projects.project(given)
    for n in range(count):
        projects.payment(project, step=projects.milestone(project, title=f"Pas {n}"), days=n)
    with django_assert_num_queries(5):
        assert len(own_dates(owner, clock.now())) == 3 * count
    token = calendar_links.renew(owner)
    client.get(f"/calendrier/{token}.ics")
    with django_assert_num_queries(6):
        client.get(f"/calendrier/{token}.ics")


def test_an_agent_finds_the_dates_of_the_calls_they_have_a_right_on_and_no_others(client):
    call = CallFactory(closes_at=soon(), results_at=soon(40))
    CallFactory(closes_at=soon(), title=CANARY)
    reader = agent_of(call, "screen")
    answer = file_of(client, reader)
    found = {str(event["uid"]).split("@")[0]: event for event in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert found.keys() == {f"call-{call.pk}-close", f"call-{call.pk}-results"}
    assert found[f"call-{call.pk}-close"].decoded("dtend") == call.closes_at
    assert found[f"call-{call.pk}-results"].decoded("dtstart") == call.results_at
    assert CANARY not in answer.text
    type(reader).objects.filter(pk=reader.pk).update(is_agent=False)
    reader.refresh_from_db()
    assert own_dates(reader, clock.now()) == []


def test_who_organises_a_jury_finds_its_finale_and_when_its_decisions_are_public_unless_they_stand_aside(client):
    call = CallFactory(closed=True, results_at=None)
    agent, reader = agent_of(call), agent_of(call, "screen")
    panel = panels.create_panel(call, stage="finale", by=agent)
    first, public = clock.today() + timedelta(days=10), soon(12)
    Panel.objects.filter(pk=panel.pk).update(held_from=first, place="Beffroi", publish_at=public)
    names = {entry.uid for entry in own_dates(agent, clock.now())}
    assert {f"jury-{panel.pk}-finale", f"jury-{panel.pk}-public"} <= names
    assert not {entry.uid for entry in own_dates(reader, clock.now())} & {f"jury-{panel.pk}-finale"}
    juror = seat(panel, agent_of(call), user=agent)
    [finale] = [entry for entry in own_dates(agent, clock.now()) if entry.uid.endswith("-finale")]
    assert "/gestion/" not in finale.url
    juror.recusals.create(submission=None, category="other")
    assert not [entry for entry in own_dates(agent, clock.now()) if entry.uid.startswith("jury-")]


def test_an_agent_s_calendar_costs_two_statements_more_whatever_it_holds(django_assert_num_queries):
    agent = AgentFactory()
    for _n in range(3):
        call = CallFactory(closes_at=soon(), results_at=soon(40), agent=agent)
        panel = panels.create_panel(call, stage="finale", by=agent_of(call))
        Panel.objects.filter(pk=panel.pk).update(held_from=clock.today(), publish_at=soon(12))
        with django_assert_num_queries(7):
            found = own_dates(agent, clock.now())
    assert len(found) == 12


def made_like(call, structure):
    return Submission(call=call, structure=structure, title="Notre bus", pillar=call.pillars.first())


def test_a_person_without_any_role_reads_an_empty_calendar(client):
    assert events(file_of(client, UserFactory())) == {}
