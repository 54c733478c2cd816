"""The outbox of an agent holds every message about what they may see, whatever kind it is of."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import RequestFactory
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.models import Broadcast, Message, Step
from bethune_smartcity.portal.desk import tasks
from calls.models import DeadlineMove
from calls.operations.deadlines import move_deadline
from tests import scene
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory, agent_of, draft

from . import life
from .leaving import browser

pytestmark = pytest.mark.django_db


def outbox(agent):
    """The messages an agent finds there."""
    request = RequestFactory().get("/admin/")
    request.user = agent
    return admin.site.get_model_admin(Message).get_queryset(request)


def test_a_date_moved_is_told_to_the_agents_of_its_call_alone():
    call = CallFactory()
    draft(call)
    agent = agent_of(call)
    move_deadline(call, "closes_at", call.closes_at + life.DAY, reason="A reason.", by=agent)
    told = Message.objects.filter(about_type=ContentType.objects.get_for_model(DeadlineMove), stop_path="")
    assert told.count() == 1
    assert set(outbox(agent)) >= set(told)
    assert not set(outbox(AgentFactory())) & set(told)
    page = browser(agent).get(reverse("admin:notifications_message_changelist"), {"kind": told.get().kind}).text
    assert reverse("admin:notifications_message_change", args=[told.get().pk]) in page
    told.update(state=Message.State.FAILED)
    lost = tasks(agent, outbox(agent), clock.now())[-1]
    assert (lost.what, lost.count) == ("message en échec", 1)


def seen_by(agent, message):
    """Whether a screen of the back office lists what a message is about to an agent."""
    request = RequestFactory().get("/admin/")
    request.user = agent
    model = message.about_type.model_class()
    screen = admin.site._registry.get(model)
    found = screen is not None and screen.has_view_permission(request)
    return found and screen.get_queryset(request).filter(pk=message.about_id).exists()


def test_what_agents_see_is_in_their_outbox_with_all_that_was_written_about_it():
    built = scene.build()
    life.go_on(built)
    kinds, amiss = set(), set()
    for persona in ("agent", "agent2"):
        agent = built.people[persona]
        held = set(outbox(agent).values_list("pk", flat=True))
        for message in Message.objects.filter(about_type__isnull=False, stop_path=""):
            sees = seen_by(agent, message)
            kinds |= {message.kind} if sees else set()
            amiss |= {(persona, message.kind)} if sees != (message.pk in held) else set()
    assert amiss == set()
    assert len(kinds) > 20
    for rows, column in ((Broadcast, "subject_type"), (Step, "about_type")):
        for each in ContentType.objects.filter(pk__in=rows.objects.values(column)):
            screen = admin.site.get_model_admin(each.model_class())
            assert screen.in_journal or screen.in_outbox
