"""What the minutes say and what is proclaimed stay one: nothing they tell of changes once the jury has decided."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from calls.models import Prize
from juries.models import Award, Proposal, PublicVote
from juries.operations import deliberation, voting
from juries.workflow import PanelState
from tests.juries.finale import a_finale
from tests.juries.test_deliberation import codes, settle, vote_for

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def finale():
    """Six finalists in deliberation, the palmarès proposed as ranked."""
    made = a_finale(6)
    made.reach("deliberate")
    made.attend()
    deliberation.propose_ranking(made.panel, by=made.chair)
    return made


@pytest.fixture
def tied(finale):
    """The same, with a public vote whose tie was settled for the fourth."""
    finale.vote = vote_for(finale, (0, 0, 0, 2, 2))
    voting.settle_tie(finale.vote, finale.finalists[3], reason="The rules", by=finale.chair)
    return finale


def until(finale, state):
    acts = {
        PanelState.DECIDED: deliberation.decide,
        PanelState.SIGNED: deliberation.sign,
        PanelState.PROCLAIMED: deliberation.proclaim,
    }
    for reached, act in acts.items():
        act(finale.panel, by=finale.chair)
        if reached == state:
            return


DECIDED = [PanelState.DECIDED, PanelState.SIGNED, PanelState.PROCLAIMED]


def test_until_the_decision_a_tie_is_settled_anew(tied):
    voting.settle_tie(tied.vote, tied.finalists[4], reason="A vote of the jury", by=tied.chair)
    until(tied, PanelState.PROCLAIMED)
    told = tied.panel.minutes.content["public_vote"]
    assert (told["winner"], told["tie"]) == ("Finalist 5", "A vote of the jury")
    award = Award.objects.get(prize__kind=Prize.Kind.PUBLIC)
    assert (award.submission, award.reason) == (tied.finalists[4], "A vote of the jury")


@pytest.mark.parametrize("state", DECIDED)
def test_after_it_the_choice_stays(tied, state):
    until(tied, state)
    with pytest.raises(Conflict) as refusal:
        voting.settle_tie(tied.vote, tied.finalists[4], reason="A vote of the jury", by=tied.chair)
    assert refusal.value.code == "decided"
    vote = PublicVote.objects.get()
    assert (vote.winner, vote.winner_reason) == (tied.finalists[3], "The rules")
    assert tied.panel.minutes.content["public_vote"]["winner"] == "Finalist 4"


def test_its_page_says_so_and_no_longer_offers_it(client, tied):
    until(tied, PanelState.DECIDED)
    client.force_login(tied.chair)
    settling = reverse("juries:chair-settle", kwargs={"pk": tied.panel.pk})
    assert settling not in client.get(reverse("juries:chair-vote", kwargs={"pk": tied.panel.pk})).content.decode()
    assert client.get(settling).status_code == 409


@pytest.mark.parametrize("state", DECIDED)
def test_no_vote_is_held_after_the_decision(finale, state):
    until(finale, state)
    now = clock.now()
    with pytest.raises(Conflict) as refusal:
        voting.open_vote(finale.call, opens_at=now, closes_at=now + DAY, by=finale.agent)
    assert refusal.value.code == "decided"
    assert not PublicVote.objects.exists()


def test_a_vote_without_a_prize_is_told_in_the_minutes_too(finale):
    Prize.objects.filter(kind=Prize.Kind.PUBLIC).delete()
    now = clock.now()
    vote = voting.open_vote(finale.call, opens_at=now - DAY, closes_at=now + timedelta(seconds=1), by=finale.agent)
    assert codes(finale) == ["vote_not_disclosed"]
    with clock.at(now + timedelta(seconds=2)):
        voting.count(vote, by=finale.chair)
        voting.disclose_vote(vote, by=finale.chair)
        settle(finale)
    assert finale.panel.minutes.content["public_vote"]["valid"] == 0


def test_a_count_the_minutes_do_not_tell_is_not_disclosed(finale):
    until(finale, PanelState.SIGNED)
    now = clock.now()
    vote = PublicVote.objects.create(call=finale.call, opens_at=now - DAY, closes_at=now - DAY / 2, counted_at=now)
    with pytest.raises(Conflict) as refusal:
        voting.disclose_vote(vote, by=finale.chair)
    assert refusal.value.code == "decided"


@pytest.mark.parametrize("change", ["winner", "amount", "prize"])
def test_nothing_else_than_the_minutes_tell_is_proclaimed(tied, change):
    """Whatever changed what would be awarded, behind every operation."""
    until(tied, PanelState.SIGNED)
    if change == "winner":
        PublicVote.objects.update(winner=tied.finalists[4])
    elif change == "amount":
        Proposal.objects.filter(prize__rank=1).update(amount=1)
    else:
        Proposal.objects.filter(prize__rank=3).update(prize=None, verdict="decline")
    with pytest.raises(Conflict) as refusal:
        deliberation.proclaim(tied.panel, by=tied.chair)
    assert refusal.value.code == "not_as_signed"
    assert not Award.objects.exists()
