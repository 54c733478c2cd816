"""Criteria that another stage, or another call, can take over."""

from typing import Any

from django.db.models import Count

from calls.models import Call, Criterion

from .calls import visible_calls


def stages_to_copy(user: Any, call: Call, stage: str) -> list[tuple[Call, str, int]]:
    """The stages with criteria that `user` may copy to `stage` of `call`: (call, stage, how many), those of the same
    call first, then of the newest. Two statements.
    """
    rows = Criterion.objects.filter(call__in=visible_calls(user).values("pk")).exclude(call=call, stage=stage)
    counts = rows.order_by().values_list("call", "stage").annotate(n=Count("pk"))
    calls = Call.objects.in_bulk({key for key, _stage, _n in counts})
    found = [(calls[key], start, n) for key, start, n in counts]
    found.sort(key=lambda each: (each[0].opens_at is not None and each[0].opens_at.timestamp()) or 0, reverse=True)
    return sorted(found, key=lambda each: each[0].pk != call.pk)
