"""What tests of several apps share."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection


@pytest.fixture(scope="module")
def left_as_found(django_db_setup, django_db_blocker):
    """After a module whose tests empty the tables, what migrations had put there is back for the next module's."""
    yield
    with django_db_blocker.unblock():
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        ContentType.objects.clear_cache()
        connection.close()
