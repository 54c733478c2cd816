"""The chair's board in every state, who may open it, and a finale led through its pages to its publication."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.lifecycle.moves import move
from calls.workflow import SubmissionState
from juries.models import Award, Juror, Motion, Panel, Proposal, Recusal, Sheet
from juries.operations import deliberation, panels, scoring, session, voting
from juries.workflow import PanelState
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
BUDGET = 12
SECRET = "9.87"
PASSWORD = "a-harbour-and-its-lights"


def url(name, panel, **more):
    """The address of a page in English."""
    with translation.override("en"):
        return reverse(f"juries:{name}", kwargs={"pk": panel.pk, **more})


def opened(client, person, address):
    client.logout()
    if person is not None:
        client.force_login(person)
    return client.get(address)


def mark_all(finale):
    """Every voice hands in every sheet, each a little apart from the others."""
    criteria = list(finale.call.criteria.filter(stage=finale.panel.stage))
    for place, submission in enumerate(finale.finalists):
        for juror in finale.jurors:
            sheet = Sheet.objects.filter(juror=juror, submission=submission).first()
            target = sheet or submission.assignments.get(juror=juror)
            value = Decimal(10 - place - juror.pk % 2) / 2
            marks = dict.fromkeys(criteria, value)
            sheet = scoring.save_sheet(
                target,
                marks=marks,
                comments={},
                comment="",
                private_note="",
                version=sheet.version if sheet else 0,
                by=juror.user,
            )
            scoring.hand_in(sheet, by=juror.user)


class TestWhoOpensIt:
    @pytest.mark.parametrize(
        ("who", "status"),
        [("chair", 200), ("secretary", 200), ("agent", 200), ("juror", 403), ("stranger", 404), ("applicant", 404)],
    )
    def test_the_board(self, client, who, status):
        finale = a_finale(2)
        people = {
            "chair": finale.chair,
            "secretary": finale.secretary,
            "agent": finale.agent,
            "juror": finale.juror,
            "stranger": AgentFactory(),
            "applicant": owner_of(finale.finalists[0].structure),
        }
        assert opened(client, people[who], url("chair", finale.panel)).status_code == status

    def test_signing_in_comes_first(self, client):
        answer = opened(client, None, url("chair", a_finale(1).panel))
        assert answer.status_code == 302

    def test_the_member_of_an_applicant_neither_chairs_nor_organises(self, client):
        finale = a_finale(2)
        join(finale.finalists[0].structure, "reader", finale.chair)
        join(finale.finalists[0].structure, "reader", finale.agent)
        assert opened(client, finale.chair, url("chair", finale.panel)).status_code == 403
        assert opened(client, finale.agent, url("chair", finale.panel)).status_code == 404

    @pytest.mark.parametrize(
        "name",
        [
            "chair-lock",
            "chair-disclose",
            "chair-reopen",
            "chair-deliberate",
            "chair-deliberate-again",
            "chair-motion",
            "chair-propose-ranking",
            "chair-palmares",
            "chair-decide",
            "chair-sign",
            "chair-proclaim",
            "chair-publish",
        ],
    )
    def test_the_acts_are_the_chairs(self, client, name):
        finale = a_finale(2)
        for person, status in ((finale.agent, 403), (finale.juror, 403), (UserFactory(), 404)):
            client.force_login(person)
            assert client.get(url(name, finale.panel)).status_code == status
            assert client.post(url(name, finale.panel), {"reason": "x"}).status_code == status
        assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.PREPARATION

    def test_an_act_out_of_its_time_says_so(self, client):
        finale = a_finale(2)
        client.force_login(finale.chair)
        for name in ("chair-lock", "chair-disclose", "chair-sign", "chair-proclaim", "chair-publish", "chair-reopen"):
            assert client.get(url(name, finale.panel)).status_code == 409
            assert client.post(url(name, finale.panel), {"reason": "x"}).status_code == 409
        assert client.get(url("chair-minutes", finale.panel)).status_code == 409
        assert client.get(url("standing", finale.panel)).status_code == 409


class TestBeforeTheLock:
    def test_nothing_depends_on_a_mark(self, client):
        """Two panels with the same completeness and opposite marks show the same page."""
        pages = []
        finale = a_finale(3)
        finale.panel.jurors.update(charter_accepted_at=clock.now())
        move(finale.panel, "open", by=SYSTEM)
        client.force_login(finale.chair)
        for value in (0, 5):
            for sheet in Sheet.objects.filter(juror__panel=finale.panel):
                sheet.marks.all().delete()
                for criterion in finale.call.criteria.filter(stage="finale"):
                    sheet.marks.create(criterion=criterion, value=value, comment=SECRET)
            with clock.at(clock.paris(2027, 1, 1)):
                page = client.get(url("chair", finale.panel)).content.decode()
            pages.append(re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", page.split('<main id="content"')[1]))
        assert pages[0] == pages[1]
        assert SECRET not in pages[0]

    def test_completeness_is_shown_in_shapes_and_words(self, client):
        finale = a_finale(2, voices=2)
        Recusal.objects.create(juror=finale.jurors[0], submission=finale.finalists[1], category="other")
        move(finale.panel, "open", by=SYSTEM)
        client.force_login(finale.chair)
        page = client.get(url("chair", finale.panel))
        found = page.context["grid"]
        assert [[mark.value for mark in row.marks] for row in found.rows] == [["draft", "recused"], ["draft", "empty"]]
        assert (found.progress.expected, found.progress.handed_in, found.progress.begun) == (3, 0, 2)
        assert "i-slash-circle" in page.content.decode()
        assert "3 sheets out of 3" in page.content.decode()

    def test_absentees_are_expected_to_hand_in_nothing(self, client):
        finale = a_finale(2, voices=2)
        session.mark_present(finale.jurors[0], True, by=finale.chair)
        client.force_login(finale.chair)
        found = client.get(url("chair", finale.panel)).context["grid"]
        assert [row.is_due for row in found.rows] == [True, False]
        assert found.progress.expected == 2

    def test_a_chair_who_stands_aside_does_not_see_that_application(self, client):
        finale = a_finale(2)
        seat = Juror.objects.get(panel=finale.panel, user=finale.chair)
        Recusal.objects.create(juror=seat, submission=finale.finalists[1], category="other")
        client.force_login(finale.chair)
        found = client.get(url("chair", finale.panel)).context["grid"]
        assert [column.submission.title for column in found.columns] == ["Finalist 1"]
        finale.reach("disclose")
        page = client.get(url("chair", finale.panel))
        assert [row.line.submission.title for row in page.context["rows"]] == ["Finalist 1"]

    def test_a_reading_of_many_is_paged(self, client, monkeypatch):
        monkeypatch.setattr("juries.queries.board.PER_PAGE", 2)
        reading = a_finale(5, stage=Panel.Stage.READING)
        client.force_login(reading.chair)
        page = client.get(url("chair", reading.panel), {"page": "2"})
        assert [one["submission"].title for one in page.context["by_submission"]] == ["Finalist 3", "Finalist 4"]
        assert page.context["grid"].progress.expected == 25


class TestStatements:
    def count(self, client, person, address):
        client.force_login(person)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= BUDGET, "\n".join(query["sql"][:160] for query in queries)
        return len(queries)

    @pytest.mark.parametrize("stage", [Panel.Stage.READING, Panel.Stage.FINALE])
    @pytest.mark.parametrize("until", ["open", "disclose", "deliberate"])
    def test_the_board_asks_the_same_of_one_and_of_three(self, client, stage, until):
        counts = []
        for n in (1, 3):
            made = a_finale(n, stage=stage, voices=n)
            if stage == Panel.Stage.FINALE:
                vote_over(made)
            made.reach(until)
            made.attend()
            if until == "deliberate":
                deliberation.propose_ranking(made.panel, by=made.chair)
                for _motion in range(n):
                    Motion.objects.create(panel=made.panel, text="One", votes_for=1)
            counts.append({self.count(client, who, url("chair", made.panel)) for who in (made.chair, made.agent)})
        assert counts[0] == counts[1]

    def test_the_other_pages_too(self, client):
        made = a_finale(3)
        vote_over(made)
        made.reach("deliberate")
        made.attend()
        deliberation.propose_ranking(made.panel, by=made.chair)
        for name in ("standing", "chair-vote", "chair-palmares", "chair-presence", "chair-motion"):
            self.count(client, made.chair, url(name, made.panel))


def vote_over(finale):
    """A public vote that has closed."""
    now = clock.now()
    with clock.at(now - timedelta(hours=2)):
        vote = voting.open_vote(finale.call, opens_at=clock.now(), closes_at=now - timedelta(hours=1), by=finale.agent)
        ballots = [finale.finalists[0]] * 3 + finale.finalists[1:2] * 2
        with clock.at(now - timedelta(minutes=90)):
            type(finale.finalists[0]).objects.filter(call=finale.call).update(decision_public_at=clock.now())
            voting.cast_many(vote, ballots, by=finale.agent)
    return vote


class TestStanding:
    def test_the_jury_reads_it_once_disclosed(self, client):
        finale = a_finale(3)
        finale.reach("lock")
        for person in (finale.chair, finale.juror, finale.agent):
            assert opened(client, person, url("standing", finale.panel)).status_code == 409
        move(finale.panel, "disclose", by=SYSTEM)
        for person in (finale.chair, finale.juror, finale.agent):
            assert opened(client, person, url("standing", finale.panel)).status_code == 200
        assert opened(client, AgentFactory(), url("standing", finale.panel)).status_code == 404

    def test_between_lock_and_disclosure_even_the_chair_sees_no_figure(self, client):
        finale = a_finale(3)
        finale.reach("lock")
        page = opened(client, finale.chair, url("chair", finale.panel)).content.decode()
        assert "17.2" not in page
        assert "17,2" not in page

    def test_each_row_says_why_it_stands_above_the_next(self, client):
        finale = a_finale(4)
        finale.panel.jurors.update(charter_accepted_at=clock.now())
        panels.plan_assignments(finale.panel, seed=1, by=finale.agent)
        for juror in finale.jurors:
            panels.declare_no_link(juror, finale.finalists, by=juror.user)
        panels.open_panel(finale.panel, by=finale.agent)
        mark_all(finale)
        scoring.lock_panel(finale.panel, by=finale.chair)
        scoring.disclose_panel(finale.panel, by=finale.chair)
        page = opened(client, finale.chair, url("chair", finale.panel))
        rows = page.context["rows"]
        assert [row.line.rank for row in rows] == [1, 2, 3, 4]
        assert rows[0].why[0] == "Ahead of Finalist 2:"
        assert "5 jurors out of 5 place it ahead" in rows[0].why[1]
        assert rows[3].opens_cut
        text = page.content.decode()
        assert text.count('class="range__point"') == 4
        assert "Last rank." in text


class TestPages:
    def test_presence(self, client):
        finale = a_finale(2)
        client.force_login(finale.agent)
        there = [str(juror.pk) for juror in finale.jurors[:3]]
        assert client.post(url("chair-presence", finale.panel), {"present": there}).status_code == 302
        assert finale.panel.jurors.filter(is_present=True).count() == 3
        assert client.post(url("chair-presence", finale.panel), {"present": ["999999"]}).status_code == 422

    def test_the_running_order(self, client):
        finale = a_finale(3)
        client.force_login(finale.agent)
        given = {"seed": "22", "starts_at": "2027-09-22T14:00", "minutes": "30"}
        assert client.post(url("chair-order", finale.panel), given).status_code == 302
        slots = list(finale.panel.slots.all())
        assert [slot.starts_at for slot in slots] == [
            clock.paris(2027, 9, 22, 14),
            clock.paris(2027, 9, 22, 14, 30),
            clock.paris(2027, 9, 22, 15),
        ]
        page = client.get(url("chair", finale.panel))
        assert [one.order for one in page.context["running"].pitches] == [1, 2, 3]
        for odd in ({"seed": "-1"}, {"starts_at": "2027-03-28T02:30"}, {"minutes": "0"}, {"starts_at": ""}):
            assert client.post(url("chair-order", finale.panel), given | odd).status_code == 422

    def test_a_motion(self, client):
        finale = a_finale(2)
        finale.reach("deliberate")
        finale.attend()
        client.force_login(finale.chair)
        given = {"text": "First prize", "votes_for": "4", "votes_against": "1", "abstentions": "0"}
        assert client.post(url("chair-motion", finale.panel), given).status_code == 302
        answer = client.post(url("chair-motion", finale.panel), given | {"votes_for": "9"})
        assert answer.status_code == 400
        assert "First prize" in answer.content.decode()

    def test_the_palmares_on_one_page(self, client):
        finale = a_finale(4)
        finale.reach("deliberate")
        finale.attend()
        client.force_login(finale.chair)
        prizes = deliberation.jury_prizes(finale.panel)
        data = {}
        for prize, one in zip(prizes, finale.finalists, strict=False):
            data |= {f"prize{prize.pk}-submission": str(one.pk), f"prize{prize.pk}-amount": str(prize.amount)}
        assert client.post(url("chair-palmares", finale.panel), data).status_code == 302
        assert Proposal.objects.filter(prize__isnull=False).count() == 3
        twice = data | {f"prize{prizes[1].pk}-submission": str(finale.finalists[0].pk)}
        assert client.post(url("chair-palmares", finale.panel), twice).status_code == 302
        assert Proposal.objects.filter(submission=finale.finalists[0], prize__isnull=False).count() == 2
        odd = data | {f"prize{prizes[1].pk}-amount": "NaN"}
        assert client.post(url("chair-palmares", finale.panel), odd).status_code == 422
        shown = client.get(url("chair-palmares", finale.panel)).content.decode()
        assert shown.count("selected") == 3
        assert [str(prizes[n].amount) for n in (0, 1)] == ["5000.00", "2000.00"]
        assert 'value="5000"' in shown
        assert ".00" not in shown

    def test_one_application_of_a_reading(self, client):
        reading = a_finale(3, stage=Panel.Stage.READING, places=2)
        reading.reach("deliberate")
        client.force_login(reading.chair)
        one = reading.finalists[2]
        address = url("chair-propose", reading.panel, submission=one.pk)
        assert client.post(address, {"verdict": "reserve", "reason": "Later"}).status_code == 302
        assert Proposal.objects.get(submission=one).verdict == "reserve"
        assert client.post(address, {"verdict": "hold"}).status_code == 422
        assert (
            client.get(url("chair-propose", reading.panel, submission=a_finale(1).finalists[0].pk)).status_code == 404
        )
        assert client.get(url("chair-palmares", reading.panel)).status_code == 404

    def test_the_minutes_and_the_same_as_data(self, client):
        finale = a_finale(3)
        finale.reach("deliberate")
        finale.attend()
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        for person in (finale.chair, finale.agent):
            client.force_login(person)
            assert client.get(url("chair-minutes", finale.panel)).context["minutes"] is None
        deliberation.decide(finale.panel, by=finale.chair)
        deliberation.sign(finale.panel, by=finale.chair)
        finale.panel.refresh_from_db()
        page = client.get(url("chair-minutes", finale.panel))
        assert finale.panel.minutes.digest in page.content.decode()
        assert client.get(url("chair-minutes-data", finale.panel)).json() == finale.panel.minutes.content

    def test_locking_asks_about_the_sheets_that_are_missing(self, client):
        finale = a_finale(2)
        move(finale.panel, "open", by=SYSTEM)
        client.force_login(finale.chair)
        assert "are not handed in" in client.get(url("chair-lock", finale.panel)).content.decode()
        assert client.post(url("chair-lock", finale.panel)).status_code == 422
        assert client.post(url("chair-lock", finale.panel), {"without": "on"}).status_code == 409
        assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.OPEN

    def test_reopening_takes_a_reason(self, client):
        finale = a_finale(2)
        finale.reach("disclose")
        client.force_login(finale.chair)
        assert client.post(url("chair-reopen", finale.panel), {"reason": " "}).status_code == 422
        assert client.post(url("chair-reopen", finale.panel), {"reason": "A pitch was cut short"}).status_code == 302
        assert finale.panel.standings.get().voided_at


class TestPublicVote:
    def test_totals_are_the_chairs_then_the_jurys(self, client):
        finale = a_finale(3)
        vote = vote_over(finale)
        known = {}
        for step in ("closed", "counted", "disclosed"):
            if step == "counted":
                voting.count(vote, by=finale.chair)
            if step == "disclosed":
                voting.disclose_vote(vote, by=finale.chair)
            for who in ("chair", "juror", "agent"):
                page = opened(client, getattr(finale, who), url("chair-vote", finale.panel))
                known[step, who] = page.context["lines"] is not None
        assert known == {
            ("closed", "chair"): False,
            ("closed", "juror"): False,
            ("closed", "agent"): False,
            ("counted", "chair"): True,
            ("counted", "juror"): False,
            ("counted", "agent"): False,
            ("disclosed", "chair"): True,
            ("disclosed", "juror"): True,
            ("disclosed", "agent"): True,
        }

    def test_a_juror_who_stands_aside_reads_nothing_of_that_finalist(self, client):
        finale = a_finale(3)
        vote = vote_over(finale)
        voting.count(vote, by=finale.chair)
        voting.disclose_vote(vote, by=finale.chair)
        hidden, juror = finale.finalists[1], finale.jurors[-1]
        panels.accept_charter(juror, by=juror.user)
        panels.declare_recusal(juror, hidden, "family", by=juror.user)
        page = opened(client, juror.user, url("chair-vote", finale.panel))
        assert page.context["lines"]
        assert hidden.title not in page.content.decode()

    def test_the_board_of_an_agent_keeps_them_too(self, client):
        finale = a_finale(3)
        voting.count(vote_over(finale), by=finale.chair)
        assert "totals" in opened(client, finale.chair, url("chair", finale.panel)).context["public"]
        assert "totals" not in opened(client, finale.agent, url("chair", finale.panel)).context["public"]

    def test_without_a_vote_there_is_no_page(self, client):
        finale = a_finale(1)
        assert opened(client, finale.chair, url("chair-vote", finale.panel)).status_code == 409
        assert opened(client, finale.chair, url("chair-count", finale.panel)).status_code == 404


def sign_as_oneself(client, finale):
    """Signing asks the chair to confirm who they are, then resumes; the panel waits meanwhile."""
    finale.chair.set_password(PASSWORD)
    finale.chair.save(update_fields=["password"])
    client.force_login(finale.chair)
    asked = client.post(url("chair-sign", finale.panel))
    assert asked.status_code == 302
    assert "verification" in asked.url
    assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.DECIDED
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.DECIDED
    assert client.post(asked.url, {"password": PASSWORD}).status_code == 302
    assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.SIGNED


def test_a_finale_is_led_through_its_pages_to_its_publication(client):
    """From open sheets to the palmarès everyone reads, as the chair would do it."""
    finale = a_finale(4, voices=3)
    finale.panel.jurors.update(charter_accepted_at=clock.now())
    for juror in finale.jurors:
        panels.declare_no_link(juror, finale.finalists, by=juror.user)
    vote_over(finale)
    panels.open_panel(finale.panel, by=finale.agent)
    mark_all(finale)
    client.force_login(finale.chair)
    with translation.override("en"):
        results = reverse("juries:results", kwargs={"slug": finale.call.slug})

    def act(name, data=None):
        assert client.get(url(name, finale.panel)).status_code == 200
        answer = client.post(url(name, finale.panel), data or {})
        assert answer.status_code == 302, answer.content.decode()

    act("chair-presence", {"present": [str(juror.pk) for juror in finale.jurors]})
    act("chair-lock")
    act("chair-disclose")
    act("chair-count")
    act("chair-disclose-vote")
    act("chair-deliberate")
    act("chair-propose-ranking")
    act("chair-motion", {"text": "As it stands", "votes_for": "3", "votes_against": "0", "abstentions": "0"})
    act("chair-decide")
    sign_as_oneself(client, finale)
    act("chair-proclaim", {"publish_at": f"{clock.today().year + 2}-01-01T12:00"})
    assert Award.objects.count() == 4
    assert opened(client, None, results).status_code == 200  # the finalists are public, the palmarès is not
    assert "Awarded" not in opened(client, None, results).content.decode()
    client.force_login(finale.chair)
    act("chair-publish")
    page = opened(client, None, results).content.decode()
    assert "The public chose <strong>Finalist 1</strong>" in page
    assert page.index("Finalist 1") < page.index("Finalist 2") < page.index("Finalist 3")
    finale.finalists[0].refresh_from_db()
    assert finale.finalists[0].state == SubmissionState.LAUREATE
    client.force_login(finale.chair)
    assert client.get(url("chair", finale.panel)).context["next"] is None


class TestThePillars:
    def shares(self, client, person, panel):
        client.force_login(person)
        found = client.get(reverse("juries:chair", kwargs={"pk": panel.pk})).context["balance"]
        return [(share.pillar and share.pillar.slug, share.ranked, share.kept) for share in found]

    def absent(self, client, made):
        """The pillars said to be left without any."""
        return opened(client, made.chair, url("chair", made.panel)).context["absent"]

    def test_the_shortlist_shows_what_each_pillar_keeps(self, client):
        made = a_finale(stage="reading")
        made.reach("deliberate")
        first, second = Pillar.objects.all()[:2]
        for n, submission in enumerate(made.finalists):
            submission.pillar = (second, first, None)[n % 3]
            submission.save(update_fields=["pillar"])
        assert self.shares(client, made.chair, made.panel) == [(first.slug, 2, 0), (second.slug, 2, 0), (None, 2, 0)]
        assert not self.absent(client, made)
        deliberation.propose(made.panel, made.finalists[0], verdict="keep", by=made.chair)
        assert self.absent(client, made) == first.name
        for one in (made.finalists[3], made.finalists[1]):
            deliberation.propose(made.panel, one, verdict="keep", by=made.chair)
        assert self.shares(client, made.chair, made.panel) == [(first.slug, 2, 1), (second.slug, 2, 2), (None, 2, 0)]
        assert not self.absent(client, made)

    def test_it_counts_nothing_its_reader_stands_aside_from(self, client):
        made = a_finale(stage="reading")
        made.reach("deliberate")
        Recusal.objects.create(
            juror=made.panel.jurors.get(user=made.chair), submission=made.finalists[0], category="other"
        )
        assert sum(ranked for _pillar, ranked, _kept in self.shares(client, made.chair, made.panel)) == 5
