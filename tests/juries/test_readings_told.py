"""Readings given once sheets are open are told, once an act; whose seat ends is told and thanked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from juries.models import Assignment, Juror
from juries.operations import panels
from tests.factories.accounts import UserFactory
from tests.factories.juries import opened, prepared, seat
from tests.juries.test_substitutes import with_substitute

pytestmark = pytest.mark.django_db
DUE = clock.paris(2030, 9, 10, 18)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def given():
    return Message.objects.filter(kind="juries.readings_given").order_by("pk")


def ended():
    return Message.objects.filter(kind="juries.seat_ended").order_by("pk")


def test_one_given_by_hand_is_told_with_the_date_and_asking_again_is_not():
    jury = opened(jurors=2, applications=2, readings=2, due_at=DUE)
    newcomer = seat(jury.panel, jury.agent)
    for _n in range(2):
        panels.assign(newcomer, jury.submissions[0], by=jury.agent)
    told = given().get()
    assert told.recipient == newcomer.user
    assert "1 more application to read" in told.subject
    assert "10 September 2030" in told.body.replace("\u00a0", " ")
    assert told.path == f"/en/jury/{jury.panel.pk}/"
    panels.assign(newcomer, jury.submissions[1], by=jury.agent)
    assert given().count() == 2


def test_a_reading_taken_away_and_given_back_is_told_again():
    jury = opened(jurors=2, applications=1, readings=1)
    row = Assignment.objects.get(juror__panel=jury.panel)
    row.juror = next(one for one in jury.jurors if one.pk == row.juror_id)
    panels.unassign(row, by=jury.agent)
    panels.assign(row.juror, jury.submissions[0], by=jury.agent)
    assert given().get().recipient == row.juror.user


def test_a_plan_made_again_tells_each_of_its_new_readers_once_how_many():
    jury = opened(jurors=2, applications=4, readings=2)
    assert not given().exists()
    newcomers = [seat(jury.panel, jury.agent) for _n in range(2)]
    panels.configure_panel(jury.panel, readings=3, by=jury.agent)
    planned = panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    told = {one.recipient: one.subject for one in given()}
    assert set(told) >= {one.user for one in newcomers}
    assert len(told) == given().count()
    for juror in newcomers:
        count = Assignment.objects.filter(juror=juror).count()
        assert f"{count} more application" in told[juror.user]
    assert planned.added == sum(int(subject.split(": ")[-1].split(" ")[0]) for subject in told.values())
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    assert given().count() == len(told)


def test_nothing_is_told_while_sheets_are_closed_nor_to_who_is_gone():
    jury = prepared(jurors=2, applications=2)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    newcomer = seat(jury.panel, jury.agent)
    panels.assign(newcomer, jury.submissions[0], by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    type(newcomer.user).objects.filter(pk=newcomer.user_id).update(is_active=False)
    panels.assign(newcomer, jury.submissions[1], by=jury.agent)
    assert not given().exists()


def test_statements_of_a_plan_do_not_grow_with_those_who_are_told():
    def statements(jurors):
        jury = opened(jurors=2, applications=3, readings=2)
        for _n in range(jurors):
            seat(jury.panel, jury.agent)
        panels.configure_panel(jury.panel, readings=2 + jurors, by=jury.agent)
        with CaptureQueriesContext(connection) as asked:
            panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
        return len(asked)

    statements(1)
    assert statements(3) == statements(1)


def test_who_is_replaced_is_thanked_and_told_that_the_room_is_closed(client):
    jury, substitute = with_substitute()
    member = jury.jurors[1]
    panels.call_up(substitute, instead_of=member, by=jury.agent)
    told = ended().get()
    assert told.recipient == member.user
    assert "takes over your seat" in told.body
    assert "closed" in told.body
    assert "thanks you" in told.body
    assert str(substitute.user) not in told.body
    client.force_login(member.user)
    assert client.get(f"/en/jury/{jury.panel.pk}/").status_code == 404
    assert client.get(told.path).status_code == 200


def test_in_place_of_nobody_nobody_is_told():
    jury, substitute = with_substitute()
    panels.call_up(substitute, by=jury.agent)
    assert not ended().exists()


def test_who_is_taken_off_is_told_each_time():
    jury = prepared(jurors=1, applications=1)
    person = UserFactory()
    for _n in range(2):
        panels.unseat(seat(jury.panel, jury.agent, person), by=jury.agent)
    assert [one.recipient for one in ended()] == [person, person]
    assert "no longer sit" in ended()[0].body
    assert not Juror.objects.filter(user=person).exists()
