"""Instants, deadlines, lengths and amounts read the same everywhere, in each language."""

import datetime as dt

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import wording

PARIS = wording.PARIS
CLOSE = dt.datetime(2027, 1, 13, 0, 0, tzinfo=PARIS)


def plain(text):
    """Return a text with ordinary spaces, so that tests read as people do."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "mardi 12 janvier 2027 à 23 h 59 (heure de Paris)"),
        ("en", "Tuesday 12 January 2027 at 23:59 (Paris time)"),
    ],
)
def test_a_deadline_stored_at_midnight_reads_as_the_day_before(language, text):
    with translation.override(language):
        assert plain(wording.deadline(CLOSE)) == text


def test_another_hour_stays_what_it_is():
    with translation.override("fr"):
        assert plain(wording.deadline(CLOSE.replace(hour=18))) == "mercredi 13 janvier 2027 à 18 h 00 (heure de Paris)"


def test_an_instant_is_written_in_paris_whatever_its_zone():
    moment = dt.datetime(2026, 11, 22, 13, 5, tzinfo=dt.UTC)
    with translation.override("fr"):
        assert plain(wording.instant(moment)) == "22 novembre 2026 à 14 h 05 (heure de Paris)"


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("fr", ["début juin 2017", "mi-juin 2017", "fin juin 2017"]),
        ("en", ["the beginning of June 2017", "the middle of June 2017", "the end of June 2017"]),
        ("de", ["Anfang Juni 2017", "Mitte Juni 2017", "Ende Juni 2017"]),
        ("nl", ["begin juni 2017", "half juni 2017", "eind juni 2017"]),
    ],
)
def test_a_day_known_loosely_is_no_more_precise_than_a_part_of_its_month(language, texts):
    with translation.override(language):
        assert [wording.loosely(dt.date(2017, 6, day)) for day in (10, 20, 29)] == texts


@pytest.mark.parametrize(("language", "text"), [("fr", "30 %"), ("en", "30%"), ("de", "30 %"), ("nl", "30%")])
def test_a_share_takes_the_space_of_its_language(language, text):
    with translation.override(language):
        assert plain(wording.percent(30)) == text


def test_the_first_of_a_month_is_ordinal_in_french():
    with translation.override("fr"):
        assert plain(wording.day(dt.date(2026, 12, 1))) == "1er décembre 2026"
    with translation.override("en"):
        assert plain(wording.day(dt.date(2026, 12, 1))) == "1 December 2026"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (12 * 1440 + 4 * 60, "12 jours 4 h"),
        (1440, "1 jour"),
        (252, "4 h 12 min"),
        (12, "12 min"),
        (0, "0 min"),
        (-5, "0 min"),
    ],
)
def test_a_length_keeps_its_two_largest_units(minutes, text):
    with translation.override("fr"):
        assert plain(wording.length(dt.timedelta(minutes=minutes))) == text


@pytest.mark.parametrize(
    ("language", "value", "text"),
    [
        ("fr", 8000, "8 000 €"),
        ("fr", "1200.50", "1 200,50 €"),
        ("en", 8000, "€8,000"),
        ("nl", 8000, "€ 8.000"),
        ("fr", 0, "0 €"),
    ],
)
def test_an_amount_is_written_as_the_language_does(language, value, text):
    with translation.override(language):
        assert plain(wording.amount(value)) == text


@pytest.mark.parametrize(
    ("language", "text"), [("fr", "20\u202f000"), ("en", "20,000"), ("de", "20.000"), ("nl", "20.000")]
)
def test_a_number_keeps_its_thousands_apart(language, text):
    with translation.override(language):
        assert wording.number(20000) == text


@pytest.mark.parametrize(
    ("octets", "text"), [(20_000_000, "20 Mo"), (3_340_000, "3,3 Mo"), (999_600, "1 Mo"), (3_340, "3 Ko"), (12, "1 Ko")]
)
def test_a_size_is_told_in_the_units_of_its_limit(octets, text):
    with translation.override("fr"):
        assert plain(wording.size(octets)) == text


def test_dates_and_amounts_do_not_break():
    with translation.override("fr"):
        assert " " not in wording.amount(8000)
        assert " " not in wording.hour(CLOSE)


@given(st.integers(min_value=946_684_800, max_value=4_070_908_800))
def test_the_minute_shown_is_never_after_the_deadline(seconds):
    aware = dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    shown = wording.last_minute(aware)
    assert aware - dt.timedelta(minutes=1) <= shown <= aware


def test_an_hour_that_comes_twice_says_how_far_it_is_from_utc():
    first, second = (dt.datetime(2027, 10, 31, hour, 30, tzinfo=dt.UTC) for hour in (0, 1))
    for moment, offset in ((first, 2), (second, 1)):
        with translation.override("fr"):
            assert (
                plain(wording.deadline(moment)) == f"dimanche 31 octobre 2027 à 2 h 30 (UTC+{offset}) (heure de Paris)"
            )
            assert plain(wording.deadline(moment.astimezone(wording.PARIS))) == plain(wording.deadline(moment))
        with translation.override("en"):
            assert plain(wording.hour(moment)) == f"02:30 (UTC+{offset})"
    with translation.override("en"):
        assert wording.hour(dt.datetime(2027, 10, 30, 0, 30, tzinfo=dt.UTC)) == "02:30"
        assert wording.hour(dt.datetime(2027, 10, 31, 2, 30, tzinfo=dt.UTC)) == "03:30"
