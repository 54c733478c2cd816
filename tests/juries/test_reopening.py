"""A decision reopened: for a mistake, or since an application withdrawn is neither signed for nor awarded."""

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.operations import submissions
from calls.workflow import SubmissionState
from juries.models import Award, Minutes, Panel, Proposal, Recusal
from juries.operations import deliberation
from juries.queries.invariants import minutes_have_their_digest
from juries.workflow import PanelState
from tests.juries.finale import a_finale
from tests.papers import holds

pytestmark = pytest.mark.django_db
WHY = "The first withdrew."


def deliberating(stage=Panel.Stage.FINALE):
    made = a_finale(6, stage=stage)
    made.reach("deliberate")
    made.attend()
    deliberation.propose_ranking(made.panel, by=made.chair)
    return made


@pytest.fixture(params=Panel.Stage.values)
def decided(request):
    made = deliberating(request.param)
    deliberation.decide(made.panel, by=made.chair)
    return made


@pytest.fixture
def signed():
    made = deliberating()
    deliberation.decide(made.panel, by=made.chair)
    deliberation.sign(made.panel, by=made.chair)
    return made


def withdraw(submission):
    return submissions.withdraw(submission, by=SYSTEM, reason="They wrote.")


def address(name, made):
    return reverse(f"juries:{name}", kwargs={"pk": made.panel.pk})


def state_of(made):
    return Panel.objects.get(pk=made.panel.pk).state


@pytest.mark.parametrize("place", [0, 5])
def test_nothing_is_signed_for_what_was_withdrawn(decided, place):
    withdraw(decided.finalists[place])
    with pytest.raises(Conflict, match=decided.finalists[place].title) as refusal, translation.override("en"):
        deliberation.sign(decided.panel, by=decided.chair)
    assert refusal.value.code == "withdrawn"
    assert "Reopen the deliberation" in str(refusal.value.message)
    assert state_of(decided) == PanelState.DECIDED


def test_nothing_is_proclaimed_and_the_chair_is_told_what_can_be_done(signed, client):
    withdraw(signed.finalists[0])
    with pytest.raises(Conflict) as refusal:
        deliberation.proclaim(signed.panel, by=signed.chair)
    assert refusal.value.code == "withdrawn"
    assert not Award.objects.exists()
    assert state_of(signed) == PanelState.SIGNED
    client.force_login(signed.chair)
    for name in ("chair", "chair-proclaim", "chair-deliberate-again"):
        text = client.get(address(name, signed)).content.decode()
        assert f"Retirée depuis la décision\u00a0: {signed.finalists[0].title}." in text, name
        assert "Il manque encore" not in text, name
        assert ("Ce qui fait obstacle" in text) is (name != "chair"), name
    assert address("chair-deliberate-again", signed) in client.get(address("chair", signed)).content.decode()
    answer = client.post(address("chair-proclaim", signed), {"publish_at": ""})
    assert answer.status_code == 409
    assert "Retirée depuis la décision" in answer.content.decode()


def test_who_stands_aside_is_told_without_a_name(signed, client):
    juror = signed.panel.jurors.get(user=signed.chair)
    Recusal.objects.create(juror=juror, submission=signed.finalists[0], category="family")
    withdraw(signed.finalists[0])
    client.force_login(signed.chair)
    for name in ("chair", "chair-proclaim"):
        text = client.get(address(name, signed)).content.decode()
        assert "dont vous êtes déporté" in text, name
        assert f"décision\u00a0: {signed.finalists[0].title}" not in text, name
    sentence = deliberation.in_the_way(signed.panel, signed.chair)
    assert signed.finalists[0].title not in sentence


SLIP = "The amount of the second prize was mistyped."


def reopens(made, client, person):
    client.force_login(person)
    return address("chair-deliberate-again", made) in client.get(address("chair", made)).content.decode()


@pytest.mark.parametrize("is_signed", [False, True], ids=["decided", "signed"])
def test_a_mistake_is_mended_by_reopening_for_a_written_reason(is_signed, client):
    made = deliberating()
    deliberation.decide(made.panel, by=made.chair)
    if is_signed:
        deliberation.sign(made.panel, by=made.chair)
    before = list(Proposal.objects.filter(panel=made.panel).order_by("pk").values())
    assert reopens(made, client, made.chair)
    assert not reopens(made, client, made.juror)
    client.force_login(made.chair)
    answer = client.post(address("chair-deliberate-again", made), {"reason": SLIP})
    assert (answer.status_code, state_of(made)) == (302, PanelState.DELIBERATION)
    assert list(Proposal.objects.filter(panel=made.panel).order_by("pk").values()) == before
    assert JournalEntry.objects.get(verb="deliberate_again").data["signed"] is is_signed
    made.panel.refresh_from_db()
    second = deliberation.jury_prizes(made.panel)[1]
    words = {"verdict": "keep", "prize": second, "reason": SLIP, "by": made.chair}
    deliberation.propose(made.panel, made.finalists[1], amount=second.amount + 100, **words)
    proclaimed(made)
    assert Award.objects.get(prize=second).amount == second.amount + 100
    minutes = Minutes.objects.get(panel=made.panel)
    assert [one["reason"] for one in minutes.content["reopenings"]] == [SLIP]
    assert len(minutes.content["signatures"]) == 1


@pytest.mark.parametrize("act", ["deliberate", "proclaim"])
def test_neither_a_deliberation_under_way_nor_what_is_proclaimed_is_reopened(act, client):
    made = deliberating()
    if act == "proclaim":
        proclaimed(made)
    made.panel.refresh_from_db()
    with pytest.raises(Conflict):
        deliberation.reopen_deliberation(made.panel, reason=SLIP, by=made.chair)
    assert not reopens(made, client, made.chair)
    assert client.post(address("chair-deliberate-again", made), {"reason": SLIP}).status_code == 409


def test_reopening_takes_a_reason_and_who_leads(signed):
    withdraw(signed.finalists[0])
    for person in (signed.agent, signed.juror):
        with pytest.raises(Forbidden):
            deliberation.reopen_deliberation(signed.panel, reason=WHY, by=person)
    with pytest.raises(Invalid):
        deliberation.reopen_deliberation(signed.panel, reason=" ", by=signed.chair)
    assert state_of(signed) == PanelState.SIGNED


def test_reopening_voids_the_minutes_and_drops_what_was_proposed_of_it(signed, client):
    former = Minutes.objects.get(panel=signed.panel)
    withdraw(signed.finalists[0])
    client.force_login(signed.secretary)
    answer = client.post(address("chair-deliberate-again", signed), {"reason": WHY})
    assert (answer.status_code, state_of(signed)) == (302, PanelState.DELIBERATION)
    line = JournalEntry.objects.get(verb="deliberate_again")
    assert line.reason == WHY
    assert line.data == {"digest": former.digest, "signed": True, "withdrawn": [signed.finalists[0].number]}
    kept = Proposal.objects.filter(panel=signed.panel)
    assert (kept.count(), kept.filter(prize__isnull=False).count()) == (5, 2)
    assert Minutes.objects.get(panel=signed.panel).signed_at is None
    assert not list(minutes_have_their_digest())


def again(made):
    made.panel.refresh_from_db()
    withdraw(made.finalists[0])
    deliberation.reopen_deliberation(made.panel, reason=WHY, by=made.chair)


def proclaimed(made):
    deliberation.decide(made.panel, by=made.chair)
    deliberation.sign(made.panel, by=made.chair)
    deliberation.proclaim(made.panel, by=made.chair)
    for one in made.finalists:
        one.refresh_from_db()


def test_its_prize_stays_vacant_and_the_minutes_say_it(signed, client):
    again(signed)
    proclaimed(signed)
    assert signed.finalists[0].state == SubmissionState.WITHDRAWN
    assert sorted(Award.objects.values_list("prize__rank", "submission__title")) == [
        (2, "Finalist 2"),
        (3, "Finalist 3"),
    ]
    content = Minutes.objects.get(panel=signed.panel).content
    gone = signed.finalists[0]
    assert [(one["number"], bool(one["at"])) for one in content["withdrawn"]] == [(gone.number, True)]
    assert [one["rank"] for one in content["withheld"]] == [1]
    assert [(one["cause"], one["reason"]) for one in content["departures"]] == [("withheld", "candidature retirée")]
    assert [one["reason"] for one in content["reopenings"]] == [WHY]
    assert gone.number not in {one["number"] for one in content["decision"]}
    client.force_login(signed.chair)
    told = ("Retirées avant la décision", "Réouverture de la délibération", WHY)
    text = client.get(address("chair-minutes", signed)).content.decode()
    assert not [words for words in told if words not in text]
    assert not holds(client.get(address("chair-minutes-paper", signed)).content, *told)


def test_its_prize_passes_to_the_next_by_a_proposal_with_its_reason(signed):
    again(signed)
    prize = deliberation.jury_prizes(signed.panel)[0]
    second = signed.finalists[1]
    words = {"verdict": "keep", "prize": prize, "amount": prize.amount, "by": signed.chair}
    deliberation.propose(signed.panel, second, **words)
    assert "no_reason" in [gap.code for gap in deliberation.gaps(signed.panel)]
    deliberation.propose(signed.panel, second, reason="The first withdrew: the prize passes to the next.", **words)
    proclaimed(signed)
    assert Award.objects.get(prize=prize).submission == second


def test_a_reading_goes_on_without_it():
    reading = deliberating(Panel.Stage.READING)
    deliberation.decide(reading.panel, by=reading.chair)
    again(reading)
    deliberation.propose(reading.panel, reading.finalists[3], verdict="keep", reason=WHY, by=reading.chair)
    proclaimed(reading)
    assert [one.state for one in reading.finalists] == ["withdrawn", *["shortlisted"] * 3, *["declined"] * 2]


@pytest.mark.parametrize("stage", Panel.Stage.values)
def test_what_is_withdrawn_during_the_deliberation_is_not_decided_of(stage):
    made = deliberating(stage)
    withdraw(made.finalists[0])
    proclaimed(made)
    content = Minutes.objects.get(panel=made.panel).content
    assert made.finalists[0].number not in {one["number"] for one in content["decision"]}
    assert [one["number"] for one in content["withdrawn"]] == [made.finalists[0].number]


def test_a_prize_proposed_to_what_was_withdrawn_is_free():
    made = deliberating()
    withdraw(made.finalists[0])
    prize = deliberation.jury_prizes(made.panel)[0]
    last = made.finalists[5]
    deliberation.propose(made.panel, last, verdict="keep", prize=prize, amount=prize.amount, reason=WHY, by=made.chair)
    assert Proposal.objects.get(panel=made.panel, prize=prize).submission == last
