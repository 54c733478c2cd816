"""The page and the back office where an agent moves a date of a public call."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.following import follow
from calls.models import Call, CallDate
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, draft, submitted

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def agent():
    return AgentFactory()


@pytest.fixture
def call(agent):
    made = CallFactory(agent=agent, closes_at=clock.start_of(clock.today() + 30 * DAY))
    CallDate.objects.create(call=made, label="Visit", at=made.closes_at + 5 * DAY)
    return made


def typed(moment):
    return moment.astimezone(clock.PARIS).strftime("%Y-%m-%dT%H:%M")


DOORS = {
    "page": lambda call: (reverse("calls:move-deadline", kwargs={"slug": call.slug}), ""),
    "back office": lambda call: (reverse("admin:calls_call_act", args=(call.pk, "move_deadline")), "act-"),
}


@pytest.mark.parametrize("door", DOORS)
def test_dates_left_in_the_wrong_order_are_named_and_confirmed_for_that_very_date(client, agent, call, door):
    client.force_login(agent)
    url, prefix = DOORS[door](call)

    def send(to, **more):
        fields = {"field": "closes_at", "to": typed(to), "reason": "Why.", **more}
        return client.post(url, {f"{prefix}{name}": value for name, value in fields.items()})

    def box(answer):
        field = answer.context["form"]["despite"]
        return "" if field.is_hidden else field.field.widget.attrs["value"]

    assert not box(client.get(url))
    former = call.closes_at
    for again in (former, clock.paris(9999, 12, 31, 23, 59)):
        answer = send(again)
        assert answer.context["form"].errors["to"]
        assert not box(answer)
    answer = send(former + 6 * DAY)
    assert answer.status_code == 409
    assert "Visit" in answer.context["form"].errors["despite"][0]
    ticked = box(answer)
    # What was ticked for one date says nothing of another.
    answer = send(former + 7 * DAY, despite=ticked)
    assert answer.status_code == 409
    assert f'value="{box(answer)}"' in answer.content.decode()
    assert "checked" not in str(answer.context["form"]["despite"])
    assert Call.objects.get(pk=call.pk).closes_at == former
    assert send(former + 7 * DAY, despite=box(answer)).status_code == 302
    assert Call.objects.get(pk=call.pk).closes_at == former + 7 * DAY


def test_the_page_says_who_will_be_told_and_how_many(client, agent, call):
    draft(call)
    submitted(call)
    follow([(Call.TOPIC, call.pk)], by=UserFactory())
    client.force_login(agent)
    consequence = client.get(DOORS["page"](call)[0]).context["consequence"]
    assert "(2 " in consequence
    assert "(1)" in consequence
