"""What tests of several apps share."""

import hashlib
import os
from pathlib import Path
from shutil import copy

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import QuerySet
from django.utils import translation
from hypothesis import HealthCheck, settings

from bethune_smartcity.files import inspection
from tests import lent
from tests.once import empty_portal

# A slow machine finds no fault: neither an example's time nor the making of examples fails a property.
settings.register_profile("untimed", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# The longest modules begin, so that no process ends with one of them while the others have nothing left to do. The
# next two need no demonstration: they go on while the first makes one.
LONGEST = (
    "browser/test_journey",
    "architecture/test_answers",
    "architecture/test_odd_input",
    "browser/test_newcomer",
    "calls/test_sealed",
    "journeys/test_worker",
    "admin/test_canaries",
    "browser/test_draft",
    "admin/test_walk",
    "juries/views/test_access",
    "juries/views/test_canaries",
    "admin/test_browser",
    "projects/views/test_doors",
    "browser/test_ladder",
    "notifications/test_no_more_than_pages",
)


# Told of texts, figures, files, scripts, pages, and of who may see what: the same whatever keeps the rows. Where
# servers are lent they run there alone, and in the first run where none is.
ONCE = (
    "admin/",
    "architecture/test_catalogues",
    "architecture/test_clock",
    "architecture/test_layers",
    "architecture/test_mail",
    "architecture/test_repository",
    "architecture/test_templates",
    "browser/",
    "calls/test_any_form",
    "calls/test_differences",
    "calls/views/",
    "core/test_cards",
    "core/test_charts",
    "core/test_papers",
    "demo/",
    "files/test_hostile",
    "files/test_pages",
    "files/test_pictures",
    "juries/scoring/",
    "juries/test_aside_everywhere",
    "juries/test_canaries_everywhere",
    "juries/views/",
    "kept/",
    "lifecycle/test_wording",
    "notifications/test_mails",
    "notifications/test_no_more_than_pages",
    "projects/test_languages",
    "projects/views/",
    "quality/",
    "settings/test_production",
)
# Walks of which the short part runs on both.
LONG_ONCE = ("architecture/", "calls/test_sealed")


def is_once(item, here):
    if not item.path.is_relative_to(here):
        return False
    name = str(item.path.relative_to(here))
    return name.startswith(ONCE) or (name.startswith(LONG_ONCE) and item.get_closest_marker("long") is not None)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    ranks = {str(here / f"{name}.py"): rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(str(item.path), len(ranks)))
    for item in items:
        if is_once(item, here):
            item.add_marker("once")


def is_first_process():
    return not os.environ.get("PYTEST_XDIST_WORKER")


def pytest_sessionstart():
    if is_first_process():
        lent.forget_all()


def pytest_sessionfinish():
    if is_first_process():
        lent.forget_all()


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder of all the processes of this run; it ends with the run's others."""
    own = tmp_path_factory.getbasetemp()
    return own if is_first_process() else own.parent


@pytest.fixture(scope="session")
def django_db_keepdb(shared, django_db_modify_db_settings):
    """On SQLite, tables are made once for all the processes of this run: each begins with a copy of them."""
    if connection.vendor != "sqlite":
        return False
    copy(empty_portal(shared) / "portal.sqlite3", connection.creation._get_test_db_name())
    return True


@pytest.fixture(autouse=True)
def own_language():
    """The language of a test's last page is not the next test's."""
    yield
    translation.deactivate()


_said: dict[tuple[bytes, str], tuple[str, str]] = {}


@pytest.fixture(autouse=True)
def inspector(monkeypatch):
    """A document sent again is what it was: one process looks at it once. Tests of files themselves look each time."""

    def told(document, content_type, ask=inspection.told):
        key = hashlib.sha256(Path(document).read_bytes()).digest(), content_type
        if key not in _said:
            _said[key] = ask(document, content_type)
        return _said[key]

    monkeypatch.setattr(inspection, "told", told)


@pytest.fixture(scope="module")
def left_as_found(django_db_setup, django_db_blocker):
    """After a module whose tests empty the tables, what migrations had put there is back for the next module's."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        ContentType.objects.clear_cache()
        connection.close()


@pytest.fixture(params=[True, False], ids=["guarded", "control"])
def guarded(request, monkeypatch):
    """Whether rows are held. Without, as a control, the same acts must go wrong: then it is the hold that protects.

    SQLite has no control: it lets one transaction write at a time, whatever rows it holds.
    """
    if not request.param:
        from calls.operations import submissions

        if connection.vendor == "sqlite":
            pytest.skip("SQLite lets one transaction write at a time")
        monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows.all())
        # Made with the hold once for all: made again without it.
        monkeypatch.setattr(submissions.HELD, "kept", {})
    return request.param
