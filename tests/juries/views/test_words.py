"""Sentences of the jury's and the voters' pages: agreed in number, never saying a thing twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from juries.forms.voter import BallotForm, ConfirmForm
from juries.models import BallotLink, Mark, Slot
from juries.operations import voting
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, write
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db


def to(name, jury, **more):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})


def test_the_length_of_a_pitch_is_no_minutes_of_a_meeting():
    assert str(Slot._meta.get_field("minutes").verbose_name) == "minutes"


def test_a_mark_reads_in_the_reader_s_language():
    jury = opened(jurors=1, applications=1)
    write(jury.assignment(0, 0), "2.5", hand_in=False)
    mark = Mark.objects.select_related("criterion").first()
    assert mark.value == Decimal("2.5")
    assert str(mark).endswith("2,5")
    with translation.override("en"):
        assert str(mark).endswith(": 2.5")
        assert " :" not in str(jury.panel)


def test_one_sheet_is_singular_and_none_too(client):
    jury = opened(jurors=1, applications=2)
    client.force_login(jury.chair)
    assert "0 fiche sur 2 rendue<" in client.get(to("room", jury)).content.decode()
    write(jury.assignment(0, 0), 3)
    assert "1 des 2 fiches attendues n’est pas rendue." in client.get(to("chair-lock", jury)).content.decode()


def test_a_missing_mark_is_named_once_and_each_at_its_place(client):
    jury = opened(jurors=1, applications=1)
    first, *others = criteria_of(jury.panel)
    client.force_login(jury.chair)
    sent = {"version": 0, "act": "hand_in", **{f"mark-{one.pk}": "3" for one in others[1:]}}
    page = client.post(to("sheet", jury, submission=jury.submissions[0].pk), sent)
    assert page.status_code == 422
    form = page.context["form"]
    assert set(form.errors) == {f"mark-{first.pk}", f"mark-{others[0].pk}"}
    assert form.errors[f"mark-{first.pk}"] == ["la note manque."]


def test_the_error_of_a_box_does_not_repeat_its_label(client):
    jury = opened(jurors=1, applications=2)
    write(jury.assignment(0, 0), 3)
    client.force_login(jury.chair)
    text = client.post(to("chair-lock", jury)).content.decode()
    summary = text.partition('id="errors"')[2].partition("</ul>")[0]
    assert "Verrouiller sans les fiches" not in summary


def test_nothing_declared_is_not_told_as_a_success(client):
    jury = opened(jurors=1, applications=1)
    jury.jurors[0].declarations.all().delete()
    client.force_login(jury.chair)
    page = client.post(to("links", jury), {}, follow=True)
    assert "Rien n’a été déclaré" in page.content.decode()
    assert "0 déclaration" not in page.content.decode()


@pytest.mark.parametrize("form", [BallotForm, ConfirmForm])
def test_what_a_voter_must_give_is_not_called_optional(form):
    drawn = str(form(candidates=[])["code"].as_field_group())
    assert "(facultatif)" not in drawn


def test_a_spent_link_leads_to_the_vote(client, monkeypatch):
    finale, now = a_finale(2), clock.now()
    vote = voting.open_vote(finale.call, opens_at=now, closes_at=now + timedelta(days=1), by=finale.agent)
    voting.request_ballot(vote, "voter@example.org", network="")
    link = BallotLink.objects.get()
    monkeypatch.setattr(voting, "live_link", lambda *_args: link)
    monkeypatch.setattr(voting, "is_live", lambda _link: False)
    page = client.get(reverse("juries:vote-link", kwargs={"slug": finale.call.slug, "token": "x"}))
    assert page.status_code == 409
    assert f'href="{reverse("juries:vote", kwargs={"slug": finale.call.slug})}"' in page.content.decode()
