"""By which channel a message reaches its reader: what they chose is obeyed here, and nowhere else.

A message is looked at when it is about to leave, whatever wrote it and whatever lets it go: a choice holds for all
that has not left.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction

from bethune_smartcity.core import clock

from .groups import Channel, Group, group_named, group_of, kinds_in
from .models import Message, Preference
from .paths import path_of

State = Message.State
A_DAY = timedelta(days=1)
# The kind of the day's mail, which `digests` writes.
DIGEST = "notifications.digest"
# Stands for all that comes in the day's mail, in the link that ends it.
DAY_MAIL = "day-mail"

_signer = signing.Signer(salt="notifications.preference")


def hour_of(day: date) -> datetime:
    """The instant, in UTC, at which the mail of `day` leaves: the hour of the setting in Paris.

    An hour that the day does not have is the next one, of one that it has twice the first.
    """
    wall = datetime.combine(day, time(settings.DAY_MAIL_HOUR))
    return wall.replace(tzinfo=clock.PARIS).astimezone(UTC)


def last_hour(moment: datetime) -> tuple[date, datetime]:
    """The day and the instant of the last day's mail due at the aware instant `moment`."""
    today = moment.astimezone(clock.PARIS).date()
    day = today if hour_of(today) <= moment else today - A_DAY
    return day, hour_of(day)


def next_hour(moment: datetime) -> datetime:
    """The instant of the first day's mail after the aware instant `moment`."""
    return hour_of(last_hour(moment)[0] + A_DAY)


def channel_of(message: Message, moment: datetime) -> Channel:
    """How `message` reaches its reader at the aware instant `moment`. One statement, none where nobody chooses.

    No deadline waits for a mail that would leave its reader less than a day.
    """
    group = group_of(message.kind)
    if group is None or message.recipient_id is None:
        return Channel.NOW
    chosen = chosen_by(message.recipient_id, group, message.kind)
    return Channel.NOW if chosen == Channel.DAILY and is_pressing(message, moment) else chosen


def is_pressing(message: Message, moment: datetime) -> bool:
    """Whether the deadline that `message` is about falls less than a day after the next day's mail."""
    return message.expires_at is not None and message.expires_at < next_hour(moment) + A_DAY


def chosen_by(user: int, group: Group, kind: str) -> Channel:
    """The channel that the user of that key chose for `kind` of `group`, or for the whole of it. One statement."""
    rows = Preference.objects.filter(user=user, group=group.name, kind__in=("", kind))
    chosen = {name: channel for name, channel in rows.values_list("kind", "channel") if channel in group.channels}
    return Channel(chosen.get(kind) or chosen.get("") or group.default)


def set_aside(message: Message) -> bool:
    """Put a claimed message by when it is not to leave now: for the day's mail, or for good. Whether it was."""
    channel = channel_of(message, clock.now())
    if channel == Channel.NOW:
        return False
    mine = Message.objects.filter(pk=message.pk, state=State.CLAIMED)
    mine.update(**_put_by(channel), claimed_at=None, attempts=0)
    return True


def _put_by(channel: Channel) -> dict[str, Any]:
    """What becomes of a message that no mail of its own carries."""
    return {"state": State.GATHERED if channel == Channel.DAILY else State.SHOWN}


def choices_of(user: Any) -> dict[str, str]:
    """What `user` chose, by group. One statement."""
    return dict(Preference.objects.filter(user=user, kind="").values_list("group", "channel"))


def own_choices_of(user: Any) -> dict[str, str]:
    """What `user` chose for a kind alone, by its name. One statement."""
    return dict(Preference.objects.filter(user=user).exclude(kind="").values_list("kind", "channel"))


@transaction.atomic
def choose_kinds(user: Any, channels: Mapping[str, str]) -> None:
    """Let the messages of each kind reach `user` by the channel given for it, or, for an empty one, as its group.

    Those that have not left are included. A kind or a channel that cannot be chosen is passed over.
    """
    by_group = choices_of(user)
    for name, chosen in channels.items():
        group = group_of(name)
        if group is None or (chosen and chosen not in group.channels):
            continue
        if chosen:
            columns = {"channel": chosen, "changed_at": clock.now()}
            Preference.objects.update_or_create(user=user, group=group.name, kind=name, defaults=columns)
        else:
            Preference.objects.filter(user=user, group=group.name, kind=name).delete()
        _reconsider(user, [name], Channel(chosen or by_group.get(group.name) or group.default))


@transaction.atomic
def choose(user: Any, channels: Mapping[str, str]) -> None:
    """Let the messages of each group reach `user` by the channel given for it, those that have not left included.

    A group or a channel that cannot be chosen is passed over.
    """
    for name, chosen in channels.items():
        group = group_named(name)
        if group is not None and chosen in group.channels:
            columns = {"channel": chosen, "changed_at": clock.now()}
            Preference.objects.update_or_create(user=user, group=name, kind="", defaults=columns)
            apart = own_choices_of(user)
            _reconsider(user, [kind for kind in kinds_in(group) if kind not in apart], Channel(chosen))


def _reconsider(user: Any, kinds: list[str], channel: Channel) -> None:
    """Let what waits for the day's mail follow a new choice."""
    if channel == Channel.DAILY:
        return
    waiting = Message.objects.filter(recipient=user, kind__in=kinds, state=State.GATHERED)
    waiting.update(**({"state": State.PENDING} if channel == Channel.NOW else _put_by(channel)))


def key_to_quiet(user: int, name: str) -> str:
    """What the link that ends the mails of a group (or DAY_MAIL) carries. It lasts, and does nothing else."""
    return _signer.sign(f"{user}:{name}")


def behind(key: str) -> tuple[int, str] | None:
    """The user's key and the group of such a link; None for a text that is no key of ours."""
    try:
        user, _colon, name = _signer.unsign(key).partition(":")
    except signing.BadSignature:
        return None
    return int(user), name


@transaction.atomic
def quiet(user: Any, name: str) -> None:
    """Let no mail of a group (or, for DAY_MAIL, none of what comes once a day) be sent to `user` any more.

    A kind chosen for itself is no exception.
    """
    apart = own_choices_of(user)
    if name == DAY_MAIL:
        choose_kinds(user, {kind: Channel.PORTAL for kind, channel in apart.items() if channel == Channel.DAILY})
        groups = [group for group, channel in choices_of(user).items() if channel == Channel.DAILY]
    else:
        group = group_named(name)
        choose_kinds(user, dict.fromkeys(set(apart).intersection(kinds_in(group) if group else ()), ""))
        groups = [name]
    choose(user, dict.fromkeys(groups, Channel.PORTAL))


def quiet_path(message: Message) -> str:
    """The address, without host, that ends the mails like `message`; empty where there is nothing to choose."""
    if message.recipient_id is None:
        return ""
    group = group_of(message.kind)
    name = group.name if group else DAY_MAIL if message.kind == DIGEST else ""
    if not name:
        return ""
    return path_of("notifications:quiet", {"key": key_to_quiet(message.recipient_id, name)}, message.language)
