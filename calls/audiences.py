"""Whom agents of a call may write to, all at once. Each app adds its own people when the portal starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.notifications.texts import Moment, Placeholder, Text

from .models import Call, Letter

WRITTEN_BY_HAND = Moment(0, _("Written by hand"))


@dataclass(frozen=True)
class Reader:
    """One person a message is for.

    Args:
        told: as whom they are written to, in words ("Navette & Cie").
        page: the name of the page it leads to, and `keys` its address.
        facts: what the words of placeholders are made of.
    """

    user: User
    told: str
    page: str
    keys: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)


def _no_caution(_call: Call, _part: str, _moment: datetime) -> str:
    return ""


def _everyone(_user: Any) -> Q:
    return Q()


@dataclass(frozen=True)
class Audience:
    """People of a call that one right lets an agent write to.

    Args:
        name: `<app>.<whom>`.
        label: how they are called together ("Applicants").
        permission: who writes to them; asked about the call.
        run_by: the keys of the calls on which a user holds it.
        parts: of a call, which of them one may choose, with their words; the key of a part may be empty.
        people: (call, part, moment) those to write to at the aware instant `moment`, each once.
        readers: (call, part, users, moment) what each of `users` is told.
        placeholders: what may stand in the text.
        caution: (call, part, moment) a sentence the agent is to know before writing to them; empty for none.
        reach: from the key of a person (or its slot), the condition on bulk messages that they still belong to those
            their call is run for: what was written to them leaves on that condition.
    """

    name: str
    label: Any
    permission: str
    run_by: Callable[[Any], QuerySet[Any, Any] | RawSQL]
    parts: Callable[[Call], dict[str, Any]]
    people: Callable[[Call, str, datetime], QuerySet[User]]
    readers: Callable[[Call, str, Sequence[User], datetime], list[Reader]]
    placeholders: tuple[Placeholder, ...]
    caution: Callable[[Call, str, datetime], str] = _no_caution
    reach: Callable[[Any], Q] = _everyone

    @property
    def text(self) -> Text:
        """What is asked of the words written to them."""
        return Text(self.name, self.label, WRITTEN_BY_HAND, self.placeholders, dict)


_audiences: dict[str, Audience] = {}


def register_audience(audience: Audience) -> Audience:
    """Add people after those registered before them; the same name again replaces them."""
    _audiences[audience.name] = audience
    return audience


def audiences() -> list[Audience]:
    """All who may be written to, in the order they were declared."""
    return list(_audiences.values())


def audience_named(name: str) -> Audience | None:
    return _audiences.get(name)


def audience_of(letter: Letter) -> Audience:
    """Whom `letter` is for. Raises LookupError when no app declares them any more."""
    return _audiences[letter.audience]


def part_label(letter: Letter) -> str:
    """Whom `letter` is for, in words; their name when no app declares them any more."""
    audience = audience_named(letter.audience)
    return str(audience.parts(letter.call).get(letter.part, audience.label)) if audience else letter.audience
