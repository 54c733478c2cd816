"""Days and instants are typed in fields that refuse what is too far off, in every form there is."""

import importlib
import pkgutil

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.db.models import DateField
from django.test import RequestFactory

from bethune_smartcity.core.instants import DayField, InstantField

OURS = ("bethune_smartcity", "pillars", "calls", "juries", "projects")


def subclasses(form):
    for each in form.__subclasses__():
        yield each
        yield from subclasses(each)


def bare(fields):
    """The names of the fields that take a day or an instant of any distance."""
    typed = {name: field for name, field in fields.items() if isinstance(field, forms.DateField | forms.DateTimeField)}
    return [name for name, field in typed.items() if not isinstance(field, DayField | InstantField)]


def test_forms_take_near_days_and_instants():
    for config in apps.get_app_configs():
        if config.name.startswith(OURS):
            for module in pkgutil.walk_packages(config.module.__path__, f"{config.name}."):
                if ".forms" in module.name or ".admin" in module.name:
                    importlib.import_module(module.name)
    found = {form for form in subclasses(forms.BaseForm) if form.__module__.startswith(OURS)}
    assert len(found) > 50
    assert not {form.__qualname__: bare(form.base_fields) for form in found if bare(form.base_fields)}


@pytest.mark.django_db
def test_screens_of_the_back_office_take_near_days_and_instants():
    request = RequestFactory().get("/")
    for screen in admin.site._registry.values():
        for column in screen.model._meta.concrete_fields:
            if isinstance(column, DateField) and column.editable:
                assert not bare({column.name: screen.formfield_for_dbfield(column, request)}), column
