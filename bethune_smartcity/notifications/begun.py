"""What followers are being told, midway: how many are written to and how many are not yet; agents hold the rest back,
let it go, or call it off.

The worker asks before each batch whether it may go on (`broadcasts.WRITABLE`): what is written stays written, and is
never written again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BooleanField, Case, Count, Q, QuerySet, When
from django.utils.translation import gettext, gettext_lazy, ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.lifecycle.wording import register_names

from .broadcasts import WRITABLE, Bulletin, bulletin_of, held_bulletins
from .following import among, live
from .kinds import kinds
from .models import Broadcast

HELD = Q(ended_at__isnull=True, held_at__isnull=False)
RUNNING = Q(ended_at__isnull=True)


def register() -> None:
    """Name what the journal's lines hold; called when the portal starts."""
    register_names("broadcast", lambda _values, _viewer: {kind.name: kind.label for kind in kinds()})
    register_names("written_to", lambda values, _viewer: {value: _written(int(value)) for value in values})
    register_names("left_to_write", lambda values, _viewer: {value: _left(int(value)) for value in values})


def _written(n: int) -> str:
    return ngettext("%(n)d written so far", "%(n)d written so far", n) % {"n": n} if n else gettext("none written yet")


def _left(n: int) -> str:
    return ngettext("%(n)d left", "%(n)d left", n) % {"n": n} if n else gettext("none left")


def so_far(broadcast: Broadcast, left: int | None) -> str:
    """How many are written to and, where that is known, how many are left, in words."""
    words = _written(broadcast.written)
    return words if left is None else f"{words}, {_left(left)}"


# --- How far it is ---


def left_of(broadcasts: Collection[Broadcast]) -> dict[int, int]:
    """How many mailboxes are still to be written to, each once, by the keys of `broadcasts`; none for what tells
    nobody any more. One statement to count, and one for each kind that must be read to know whom it tells.
    """
    told = _told_of(broadcasts)
    if not told:
        return {}
    counted = {}
    for row in broadcasts:
        if row.pk in told:
            passed = told[row.pk] & Q(pk__lte=row.cursor)
            counted[f"all_{row.pk}"] = Count("holder", distinct=True, filter=told[row.pk])
            counted[f"passed_{row.pk}"] = Count("holder", distinct=True, filter=passed)
    n = live().exclude(user__is_active=False).order_by().aggregate(**counted)
    return {key: n[f"all_{key}"] - n[f"passed_{key}"] for key in told}


def _told_of(broadcasts: Collection[Broadcast]) -> dict[int, Q]:
    """The condition on subscriptions that they are told of it, by the keys of `broadcasts`."""
    subjects = _subjects_of(broadcasts)
    found = {}
    for row in broadcasts:
        bulletin, subject = bulletin_of(row.kind), subjects.get((row.kind, row.subject_id))
        if bulletin is not None and subject is not None:
            found[row.pk] = Q(_told(bulletin, subject), confirmed_at__lte=row.due_at)
    return found


def _told(bulletin: Bulletin, subject: Any) -> Q:
    if bulletin.told is not None:
        return bulletin.told(subject)
    told, besides = among(bulletin.wishes(subject)), bulletin.besides(subject)
    if besides is None:
        return told
    people = besides.order_by()
    return told & ~Q(user__in=people.values("pk")) & ~Q(address__in=people.values("email"))


def _subjects_of(broadcasts: Collection[Broadcast]) -> dict[tuple[str, str], Any]:
    """What each of them is about, by kind and key: read, where its bulletin must, and else its key alone."""
    keys: dict[tuple[str, int], set[str]] = {}
    for row in broadcasts:
        keys.setdefault((row.kind, row.subject_type_id), set()).add(row.subject_id)
    found = {}
    for (kind, type_id), ids in keys.items():
        model: Any = ContentType.objects.get_for_id(type_id).model_class()
        bulletin = bulletin_of(kind)
        if model is None or bulletin is None:
            continue
        by_key = (model(pk=key) for key in ids)
        for subject in by_key if bulletin.told else _rows(model, bulletin).filter(pk__in=ids):
            found[kind, str(subject.pk)] = subject
    return found


def _rows(model: Any, bulletin: Bulletin) -> QuerySet[Any]:
    rows: QuerySet[Any] = model._base_manager.all()
    return rows.select_related(*bulletin.related) if bulletin.related else rows


# --- What agents do with it ---


@dataclass(frozen=True)
class BroadcastHandle:
    """What agents do with what followers are being told. Each act gives how far it went, in words."""

    broadcast: Broadcast

    def hold(self, *, by: Any) -> str:
        return hold(self.broadcast, by=by)

    def release(self, *, by: Any) -> str:
        return release(self.broadcast, by=by)

    def send(self, *, by: Any) -> str:
        return release(self.broadcast, by=by)

    def cancel(self, *, by: Any) -> str:
        return cancel(self.broadcast, by=by)


def run_by(user: Any, broadcasts: QuerySet[Broadcast]) -> QuerySet[Any]:
    """`broadcasts`, each with whether `user` may hold it back (`is_run`)."""
    run = [When(bulletin.run_by(user), kind=kind, then=True) for kind, bulletin in held_bulletins()]
    return broadcasts.annotate(is_run=Case(*run, default=False, output_field=BooleanField()))


def hold(broadcast: Broadcast, *, by: Any) -> str:
    """Write to nobody else until it is released; what is written already leaves. Returns how far it went, in words.

    A batch that is being written is written. Raises Forbidden or Conflict (at its end, or held back).
    """
    return _change(broadcast, "hold_reminder", WRITABLE, by=by, held_at=clock.now())


def release(broadcast: Broadcast, *, by: Any) -> str:
    """Go on from where it was held back: the sweep writes the rest. Returns how far it went, in words.

    Raises Forbidden or Conflict (nobody holds it back).
    """
    return _change(broadcast, "release_reminder", HELD, by=by, held_at=None)


def cancel(broadcast: Broadcast, *, by: Any) -> str:
    """Never write to the others; what is written already leaves. Returns how far it went, in words.

    Raises Forbidden or Conflict (at its end).
    """
    moment = clock.now()
    ended = {"held_at": None, "ended_at": moment, "cancelled_at": moment}
    return _change(broadcast, "cancel_reminder", RUNNING, by=by, **ended)


@transaction.atomic
def _change(broadcast: Broadcast, verb: str, asked: Q, *, by: Any, **columns: Any) -> str:
    """Compare and set, with a line in the journal of what it is about that says how far it went."""
    sentence = gettext_lazy("This has already left, or someone decided otherwise: reload the page.")
    gone = Conflict("already_changed", sentence)
    bulletin = dict(held_bulletins()).get(broadcast.kind)
    model: Any = broadcast.subject_type.model_class()
    subject = _rows(model, bulletin).filter(pk=broadcast.subject_id).first() if bulletin else None
    if bulletin is None or subject is None:
        raise gone
    require(by, bulletin.permission, bulletin.owner(subject))
    if not Broadcast.objects.filter(asked, pk=broadcast.pk).update(**columns):
        raise gone
    # Read once it is ours: the batch that was being written counts.
    broadcast.refresh_from_db()
    left = left_of([broadcast])[broadcast.pk]
    data = {"broadcast": broadcast.kind, "written_to": broadcast.written, "left_to_write": left}
    record(bulletin.owner(subject), verb, by=by, data=data)
    words = so_far(broadcast, left)
    return f"{words[:1].upper()}{words[1:]}."
