"""The screens of the back office, as tests walk them."""

from types import SimpleNamespace

from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from bethune_smartcity.core.admin_base import PortalAdmin

OURS = ("core", "lifecycle", "files", "notifications", "accounts", "pillars", "calls", "juries", "projects", "portal")


def models_of_ours():
    """Every model of the portal's own apps, by its label."""
    return {m._meta.label: m for label in OURS for m in apps.get_app_config(label).get_models()}


def screen_of(model):
    return admin.site.get_model_admin(model)


def screens():
    """Every screen with its model, in the order of the labels."""
    found = ((m, s) for m, s in admin.site._registry.items() if isinstance(s, PortalAdmin))
    return sorted(found, key=lambda pair: pair[0]._meta.label)


def address(model, page, *keys):
    """The address of a page of a model's screen: list, add, change, history, delete or act."""
    name = {"list": "changelist"}.get(page, page)
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=keys)


def request_of(user, method="GET"):
    """As much of a request as querysets and rights ask for."""
    return SimpleNamespace(user=user, method=method)


def rows_of(model, user):
    """The rows of a screen that a person finds there."""
    return screen_of(model).get_queryset(request_of(user))


def acts_page(client, model, act, rows, **typed):
    """Tick rows of a list, choose an act, and confirm it with what is typed. Returns the last answer."""
    keys = [str(row.pk) for row in rows]
    ticked = {"action": act, "_selected_action": keys}
    asked = client.post(address(model, "list"), ticked | {"index": "0"})
    assert asked.status_code == 200, asked.content[:300]
    answers = {f"act-{name}": value for name, value in typed.items()}
    return client.post(address(model, "list"), ticked | {"confirmed": "1"} | answers, follow=True)


def act_on(client, model, act, row, **typed):
    """An act from the page of a row. Returns the answer."""
    answers = {f"act-{name}": value for name, value in typed.items()}
    return client.post(address(model, "act", row.pk, act), answers, follow=True)


def said(answer):
    """What a page tells its reader."""
    return [str(message) for message in answer.context["messages"]]
