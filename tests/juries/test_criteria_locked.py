"""Criteria change until the sheets of their stage open, and from then on for nobody, on no path."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from calls.models import Criterion
from calls.operations.copies import copy_criteria, copy_stage
from calls.operations.publication import remove_part, save_part
from juries.operations import panels
from tests.factories.accounts import AgentFactory
from tests.factories.calls import CallFactory, give_rights
from tests.factories.juries import opened, prepared, ready

pytestmark = pytest.mark.django_db
CHANGED = Decimal(7)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def criterion(jury, stage="reading"):
    return jury.call.criteria.filter(stage=stage).first()


def reweighed(jury, stage="reading"):
    row = criterion(jury, stage)
    row.weight = CHANGED
    return save_part(row, by=jury.agent)


def test_until_the_sheets_open_they_change_though_the_call_has_closed():
    jury = prepared(jurors=1, applications=1)
    reweighed(jury)
    assert criterion(jury).weight == CHANGED
    remove_part(criterion(jury), by=jury.agent)
    copy = Criterion(call=jury.call, stage="reading", label="Added", weight=1)
    assert save_part(copy, by=jury.agent).pk


def test_once_they_are_open_nothing_of_them_changes_and_the_field_is_named():
    jury = opened(jurors=1, applications=1)
    with pytest.raises(Conflict) as refusal:
        reweighed(jury)
    assert (refusal.value.code, refusal.value.field) == ("criteria_locked", "weight")
    row = criterion(jury)
    row.anchors_fr = "Other"
    with pytest.raises(Conflict) as refusal:
        save_part(row, by=jury.agent)
    assert refusal.value.field == "anchors_fr"
    added = Criterion(call=jury.call, stage="reading", label="Added", weight=1)
    for act in (lambda: save_part(added, by=jury.agent), lambda: remove_part(criterion(jury), by=jury.agent)):
        with pytest.raises(Conflict):
            act()
    assert criterion(jury).weight != CHANGED
    assert not Criterion.objects.filter(label="Added").exists()


def test_the_finale_s_criteria_change_until_its_own_sheets_open():
    jury = opened(jurors=1, applications=1)
    reweighed(jury, "finale")
    assert criterion(jury, "finale").weight == CHANGED


@pytest.mark.parametrize(("start", "to"), [("reading", "finale"), ("finale", "reading")])
def test_none_goes_to_or_leaves_a_stage_that_is_open(start, to):
    jury = opened(jurors=1, applications=1)
    row = criterion(jury, start)
    row.stage = to
    with pytest.raises(Conflict) as refusal:
        save_part(row, by=jury.agent)
    assert refusal.value.field == "stage"


def test_criteria_are_copied_into_a_call_that_has_closed_and_not_once_sheets_are_open():
    earlier = CallFactory()
    jury = prepared(jurors=1, applications=1)
    jury.call.criteria.all().delete()
    give_rights(earlier, jury.agent)
    copy_criteria(jury.call, source=earlier.slug, by=jury.agent)
    assert jury.call.criteria.count() == earlier.criteria.count()
    again = opened(jurors=1, applications=1)
    give_rights(earlier, again.agent)
    panels.create_panel(again.call, "finale", by=again.agent)
    again.call.panels.update(state="open")
    before = list(again.call.criteria.values_list("pk", flat=True))
    with pytest.raises(Conflict) as refusal:
        copy_criteria(again.call, source=earlier.slug, by=again.agent)
    assert refusal.value.code == "criteria_locked"
    assert list(again.call.criteria.values_list("pk", flat=True)) == before


def typed(row, **changed):
    names = ("stage", "order", "weight", "minimum", "maximum")
    texts = {f"{name}_{code}": getattr(row, f"{name}_{code}") or "" for name in ("label", "anchors") for code in CODES}
    return {name: str(getattr(row, name)) for name in names} | texts | {"counted": "on"} | changed


CODES = ("fr", "en", "de", "nl")


def test_the_back_office_refuses_at_the_field_and_shows_why(client):
    jury = opened(jurors=1, applications=1)
    client.force_login(jury.agent)
    row = criterion(jury)
    address = reverse("admin:calls_criterion_change", args=(row.pk,))
    why = "Les fiches sont ouvertes\u00a0: les critères de leur notation ne changent plus."
    page = client.get(address).content.decode()
    assert why in page
    assert 'name="weight"' not in page
    answer = client.post(address, typed(row, weight="7"))
    assert answer.status_code == 409
    assert why in answer.context["adminform"].form.errors["weight"]
    assert criterion(jury).weight != CHANGED


def test_the_back_office_keeps_a_change_before(client):
    jury = prepared(jurors=1, applications=1)
    client.force_login(jury.agent)
    row = criterion(jury)
    answer = client.post(reverse("admin:calls_criterion_change", args=(row.pk,)), typed(row, weight="7"))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert criterion(jury).weight == CHANGED


def test_on_the_call_s_page_they_are_to_read_once_both_stages_are_open(client):
    jury = opened(jurors=1, applications=1)
    client.force_login(jury.agent)
    address = reverse("admin:calls_call_change", args=(jury.call.pk,))
    assert 'name="criteria-0-weight"' in client.get(address).content.decode()
    panels.create_panel(jury.call, "finale", by=jury.agent)
    jury.call.panels.update(state="open")
    assert 'name="criteria-0-weight"' not in client.get(address).content.decode()


def test_opening_still_needs_a_criterion_that_counts():
    jury = prepared(jurors=1, applications=1)
    for row in jury.call.criteria.filter(stage="reading"):
        remove_part(row, by=jury.agent)
    ready(jury.jurors[0], jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    with pytest.raises(Conflict) as refusal:
        panels.open_panel(jury.panel, by=jury.agent)
    assert refusal.value.code == "no_criterion"


def told(call, stage):
    names = ("order", "label_fr", "label_en", "weight", "minimum", "maximum", "anchors_fr", "counted")
    return list(call.criteria.filter(stage=stage).values_list(*names))


def test_a_stage_takes_the_criteria_of_another_though_its_call_has_some():
    jury = opened(jurors=1, applications=1)
    jury.call.criteria.filter(stage="finale").delete()
    with pytest.raises(Forbidden):
        copy_stage(jury.call, "finale", source=jury.call, from_stage="reading", by=AgentFactory())
    assert copy_stage(jury.call, "finale", source=jury.call, from_stage="reading", by=jury.agent) == len(
        told(jury.call, "reading")
    )
    assert told(jury.call, "finale") == told(jury.call, "reading")
    for stage, code in (("finale", "has_criteria"), ("reading", "criteria_locked")):
        with pytest.raises(Conflict) as refusal:
            copy_stage(jury.call, stage, source=jury.call, from_stage="finale", by=jury.agent)
        assert refusal.value.code == code
    jury.call.criteria.filter(stage="finale").delete()
    for hidden in (CallFactory(draft=True), jury.call):
        with pytest.raises(Invalid) as refusal:
            copy_stage(jury.call, "finale", source=hidden, from_stage="finale", by=jury.agent)
        assert refusal.value.field == "source"


def test_the_jury_s_page_leads_to_the_criteria_and_copies_them(client):
    earlier = CallFactory()
    jury = prepared(jurors=1, applications=1)
    page = reverse("juries:criteria", kwargs={"pk": jury.panel.pk})
    change = reverse("admin:calls_call_change", args=(jury.call.pk,))
    client.force_login(jury.agent)
    shown = client.get(page)
    assert change in shown.content.decode()
    assert not shown.context["copies"]
    jury.call.criteria.filter(stage="reading").delete()
    offered = [key for key, _label in client.get(page).context["form"].fields["source"].choices]
    assert offered[0] == f"{jury.call.pk}-finale"
    assert f"{earlier.pk}-reading" in offered
    assert client.post(page, {"source": "0-reading"}).status_code == 422
    assert client.post(page, {"source": f"{earlier.pk}-reading"}).status_code == 302
    assert told(jury.call, "reading") == told(earlier, "reading")
    client.force_login(jury.chair)
    jury.call.criteria.filter(stage="reading").delete()
    shown = client.get(page)
    assert change not in shown.content.decode()
    assert not shown.context["copies"]
    assert client.post(page, {"source": f"{earlier.pk}-reading"}).status_code == 422
    assert told(jury.call, "reading") == []


def test_once_the_sheets_are_open_the_jury_s_page_offers_neither(client):
    jury = opened(jurors=1, applications=1)
    client.force_login(jury.agent)
    shown = client.get(reverse("juries:criteria", kwargs={"pk": jury.panel.pk}))
    assert reverse("admin:calls_call_change", args=(jury.call.pk,)) not in shown.content.decode()
    assert not shown.context["copies"]
