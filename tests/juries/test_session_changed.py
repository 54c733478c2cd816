"""A session that changes is told to those who planned their days by it: what, before and after, once a change."""

import datetime as dt
from datetime import timedelta

import pytest
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Message
from juries.models import Juror, Recusal
from juries.operations import panels
from juries.operations.session import draw_slots
from tests.factories.accounts import join, owner_of
from tests.factories.juries import prepared
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
HELD, LATER = dt.date(2027, 9, 22), dt.date(2027, 9, 23)
DUE = clock.paris(2027, 9, 10, 18)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def finale():
    return a_finale(2, voices=2, held_from=HELD, place="Theatre", access="By **tram**.", deck_due_at=DUE)


def configure(made, by=None, **fields):
    panels.configure_panel(made.panel, by=by or made.agent, **fields)


def to_jurors():
    return Message.objects.filter(kind="juries.session_changed").order_by("pk")


def to_finalists():
    return Message.objects.filter(kind="juries.finale_changed").order_by("pk")


def flat(message):
    return " ".join(message.body.replace("\u00a0", " ").split())


def test_who_sits_is_told_once_before_and_after_with_the_way_to_their_room(finale):
    configure(finale, held_from=LATER, place="Town hall", quorum=2)
    told = list(to_jurors())
    assert {one.recipient_id for one in told} == set(finale.panel.jurors.values_list("user", flat=True))
    assert len(told) == 4
    assert "Day Before: Wednesday 22 September 2027 Now: Thursday 23 September 2027" in flat(told[0])
    assert "Place Before: Theatre Now: Town hall" in flat(told[0])
    assert "tram" not in told[0].body
    assert told[0].path == f"/en/jury/{finale.panel.pk}/"


def test_finalists_who_know_it_are_told_the_same_on_their_own_page(finale):
    one = finale.finalists[0]
    colleague = join(one.structure, "reader")
    configure(finale, place="Town hall", access="By bus.", deck_due_at=DUE + timedelta(days=2))
    told = list(to_finalists())
    assert {m.recipient for m in told} == {*(owner_of(each.structure) for each in finale.finalists), colleague}
    mine = next(m for m in told if m.recipient == colleague)
    assert "Place Before: Theatre Now: Town hall" in flat(mine)
    assert "Before: By **tram**. Now: By bus." in flat(mine)
    assert "Before: Friday 10 September 2027 at 18:00 (Paris time)" in flat(mine)
    assert "Now: Sunday 12 September 2027 at 18:00 (Paris time)" in flat(mine)
    assert mine.path == f"/en/candidatures/{one.pk}/finale/"
    assert one.title in mine.subject


def test_each_is_told_what_is_theirs(finale):
    configure(finale, due_at=DUE)
    assert (to_jurors().count(), to_finalists().count()) == (4, 0)
    assert "When sheets are due Before: not set Now: Friday 10 September 2027 at 18:00" in flat(to_jurors()[0])
    configure(finale, deck_due_at=None)
    assert (to_jurors().count(), to_finalists().count()) == (4, 2)
    assert "Now: not set" in flat(to_finalists()[0])


def test_nothing_changed_tells_nobody_and_a_change_taken_back_is_told(finale):
    configure(finale, place="Theatre", held_from=HELD, held_until=HELD, quorum=4, places=2)
    assert not Message.objects.filter(kind__endswith="_changed").exists()
    for place in ("Town hall", "Theatre", "Town hall"):
        configure(finale, place=place)
    mine = to_jurors().filter(recipient=finale.juror)
    assert ["Now: Town hall" in flat(one) for one in mine] == [True, False, True]


def test_not_who_made_the_change_nor_who_left_stands_aside_or_is_gone(finale):
    left, aside = finale.jurors
    Juror.objects.filter(pk=left.pk).update(left_at=clock.now(), has_voice=False)
    Recusal.objects.create(juror=aside, category="other")
    configure(finale, by=finale.chair, place="Town hall")
    assert {one.recipient for one in to_jurors()} == {finale.secretary}
    type(finale.secretary).objects.filter(pk=finale.secretary.pk).update(is_active=False)
    configure(finale, place="Theatre")
    assert {one.recipient for one in to_jurors()} == {finale.secretary, finale.chair}


def test_who_does_not_know_yet_to_be_a_finalist_is_told_nothing_but_an_hour_with_the_date_that_holds(finale):
    public_at = clock.now() + timedelta(days=1)
    hidden = finale.finalists[0]
    finale.call.submissions.filter(pk=hidden.pk).update(decision_public_at=public_at)
    draw_slots(finale.panel, seed=1, starts_at=clock.paris(2027, 9, 22, 14), minutes=20, by=finale.agent)
    configure(finale, place="Town hall", deck_due_at=DUE + timedelta(days=2))
    assert {one.recipient for one in to_finalists()} == {owner_of(finale.finalists[1].structure)}
    hours = Message.objects.filter(kind="juries.slot")
    waiting = hours.get(recipient=owner_of(hidden.structure))
    assert waiting.due_at == public_at
    assert "12 September 2027" in waiting.body.replace("\u00a0", " ")
    assert hours.filter(state="pending").count() == 2


def test_how_to_come_is_told_where_a_page_shows_it():
    finale = a_finale(1, voices=1)
    configure(finale, access="By tram.")
    assert not Message.objects.filter(kind__endswith="_changed").exists()


def test_a_reading_tells_its_jurors_until_when_and_nothing_that_no_page_shows():
    jury = prepared(jurors=2, applications=1)
    configure(jury, place="Town hall", held_from=HELD)
    assert not to_jurors().exists()
    configure(jury, due_at=DUE, place="Theatre")
    assert to_jurors().count() == 2
    assert "Theatre" not in to_jurors()[0].body
    assert "The reading of the call" in to_jurors()[0].body
    assert not to_finalists().exists()


def test_each_in_their_language(finale):
    juror = finale.juror
    juror.language = "de"
    juror.save()
    configure(finale, held_until=LATER)
    body = flat(to_jurors().get(recipient=juror))
    assert "Mittwoch" in body
    assert "Donnerstag" in body
