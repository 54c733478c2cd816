"""A finale in session: which pitch is now, which comes next, and the chair who moves on."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.lifecycle.models import JournalEntry
from juries.models import Attendance, Slot
from juries.operations import panels, scoring, session
from tests.factories.juries import prepared, ready, sheets_of, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def jury():
    return in_session(applications=3)


def in_session(applications=3, jurors=3, absent=()):
    """A finale whose sheets are open, its order drawn; `absent`: places in that order of those who do not come."""
    found = prepared("finale", jurors=jurors, applications=applications)
    for juror in found.jurors:
        ready(juror, found.submissions)
    slots = session.draw_slots(found.panel, seed=1, starts_at=clock.now(), minutes=20, by=found.agent)
    for place in absent:
        declined = {"state": "declined", "word": "No.", "answered_at": clock.now()}
        Attendance.objects.bulk_create([Attendance(panel=found.panel, submission=slots[place].submission, **declined)])
    panels.plan_assignments(found.panel, seed=1, by=found.agent)
    panels.open_panel(found.panel, by=found.agent)
    return found


def slots(jury):
    return list(Slot.objects.filter(panel=jury.panel).select_related("submission").order_by("order"))


def current(jury):
    return next((one for one in slots(jury) if one.is_in_progress), None)


def move_on(jury, by=None):
    now = current(jury)
    return session.move_on(jury.panel, after=now.pk if now else None, by=by or jury.chair)


def board(client, person, jury):
    client.force_login(person)
    answer = client.get(reverse("juries:chair", kwargs={"pk": jury.panel.pk}))
    return answer, unescape(answer.content.decode())


def test_the_chair_goes_through_the_order_to_its_end(jury):
    first, second, third = slots(jury)
    assert [move_on(jury) for _n in range(3)] == [first, second, third]
    assert [one.ended_at is not None for one in slots(jury)] == [True, True, False]
    assert move_on(jury) is None
    assert current(jury) is None
    with pytest.raises(Conflict):
        move_on(jury)
    lines = JournalEntry.objects.filter(verb="move_on").order_by("pk")
    told = [str(one.submission_id) for one in (first, second, third)]
    assert [line.data.get("submission") for line in lines] == [*told, None]
    assert [line.data.get("ended") for line in lines] == [None, *told]


def test_who_does_not_come_is_left_out():
    jury = in_session(absent=(1,))
    first, _absent, third = slots(jury)
    assert [move_on(jury), move_on(jury), move_on(jury)] == [first, third, None]


def test_two_who_press_at_once_move_on_once(jury):
    move_on(jury)
    seen = current(jury).pk
    session.move_on(jury.panel, after=seen, by=jury.chair)
    for stale in (seen, None):
        with pytest.raises(Conflict):
            session.move_on(jury.panel, after=stale, by=jury.chair)
    assert current(jury) == slots(jury)[1]


def test_those_who_lead_alone_and_only_while_sheets_are_open(jury):
    for person in (jury.jurors[1].user, jury.agent):
        with pytest.raises(Forbidden):
            move_on(jury, by=person)
    for assignment in (jury.assignment(j, s) for j in range(3) for s in range(3)):
        write(assignment, 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        move_on(jury)
    reading = prepared("reading")
    with pytest.raises(Conflict):
        move_on(reading)


def test_the_board_says_now_next_and_how_many_sheets(client, jury):
    first, second, _third = slots(jury)
    client.force_login(jury.chair)
    address = reverse("juries:chair-move-on", kwargs={"pk": jury.panel.pk})
    assert client.get(address).status_code == 200
    assert client.post(address, {"after": ""}, follow=True).status_code == 200
    assert client.post(address, {"after": ""}).status_code == 409
    place = [one.pk for one in jury.submissions].index(first.submission_id)
    write(jury.assignment(1, place), 4.5)
    answer, page = board(client, jury.chair, jury)
    running = answer.context["running"]
    assert (running.now.slot, running.next.slot) == (first.pk, second.pk)
    assert running.now.until - running.now.at == timedelta(minutes=20)
    assert "fiches rendues\u00a0: 1 sur 3" in page
    assert "4,5" not in page.split("<main")[1]
    assert "data-clock" in page
    assert address in page
    assert address not in board(client, jury.agent, jury)[1]


def test_what_one_stands_aside_from_has_no_name_there(client, jury):
    move_on(jury)
    hidden = current(jury).submission
    panels.declare_recusal(jury.jurors[0], hidden, "family", by=jury.chair)
    answer, page = board(client, jury.chair, jury)
    assert answer.context["running"].now.submission is None
    assert hidden.title not in page.split('id="room"')[1].split("</section>")[0]
    assert move_on(jury) == slots(jury)[1]


def test_jurors_find_the_pitch_in_progress_on_their_page(client, jury):
    room = reverse("juries:room", kwargs={"pk": jury.panel.pk})
    juror = jury.jurors[1]
    client.force_login(juror.user)
    assert client.get(room).context["pitching"] is None
    move_on(jury)
    answer = client.get(room)
    assert answer.context["pitching"] == current(jury)
    assert "En cours" in answer.content.decode()
    panels.declare_recusal(juror, current(jury).submission, "family", by=juror.user)
    assert client.get(room).context["pitching"] is None
    assert not sheets_of(jury).exists()


@pytest.mark.parametrize("applications", [1, 6])
def test_it_costs_the_same_few_statements(client, django_assert_max_num_queries, applications):
    jury = in_session(applications=applications)
    move_on(jury)
    for person, name in ((jury.chair, "chair"), (jury.jurors[1].user, "room")):
        client.force_login(person)
        address = reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})
        client.get(address)
        with django_assert_max_num_queries(8):
            client.get(address)
