"""Messages written already that wait for their instant, by what they tell: one line for as many as leave together."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.core.errors import Conflict

from . import outbox
from .begun import BroadcastHandle, left_of, run_by, so_far
from .channels import DIGEST, next_hour
from .kinds import kind_named, kinds, waits
from .models import Broadcast, Message
from .newcomers import newcomers
from .operations import WAITING
from .planners import Edit, Foreseen
from .readership import kept_back

State = Message.State


@dataclass(frozen=True)
class Whole:
    """What several subjects of messages belong to, such as a call: its words, and where it is run."""

    key: Any
    label: str
    url: str = ""


# By the label of a model: what each of those rows, named by their keys as texts, belongs to.
Wholes = Callable[[Collection[str]], dict[str, Whole]]
_wholes: dict[str, Wholes] = {}


def register_whole(model: str, wholes: Wholes) -> None:
    """Say what rows of the model of that label belong to; the same label again replaces it."""
    _wholes[model] = wholes


# For a user: where the messages of one kind are changed, by the keys, as texts, of what they are about; some may lack.
Edits = Callable[[Any, Collection[str]], Mapping[str, tuple[Edit, ...]]]
_edits: dict[str, Edits] = {}


def register_edits(kind: str, edits: Edits) -> None:
    """Say where what written messages of `kind` tell is still changed; the same kind again replaces it."""
    _edits[kind] = edits


@dataclass(frozen=True)
class Together:
    """Messages of one kind about one whole, which leave at one instant."""

    kind: str
    whole: Whole
    due_at: datetime
    is_held: bool


def waiting(user: Any, messages: QuerySet[Message], since: datetime, until: datetime) -> list[Foreseen]:
    """Those of `messages`, which `user` may see, that leave between those aware instants, and those held back: to whom
    they would leave as of now, those who joined included, without those who may not read them any more.

    One statement for them, one for each kind of thing they are about, one for each kind that is changed somewhere, and
    a few for who joined.
    """
    held = messages.filter(state=State.HELD)
    later = messages.filter(state=State.PENDING, due_at__gt=since, due_at__lte=until)
    columns = ("kind", "about_type", "about_id", "due_at", "state")
    open_to_them = (later | held).exclude(kept_back(since)).order_by()
    rows = list(open_to_them.values_list(*columns).annotate(n=Count("pk")))
    rows += _who_joined(later | held)
    wholes = _wholes_of({(row[1], row[2]) for row in rows})
    groups: Groups = {}
    counts: dict[Together, int] = {}
    for kind, about_type, about_id, due_at, state, n in rows:
        group = Together(kind, wholes[about_type, about_id], due_at, state == State.HELD)
        groups.setdefault(group, []).append((about_type, about_id))
        counts[group] = counts.get(group, 0) + n
    edits = _edits_of(user, groups)
    return [_told(group, abouts, counts[group], edits, messages) for group, abouts in groups.items()]


def _who_joined(messages: QuerySet[Message]) -> Iterator[tuple[Any, ...]]:
    """The kind, the subject, the instant and the state of the messages that those who joined will be written, of each
    one, beside `messages`.
    """
    for one in newcomers(messages):
        row = one.beside
        yield row.kind, row.about_type_id, row.about_id, row.due_at, row.state, 1


def gathered(messages: QuerySet[Message], moment: datetime) -> Iterator[Foreseen]:
    """The next day's mail after the aware instant `moment`, as far as it is made of `messages`: one line, to look at.

    What each person chose is theirs: nobody holds it back. One statement.
    """
    waiting = messages.filter(state=State.GATHERED, sent_at__isnull=True).exclude(kept_back(moment))
    found = waiting.aggregate(n=Count("pk"), people=Count("recipient", distinct=True))
    n, people = found["n"], found["people"]
    if people:
        yield Foreseen(
            ref="day-mail",
            at=next_hour(moment),
            what=kind_named(DIGEST).label,
            to=ngettext("%(n)d person", "%(n)d people", people) % {"n": people},
            count=people,
            why=ngettext("gathers %(n)d message", "gathers %(n)d messages", n) % {"n": n},
        )


def under_way(user: Any, broadcasts: QuerySet[Broadcast], moment: datetime) -> Iterator[Foreseen]:
    """Those of `broadcasts`, which `user` may see, that are being written to followers, or soon will be, and those held
    back: how far each is.

    A statement for them, one to count, one for each kind of thing they are about, and two for each kind at most.
    """
    rows = list(run_by(user, broadcasts.filter(ended_at__isnull=True)).order_by("due_at", "pk"))
    wholes = _wholes_of({(row.subject_type_id, row.subject_id) for row in rows})
    labels = {kind.name: kind.label for kind in kinds()}
    edits = _edits_among(user, ((row.kind, row.subject_id) for row in rows))
    left = left_of(rows)
    for row in rows:
        whole = wholes[row.subject_type_id, row.subject_id]
        yield Foreseen(
            ref=f"broadcast-{row.pk}",
            at=max(row.due_at, moment),
            what=labels.get(row.kind, row.kind),
            to=str(_("to followers")),
            count=left.get(row.pk, 0),
            why=so_far(row, left.get(row.pk)),
            about=whole.label,
            url=whole.url,
            edits=edits.get(row.kind, {}).get(row.subject_id, ()),
            handle=BroadcastHandle(row) if row.is_run else None,
            is_held=row.held_at is not None,
            hastens=False,
            has_begun=row.written > 0,
        )


def _wholes_of(abouts: Collection[tuple[Any, str]]) -> dict[tuple[Any, str], Whole]:
    """What each subject belongs to: itself, without words, where no app said more."""
    keys: dict[Any, set[str]] = {}
    for about_type, about_id in abouts:
        keys.setdefault(about_type, set()).add(about_id)
    known: dict[tuple[Any, str], Whole] = {}
    for about_type, ids in keys.items():
        model = ContentType.objects.get_for_id(about_type).model_class() if about_type else None
        find = _wholes.get(model._meta.label_lower) if model else None
        known |= {(about_type, key): whole for key, whole in (find(ids) if find else {}).items()}
    return {about: known.get(about, Whole(about, "")) for about in abouts}


Groups = dict[Together, list[tuple[Any, str]]]
EditsOf = Mapping[str, Mapping[str, tuple[Edit, ...]]]


def _edits_of(user: Any, groups: Groups) -> EditsOf:
    """Where what each kind of message tells is changed, by the keys of what they are about."""
    return _edits_among(user, ((group.kind, key) for group, abouts in groups.items() for _type, key in abouts))


def _edits_among(user: Any, told: Iterable[tuple[str, str]]) -> EditsOf:
    """Where what messages tell is changed, from their kinds and the keys of what they are about."""
    keys: dict[str, set[str]] = {}
    for kind, key in told:
        keys.setdefault(kind, set()).add(key)
    return {kind: _edits[kind](user, found) for kind, found in keys.items() if kind in _edits}


def _told(
    group: Together, abouts: list[tuple[Any, str]], n: int, edits: EditsOf, messages: QuerySet[Message]
) -> Foreseen:
    labels = {kind.name: kind.label for kind in kinds()}
    place = f"{group.kind}:{group.whole.key}:{group.due_at.isoformat()}:{group.is_held}"
    theirs = edits.get(group.kind, {})
    return Foreseen(
        ref=f"m{sha256(place.encode()).hexdigest()[:20]}",
        at=group.due_at,
        what=labels.get(group.kind, group.kind),
        to=ngettext("%(n)d message", "%(n)d messages", n) % {"n": n},
        count=n,
        why=str(_("written already, waits for this instant")),
        about=group.whole.label,
        url=group.whole.url,
        edits=tuple(dict.fromkeys(edit for _type, about_id in abouts for edit in theirs.get(about_id, ()))),
        handle=TogetherHandle(group, tuple(abouts), messages),
        is_held=group.is_held,
        hastens=not waits(group.kind),
    )


@dataclass(frozen=True)
class TogetherHandle:
    """What agents do with messages that leave together: each is changed, and each has its line in the journal."""

    group: Together
    abouts: tuple[tuple[Any, str], ...]
    messages: QuerySet[Message]

    def hold(self, *, by: Any) -> None:
        self._each(outbox.hold, by=by)

    def release(self, *, by: Any) -> None:
        self._each(outbox.let_go, by=by)

    def send(self, *, by: Any) -> None:
        self._each(outbox.hasten, by=by)

    def cancel(self, *, by: Any) -> None:
        self._each(outbox.cancel, by=by)

    @transaction.atomic
    def _each(self, act: Callable[..., Message], *, by: Any) -> None:
        """Carry out an act on every message of the group, all or none."""
        here = self.messages.filter(kind=self.group.kind, due_at=self.group.due_at, state__in=WAITING)
        found = [each for each in here.order_by("pk") if (each.about_type_id, each.about_id) in set(self.abouts)]
        if not found:
            raise Conflict("already_changed", _("This message has already left, or was cancelled."))
        for message in found:
            act(message, by=by)
