"""What the tests of the back office share."""

import pytest
from django.test import Client

from bethune_smartcity.accounts.models import User


@pytest.fixture
def signed_in():
    """A browser in which that person is signed in: a user, or the name of one of the demonstration."""

    def browser(person):
        user = User.objects.get(email=f"{person}@demo.example") if isinstance(person, str) else person
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
