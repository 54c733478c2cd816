"""Voting through the pages: what each phase shows, that only a POST votes, and what agents see of it."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from juries.forms.voter import ConfirmForm, stamp
from juries.models import Ballot, BallotLink, PublicVote
from juries.operations import voting
from tests.factories.accounts import AgentFactory, owner_of
from tests.juries.finale import a_finale
from tests.post import letters

pytestmark = pytest.mark.django_db


def url(name, finale, **more):
    """The address of a page in English."""
    with translation.override("en"):
        return reverse(f"juries:{name}", kwargs={"slug": finale.call.slug, **more})


@pytest.fixture
def finale():
    return a_finale(3)


@pytest.fixture
def vote(finale):
    now = clock.now()
    opens, closes = now - timedelta(hours=1), now + timedelta(hours=1)
    return voting.open_vote(finale.call, opens_at=opens, closes_at=closes, by=finale.agent)


@pytest.mark.parametrize("code", ["\x00", "402\x00817", ""])
def test_a_bad_code_is_told_once(finale, code):
    form = ConfirmForm({"code": code, **choice(finale)}, candidates=finale.finalists)
    assert not form.is_valid()
    assert len(form.errors["code"]) == 1


def choice(finale, place=0):
    return {"choice": str(finale.finalists[place].pk)}


def read(finale, place=0):
    """A choice on a form that was shown a minute ago."""
    with clock.at(clock.now() - timedelta(minutes=1)):
        return choice(finale, place) | {"shown": stamp(clock.now())}


def hidden(page, name):
    found = re.search(rf'name="{name}" value="([^"]*)"', page) or re.search(rf'value="([^"]*)"[^>]*name="{name}"', page)
    return found[1] if found else ""


def chosen():
    return list(Ballot.objects.values_list("channel", "submission__title"))


class TestPhases:
    def test_before_between_and_after(self, client, finale, vote):
        said = {}
        for name, moment in (
            ("coming", vote.opens_at - timedelta(minutes=1)),
            ("open", vote.opens_at),
            ("closed", vote.closes_at),
        ):
            with clock.at(moment):
                page = client.get(url("vote", finale))
            said[name] = page.content.decode()
            assert page.status_code == 200
            assert page.context["phase"] == name
        assert ["<form" in said[name].split("<main")[1].split("</main>")[0] for name in said] == [False, True, False]
        assert "Finalist 1" in said["coming"]

    def test_a_line_in_another_language_than_the_page_says_so(self, client, finale, vote):
        finale.call.submissions.update(one_line="Des vélos partagés")
        for moment in (vote.opens_at, vote.closes_at):
            with clock.at(moment):
                page = client.get(url("vote", finale)).text
            assert '<span lang="fr">Des vélos partagés</span>' in page
            assert '<p class="told-in">Text in French</p>' in page

    def test_an_unknown_vote_and_that_of_a_hidden_call_look_the_same(self, client, finale, vote):
        assert client.get(url("vote", a_finale(1))).status_code == 404
        finale.call.announced_at = None
        finale.call.save(update_fields=["announced_at"])
        for name in ("vote", "vote-cast", "vote-done"):
            assert client.get(url(name, finale)).status_code == 404

    def test_finalists_who_are_not_public_yet_are_not_named(self, client, finale, vote):
        finale.call.submissions.update(decision_public_at=clock.now() + timedelta(minutes=5))
        page = client.get(url("vote", finale))
        assert page.context["phase"] == "coming"
        assert "Finalist" not in page.content.decode().replace("finalists", "")

    def test_posting_out_of_hours_says_when(self, client, finale, vote):
        for moment in (vote.opens_at - timedelta(seconds=1), vote.closes_at):
            with clock.at(moment):
                answer = client.post(url("vote", finale), choice(finale) | {"address": "voter@ville.example"})
            assert answer.status_code == 409
        assert not letters()

    def test_pages_are_never_kept(self, client, finale, vote):
        assert "no-store" in client.get(url("vote", finale))["Cache-Control"]

    def test_the_order_is_drawn_once_for_each_visitor(self, client, finale, vote):
        finale = a_finale(6)
        voting.open_vote(finale.call, opens_at=vote.opens_at, closes_at=vote.closes_at, by=finale.agent)

        def order(visitor):
            return [one.title for one in visitor.get(url("vote", finale)).context["candidates"]]

        assert order(client) == order(client)
        orders = set()
        for _n in range(12):
            client.cookies.clear()
            orders.add(tuple(order(client)))
        assert len(orders) > 1

    def test_the_order_stays_while_a_ballot_is_corrected(self, client, vote):
        finale = a_finale(6)
        voting.open_vote(finale.call, opens_at=vote.opens_at, closes_at=vote.closes_at, by=finale.agent)
        page = client.get(url("vote", finale)).context["candidates"]
        for given in ({}, choice(finale), choice(finale) | {"address": "voter"}):
            answer = client.post(url("vote", finale), given)
            assert answer.status_code in {400, 422}
            assert answer.context["candidates"] == page

    def test_looking_writes_nothing(self, client, finale, vote):
        client.get(url("vote", finale))
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(url("vote", finale))
        assert not [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]
        assert not Session.objects.exists()
        assert "sessionid" not in answer.cookies


class TestHaste:
    def shown(self, client, finale):
        """What the form held when it was shown."""
        return {"shown": hidden(client.get(url("vote", finale)).content.decode(), "shown")}

    def send(self, client, finale, given):
        return client.post(url("vote", finale), choice(finale, 1) | {"address": "voter@ville.example"} | given)

    def test_a_form_sent_at_once_is_asked_again_and_its_choice_kept(self, client, finale, vote):
        now = clock.now()
        with clock.at(now):
            given = self.shown(client, finale)
        with clock.at(now + timedelta(seconds=1)):
            answer = self.send(client, finale, given)
            page = answer.content.decode()
        assert answer.status_code == 422
        assert not letters()
        assert re.search(r'value="([^"]+)" checked', page)[1] == str(finale.finalists[1].pk)
        assert "voter@ville.example" in page
        with clock.at(now + timedelta(seconds=2)):
            assert self.send(client, finale, {"shown": hidden(page, "shown")}).status_code == 200
            assert len(letters()) == 1

    def test_a_reader_of_an_hour_is_not_held_up(self, client, finale, vote):
        now = clock.now() - timedelta(minutes=30)
        with clock.at(now):
            given = self.shown(client, finale)
        with clock.at(now + timedelta(hours=1)):
            assert self.send(client, finale, given).status_code == 200

    @pytest.mark.parametrize("forged", ["", "forged", "1:abc:def", "x" * 5000])
    def test_an_instant_that_is_not_ours_is_this_one(self, client, finale, vote, forged):
        now = clock.now()
        with clock.at(now):
            answer = self.send(client, finale, {"shown": forged})
            assert answer.status_code == 422
        with clock.at(now + timedelta(seconds=2)):
            given = {"shown": hidden(answer.content.decode(), "shown")}
            assert self.send(client, finale, given).status_code == 200

    def test_an_instant_to_come_is_this_one(self, client, finale, vote):
        with clock.at(clock.now() + timedelta(minutes=10)):
            given = self.shown(client, finale)
        assert self.send(client, finale, given).status_code == 422

    def test_a_slip_is_asked_again_as_well(self, client, finale, vote):
        code = voting.issue_codes(vote, "Entrance", 1, by=finale.agent)[0].text
        given = self.shown(client, finale) | {"address": "", "code": code}
        assert self.send(client, finale, given).status_code == 422


class TestByMail:
    def ask(self, client, finale, place=0, address="voter@ville.example", **more):
        return client.post(url("vote", finale), read(finale, place) | {"address": address} | more)

    def test_address_code_vote(self, client, finale, vote):
        page = self.ask(client, finale)
        assert page.status_code == 200
        assert not Ballot.objects.exists()
        digits = re.search(r"\b(\d{6})\b", letters()[-1].body)[1]
        given = choice(finale) | {"handle": hidden(page.content.decode(), "handle"), "code": digits}
        answer = client.post(url("vote-cast", finale), given)
        assert answer.status_code == 302
        assert chosen() == [("online", "Finalist 1")]
        thanks = client.get(answer["Location"]).content.decode()
        assert "Finalist" not in thanks
        again = client.post(url("vote-cast", finale), given)
        assert again.status_code == 409
        assert Ballot.objects.count() == 1

    def test_the_link_of_the_message_shows_the_ballot_and_a_post_votes(self, client, finale, vote):
        self.ask(client, finale)
        path = re.search(r"https://portail\.example(/\S+/lien/\S+/)", letters()[-1].body)[1]
        client.cookies.clear()
        for _n in range(2):
            assert client.get(path).status_code == 200
            assert client.head(path).status_code == 200
        assert not Ballot.objects.exists()
        assert client.post(path, {}).status_code == 422
        assert client.post(path, choice(finale, 2)).status_code == 302
        assert chosen() == [("online", "Finalist 3")]
        assert client.get(path).status_code == 409
        assert client.post(path, choice(finale, 1)).status_code == 409
        assert chosen() == [("online", "Finalist 3")]

    def test_no_get_votes(self, client, finale, vote):
        page = self.ask(client, finale).content.decode()
        digits = re.search(r"\b(\d{6})\b", letters()[-1].body)[1]
        given = choice(finale) | {"handle": hidden(page, "handle"), "code": digits}
        assert client.get(url("vote-cast", finale), given).status_code == 302
        client.get(url("vote", finale), given)
        assert not Ballot.objects.exists()

    def test_a_wrong_code_loses_nothing(self, client, finale, vote):
        page = self.ask(client, finale, 1).content.decode()
        given = choice(finale, 1) | {"handle": hidden(page, "handle"), "code": "000000"}
        BallotLink.objects.update(code_digest="0" * 64)
        answer = client.post(url("vote-cast", finale), given)
        assert answer.status_code == 400
        again = answer.content.decode()
        assert hidden(again, "handle") == given["handle"]
        assert "Finalist 2" in again

    @pytest.mark.parametrize("handle", ["", "forged", "1", "1:abc:def"])
    def test_a_forged_handle_is_a_spent_link(self, client, finale, vote, handle):
        answer = client.post(url("vote-cast", finale), choice(finale) | {"handle": handle, "code": "123456"})
        assert answer.status_code == 409

    def test_a_handle_of_another_vote_is_a_spent_link(self, client, finale, vote):
        other = a_finale(1)
        elsewhere = voting.open_vote(other.call, opens_at=vote.opens_at, closes_at=vote.closes_at, by=other.agent)
        page = self.ask(client, other).content.decode()
        digits = re.search(r"\b(\d{6})\b", letters()[-1].body)[1]
        given = choice(finale) | {"handle": hidden(page, "handle"), "code": digits}
        assert client.post(url("vote-cast", finale), given).status_code == 409
        assert not elsewhere.ballots.exists()

    def test_the_fourth_message_within_an_hour_is_refused_with_the_wait(self, client, finale, vote):
        for _n in range(3):
            assert self.ask(client, finale).status_code == 200
        answer = self.ask(client, finale)
        assert answer.status_code == 429
        assert 0 < int(answer["Retry-After"]) <= 3601
        assert "voter@ville.example" in answer.content.decode()

    def test_who_fills_in_what_nobody_sees_gets_the_same_page_and_no_message(self, client, finale, vote):
        honest = self.ask(client, finale, address="honest@ville.example")
        sent = len(letters())
        trapped = self.ask(client, finale, address="robot@ville.example", website="https://spam.example")
        assert (trapped.status_code, len(letters())) == (200, sent)
        assert trapped.context["form"].fields.keys() == honest.context["form"].fields.keys()

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"choice": "x"},
            {"address": "voter@ville.example"},
            {"choice": "00000000-0000-0000-0000-000000000000", "address": "voter@ville.example"},
        ],
    )
    def test_without_a_known_choice_nothing_is_sent(self, client, finale, vote, given):
        assert client.post(url("vote", finale), given).status_code == 422
        assert not letters()

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"address": "voter"},
            {"address": "a\x00b@ville.example"},
            {"address": "voter@ville.example", "code": "7K2M-9QXF-3HTB"},
            {"address": "x" * 300 + "@ville.example"},
            {"code": "7" * 41},
        ],
    )
    def test_odd_input_keeps_the_choice(self, client, finale, vote, given):
        answer = client.post(url("vote", finale), read(finale, 1) | given)
        assert answer.status_code in {400, 422}
        checked = re.search(r'value="([^"]+)" checked', answer.content.decode())
        assert checked[1] == str(finale.finalists[1].pk)

    def test_an_unknown_link_leads_nowhere(self, client, finale, vote):
        assert client.get(url("vote-link", finale, token="nothing")).status_code == 404
        assert client.post(url("vote-link", finale, token="nothing"), choice(finale)).status_code == 404


class TestInTheRoom:
    def test_slip_confirmation_vote(self, client, finale, vote):
        code = voting.issue_codes(vote, "Entrance", 1, by=finale.agent)[0].text
        page = client.post(url("vote", finale), read(finale, 1) | {"code": code.lower()})
        assert page.status_code == 200
        assert "Finalist 2" in page.content.decode()
        assert not Ballot.objects.exists()
        given = choice(finale, 1) | {"slip": hidden(page.content.decode(), "slip")}
        assert client.post(url("vote-cast", finale), given).status_code == 302
        assert chosen() == [("room", "Finalist 2")]
        assert client.post(url("vote-cast", finale), given).status_code == 409
        assert client.post(url("vote", finale), read(finale) | {"code": code}).status_code == 409

    def test_an_unknown_slip_is_said_at_its_field(self, client, finale, vote):
        answer = client.post(url("vote", finale), read(finale) | {"code": "7K2M-9QXF-3HTB"})
        assert answer.status_code == 400
        assert answer.context["form"].errors["code"]


def people(finale):
    return {
        "anonymous": None,
        "applicant": owner_of(finale.finalists[0].structure),
        "juror": finale.juror,
        "chair": finale.chair,
        "agent": finale.agent,
        "other agent": AgentFactory(),
        "administrator": AgentFactory(is_administrator=True),
    }


DESK = ("vote-desk", "vote-dates", "vote-codes", "vote-void", "vote-void-codes", "vote-close", "vote-purge")


class TestDesk:
    @pytest.mark.parametrize("name", DESK)
    def test_it_is_for_the_agents_who_organise_the_vote(self, client, finale, vote, name):
        expected = {
            "anonymous": 302,
            "applicant": 403,
            "juror": 403,
            "chair": 403,
            "agent": 200,
            "other agent": 403,
            "administrator": 403,
        }
        found = {}
        for who, person in people(finale).items():
            client.logout()
            if person:
                client.force_login(person)
            found[who] = client.get(url(name, finale)).status_code
        assert found == expected

    def test_it_counts_ballots_and_never_says_for_whom(self, client, finale, vote):
        client.force_login(finale.agent)
        pages = []
        for order in ((0, 0, 1), (1, 1, 0)):
            Ballot.objects.all().delete()
            voting.cast_many(vote, [finale.finalists[place] for place in order], by=finale.agent)
            page = client.get(url("vote-desk", finale)).content.decode()
            pages.append(re.sub(r'value="\w{64}"', "", page))
        assert pages[0] == pages[1]
        assert "Finalist" not in pages[0]

    def test_dates_slips_voiding_close_and_purge(self, client, finale):
        client.force_login(finale.agent)
        assert client.get(url("vote-desk", finale)).status_code == 200
        assert client.get(url("vote-codes", finale)).status_code == 404
        dates = {"opens_at": "2027-09-22T14:00", "closes_at": "2027-09-23T15:00"}
        assert client.post(url("vote-dates", finale), dates).status_code == 302
        assert client.post(url("vote-dates", finale), dates | {"closes_at": "2027-09-22T13:00"}).status_code == 400
        vote = PublicVote.objects.get(call=finale.call)
        with clock.at(vote.opens_at + timedelta(hours=1)):
            sheet = client.post(url("vote-codes", finale), {"batch": "Entrance", "number": "3"})
            codes = re.findall(r"<code>([\w-]{14})</code>", sheet.content.decode())
            assert len(codes) == 3
            assert sheet["Cache-Control"] == "no-store"
            voting.cast_in_room(vote, finale.finalists[0], code=codes[0])
            assert (
                client.post(url("vote-void-codes", finale), {"serials": "1, 3-9", "reason": "Lost"}).status_code == 302
            )
            assert vote.ballots.filter(voided_at__isnull=False).count() == 1
            for odd in ("x", "1-99999999", "4-", "-"):
                assert (
                    client.post(url("vote-void-codes", finale), {"serials": odd, "reason": "Lost"}).status_code == 422
                )
            voting.cast_in_room(vote, finale.finalists[0], code=codes[1])
            span = {"channel": "room", "since": "2027-09-22T14:00", "until": "2027-09-22T16:00", "reason": "A robot"}
            assert client.post(url("vote-void", finale), span | {"until": "2027-09-22T13:00"}).status_code == 422
            assert client.post(url("vote-void", finale), span).status_code == 302
            assert not vote.ballots.filter(voided_at__isnull=True).exists()
            assert client.post(url("vote-close", finale), {"reason": ""}).status_code == 422
            assert client.post(url("vote-close", finale), {"reason": "Empty room"}).status_code == 302
        assert client.post(url("vote-purge", finale)).status_code == 409
        assert client.get(url("vote-desk", finale)).context["batches"][0]["voided"] == 2


class TestStatements:
    def test_pages_ask_the_same_of_one_and_of_three(self, client):
        counts = []
        for n in (1, 3):
            finale, now = a_finale(n), clock.now()
            vote = voting.open_vote(
                finale.call, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=1), by=finale.agent
            )
            for batch in range(n):
                voting.issue_codes(vote, f"Batch {batch}", n, by=finale.agent)
            voting.cast_many(vote, finale.finalists, by=finale.agent)
            client.logout()
            seen = [self.count(client, url("vote", finale)), self.count(client, url("vote-done", finale))]
            client.force_login(finale.agent)
            counts.append([*seen, self.count(client, url("vote-desk", finale))])
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 12

    def count(self, client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)
