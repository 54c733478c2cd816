"""The kinds of messages the portal sends. Each app registers its own when the portal starts."""

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from .texts import Text


class Audience(TextChoices):
    APPLICANTS = "applicants", _("applicants")
    JURORS = "jurors", _("jurors")
    TEAMS = "teams", _("project teams and mentors")
    AGENTS = "agents", _("agents")
    FOLLOWERS = "followers", _("followers")
    CITIES = "cities", _("other cities")
    PERSON = "person", _("the person concerned")


class Urgency(TextChoices):
    """What a message asks of its reader."""

    ACT = "act", _("asks for something by a date")
    PROOF = "proof", _("proves or decides something")
    NEWS = "news", _("tells something")


@dataclass(frozen=True)
class Kind:
    """A kind of message.

    `template` is the path of its texts without ending (`calls/emails/receipt` for `.subject.txt` and `.txt`);
    a `sensitive` kind keeps no text: it carries a secret, sealed until it has left; without `keeps_address` its row
    does not even say to whom it went (voters). `to_followers`: its readers are whoever follows what it tells, not named
    people. `texts` are those of its texts that agents may word themselves; none by default. `group` is what its readers
    choose about it with (`groups.Group`); without one it always leaves by mail, and `why` says so where its urgency
    does not. What is not `is_told` is not listed to its readers. What `waits` tells something that is public from its
    instant on: nobody lets it leave before.
    """

    name: str
    label: Any
    template: str = ""
    sensitive: bool = False
    keeps_address: bool = True
    to_followers: bool = False
    audience: Audience = Audience.PERSON
    urgency: Urgency = Urgency.NEWS
    texts: tuple[Text, ...] = ()
    group: str = ""
    is_told: bool = True
    why: Any = ""
    waits: bool = False


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """Make `kind` known. Raises ValueError when agents would word a text that holds a secret."""
    if kind.sensitive and kind.texts:
        raise ValueError(f"{kind.name} holds a secret: its words are the portal's")
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> Kind:
    """The registered kind. Raises LookupError when nobody registered it."""
    if name not in _kinds:
        raise LookupError(f"unknown message kind {name}")
    return _kinds[name]


def keeps_address(name: str) -> bool:
    """Whether the rows of the kind `name` say to whom they went; so do those of a kind nobody registers any more."""
    return name not in _kinds or _kinds[name].keeps_address


def waits(name: str) -> bool:
    """Whether messages of the kind `name` tell something before it is true when they leave before their instant."""
    return name in _kinds and _kinds[name].waits


def kinds() -> list[Kind]:
    return [_kinds[name] for name in sorted(_kinds)]


def worded_kinds(*, of_call: bool = True) -> dict[str, tuple[Kind, Text]]:
    """Every text that agents may word themselves for a call, or else for what is of no call, with its kind, by key, in
    the order in which they leave.
    """
    pairs = [(kind, text) for kind in _kinds.values() for text in kind.texts if text.is_of_call == of_call]
    return {text.key: (kind, text) for kind, text in sorted(pairs, key=lambda pair: pair[1].moment.order)}
