"""What organisers are offered can be done, and no act of theirs leaves a jury that cannot go on."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from juries.models import Assignment, Juror, Panel, Slot
from juries.operations import panels, scoring, session
from tests.factories.accounts import UserFactory
from tests.factories.juries import opened, prepared, ready, seat, write

pytestmark = pytest.mark.django_db


def to(name, jury, **more):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})


def drawn(jury, seed=1):
    starts = clock.now() + timedelta(hours=1)
    return session.draw_slots(jury.panel, seed=seed, starts_at=starts, minutes=20, by=jury.agent)


class TestRunningOrder:
    def test_opening_warns_and_the_order_may_be_drawn_until_the_first_pitch(self, client):
        jury = prepared("finale", jurors=3, applications=2)
        for juror in jury.jurors:
            ready(juror, jury.submissions)
        panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
        client.force_login(jury.agent)
        assert to("chair-order", jury) in client.get(to("open", jury)).text
        panels.open_panel(jury.panel, by=jury.agent)
        client.force_login(jury.chair)
        board = client.get(to("chair", jury)).text
        assert to("chair-order", jury) in board
        assert to("chair-move-on", jury) not in board
        with pytest.raises(Conflict) as refused:
            session.move_on(jury.panel, after=None, by=jury.chair)
        assert refused.value.code == "no_order"
        given = {"seed": "3", "starts_at": "2027-09-22T14:00", "minutes": "30"}
        assert client.get(to("chair-order", jury)).status_code == 200
        assert client.post(to("chair-order", jury), given).status_code == 302
        assert drawn(jury, seed=4)
        assert to("chair-move-on", jury) in client.get(to("chair", jury)).text
        session.move_on(jury.panel, after=None, by=jury.chair)
        first = list(Slot.objects.values_list("pk", flat=True))
        assert to("chair-order", jury) not in client.get(to("chair", jury)).text
        assert client.get(to("chair-order", jury)).status_code == 409
        with pytest.raises(Conflict):
            drawn(jury, seed=5)
        assert list(Slot.objects.values_list("pk", flat=True)) == first

    def test_a_drawn_order_is_not_said_to_lack(self, client):
        jury = prepared("finale", jurors=2, applications=2)
        panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
        drawn(jury)
        client.force_login(jury.agent)
        assert to("chair-order", jury) not in client.get(to("open", jury)).text


class TestLead:
    def test_an_open_panel_keeps_someone_who_leads_it(self, client):
        jury = opened(jurors=3, applications=1)
        client.force_login(jury.agent)
        chair = jury.jurors[0]
        change = to("change-seat", jury, juror=chair.pk)
        answer = client.post(change, {"has_voice": "on"})
        assert answer.status_code == 409
        with translation.override("fr"):
            assert "Nommez d’abord un·e secrétaire" in unescape(client.post(change, {"has_voice": "on"}).text)
        chair.refresh_from_db()
        assert chair.is_chair
        seat(jury.panel, jury.agent, has_voice=False, is_secretary=True)
        assert client.post(change, {"has_voice": "on"}).status_code == 302
        chair.refresh_from_db()
        assert not chair.is_chair
        seat(jury.panel, jury.agent, UserFactory(), has_voice=False, is_chair=True)

    def test_in_preparation_the_chair_may_change(self):
        jury = prepared(jurors=2, applications=1)
        panels.seat(jury.panel, jury.chair, by=jury.agent)
        assert not jury.panel.jurors.filter(is_chair=True).exists()

    def test_the_last_who_leads_is_not_taken_off(self):
        jury = opened(jurors=2, applications=1)
        Juror.objects.filter(pk=jury.jurors[0].pk).update(has_voice=False)
        with pytest.raises(Conflict) as refused:
            panels.unseat(jury.jurors[0], by=jury.agent)
        assert refused.value.code == "last_to_lead"


class TestOffers:
    def test_who_has_begun_or_declared_is_not_offered_to_be_taken_off(self, client):
        jury = opened(jurors=4, applications=1, readings=4)
        write(jury.assignment(1, 0), 3, hand_in=False)
        panels.declare_recusal(jury.jurors[2], jury.submissions[0], "family", by=jury.jurors[2].user)
        client.force_login(jury.agent)
        page = client.get(to("organise", jury)).text
        offered = [to("unseat", jury, juror=juror.pk) in page for juror in jury.jurors]
        assert offered == [False, False, False, True]
        for juror, may_go in zip(jury.jurors, offered, strict=True):
            assert (client.post(to("unseat", jury, juror=juror.pk)).status_code == 302) == may_go

    def test_the_abstention_of_a_sheet_handed_in_says_so_at_once(self, client):
        jury = opened(jurors=2, applications=1)
        client.force_login(jury.jurors[1].user)
        page = to("abstain", jury, submission=jury.submissions[0].pk)
        assert client.get(page).status_code == 200
        sheet = write(jury.assignment(1, 0), 3)
        assert client.get(page).status_code == 409
        scoring.take_back(sheet, by=jury.jurors[1].user)
        assert client.get(page).status_code == 200

    def test_the_list_of_the_back_office_tells_the_due_date_as_other_pages(self, client):
        jury = prepared(jurors=1, applications=1, due_at=clock.paris(2027, 2, 14))
        client.force_login(jury.agent)
        with translation.override("fr"):
            listed = unescape(client.get(reverse("admin:juries_panel_changelist")).text)
        assert re.search(r"13\sfévrier\s2027\D+23\sh\s59", listed)
        assert not re.search(r"14\sfévrier\s2027", listed)


class TestPlanAgain:
    def test_it_says_what_goes_before_it_goes(self, client):
        jury = prepared(jurors=4, applications=4, readings=2)
        panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
        panels.configure_panel(jury.panel, readings=1, by=jury.agent)
        client.force_login(jury.agent)
        board = client.get(to("organise", jury)).text
        assert f'method="get" action="{to("plan", jury)}"' in board
        before = Assignment.objects.count()
        with translation.override("en"):
            page = client.get(to("plan", jury), {"seed": "5"})
        assert 'name="seed" value="5"' in page.text
        added, removed = panels.foretell_plan(Panel.objects.get(pk=jury.panel.pk), seed=5)
        assert removed >= 4
        assert f"{removed} readings that nobody has begun are taken away" in unescape(page.text)
        assert Assignment.objects.count() == before
        assert client.post(to("plan", jury), {"seed": "5"}).status_code == 302
        assert Assignment.objects.count() == before + added - removed

    def test_the_first_plan_needs_no_second_step(self, client):
        jury = prepared(jurors=2, applications=2)
        client.force_login(jury.agent)
        assert f'method="post" action="{to("plan", jury)}"' in client.get(to("organise", jury)).text
        assert client.get(to("plan", jury), {"seed": "x"}).status_code == 200

    def test_a_large_plan_is_told_within_bounds(self, client, monkeypatch):
        jury = opened(jurors=3, applications=3, readings=2)
        write(jury.assignment(*_first(jury)), 3, hand_in=False)
        monkeypatch.setattr("juries.operations.panels.planning.AT_ONCE", 1)
        client.force_login(jury.agent)
        with translation.override("en"):
            page = unescape(client.get(to("plan", jury)).text)
        assert "At most 5 readings that nobody has begun are taken away." in page


def _first(jury):
    """The places of the juror and the application of one reading."""
    one = Assignment.objects.filter(juror__panel=jury.panel).first()
    keys = [submission.pk for submission in jury.submissions]
    return [juror.pk for juror in jury.jurors].index(one.juror_id), keys.index(one.submission_id)
