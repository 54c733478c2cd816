"""The page of what will leave, as its agents open it."""

from datetime import timedelta

from django.test import Client

from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import notify
from tests.factories.accounts import owner_of

PAGE = "/gestion/envois/"
DAY = timedelta(days=1)


def browser(user):
    client = Client()
    if user.is_authenticated:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def lines(client):
    context = client.get(PAGE).context
    return [*context["held"], *(line for day in context["days"] for line in day.lines)]


def waiting_message(submission, due_at, kind="calls.screened"):
    """A message about an application, written now, which leaves later."""
    owner = owner_of(submission.structure)
    context = {"call": submission.call, "reason": "", "closes": "", "received": ""}
    keys = {"pk": submission.pk}
    notify(
        kind, subject=submission, recipients=[owner], page="calls:submission", keys=keys, context=context, due_at=due_at
    )
    return Message.objects.get(kind=kind, about_id=str(submission.pk))
