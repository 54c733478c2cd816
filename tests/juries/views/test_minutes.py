"""The minutes on their page: all that their data hold, and nothing of what their reader stands aside from."""

from html import unescape

import pytest
from django.urls import reverse

from bethune_smartcity.core.errors import Invalid
from juries.models import Minutes, Panel, Recusal
from juries.operations import deliberation, panels, scoring
from juries.queries.standings import current_standing
from juries.views.minutes import ACTS, effects, masked, method
from juries.workflow import PANEL
from tests.factories.accounts import UserFactory, join
from tests.factories.juries import disclosed, locked
from tests.papers import faults, holds

pytestmark = pytest.mark.django_db


@pytest.fixture
def jury():
    made = disclosed("finale", lambda _juror, submission: 5 - submission, jurors=3, applications=3, places=2)
    scoring.reopen_panel(made.panel, reason="A sheet was forgotten", by=made.chair)
    scoring.lock_panel(made.panel, by=made.chair)
    scoring.disclose_panel(made.panel, by=made.chair)
    deliberation.deliberate(made.panel, by=made.chair)
    for place, prize in enumerate(deliberation.jury_prizes(made.panel)[:2]):
        deliberation.propose(
            made.panel,
            made.submissions[1 - place],
            verdict="keep",
            prize=prize,
            amount=prize.amount,
            reason=f"Traded places, {place}",
            by=made.chair,
        )
    return made


def page(client, person, jury):
    client.force_login(person)
    return client.get(reverse("juries:chair-minutes", kwargs={"pk": jury.panel.pk}))


def test_everything_the_data_hold_is_on_the_page(client, jury):
    answer = page(client, jury.chair, jury)
    text = answer.content.decode()
    for words in (
        "A sheet was forgotten",
        "Ouverture des fiches",
        "Réouverture des fiches",
        "Traded places, 0",
        "passe devant son rang",
        "passe derrière son rang",
        "Fiches manquantes",
        "Les deux ordres",
        "solide",
        "sévérité",
        "q_i",
        *(criterion["label"] for criterion in answer.context["content"]["method"]["criteria"]),
        *(str(juror) for juror in jury.jurors),
    ):
        assert words in text, words
    assert answer.context["content"]["orders"] == [(1, "Project 1", "Project 2"), (2, "Project 2", "Project 1")]
    assert len(answer.context["effects"]) == 3


def test_the_method_and_the_acts_are_said_in_the_readers_language_and_kept_as_they_were(client, jury):
    answer = page(client, jury.chair, jury)
    assert "rendent Σ (y_ij − q_i − b_j)²" in answer.context["content"]["method"]["formula"]
    assert "minimising" not in unescape(answer.text)
    kept = deliberation.write_content(deliberation.Desk.load(jury.panel))
    assert kept["method"]["formula"] == deliberation.FORMULA
    assert [one["act"] for one in kept["times"]][:3] == ["open", "lock", "freeze"]
    assert set(ACTS) == {*PANEL.by_name, "freeze"}
    assert method(kept["method"] | {"formula": "another"})["formula"] == "another"


def test_one_who_stands_aside_reads_nothing_of_it_on_the_page_or_in_the_data(client, jury):
    juror, submission = jury.jurors[1], jury.submissions[0]
    panels.declare_recusal(juror, submission, "family", by=juror.user)
    Recusal.objects.update(confirmed_at=None)
    answer = page(client, juror.user, jury)
    assert "Traded places, 1" not in answer.content.decode()
    assert submission.title not in answer.content.decode()
    data = client.get(reverse("juries:chair-minutes-data", kwargs={"pk": jury.panel.pk})).json()
    assert data["extract"] is True
    assert submission.title not in str(data)
    assert "extract" not in page(client, jury.chair, jury).context["content"]


def test_both_orders_keep_their_places_where_some_are_left_out(client, jury):
    for one in jury.submissions:
        deliberation.propose(jury.panel, one, verdict="decline", by=jury.chair)
    prizes = deliberation.jury_prizes(jury.panel)
    for one, prize in zip(reversed(jury.submissions), prizes, strict=False):
        given = {"verdict": "keep", "prize": prize, "amount": prize.amount, "reason": "Turned round"}
        deliberation.propose(jury.panel, one, **given, by=jury.chair)
    juror, hidden = jury.jurors[1], jury.submissions[1]
    whole = page(client, juror.user, jury).context["content"]["orders"]
    assert [row[0] for row in whole] == [*range(1, len(whole) + 1)]
    panels.declare_recusal(juror, hidden, "family", by=juror.user)
    answer = page(client, juror.user, jury)
    told = {place: (ranked, decided) for place, ranked, decided in whole}
    left = [(p, r if r != hidden.title else "", d if d != hidden.title else "") for p, (r, d) in told.items()]
    orders = answer.context["content"]["orders"]
    assert orders == [row for row in left if any(row[1:])][: len(orders)]
    assert "<td>3</td>" in answer.content.decode()
    data = client.get(reverse("juries:chair-minutes-data", kwargs={"pk": jury.panel.pk})).json()
    assert [line["place"] for line in data["standing"]["lines"]] == [1, 3]
    assert "Project 3" in str(data["decision"])


def test_each_freezing_of_the_standing_is_among_the_acts(client, jury):
    juror = jury.jurors[1]
    panels.declare_recusal(juror, jury.submissions[2], "family", by=juror.user)
    answer = page(client, jury.chair, jury)
    first, again, last = (one for one in answer.context["content"]["times"] if one["act"] == "freeze")
    assert (first["voids"], again["voids"], last["voids"]) == ("", first["digest"], again["digest"])
    assert last["digest"] == current_standing(jury.panel).digest
    assert last["reason"]
    text = unescape(answer.content.decode())
    assert text.count("Gel du classement") == 3
    assert f"empreinte {last['digest'][:8]}, à la place de {again['digest'][:8]}, annulée" in text
    assert holds(paper(client, jury.chair, jury), last["digest"][:8]) == []


def test_what_is_on_the_reserve_list_is_not_said_to_be_left_out(client):
    made = disclosed(value=lambda _juror, one: 5 - one, jurors=3, applications=3, places=2)
    deliberation.deliberate(made.panel, by=made.chair)
    for one, verdict in zip(made.submissions, ("reserve", "decline", "keep"), strict=True):
        deliberation.propose(made.panel, one, verdict=verdict, reason="Because", by=made.chair)
    told = {one["title"]: str(one["why"]) for one in page(client, made.chair, made).context["content"]["departures"]}
    assert told["Project 1"] == "sur liste de réserve malgré son rang"
    assert told["Project 2"] == "non retenue malgré son rang"


def test_a_link_left_without_an_answer_is_no_longer_awaited_once_decided(client, jury):
    juror = jury.jurors[1]
    panels.declare_recusal(juror, jury.submissions[2], "family", by=juror.user)
    assert "la présidence doit encore répondre" in page(client, jury.chair, jury).content.decode()
    content = deliberation.write_content(deliberation.Desk.load(jury.panel))
    Minutes.objects.create(panel=jury.panel, content=content, digest="0" * 64)
    Panel.objects.filter(pk=jury.panel.pk).update(state="decided")
    text = page(client, jury.chair, jury).content.decode()
    assert "la présidence doit encore répondre" not in text
    assert "sans réponse à la décision" in text
    assert holds(paper(client, jury.chair, jury), "sans réponse à la décision") == []


def test_severities_are_not_for_one_who_leads_and_stands_aside(client, jury):
    assert page(client, jury.chair, jury).context["effects"]
    panels.declare_recusal(jury.jurors[0], jury.submissions[2], "family", by=jury.chair)
    answer = page(client, jury.chair, jury)
    assert answer.context["effects"] == []
    data = client.get(reverse("juries:chair-minutes-data", kwargs={"pk": jury.panel.pk})).json()
    assert {"effects", "discordance"}.isdisjoint(data["standing"]["figures"])
    assert page(client, jury.agent, jury).context["effects"]


def test_a_motion_about_what_one_stands_aside_from_is_left_out(client, jury):
    juror, hidden = jury.jurors[1], jury.submissions[0]
    jury.panel.jurors.update(is_present=True)
    for text in (f"First prize to {hidden.title.upper()}", f"Hear {hidden.number} again", "Vote by show of hands"):
        deliberation.put_motion(jury.panel, text, votes_for=2, votes_against=0, by=jury.chair)
    panels.declare_recusal(juror, hidden, "family", by=juror.user)
    assert len(page(client, jury.chair, jury).context["content"]["motions"]) == 3
    told = [motion["text"] for motion in page(client, juror.user, jury).context["content"]["motions"]]
    assert told == ["Vote by show of hands"]


def test_how_each_juror_marked_is_for_those_who_lead_and_organise(client, jury):
    shown = {who: page(client, user, jury) for who, user in readers(jury).items()}
    assert {who: bool(answer.context["effects"]) for who, answer in shown.items()} == {
        "chair": True,
        "agent": True,
        "juror": False,
    }
    data = reverse("juries:chair-minutes-data", kwargs={"pk": jury.panel.pk})
    for who, user in readers(jury).items():
        client.force_login(user)
        figures = client.get(data).json()["standing"]["figures"]
        assert ("discordance" in figures, "effects" in figures) == (who != "juror",) * 2, who


def readers(jury):
    return {"chair": jury.chair, "agent": jury.agent, "juror": jury.jurors[2].user}


def test_a_juror_without_a_sheet_that_counts_has_no_effect(jury):
    content = {"standing": {"figures": {"effects": {str(jury.jurors[0].pk): 0.5, str(jury.jurors[1].pk): None}}}}
    assert effects(jury.panel, content) == [(str(jury.jurors[0]), "+0,50")]


def test_minutes_are_drawn_up_from_the_deliberation_on(client):
    jury = locked("finale", jurors=2, applications=1)
    for name in ("chair-minutes", "chair-minutes-paper", "chair-masked", "chair-minutes-data"):
        client.force_login(jury.chair)
        assert client.get(reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})).status_code == 409
        client.force_login(UserFactory())
        assert client.get(reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})).status_code == 404


def paper(client, person, jury):
    client.force_login(person)
    return client.get(reverse("juries:chair-minutes-paper", kwargs={"pk": jury.panel.pk}))


def test_the_document_says_all_that_the_data_hold(client, jury):
    answer, content = paper(client, jury.chair, jury), page(client, jury.chair, jury).context["content"]
    assert faults(answer, language="fr") == []
    assert answer["Content-Disposition"] == f'attachment; filename="proces-verbal-{jury.panel.pk}.pdf"'
    told = [
        *(member["name"] for member in content["members"]),
        *(criterion["label"] for criterion in content["method"]["criteria"]),
        *(f"{line['number']} {line['title']}" for line in content["standing"]["lines"]),
        *(line["mean"] for line in content["standing"]["lines"]),
        *(one["reason"] for one in content["decision"]),
        *(one["reason"] for one in content["departures"]),
        *(one["reason"] for one in content["times"] if one["reason"]),
        content["standing"]["digest"],
        content["method"]["formula"],
        "Les deux ordres",
        "sévérité",
        "Aperçu",
    ]
    assert holds(answer, *told) == []


def test_who_stands_aside_or_marks_gets_the_document_of_their_page(client, jury):
    juror, submission = jury.jurors[1], jury.submissions[0]
    assert holds(paper(client, jury.jurors[2].user, jury), "sévérité") == ["sévérité"]
    panels.declare_recusal(juror, submission, "family", by=juror.user)
    answer = paper(client, juror.user, jury)
    assert holds(answer, "Traded places, 1", submission.title) == ["Traded places, 1", submission.title]
    assert holds(answer, "Extrait") == []


def test_written_minutes_have_a_place_to_sign_and_signed_ones_say_by_whom(client, jury):
    jury.panel.jurors.update(is_present=True)
    deliberation.propose(jury.panel, jury.submissions[2], verdict="decline", reason="Too early", by=jury.chair)
    Panel.objects.filter(pk=jury.panel.pk).update(place="Hôtel de ville, salle des mariages")
    jury.panel.refresh_from_db()
    withheld = deliberation.jury_prizes(jury.panel)[2:]
    Panel.objects.filter(pk=jury.panel.pk).update(withheld={str(prize.pk): "Nobody fits" for prize in withheld})
    jury.panel.refresh_from_db()
    deliberation.decide(jury.panel, by=jury.chair)
    written = paper(client, jury.chair, jury)
    assert holds(written, "À signer.", jury.panel.minutes.digest, "Hôtel de ville, salle des mariages") == []
    deliberation.sign(jury.panel, by=jury.chair)
    signed = Minutes.objects.get(panel=jury.panel)
    assert holds(paper(client, jury.chair, jury), f"Signé par {jury.chair}", signed.digest) == []


def test_a_stranger_learns_of_no_document(client, jury):
    assert paper(client, UserFactory(), jury).status_code == 404


def decided(jury):
    """The minutes of `jury`, decided on what is proposed."""
    jury.panel.jurors.update(is_present=True)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    deliberation.propose(
        jury.panel, jury.submissions[2], verdict="decline", reason=f"{jury.chair} was right", by=jury.chair
    )
    withheld = deliberation.jury_prizes(jury.panel)[2:]
    Panel.objects.filter(pk=jury.panel.pk).update(withheld={str(prize.pk): "Nobody fits" for prize in withheld})
    jury.panel.refresh_from_db()
    deliberation.decide(jury.panel, by=jury.chair)
    return deliberation.sign(jury.panel, by=jury.chair)


def test_the_masked_copy_names_nobody_and_keeps_what_was_decided(client, jury):
    masked = reverse("juries:chair-masked", kwargs={"pk": jury.panel.pk})
    client.force_login(jury.agent)
    assert client.get(masked).status_code == 409
    minutes = decided(jury)
    answer, names = client.get(masked), [str(juror.user) for juror in jury.jurors]
    assert set(holds(answer, *names, "proche", "sévérité")) == {*names, "proche", "sévérité"}
    assert holds(answer, "Membre 1", "was right", "1 déport, occulté", minutes.digest, "Traded places, 0") == []
    assert holds(paper(client, jury.agent, jury), *names) == []
    client.force_login(jury.jurors[2].user)
    assert client.get(masked).status_code == 403


def test_members_of_a_structure_that_applied_stand_there_by_rule(client, jury):
    member, other = jury.jurors[1], jury.jurors[2]
    join(jury.submissions[0].structure, "reader", member.user)
    join(jury.submissions[1].structure, "editor", other.user)
    panels.declare_recusal(other, jury.submissions[1], "member", by=other.user)
    answer = page(client, jury.chair, jury)
    told = {"juror": str(member), "scope": jury.submissions[0].number}
    assert answer.context["content"]["recused_by_rule"] == [told]
    assert "d’office" in answer.content.decode()
    assert page(client, member.user, jury).context["content"]["recused_by_rule"] == []
    content = deliberation.write_content(deliberation.Desk.load(jury.panel))
    assert masked(content)["recused_by_rule"] == []
    assert masked(content)["recusals_masked"] == 2


def test_a_casting_vote_is_written_down(client, jury):
    jury.panel.jurors.update(is_present=True)
    tied = {"votes_for": 1, "votes_against": 1, "by": jury.chair}
    assert not deliberation.put_motion(jury.panel, "Left as it is", **tied).is_carried
    assert deliberation.put_motion(jury.panel, "First prize", casting="for", **tied).is_carried
    assert not deliberation.put_motion(jury.panel, "Second prize", casting="against", **tied).is_carried
    for wrong in ({**tied, "votes_for": 2, "casting": "for"}, {**tied, "casting": "perhaps"}):
        with pytest.raises(Invalid):
            deliberation.put_motion(jury.panel, "Third prize", **wrong)
    answer = page(client, jury.chair, jury)
    assert [one["casting"] for one in answer.context["content"]["motions"]] == ["", "for", "against"]
    assert "voix prépondérante de la présidence\u00a0: pour" in unescape(answer.content.decode())
    jury.panel.jurors.filter(is_chair=True).update(is_present=False)
    with pytest.raises(Invalid):
        deliberation.put_motion(jury.panel, "Third prize", casting="for", **tied)


def test_on_a_telephone_each_cell_says_of_which_column_it_is(client, jury):
    text = page(client, jury.chair, jury).content.decode()
    tables = [one for one in text.split("<table")[1:] if "table--stack" in one.split(">")[0]]
    assert len(tables) == 4
    for table in tables:
        cells = table.split("<tbody>")[1].split("</table>")[0].split("<td")[1:]
        assert cells
        assert all("data-label=" in cell.split(">")[0] for cell in cells)
