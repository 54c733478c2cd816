"""Whom agents meet through the calls they hold rights on: each other, and applicants as far as their right goes."""

from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.accounts.acquaintance import Acquaintance

from .models import CallAgent, Clarification, Submission
from .queries import rights_on_calls

Keys = list[QuerySet[Any, Any]]
Right = CallAgent.Right


def people(user: Any) -> Keys:
    """Agents with a right on one of the same calls, and who asked a question that `user` answers."""
    beside = CallAgent.objects.filter(call__in=rights_on_calls(user).values("call"))
    asked = Clarification.objects.filter(call__in=calls_with(user, Right.SCREEN))
    return [beside.values("user"), asked.values("asker")]


def structures(user: Any) -> Keys:
    """Those who apply or prepare to, for who screens; those who applied, for who organises the jury."""
    screened = Submission.objects.filter(call__in=calls_with(user, Right.SCREEN))
    judged = Submission.objects.filter(call__in=calls_with(user, Right.JURY), number__isnull=False)
    return [screened.values("structure"), judged.values("structure")]


def calls_with(user: Any, right: str) -> QuerySet[CallAgent, Any]:
    return rights_on_calls(user).filter(right=right).values("call")


ACQUAINTANCE = Acquaintance(people=people, structures=structures)
