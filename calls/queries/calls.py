"""Which calls one sees."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import clock
from calls.models import Call, CallAgent
from calls.phases import Phase, phase_at


@dataclass(frozen=True)
class PublicCalls:
    """Announced calls, apart: open (closing soonest first), coming (opening soonest first), past (newest first)."""

    open: list[Call]
    coming: list[Call]
    past: list[Call]


# What the page of a call tells at length, and no list does.
TEXTS = ("audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")
LENGTHY = [name + suffix for name in TEXTS for suffix in ("", *(f"_{code}" for code, _name in settings.LANGUAGES))]


def in_lists(calls: QuerySet[Call]) -> QuerySet[Call]:
    """`calls` with their pillars, without the texts that only their own page tells."""
    return calls.defer(*LENGTHY).prefetch_related("pillars")


def announced(moment: datetime) -> QuerySet[Call]:
    """The calls made public at or before the aware instant `moment`."""
    return Call.objects.filter(announced_at__lte=moment)


def rights_on_calls(user: Any) -> QuerySet[CallAgent]:
    """The rights `user` holds as an agent: none for anyone who is not an agent now."""
    return CallAgent.objects.filter(user=user) if is_agent(user) else CallAgent.objects.none()


def visible_calls(user: Any) -> QuerySet[Call]:
    """The calls `user` may open: announced ones for everyone, those in preparation for agents with a right on them."""
    public = Q(announced_at__lte=clock.now())
    if not is_agent(user):
        return Call.objects.filter(public)
    return Call.objects.filter(public | Q(pk__in=rights_on_calls(user).values("call")))


def board_calls(user: Any) -> QuerySet[Call]:
    """The calls on which `user` has any right."""
    return Call.objects.filter(pk__in=rights_on_calls(user).values("call"))


def public_calls(moment: datetime) -> PublicCalls:
    """The calls announced at the aware instant `moment`, by what one may do with them. Two statements at most."""
    parts: dict[str, list[Call]] = {"open": [], "coming": [], "past": []}
    places = {Phase.OPEN: "open", Phase.ANNOUNCED: "coming"}
    for call in in_lists(announced(moment)).order_by("-opens_at"):
        parts[places.get(phase_at(call, moment), "past")].append(call)
    parts["open"].sort(key=lambda call: call.closes_at)
    parts["coming"].sort(key=lambda call: call.opens_at)
    return PublicCalls(**parts)
