"""What can be followed. Each app declares its topics when the portal starts; none is known here."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

# A topic and the key of what is followed in it; 0 for all of it.
Wish = tuple[str, int]
Names = Callable[[Collection[int] | None], dict[int, str]]


@dataclass(frozen=True)
class Topic:
    """Something to be told of.

    Args:
        name: `<app>.<what>`.
        label: what one ticks ("the coming calls for projects").
        names: the names, by key, of what anyone may follow in it now: of those keys, or of all for None.
        whole: how all its parts are called ("all the pillars").
        parts: what one may limit it to ("pillars"); empty where only one thing at a time is followed.
    """

    name: str
    label: Any
    names: Names
    parts: Any = ""
    whole: Any = ""

    @property
    def is_offered(self) -> bool:
        """Whether it stands on forms of its own, and not only on the page of each thing."""
        return bool(self.parts)

    def sentence(self, about: int, names: dict[int, str]) -> str:
        """What is followed, such as "The coming calls for projects: Habitat-Environnement"."""
        if not about:
            return str(self.label)
        name = names.get(about)
        if name and not self.is_offered:
            return _("%(label)s “%(name)s”") % {"label": self.label, "name": name}
        colon, gone = pgettext("between label and text", ":"), _("no longer published")
        return f"{self.label}{colon} {name or gone}"


_topics: dict[str, Topic] = {}


def register_topic(topic: Topic) -> Topic:
    """Add a topic after those registered before it; the same name again replaces it."""
    _topics[topic.name] = topic
    return topic


def topic_named(name: str) -> Topic | None:
    return _topics.get(name)


def topics() -> list[Topic]:
    """Every topic, in the order they were declared."""
    return list(_topics.values())


def offered() -> list[Topic]:
    """The topics one chooses on a form, in the order they were declared."""
    return [topic for topic in topics() if topic.is_offered]


def known(wishes: Iterable[Wish]) -> list[Wish]:
    """Those of `wishes` that anyone may follow now, each once, in their order: one read for each topic."""
    wishes = list(dict.fromkeys(wishes))
    names = names_for(wishes)
    return [(name, about) for name, about in wishes if name in names and _holds(_topics[name], about, names[name])]


def _holds(topic: Topic, about: int, names: dict[int, str]) -> bool:
    return about in names if about else topic.is_offered


def names_for(wishes: Iterable[Wish]) -> dict[str, dict[int, str]]:
    """The names, by topic then by key, of what `wishes` are about; a topic nobody declares is left out."""
    keys: dict[str, set[int]] = {}
    for name, about in wishes:
        keys.setdefault(name, set()).add(about)
    return {name: _topics[name].names(abouts - {0}) for name, abouts in keys.items() if name in _topics}


def sentences(wishes: Iterable[Wish]) -> list[str]:
    """What is followed, in words, in the language in force."""
    wishes = list(wishes)
    names = names_for(wishes)
    return [_topics[name].sentence(about, names[name]) for name, about in wishes if name in names]


def wish_in(text: str) -> Wish | None:
    """The wish a form carries as `<topic>:<key>`; None for another text."""
    name, _colon, about = text.rpartition(":")
    return (name, int(about)) if name and is_key(about) else None


def is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
