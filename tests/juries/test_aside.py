"""A chair or secretary who stands aside from an application acts on everything but that application."""

from decimal import Decimal

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.notifications.models import Message
from calls.models import Prize
from juries.models import Juror, Motion, Panel, Proposal, PublicVote, Recusal
from juries.operations import deliberation, panels, voting
from juries.operations.deliberation import Allotment
from juries.queries.progress import board
from tests.factories.calls import agent_of
from tests.factories.juries import opened, seat
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
KEEP, DECLINE = Proposal.Verdict.KEEP, Proposal.Verdict.DECLINE


def deliberating(stage):
    made = a_finale(4, stage=stage)
    made.reach("deliberate")
    made.attend()
    return made


@pytest.fixture
def reading():
    return deliberating(Panel.Stage.READING)


@pytest.fixture
def finale():
    return deliberating(Panel.Stage.FINALE)


def aside(made, user, submission):
    """Let someone who has a seat stand aside."""
    own = Juror.objects.get(panel=made.panel, user=user)
    return Recusal.objects.create(juror=own, submission=submission, category="family")


def allotted(finale, order, by, ranks=(0, 1, 2)):
    prizes = list(Prize.objects.filter(call=finale.call, kind=Prize.Kind.JURY).order_by("rank"))
    rows = [
        Allotment(prizes[rank], None if place is None else finale.finalists[place], Decimal(1000), "", "Why.")
        for rank, place in zip(ranks, order, strict=True)
    ]
    return deliberation.allot(finale.panel, rows, by=by)


def verdicts(made):
    return dict(Proposal.objects.filter(panel=made.panel).values_list("submission__title", "verdict"))


def laureates(made):
    held = Proposal.objects.filter(panel=made.panel, prize__isnull=False)
    return dict(held.values_list("prize__rank", "submission__title"))


class TestReading:
    def test_who_stands_aside_proposes_everything_else(self, reading):
        hidden, other = reading.finalists[:2]
        deliberation.propose(reading.panel, hidden, verdict=KEEP, by=reading.chair)
        aside(reading, reading.chair, hidden)
        with pytest.raises(Forbidden):
            deliberation.propose(reading.panel, hidden, verdict=DECLINE, by=reading.chair)
        deliberation.propose(reading.panel, other, verdict=KEEP, by=reading.chair)
        deliberation.propose(reading.panel, hidden, verdict=DECLINE, by=reading.secretary)
        assert verdicts(reading) == {"Finalist 1": "decline", "Finalist 2": "keep"}

    def test_a_recusal_on_the_other_panel_of_the_call_counts_as_well(self, reading):
        finale = Panel.objects.create(call=reading.call, stage=Panel.Stage.FINALE)
        there = Juror.objects.create(panel=finale, user=reading.chair)
        Recusal.objects.create(juror=there, submission=reading.finalists[0], category="family")
        with pytest.raises(Forbidden):
            deliberation.propose(reading.panel, reading.finalists[0], verdict=KEEP, by=reading.chair)

    def test_the_ranking_applied_leaves_what_others_proposed(self, reading):
        deliberation.propose(reading.panel, reading.finalists[0], verdict=DECLINE, reason="No.", by=reading.secretary)
        aside(reading, reading.chair, reading.finalists[0])
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        assert verdicts(reading) == {
            "Finalist 1": "decline",
            "Finalist 2": "keep",
            "Finalist 3": "keep",
            "Finalist 4": "decline",
        }
        deliberation.propose_ranking(reading.panel, by=reading.secretary)
        assert verdicts(reading)["Finalist 1"] == "keep"

    def test_nothing_that_lacks_names_it(self, reading):
        aside(reading, reading.chair, reading.finalists[0])
        said = [gap.sentence for gap in deliberation.gaps(reading.panel, reading.chair)]
        assert not any("Finalist 1" in sentence for sentence in said)
        assert any("Finalist 2" in sentence for sentence in said)
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.chair)] == ["aside", "no_proposal"]
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.secretary)] == ["no_proposal"]
        assert "Finalist 1" in deliberation.gaps(reading.panel, reading.secretary)[0].sentence
        with pytest.raises(Conflict) as refusal:
            deliberation.decide(reading.panel, by=reading.chair)
        assert "Finalist 1" not in str(refusal.value)

    def test_a_reason_that_lacks_is_not_told_either(self, reading):
        deliberation.propose_ranking(reading.panel, by=reading.secretary)
        deliberation.propose(reading.panel, reading.finalists[0], verdict=DECLINE, by=reading.secretary)
        deliberation.propose(reading.panel, reading.finalists[3], verdict=KEEP, reason="Yes.", by=reading.secretary)
        assert "Finalist 1" in deliberation.gaps(reading.panel, reading.chair)[0].sentence
        aside(reading, reading.chair, reading.finalists[0])
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.chair)] == ["aside"]

    def test_a_doubt_keeps_the_decision_waiting_for_its_answer(self, reading):
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        doubt = Recusal.objects.create(juror=reading.jurors[0], submission=reading.finalists[0], category="unsure")
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.chair)] == ["doubt"]
        said = deliberation.gaps(reading.panel, reading.chair)[0].sentence
        assert "Finalist 1" in said
        assert str(reading.jurors[0]) in said
        with pytest.raises(Conflict) as refusal:
            deliberation.decide(reading.panel, by=reading.chair)
        assert refusal.value.code == "doubt"
        own = aside(reading, reading.chair, reading.finalists[0])
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.chair)] == ["aside"]
        panels.confirm_recusal(doubt, by=reading.secretary)
        assert not deliberation.gaps(reading.panel, reading.chair)
        Recusal.objects.filter(pk=own.pk).update(category="unsure")
        assert [gap.code for gap in deliberation.gaps(reading.panel, reading.secretary)] == ["doubt"]
        Juror.objects.filter(panel=reading.panel, is_secretary=True).update(is_secretary=False)
        # Nobody is left to answer.
        assert not deliberation.gaps(reading.panel, reading.chair)

    def test_a_doubt_about_what_is_not_weighed_holds_nothing_up(self, reading):
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        Recusal.objects.create(juror=reading.jurors[0], submission=reading.finalists[0], category="unsure")
        type(reading.finalists[0]).objects.filter(pk=reading.finalists[0].pk).update(state="withdrawn")
        assert "doubt" not in [gap.code for gap in deliberation.gaps(reading.panel, reading.chair)]

    def test_what_concerns_the_whole_list_stays_theirs(self, reading):
        aside(reading, reading.chair, reading.finalists[0])
        deliberation.propose_ranking(reading.panel, by=reading.chair)
        deliberation.decide(reading.panel, by=reading.chair)
        deliberation.sign(reading.panel, by=reading.chair)
        deliberation.proclaim(reading.panel, publish_at=None, by=reading.chair)
        reading.finalists[0].refresh_from_db()
        assert reading.finalists[0].state == "shortlisted"

    @pytest.mark.parametrize("name", ["title", "number"])
    def test_a_motion_that_names_it_is_refused(self, reading, name):
        hidden = reading.finalists[0]
        text = f"First place to {getattr(hidden, name)}"
        deliberation.put_motion(reading.panel, text, votes_for=3, votes_against=1, by=reading.chair)
        aside(reading, reading.chair, hidden)
        with pytest.raises(Forbidden):
            deliberation.put_motion(reading.panel, text, votes_for=3, votes_against=1, by=reading.chair)
        deliberation.put_motion(reading.panel, "Finalist 2", votes_for=3, votes_against=1, by=reading.chair)
        deliberation.put_motion(reading.panel, text, votes_for=3, votes_against=1, by=reading.secretary)
        assert Motion.objects.count() == 3


class TestFinale:
    def test_who_stands_aside_gives_the_other_prizes(self, finale):
        allotted(finale, (0, 1, 2), finale.secretary)
        aside(finale, finale.chair, finale.finalists[0])
        with pytest.raises(Forbidden):
            allotted(finale, (0,), finale.chair, ranks=(1,))
        with pytest.raises(Conflict) as refusal:
            allotted(finale, (3,), finale.chair, ranks=(0,))
        assert refusal.value.code == "stands_aside"
        assert [prize.rank for prize in deliberation.prizes_open_to(finale.panel, finale.chair)] == [2, 3]
        allotted(finale, (2, 3), finale.chair, ranks=(1, 2))
        assert laureates(finale) == {1: "Finalist 1", 2: "Finalist 3", 3: "Finalist 4"}
        allotted(finale, (1, 0, None), finale.secretary)
        assert laureates(finale) == {1: "Finalist 2", 2: "Finalist 1"}

    def test_a_prize_at_its_place_waits_for_another(self, finale):
        assert [prize.rank for prize in deliberation.prizes_open_to(finale.panel, finale.chair)] == [1, 2, 3]
        aside(finale, finale.chair, finale.finalists[0])
        assert [prize.rank for prize in deliberation.prizes_open_to(finale.panel, finale.chair)] == [2, 3]
        finale.panel.withheld = {str(deliberation.jury_prizes(finale.panel)[0].pk): "Nobody is ready."}
        finale.panel.save()
        allotted(finale, (1, None), finale.chair, ranks=(1, 2))
        finale.panel.refresh_from_db()
        assert sorted(finale.panel.withheld.values()) == ["Nobody is ready.", "Why."]

    def test_the_ranking_applied_leaves_the_prize_others_gave(self, finale):
        allotted(finale, (1, 0, 2), finale.secretary)
        aside(finale, finale.chair, finale.finalists[0])
        deliberation.propose_ranking(finale.panel, by=finale.chair)
        assert laureates(finale) == {2: "Finalist 1", 3: "Finalist 3"}

    def test_the_name_of_a_holder_is_not_told(self, finale):
        first = deliberation.jury_prizes(finale.panel)[0]
        deliberation.propose(finale.panel, finale.finalists[0], verdict=KEEP, prize=first, by=finale.secretary)
        with pytest.raises(Conflict) as told:
            deliberation.propose(finale.panel, finale.finalists[1], verdict=KEEP, prize=first, by=finale.chair)
        assert "Finalist 1" in str(told.value)
        aside(finale, finale.chair, finale.finalists[0])
        with pytest.raises(Conflict) as told:
            deliberation.propose(finale.panel, finale.finalists[1], verdict=KEEP, prize=first, by=finale.chair)
        assert "Finalist 1" not in str(told.value)

    def test_a_tie_with_it_is_settled_by_another(self, finale):
        one, two = finale.finalists[:2]
        rows = {str(each.pk): {"online": 2, "room": 0, "total": 2} for each in (one, two)}
        vote = PublicVote.objects.create(
            call=finale.call,
            opens_at=finale.call.closes_at,
            closes_at=clock.now(),
            counted_at=clock.now(),
            disclosed_at=clock.now(),
            totals={"submissions": rows, "valid": 4, "void": 0, "digest": ""},
        )
        aside(finale, finale.chair, one)
        with pytest.raises(Forbidden):
            voting.settle_tie(vote, two, reason="Drawn.", by=finale.chair)
        assert voting.settle_tie(vote, two, reason="Drawn.", by=finale.secretary).winner == two


class TestLinks:
    @pytest.fixture
    def jury(self):
        return opened(jurors=3, applications=2)

    @staticmethod
    def told():
        return {one.recipient for one in Message.objects.filter(kind="juries.link_declared")}

    def test_links_others_declare_on_it_are_not_told(self, jury):
        secretary = seat(jury.panel, jury.agent, is_secretary=True, has_voice=False)
        panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
        Message.objects.all().delete()
        panels.declare_recusal(jury.jurors[1], jury.submissions[0], "unsure", by=jury.jurors[1].user)
        assert self.told() == {secretary.user}
        panels.declare_recusal(jury.jurors[1], jury.submissions[1], "unsure", by=jury.jurors[1].user)
        assert self.told() == {secretary.user, jury.chair}

    def test_where_no_lead_is_left_the_agents_are_told(self, jury):
        panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
        assert self.told() == {jury.agent}
        Message.objects.all().delete()
        second = agent_of(jury.call, "jury")
        there = Juror.objects.create(panel=jury.panel, user=jury.agent)
        Recusal.objects.create(juror=there, submission=jury.submissions[0], category="family")
        panels.declare_recusal(jury.jurors[1], jury.submissions[0], "unsure", by=jury.jurors[1].user)
        assert self.told() == {second}

    def test_a_chair_who_stands_aside_from_the_session_is_told_nothing(self, jury):
        Recusal.objects.create(juror=jury.jurors[0], submission=None, category="other")
        panels.declare_recusal(jury.jurors[1], jury.submissions[0], "unsure", by=jury.jurors[1].user)
        assert self.told() == {jury.agent}

    def test_the_whole_session_is_still_told(self, jury):
        panels.declare_recusal(jury.jurors[1], None, "other", by=jury.jurors[1].user)
        assert self.told() == {jury.chair}

    def test_nobody_answers_a_link_with_what_they_stand_aside_from(self, jury):
        secretary = seat(jury.panel, jury.agent, is_secretary=True, has_voice=False)
        own = panels.declare_recusal(jury.jurors[0], jury.submissions[0], "unsure", by=jury.chair)
        theirs = panels.declare_recusal(jury.jurors[1], jury.submissions[0], "unsure", by=jury.jurors[1].user)
        for recusal in (own, theirs):
            with pytest.raises(Forbidden):
                panels.dismiss_doubt(recusal, by=jury.chair)
            with pytest.raises(Forbidden):
                panels.confirm_recusal(recusal, by=jury.chair)
            assert panels.confirm_recusal(recusal, by=secretary.user).confirmed_at

    def test_organisers_read_their_own_link_alone(self, jury):
        for juror in jury.jurors[:2]:
            panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
        assert [one.juror.user for one in board(jury.panel, jury.chair).recusals] == [jury.chair]
        assert len(board(jury.panel, jury.agent).recusals) == 2

    def test_readings_of_it_are_given_by_others(self, jury):
        given = jury.assignment(2, 0)
        panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
        with pytest.raises(Forbidden):
            panels.unassign(given, by=jury.chair)
        panels.unassign(given, by=jury.agent)
        with pytest.raises(Forbidden):
            panels.assign(jury.jurors[2], jury.submissions[0], by=jury.chair)
        assert panels.assign(jury.jurors[2], jury.submissions[0], by=jury.agent)
