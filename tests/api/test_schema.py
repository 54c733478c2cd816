"""The schema says what the API does: many odd requests made from it, and none breaks anything."""

import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from .test_public_data import everything

pytestmark = pytest.mark.django_db


schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", get_wsgi_application())


@pytest.fixture
def filled(db):
    """Something in each list, on a connection that the end of a request leaves open, as Django's own client does."""
    everything()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=15, derandomize=True, deadline=None, database=None, suppress_health_check=[*HealthCheck])
def test_no_request_breaks_the_portal(case, filled):
    # What is packed for the way is for who unpacks it.
    response = case.call(headers={"Accept-Encoding": "identity"})
    case.validate_response(response, checks=[not_a_server_error, response_schema_conformance])


def test_the_schema_is_sound(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_schema_is_served_to_anyone(client, form):
    answer = client.get(f"/api/v1/schema/?format={form}")
    assert answer.status_code == 200
    assert b"/api/v1/projects/" in answer.content
