"""Sheets by their operations: saved field by field, handed in, taken back; two devices lose nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Criterion
from juries.models import Juror, Mark, Sheet
from juries.operations import panels, scoring
from juries.queries.panels import criteria_of
from juries.queries.reading import own_total
from tests.factories.juries import locked, marks, opened, prepared, ready, seat, write

pytestmark = pytest.mark.django_db


def values(sheet):
    return [mark.value for mark in sheet.marks.order_by("criterion__order")]


def test_fields_are_saved_one_by_one_and_the_rest_stays():
    jury = opened(applications=1)
    assignment, person = jury.assignment(1, 0), jury.jurors[1].user
    use, feasibility, _replication = criteria_of(jury.panel)
    scoring.save_sheet(assignment, marks={use: Decimal(4)}, version=0, by=person)
    scoring.save_sheet(assignment, marks={feasibility: Decimal("2.5")}, version=1, by=person)
    scoring.save_sheet(assignment, comments={use: "Clear."}, version=2, by=person)
    scoring.save_sheet(assignment, comment="A simple project.", version=3, by=person)
    sheet = scoring.save_sheet(assignment, private_note="Read again.", version=4, by=person)
    assert (sheet.version, sheet.comment, sheet.private_note) == (5, "A simple project.", "Read again.")
    assert values(sheet) == [Decimal(4), Decimal("2.5")]
    assert sheet.marks.get(criterion=use).comment == "Clear."
    scoring.save_sheet(sheet, marks={use: None}, version=5, by=person)
    assert sheet.marks.get(criterion=use).value is None
    assert sheet.marks.get(criterion=use).comment == "Clear."


@pytest.mark.parametrize("value", ["5.5", "-0.5", "3.25", "NaN", "Infinity", "0.1", "1E+3"])
def test_marks_outside_the_scale_or_between_halves_are_refused(value):
    jury = opened(applications=1)
    criterion = criteria_of(jury.panel)[0]
    with pytest.raises(Invalid) as refusal:
        scoring.save_sheet(jury.assignment(1, 0), marks={criterion: Decimal(value)}, by=jury.jurors[1].user)
    assert refusal.value.field == f"mark-{criterion.pk}"
    assert not Sheet.objects.exists()


def test_criteria_of_another_stage_are_refused():
    jury = opened(applications=1)
    other = Criterion.objects.filter(call=jury.call, stage="finale").first()
    with pytest.raises(Invalid):
        scoring.save_sheet(jury.assignment(1, 0), marks={other: Decimal(3)}, by=jury.jurors[1].user)


@pytest.mark.parametrize("text", ["a\x00b", "\u202etxt", "x" * 4001])
def test_odd_texts_are_refused_at_their_field(text):
    jury = opened(applications=1)
    criterion = criteria_of(jury.panel)[0]
    for field, texts in (
        ("comment", {"comment": text}),
        ("private_note", {"private_note": text}),
        (f"comment-{criterion.pk}", {"comments": {criterion: text}}),
    ):
        with pytest.raises(Invalid) as refusal:
            scoring.save_sheet(jury.assignment(1, 0), by=jury.jurors[1].user, **texts)
        assert refusal.value.field == field
    assert not Sheet.objects.exists()


def test_two_devices_on_one_sheet_lose_nothing():
    jury = opened(applications=1)
    assignment, person = jury.assignment(1, 0), jury.jurors[1].user
    tablet, laptop = marks(jury.panel, 4), marks(jury.panel, 2)
    scoring.save_sheet(assignment, marks=tablet, version=0, by=person)
    with pytest.raises(Conflict) as refusal:
        scoring.save_sheet(assignment, marks=laptop, version=0, by=person)
    assert refusal.value.code == "changed_elsewhere"
    sheet = Sheet.objects.get()
    assert (sheet.version, values(sheet)) == (1, [Decimal(4)] * 3)
    scoring.save_sheet(assignment, marks=laptop, version=1, by=person)
    assert values(sheet) == [Decimal(2)] * 3


def test_a_mark_given_on_a_stale_page_is_written_where_it_replaces_what_that_page_saw():
    jury = opened(applications=1)
    assignment, person = jury.assignment(1, 0), jury.jurors[1].user
    use, feasibility, _shown = criteria_of(jury.panel)
    scoring.save_sheet(assignment, marks={use: Decimal(4)}, version=0, by=person)
    sheet = scoring.save_sheet(assignment, marks={feasibility: Decimal(2)}, version=0, seen=[None], by=person)
    assert values(sheet) == [Decimal(4), Decimal(2)]
    scoring.save_sheet(assignment, marks={use: Decimal(3)}, version=0, seen=[None, Decimal(4)], by=person)
    with pytest.raises(scoring.ChangedElsewhere) as refusal:
        scoring.save_sheet(assignment, marks={use: Decimal(5)}, version=0, seen=[None, Decimal(4)], by=person)
    assert refusal.value.held == [Decimal(3)]
    assert values(sheet) == [Decimal(3), Decimal(2)]


def test_a_save_repeated_changes_nothing():
    jury = opened(applications=1)
    assignment, person = jury.assignment(1, 0), jury.jurors[1].user
    given_once = {"marks": marks(jury.panel, 4), "comment": "Yes.", "version": 0}
    scoring.save_sheet(assignment, by=person, **given_once)
    assert scoring.save_sheet(assignment, by=person, **given_once).version == 1


def test_handing_in_needs_every_counted_mark():
    jury = opened(applications=1)
    Criterion.objects.filter(call=jury.call, stage="reading", order=2).update(counted=False)
    person = jury.jurors[1].user
    use, feasibility, _shown = criteria_of(jury.panel)
    sheet = scoring.save_sheet(jury.assignment(1, 0), marks={use: Decimal(4)}, by=person)
    with pytest.raises(Invalid) as refusal:
        scoring.hand_in(sheet, by=person)
    assert refusal.value.field == f"mark-{feasibility.pk}"
    assert "Feasibility" in str(refusal.value)
    scoring.save_sheet(sheet, marks={feasibility: Decimal(0)}, by=person)
    assert scoring.hand_in(sheet, by=person).handed_in_at == sheet.handed_in_at is not None


def test_a_sheet_is_handed_in_once_and_taken_back_until_the_lock():
    jury = opened(applications=1)
    person = jury.jurors[1].user
    sheet = write(jury.assignment(1, 0), 3)
    stale = Sheet.objects.get(pk=sheet.pk)
    with pytest.raises(Conflict):
        scoring.hand_in(sheet, by=person)
    with pytest.raises(Conflict):
        scoring.save_sheet(sheet, marks=marks(jury.panel, 1), by=person)
    scoring.take_back(sheet, by=person)
    with pytest.raises(Conflict):
        scoring.take_back(stale, by=person)
    scoring.save_sheet(sheet, marks=marks(jury.panel, 1), by=person)
    scoring.hand_in(sheet, by=person)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        scoring.take_back(sheet, by=person)
    with pytest.raises(Conflict):
        scoring.save_sheet(sheet, marks=marks(jury.panel, 5), by=person)
    assert values(sheet) == [Decimal(1)] * 3


def test_nobody_writes_anothers_sheet():
    jury = opened(applications=1)
    sheet = write(jury.assignment(1, 0), 3, hand_in=False)
    for person in (jury.chair, jury.jurors[2].user, jury.agent):
        with pytest.raises(Forbidden):
            scoring.save_sheet(sheet, marks=marks(jury.panel, 0), by=person)
        with pytest.raises(Forbidden):
            scoring.hand_in(sheet, by=person)


def test_without_a_voice_or_a_declaration_nothing_is_written():
    jury = opened(applications=1)
    late = seat(jury.panel, jury.agent)
    assignment = panels.assign(late, jury.submissions[0], by=jury.agent)
    with pytest.raises(Forbidden):
        write(assignment, 3)
    ready(late, jury.submissions)
    write(assignment, 3, hand_in=False)
    Juror.objects.filter(pk=late.pk).update(has_voice=False)
    assignment = jury.panel.jurors.get(user=late.user).assignments.select_related("juror__panel__call").get()
    with pytest.raises(Forbidden):
        write(assignment, 4)


def test_nothing_is_written_before_the_sheets_open():
    jury = prepared(jurors=2, applications=1, readings=2)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    ready(jury.jurors[1], jury.submissions)
    with pytest.raises(Conflict):
        write(jury.assignment(1, 0), 3)


def test_marks_never_reach_the_journal():
    locked(applications=1, value=lambda juror, _submission: (4.5, 0.5, juror))
    lines = JournalEntry.objects.exclude(verb="freeze")
    assert not [line for line in lines if "4.5" in str(line.data) or "mark" in str(line.data)]


def test_ones_own_total_appears_when_it_can():
    jury = opened(applications=1)
    criteria = list(criteria_of(jury.panel))
    sheet = scoring.save_sheet(jury.assignment(1, 0), marks={criteria[0]: Decimal(4)}, by=jury.jurors[1].user)
    assert own_total(sheet, criteria) == ""
    scoring.save_sheet(sheet, marks=marks(jury.panel, 4, 3.5, 3), by=jury.jurors[1].user)
    assert own_total(sheet, criteria) == "14,67"
    scoring.save_sheet(sheet, marks=marks(jury.panel, 5), by=jury.jurors[1].user)
    assert own_total(sheet, criteria) == "20"


def test_saving_a_mark_is_one_short_transaction():
    jury = opened(applications=1)
    assignment, person = jury.assignment(1, 0), jury.jurors[1].user
    criterion = criteria_of(jury.panel)[0]
    for version, value in enumerate((1, 2, 3)):
        with CaptureQueriesContext(
            connection,
        ) as statements:
            scoring.save_sheet(assignment, marks={criterion: Decimal(value)}, version=version, by=person)
        assert len(statements) <= 8


class AnyOrderOfSaves(TestCase):
    """However fields are saved one by one, the sheet holds the last value of each."""

    @classmethod
    def setUpTestData(cls):
        cls.jury = opened(applications=1)

    @settings(max_examples=20)
    @given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, *range(11)])), min_size=1, max_size=8))
    def test_the_last_value_stays(self, saves):
        assignment, person = self.jury.assignment(1, 0), self.jury.jurors[1].user
        criteria, expected = list(criteria_of(self.jury.panel)), {}
        for version, (place, halves) in enumerate(saves):
            value = None if halves is None else Decimal(halves) / 2
            expected[criteria[place].pk] = value
            scoring.save_sheet(assignment, marks={criteria[place]: value}, version=version, by=person)
        assert dict(Mark.objects.values_list("criterion", "value")) == expected


def test_edits_are_stamped_by_the_portals_clock():
    jury = opened(applications=1)
    later = clock.now() + timedelta(hours=3)
    with clock.at(later):
        assert write(jury.assignment(1, 0), 3).handed_in_at == later
    assert Sheet.objects.get().edited_at == later
