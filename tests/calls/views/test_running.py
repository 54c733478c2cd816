"""The pages with which agents run a call."""

import csv
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.exports import neutral
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Call, CallAgent
from calls.operations import clarifications, screening
from tests.factories.accounts import StructureFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of, draft, give_rights, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(name, call):
    return reverse(f"calls:{name}", kwargs={"slug": call.slug})


def screen(name, submission):
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk})


@pytest.fixture
def call():
    return CallFactory()


@pytest.fixture
def agent(client, call):
    person = agent_of(call)
    client.force_login(person)
    return person


def test_a_call_is_announced_moved_closed_and_its_page_says_so(client):
    made = CallFactory(draft=True)
    agent = agent_of(made)
    client.force_login(agent)
    assert client.post(page("announce", made)).url == page("board", made)
    later = made.closes_at.astimezone(clock.PARIS) + 7 * DAY
    move = {"field": "closes_at", "to": f"{later:%Y-%m-%dT%H:%M}", "reason": ""}
    assert client.post(page("move-deadline", made), move).status_code == 422
    assert client.post(page("move-deadline", made), move | {"reason": "A storm."}).status_code == 302
    assert "A storm." in client.get(page("board", made)).content.decode()
    assert client.post(page("close-early", made), {"reason": "Enough."}).status_code == 302
    assert client.post(page("close-early", made), {"reason": "Again."}).status_code == 409
    assert client.post(page("archive", made)).status_code == 409
    assert Call.objects.get(pk=made.pk).phase == "closed"


@pytest.mark.parametrize(
    "to", ["2026-03-29T02:30", "2026-10-25T02:30", "yesterday", "", "9" * 500, "0001-01-01T00:00", "9999-12-31T23:59"]
)
def test_an_hour_that_does_not_exist_is_refused_at_its_field(client, call, agent, to):
    with clock.at(clock.paris(2026, 1, 1)):
        made = CallFactory()
        client.force_login(agent_of(made))
        answer = client.post(page("move-deadline", made), {"field": "closes_at", "to": to, "reason": "x"})
    assert answer.status_code == 422


def test_the_list_is_filtered_sorted_and_paged(client, call, agent):
    submitted(call, StructureFactory(name="Äpfel", country="DE"), title="Zebra")
    second = submitted(call, StructureFactory(country="BE"), title="Another", pillar=call.pillars.last())
    url = page("board-submissions", call)

    def listed(**query):
        return re.findall(r'<th scope="row"><a [^>]*>([^<]*)<', client.get(url, query).content.decode())

    assert listed() == ["Zebra", "Another"]
    assert listed(sort="title") == ["Another", "Zebra"]
    assert listed(sort="-number") == ["Another", "Zebra"]
    assert listed(country="DE") == ["Zebra"]
    assert listed(pillar=call.pillars.last().slug) == ["Another"]
    assert listed(state="admissible") == []
    assert listed(text="apfel") == ["Zebra"]
    assert listed(text=second.number) == ["Another"]
    for odd in ({"sort": "password"}, {"state": "x"}, {"page": "99"}, {"page": "x"}, {"country": "ZZ"}):
        assert client.get(url, odd).status_code == 200


def test_the_export_is_readable_harmless_and_written_in_the_journal(client, call, agent):
    submitted(call, StructureFactory(name="=cmd|' /C calc'!A0"), title="+1 project")
    answer = client.get(page("board-export", call))
    text = answer.getvalue().decode("utf-8-sig")
    _header, row = csv.reader(text.splitlines(), delimiter=";")
    assert "'+1 project" in row
    assert "'=cmd|' /C calc'!A0" in row
    assert "attachment" in answer["Content-Disposition"]
    line = JournalEntry.objects.get(verb="export")
    assert (line.actor, line.data) == (agent, {"applications": 1})


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_begins_a_formula(cell):
    assert neutral(cell) == f"'{cell}"


def test_screening_goes_from_one_application_to_the_next(client, call, agent):
    rows = [submitted(call) for _ in range(3)]
    with clock.at(call.closes_at + DAY):
        assert page("next", call) in client.get(page("board", call)).content.decode()
        assert client.get(page("next", call)).url == screen("screen", rows[0])
        assert client.get(page("next", call), {"after": rows[2].number}).url == screen("screen", rows[0])
        assert client.post(screen("admit", rows[0])).url == screen("screen", rows[1])
        assert client.post(screen("refuse", rows[1]), {"reason": ""}).status_code == 422
        assert client.post(screen("refuse", rows[1]), {"reason": "Not legal."}).url == screen("screen", rows[2])
        assert client.post(screen("admit", rows[1])).status_code == 409
        until = f"{(clock.now() + DAY).astimezone(clock.PARIS):%Y-%m-%dT%H:%M}"
        asked = {"request": "Say where.", "fields": ["title"], "until": until}
        assert client.post(screen("ask-correction", rows[2]), asked).status_code == 302
        assert "Say where." in client.get(screen("screen", rows[2])).content.decode()
        assert client.post(screen("admit", rows[2])).url == page("board-submissions", call)
        assert client.get(page("next", call)).url == page("board-submissions", call)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == ["admissible", "inadmissible", "admissible"]


def test_the_board_says_until_when_one_examines_then_since_when_it_is_late(client, call, agent):
    row = submitted(call)
    closes, until = clock.paris(2027, 1, 13), clock.paris(2027, 2, 2)
    Call.objects.filter(pk=call.pk).update(closes_at=closes, screening_until=until)
    late = "en retard depuis le mardi 2 février 2027"

    def read():
        return client.get(page("board", call)).text.replace("\u00a0", " ")

    with clock.at(until - timedelta(seconds=1)):
        assert "jusqu’au" in read()
        assert late not in read()
    for moment in (until, until + 40 * DAY):
        with clock.at(moment):
            assert f"<strong>{late}</strong>" in read()
    with clock.at(until + 40 * DAY):
        screening.admit(row, by=agent)
        assert "en retard" not in read()


def test_the_board_names_each_agent_once(client, call, agent):
    give_rights(call, agent_of(call, CallAgent.Right.SCREEN), CallAgent.Right.JURY)
    board = client.get(page("board", call))
    assert [len(rights) for _agent, rights in board.context["team"]] == [4, 2]
    assert board.content.decode().count(f"<li>{agent}") == 1


def test_the_board_says_that_it_shows_the_last_days_only(client, call, agent):
    with clock.at(clock.now() - 20 * DAY):
        submitted(call)
    said = "Les quatorze derniers jours\u00a0: 1 sur 2."
    assert said not in client.get(page("board", call)).content.decode()
    submitted(call)
    assert said in client.get(page("board", call)).content.decode()


def test_one_draft_is_told_as_one(client, call, agent):
    draft(call)
    assert ">brouillon<" in client.get(page("board", call)).content.decode()


def test_an_open_call_is_read_but_not_examined(client, call, agent):
    done = submitted(call)
    read = client.get(screen("screen", done)).content.decode()
    assert "The last kilometres" in read
    assert screen("admit", done) not in read
    assert client.post(screen("admit", done)).status_code == 409


def test_drafts_show_whose_they_are_and_how_complete_and_nothing_else(client, call, agent):
    started = draft(call, title="Secret title", complete=True)
    page_ = client.get(page("board-drafts", call)).content.decode()
    assert started.structure.name in page_
    assert "Secret title" not in page_
    assert "The last kilometres" not in page_


def test_a_question_is_answered_from_its_page(client, call, agent):
    asked = clarifications.ask(call, "May an association apply?", by=UserFactory())
    assert asked.text in client.get(page("board-questions", call)).content.decode()
    url = reverse("calls:answer", kwargs={"pk": asked.pk})
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "Yes, with a company."}).url == page("board-questions", call)
    assert client.post(url, {"text": "No."}).status_code == 409
    client.force_login(agent_of(call, CallAgent.Right.FOLLOW))
    assert client.get(url).status_code == 403
    assert client.get(page("board-questions", call)).status_code == 403
    client.force_login(UserFactory())
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["boards", "board", "board-drafts", "board-submissions", "board-questions", "screen"])
def test_pages_take_as_many_statements_whatever_they_list(client, name, django_assert_max_num_queries):
    counts = []
    for rows in (1, 3):
        call = CallFactory()
        agent = agent_of(call)
        made = [submitted(call, StructureFactory(country=code)) for code in ("FR", "BE", "DE", "GB")[: rows + 1]]
        for _ in range(rows):
            draft(call)
            clarifications.ask(call, "Why?", by=UserFactory())
            if name == "boards":
                CallFactory(agent=agent)
        client.force_login(agent)
        url = screen(name, made[0]) if name == "screen" else reverse("calls:boards")
        url = url if name in {"screen", "boards"} else page(name, call)
        with clock.at(call.closes_at + DAY):
            if name == "screen" and rows == 3:
                screening.ask_for_correction(made[0], request="x", fields=["title"], until=clock.now() + DAY, by=agent)
            with django_assert_max_num_queries(12) as used:
                client.get(url)
        counts.append(len(used))
    assert counts[0] == counts[1]
