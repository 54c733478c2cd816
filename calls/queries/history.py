"""The messages written to the people of an application."""

from django.db.models import Q, QuerySet

from bethune_smartcity.accounts.models import User
from bethune_smartcity.notifications.history import about
from bethune_smartcity.notifications.models import Message
from calls.models import Call, Clarification, DeadlineMove, Letter, Submission


def messages_of(submission: Submission) -> QuerySet[Message]:
    """Those about it, to whoever they went, and those to its people about its call; of no other application."""
    call = submission.call_id
    people = User.objects.filter(memberships__structure=submission.structure_id)
    of_call = [
        (Call, [call]),
        (DeadlineMove, DeadlineMove.objects.filter(call=call).values_list("pk", flat=True)),
        (Clarification, Clarification.objects.filter(call=call).values_list("pk", flat=True)),
        (Letter, Letter.objects.filter(call=call, audience__startswith="calls.").values_list("pk", flat=True)),
    ]
    theirs = about([(model, list(keys)) for model, keys in of_call])
    told = Message.objects.filter(about([(Submission, [submission.pk])]) | theirs & _to(people))
    return told.filter(stop_path="")


def _to(people: QuerySet[User]) -> Q:
    return Q(recipient__in=people.values("pk"))
