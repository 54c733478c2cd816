"""The bulk messages among all that will leave: when, to how many, and what their agents do with each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.planners import Edit, Foreseen
from calls.audiences import part_label
from calls.models import Letter
from calls.notices import LETTER
from calls.queries.letters import address_of, counts_of, waiting_letters, words_of_people
from calls.workflow import LetterState

from . import letters


@dataclass(frozen=True)
class LetterHandle:
    """What those who write to its people do with a message that has not left."""

    letter: Letter

    def hold(self, *, by: Any) -> None:
        letters.hold(self.letter, by=by)

    def release(self, *, by: Any) -> None:
        letters.release(self.letter, by=by)

    def send(self, *, by: Any) -> None:
        letters.hasten(self.letter, by=by)

    def cancel(self, *, by: Any) -> None:
        letters.cancel(self.letter, by=by)


def foresee(user: Any, since: datetime, until: datetime) -> Iterator[Foreseen]:
    """The bulk messages that leave between those aware instants, to people whom `user` may write to; two statements."""
    found = waiting_letters(user, until)
    counts = counts_of(found, since)
    for letter in found:
        n = counts.get(letter.pk, 0)
        yield Foreseen(
            ref=letter.ref,
            at=letter.due_at or since,
            what=_("%(kind)s “%(subject)s”") % {"kind": kind_named(LETTER).label, "subject": letter.title},
            to=words_of_people(n),
            count=n,
            why=_("written by hand: %(audience)s") % {"audience": part_label(letter)},
            about=letter.call.title,
            url=address_of(letter),
            edits=(Edit(_("Change the message"), address_of(letter, "reopen-letter")),),
            handle=LetterHandle(letter),
            is_held=letter.state == LetterState.HELD,
        )
