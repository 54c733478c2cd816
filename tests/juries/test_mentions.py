"""A special mention: words of the jury for a finalist without a prize, told with the results and not before."""

import html
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from bethune_smartcity.portal.opendata import rows
from calls.operations import message_texts
from calls.workflow import SubmissionState
from juries.admin.deliberation import MentionAdmin
from juries.models import Juror, Mention, Panel, Proposal, Recusal
from juries.operations import deliberation, panels, voting
from juries.operations.deliberation import Allotment
from juries.queries.invariants import no_mention_of_a_laureate
from juries.readership import outcome_of
from tests.factories.accounts import owner_of
from tests.juries.finale import a_finale
from tests.juries.test_deliberation import DECLINE, KEEP, codes, prizes, settle, states, vote_for
from tests.papers import holds

pytestmark = pytest.mark.django_db
WORDS = "A garden that neighbours tend themselves."


@pytest.fixture
def finale():
    """Six finalists in deliberation, the announced prizes for the first three."""
    made = a_finale(6)
    made.reach("deliberate")
    made.attend()
    return made


def allot(finale, mentions, by=None, ranks=(1, 2, 3)):
    """The palmarès as ranked, with `mentions`: words by place of the finalist."""
    given = [one for one in prizes(finale) if one.rank in ranks]
    allotments = [Allotment(prize, finale.finalists[prize.rank - 1], prize.amount) for prize in given]
    words = {finale.finalists[place]: said for place, said in mentions.items()}
    return deliberation.allot(finale.panel, allotments, mentions=words, by=by or finale.chair)


def proclaimed(finale, mentions=None, **options):
    allot(finale, mentions or {4: WORDS})
    settle(finale)
    deliberation.proclaim(finale.panel, by=finale.chair, **options)
    finale.call.refresh_from_db()
    return finale


def mentioned():
    return dict(Proposal.objects.exclude(mention="").values_list("submission__title", "mention"))


def aside(finale, user, submission):
    Recusal.objects.create(
        juror=Juror.objects.get(panel=finale.panel, user=user), submission=submission, category="family"
    )


class TestProposing:
    def test_it_is_proposed_in_one_paragraph_and_changes_no_rank_and_no_amount(self, finale):
        before = allot(finale, {})
        allot(finale, {4: " A garden\r\n\r\nthat  neighbours\ttend themselves. "})
        assert mentioned() == {"Finalist 5": WORDS}
        kept = [(one.submission_id, one.verdict, one.prize_id, one.amount) for one in before]
        after = Proposal.objects.values_list("submission", "verdict", "prize", "amount")
        assert sorted(kept, key=str) == sorted(after, key=str)
        assert codes(finale) == []

    def test_one_alone_is_proposed_and_taken_back(self, finale):
        one = finale.finalists[4]
        deliberation.propose(finale.panel, one, verdict=DECLINE, mention=WORDS, by=finale.chair)
        assert mentioned() == {one.title: WORDS}
        deliberation.propose(finale.panel, one, verdict=DECLINE, by=finale.chair)
        assert mentioned() == {}

    @pytest.mark.parametrize("words", ["", " \n ", "x" * 501, "\u202e"])
    def test_without_words_or_with_odd_ones_it_is_refused(self, finale, words):
        with pytest.raises(Invalid) as refusal:
            allot(finale, {4: words})
        assert refusal.value.field == "mention"
        assert not Proposal.objects.exists()

    def test_a_laureate_gets_none(self, finale):
        with pytest.raises(Invalid) as refusal:
            allot(finale, {0: WORDS})
        assert refusal.value.field == "mention"
        one, prize = finale.finalists[0], prizes(finale)[0]
        with pytest.raises(Invalid):
            deliberation.propose(finale.panel, one, verdict=KEEP, prize=prize, mention=WORDS, by=finale.chair)
        allot(finale, {})
        with pytest.raises(IntegrityError), transaction.atomic():
            Proposal.objects.filter(submission=one).update(mention=WORDS)

    def test_a_reading_gives_none(self):
        reading = a_finale(3, stage=Panel.Stage.READING)
        reading.reach("deliberate")
        with pytest.raises(Invalid) as refusal:
            deliberation.propose(reading.panel, reading.finalists[0], verdict=DECLINE, mention=WORDS, by=reading.chair)
        assert refusal.value.field == "mention"

    def test_an_application_from_elsewhere_gets_none(self, finale):
        elsewhere = a_finale(1)
        finale.finalists.append(elsewhere.finalists[0])
        with pytest.raises((Invalid, Forbidden)):
            allot(finale, {6: WORDS})
        assert not Proposal.objects.exists()

    def test_nobody_but_who_leads_gives_one(self, finale):
        for person in (finale.agent, finale.juror):
            with pytest.raises(Forbidden):
                allot(finale, {4: WORDS}, by=person)


class TestAside:
    def test_it_is_not_theirs_to_give_or_to_take_back(self, finale):
        aside(finale, finale.chair, finale.finalists[4])
        with pytest.raises(Forbidden):
            allot(finale, {4: WORDS})
        allot(finale, {4: WORDS}, by=finale.secretary)
        allot(finale, {5: "Another."})
        assert mentioned() == {"Finalist 5": WORDS, "Finalist 6": "Another."}
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert mentioned() == {"Finalist 5": WORDS, "Finalist 6": "Another."}

    @pytest.mark.parametrize("name", ["chair", "chair-palmares", "chair-minutes", "chair-minutes-data"])
    def test_no_page_tells_them(self, client, finale, name):
        allot(finale, {4: WORDS}, by=finale.secretary)
        aside(finale, finale.chair, finale.finalists[4])
        address = reverse(f"juries:{name}", kwargs={"pk": finale.panel.pk})
        client.force_login(finale.secretary)
        told = "Finalist 5" if name == "chair" else WORDS
        assert told in client.get(address).content.decode()
        client.force_login(finale.chair)
        page = client.get(address).content.decode()
        assert WORDS not in page
        assert "special mention</" not in page


class TestPublicLaureate:
    def test_the_public_prize_makes_a_laureate_whose_mention_is_taken_back(self, finale):
        allot(finale, {4: WORDS})
        vote_for(finale, (0, 0, 0, 0, 3))
        assert codes(finale) == ["mention_of_laureate"]
        aside(finale, finale.secretary, finale.finalists[4])
        told = [gap.code for gap in deliberation.gaps(finale.panel, finale.secretary)]
        assert told == ["aside"]
        allot(finale, {5: WORDS})
        assert codes(finale) == []

    def test_a_tie_settled_anew_cannot_give_both(self, finale):
        vote = vote_for(finale, (0, 0, 0, 2, 2))
        allot(finale, {4: WORDS})
        voting.settle_tie(vote, finale.finalists[4], reason="The rules", by=finale.chair)
        assert codes(finale) == ["mention_of_laureate"]
        voting.settle_tie(vote, finale.finalists[3], reason="The rules", by=finale.chair)
        settle(finale)
        with pytest.raises(Conflict):
            voting.settle_tie(vote, finale.finalists[4], reason="The rules", by=finale.chair)
        deliberation.proclaim(finale.panel, by=finale.chair)
        assert Mention.objects.get().submission == finale.finalists[4]


class TestProclamation:
    def test_it_is_in_the_minutes(self, finale):
        allot(finale, {4: WORDS})
        deliberation.decide(finale.panel, by=finale.chair)
        told = {row["title"]: row["mention"] for row in finale.panel.minutes.content["decision"] if row["mention"]}
        assert told == {"Finalist 5": WORDS}

    def test_it_is_written_with_the_awards_and_makes_no_laureate(self, finale, monkeypatch):
        def fail(*_args, **_kwargs):
            raise Conflict("failure", "Someone was faster.")

        allot(finale, {4: WORDS})
        settle(finale)
        assert not Mention.objects.exists()
        with monkeypatch.context() as patched:
            patched.setattr(deliberation.proclamation, "set_results_at", fail)
            with pytest.raises(Conflict):
                deliberation.proclaim(finale.panel, by=finale.chair)
        assert not Mention.objects.exists()
        finale.panel.refresh_from_db()
        public_at = clock.now() + timedelta(hours=1)
        deliberation.proclaim(finale.panel, publish_at=public_at, by=finale.chair)
        given = Mention.objects.get()
        assert (given.submission.title, given.words, given.publish_at) == ("Finalist 5", WORDS, public_at)
        assert states(finale) == [SubmissionState.LAUREATE] * 3 + [SubmissionState.DECLINED] * 3
        deliberation.publish_now(finale.panel, by=finale.chair)
        given.refresh_from_db()
        assert given.publish_at <= clock.now()
        assert list(no_mention_of_a_laureate()) == []

    def test_a_laureate_with_one_is_found_out(self, finale):
        proclaimed(finale)
        Mention.objects.update(submission=finale.finalists[0])
        (sentence,) = no_mention_of_a_laureate()
        assert "Finalist 1" in sentence

    def test_its_people_are_told_with_the_decision(self, finale):
        public_at = clock.now() + timedelta(hours=1)
        proclaimed(finale, publish_at=public_at)
        told = Message.objects.filter(kind="juries.decision", due_at=public_at)
        assert told.count() == 6
        message = told.get(recipient=owner_of(finale.finalists[4].structure))
        assert "special mention" in message.subject
        assert f"“{WORDS}”" in message.body
        assert "laureates" in message.body
        assert told.filter(body__contains=WORDS).count() == 1
        assert outcome_of(finale.panel, finale.finalists[4]) == "mention"

    def test_agents_word_it_apart(self, finale):
        for name, extra in (("mention", "{mention}"), ("declined_finale", "")):
            words = Words(f"Ours: {name}", f"{{candidature}}\n{extra}\n{{lien}}")
            message_texts.word(finale.call, f"juries.decision.{name}", "en", words, seen="", by=finale.agent)
        proclaimed(finale)
        told = dict(Message.objects.filter(kind="juries.decision").values_list("recipient", "subject"))
        assert told[owner_of(finale.finalists[4].structure).pk] == "Ours: mention"
        assert told[owner_of(finale.finalists[5].structure).pk] == "Ours: declined_finale"


def rendered(finale, by=None):
    """The mention given in English as well, as the back office does."""
    act = MentionAdmin.acts[0]
    return act.run(Mention.objects.get(), by=by or finale.agent, words_en="In English, a proof by use.")


OWN = ("submission", "receipt-paper")


class TestOwnPages:
    """What its own people read of it, where "not selected" would be all."""

    @staticmethod
    def read(client, finale, place, language):
        person, one = owner_of(finale.finalists[place].structure), finale.finalists[place]
        person.language = language
        person.save(update_fields=["language"])
        client.force_login(person)
        with translation.override(language):
            paths = [reverse("portal:space"), *(reverse(f"calls:{name}", args=[one.pk]) for name in OWN)]
        *pages, paper = map(client.get, paths)
        assert paper.status_code == 200
        return [html.unescape(page.content.decode()) for page in pages], paper

    @pytest.mark.parametrize("language", ["fr", "en", "de", "nl"])
    def test_they_tell_it_in_each_language(self, client, finale, language):
        proclaimed(finale)
        with translation.override(language):
            named, refused = (
                str(translation.gettext("Special mention of the jury")),
                str(SubmissionState.DECLINED.label),
            )
        for page in self.read(client, finale, 4, language)[0]:
            assert named in page
            assert refused not in page
        (_space, own), paper = self.read(client, finale, 4, language)
        assert WORDS in own
        assert holds(paper.content, WORDS) == []
        for page in self.read(client, finale, 5, language)[0]:
            assert named not in page
            assert refused in page

    def test_in_a_language_the_city_gave_it_in_they_read_it_so(self, client, finale):
        proclaimed(finale)
        rendered(finale)
        (_space, own), paper = self.read(client, finale, 4, "en")
        assert "In the words of the jury: “In English, a proof by use.”" in own
        assert holds(paper.content, "In English, a proof by use.") == []
        own = self.read(client, finale, 4, "de")[0][1]
        assert f'<span lang="fr">{WORDS}</span>' in own
        assert WORDS in self.read(client, finale, 4, "fr")[0][1]

    def test_not_before_the_hour(self, client, finale):
        public_at = clock.now() + timedelta(hours=1)
        proclaimed(finale, publish_at=public_at)
        for page in self.read(client, finale, 4, "en")[0]:
            assert "Special mention" not in page
        with clock.at(public_at):
            for page in self.read(client, finale, 4, "en")[0]:
                assert "Special mention of the jury" in page


class TestPublication:
    @staticmethod
    def page(client, finale):
        with translation.override("en"):
            return client.get(reverse("juries:results", kwargs={"slug": finale.call.slug}))

    @staticmethod
    def data(client, address="mentions/"):
        return client.get(f"/api/v1/{address}").json()

    @staticmethod
    def counted(finale):
        moment = clock.now()
        return {row[0]: row[11] for row in rows.calls(moment)}[finale.call.slug]

    def test_nothing_of_it_before_its_hour_and_all_at_it(self, client, finale):
        proclaimed(finale, publish_at=clock.now() + timedelta(hours=1))
        assert WORDS not in self.page(client, finale).content.decode()
        assert self.data(client)["count"] == 0
        assert client.get(f"/api/v1/mentions/{Mention.objects.get().pk}/").status_code == 404
        assert self.counted(finale) == ""
        with clock.at(finale.call.results_at):
            page = self.page(client, finale).content.decode()
            assert page.count(WORDS) == 1
            assert page.index("Special mentions of the jury") < page.index("The other finalists")
            assert page.split("The other finalists")[1].count("Finalist 5") == 0
            (row,) = self.data(client)["results"]
            assert (row["finalist"]["title"], row["words"]) == ("Finalist 5", WORDS)
            assert row["call"]["slug"] == finale.call.slug
            assert self.data(client, f"mentions/?call={finale.call.slug}")["count"] == 1
            assert self.data(client, "results/")["count"] == 3
            assert self.counted(finale) == 1

    def test_it_is_read_in_each_language_it_was_given_in_and_marked_in_the_others(self, client, finale):
        proclaimed(finale)
        page = self.page(client, finale).content.decode()
        assert f'<p lang="fr">{WORDS}</p>' in page
        rendered(finale)
        page = self.page(client, finale).content.decode()
        assert "<p>In English, a proof by use.</p>" in page
        assert WORDS not in page
        with translation.override("nl"):
            page = client.get(reverse("juries:results", kwargs={"slug": finale.call.slug})).content.decode()
        assert f'<p lang="fr">{WORDS}</p>' in page
        assert JournalEntry.objects.get(verb="render").data == {"fields": ["words_en"]}

    def test_its_words_in_other_languages_are_given_by_who_organises_the_call(self, finale):
        proclaimed(finale)
        for person in (finale.chair, finale.juror):
            with pytest.raises(Forbidden):
                rendered(finale, by=person)
        assert [act.name for act in MentionAdmin.acts] == ["render"]

    def test_the_jury_reads_it_before(self, client, finale):
        proclaimed(finale, publish_at=clock.now() + timedelta(hours=1))
        client.force_login(finale.juror)
        assert WORDS in self.page(client, finale).content.decode()

    def test_it_is_a_frozen_copy(self, client, finale):
        proclaimed(finale)
        finale.panel.proposals.exclude(mention="").update(mention="Changed since")
        page = self.page(client, finale).content.decode()
        assert WORDS in page
        assert "Changed since" not in page

    def test_without_one_nothing_is_said(self, client, finale):
        allot(finale, {})
        settle(finale)
        deliberation.proclaim(finale.panel, by=finale.chair)
        assert "mention" not in self.page(client, finale).content.decode().split("<main")[1].split("</main")[0]


class TestPages:
    def test_the_palmares_asks_for_the_words_and_keeps_them(self, client, finale):
        client.force_login(finale.chair)
        address = reverse("juries:chair-palmares", kwargs={"pk": finale.panel.pk})
        data = {}
        for prize, one in zip(prizes(finale), finale.finalists, strict=False):
            data |= {f"prize{prize.pk}-submission": str(one.pk), f"prize{prize.pk}-amount": str(prize.amount)}
        fifth, first = (f"mention-{finale.finalists[place].pk}" for place in (4, 0))
        assert client.post(address, data | {fifth: WORDS}).status_code == 302
        assert mentioned() == {"Finalist 5": WORDS}
        assert WORDS in client.get(address).content.decode()
        refused = client.post(address, data | {first: WORDS})
        assert refused.status_code == 400
        assert WORDS in refused.content.decode()
        assert client.post(address, data | {fifth: "x" * 501}).status_code == 422
        assert mentioned() == {"Finalist 5": WORDS}
        assert client.post(address, data).status_code == 302
        assert mentioned() == {}

    def test_minutes_and_debate_show_it(self, client, finale):
        allot(finale, {4: WORDS})
        juror = panels.accept_charter(finale.jurors[-1], by=finale.juror)
        panels.declare_no_link(juror, finale.finalists, by=finale.juror)
        client.force_login(finale.juror)
        where = {"pk": finale.panel.pk, "submission": finale.finalists[4].pk}
        assert WORDS in client.get(reverse("juries:debate", kwargs=where)).content.decode()
        client.force_login(finale.chair)
        minutes = client.get(reverse("juries:chair-minutes", kwargs={"pk": finale.panel.pk}))
        assert WORDS in minutes.content.decode()
        paper = client.get(reverse("juries:chair-minutes-paper", kwargs={"pk": finale.panel.pk}))
        assert holds(paper, WORDS, "Mentions spéciales") == []
