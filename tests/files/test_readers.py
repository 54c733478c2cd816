"""A file one may not read and a file that does not exist cannot be told apart."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.files import readers
from bethune_smartcity.files.models import StoredFile
from calls.models import Question
from tests.factories.accounts import AgentFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, submitted
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db


@pytest.fixture
def stored():
    call = CallFactory()
    Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan")
    return submitted(call).attachments.get().file


def strangers():
    """Nobody, a citizen, another applicant, agents of other calls and of none, an administrator, a juror."""
    return [
        None,
        UserFactory(),
        owner_of(submitted().structure),
        agent_of(CallFactory()),
        AgentFactory(),
        AgentFactory(is_administrator=True),
        a_finale(1).juror,
    ]


def asked(client, pk):
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(reverse("files:download", kwargs={"pk": pk}))
    said = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return answer.status_code, said.replace(str(pk), "the file"), len(statements)


def test_a_hidden_file_answers_as_an_unknown_one_in_as_many_statements(client, stored):
    for person in strangers():
        client.logout()
        if person:
            client.force_login(person)
        asked(client, uuid4())
        hidden = asked(client, stored.pk)
        assert hidden == asked(client, uuid4())
        assert hidden[0] == 404


def test_files_are_closed_until_an_app_opens_them(monkeypatch, stored):
    reader = owner_of(stored.attachment.submission.structure)
    assert readers.readable_files(reader).get() == stored
    monkeypatch.setattr(readers, "_readers", {})
    assert not readers.readable_files(reader)
    monkeypatch.setattr(readers, "_readers", {"none": lambda _user: StoredFile.objects.none().values("pk")})
    assert not readers.readable_files(reader)
