"""What people choose about the messages they get: a few groups of kinds, and the channel by which each comes."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .kinds import Audience, Kind, Urgency, kinds


class Channel(TextChoices):
    """How a message reaches its reader, who finds it in the portal whatever the channel."""

    NOW = "now", _("By e-mail, at once")
    DAILY = "daily", _("By e-mail, once a day")
    PORTAL = "portal", _("In the portal only")


@dataclass(frozen=True)
class Group:
    """Kinds of messages that one chooses about together; a `Kind` names its group.

    Args:
        name: `<app>.<what>`.
        label: what one chooses about ("Reminders before a call closes").
        told: what comes with it, in a sentence.
        audience: to whom it is shown.
        channels: what may be chosen, `default` for who chose nothing.
        words: other words for some of the channels.
    """

    name: str
    label: Any
    told: Any
    audience: Audience
    channels: tuple[Channel, ...] = (Channel.NOW, Channel.DAILY, Channel.PORTAL)
    default: Channel = Channel.NOW
    words: tuple[tuple[Channel, Any], ...] = ()

    def choices(self) -> list[tuple[str, Any]]:
        """Its channels, each with its words."""
        own = dict(self.words)
        return [(channel.value, own.get(channel, channel.label)) for channel in self.channels]


_groups: dict[str, Group] = {}
_belongings: dict[Audience, Callable[[Any], bool]] = {Audience.PERSON: lambda _user: True}
# How a page lists them, whatever the order in which apps start.
AUDIENCES = (Audience.APPLICANTS, Audience.JURORS, Audience.TEAMS, Audience.AGENTS, Audience.FOLLOWERS, Audience.PERSON)


def register_group(group: Group) -> Group:
    """Add a group after those registered before it; the same name again replaces it."""
    _groups[group.name] = group
    return group


def register_belonging(audience: Audience, belongs: Callable[[Any], bool]) -> None:
    """Say whether a signed-in user is of `audience`; the same audience again replaces it. One statement at most."""
    _belongings[audience] = belongs


def group_named(name: str) -> Group | None:
    return _groups.get(name)


def group_of(kind: str) -> Group | None:
    """The group of the kind of that name; None where there is nothing to choose."""
    found = next((one.group for one in kinds() if one.name == kind), "")
    return _groups.get(found)


def kinds_in(group: Group) -> list[str]:
    """The names of the kinds in a group."""
    return [kind.name for kind in kinds() if kind.group == group.name]


def audiences_of(user: Any) -> set[Audience]:
    """The audiences a signed-in user belongs to. A statement for each at most."""
    return {audience for audience, belongs in _belongings.items() if belongs(user)}


def groups_for(audiences: Collection[Audience]) -> list[Group]:
    """What those audiences may choose about, in the order of their pages."""
    shown = [group for group in _groups.values() if group.audience in audiences]
    return sorted(shown, key=lambda group: AUDIENCES.index(group.audience))


def fixed_for(audiences: Collection[Audience]) -> list[tuple[Any, list[Kind]]]:
    """Why some kinds always leave by mail to those audiences, and which they are."""
    fixed = [kind for kind in kinds() if not kind.group and kind.audience in audiences and kind.is_told]
    by_why: dict[str, list[Kind]] = {}
    for kind in sorted(fixed, key=lambda kind: AUDIENCES.index(kind.audience)):
        by_why.setdefault(str(why_fixed(kind)), []).append(kind)
    return list(by_why.items())


def why_fixed(kind: Kind) -> Any:
    """Why nobody chooses about a kind that has no group."""
    if kind.sensitive:
        return _("They hold a link or a code that is for you alone")
    if kind.urgency == Urgency.ACT:
        return _("They ask something of you by a date")
    if kind.urgency == Urgency.PROOF:
        return _("They prove or decide something about you")
    if kind.audience == Audience.AGENTS:
        return _("They come with your part in a call")
    return kind.why or _("They tell who acts for you, or answer what you asked")
