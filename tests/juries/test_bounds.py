"""What the settings of a panel may be: dates to come, the reading before the finale, no more than those who vote."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import escape

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from juries.models import Juror, Panel
from juries.operations import panels
from tests.factories.juries import opened, prepared

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SETTINGS = {"readings": 2, "places": 6, "quorum": 2, "basis": "adjusted"}


def refused(act, field):
    lines, mails = JournalEntry.objects.count(), Message.objects.count()
    with pytest.raises(Invalid) as refusal:
        act()
    assert refusal.value.field == field
    assert (JournalEntry.objects.count(), Message.objects.count()) == (lines, mails)


@pytest.mark.parametrize("stage", ["reading", "finale"])
@pytest.mark.parametrize("field", ["due_at", "deck_due_at"])
def test_a_date_is_to_come_when_it_is_given(stage, field):
    jury = opened(stage, jurors=2, applications=1)
    for moment in (clock.paris(2020, 1, 1), clock.now() - timedelta(minutes=1)):
        refused(lambda at=moment: panels.configure_panel(jury.panel, by=jury.agent, **{field: at}), field)
        assert getattr(jury.panel, field) is None
    later = clock.now() + DAY
    panels.configure_panel(jury.panel, by=jury.agent, **{field: later})
    with clock.at(later + DAY):
        # A date that has passed since stays as it is.
        panels.configure_panel(jury.panel, by=jury.agent, quorum=2, **{field: later})
        panels.configure_panel(jury.panel, by=jury.agent, **{field: None})
    assert Panel.objects.get(pk=jury.panel.pk).quorum == 2


def test_nor_is_a_panel_created_or_read_again_with_one_past():
    jury = opened(jurors=2, applications=1)
    past = clock.now() - DAY
    refused(lambda: panels.create_panel(jury.call, "finale", by=jury.agent, due_at=past), "due_at")
    refused(lambda: panels.begin_second_reading(jury.panel, by=jury.agent, due_at=past), "due_at")


def test_the_sheets_of_the_reading_are_due_before_the_finale_begins():
    jury = opened(jurors=2, applications=1)
    first = clock.today() + 20 * DAY
    midnight = clock.start_of(first)
    finale = panels.create_panel(jury.call, "finale", by=jury.agent, held_from=first)
    late = midnight + timedelta(minutes=1)
    refused(lambda: panels.configure_panel(jury.panel, by=jury.agent, due_at=late), "due_at")
    panels.configure_panel(jury.panel, by=jury.agent, due_at=midnight)
    refused(lambda: panels.configure_panel(finale, by=jury.agent, held_from=first - DAY), "held_from")
    panels.configure_panel(finale, by=jury.agent, held_from=first + DAY, due_at=late + DAY)
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    panels.configure_panel(finale, by=jury.agent, held_from=first - DAY)


@pytest.mark.parametrize(("field", "most"), [("quorum", 3), ("readings", 3)])
def test_the_voting_members_bound_the_quorum_and_the_readings_once_sheets_are_open(field, most):
    jury = opened(jurors=3, applications=1, readings=1)
    Juror.objects.create(panel=jury.panel, user=jury.agent, has_voice=False)
    for n in (most + 1, 99):
        refused(lambda n=n: panels.configure_panel(jury.panel, by=jury.agent, **{field: n}), field)
    panels.configure_panel(jury.panel, by=jury.agent, **{field: most})


def test_sheets_do_not_open_on_a_quorum_nobody_could_reach():
    jury = prepared(jurors=2, applications=1, quorum=3)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    with pytest.raises(Conflict) as refusal:
        panels.open_panel(jury.panel, by=jury.agent)
    assert "2" in str(refusal.value)
    panels.configure_panel(jury.panel, by=jury.agent, quorum=2)
    panels.open_panel(jury.panel, by=jury.agent)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("due_at", "2020-01-01T00:00", "Choisissez une date à venir"),
        ("quorum", "99", "Le jury a 2 membres qui votent"),
        ("readings", "99", "2 membres lisent et notent"),
    ],
)
def test_the_form_says_it_at_the_field_and_loses_nothing(client, field, value, said):
    jury = opened(jurors=2, applications=1, readings=2)
    client.force_login(jury.agent)
    given = {**SETTINGS, "place": "Salle des mariages", field: value}
    answer = client.post(reverse("juries:configure", kwargs={"pk": jury.panel.pk}), given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in str(answer.context["form"].errors[field])
    assert f'value="{value}"' in page
    assert escape("Salle des mariages") in page
    assert Panel.objects.get().place == ""
