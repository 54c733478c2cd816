"""An instant that someone types is one instant: the hour of spring is refused, of the two of autumn one is chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core.clock import PARIS
from bethune_smartcity.core.instants import InstantField
from bethune_smartcity.core.wall_clock import WallClockField, is_doubled

FIRST, SECOND = datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


class Form(forms.Form):
    at = InstantField()


def sent(typed, which=None):
    return Form({"at": typed} | ({"at-which": which} if which else {}))


def test_an_hour_of_every_day_means_one_instant():
    assert sent("2027-07-01T09:05").fields["at"].clean("2027-07-01T09:05") == datetime(2027, 7, 1, 7, 5, tzinfo=UTC)
    assert "radio" not in str(sent("2027-07-01T09:05")["at"])
    # What was chosen for an hour that was typed before is forgotten.
    form = sent("2027-07-01T09:05", "+01:00")
    assert form.is_valid()
    assert form.cleaned_data["at"] == datetime(2027, 7, 1, 7, 5, tzinfo=UTC)


def test_the_hour_that_spring_leaps_over_is_refused_by_a_sentence():
    with override("fr"):
        form = sent("2027-03-28T02:30")
        assert not form.is_valid()
        [sentence] = form.errors["at"]
    assert sentence.replace("\u00a0", " ").startswith("2 h 30 n’existe pas le 28 mars 2027 :")
    assert "radio" not in str(form["at"])


def test_of_an_hour_that_comes_twice_one_is_chosen_without_script():
    with override("fr"):
        form = sent("2027-10-31T02:30")
        assert not form.is_valid()
        [sentence] = form.errors["at"]
        page = str(form["at"])
    assert "deux fois" in sentence
    assert 'value="2027-10-31T02:30"' in page
    assert [page.count(f'name="at-which" value="{offset}"') for offset in ("+02:00", "+01:00")] == [1, 1]
    assert ["UTC+2" in page, "UTC+1" in page, " checked" in page] == [True, True, False]
    for which, instant in (("+02:00", FIRST), ("+01:00", SECOND)):
        chosen = sent("2027-10-31T02:30", which)
        assert chosen.is_valid()
        assert chosen.cleaned_data["at"] == instant
        assert f'value="{which}" checked' in str(chosen["at"])
    assert not sent("2027-10-31T02:30", "+05:00").is_valid()


@pytest.mark.parametrize("instant", [FIRST, SECOND])
def test_what_is_kept_is_shown_and_sent_back_as_it_is(instant):
    page = str(Form(initial={"at": instant})["at"])
    which = "+02:00" if instant == FIRST else "+01:00"
    assert 'value="2027-10-31T02:30"' in page
    assert f'value="{which}" checked' in page
    form = Form({"at": "2027-10-31T02:30", "at-which": which}, initial={"at": instant})
    assert form.is_valid()
    assert not form.has_changed()


@given(st.integers(0, 20 * 366 * 24 * 60))
def test_every_minute_comes_back_as_it_was_written(minutes):
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    field = WallClockField()
    text = field.prepare_value(moment)
    assert field.clean(text) == moment
    assert ("~" in text) == is_doubled(moment)


@pytest.mark.parametrize("typed", ["", "soon", "2027-13-01T00:00", "2027-02-30T00:00", "~", "~+02:00"])
def test_what_is_no_instant_is_refused(typed):
    form = sent(typed)
    assert not form.is_valid()
    assert str(form["at"])


def test_an_instant_that_says_its_offset_is_that_one():
    assert InstantField().clean("2027-10-31T02:30+01:00") == SECOND
    assert InstantField().clean("2027-07-01T07:05Z").astimezone(PARIS).hour == 9
