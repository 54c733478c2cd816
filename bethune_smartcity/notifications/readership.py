"""Who may read a message at the instant it leaves or is shown: each app says it of the kinds it writes.

A message is written for the people of one instant and read at another: the rule is the one of the page it is about,
asked once more with its recipient in the place of who opens that page.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import F, Func, Q

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.statements import Among, Compiled
from bethune_smartcity.lifecycle.moves import record_each

from .models import Message

State = Message.State
# What has not left, and so may still be withheld.
UNSENT = (State.PENDING, State.CLAIMED, State.GATHERED)


class Key(Func):
    """What a message is about, as a key of `model`; null where it can be none."""

    def __init__(self, about: Any, *, model: type[models.Model]) -> None:
        super().__init__(about, output_field=model._meta.pk)
        self.is_uuid = isinstance(model._meta.pk, models.UUIDField)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        template = "REPLACE(%(expressions)s, '-', '')" if self.is_uuid else "CAST(%(expressions)s AS integer)"
        return super().as_sql(compiler, connection, template=template, **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # The database may look at messages of other kinds first: what is no key is not read as one.
        shape, kind = ("[0-9a-f-]{36}", "uuid") if self.is_uuid else ("[0-9]{1,18}", "bigint")
        said = "%(expressions)s"
        template = f"CASE WHEN {said} ~ '^{shape}$' THEN {said}::{kind} END"
        sql, params = super().as_sql(compiler, connection, template=template, **extra)
        # It says twice what it is about.
        return sql, (*params, *params)


@dataclass(frozen=True)
class Readers:
    """Who may read what messages of some kinds are about.

    Args:
        model: what those messages are about.
        anyone: a statement that has a row when the person of the key in its slot `user` may read the row of the key in
            its slot `about`; its slot `moment`, if any, takes the present instant.
            None where agents alone may.
        agents: the same for agents, where they may read more; as `anyone` when there is none.
    """

    model: type[models.Model]
    anyone: Compiled | None
    agents: Compiled | None = None

    def __call__(self, moment: Any) -> Q:
        """The condition on messages that their recipient may read what they are about."""
        anyone = Q(self._holds(self.anyone, moment)) if self.anyone else Q(pk__in=[])
        if self.agents is None:
            return anyone
        as_agents = Q(self._holds(self.agents, moment), recipient__is_agent=True)
        return as_agents | Q(anyone, recipient__is_agent=False)

    def _holds(self, statement: Compiled, moment: Any) -> Any:
        given: dict[str, Any] = {"user": F("recipient"), "about": Key(F("about_id"), model=self.model)}
        if "moment" in statement.slots:
            given["moment"] = moment
        return statement.holds(**given)


# At a moment (or the slot of one): the condition on messages that their recipient may read them.
Reading = Callable[[Any], Q]
_readers: dict[str, Reading] = {}
_standing: dict[str, Reading] = {}


def register_standing(kind: str, stands: Reading) -> None:
    """Say until when what messages of that kind ask of their reader may still be answered: it is asked when they leave,
    in the place of who may read them, and of those to mere addresses too. The same kind again replaces it.
    """
    _standing[kind] = stands


def register_readers(kinds: Iterable[str], readers: Reading) -> None:
    """Say who may read what messages of those kinds are about, as `Readers` do; without it, whoever was written to may.

    The same kind again replaces it.
    """
    _readers.update(dict.fromkeys(kinds, readers))


def barred(moment: Any) -> Q:
    """The condition on messages that their recipient may not read them at a moment (or the slot of one): their account
    is closed, or what they are about is closed to them. Messages to mere addresses, and about nothing, never are.
    """
    return _barred(_readers, moment)


def kept_back(moment: Any) -> Q:
    """The condition on messages that they may not leave at a moment (or the slot of one): their recipient may not read
    them, or what they ask can be answered no more.
    """
    found = _barred({kind: asked for kind, asked in _readers.items() if kind not in _standing}, moment)
    for kind, stands in _standing.items():
        found |= Q(~stands(moment), kind=kind)
    return found


def _barred(told: dict[str, Reading], moment: Any) -> Q:
    kinds: dict[Reading, list[str]] = {}
    for kind, readers in told.items():
        kinds.setdefault(readers, []).append(kind)
    found = Q(recipient__is_active=False)
    for readers, alike in kinds.items():
        found |= Q(~readers(moment), ~Q(about_id=""), kind__in=alike, recipient__isnull=False)
    return found


def _barred_among(keys: Any, moment: Any) -> models.QuerySet[Message, Any]:
    return Message.objects.filter(kept_back(moment), pk__in=keys).order_by().values_list("pk", flat=True)


def _barred_to(user: Any, moment: Any) -> models.QuerySet[Message, Any]:
    told = Message.objects.filter(barred(moment), recipient=user, due_at__lte=moment)
    return told.order_by().values_list("pk", flat=True)


# The condition is long: written with the ORM each time, it would take longer than what is asked.
MOMENT = Message._meta.get_field("due_at")
AMONG = Among(_barred_among, Message._meta.pk, moment=MOMENT)
TO_READER = Compiled(_barred_to, user=Message._meta.get_field("recipient"), moment=MOMENT)


def barred_among(keys: Collection[int]) -> set[int]:
    """Those of the messages of those keys that may not leave now, by `kept_back`. One statement; none for nothing."""
    return set(AMONG.fetch(keys, moment=clock.now()))


def barred_to(user: Any) -> set[int]:
    """The messages due to `user` that they may not read now, by their keys. One statement."""
    return set(TO_READER.fetch(user=user.pk, moment=clock.now()))


# Of messages that tell others again, by their keys: leaves out of them what their reader may not read, and gives those
# of which nothing is left.
Retold = Callable[[Collection[int]], set[int]]
_retold: dict[str, Retold] = {}


def register_retold(kind: str, retold: Retold) -> None:
    """Say what becomes of messages of that kind, which tell others again; the same kind again replaces it."""
    _retold[kind] = retold


def withhold(keys: Collection[int]) -> set[int]:
    """Of the messages of those keys, let none leave that is `kept_back`, with a line in the journal.

    Returns the keys that may leave. One statement, one more for what tells other messages again, and a few where some
    are withheld, whatever their number.
    """
    over = barred_among(keys)
    for retold in _retold.values():
        over |= retold(keys)
    if over:
        settle(over)
    return set(keys) - over


@transaction.atomic
def settle(keys: Collection[int]) -> None:
    """Withhold the messages of those keys, but those that have left meanwhile."""
    unsent = Message.objects.filter(pk__in=keys, sent_at__isnull=True, state__in=UNSENT)
    rows = list(unsent.select_for_update(of=("self",)))
    unsent.update(state=State.WITHHELD, sealed="")
    record_each(rows, "withhold", by=SYSTEM, data={})
