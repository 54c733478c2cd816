"""An assignment knows whether its juror declared that nothing links them, whichever of the two came first."""

import pytest

from juries.models import Assignment, Recusal
from juries.operations import panels
from juries.queries.desk import desk
from juries.queries.invariants import assignments_know_what_is_declared
from tests.factories.juries import opened, prepared, ready, seat, write

pytestmark = pytest.mark.django_db


def declared(jury):
    return set(Assignment.objects.filter(juror__panel=jury.panel).values_list("is_declared", flat=True))


def faults():
    return list(assignments_know_what_is_declared())


def test_declared_before_the_plan_or_after_it():
    before, after = prepared(), prepared()
    for juror in before.jurors:
        ready(juror, before.submissions)
    for jury in (before, after):
        panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    assert (declared(before), declared(after)) == ({True}, {False})
    for juror in after.jurors:
        ready(juror, after.submissions[:2])
    assert declared(after) == {True, False}
    assert faults() == []


def test_taken_away_and_given_back_by_hand():
    jury = opened(jurors=3, applications=2, readings=1)
    row = Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel", "submission").first()
    panels.unassign(row, by=jury.agent)
    assert panels.assign(row.juror, row.submission, by=jury.agent).pk
    assert declared(jury) == {True}
    assert faults() == []


def test_in_a_second_reading_and_from_one_who_leaves_to_a_substitute():
    jury = opened(jurors=4, applications=3, readings=2)
    substitute = seat(jury.panel, jury.agent, is_substitute=True)
    ready(substitute, jury.submissions)
    assert panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent)
    assert declared(jury) == {True}
    second = opened(jurors=4, applications=3, readings=2)
    for row in Assignment.objects.filter(juror__panel=second.panel).select_related("juror__user", "juror__panel"):
        write(row, 3)
    assert panels.begin_second_reading(second.panel, by=second.agent, leading=2, readings=1).added
    assert declared(second) == {True}
    assert faults() == []


def test_a_doubt_that_is_no_link_opens_what_it_had_closed():
    jury = prepared()
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    juror = jury.jurors[1]
    ready(juror, jury.submissions[:2])
    doubt = panels.declare_recusal(juror, jury.submissions[2], Recusal.Category.UNSURE, by=juror.user)
    panels.dismiss_doubt(doubt, by=jury.chair)
    assert set(juror.assignments.values_list("is_declared", flat=True)) == {True}
    assert faults() == []


def test_one_that_knows_better_than_the_declarations_is_found():
    jury = opened(jurors=1, applications=2)
    Assignment.objects.filter(submission=jury.submissions[0]).update(is_declared=False)
    assert len(faults()) == 1
    assert desk(jury.chair, jury.panel).figures.undeclared == 1
