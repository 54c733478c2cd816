"""Results at their hour: before it only the finale's jury and agents of the call read them, on any path."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from calls.models import Call, CallAgent
from juries.models import Award, Juror, Panel, PublicVote, Recusal
from juries.operations import deliberation, voting
from juries.operations.deliberation import Allotment
from juries.queries.outcome import outcome_for
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.factories.calls import agent_of
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db


def url(call):
    with translation.override("en"):
        return reverse("juries:results", kwargs={"slug": call.slug})


def proclaimed(n=4, *, in_hours=1, ballots=(2, 1)):
    """A finale whose decision is public in that many hours, with a public vote and amounts that changed."""
    finale, now = a_finale(n), clock.now()
    with clock.at(now - timedelta(minutes=50)):
        opens, closes = clock.now(), now - timedelta(minutes=10)
        vote = voting.open_vote(finale.call, opens_at=opens, closes_at=closes, by=finale.agent)
        chosen = [one for one, count in zip(finale.finalists, ballots, strict=False) for _n in range(count)]
        voting.cast_many(vote, chosen, by=finale.agent)
    voting.count(vote, by=finale.chair)
    voting.disclose_vote(vote, by=finale.chair)
    finale.reach("deliberate")
    finale.attend()
    for prize, submission in zip(deliberation.jury_prizes(finale.panel), finale.finalists, strict=False):
        deliberation.propose(
            finale.panel,
            submission,
            verdict="keep",
            prize=prize,
            amount=8000 if prize.rank == 1 else prize.amount,
            support="Incubation" if prize.rank == 1 else "",
            reason="The jury gathers the envelope" if prize.rank == 1 else "",
            by=finale.chair,
        )
    for submission in finale.finalists[3:]:
        deliberation.propose(finale.panel, submission, verdict="decline", by=finale.chair)
    deliberation.decide(finale.panel, by=finale.chair)
    deliberation.sign(finale.panel, by=finale.chair)
    public_at = now + timedelta(hours=in_hours) if in_hours else None
    deliberation.proclaim(finale.panel, publish_at=public_at, by=finale.chair)
    finale.call = Call.objects.get(pk=finale.call.pk)
    return finale


def cast_of(finale):
    """Everyone who may meet the results, by name."""
    recused = Juror.objects.create(panel=finale.panel, user=UserFactory())
    Recusal.objects.create(juror=recused, submission=finale.finalists[0], category="other")
    gone = Juror.objects.create(panel=finale.panel, user=UserFactory())
    Recusal.objects.create(juror=gone, category="other")
    reading = Panel.objects.create(call=finale.call, stage=Panel.Stage.READING)
    reader = Juror.objects.create(panel=reading, user=UserFactory())
    laureate = finale.finalists[0].structure
    return {
        "anonymous": None,
        "citizen": UserFactory(),
        "laureate": owner_of(laureate),
        "declined": owner_of(finale.finalists[-1].structure),
        "juror": finale.juror,
        "recused juror": recused.user,
        "juror who left": gone.user,
        "reader of the first round": reader.user,
        "chair": finale.chair,
        "agent": finale.agent,
        "agent who follows": agent_of(finale.call, CallAgent.Right.FOLLOW),
        "member agent": join(laureate, "reader", agent_of(finale.call)),
        "other agent": AgentFactory(),
        "administrator": AgentFactory(is_administrator=True),
    }


KNOW_BEFORE = {"juror", "chair", "agent", "agent who follows"}


class TestEmbargo:
    def test_who_reads_the_palmares_before_its_hour(self, client):
        finale = proclaimed()
        found = set()
        for who, person in cast_of(finale).items():
            client.logout()
            if person:
                client.force_login(person)
            page = client.get(url(finale.call))
            assert page.status_code == 200, who  # the finalists are public
            if page.context["outcome"] is not None:
                found.add(who)
                assert "until its publication" in page.content.decode()
            else:
                text = page.content.decode().split("<main")[1]
                assert not [word for word in ("8,000", "laureate", "Incubation", "ballot", "Prize 1") if word in text]
        assert found == KNOW_BEFORE

    def test_at_its_hour_everyone_reads_the_same(self, client):
        finale = proclaimed()
        people = cast_of(finale)
        with clock.at(finale.call.results_at):
            for person in people.values():
                client.logout()
                if person:
                    client.force_login(person)
                page = client.get(url(finale.call))
                assert page.context["outcome"].is_public
                assert [one.title for one in page.context["outcome"].laureates] == [
                    "Finalist 1",
                    "Finalist 2",
                    "Finalist 3",
                ]
        with clock.at(finale.call.results_at - timedelta(seconds=1)):
            assert outcome_for(finale.call, people["citizen"], clock.now()) is None

    def test_no_public_page_tells_it_early(self, client):
        finale = proclaimed()
        with translation.override("en"):
            addresses = [
                reverse("calls:list"),
                reverse("calls:detail", kwargs={"slug": finale.call.slug}),
                reverse("juries:vote", kwargs={"slug": finale.call.slug}),
                url(finale.call),
            ]
        for person in (None, owner_of(finale.finalists[0].structure)):
            client.logout()
            if person:
                client.force_login(person)
            before = [client.get(address).content.decode() for address in addresses]
            for page in before:
                assert not [word for word in ("8,000", "aureate</", "gathers the envelope") if word in page]

    def test_before_anything_is_public_the_page_does_not_exist(self, client):
        finale = a_finale(2)
        finale.call.submissions.update(decision_public_at=clock.now() + timedelta(days=1))
        for person in (None, finale.juror, UserFactory()):
            client.logout()
            if person:
                client.force_login(person)
            assert client.get(url(finale.call)).status_code == 404
        with clock.at(clock.now() + timedelta(days=1, seconds=1)):
            page = client.get(url(finale.call))
            assert [one.title for one in page.context["shortlist"]] == ["Finalist 1", "Finalist 2"]

    def test_an_unknown_call_and_one_in_preparation_look_the_same(self, client):
        finale = proclaimed(in_hours=0)
        Call.objects.filter(pk=finale.call.pk).update(announced_at=None)
        assert client.get(url(finale.call)).status_code == 404
        with translation.override("en"):
            assert client.get(reverse("juries:results", kwargs={"slug": "nothing"})).status_code == 404


class TestWhatIsTold:
    def test_amounts_reasons_and_the_public_prize(self, client):
        finale = proclaimed(in_hours=0)
        page = client.get(url(finale.call)).content.decode()
        assert "€8,000" in page
        assert "€5,000" in page
        assert "The jury gathers the envelope" in page
        assert "The public chose <strong>Finalist 1</strong>" in page
        assert "3 valid ballots" in page
        assert "Public prize too" in page
        assert page.count("The other finalists") == 1
        assert page.index("Announced and awarded") < page.index("The other finalists")

    def test_without_vote_or_prize_it_says_so(self, client):
        finale = a_finale(1)
        finale.reach("deliberate")
        finale.attend()
        deliberation.propose(
            finale.panel, finale.finalists[0], verdict="decline", reason="It is not ripe", by=finale.chair
        )
        deliberation.decide(finale.panel, by=finale.chair)
        deliberation.sign(finale.panel, by=finale.chair)
        deliberation.proclaim(finale.panel, by=finale.chair)
        page = client.get(url(finale.call)).content.decode()
        assert "The jury gave no prize." in page
        assert "not ripe" not in page

    def test_a_prize_to_nobody_is_told_with_the_reason_written_for_it(self, client):
        finale = a_finale(3)
        finale.reach("deliberate")
        finale.attend()
        rows = zip(deliberation.jury_prizes(finale.panel), [*finale.finalists[:2], None], strict=True)
        allotments = [
            Allotment(prize, one, prize.amount if one else None, reason="" if one else "None is ripe")
            for prize, one in rows
        ]
        deliberation.allot(finale.panel, allotments, by=finale.chair)
        deliberation.decide(finale.panel, by=finale.chair)
        deliberation.sign(finale.panel, by=finale.chair)
        deliberation.proclaim(finale.panel, by=finale.chair)
        Panel.objects.filter(pk=finale.panel.pk).update(withheld={})
        page = client.get(url(finale.call)).content.decode()
        assert "not awarded" in page
        assert '<div lang="fr">None is ripe</div><p class="told-in">Text in French</p>' in page

    def test_each_reason_in_another_language_than_the_page_says_so(self, client):
        finale = proclaimed(in_hours=0)
        Award.objects.filter(prize__rank=2).update(reason="Une autre raison")
        said = '<div lang="fr">Une autre raison</div><p class="told-in">Text in French</p>'
        assert said in client.get(url(finale.call)).text
        with translation.override("fr"):
            french = client.get(reverse("juries:results", kwargs={"slug": finale.call.slug})).text
        assert "told-in" not in french.split('id="amounts"')[1].split("</table>")[0]

    def test_results_are_frozen_copies(self, client):
        finale = proclaimed(in_hours=0)
        finale.panel.proposals.update(amount=1, reason="Changed since")
        page = client.get(url(finale.call)).content.decode()
        assert "Changed since" not in page
        assert "€8,000" in page

    def test_the_same_statements_for_one_finalist_and_for_six(self, client):
        counts = []
        for n in (1, 6):
            finale = proclaimed(n, in_hours=0, ballots=(2,))
            address = url(finale.call)
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 12


class TestTheVote:
    def pages(self, client, finale, prefix=""):
        """The pages that tell results, with whether each leads to the vote."""
        slug = finale.call.slug
        vote = f'href="{prefix}/vote/{slug}/"'
        asked = ("resultats/", "", "finale/")
        return {name: vote in client.get(f"{prefix}/appels/{slug}/{name}").text for name in asked}

    @pytest.mark.parametrize(
        ("prefix", "words"),
        [
            ("", "Le vote du public"),
            ("/en", "The public vote"),
            ("/de", "Die Publikumsabstimmung"),
            ("/nl", "De publieksstemming"),
        ],
    )
    def test_its_page_is_led_to_from_where_the_results_are_told(self, client, prefix, words):
        finale = proclaimed(in_hours=0)
        Panel.objects.update(place="Théâtre")
        with translation.override(prefix.strip("/") or "fr"):
            assert set(self.pages(client, finale, prefix).values()) == {True}
            assert words in client.get(f"{prefix}/appels/{finale.call.slug}/resultats/").text
            assert client.get(f"{prefix}/vote/{finale.call.slug}/").status_code == 200

    def test_a_vote_that_was_not_published_is_not(self, client):
        finale = proclaimed(in_hours=0)
        Panel.objects.update(place="Théâtre")
        PublicVote.objects.update(disclosed_at=None)
        assert set(self.pages(client, finale).values()) == {False}
        PublicVote.objects.all().delete()
        assert set(self.pages(client, finale).values()) == {False}

    def test_nor_before_the_results(self, client):
        finale = proclaimed(in_hours=1)
        Panel.objects.update(place="Théâtre")
        client.force_login(finale.chair)
        assert set(self.pages(client, finale).values()) == {False}


def test_system_reads_what_the_jury_reads():
    finale = proclaimed()
    assert outcome_for(finale.call, SYSTEM, clock.now()) is not None
    assert Award.objects.filter(call=finale.call).count() == 4
