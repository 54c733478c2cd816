"""The board of readings: who is at home where, which rules it breaks, and changes made by hand in place."""

import csv
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from juries.models import Assignment, Expertise, Juror
from juries.operations import panels
from juries.queries.progress import board
from juries.views.plan_rules import load_words, row_words
from pillars.models import Pillar
from tests.factories.juries import opened, prepared, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def sided(jurors=4, applications=2, readings=2):
    """A panel in preparation whose first juror is at home in the pillar of every application, the second acquainted
    with another pillar of the first application; nobody reads anything.
    """
    jury = prepared(jurors=jurors, applications=applications, readings=readings)
    main, other = Pillar.objects.all()[:2]
    for submission in jury.submissions:
        type(submission).objects.filter(pk=submission.pk).update(pillar=main)
    jury.submissions[0].other_pillars.set([other])
    Expertise.objects.create(juror=jury.jurors[0], pillar=main, level="primary")
    Expertise.objects.create(juror=jury.jurors[1], pillar=other, level="primary")
    return jury


def give(jury, *pairs):
    for juror, submission in pairs:
        panels.assign(jury.jurors[juror], jury.submissions[submission], by=jury.agent)


def rows_of(jury, viewer=None):
    found = board(jury.panel, viewer or jury.agent)
    return found, [row_words(found, row) for row in found.rows]


def test_each_cell_says_what_its_juror_knows_of_the_pillars():
    jury = sided()
    found = board(jury.panel, jury.agent)
    assert [[cell.match for cell in row.cells] for row in found.rows] == [
        ["primary", "secondary", "", ""],
        ["primary", "", "", ""],
    ]
    main, other = (str(pillar.name) for pillar in Pillar.objects.all()[:2])
    assert [row.pillars for row in found.rows] == [(main, other), (main,)]


def test_nothing_is_lacking_before_there_is_a_plan():
    assert rows_of(sided())[1] == [[], []]


def test_a_row_says_which_side_and_how_many_readers_it_lacks():
    jury = sided()
    give(jury, (0, 0), (1, 0), (2, 1))
    found, words = rows_of(jury)
    assert words == [
        ["No reader from outside its pillars."],
        ["Readers: 1 of 2.", "No reader from inside its pillars."],
    ]
    assert [(row.insiders, row.outsiders) for row in found.rows] == [(2, 0), (0, 1)]
    give(jury, (0, 1))
    assert rows_of(jury)[1][1] == []


def test_without_anything_known_of_jurors_nobody_is_inside_or_outside():
    jury = prepared(jurors=2, applications=1, readings=2)
    give(jury, (0, 0), (1, 0))
    assert rows_of(jury)[1] == [[]]


def test_who_stands_aside_or_abstains_is_no_reader():
    jury = opened(jurors=3, applications=1, readings=3)
    panels.declare_recusal(jury.jurors[2], jury.submissions[0], "family", by=jury.jurors[2].user)
    assert rows_of(jury)[1] == [["Readers: 2 of 3."]]


def test_a_load_beyond_a_balanced_share_is_said_and_half_a_share_for_who_is_half_time():
    jury = prepared(jurors=4, applications=4, readings=1)
    Juror.objects.filter(pk=jury.jurors[3].pk).update(half_time=True)
    give(jury, (0, 0), (0, 1), (0, 2), (3, 3))
    found = board(jury.panel, jury.agent)
    # 4 readings on shares 1, 1, 1 and a half: at most 2, and 1
    assert [load.most for load in found.loads] == [2, 2, 2, 1]
    assert [load_words(load) for load in found.loads] == [["Readings: 3, at most 2 for balanced loads."], [], [], []]
    give(jury, (3, 0))
    assert load_words(board(jury.panel, jury.agent).loads[3]) == ["Readings: 2, at most 1 for a half share."]


def test_a_plan_never_breaks_its_own_loads():
    jury = opened(jurors=5, applications=7, readings=3)
    assert not [load for load in board(jury.panel, jury.agent).loads if load.is_over]


def test_a_finale_has_no_readings_to_balance():
    jury = opened("finale", jurors=3, applications=2)
    found, words = rows_of(jury)
    assert words == [[], []]
    assert {load.most for load in found.loads} == {None}


def to(name, jury):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})


def change(client, jury, juror, submission, give, **more):
    sent = {"juror": jury.jurors[juror].pk, "submission": jury.submissions[submission].pk, "give": give, **more}
    return client.post(to("change-reading", jury), sent)


def test_a_change_comes_back_to_its_page_and_its_button_and_is_told_on_its_row(client):
    jury = sided()
    client.force_login(jury.agent)
    answer = change(client, jury, 0, 0, "1", page="1")
    hook = f"reading-{jury.submissions[0].pk}-{jury.jurors[0].pk}"
    assert urlsplit(answer.url).fragment == hook
    assert parse_qs(urlsplit(answer.url).query)["page"] == ["1"]
    page = client.get(answer.url).content.decode()
    assert page.count(f'id="{hook}"') == 1
    assert f"Given to {jury.jurors[0]}." in page
    assert "Readers: 1 of 2." in page
    assert "Undo" in page


def test_what_a_phone_folds_away_is_opened_on_each_row_by_whom_may_change_it(client):
    jury = sided()
    client.force_login(jury.agent)
    page = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).text
    assert page.count('<details class="others') == 2
    assert "the most they take" not in page
    give(jury, (0, 0))
    assert "the most they take" in client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).text
    jury = opened(jurors=3, applications=2)
    client.force_login(jury.chair)
    page = client.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).text
    assert '<details class="others' not in page


def test_a_change_is_undone_from_its_row(client):
    jury = sided()
    client.force_login(jury.agent)
    change(client, jury, 0, 0, "1")
    answer = change(client, jury, 0, 0, "0")
    assert not Assignment.objects.exists()
    assert f"Taken away from {jury.jurors[0]}." in client.get(answer.url).content.decode()
    change(client, jury, 0, 0, "1")
    assert Assignment.objects.count() == 1


def test_a_load_the_change_made_too_heavy_is_told_on_the_row(client):
    jury = prepared(jurors=4, applications=4, readings=1)
    give(jury, (0, 0), (0, 1))
    client.force_login(jury.agent)
    page = client.get(change(client, jury, 0, 2, "1").url).content.decode()
    row = page[page.index(f"Given to {jury.jurors[0]}.") :].split("</form>")[0]
    assert "Readings: 3, at most 2 for balanced loads." in row


def test_a_refused_change_says_why_on_the_row(client):
    jury = sided()
    panels.accept_charter(jury.jurors[2], by=jury.jurors[2].user)
    panels.declare_recusal(jury.jurors[2], jury.submissions[1], "family", by=jury.jurors[2].user)
    client.force_login(jury.agent)
    page = client.get(change(client, jury, 2, 1, "1").url).content.decode()
    assert page.count("This juror stands aside from this application.") == 2
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 40, "\x00", "' OR 1=1"])
def test_odd_addresses_show_the_board(client, odd):
    jury = sided()
    client.force_login(jury.agent)
    found = client.get(to("organise", jury), {"page": odd, "reading": odd, "juror": odd})
    assert found.status_code in {200, 400}
    assert change(client, jury, 0, 0, "1", page=odd).status_code in {302, 400}


def test_the_table_says_what_the_board_shows(client):
    jury = sided()
    give(jury, (0, 0), (1, 0), (2, 1))
    client.force_login(jury.agent)
    text = b"".join(client.get(to("progress-table", jury))).decode("utf-8-sig")
    header, *rows = csv.reader(text.splitlines(), delimiter=";")
    main, other = (str(pillar.name) for pillar in Pillar.objects.all()[:2])
    assert header[-4:] == ["Pillars", "Inside", "Outside", "To check"]
    assert rows[0][-4:] == [f"{main}, {other}", "2", "0", "No reader from outside its pillars."]
    assert rows[1][-4:] == [main, "0", "1", "Readers: 1 of 2. No reader from inside its pillars."]
    at_home = next(row for row in rows if row[1] == "At home in")
    assert at_home[2:4] == [main, other]


@pytest.mark.parametrize("applications", [1, 3, 60])
def test_the_board_reads_as_many_statements_whatever_it_holds(applications):
    jury = sided(applications=applications)
    board(jury.panel, jury.agent)
    with CaptureQueriesContext(connection) as statements:
        board(jury.panel, jury.agent)
    assert len(statements) == 3


def test_a_sheet_begun_and_taken_away_comes_back_with_the_reading(client):
    jury = opened(jurors=2, applications=1, readings=1)
    juror = next(n for n in range(2) if jury.jurors[n].assignments.exists())
    write(jury.assignment(juror, 0), 3, hand_in=False)
    client.force_login(jury.chair)
    change(client, jury, juror, 0, "0")
    change(client, jury, juror, 0, "1")
    assert jury.jurors[juror].sheets.get().marks.exists()
