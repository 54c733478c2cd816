"""What a chair who stands aside from an application finds of it on the pages of the chair: nothing."""

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from calls.models import Prize
from juries.models import Juror, Panel, Proposal, PublicVote, Recusal, StandingLine
from juries.operations import deliberation
from juries.operations.deliberation import Allotment
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
REASON = "Because of the quay."
HIDDEN = "Finalist 1"


def deliberating(stage):
    made = a_finale(3, stage=stage)
    made.reach("deliberate")
    made.attend()
    text = f"{HIDDEN} comes first"
    deliberation.put_motion(made.panel, text, votes_for=3, votes_against=0, by=made.secretary)
    for juror in made.jurors[:1]:
        Recusal.objects.create(juror=juror, submission=made.finalists[0], category="family")
    return made


@pytest.fixture
def reading():
    made = deliberating(Panel.Stage.READING)
    deliberation.propose(made.panel, made.finalists[0], verdict="decline", reason=REASON, by=made.secretary)
    return made


@pytest.fixture
def finale():
    made = deliberating(Panel.Stage.FINALE)
    prizes = Prize.objects.filter(call=made.call, kind=Prize.Kind.JURY).order_by("rank")
    rows = [
        Allotment(prize, one, prize.amount, "", REASON if one == made.finalists[0] else "")
        for prize, one in zip(prizes, made.finalists, strict=True)
    ]
    deliberation.allot(made.panel, rows, by=made.secretary)
    return made


def aside(made, user):
    own = Juror.objects.get(panel=made.panel, user=user)
    Recusal.objects.create(juror=own, submission=made.finalists[0], category="family")


def seen(client, user, name, made, **kwargs):
    client.force_login(user)
    return client.get(reverse(f"juries:{name}", kwargs={"pk": made.panel.pk, **kwargs}))


class TestReading:
    def test_the_form_of_a_proposal_does_not_exist(self, client, reading):
        where = {"submission": reading.finalists[0].pk}
        page = seen(client, reading.chair, "chair-propose", reading, **where)
        assert REASON in page.content.decode()
        aside(reading, reading.chair)
        assert seen(client, reading.chair, "chair-propose", reading, **where).status_code == 404
        url = reverse("juries:chair-propose", kwargs={"pk": reading.panel.pk, **where})
        assert client.post(url, {"verdict": "keep", "reason": ""}).status_code == 404
        assert Proposal.objects.get(submission=reading.finalists[0]).verdict == "decline"
        other = {"submission": reading.finalists[1].pk}
        assert seen(client, reading.chair, "chair-propose", reading, **other).status_code == 200
        assert seen(client, reading.secretary, "chair-propose", reading, **where).status_code == 200

    @pytest.mark.parametrize("name", ["chair", "chair-decide", "chair-minutes", "organise"])
    def test_pages_name_it_to_the_others_alone(self, client, reading, name):
        Proposal.objects.all().delete()
        assert HIDDEN in seen(client, reading.chair, name, reading).content.decode()
        aside(reading, reading.chair)
        page = seen(client, reading.chair, name, reading)
        own = page.content.decode().count(HIDDEN)
        # Their own link, which they declared themselves, is all that may name it.
        assert own <= (1 if name in {"chair", "organise"} else 0)
        assert "comes first" not in page.content.decode()
        assert HIDDEN in seen(client, reading.secretary, name, reading).content.decode()

    def test_others_links_with_it_are_not_theirs_to_answer(self, client, reading):
        other = str(reading.jurors[0])
        page = seen(client, reading.chair, "chair", reading)
        assert [str(juror) for juror, *_link in page.context["to_answer"]] == [other]
        aside(reading, reading.chair)
        page = seen(client, reading.chair, "chair", reading)
        assert page.context["to_answer"] == []
        assert [juror.user for juror, _one in page.context["recusals"]] == [reading.chair]
        recusal = Recusal.objects.get(juror=reading.jurors[0])
        url = reverse("juries:answer-recusal", kwargs={"recusal": recusal.pk})
        assert client.post(url, {"answer": "confirm"}).status_code == 403
        assert len(seen(client, reading.secretary, "chair", reading).context["to_answer"]) == 2

    def test_an_agent_who_stood_aside_on_the_other_panel_finds_nothing_either(self, client, reading):
        before = seen(client, reading.agent, "chair", reading)
        assert HIDDEN in [row.line.submission.title for row in before.context["rows"]]
        there = Panel.objects.create(call=reading.call, stage=Panel.Stage.FINALE)
        juror = Juror.objects.create(panel=there, user=reading.agent)
        Recusal.objects.create(juror=juror, submission=reading.finalists[0], category="family")
        assert HIDDEN not in seen(client, reading.agent, "chair", reading).content.decode()
        assert HIDDEN not in seen(client, reading.agent, "organise", reading).content.decode()


class TestFinale:
    def test_the_palmares_is_written_without_it(self, client, finale):
        page = seen(client, finale.chair, "chair-palmares", finale).content.decode()
        assert REASON in page
        assert HIDDEN in page
        aside(finale, finale.chair)
        found = seen(client, finale.chair, "chair-palmares", finale)
        page = found.content.decode()
        assert REASON not in page
        assert HIDDEN not in page
        assert [one.prize.rank for one in found.context["prize_forms"]] == [2, 3]
        told = {}
        for one, finalist in zip(found.context["prize_forms"], reversed(finale.finalists[1:]), strict=True):
            told |= {one.add_prefix("submission"): str(finalist.pk), one.add_prefix("reason"): "Why."}
        assert client.post(reverse("juries:chair-palmares", kwargs={"pk": finale.panel.pk}), told).status_code == 302
        held = Proposal.objects.filter(prize__isnull=False).values_list("prize__rank", "submission__title")
        assert dict(held) == {1: HIDDEN, 2: "Finalist 3", 3: "Finalist 2"}
        assert HIDDEN in seen(client, finale.secretary, "chair-palmares", finale).content.decode()

    def test_the_board_leaves_its_prize_and_what_is_left_out(self, client, finale):
        board = seen(client, finale.chair, "chair", finale).context
        assert [line["prize"].rank for line in board["table"]] == [1, 2, 3]
        assert board["left"] is not None or finale.call.envelope is None
        aside(finale, finale.chair)
        board = seen(client, finale.chair, "chair", finale).context
        assert [line["prize"].rank for line in board["table"]] == [2, 3]
        assert board["left"] is None
        assert board["motions"] == []
        assert board["kept"] == 2

    def test_a_tie_with_it_is_another_s_to_settle(self, client, finale):
        rows = {str(one.pk): {"online": 2, "room": 0, "total": 2} for one in finale.finalists[:2]}
        then = clock.now()
        PublicVote.objects.create(
            call=finale.call,
            opens_at=finale.call.closes_at,
            closes_at=then,
            counted_at=then,
            disclosed_at=then,
            winner_reason=REASON,
            totals={"submissions": rows, "valid": 4, "void": 0, "digest": ""},
        )
        assert seen(client, finale.chair, "chair-settle", finale).status_code == 200
        assert REASON in seen(client, finale.chair, "chair-vote", finale).content.decode()
        aside(finale, finale.chair)
        assert seen(client, finale.chair, "chair-settle", finale).status_code == 404
        page = seen(client, finale.chair, "chair-vote", finale)
        assert page.context["is_tied"] is False
        assert REASON not in page.content.decode()
        assert seen(client, finale.secretary, "chair-settle", finale).status_code == 200


@pytest.mark.parametrize("name", ["chair", "standing"])
def test_the_second_look_gives_nobody_away(client, reading, name):
    """Where all the others keep or trade their places, the one left over would be that of what is hidden."""
    for place, other in ((1, 2), (2, 1)):
        StandingLine.objects.filter(standing__panel=reading.panel, order=place).update(second_look=other)
    assert "Finalist 2\u00a0: 1 au lieu de 2" in seen(client, reading.chair, name, reading).content.decode()
    aside(reading, reading.chair)
    page = seen(client, reading.chair, name, reading).content.decode()
    assert "au lieu de" not in page
    assert "les places que ce calcul donne aux autres diraient la sienne" in page
    assert "Finalist 2\u00a0: 1 au lieu de 2" in seen(client, reading.secretary, name, reading).content.decode()
