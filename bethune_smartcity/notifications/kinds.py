"""The kinds of messages the portal sends. Each app registers its own when the portal starts."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    `template` is the path of its texts without ending (`calls/emails/receipt` for `.subject.txt` and `.txt`);
    a `sensitive` kind keeps no text: it carries a secret made at sending time; without `keeps_address` its row does
    not even say to whom it went (voters). `to_followers`: its readers are whoever follows what it tells, not named
    people.
    """

    name: str
    label: Any
    template: str = ""
    sensitive: bool = False
    keeps_address: bool = True
    to_followers: bool = False


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> Kind:
    """The registered kind. Raises LookupError when nobody registered it."""
    if name not in _kinds:
        raise LookupError(f"unknown message kind {name}")
    return _kinds[name]


def kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]
