"""The juror's room beyond reading: once the sheets are closed, and a link found later."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock, wording
from juries.models import Panel, Recusal
from juries.operations import deliberation, panels, scoring
from juries.workflow import CLOSED, PanelState
from tests.factories.juries import opened, prepared, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


@pytest.fixture
def jury():
    return opened(jurors=3, applications=3, readings=3)


@pytest.fixture
def juror(jury, client):
    client.force_login(jury.jurors[1].user)
    return jury.jurors[1]


def to(name, jury, submission=None, **more):
    kwargs = {"pk": jury.panel.pk} | ({} if submission is None else {"submission": submission.pk}) | more
    return reverse(f"juries:{name}", kwargs=kwargs)


def room(client, jury):
    return client.get(to("room", jury)).text


# --- Once closed ---


def test_the_room_says_that_the_sheets_are_closed_since_when_and_what_comes_next(jury, juror, client):
    write(jury.assignment(1, 0), 4)
    write(jury.assignment(1, 1), 3, hand_in=False)
    assert "fiches sont closes" not in room(client, jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    locked_at = clock.now()
    page = room(client, jury)
    assert "Les fiches sont closes" in page
    assert wording.instant(locked_at) in page.replace("<time", "\n<time").replace("&nbsp;", "\u00a0")
    assert "la présidence dévoile le classement" in page
    assert page.count("non rendue") == 2
    for gone in ("Ce que vous avez à lire", "commencée", to("standing", jury), to("meeting", jury)):
        assert gone not in page
    scoring.disclose_panel(jury.panel, by=jury.chair)
    page = room(client, jury)
    assert "dévoilé au jury" in page
    assert to("standing", jury) in page
    assert to("meeting", jury) in page
    deliberation.deliberate(jury.panel, by=jury.chair)
    page = room(client, jury)
    assert "délibère" in page
    assert to("dissent", jury) in page


@pytest.mark.parametrize("state", CLOSED)
def test_each_state_says_what_it_is(jury, juror, client, state):
    public_at = clock.now() if state == PanelState.PROCLAIMED else None
    Panel.objects.filter(pk=jury.panel.pk).update(state=state, publish_at=public_at)
    words = {
        PanelState.LOCKED: "dévoile le classement au jury",
        PanelState.DISCLOSED: "est dévoilé au jury",
        PanelState.DELIBERATION: "Le jury délibère",
        PanelState.DECIDED: "Le jury a décidé",
        PanelState.SIGNED: "notes privées sont détruites",
        PanelState.PROCLAIMED: "La décision est publique",
    }
    page = room(client, jury)
    assert words[state] in page
    assert (reverse("juries:results", kwargs={"slug": jury.call.slug}) in page) == (public_at is not None)


def test_proclaimed_and_not_public_yet_it_says_until_when_it_stays_within_the_jury(jury, juror, client):
    at = clock.now() + timedelta(days=2)
    Panel.objects.filter(pk=jury.panel.pk).update(state=PanelState.PROCLAIMED, publish_at=at)
    page = room(client, jury)
    assert "reste au sein du jury" in page
    assert "La décision est publique" not in page


def test_a_finale_being_prepared_speaks_of_pitches(client):
    for stage, said in (("finale", "La finale se prépare"), ("reading", "La répartition des lectures")):
        jury = prepared(stage, jurors=1, applications=1)
        panels.accept_charter(jury.jurors[0], by=jury.jurors[0].user)
        client.force_login(jury.jurors[0].user)
        assert said in room(client, jury)


# --- A link found later ---


def later(client, jury, submission, category="family"):
    return client.post(to("links", jury), {"act": "later", "submission": submission.pk, "category": category})


def test_once_all_is_declared_a_link_found_later_has_its_place(jury, juror, client):
    jury.assignment(1, 2).delete()
    write(jury.assignment(1, 0), 4)
    assert f"{to('links', jury)}#later" in room(client, jury)
    page = client.get(to("links", jury)).text
    assert 'id="later"' in page
    for submission in jury.submissions:
        assert f'value="{submission.pk}"' in page
    for place in (0, 2):  # theirs, and one that nobody asked them to read
        assert later(client, jury, jury.submissions[place]).url == to("room", jury)
    assert set(Recusal.objects.values_list("submission", flat=True)) == {jury.submissions[n].pk for n in (0, 2)}
    assert client.get(to("sheet", jury, jury.submissions[0])).status_code == 404
    page = client.get(to("links", jury)).text
    assert f'value="{jury.submissions[0].pk}"' not in page
    again = later(client, jury, jury.submissions[0])
    assert again.status_code == 422
    assert jury.submissions[0].pk not in again.context["later"].submissions


def test_a_later_link_needs_its_application_and_its_kind(jury, juror, client):
    other = opened(jurors=1, applications=1).submissions[0]
    for said in (
        {},
        {"category": "family"},
        {"submission": jury.submissions[0].pk},
        {"submission": "x", "category": "x"},
    ):
        assert client.post(to("links", jury), {"act": "later", **said}).status_code == 422
    assert later(client, jury, other).status_code == 422
    assert not Recusal.objects.exists()


def test_what_waits_for_a_word_is_declared_above(client):
    jury = prepared(jurors=2, applications=2)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    client.force_login(jury.jurors[1].user)
    assert 'id="later"' not in client.get(to("links", jury)).text
    panels.declare_no_link(jury.jurors[1], jury.submissions[:1], by=jury.jurors[1].user)
    page = client.get(to("links", jury)).text
    assert 'id="later"' in page
    assert list(client.get(to("links", jury)).context["later"].submissions) == [str(jury.submissions[0].pk)]


def test_after_the_lock_a_link_may_still_be_declared(jury, juror, client):
    for place in range(3):
        write(jury.assignment(0, place), 4)
    scoring.lock_panel(jury.panel, by=jury.chair)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    assert later(client, jury, jury.submissions[1]).url == to("room", jury)
    assert jury.submissions[1].title not in client.get(to("standing", jury)).text
