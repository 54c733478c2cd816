"""Every model has its screen, and no screen shows, filters, orders or writes what it must not."""

import pytest
import rules
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import models

from bethune_smartcity.core.admin_base import SeenFilter, filter_name
from bethune_smartcity.core.admin_site import Chapter
from bethune_smartcity.lifecycle.models import Stateful
from juries.models import Ballot, Mark, Sheet, StandingLine
from tests.admin.screens import models_of_ours, request_of, screens
from tests.factories.juries import prepared

SCREENS = [pytest.param(model, screen, id=model._meta.label) for model, screen in screens()]
# What nobody reads in the back office, whoever they are.
SECRETS = {"private_note", "voter_key", "link_digest", "code_digest", "password", "blob"}


def test_every_model_has_its_screen():
    shown = {model._meta.label for model, _screen in screens()}
    assert set(models_of_ours()) <= shown


def test_only_screens_that_ask_the_rules_are_open():
    assert len(screens()) == len(admin.site._registry)


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_a_screen_stands_in_the_sentence_and_asks_rules_that_exist(model, screen):
    assert isinstance(screen.chapter, Chapter)
    asked = [screen.door, screen.view_permission, screen.add_permission, screen.change_permission]
    asked += [screen.delete_permission, screen.acts_door, *(act.permission for act in screen.acts)]
    assert screen.door
    assert not [name for name in asked if name and not rules.perm_exists(name)]


def fields_of(screen):
    """Every field that a screen or its inlines may show."""
    declared = flatten_fieldsets(screen.fieldsets) if screen.fieldsets else screen.fields
    names = {*declared, *screen.list_display, *screen.search_fields, *map(filter_name, screen.list_filter)}
    return names.union(*(set(inline.fields) for inline in screen.inlines))


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_no_screen_names_a_secret(model, screen):
    named = {name.split("__")[-1] for name in fields_of(screen)}
    assert not named & SECRETS
    assert not (model._meta.label == "juries.Code" and "digest" in named)


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_filters_on_related_rows_offer_only_those_one_sees(model, screen):
    for item in screen.list_filter:
        if isinstance(item, str):
            assert not model._meta.get_field(item).is_relation, item
        elif isinstance(item, tuple):
            assert item[1] is SeenFilter


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_states_and_stamps_are_never_writable(model, screen):
    writable = {*screen.writable, *screen.writable_once}
    stamps = {field.name for field in model._meta.fields if not field.editable}
    assert not writable & stamps
    assert not (issubclass(model, Stateful) and "state" in writable)
    assert not screen.list_editable
    for inline in screen.inlines:
        assert not (issubclass(inline.model, Stateful) and "state" in inline.writable)


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_nothing_is_deleted_in_bulk(model, screen):
    assert "delete_selected" not in {act.name for act in screen.acts}
    assert screen.get_actions.__func__.__qualname__.startswith("ActsMixin")


READ_ONLY = [
    *("calls.Submission", "calls.Answer", "calls.Attachment", "calls.SubmissionVersion", "calls.DeadlineMove"),
    *("juries.Sheet", "juries.Mark", "juries.Standing", "juries.StandingLine", "juries.Ballot", "juries.BallotLink"),
    *(
        "juries.Code",
        "juries.Motion",
        "juries.Proposal",
        "juries.Minutes",
        "juries.Award",
        "juries.Recusal",
        "juries.Mention",
    ),
    *("juries.Declaration", "juries.Slot", "juries.Expertise", "accounts.Membership", "files.StoredFile"),
    *("lifecycle.JournalEntry", "notifications.Message", "core.DemoClock"),
]


@pytest.mark.parametrize("label", READ_ONLY)
def test_what_people_wrote_and_juries_decided_is_read_only(label):
    screen = {model._meta.label: screen for model, screen in screens()}[label]
    assert not any((screen.add_permission, screen.change_permission, screen.delete_permission))


VALUES = {Mark: {"value"}, StandingLine: {"mean", "adjusted", "margin", "rank"}, Ballot: {"submission", "choice"}}


@pytest.mark.parametrize("model", [Sheet, Mark, StandingLine, Ballot])
def test_no_list_is_filtered_or_searched_by_what_jurors_or_voters_chose(model):
    screen = admin.site.get_model_admin(model)
    hidden = VALUES.get(model, set()) | {"comment", "private_note", "marks"}
    asked = {*screen.search_fields, *map(filter_name, screen.list_filter)}
    assert not {name.split("__")[-1] for name in asked} & hidden
    request = request_of(None)
    for lookup in ("private_note__contains", "comment__contains", "value__gt", "marks__value__gt", "submission"):
        assert not screen.lookup_allowed(lookup, "x", request)


def test_every_text_field_shown_fits_its_page():
    """Long texts fold: a screen of several languages stays readable."""
    for model, screen in screens():
        texts = [f for f in model._meta.fields if isinstance(f, models.TextField) and hasattr(f, "translated_field")]
        if len(texts) > 8:
            assert any("collapse" in options.get("classes", ()) for _name, options in screen.fieldsets), model


@pytest.mark.django_db
@pytest.mark.parametrize("sent", ["abc", "1e3", "9" * 40, "\u0664"])
def test_what_is_no_key_in_a_list_found_by_typing_is_passed_over(signed_in, sent):
    jury = prepared()
    answer = signed_in(jury.agent).post("/admin/juries/juror/add/", {"user": sent, "panel": jury.panel.pk})
    assert answer.status_code in {200, 422}
    assert "errorlist" in answer.content.decode()
