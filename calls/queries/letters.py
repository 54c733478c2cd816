"""Bulk messages as agents see them: whose they are, to how many, what became of them, and what one of them says."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, IntegerField, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext, override

from bethune_smartcity.accounts.models import User
from bethune_smartcity.notifications.layout import followed_by
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.planners import so_many
from bethune_smartcity.notifications.rendering import typeset
from bethune_smartcity.notifications.texts import Text, Words, fill, names_in
from calls.audiences import Audience, Reader, audience_of, audiences
from calls.models import Letter
from calls.models.letter import FIRST
from calls.workflow import LetterState

State = Message.State
L = LetterState
ONLY_FRENCH = gettext_lazy("This message is available in French only.")


def visible_letters(user: Any) -> QuerySet[Letter]:
    """The bulk messages to people whom `user` may write to."""
    known = Q(pk__in=[])
    for audience in audiences():
        known |= Q(audience=audience.name, call__in=audience.run_by(user))
    return Letter.objects.filter(known).select_related("call", "created_by")


def people_of(letter: Letter, moment: datetime) -> QuerySet[User]:
    """Those a message is for at the aware instant `moment`, by their keys."""
    return audience_of(letter).people(letter.call, letter.part, moment).order_by("pk")


def counts_of(letters: Collection[Letter], moment: datetime) -> dict[int, int]:
    """To how many people each of `letters` would go at that instant, by key. One statement; none for nothing."""
    counted = [
        audience_of(letter)
        .people(letter.call, letter.part, moment)
        .order_by()
        .annotate(letter=Value(letter.pk, IntegerField()))
        .values("letter")
        .annotate(n=Count("pk"))
        .values_list("letter", "n")
        for letter in letters
    ]
    return dict(counted[0].union(*counted[1:], all=True)) if counted else {}


@dataclass(frozen=True)
class Tally:
    """What became of the messages of a letter."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def written(self) -> int:
        return self.sent + self.waiting + self.failed + self.cancelled


# Where each state of a message counts.
COUNTED_AS = {
    State.PENDING: "waiting",
    State.HELD: "waiting",
    State.CLAIMED: "waiting",
    State.SENT: "sent",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}


def messages_of(letter: Letter) -> QuerySet[Message]:
    """The messages of a letter, to whoever they went."""
    return Message.objects.filter(about_type=ContentType.objects.get_for_model(Letter), about_id=str(letter.pk))


def tally_of(letter: Letter) -> Tally:
    """One statement."""
    counts: dict[str, int] = {}
    for state, n in messages_of(letter).order_by().values_list("state").annotate(n=Count("pk")):
        name = COUNTED_AS[State(state)]
        counts[name] = counts.get(name, 0) + n
    return Tally(**counts)


def language_read(letter: Letter, user: User) -> str:
    """The language in which `user` is written to: theirs where the message has it, else French."""
    return user.language if user.language in letter.texts else FIRST


def words_for(letter: Letter, reader: Reader, url: str) -> Words:
    """What one reader gets; `url` is the page it leads to. In French for want of their language, which it says."""
    language = language_read(letter, reader.user)
    with override(language):
        context = {**reader.facts, "user": reader.user, "call": letter.call, "url": url}
        told = filled(audience_of(letter).text, letter.words[language], context)
    subject, body = typeset(told, language)
    if language == reader.user.language:
        return Words(subject, body)
    with override(reader.user.language):
        return Words(subject, followed_by(f"{ONLY_FRENCH}\n\n", body))


def filled(text: Text, words: Words, context: Mapping[str, Any]) -> Words:
    """`words` with those of each placeholder they hold, in the language in force."""
    used = {*names_in(words.subject), *names_in(words.body)}
    values = {name: str(each.value(context)) for name, each in text.by_name.items() if name in used}
    return Words(fill(words.subject, values), fill(words.body, values))


def readers_of(letter: Letter, users: Collection[User], moment: datetime) -> list[Reader]:
    """What each of `users`, whom the letter is for, is told."""
    return audience_of(letter).readers(letter.call, letter.part, list(users), moment)


def by_language(letter: Letter, moment: datetime) -> dict[str, int]:
    """How many of those it is for read each language. One statement."""
    people = people_of(letter, moment).order_by()
    return dict(people.values_list("language").annotate(n=Count("pk")).order_by("language"))


def address_of(letter: Letter, name: str = "letter") -> str:
    return reverse(f"calls:{name}", kwargs={"pk": letter.pk})


def waiting_letters(user: Any, until: datetime) -> list[Letter]:
    """Those `user` may see that leave by the aware instant `until`, and those held back. One statement."""
    coming = Q(state=L.HELD) | Q(state=L.PLANNED, due_at__lte=until)
    return list(visible_letters(user).filter(coming).order_by(F("due_at").asc(), "pk"))


def words_of_people(n: int) -> str:
    return so_many(n, ngettext("%(n)d person", "%(n)d people", n) % {"n": n})


def choices_for(user: Any, call: Any, may: Any) -> list[tuple[Audience, dict[str, Any]]]:
    """Whom `user` may write to about `call`, with the parts they may choose; `may(user, permission, call)` says who."""
    return [(audience, audience.parts(call)) for audience in audiences() if may(user, audience.permission, call)]
