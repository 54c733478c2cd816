"""A table of readings: read as people write it, shown line by line, kept whole or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from pillars.models import Indicator, Pillar, Reading
from pillars.operations import import_readings
from pillars.queries import MOST_LINES, preview
from pillars.reading import Unreadable, day_of, fits, lines_of, value_of
from tests.factories.accounts import AgentFactory, UserFactory

HEAD = "indicateur;date;valeur;source\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("-3", "-3"),
        ("\u22123,25", "-3.25"),
        ("+7", "7"),
        ("0", "0"),
        ("", None),
        ("douze", None),
        ("1e9", None),
        ("NaN", None),
        ("Infinity", None),
        ("١٢", None),
        ("12 %", None),
        ("1,2,3", None),
        ("--1", None),
    ],
)
def test_a_number_is_read_as_people_write_it(text, value):
    assert value_of(text) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2018-03-15", date(2018, 3, 15)),
        ("15/03/2018", date(2018, 3, 15)),
        ("5.3.2018", date(2018, 3, 5)),
        ("1er août 2018", date(2018, 8, 1)),
        ("15 Février 2018", date(2018, 2, 15)),
        ("31/02/2018", None),
        ("15/03/18", None),
        ("2018", None),
        ("demain", None),
        ("", None),
        ("٢٠١٨-٠٣-١٥", None),
        ("0000-01-01", None),
    ],
)
def test_a_day_is_read_as_people_write_it(text, day):
    assert day_of(text) == day


@given(st.text(max_size=200))
def test_no_text_is_a_fault(text):
    value_of(text)
    day_of(text)
    for table in (text, HEAD + text):
        try:
            lines_of(table)
        except Unreadable:
            continue


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**11), max_value=10**11, places=3))
def test_a_number_survives_its_french_writing(value):
    written = f"{value:,}".replace(",", "\u202f").replace(".", ",")
    assert value_of(written) == value


def test_what_columns_cannot_hold_does_not_fit():
    assert fits(Decimal("99999999999.999"))
    assert not fits(Decimal(10**11))
    assert not fits(Decimal("0.0001"))


def test_columns_come_in_any_order_and_any_delimiter():
    for delimiter in ";,\t":
        table = delimiter.join(["Valeur", "autre", "Indicateur", "DATE"]) + "\n\n" + delimiter.join("3xyz")
        (line,) = lines_of("\ufeff" + table)
        assert line.cells == {"value": "3", "indicator": "y", "day": "z"}
        assert line.number == 3


@pytest.fixture
def indicator(db):
    return Indicator.objects.create(
        pillar=Pillar.objects.get(hook="habitat"),
        name_fr="Logements chauffés",
        name_en="Homes heated",
        unit="logements",
    )


@pytest.fixture
def agent(db):
    return AgentFactory()


def test_a_table_is_kept_and_the_indicator_s_journal_says_so(indicator, agent):
    table = HEAD + "logements chauffes;15/03/2018;1 234,5;Relevé\nHomes heated;2018-04-15;1300;\n"
    assert import_readings(table, by=agent) == 2
    assert list(indicator.readings.values_list("day", "value", "source")) == [
        (date(2018, 3, 15), Decimal("1234.500"), "Relevé"),
        (date(2018, 4, 15), Decimal(1300), ""),
    ]
    (line,) = JournalEntry.objects.filter(verb="import_readings")
    assert (line.subject_id, line.data) == (str(indicator.pk), {"count": 2})


def test_a_known_day_takes_the_new_value_and_what_is_known_changes_nothing(indicator, agent):
    table = HEAD + "Logements chauffés;2018-03-15;10;\n"
    import_readings(table, by=agent)
    assert import_readings(table.replace(";10;", ";12;"), by=agent) == 1
    assert [int(reading.value) for reading in indicator.readings.all()] == [12]
    with pytest.raises(Invalid):
        import_readings(table.replace(";10;", ";12;"), by=agent)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Inconnu;2018-03-15;1;", "Aucun indicateur"),
        ("Logements chauffés;hier;1;", "pas un jour"),
        ("Logements chauffés;1066-10-14;1;", "trop ancien"),
        (f"Logements chauffés;{clock.today() + timedelta(days=2)};1;", "à venir"),
        ("Logements chauffés;2018-03-15;beaucoup;", "pas un nombre"),
        ("Logements chauffés;2018-03-15;999999999999;", "onze chiffres"),
        ("Logements chauffés;2018-03-15;1;" + "x" * 201, "trop longue"),
        ("Logements chauffés", "pas un jour"),
    ],
)
def test_a_bad_line_says_why_and_keeps_everything_out(indicator, agent, line, words):
    table = HEAD + "Logements chauffés;2018-01-01;1;\n" + line
    (problem,) = preview(table).problems
    assert problem.number == 3
    assert words in problem.problem
    with pytest.raises(Invalid):
        import_readings(table, by=agent)
    assert not Reading.objects.exists()


def test_the_second_value_of_one_day_names_the_line_of_the_first(indicator):
    table = HEAD + "Logements chauffés;2018-03-15;1;\nHomes heated;15/03/2018;2;\n"
    (problem,) = preview(table).problems
    assert (problem.number, "ligne 2" in problem.problem) == (3, True)


def test_two_indicators_of_one_name_are_told_apart_by_their_pillar(indicator):
    Indicator.objects.create(pillar=Pillar.objects.get(hook="mobilite"), name_fr="Logements chauffés", unit="x")
    assert "pilier" in preview(HEAD + "Logements chauffés;2018-03-15;1;").problems[0].problem
    table = "pilier;" + HEAD + "habitat-environnement;Logements chauffés;2018-03-15;1;"
    assert preview(table).lines[0].indicator == indicator


@pytest.mark.parametrize("table", ["", "a;b;c\n1;2;3", HEAD, HEAD + "x;y;z\n" * (MOST_LINES + 1)])
def test_what_is_no_table_is_refused_whole(indicator, agent, table):
    assert preview(table).refusal
    with pytest.raises(Invalid):
        import_readings(table, by=agent)


def test_only_those_who_keep_the_pillars_bring_in_readings(indicator):
    with pytest.raises(Forbidden):
        import_readings(HEAD + "Logements chauffés;2018-03-15;1;", by=UserFactory())


def test_a_long_table_asks_as_much_as_a_short_one(indicator, django_assert_num_queries):
    for count in (1, 3, 100):
        days = [date(2018, 1, 1) + timedelta(days=n) for n in range(count)]
        table = HEAD + "".join(f"Logements chauffés;{day};1;\n" for day in days)
        with django_assert_num_queries(2):
            assert len(preview(table).kept) == count


def test_the_page_shows_first_and_keeps_when_told(indicator, agent, client):
    client.force_login(agent)
    page = reverse("pillars:import")
    table = HEAD + "Logements chauffés;2018-03-15;1 234,5;=1+1\n"
    shown = client.post(page, {"file": SimpleUploadedFile("releves.csv", table.encode("cp1252"))})
    assert shown.status_code == 200
    assert "1\u202f234,5" in shown.text
    assert not Reading.objects.exists()
    kept = client.post(page, {"text": shown.context["form"].initial["text"], "keep": "1"})
    assert kept.status_code == 302
    out = client.get(reverse("pillars:export"))
    lines = b"".join(out.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1] == "habitat-environnement;Logements chauffés;logements;2018-03-15;1234,5;'=1+1"


@pytest.mark.parametrize(
    "sent", [{}, {"text": "\x00"}, {"text": " "}, {"text": HEAD + "x;y;z"}, {"text": "x", "keep": "1"}]
)
def test_odd_input_comes_back_with_a_sentence(indicator, agent, client, sent):
    client.force_login(agent)
    answer = client.post(reverse("pillars:import"), sent)
    assert answer.status_code in (400, 422)
    assert not Reading.objects.exists()
