"""A round of planners reads the dates of panels once for the three ladders that lead to them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.notifications import planners
from calls.ladders import ladders
from juries.models import Panel
from juries.operations.reminders import DATED
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db


def readings_of_panels(act):
    with CaptureQueriesContext(connection) as asked:
        act()
    return sum(one["sql"].startswith(f'SELECT "{Panel._meta.db_table}"."id"') for one in asked)


def test_it_reads_once_what_three_ladders_lead_to():
    opened(jurors=1, applications=1)
    led = [ladder for ladder in ladders() if ladder.dated is DATED]
    assert len(led) == 3
    moment = clock.now()
    assert readings_of_panels(lambda: planners.plan(moment)) == 1
    # Outside a round each reads for itself.
    assert readings_of_panels(lambda: [ladder.dated.rows(None, moment) for ladder in led]) == 3
