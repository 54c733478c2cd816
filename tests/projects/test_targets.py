"""What a project aims to change: written by those who run it, shown before and after its trial."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from pillars.models import Indicator, Pillar, Reading
from projects.models import Target
from projects.operations import incubation, targets
from projects.queries import measures_of
from tests.factories import projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return projects.cast()


@pytest.fixture
def indicator():
    return Indicator.objects.create(pillar=Pillar.objects.first(), name="Logements chauffés", unit="logements")


def read(indicator, **values_by_days):
    for days, value in values_by_days.items():
        day = clock.today() + timedelta(days=int(days.removeprefix("d").replace("m", "-")))
        Reading.objects.create(indicator=indicator, day=day, value=value, source="Relevé")


def test_a_target_is_written_changed_and_dropped_in_the_journal(cast, indicator):
    target = targets.add_target(cast.project, indicator, Decimal(0), Decimal(800), by=cast["agent"])
    targets.edit_target(target, Decimal(0), Decimal(900), by=cast["agent"])
    key = str(target.pk)
    targets.drop_target(target, by=cast["agent"])
    lines = JournalEntry.objects.filter(subject_id=key, subject_type__model="target").order_by("pk")
    assert [line.verb for line in lines] == ["create", "edit", "delete"]
    assert not Target.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["citizen", "owner", "mentor", "partner", "screener", "agent elsewhere", "conflicted agent", "administrator"],
)
def test_only_those_who_run_the_project_write_its_targets(cast, indicator, name):
    with pytest.raises(Forbidden):
        targets.add_target(cast.project, indicator, Decimal(0), Decimal(1), by=cast[name])
    target = Target.objects.create(project=cast.project, indicator=indicator, baseline=0, goal=1)
    with pytest.raises(Forbidden):
        targets.edit_target(target, Decimal(0), Decimal(2), by=cast[name])
    with pytest.raises(Forbidden):
        targets.drop_target(target, by=cast[name])


def test_a_goal_changes_something_and_an_indicator_has_one_target(cast, indicator):
    with pytest.raises(Invalid):
        targets.add_target(cast.project, indicator, Decimal(5), Decimal(5), by=cast["agent"])
    targets.add_target(cast.project, indicator, Decimal(5), Decimal(6), by=cast["agent"])
    with pytest.raises(Conflict):
        targets.add_target(cast.project, indicator, Decimal(5), Decimal(7), by=cast["agent"])


def test_the_page_shows_what_was_read_before_the_trial_and_since(cast, indicator, client):
    targets.add_target(cast.project, indicator, Decimal(0), Decimal(800), by=cast["agent"])
    read(indicator, dm60=0, d60=200)
    (measure,) = measures_of(cast.project)
    assert (measure.after, measure.started_on, measure.way) == (None, None, None)
    for act in ("agree", "start_trial"):
        incubation.advance(cast.project, act, by=cast["agent"])
    (measure,) = measures_of(cast.project)
    assert (measure.started_on, measure.before.value, measure.after.value) == (clock.today(), 0, 200)
    assert (measure.way, measure.is_reached) == (25, False)
    page = client.get(reverse("projects:detail", args=[cast.project.slug])).text
    assert "Avant l’essai" in page
    assert "25\u00a0%" in page
    assert 'role="img"' in page


def test_a_project_without_targets_shows_none(cast, client):
    assert 'id="measures"' not in client.get(reverse("projects:detail", args=[cast.project.slug])).text


def test_a_page_asks_as_much_whatever_its_targets(cast, client, django_assert_max_num_queries):
    counts = []
    for wanted in (1, 3, 30):
        for n in range(cast.project.targets.count(), wanted):
            made = Indicator.objects.create(pillar=Pillar.objects.first(), name=f"I {n}", unit="%")
            Target.objects.create(project=cast.project, indicator=made, baseline=0, goal=1)
            read(made, dm3=1, d0=2)
        client.get(reverse("projects:detail", args=[cast.project.slug]))
        with django_assert_max_num_queries(8) as asked:
            client.get(reverse("projects:detail", args=[cast.project.slug]))
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_an_agent_writes_and_drops_a_target_in_the_back_office(cast, indicator, client):
    client.force_login(cast["agent"])
    add = reverse("admin:projects_target_add")
    sent = {"project": cast.project.pk, "indicator": indicator.pk, "baseline": "0", "goal": "800"}
    refused = client.post(add, sent | {"goal": "0"})
    assert "différente de la valeur avant le projet" in refused.text
    assert client.post(add, sent).status_code == 302
    target = Target.objects.get()
    change = reverse("admin:projects_target_change", args=[target.pk])
    assert client.post(change, {"baseline": "0", "goal": "900.5"}).status_code == 302
    target.refresh_from_db()
    assert target.goal == Decimal("900.5")
    assert client.post(reverse("admin:projects_target_delete", args=[target.pk]), {"post": "yes"}).status_code == 302
    assert not Target.objects.exists()
