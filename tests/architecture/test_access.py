"""Closed by default: every address is declared public or stands behind a permission, and nobody is above the rules."""

import importlib

import pytest
import rules
from django.apps import apps
from django.urls import URLPattern, get_resolver

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.access import Guarded, SignedIn, can
from bethune_smartcity.lifecycle.workflow import Workflow


def addresses(patterns=None, prefix="", namespaces=()):
    """Give every address with its view, and the namespaces it was found under."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback, namespaces
        else:
            yield from addresses(pattern.url_patterns, route, (*namespaces, pattern.namespace))


def is_closed(view):
    """Tell whether a view asks for a permission, or shows one's own things only."""
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        # allauth's pages of the signed-in person
        return view.__module__.startswith("allauth.")
    if issubclass(view_class, Guarded):
        return rules.perm_exists(view_class.permission)
    return issubclass(view_class, SignedIn) or view_class.__module__.startswith("allauth.")


def is_declared(view, namespaces):
    """Tell whether an address says who may open it."""
    if "admin" in namespaces or hasattr(view, "cls"):
        # the back office asks its own permissions, the API's classes theirs
        return True
    return not getattr(view, "login_required", True) or is_closed(view)


def test_every_address_is_public_or_permissioned():
    assert not [route for route, view, namespaces in addresses() if not is_declared(view, namespaces)]


def workflows():
    """Give every workflow table of the product with its name."""
    for app in apps.get_app_configs():
        name = f"{app.name}.workflow"
        if importlib.util.find_spec(name) is None:
            continue
        for attribute, value in vars(importlib.import_module(name)).items():
            if isinstance(value, Workflow):
                yield f"{app.label}.{attribute}", value


def transitions():
    """Give every act of every workflow."""
    return [
        pytest.param(act, id=f"{name}.{act.name}") for name, workflow in workflows() for act in workflow.transitions
    ]


@pytest.mark.parametrize("act", transitions())
def test_every_act_has_a_permission_and_a_label(act):
    assert rules.perm_exists(act.permission)
    assert str(act.label).strip()


@pytest.mark.parametrize("workflow", [pytest.param(workflow, id=name) for name, workflow in workflows()])
def test_every_state_but_the_first_is_reached_by_an_act(workflow):
    targets = {act.target for act in workflow.transitions}
    sources = {state for act in workflow.transitions for state in act.sources}
    assert sources <= targets | {workflow.initial}


@pytest.fixture
def denied():
    """A permission nobody has."""
    rules.add_perm("tests.denied", rules.always_deny)
    yield "tests.denied"
    rules.remove_perm("tests.denied")


def test_always_deny_stops_the_administrator(denied, db):
    administrator = User(email="admin@ville.example", is_active=True, is_agent=True, is_administrator=True)
    administrator.is_superuser = True
    assert not administrator.has_perm(denied)
    assert not administrator.has_perms([denied])
    assert not can(administrator, denied)


def test_no_account_can_be_made_a_superuser():
    assert not [field.name for field in User._meta.get_fields() if field.name == "is_superuser"]
    assert not hasattr(User.objects, "create_superuser")
