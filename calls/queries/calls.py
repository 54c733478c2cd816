"""Which calls one sees."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, CallAgent
from calls.phases import Phase, phase_at
from pillars.models import Pillar
from pillars.queries import all_chips, as_chips, place_pillars, with_pillar_keys


@dataclass(frozen=True)
class PublicCalls:
    """Announced calls, apart: open (closing soonest first), coming (opening soonest first), judged (closed, without
    public results yet) and past (newest first).
    """

    open: list[Call]
    coming: list[Call]
    judged: list[Call]
    past: list[Call]


# What the page of a call tells at length, and no list does.
TEXTS = ("audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")
LENGTHY = [name + suffix for name in TEXTS for suffix in ("", *(f"_{code}" for code, _name in settings.LANGUAGES))]


def in_lists(calls: QuerySet[Call]) -> QuerySet[Call]:
    """`calls` with their pillars, without the texts that only their own page tells."""
    return in_brief(calls).prefetch_related("pillars")


def in_brief(rows: QuerySet[Any], call: str = "") -> QuerySet[Any]:
    """`rows` without the texts that only a call's own page tells. `call`: the path from a row to its call, if any."""
    return rows.defer(*(f"{call}{name}" for name in LENGTHY))


def announced(moment: Any) -> QuerySet[Call]:
    """The calls made public at or before the aware instant `moment`, or the slot of one."""
    return Call.objects.filter(announced_at__lte=moment)


def rights_on_calls(user: Any) -> QuerySet[CallAgent]:
    """The rights `user` holds as an agent: none for anyone who is not an agent now."""
    return CallAgent.objects.filter(user=user) if is_agent(user) else CallAgent.objects.none()


def visible_calls(user: Any) -> QuerySet[Call]:
    """The calls `user` may open: announced ones for everyone, those in preparation for agents with a right on them."""
    if not is_agent(user):
        return announced(clock.now())
    return _visible_to_agent(user.pk, clock.now())


def _visible_to_agent(key: Any, moment: Any) -> QuerySet[Call]:
    held = CallAgent.objects.filter(user=key).values("call")
    return Call.objects.filter(Q(announced_at__lte=moment) | Q(pk__in=held))


SLOTS = {"moment": Call._meta.get_field("announced_at"), "slug": Call._meta.get_field("slug")}
FOR_ANYONE = Compiled(lambda moment, slug: announced(moment).filter(slug=slug), **SLOTS)
FOR_AGENT = Compiled(
    lambda user, moment, slug: _visible_to_agent(user, moment).filter(slug=slug), user=User._meta.pk, **SLOTS
)


def visible_call(user: Any, slug: str) -> Call | None:
    """The call of that address, None when there is none that `user` may open. One statement."""
    if is_agent(user):
        return FOR_AGENT.first(user=user.pk, moment=clock.now(), slug=slug)
    return FOR_ANYONE.first(moment=clock.now(), slug=slug)


CHIPS = Compiled(lambda call: as_chips(Pillar.objects.filter(calls=call)), call=Call._meta.pk)


def pillars_of(call: Call) -> list[Pillar]:
    """The pillars of `call` as its chips show them. One statement."""
    return CHIPS.fetch(call=call.pk)


def board_calls(user: Any) -> QuerySet[Call]:
    """The calls on which `user` has any right."""
    return Call.objects.filter(pk__in=rights_on_calls(user).values("call"))


TO_LIST = Compiled(
    lambda moment: with_pillar_keys(in_brief(announced(moment))).order_by("-opens_at"), moment=SLOTS["moment"]
)


def public_calls(moment: datetime, pillars: list[Pillar] | None = None) -> PublicCalls:
    """The calls announced at the aware instant `moment`, by what one may do with them, each with its pillars.

    One statement, and one more for the pillars unless the page has all of them, in their order.
    """
    parts: dict[str, list[Call]] = {"open": [], "coming": [], "judged": [], "past": []}
    places = {Phase.OPEN: "open", Phase.ANNOUNCED: "coming", Phase.CLOSED: "judged"}
    calls = TO_LIST.fetch(moment=moment)
    place_pillars(calls, (all_chips() if calls else []) if pillars is None else pillars)
    for call in calls:
        parts[places.get(phase_at(call, moment), "past")].append(call)
    parts["open"].sort(key=lambda call: call.closes_at)
    parts["coming"].sort(key=lambda call: call.opens_at)
    return PublicCalls(**parts)
