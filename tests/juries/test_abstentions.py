"""Abstaining from one application: it counts nowhere, is due no more, is told with its reason, and is taken back."""

from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.portal.queries.space import my_seats
from juries.models import Assignment, Sheet
from juries.operations import panels, scoring
from juries.operations.deliberation import Desk, write_content
from juries.operations.reminders import lacking
from juries.queries.board import grid
from juries.queries.board import progress as counted
from juries.queries.desk import desk
from juries.queries.organised import overdue_readings
from juries.queries.progress import board, sheets_left
from juries.queries.seats import jurors_of
from juries.queries.standings import counted_sheets
from juries.views.minutes import masked, without
from tests.factories.juries import disclosed, locked, marks, opened, prepared, ready, write
from tests.juries.test_second_reading import begun, first_read

pytestmark = pytest.mark.django_db

REASON = "Trop technique pour moi : je ne sais pas en juger."


def abstained(jury, juror=1, submission=0, reason=REASON):
    return scoring.abstain(jury.assignment(juror, submission), reason=reason, by=jury.jurors[juror].user)


def pairs(jury):
    return set(Assignment.objects.filter(juror__panel=jury.panel).values_list("submission", "juror"))


def reading(*, jurors=4, applications=3, readings=2):
    """A reading whose plan leaves jurors to spare for each application."""
    jury = prepared(jurors=jurors, applications=applications, readings=readings)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    return jury


def given_up(jury):
    """The first reading of `jury`, abstained from: (submission, juror)."""
    row = Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel", "juror__user").first()
    scoring.abstain(row, reason=REASON, by=row.juror.user)
    return row.submission_id, row.juror_id


def test_an_abstention_counts_nowhere_and_is_due_no_more():
    jury = opened(jurors=3, applications=1)
    type(jury.panel).objects.filter(pk=jury.panel.pk).update(due_at=clock.now())
    person = jury.jurors[1].user
    write(jury.assignment(1, 0), 5, hand_in=False, comment="Begun.")
    sheet = abstained(jury)
    assert (sheet.state, sheet.abstained_for, sheet.handed_in_at) == ("abstained", REASON, None)
    assert not counted_sheets(jury.panel).exists()
    for juror in (0, 2):
        write(jury.assignment(juror, 0), 3)
    assert counted_sheets(jury.panel).count() == 2
    assert jury.jurors[1].pk not in sheets_left(jury.panel)
    assert not lacking([jury.panel.pk]).exists()
    assert not overdue_readings(jury.agent, clock.now()).exists()
    found = desk(person, jury.panel)
    assert (found.figures.total, found.figures.done, [one.state for one in found.duties]) == (0, 0, ["abstained"])
    assert not my_seats(person)[0].is_due
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    assert [row["juror"] for row in standing.inputs["sheets"]] == [0, 2]
    assert JournalEntry.objects.get(verb="lock").data["missing"] == 0


def test_it_needs_a_reason_in_plain_words():
    jury = opened(jurors=2, applications=1)
    for reason in ("", "   ", "x" * 501, "a\x00b", "\u202etxt"):
        with pytest.raises(Invalid) as refusal:
            abstained(jury, reason=reason)
        assert refusal.value.field == "reason"
    assert not Sheet.objects.exists()


def test_nobody_abstains_for_another_nor_from_what_is_closed_to_them():
    jury = opened(jurors=3, applications=1)
    for person in (jury.chair, jury.agent, jury.jurors[2].user):
        with pytest.raises(Forbidden):
            scoring.abstain(jury.assignment(1, 0), reason=REASON, by=person)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    with pytest.raises(Forbidden):
        abstained(jury)
    jury.jurors[2].declarations.all().delete()
    with pytest.raises(Forbidden):
        abstained(jury, 2)


def test_it_is_taken_back_until_the_lock_with_what_was_marked():
    jury = opened(jurors=2, applications=1)
    person = jury.jurors[1].user
    write(jury.assignment(1, 0), 4, hand_in=False)
    sheet = abstained(jury)
    with pytest.raises(Conflict) as refusal:
        scoring.save_sheet(sheet, marks=marks(jury.panel, 1), by=person)
    assert refusal.value.code == "abstained"
    for again in (lambda: abstained(jury), lambda: scoring.hand_in(sheet, by=person)):
        with pytest.raises(Conflict):
            again()
    scoring.take_back(sheet, by=person)
    assert (sheet.state, sheet.abstained_for) == ("draft", "")
    scoring.hand_in(sheet, by=person)
    with pytest.raises(Conflict):
        abstained(jury)
    scoring.take_back(sheet, by=person)
    abstained(jury)
    write(jury.assignment(0, 0), 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        scoring.take_back(Sheet.objects.get(pk=sheet.pk), by=person)


def test_the_journal_keeps_it_with_its_reason():
    jury = opened(jurors=2, applications=1)
    sheet = abstained(jury)
    entry = JournalEntry.objects.get(verb="abstain")
    assert (entry.subject_id, entry.reason, entry.actor) == (str(sheet.pk), REASON, jury.jurors[1].user)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "abstained"},
        {"state": "draft", "abstained_for": REASON},
        {"state": "abstained", "abstained_for": REASON, "handed_in_at": clock.now()},
    ],
)
def test_no_abstention_without_a_reason_is_kept_nor_a_reason_without_one(columns):
    jury = opened(jurors=2, applications=1)
    sheet = write(jury.assignment(1, 0), 4, hand_in=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=sheet.pk).update(**columns)


def test_both_boards_show_it_beside_what_is_expected_and_never_a_mark():
    jury = opened(jurors=3, applications=2)
    write(jury.assignment(1, 0), 5, hand_in=False)
    abstained(jury)
    write(jury.assignment(2, 0), 3)
    found = board(jury.panel, jury.agent)
    row = found.rows[0]
    assert [cell.state for cell in row.cells] == ["empty", "abstained", "handed_in"]
    assert (row.handed_in, row.expected) == (1, 2)
    assert (found.handed_in, found.expected) == (1, 5)
    assert [(one.pk, cell.juror, cell.reason) for one, cell in found.abstentions] == [
        (jury.submissions[0].pk, jury.jurors[1], REASON)
    ]
    seats = jurors_of(jury.panel)
    chairs = grid(jury.panel, jury.chair, seats)
    assert (chairs.progress.expected, chairs.progress.handed_in, chairs.progress.abstained) == (5, 1, 1)
    assert counted(jury.panel, seats, jury.chair) == chairs.progress
    assert [(one.juror, one.submission, one.reason) for one in chairs.abstentions] == [
        (jury.jurors[1], jury.submissions[0], REASON)
    ]


def test_a_recusal_afterwards_hides_the_reason():
    jury = opened(jurors=2, applications=1)
    abstained(jury)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    assert not board(jury.panel, jury.agent).abstentions
    assert not grid(jury.panel, jury.agent, jurors_of(jury.panel)).abstentions


def test_planning_again_gives_the_reading_to_another_and_never_back():
    jury = reading()
    pair = given_up(jury)
    planned = panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    assert (planned.lacking, pair in pairs(jury)) == (0, True)
    readers = Counter(submission for submission, juror in pairs(jury) - {pair})
    assert set(readers.values()) == {2}
    for seed in (2, 3, 4):
        panels.plan_assignments(jury.panel, seed=seed, by=jury.agent)
        assert pair in pairs(jury)
        assert all(n == 2 for n in Counter(one for one, _juror in pairs(jury) - {pair}).values())


def test_when_everyone_abstains_the_plan_says_what_is_missing():
    jury = opened(jurors=2, applications=1)
    for juror in (0, 1):
        abstained(jury, juror)
    assert panels.plan_assignments(jury.panel, seed=1, by=jury.agent).lacking == 2
    with pytest.raises(Conflict):
        scoring.lock_panel(jury.panel, by=jury.chair)


def test_its_reading_stays_on_the_board_and_is_not_given_back_by_hand():
    jury = opened(jurors=2, applications=1)
    abstained(jury)
    with pytest.raises(Conflict):
        panels.unassign(jury.assignment(1, 0), by=jury.agent)
    with pytest.raises(Invalid) as refusal:
        panels.assign(jury.jurors[1], jury.submissions[0], by=jury.agent)
    assert refusal.value.field == "juror"


def test_the_second_reading_makes_up_for_it():
    jury = first_read(hand_in=False)
    last = jury.submissions[-1].pk
    rows = Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel", "juror__user")
    lost = rows.filter(submission=last).first()
    scoring.abstain(lost, reason=REASON, by=lost.juror.user)
    for row in rows.exclude(pk=lost.pk):
        write(row, 5 if row.submission_id == last else 2)
    before = pairs(jury)
    begun(jury, leading=1)
    fresh = pairs(jury) - before
    assert [submission for submission, _juror in fresh] == [last, last]
    assert (last, lost.juror_id) not in fresh


def test_the_minutes_print_it_and_the_masked_copy_names_nobody():
    jury = disclosed(jurors=3, applications=2)
    assert write_content(Desk.load(jury.panel))["abstentions"] == []
    scoring.reopen_panel(jury.panel, reason="Une fiche.", by=jury.chair)
    scoring.take_back(Sheet.objects.get(juror=jury.jurors[1], submission=jury.submissions[0]), by=jury.jurors[1].user)
    abstained(jury)
    content = write_content(Desk.load(jury.panel))
    assert content["abstentions"] == [
        {
            "number": jury.submissions[0].number,
            "title": jury.submissions[0].title,
            "juror": str(jury.jurors[1].user),
            "reason": REASON,
        }
    ]
    assert (content["sheets"]["expected"], content["sheets"]["handed_in"]) == (5, 5)
    assert [one["reason"] for one in masked(content)["abstentions"]] == [REASON]
    assert str(jury.jurors[1].user) not in str(masked(content)["abstentions"])
    assert without(content, {jury.submissions[0].number})["abstentions"] == []


def to(name, jury, **more):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})


@pytest.fixture
def signed_in():
    def client_of(person):
        client = Client()
        client.force_login(person)
        return client

    return client_of


def test_from_the_sheet_and_back_without_script(signed_in):
    jury = opened(jurors=3, applications=2)
    client = signed_in(jury.jurors[1].user)
    here = {"submission": jury.submissions[0].pk}
    sheet, page = to("sheet", jury, **here), to("abstain", jury, **here)
    assert page in client.get(sheet).content.decode()
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": " "}).status_code == 422
    assert client.post(page, {"reason": REASON}).url == to("room", jury)
    assert "0 fiche sur 1 rendue" in client.get(to("room", jury)).content.decode()
    shown = client.get(sheet).content.decode()
    assert REASON in shown
    assert page not in shown
    assert client.post(page, {"reason": REASON}).status_code == 409
    assert client.post(to("take-back", jury, **here)).url == sheet
    assert page in client.get(sheet).content.decode()


def test_the_reason_is_read_by_who_leads_and_organises_and_by_nobody_else(signed_in):
    jury = opened(jurors=3, applications=1)
    abstained(jury)
    pages = [to(name, jury) for name in ("chair", "organise", "room", "standing")]
    pages.append(to("sheet", jury, submission=jury.submissions[0].pk))
    told = {"chair": jury.chair, "agent": jury.agent, "juror": jury.jurors[2].user}
    seen = {who: "".join(signed_in(one).get(page).content.decode() for page in pages) for who, one in told.items()}
    assert {who for who, text in seen.items() if REASON.split(" :", maxsplit=1)[0] in text} == {"chair", "agent"}
    table = b"".join(signed_in(jury.agent).get(to("progress-table", jury)).streaming_content).decode()
    assert "s’abstient" in table


def test_what_is_shut_is_not_abstained_from(signed_in):
    jury = opened(jurors=3, applications=1)
    page = to("abstain", jury, submission=jury.submissions[0].pk)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    for person in (jury.jurors[1].user, jury.agent):
        assert signed_in(person).post(page, {"reason": REASON}).status_code in {403, 404}
    shut = locked(jurors=2, applications=1)
    page = to("abstain", shut, submission=shut.submissions[0].pk)
    assert signed_in(shut.chair).post(page, {"reason": REASON}).status_code == 409
    assert not Sheet.objects.filter(~Q(abstained_for="")).exists()


def test_the_next_sheet_is_one_that_is_still_due():
    jury = opened(jurors=2, applications=3)
    abstained(jury, submission=1)
    write(jury.assignment(1, 0), 3)
    found = desk(jury.jurors[1].user, jury.panel)
    found.current = jury.submissions[0]
    assert found.figures.following == jury.submissions[2].pk
