"""What agents may word themselves in a message: its texts, and the placeholders they are made of.

A placeholder is written between braces, as `{lien}`. Nothing else in an agent's text is looked at: it is no template.
Placeholders are replaced in one pass, so that what stands in for one is never read again.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import override

from bethune_smartcity.core.text import normalise

from .tongues import on_one_line

log = logging.getLogger(__name__)

Context = Mapping[str, Any]
TOKEN = re.compile(r"\{(?P<name>[^{}\n]*)\}")
# A line that holds nothing but one placeholder, and the blank line after it.
ALONE = re.compile(r"^[ \t]*\{(?P<name>[^{}\n]*)\}[ \t]*(?:\n|\Z)(?:[ \t]*\n)?", re.MULTILINE)
LONGEST_SUBJECT, LONGEST_BODY = 150, 6000


@dataclass(frozen=True)
class Moment:
    """When in the life of a call a message leaves: `order` sorts them."""

    order: int
    label: Any


@dataclass(frozen=True)
class Placeholder:
    """What `{name}` stands for.

    Args:
        label: what it is, to who writes the text.
        value: its words, from what a message is made of, in the language in force.
        sample: invented words, for a preview.
        is_required: whether a text without it does not do its work.
        is_long: whether it may take several lines: then it has no place in a subject.
    """

    name: str
    label: Any
    value: Callable[[Context], Any]
    sample: Any
    is_required: bool = False
    is_long: bool = False

    @property
    def token(self) -> str:
        return f"{{{self.name}}}"


@dataclass(frozen=True)
class Text:
    """One text of a message that agents may word themselves; a kind has several where it says different things.

    Args:
        key: its name among all texts.
        label: what it says, to agents.
        made_of: from the words of each placeholder, what the portal's own template tells them from.
        holds: whether a message is told in this text.
        is_of_call: whether the agents of each call word it for theirs; else it is worded once, for what is of no call.
    """

    key: str
    label: Any
    moment: Moment
    placeholders: tuple[Placeholder, ...]
    made_of: Callable[[Mapping[str, str]], dict[str, Any]]
    holds: Callable[[Context], bool] = lambda _context: True
    is_of_call: bool = True

    @property
    def by_name(self) -> dict[str, Placeholder]:
        return {each.name: each for each in self.placeholders}

    def samples(self, language: str) -> dict[str, str]:
        """Invented words for each placeholder, in that language."""
        with override(language):
            return {each.name: str(each.sample) for each in self.placeholders}

    def tokens(self) -> dict[str, str]:
        return {each.name: each.token for each in self.placeholders}


@dataclass(frozen=True)
class Words:
    """A subject and a body."""

    subject: str
    body: str


def part(template: str) -> Callable[[Context], str]:
    """The value of a placeholder that a template of its own draws."""
    return lambda context: str(render_to_string(template, dict(context))).strip()


def lazily(make: Callable[[], str]) -> Any:
    """Words made where they are shown."""
    return lazy(make, str)()


@lru_cache(maxsize=1000)
def folded(name: str) -> str:
    """A name between braces as names are compared: without accents or case, its words held by underscores."""
    return re.sub(r"[\s_-]+", "_", normalise(name))


def names_in(text: str) -> list[str]:
    """The names between braces in `text`, folded."""
    return [folded(match["name"]) for match in TOKEN.finditer(text)]


def fill(text: str, words: Mapping[str, str]) -> str:
    """`text` with the words of each placeholder in its place; a line that holds an empty one alone goes.

    What is no placeholder stays as it is.
    """

    def kept(match: re.Match[str]) -> str:
        return "" if words.get(folded(match["name"])) == "" else match[0]

    def replaced(match: re.Match[str]) -> str:
        return words.get(folded(match["name"]), match[0])

    return TOKEN.sub(replaced, ALONE.sub(kept, text.replace("\r\n", "\n")))


# --- What is refused ---


def complaints(text: Text, words: Words) -> dict[str, list[str]]:
    """Why these words cannot be those of `text`: sentences by field, none when they can."""
    found = {
        "subject": [*_strange(text, words.subject), *_too_long_for_a_subject(text, words.subject)],
        "body": [*_strange(text, words.body), *_missing(text, words.body)],
    }
    return {field: sentences for field, sentences in found.items() if sentences}


def _strange(text: Text, typed: str) -> Iterator[str]:
    """What is between braces and no placeholder, each once, and braces that enclose nothing."""
    for match in {match[0]: match for match in TOKEN.finditer(typed)}.values():
        name = folded(match["name"])
        if name not in text.by_name:
            yield _no_placeholder(text, match[0], name)
    if re.search(r"[{}]", TOKEN.sub("", typed)):
        example = {"token": text.placeholders[0].token}
        yield _("A brace stands alone. Braces only enclose a placeholder, such as %(token)s.") % example


def _no_placeholder(text: Text, typed: str, name: str) -> str:
    near = get_close_matches(name, text.by_name, n=1)
    if near:
        known = text.by_name[near[0]].token
        return _("“%(typed)s” is no placeholder of this message. Did you mean %(known)s?") % {
            "typed": typed,
            "known": known,
        }
    return _("“%(typed)s” is no placeholder of this message: use those of the list.") % {"typed": typed}


def _too_long_for_a_subject(text: Text, typed: str) -> Iterator[str]:
    for name in dict.fromkeys(names_in(typed)):
        if name in text.by_name and text.by_name[name].is_long:
            token = {"token": text.by_name[name].token}
            yield _("%(token)s may take several lines: it has its place in the text, not in the subject.") % token


def _missing(text: Text, typed: str) -> Iterator[str]:
    written = set(names_in(typed))
    for each in text.placeholders:
        if each.is_required and each.name not in written:
            told = {"token": each.token, "label": each.label}
            yield _("%(token)s is missing (%(label)s): without it, the message does not do its work.") % told


# --- Whose words are told ---

Own = Mapping[tuple[str, str], Words]


@dataclass(frozen=True)
class Keeper:
    """Where an app keeps agents' words: `place` says which of them a message falls under, or None; `find` reads them
    all, by the key of a text and a language.
    """

    place: Callable[[Context], Any]
    find: Callable[[Any], Own]


_keepers: dict[str, Keeper] = {}
_remembered: ContextVar[dict[tuple[str, Any], Own] | None] = ContextVar("remembered", default=None)


def register_keeper(name: str, keeper: Keeper) -> None:
    """Let `keeper` find the words agents wrote; the same name again replaces it."""
    _keepers[name] = keeper


@contextmanager
def remembering() -> Iterator[None]:
    """Within the block, what a keeper found is not asked for again."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def own_words(texts: tuple[Text, ...], context: Context) -> Own:
    """The agents' words that a message made of `context` falls under. One statement, none for a kind without texts."""
    found: dict[tuple[str, str], Words] = {}
    for name, keeper in _keepers.items() if texts else ():
        place = keeper.place(context)
        if place is not None:
            found |= _found(name, keeper, place)
    return found


def _found(name: str, keeper: Keeper, place: Any) -> Own:
    memory = _remembered.get()
    if memory is None:
        return keeper.find(place)
    if (name, place) not in memory:
        memory[name, place] = keeper.find(place)
    return memory[name, place]


def told_in(texts: tuple[Text, ...], context: Context) -> Text | None:
    """The text in which a message made of `context` is told; None for one that agents do not word."""
    return next((text for text in texts if text.holds(context)), None)


def worded(texts: tuple[Text, ...], language: str, context: Context, own: Own) -> Words | None:
    """The agents' words for a message, filled in; None where the portal's own stand.

    Words that no longer fit, since a placeholder is gone, are left aside: the message leaves all the same.
    """
    text = told_in(texts, context) if own else None
    words = own.get((text.key, language)) if text else None
    if text is None or words is None:
        return None
    if complaints(text, words):
        log.warning("the agents' words for %s in %s no longer fit: the portal's own were told", text.key, language)
        return None
    return filled(text, words, context)


@lru_cache(maxsize=256)
def _names_used(words: Words) -> frozenset[str]:
    """The names between braces in `words`, which thousands of messages are filled from."""
    return frozenset((*names_in(words.subject), *names_in(words.body)))


def filled(text: Text, words: Words, context: Context) -> Words:
    """`words` of `text` with what a message made of `context` says in the place of each placeholder."""
    used = _names_used(words)
    values = {name: str(each.value(context)) for name, each in text.by_name.items() if name in used}
    return Words(on_one_line(fill(words.subject, values)), fill(words.body, values))
