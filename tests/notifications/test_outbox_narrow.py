"""The outbox on a telephone: each cell says what its column is called, and those that hold nothing are left out."""

import re

import pytest
from django.urls import reverse

from bethune_smartcity.notifications.models import Message
from tests.factories.accounts import AgentFactory

from .leaving import browser

pytestmark = pytest.mark.django_db


def test_each_cell_names_its_column_and_an_empty_one_is_told_apart():
    Message.objects.create(key="a", kind="calls.receipt", address="ana@town.example", language="fr", body="Words.")
    page = browser(AgentFactory(is_administrator=True)).get(reverse("admin:notifications_message_changelist")).text
    [recipient] = re.findall(r"<td[^>]*field-recipient_shown[^>]*>", page)
    assert 'data-label="Destinataire"' in recipient
    assert "data-blank" not in recipient
    [retry] = re.findall(r"<td[^>]*field-retry_at[^>]*>", page)
    assert "data-blank" in retry
    [chosen] = re.findall(r"<td[^>]*action-checkbox[^>]*>", page)
    assert "data-label" not in chosen
