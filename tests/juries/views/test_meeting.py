"""The meeting's grid: the leading applications side by side, for members, with what is proposed and the pillars."""

import re
from html import unescape

import pytest
from django.urls import reverse

from calls.models import Submission
from juries.models import Proposal
from juries.operations import deliberation, panels, scoring
from juries.queries.standings import current_standing
from juries.views import meeting
from pillars.models import Pillar
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.juries import disclosed, locked, sheets_of
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
SECRET = "The pump runs at night."


def page_of(jury):
    return reverse("juries:meeting", kwargs={"pk": jury.panel.pk})


def propose_on(jury, place=0):
    named = {"pk": jury.panel.pk, "submission": jury.submissions[place].pk}
    return reverse("juries:chair-propose", kwargs=named)


def read(client, person, jury, status=200):
    client.force_login(person)
    answer = client.get(page_of(jury))
    assert answer.status_code == status
    return unescape(answer.content.decode())


@pytest.fixture
def jury():
    found = disclosed(jurors=4, applications=4, places=2, value=lambda _juror, submission: 5 - submission)
    deliberation.deliberate(found.panel, by=found.chair)
    return found


def test_members_alone_open_it_once_the_standing_is_disclosed(client):
    jury = locked(jurors=3, applications=1)
    for person in (jury.chair, jury.jurors[1].user):
        read(client, person, jury, status=409)
    read(client, jury.agent, jury, status=403)
    read(client, UserFactory(), jury, status=404)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    for person in (jury.chair, jury.jurors[1].user):
        assert "Project 1" in read(client, person, jury)
    read(client, jury.agent, jury, status=403)
    read(client, UserFactory(), jury, status=404)
    read(client, owner_of(jury.submissions[0].structure), jury, status=404)


def test_each_row_holds_its_figures_and_its_readers_comments(client, jury):
    sheet = sheets_of(jury).filter(submission=jury.submissions[1]).first()
    type(sheet).objects.filter(pk=sheet.pk).update(comment=SECRET, private_note="Mine alone.")
    page = read(client, jury.jurors[2].user, jury)
    for line in current_standing(jury.panel).lines.select_related("submission"):
        row = page.split(f'id="{line.submission.number}"')[1].split("</tbody>")[0]
        assert f"{line.adjusted:.2f}".replace(".", ",") in row
        assert f"± {line.margin:.2f}".replace(".", ",") in row
        assert f"{100 * line.probability:.0f}\u00a0%" in row
        assert (SECRET in row) == (line.submission == jury.submissions[1])
    assert "Mine alone." not in page
    assert str(sheet.juror) not in page.split("<main")[1]


def test_who_stands_aside_reads_nothing_of_it_there_nor_what_it_changes(client, jury):
    recused, hidden = jury.jurors[1], jury.submissions[0]
    sheet = sheets_of(jury).filter(submission=hidden).exclude(juror=recused).first()
    type(sheet).objects.filter(pk=sheet.pk).update(comment=SECRET)
    deliberation.propose(jury.panel, hidden, verdict="keep", by=jury.chair)
    panels.declare_recusal(recused, hidden, "family", by=recused.user)
    page = read(client, recused.user, jury)
    for told in (hidden.title, hidden.number, SECRET, "1 retenu", "Retenues\u00a0: 1"):
        assert told not in page
    assert "0 retenue parmi les candidatures que vous pouvez lire" in page
    assert "pour 2 places" not in page
    assert SECRET in read(client, jury.chair, jury)
    assert "pour 2 places" in read(client, jury.chair, jury)


def test_ranks_stay_those_of_the_ranking_for_who_stands_aside(client, jury):
    recused = jury.jurors[1]
    panels.declare_recusal(recused, jury.submissions[1], "family", by=recused.user)
    ranks = re.findall(r'<td class="rank"[^>]*>(\d+)', read(client, recused.user, jury))
    assert ranks == ["1", "3", "4"]


def test_the_chair_alone_proposes_there_and_comes_back_to_the_row(client, jury):
    assert "data-proposal" not in read(client, jury.jurors[1].user, jury)
    assert read(client, jury.chair, jury).count("data-proposal") == 4
    address = f"{propose_on(jury)}?from=meeting"
    answer = client.post(address, {"verdict": "keep"}, follow=True)
    assert answer.redirect_chain == [(f"{page_of(jury)}#{jury.submissions[0].number}", 302)]
    assert Proposal.objects.get().verdict == "keep"
    assert client.post(propose_on(jury, 1), {"verdict": "keep"}).url == reverse(
        "juries:chair", kwargs={"pk": jury.panel.pk}
    )
    refused = client.post(address, {"verdict": "perhaps"})
    assert refused.status_code == 422
    assert page_of(jury) in refused.content.decode()


def test_a_departure_without_its_reason_is_asked_of_who_leads(client, jury):
    deliberation.propose(jury.panel, jury.submissions[3], verdict="keep", by=jury.chair)
    title = jury.submissions[3].title
    asked = f"Écrivez pourquoi {title} passe devant son rang."
    assert asked not in read(client, jury.jurors[1].user, jury)
    assert asked in read(client, jury.chair, jury)
    deliberation.propose(jury.panel, jury.submissions[3], verdict="keep", reason="It is needed.", by=jury.chair)
    page = read(client, jury.chair, jury)
    assert asked not in page
    assert "It is needed." in page


def test_the_pillars_follow_what_is_kept(client, jury):
    first, second = Pillar.objects.all()[:2]
    own = {one.pk for one in jury.submissions}
    Submission.objects.filter(pk__in=own).update(pillar=first)
    Submission.objects.filter(pk=jury.submissions[3].pk).update(pillar=second)
    page = read(client, jury.chair, jury)
    assert balance(page) == [("0", "3"), ("0", "1")]
    deliberation.propose_ranking(jury.panel, by=jury.chair)
    page = read(client, jury.chair, jury)
    assert balance(page) == [("2", "3"), ("0", "1")]
    assert f": {second.name}" in page.replace("\u00a0", " ")


def balance(page):
    part = page.split('id="balance"')[1].split("</section>")[0]
    return re.findall(r'<td class="num">(\d+)</td><td class="num">(\d+)</td>', part)


def test_twenty_are_looked_at_with_those_tied_with_the_last(client, monkeypatch):
    monkeypatch.setattr(meeting, "LEADING", 3)
    monkeypatch.setattr(meeting, "BEYOND", 1)
    jury = disclosed(
        jurors=3, applications=7, places=2, value=lambda _juror, submission: (5, 4, 3, 3, 3, 2, 1)[submission]
    )
    page = read(client, jury.chair, jury)
    shown = [one.title for one in jury.submissions if f'id="{one.number}"' in page]
    assert shown == [f"Project {n}" for n in range(1, 6)]
    assert "2 autres candidatures" in page


def test_a_finale_is_read_there_and_its_palmares_is_written_elsewhere(client):
    finale = a_finale(3)
    finale.reach("deliberate")
    page = read(client, finale.juror, finale)
    assert finale.finalists[0].title in page
    assert "data-proposal" not in read(client, finale.chair, finale)
    assert 'id="balance"' not in page


@pytest.mark.parametrize("applications", [1, 12])
def test_it_costs_the_same_few_statements(client, django_assert_max_num_queries, applications):
    jury = disclosed(jurors=3, applications=applications, places=1)
    deliberation.deliberate(jury.panel, by=jury.chair)
    deliberation.propose_ranking(jury.panel, by=jury.chair)
    client.force_login(jury.chair)
    client.get(page_of(jury))
    with django_assert_max_num_queries(8):
        client.get(page_of(jury))
