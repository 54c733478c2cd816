"""A juror's desk: its figures, its pages, and the application that comes next."""

import pytest
from django.db import connection

from bethune_smartcity.accounts.models import Membership
from juries.operations import panels
from juries.queries import desk as desks
from juries.queries.desk import CLOSED, Desk, desk
from tests.factories.accounts import join
from tests.factories.juries import opened, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def jury():
    return opened(jurors=1, applications=4)


def next_after(jury, place):
    return Desk(jury.jurors[0], jury.panel, current=jury.submissions[place]).figures.following


def test_the_next_one_is_the_first_not_handed_in_after_this_one_then_from_the_start(jury):
    keys = [submission.pk for submission in jury.submissions]
    assert [next_after(jury, place) for place in range(4)] == [keys[1], keys[2], keys[3], keys[0]]
    write(jury.assignment(0, 2), 3, hand_in=True)
    assert next_after(jury, 1) == keys[3]
    write(jury.assignment(0, 0), 3, hand_in=True)
    assert next_after(jury, 3) == keys[1]
    write(jury.assignment(0, 1), 3, hand_in=True)
    assert next_after(jury, 3) is None


def test_figures_leave_out_what_one_stands_aside_from(jury):
    juror = jury.jurors[0]
    write(jury.assignment(0, 0), 3, hand_in=True)
    write(jury.assignment(0, 1), 3, hand_in=False)
    assert (desk(juror.user, jury.panel).figures.total, desk(juror.user, jury.panel).figures.done) == (4, 1)
    panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    join(jury.submissions[3].structure, Membership.Role.READER, juror.user)
    found = desk(juror.user, jury.panel)
    assert (found.figures.total, found.figures.done, found.figures.undeclared) == (2, 0, 0)
    assert [duty.pk for duty in found.duties] == [one.pk for one in jury.submissions[1:3]]
    assert found.ticks == ["", ""]
    panels.declare_recusal(juror, None, "employment", by=juror.user)
    assert (desk(juror.user, jury.panel).figures.total, desk(juror.user, jury.panel).duties) == (0, [])


def test_pages_follow_the_numbers(jury, monkeypatch):
    monkeypatch.setattr(desks, "PER_PAGE", 3)
    found = desk(jury.jurors[0].user, jury.panel)
    pages = [[duty.pk for duty in found.page(number)] for number in (1, 2)]
    keys = [one.pk for one in jury.submissions]
    assert pages == [keys[:3], keys[3:]]
    assert found.page(1).has_next()
    assert not found.page(2).has_next()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL chooses by what it counted of the rows")
def test_the_few_closed_to_a_juror_are_found_without_reading_the_call():
    """Asked five times by a page: each reading of all applications of a large call would be felt."""
    statement, values = CLOSED._filled({"user": 1, "panel": 1, "call": 1})
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", values)
        steps = [row[3] for row in cursor.fetchall() if "calls_submission" in row[3]]
    assert any("call_id=? AND state=?" in step for step in steps), steps
    assert any("structure_id=?" in step for step in steps), steps
    assert not [step for step in steps if "(call_id=?)" in step or "SCAN" in step], steps
