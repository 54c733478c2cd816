"""Selections side by side before the decision: who opens the page and when, what it counts and tells nobody."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from calls.models import Prize
from juries.models import Juror, Panel, Proposal, Recusal, StandingLine
from juries.operations import deliberation
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, owner_of
from tests.factories.calls import agent_of
from tests.factories.juries import disclosed
from tests.juries.finale import a_finale
from tests.juries.test_deliberation import prizes, settle, tell
from tests.juries.views.test_statements import to_read

pytestmark = pytest.mark.django_db
ACTS = ("open", "lock", "disclose", "deliberate")


@pytest.fixture
def finale():
    """Six finalists in deliberation; the prizes announced are 5000, 2000 and 1500 euros."""
    made = a_finale(6)
    made.reach("deliberate")
    made.attend()
    for prize, amount in zip(prizes(made), (5000, 2000, 1500), strict=True):
        Prize.objects.filter(pk=prize.pk).update(amount=amount)
    return made


def url(finale):
    with translation.override("en"):
        return reverse("juries:what-if", kwargs={"pk": finale.panel.pk})


def read(client, person, finale, **asked):
    client.force_login(person)
    answer = client.get(url(finale), asked)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\xa0", " ")


def rows_of(page):
    """The cells of each row by its name: {"Finalist 1": {"The first 2 of the ranking": "€5,000", …}, "Left": …}."""
    table = page.split("<table")[1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]:
        name = re.search(r'<th scope="row">([^<]*)', row)[1]
        cells = re.findall(r'<td[^>]*data-label="([^"]*)">(.*?)</td>', row, re.DOTALL)
        found[name] = {label: re.sub(r"<[^>]*>", "", cell).strip() for label, cell in cells}
    return found


def aside(finale, user, submission):
    seat = Juror.objects.filter(panel=finale.panel, user=user).first()
    Recusal.objects.create(juror=seat, submission=submission, category="family")


class TestWhoAndWhen:
    ANSWERS = {  # preparation, open, locked | disclosed, deliberation | decided
        "chair": (409, 200, 409),
        "secretary": (409, 200, 409),
        "juror": (409, 200, 409),
        "recused": (409, 200, 409),
        "agent": (409, 200, 409),
        "screener": (404, 404, 404),
        "stranger": (404, 404, 404),
        "applicant": (404, 404, 404),
        "anonymous": (302, 302, 302),
    }

    @pytest.mark.parametrize("state", ["preparation", "open", "lock", "disclose", "deliberate", "decide"])
    def test_persona_by_phase(self, client, state):
        finale = a_finale(4)
        if state in ACTS:
            finale.reach(state)
        elif state == "decide":
            finale.reach("deliberate")
            finale.attend()
            deliberation.propose_ranking(finale.panel, by=finale.chair)
            settle(finale)
        recused = finale.jurors[0].user
        aside(finale, recused, finale.finalists[0])
        people = {
            "chair": finale.chair,
            "secretary": finale.secretary,
            "juror": finale.juror,
            "recused": recused,
            "agent": finale.agent,
            "screener": agent_of(finale.call, "screen"),
            "stranger": AgentFactory(),
            "applicant": owner_of(finale.finalists[0].structure),
            "anonymous": None,
        }
        place = {"disclose": 1, "deliberate": 1, "decide": 2}.get(state, 0)
        found = {}
        for who, person in people.items():
            client.logout()
            if person:
                client.force_login(person)
            found[who] = client.get(url(finale)).status_code
        assert found == {who: answers[place] for who, answers in self.ANSWERS.items()}

    def test_a_reading_gives_no_prize_and_has_no_such_page(self, client):
        reading = a_finale(3, stage=Panel.Stage.READING)
        reading.reach("deliberate")
        client.force_login(reading.chair)
        assert client.get(url(reading)).status_code == 404

    def test_it_is_found_from_the_board_and_the_meeting(self, client, finale):
        for person, name in ((finale.chair, "chair"), (finale.agent, "chair"), (finale.juror, "meeting")):
            client.force_login(person)
            with translation.override("en"):
                page = client.get(reverse(f"juries:{name}", kwargs={"pk": finale.panel.pk})).content.decode()
            assert url(finale) in page


class TestWhatItCounts:
    def test_the_first_ones_with_the_amounts_announced(self, client, finale):
        finale.call.envelope = Decimal(8000)
        finale.call.save(update_fields=["envelope"])
        rows = rows_of(read(client, finale.chair, finale))
        two, three, four = (f"The first {n} of the ranking" for n in (2, 3, 4))
        assert rows["Finalist 1"] == {"Rank": "1", "Score": "17.20", two: "€5,000", three: "€5,000", four: "€5,000"}
        assert (rows["Finalist 3"][two], rows["Finalist 3"][three]) == ("– not in it", "€1,500")
        assert rows["Finalist 4"][four] == "no amount"
        assert [rows["Shared out"][name] for name in (two, three, four)] == ["€7,000", "€8,500", "€8,500"]
        assert rows["Left"][two] == "€1,000"
        assert rows["Left"][three].startswith("beyond the envelope:")

    def test_without_an_envelope_it_is_what_the_prizes_add_up_to(self, client, finale):
        type(finale.call).objects.filter(pk=finale.call.pk).update(envelope=None)
        assert rows_of(read(client, finale.juror, finale))["Left"]["The first 3 of the ranking"] == "€0"

    def test_another_envelope_in_equal_shares_or_by_the_scores(self, client, finale):
        rows = rows_of(read(client, finale.agent, finale, envelope="9000", share="equal"))
        assert {rows[f"Finalist {n}"]["The first 3 of the ranking"] for n in (1, 2, 3)} == {"€3,000"}
        rows = rows_of(read(client, finale.agent, finale, envelope="9000", share="score"))
        assert rows["Finalist 1"]["The first 2 of the ranking"] == "€4,801"
        assert rows["Left"]["The first 2 of the ranking"] == "€1"

    def test_a_selection_of_one_s_own_beside_what_is_proposed(self, client, finale):
        tell(finale, (0, 0, 1), amounts=(6000, 2000, 500))
        picks = [finale.finalists[n].number for n in (3, 1)]
        rows = rows_of(read(client, finale.juror, finale, pick=picks))
        assert rows["Finalist 1"]["As proposed now"] == "€8,000"
        assert rows["Finalist 2"]["As proposed now"] == "€500"
        assert rows["Shared out"]["As proposed now"] == "€8,500"
        own = {name: cells["Your selection"] for name, cells in rows.items() if name.startswith("Finalist")}
        assert own["Finalist 2"] == "€5,000"
        assert own["Finalist 4"] == "€2,000"
        assert {own[f"Finalist {n}"] for n in (1, 3, 5, 6)} == {"– not in it"}

    def test_pillars_covered_and_left(self, client, finale):
        other = Pillar.objects.exclude(pk=finale.finalists[0].pillar_id).first()
        type(other).objects.filter(pk=other.pk).update(name_en="Harbours")
        type(finale.finalists[0]).objects.filter(pk=finale.finalists[2].pk).update(pillar=other)
        rows = rows_of(read(client, finale.chair, finale))
        assert rows["Pillars left without any"]["The first 2 of the ranking"] == "Harbours"
        assert "Harbours" in rows["Pillars covered"]["The first 3 of the ranking"]
        assert rows["Pillars left without any"]["The first 3 of the ranking"] == "–"

    @pytest.mark.parametrize(
        "asked",
        [
            {"envelope": "-1"},
            {"envelope": "NaN"},
            {"envelope": "1e99"},
            {"share": "all"},
            {"pick": "T-9999"},
            {"envelope": ""},
            {"unknown": "1"},
        ],
    )
    def test_odd_questions_are_answered_as_announced(self, client, finale, asked):
        rows = rows_of(read(client, finale.chair, finale, **asked))
        assert rows["Finalist 1"]["The first 2 of the ranking"] == "€5,000"
        assert "Your selection" not in rows["Finalist 1"]

    def test_nothing_is_kept(self, client, finale):
        before = list(Proposal.objects.values_list("pk"))
        read(client, finale.chair, finale, envelope="1", pick=[finale.finalists[0].number])
        assert list(Proposal.objects.values_list("pk")) == before
        client.force_login(finale.chair)
        assert client.post(url(finale), {"envelope": "1"}).status_code == 405


class TestAside:
    def test_it_is_neither_shown_nor_counted(self, client, finale):
        tell(finale, (0, 1, 2), amounts=(6000, 2000, 500))
        aside(finale, finale.juror, finale.finalists[0])
        asked = {"pick": [finale.finalists[0].number], "share": "score", "envelope": "9000"}
        page = read(client, finale.juror, finale, **asked)
        for told in ("Finalist 1", "17.20", "6,000", "Your selection"):
            assert told not in page
        assert page.count(finale.finalists[0].number) == page.count(asked["pick"][0])
        rows = rows_of(page)
        assert rows["Left"]["As proposed now"] == "–"
        assert rows["Shared out"]["As proposed now"] == "€2,500"

    def test_the_score_of_what_is_aside_changes_nothing(self, client, finale):
        hidden = finale.finalists[0]
        aside(finale, finale.juror, hidden)
        pages = []
        for score in (17.2, 15.9):
            StandingLine.objects.filter(submission=hidden).update(adjusted=score, mean=score)
            pages.append(rows_of(read(client, finale.juror, finale, share="score")))
        assert pages[0] == pages[1]


@pytest.mark.parametrize("applications", [1, 3])
def test_it_takes_few_statements(client, applications):
    jury = disclosed("finale", jurors=3, applications=applications, readings=2)
    people = {"agent": jury.agent, "chair": jury.chair, "juror": jury.jurors[1].user}
    for step in range(2):
        if step:
            Recusal.objects.create(juror=jury.jurors[2], submission=jury.submissions[-1], category="unsure")
            deliberation.deliberate(jury.panel, by=jury.chair)
            deliberation.propose_ranking(jury.panel, by=jury.chair)
        assert to_read(client, jury, "what-if", people=people) == {}
