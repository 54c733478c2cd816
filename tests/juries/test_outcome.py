"""The one reader of results, persona by persona and phase by phase, and what must hold of what it reads."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.registries import invariants
from juries.models import Ballot, Minutes, PublicVote
from juries.operations import voting
from juries.queries.outcome import outcome_for, published_awards, shortlist_for
from tests.juries.finale import a_finale
from tests.juries.views.test_results import KNOW_BEFORE, cast_of, proclaimed

pytestmark = pytest.mark.django_db


def broken():
    """What the live check would say of minutes and votes."""
    names = ("minutes equal their digest", "a counted vote equals its ballots")
    return [sentence for one in invariants() if one.name in names for sentence in one.check()]


class TestOutcome:
    @pytest.mark.parametrize("phase", ["before", "at", "after"])
    def test_who_reads_what_when(self, phase):
        finale = proclaimed()
        moment = finale.call.results_at + {"before": -1, "at": 0, "after": 1}[phase] * timedelta(seconds=1)
        people = {who: person or AnonymousUser() for who, person in cast_of(finale).items()}
        with clock.at(moment):
            found = {who for who, person in people.items() if outcome_for(finale.call, person, moment)}
        assert found == (KNOW_BEFORE if phase == "before" else set(people))

    def test_nothing_is_read_before_the_proclamation(self):
        finale = a_finale(3)
        finale.reach("deliberate")
        for person in (finale.chair, finale.agent, finale.juror):
            assert outcome_for(finale.call, person, clock.now()) is None

    def test_awards_are_listed_from_their_hour_on(self):
        finale = proclaimed()
        public_at = finale.call.results_at
        assert not published_awards(public_at - timedelta(seconds=1)).exists()
        assert published_awards(public_at).count() == 4

    def test_finalists_stay_finalists_after_the_palmares(self):
        finale = proclaimed(in_hours=0)
        assert len(shortlist_for(finale.call, clock.now())) == 4
        outcome = outcome_for(finale.call, AnonymousUser(), clock.now())
        assert [one.title for one in outcome.other_finalists] == ["Finalist 4"]
        assert outcome.jury_prizes[0].differs
        assert not outcome.jury_prizes[1].differs
        assert [(line.submission.title, line.ballots) for line in outcome.ballots.lines][:2] == [
            ("Finalist 1", 2),
            ("Finalist 2", 1),
        ]


class TestTotals:
    """see_totals, persona × phase of the vote."""

    EXPECTED = {
        "open": set(),
        "closed": set(),
        "counted": {"chair"},
        "disclosed": {"chair", "juror", "recused juror", "agent"},
    }

    @pytest.mark.parametrize("phase", EXPECTED)
    def test_who_knows_them(self, phase):
        finale = a_finale(3)
        people, now = cast_of(finale), clock.now()
        vote = voting.open_vote(finale.call, opens_at=now, closes_at=now + timedelta(hours=1), by=finale.agent)
        with clock.at(now + timedelta(hours=2 if phase != "open" else 0)):
            if phase in ("counted", "disclosed"):
                vote = voting.count(vote, by=finale.chair)
            if phase == "disclosed":
                vote = voting.disclose_vote(vote, by=finale.chair)
            found = {who for who, one in people.items() if one and can(one, "juries.see_totals", vote)}
        assert found == self.EXPECTED[phase]


class TestInvariants:
    def test_a_published_call_breaks_none(self):
        proclaimed(in_hours=0)
        assert not broken()

    def test_altered_minutes_are_named(self):
        proclaimed(in_hours=0)
        minutes = Minutes.objects.get()
        minutes.content["quorum"]["present"] = 0
        minutes.save()
        assert any(sentence.startswith(f"minutes {minutes.pk}") for sentence in broken())

    def test_a_ballot_changed_after_the_count_is_named(self):
        proclaimed(in_hours=0)
        Ballot.objects.filter(pk=Ballot.objects.first().pk).delete()
        vote = PublicVote.objects.get()
        assert any(sentence.startswith(f"vote {vote.pk}") for sentence in broken())
