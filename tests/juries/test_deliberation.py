"""From the disclosed standing to the published decision: nothing unexplained, nothing early, nothing by halves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import move
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from calls.models import Prize
from calls.operations import decisions, message_texts
from calls.queries import state_shown
from calls.workflow import SubmissionState
from juries.models import Award, Panel, Proposal, Sheet
from juries.operations import deliberation, session, voting
from juries.operations.deliberation import Allotment, Cause, Desk
from juries.workflow import PanelState
from tests.factories.accounts import UserFactory, owner_of
from tests.juries.finale import a_finale, freeze

pytestmark = pytest.mark.django_db
KEEP, DECLINE, RESERVE = Proposal.Verdict.KEEP, Proposal.Verdict.DECLINE, Proposal.Verdict.RESERVE


@pytest.fixture
def finale():
    """Six finalists, five voices present, the standing disclosed and the deliberation open."""
    made = a_finale(6)
    made.reach("deliberate")
    made.attend()
    return made


@pytest.fixture
def reading():
    """Six admissible applications for three places, in deliberation."""
    made = a_finale(6, stage=Panel.Stage.READING)
    made.reach("deliberate")
    made.attend()
    return made


def prizes(finale):
    return list(Prize.objects.filter(call=finale.call, kind=Prize.Kind.JURY).order_by("rank"))


def tell(finale, order, amounts=(5000, 2000, 1500), reasons=("", "", "")):
    """Propose the palmarès: places in `order` (indices of finalists, None for nobody)."""
    finale_prizes = prizes(finale)
    rows = [
        Allotment(prize, None if i is None else finale.finalists[i], Decimal(amount) if amount else None, "", reason)
        for prize, i, amount, reason in zip(finale_prizes, order, amounts, reasons, strict=True)
    ]
    return deliberation.allot(finale.panel, rows, by=finale.chair)


def codes(finale):
    return [gap.code for gap in deliberation.gaps(finale.panel)]


def settle(finale):
    """Decide and sign."""
    deliberation.decide(finale.panel, by=finale.chair)
    return deliberation.sign(finale.panel, by=finale.chair)


def states(finale):
    for submission in finale.finalists:
        submission.refresh_from_db()
    return [submission.state for submission in finale.finalists]


class TestMotions:
    def test_a_motion_is_recorded_with_its_votes(self, finale):
        motion = deliberation.put_motion(finale.panel, " First  prize ", votes_for=3, votes_against=1, by=finale.chair)
        assert (motion.text, motion.is_carried) == ("First prize", True)
        assert JournalEntry.objects.filter(verb="put_motion").exists()

    @pytest.mark.parametrize("votes", [(0, 0), (6, 0), (3, 3), (-1, 2)])
    def test_votes_are_those_of_the_voices_present(self, finale, votes):
        with pytest.raises(Invalid):
            deliberation.put_motion(finale.panel, "Prize", votes_for=votes[0], votes_against=votes[1], by=finale.chair)

    def test_it_belongs_to_the_deliberation_and_to_who_leads_it(self, finale):
        for person in (finale.agent, finale.juror, UserFactory()):
            with pytest.raises(Forbidden):
                deliberation.put_motion(finale.panel, "Prize", votes_for=1, votes_against=0, by=person)
        closed = a_finale(1)
        with pytest.raises(Conflict):
            deliberation.put_motion(closed.panel, "Prize", votes_for=1, votes_against=0, by=closed.chair)
        deliberation.put_motion(finale.panel, "Prize", votes_for=1, votes_against=0, by=finale.secretary)


class TestProposals:
    def test_the_ranking_is_proposed_as_it_stands(self, finale):
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        rows = Proposal.objects.order_by("prize__rank", "submission__number").values_list("prize__rank", "verdict")
        assert sorted(rows, key=str) == sorted(
            [(1, KEEP), (2, KEEP), (3, KEEP), (None, DECLINE), (None, DECLINE), (None, DECLINE)], key=str
        )
        assert codes(finale) == []

    def test_a_reading_keeps_its_places(self, reading):
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        kept = Proposal.objects.filter(verdict=KEEP).values_list("submission__title", flat=True)
        assert sorted(kept) == ["Finalist 1", "Finalist 2", "Finalist 3"]

    @pytest.mark.parametrize("stage", [Panel.Stage.READING, Panel.Stage.FINALE])
    def test_a_tie_at_the_cut_is_left_to_the_jury(self, stage):
        made = a_finale(4, stage=stage)
        move(made.panel, "open", by=SYSTEM)
        freeze(made.panel, made.finalists, (17, 16, 15, 15))
        for act in ("lock", "disclose", "deliberate"):
            move(made.panel, act, by=SYSTEM)
        made.attend()
        deliberation.propose_ranking(made.panel, by=made.chair)
        assert Proposal.objects.count() == 2
        assert codes(made) == ["no_proposal"]

    def test_one_proposal_can_be_changed_and_a_prize_has_one_holder(self, finale):
        first, second, _third = prizes(finale)
        a, b = finale.finalists[:2]
        deliberation.propose(finale.panel, a, verdict=KEEP, prize=first, amount=Decimal(8000), by=finale.chair)
        deliberation.propose(finale.panel, a, verdict=KEEP, prize=second, by=finale.chair)
        deliberation.propose(finale.panel, b, verdict=KEEP, prize=first, by=finale.chair)
        with pytest.raises(Conflict):
            deliberation.propose(finale.panel, a, verdict=KEEP, prize=first, by=finale.chair)
        assert Proposal.objects.count() == 2

    def test_odd_proposals_are_refused_at_their_field(self, finale, reading):
        first, public = prizes(finale)[0], Prize.objects.get(call=finale.call, kind=Prize.Kind.PUBLIC)
        ours, theirs = finale.finalists[0], reading.finalists[0]
        odd = [
            (theirs, {"verdict": DECLINE}, "submission"),
            (ours, {"verdict": "hold"}, "verdict"),
            (ours, {"verdict": KEEP}, "prize"),
            (ours, {"verdict": DECLINE, "prize": first}, "prize"),
            (ours, {"verdict": KEEP, "prize": public}, "prize"),
            (ours, {"verdict": KEEP, "prize": prizes(reading)[0]}, "prize"),
            (ours, {"verdict": KEEP, "prize": first, "amount": Decimal(-1)}, "amount"),
            (ours, {"verdict": KEEP, "prize": first, "amount": Decimal("1e12")}, "amount"),
            (ours, {"verdict": KEEP, "prize": first, "support": "x" * 251}, "support"),
            (ours, {"verdict": DECLINE, "amount": Decimal(1)}, "amount"),
            (ours, {"verdict": DECLINE, "reason": "\u202e"}, "reason"),
        ]
        for submission, proposed, field in odd:
            with pytest.raises(Invalid) as refusal:
                deliberation.propose(finale.panel, submission, by=finale.chair, **proposed)
            assert refusal.value.field == field
        assert not Proposal.objects.exists()

    def test_nobody_but_who_leads_proposes(self, finale):
        for person in (finale.agent, finale.juror, UserFactory()):
            with pytest.raises(Forbidden):
                deliberation.propose_ranking(finale.panel, by=person)


class TestDepartures:
    def found(self, finale):
        made = deliberation.departures(
            finale.panel,
            deliberation.frozen_ranking(finale.panel),
            deliberation.proposals_of(finale.panel),
            deliberation.jury_prizes(finale.panel),
        )
        return [(one.submission.title, one.cause) for one in made]

    def test_another_order_calls_for_a_reason_at_each_place_taken(self, finale):
        tell(finale, (1, 0, 2))
        assert self.found(finale) == [("Finalist 2", Cause.ABOVE_RANK), ("Finalist 1", Cause.LOWERED)]
        said = [gap.sentence for gap in deliberation.gaps(finale.panel)]
        assert said == [
            "Écrivez pourquoi Finalist 2 passe devant son rang.",
            "Écrivez pourquoi Finalist 1 passe derrière son rang.",
        ]
        assert codes(finale) == ["no_reason", "no_reason"]
        tell(finale, (1, 0, 2), reasons=("Motion 1", "Motion 1", ""))
        assert codes(finale) == []

    def test_a_prize_to_nobody_calls_for_a_reason(self, finale):
        tell(finale, (0, 1, None))
        assert self.found(finale) == [("Finalist 3", Cause.WITHHELD)]
        tell(finale, (0, 1, None), reasons=("", "", "None is ripe"))
        assert codes(finale) == []
        assert Panel.objects.get(pk=finale.panel.pk).withheld == {str(prizes(finale)[2].pk): "None is ripe"}

    @pytest.mark.parametrize("order", [(0, 1, None), (2, 1, None), (None, 0, 1)])
    def test_the_reason_of_a_prize_to_nobody_is_kept_whoever_stands_at_its_place(self, finale, order):
        reasons = ["Motion"] * 3
        reasons[order.index(None)] = "None is ripe"
        tell(finale, order, reasons=reasons)
        deliberation.decide(finale.panel, by=finale.chair)
        prize = prizes(finale)[order.index(None)]
        assert finale.panel.minutes.content["withheld"] == [
            {"prize": prize.name, "rank": prize.rank, "announced": str(prize.amount), "reason": "None is ripe"}
        ]

    def test_another_amount_calls_for_a_reason(self, finale):
        tell(finale, (0, 1, 2), amounts=(8000, None, 1500))
        assert self.found(finale) == [("Finalist 1", Cause.AMOUNT), ("Finalist 2", Cause.AMOUNT)]

    def test_a_tie_is_settled_in_words(self):
        made = a_finale(4)
        move(made.panel, "open", by=SYSTEM)
        freeze(made.panel, made.finalists, (17, 17, 15, 15))
        for act in ("lock", "disclose", "deliberate"):
            move(made.panel, act, by=SYSTEM)
        tell(made, (1, 0, 3))
        assert self.found(made) == [("Finalist 2", Cause.TIE), ("Finalist 4", Cause.TIE)]

    def test_a_reading_explains_both_sides(self, reading):
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        deliberation.propose(reading.panel, reading.finalists[4], verdict=KEEP, by=reading.chair)
        deliberation.propose(reading.panel, reading.finalists[0], verdict=RESERVE, by=reading.chair)
        assert self.found(reading) == [("Finalist 1", Cause.BELOW_RANK), ("Finalist 5", Cause.ABOVE_RANK)]


class TestDecision:
    def test_everything_lacking_is_said_at_once(self, finale):
        finale.panel.jurors.update(is_present=False)
        tell(finale, (1, 0, 2), amounts=(8000, 2000, 1500))
        finale.call.envelope = Decimal(8500)
        finale.call.save(update_fields=["envelope"])
        finale.panel.refresh_from_db()
        now = clock.now()
        voting.open_vote(finale.call, opens_at=now, closes_at=now + timedelta(hours=1), by=finale.agent)
        assert codes(finale) == ["no_quorum", "no_reason", "no_reason", "no_reason", "envelope", "vote_not_disclosed"]
        with pytest.raises(Conflict) as refusal:
            deliberation.decide(finale.panel, by=finale.chair)
        assert str(refusal.value).count(".") >= 6
        assert Panel.objects.get(pk=finale.panel.pk).state == PanelState.DELIBERATION

    def test_the_quorum_counts_voices(self, finale):
        finale.panel.jurors.filter(has_voice=True).update(is_present=False)
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert codes(finale) == ["no_quorum"]

    def test_the_minutes_hold_what_the_decision_rests_on(self, finale):
        tell(finale, (1, 0, 2), reasons=("Costed plan", "Second thoughts", ""))
        deliberation.put_motion(finale.panel, "Swap", votes_for=4, votes_against=1, by=finale.chair)
        deliberation.decide(finale.panel, by=finale.chair)
        minutes = finale.panel.minutes
        content = minutes.content
        assert minutes.digest == digest(content)
        assert [line["title"] for line in content["standing"]["lines"]][:2] == ["Finalist 1", "Finalist 2"]
        assert [row["title"] for row in content["decision"] if row["prize"]][:2] == ["Finalist 2", "Finalist 1"]
        assert {row["reason"] for row in content["departures"]} == {"Costed plan", "Second thoughts"}
        assert content["motions"][0]["for"] == 4
        assert content["quorum"] == {"needed": 3, "voices": 5, "present": 5}
        assert len(content["members"]) == 7
        assert content["method"]["criteria"]
        assert "private" not in str(content)

    def test_nothing_is_told_before_the_proclamation(self, finale):
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        before = Message.objects.count()
        settle(finale)
        assert (states(finale), Award.objects.count()) == ([SubmissionState.SHORTLISTED] * 6, 0)
        assert Message.objects.count() == before


class TestSignature:
    def test_signing_freezes_the_minutes_and_destroys_private_notes(self, finale):
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        elsewhere = a_finale(1)
        minutes = settle(finale)
        assert minutes.signed_by == finale.chair
        assert minutes.digest == digest(minutes.content)
        assert minutes.content["signatures"][0]["name"] == str(finale.chair)
        notes = Sheet.objects.exclude(private_note="").values_list("juror__panel", flat=True)
        assert set(notes) == {elsewhere.panel.pk}

    def test_altered_minutes_are_not_signed(self, finale):
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        deliberation.decide(finale.panel, by=finale.chair)
        minutes = finale.panel.minutes
        minutes.content["quorum"]["present"] = 9
        minutes.save()
        with pytest.raises(Conflict):
            deliberation.sign(finale.panel, by=finale.chair)

    def test_only_who_leads_signs_and_only_what_is_decided(self, finale):
        with pytest.raises(Conflict):
            deliberation.sign(finale.panel, by=finale.chair)
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        deliberation.decide(finale.panel, by=finale.chair)
        for person in (finale.agent, finale.juror):
            with pytest.raises(Forbidden):
                deliberation.sign(finale.panel, by=person)


def vote_for(finale, counts):
    """A public vote held, counted and disclosed."""
    now = clock.now()
    vote = voting.open_vote(
        finale.call, opens_at=now - timedelta(hours=1), closes_at=now + timedelta(seconds=1), by=finale.agent
    )
    ballots = [one for one, n in zip(finale.finalists, counts, strict=False) for _n in range(n)]
    voting.cast_many(vote, ballots, by=finale.agent)
    with clock.at(now + timedelta(seconds=2)):
        voting.count(vote, by=finale.chair)
        return voting.disclose_vote(vote, by=finale.chair)


class TestProclamation:
    @pytest.fixture
    def signed(self, finale):
        vote_for(finale, (1, 2, 5, 1))
        tell(finale, (0, 1, 2), amounts=(8000, None, 1500), reasons=("One envelope", "One envelope", ""))
        settle(finale)
        return finale

    def test_awards_moves_and_results_are_written_together(self, signed):
        public_at = clock.now() + timedelta(hours=1)
        deliberation.proclaim(signed.panel, publish_at=public_at, by=signed.chair)
        given = [(a.prize.kind, a.prize.rank, a.submission.title, a.amount) for a in Award.objects.all()]
        assert given == [
            ("jury", 1, "Finalist 1", Decimal(8000)),
            ("jury", 2, "Finalist 2", None),
            ("jury", 3, "Finalist 3", Decimal(1500)),
            ("public", 1, "Finalist 3", None),
        ]
        assert states(signed) == [SubmissionState.LAUREATE] * 3 + [SubmissionState.DECLINED] * 3
        signed.call.refresh_from_db()
        assert signed.call.results_at == public_at
        line = JournalEntry.objects.filter(verb="elect").first()
        assert line.actor == signed.chair

    def test_applicants_learn_nothing_before_the_hour_and_are_told_at_it(self, signed):
        public_at = clock.now() + timedelta(hours=1)
        outbox = len(mail.outbox)
        deliberation.proclaim(signed.panel, publish_at=public_at, by=signed.chair)
        laureate = signed.finalists[0]
        laureate.refresh_from_db()
        owner = owner_of(laureate.structure)
        assert state_shown(laureate, owner, clock.now()) == SubmissionState.SHORTLISTED
        assert state_shown(laureate, owner, public_at) == SubmissionState.LAUREATE
        told = Message.objects.filter(kind="juries.decision")
        assert {(message.due_at, message.state) for message in told} == {(public_at, Message.State.PENDING)}
        assert told.count() == 6
        assert "€8,000" in told.get(recipient=owner).body
        assert len(mail.outbox) == outbox

    def test_each_outcome_is_told_in_the_words_agents_wrote_for_it(self, signed):
        for name, extra in (("laureate", "{prix}"), ("declined_finale", ""), ("declined_reading", "")):
            words = Words(f"Ours: {name}", f"{{candidature}}\n{extra}\n{{lien}}")
            message_texts.word(signed.call, f"juries.decision.{name}", "en", words, seen="", by=signed.agent)
        deliberation.proclaim(signed.panel, publish_at=clock.now() + timedelta(hours=1), by=signed.chair)
        told = Message.objects.filter(kind="juries.decision")
        assert {message.subject for message in told} == {"Ours: laureate", "Ours: declined_finale"}
        laureate = signed.finalists[0]
        body = told.get(recipient=owner_of(laureate.structure)).body
        assert body.startswith(f"{laureate.title}\n- ")
        assert "€8,000" in body

    def test_publishing_now_brings_everything_forward(self, signed, django_capture_on_commit_callbacks):
        deliberation.proclaim(signed.panel, publish_at=clock.now() + timedelta(hours=1), by=signed.chair)
        with pytest.raises(Forbidden):
            deliberation.publish_now(signed.panel, by=signed.agent)
        outbox = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            deliberation.publish_now(signed.panel, by=signed.chair)
        signed.call.refresh_from_db()
        now = clock.now()
        assert signed.call.results_at <= now
        assert all(award.publish_at <= now for award in Award.objects.all())
        laureate = signed.finalists[0]
        laureate.refresh_from_db()
        assert state_shown(laureate, owner_of(laureate.structure), now) == SubmissionState.LAUREATE
        assert len(mail.outbox) == outbox + 6
        with pytest.raises(Conflict):
            deliberation.publish_now(signed.panel, by=signed.chair)

    def test_without_an_instant_it_is_public_at_once(self, signed):
        deliberation.proclaim(signed.panel, by=signed.chair)
        signed.call.refresh_from_db()
        assert signed.call.results_at <= clock.now()

    def test_an_instant_in_the_past_is_refused(self, signed):
        with pytest.raises(Invalid) as refusal:
            deliberation.proclaim(signed.panel, publish_at=clock.now() - timedelta(minutes=1), by=signed.chair)
        assert refusal.value.field == "publish_at"

    def test_only_who_leads_proclaims_and_once(self, signed):
        for person in (signed.agent, signed.juror):
            with pytest.raises(Forbidden):
                deliberation.proclaim(signed.panel, by=person)
        deliberation.proclaim(signed.panel, by=signed.chair)
        with pytest.raises(Conflict):
            deliberation.proclaim(signed.panel, by=signed.chair)
        assert Award.objects.count() == 4

    def test_a_failure_halfway_writes_nothing(self, signed, monkeypatch):
        def fail(*_args, **_kwargs):
            raise Conflict("failure", "Someone was faster.")

        monkeypatch.setattr(deliberation.proclamation, "set_results_at", fail)
        with pytest.raises(Conflict):
            deliberation.proclaim(signed.panel, by=signed.chair)
        assert not Award.objects.exists()
        assert Panel.objects.get(pk=signed.panel.pk).state == PanelState.SIGNED

    def test_a_public_prize_alone_makes_a_laureate(self, finale):
        vote_for(finale, (0, 0, 0, 3))
        tell(finale, (0, 1, 2))
        settle(finale)
        deliberation.proclaim(finale.panel, by=finale.chair)
        assert states(finale)[3] == SubmissionState.LAUREATE

    def test_a_tied_public_vote_stops_the_decision_until_it_is_settled(self, finale):
        vote = vote_for(finale, (2, 2))
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert codes(finale) == ["public_tie"]
        voting.settle_tie(vote, finale.finalists[1], reason="The rules: the jury's vote", by=finale.chair)
        settle(finale)
        deliberation.proclaim(finale.panel, by=finale.chair)
        award = Award.objects.get(prize__kind=Prize.Kind.PUBLIC)
        assert (award.submission, award.reason) == (finale.finalists[1], "The rules: the jury's vote")

    def test_without_a_vote_the_public_prize_goes_to_nobody(self, finale):
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        settle(finale)
        deliberation.proclaim(finale.panel, by=finale.chair)
        assert not Award.objects.filter(prize__kind=Prize.Kind.PUBLIC).exists()


class TestShortlist:
    def proclaimed(self, reading, **options):
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        deliberation.propose(reading.panel, reading.finalists[3], verdict=RESERVE, by=reading.chair)
        settle(reading)
        return deliberation.proclaim(reading.panel, by=reading.chair, **options)

    def test_a_reading_shortlists_declines_and_keeps_its_reserve(self, reading):
        public_at = clock.now() + timedelta(hours=2)
        self.proclaimed(reading, publish_at=public_at)
        assert states(reading) == ["shortlisted"] * 3 + ["admissible"] + ["declined"] * 2
        assert state_shown(reading.finalists[0], UserFactory(), clock.now()) == SubmissionState.ADMISSIBLE
        reading.call.refresh_from_db()
        assert reading.call.results_at is None
        assert Message.objects.filter(kind="juries.decision", due_at=public_at).count() == 6

    def test_applicants_are_led_to_their_page_in_their_own_language(self, reading):
        french = owner_of(reading.finalists[0].structure)
        type(french).objects.filter(pk=french.pk).update(language="fr")
        with translation.override("de"):
            self.proclaimed(reading)
        paths = dict(Message.objects.filter(kind="juries.decision").values_list("recipient", "path"))
        page = f"/candidatures/{reading.finalists[0].pk}/"
        assert paths.pop(french.pk) == page
        assert all(path.startswith("/en/") for path in paths.values())

    def test_finalists_made_public_early_learn_their_hour_with_the_decision(self, reading):
        now = clock.now()
        self.proclaimed(reading, publish_at=now + timedelta(days=5))
        other = a_finale(1)
        other.call.submissions.update(decision_public_at=now + timedelta(days=5))
        final = Panel.objects.create(call=reading.call, stage=Panel.Stage.FINALE)
        for panel, agent in ((final, reading.agent), (other.panel, other.agent)):
            session.draw_slots(panel, seed=1, starts_at=now + timedelta(days=2), minutes=20, by=agent)
        deliberation.publish_now(reading.panel, by=reading.chair)
        told = Message.objects.filter(kind="juries.slot", due_at__lte=clock.now())
        assert {message.recipient for message in told} == {owner_of(one.structure) for one in reading.finalists[:3]}
        assert Message.objects.filter(kind="juries.slot", due_at__gt=now + timedelta(days=4)).count() == 1

    def test_the_finale_waits_for_its_finalists_to_be_public_and_frees_the_reserve(self, finale):
        reserve = a_finale(1, stage=Panel.Stage.READING).finalists[0]
        type(reserve).objects.filter(pk=reserve.pk).update(call=finale.call)
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        settle(finale)
        hidden = finale.finalists[5]
        type(hidden).objects.filter(pk=hidden.pk).update(decision_public_at=clock.now() + timedelta(days=1))
        with pytest.raises(Conflict):
            deliberation.proclaim(finale.panel, by=finale.chair)
        decisions.publish_decisions_at(
            finale.call, type(hidden).objects.get(pk=hidden.pk).decision_public_at, clock.now(), by=SYSTEM
        )
        finale.panel.refresh_from_db()
        deliberation.proclaim(finale.panel, by=finale.chair)
        reserve.refresh_from_db()
        assert reserve.state == SubmissionState.DECLINED


def test_what_lacks_a_proposal_is_named_up_to_five():
    with translation.override("en"):
        assert Desk._lacking(["A", "B"]) == "Nothing is proposed yet for: A, B."
        assert Desk._lacking([*"ABCDEF"]) == "Nothing is proposed yet for: A, B, C, D, E and 1 other."
        assert Desk._lacking([*"ABCDEFG"]).endswith("E and 2 others.")
