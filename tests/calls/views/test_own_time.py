"""Beside every time by which an applicant must act stands the place where the script writes it in their own zone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock, wording
from calls.models import Submission
from calls.operations import screening
from tests.factories.accounts import owner_of
from tests.factories.calls import agent_of, draft, submitted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def page_of(client, submission, name, moment=None, **kwargs):
    client.force_login(owner_of(submission.structure))
    with clock.at(moment or clock.now()):
        answer = client.get(reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs}))
    assert answer.status_code == 200
    return answer.text


def zone_of(moment):
    return f'data-zone="{wording.last_minute(moment).isoformat()}"'


@pytest.mark.parametrize(("name", "kwargs", "count"), [("section", {"order": 1}, 1), ("check", {}, 2)])
def test_the_banner_and_the_check_of_a_draft(client, name, kwargs, count):
    made = draft()
    page = page_of(client, made, name, **kwargs)
    assert page.count(zone_of(made.closes_at)) == count
    head, body = page.split("</head>")
    # In the head it tells what comes before it can be drawn; beside each, whatever the head's did.
    assert (head.count("js/zone"), body.count("js/zone")) == (1, body.count("data-zone"))


def test_more_time_of_ones_own_is_the_one_told(client):
    made = draft()
    own = made.call.closes_at + 2 * DAY
    Submission.objects.filter(pk=made.pk).update(extended_until=own, extension_reason="Illness.")
    page = page_of(client, made, "check")
    assert zone_of(own) in page
    assert zone_of(made.call.closes_at) not in page


def test_what_was_submitted_until_the_close_and_a_correction_until_its_end(client):
    done = submitted()
    assert zone_of(done.closes_at) in page_of(client, done, "section", order=1)
    moment, until = done.call.closes_at + HOUR, done.call.closes_at + 3 * DAY
    assert "data-zone" not in page_of(client, done, "submission", moment)
    with clock.at(moment):
        screening.ask_for_correction(done, request="Where?", fields=["title"], until=until, by=agent_of(done.call))
    for name, kwargs in (("submission", {}), ("section", {"order": 0})):
        page = page_of(client, done, name, moment, **kwargs)
        assert zone_of(until) in page
        assert zone_of(done.closes_at) not in page


def test_one_s_own_space(client):
    made = draft()
    client.force_login(owner_of(made.structure))
    assert client.get(reverse("portal:space")).text.count(zone_of(made.closes_at)) == 1
