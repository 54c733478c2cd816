"""A deadline reads the same on every page: the last minute of the day before, never midnight."""

import datetime as dt

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from calls.models import DeadlineMove
from juries.models import Panel
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db
MIDNIGHT = dt.datetime(2027, 2, 18, tzinfo=clock.PARIS)


def told(client, address):
    """What a page says, its unbroken spaces as any other."""
    return client.get(address).content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(("page", "who"), [("room", "juror"), ("chair", "chair"), ("organise", "chair")])
def test_sheets_are_due_at_the_last_minute_of_the_day_before(client, page, who):
    jury = opened(jurors=2, applications=1)
    Panel.objects.filter(pk=jury.panel.pk).update(due_at=MIDNIGHT)
    client.force_login(jury.chair if who == "chair" else jury.jurors[1].user)
    text = told(client, reverse(f"juries:{page}", kwargs={"pk": jury.panel.pk}))
    assert "mercredi 17 février 2027 à 23 h 59" in text
    assert "18 février" not in text


def test_a_moved_closing_reads_as_it_was_told(client):
    jury = opened(jurors=2, applications=1)
    before, after = (dt.datetime(2027, 1, day, tzinfo=clock.PARIS) for day in (19, 26))
    DeadlineMove.objects.create(call=jury.call, field="closes_at", before=before, after=after, reason="Strike")
    client.force_login(jury.agent)
    text = told(client, reverse("calls:board", kwargs={"slug": jury.call.slug}))
    assert "18 janvier 2027 à 23 h 59" in text
    assert "25 janvier 2027 à 23 h 59" in text
    assert "0 h 00" not in text
