"""Counts agree from page to page, and begin from what the person who reads them may see."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from juries.models import Juror
from juries.operations import panels, voting
from juries.queries.board import grid, progress
from juries.queries.progress import board
from juries.queries.seats import jurors_of
from juries.views.chair import totals_of
from tests.factories.juries import disclosed, opened, write
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db


def counts(jury, viewer):
    """(handed in, expected) as the chair's board and the organisers' page tell them."""
    chair, desk = grid(jury.panel, viewer, jurors_of(jury.panel)).progress, board(jury.panel, viewer)
    return {
        (chair.handed_in, chair.expected),
        (desk.handed_in, desk.expected),
        (sum(row.handed_in for row in desk.rows), sum(row.expected for row in desk.rows)),
    }


def test_after_the_roll_call_both_boards_count_the_same():
    jury = opened("finale", jurors=3, applications=2)
    for place in range(2):
        write(jury.assignment(place, 0), 3)
    write(jury.assignment(2, 0), 3)
    Juror.objects.filter(pk__in=[juror.pk for juror in jury.jurors[:2]]).update(is_present=True)
    assert counts(jury, jury.agent) == {(3, 5)}
    assert progress(jury.panel, jurors_of(jury.panel)).missing == 2


def test_both_boards_count_without_what_the_chair_stands_aside_from():
    jury = opened("finale", jurors=3, applications=2)
    write(jury.assignment(1, 0), 3)
    panels.declare_recusal(jury.jurors[0], jury.submissions[0], "family", by=jury.chair)
    assert counts(jury, jury.chair) == {(0, 3)}


def test_the_standing_counts_the_sheets_of_what_is_shown(client):
    jury = disclosed("finale", jurors=3, applications=2)
    juror = jury.jurors[1]
    panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    address = reverse("juries:standing", kwargs={"pk": jury.panel.pk})
    for person, sheets in ((juror.user, 3), (jury.chair, 5)):
        client.force_login(person)
        assert client.get(address).context["sheets"] == sheets


def test_a_finalist_nobody_chose_is_counted_at_zero():
    finale, now = a_finale(3), clock.now()
    with clock.at(now - timedelta(minutes=50)):
        vote = voting.open_vote(
            finale.call, opens_at=clock.now(), closes_at=now - timedelta(minutes=10), by=finale.agent
        )
        voting.cast_many(vote, finale.finalists[:1], by=finale.agent)
    voting.count(vote, by=finale.chair)
    vote.refresh_from_db()
    assert [(row["title"], row["total"]) for row in totals_of(vote)] == [
        ("Finalist 1", 1),
        ("Finalist 2", 0),
        ("Finalist 3", 0),
    ]
