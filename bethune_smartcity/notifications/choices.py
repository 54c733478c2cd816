"""What the page of someone's subscriptions lists: what they follow, and what they might."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from .models import Subscription
from .topics import Topic, Wish, known, offered, sentences, topic_named


@dataclass(frozen=True)
class Choice:
    """A box to tick: what its form carries, its words, whether it is ticked."""

    value: str
    label: str
    is_on: bool


@dataclass(frozen=True)
class Group:
    """The boxes of one topic."""

    title: object
    choices: list[Choice]


def choices_of(rows: Sequence[Subscription]) -> list[Group]:
    """Every topic with its parts, then what is followed one at a time among `rows`; ended ones are not ticked."""
    on = {(row.topic, row.about) for row in rows if row.is_in_force}
    groups = [Group(topic.label, _whole_and_parts(topic, on)) for topic in offered()]
    single = known((row.topic, row.about) for row in rows if row.confirmed_at and _is_single(row.topic))
    if single:
        boxes = [_choice(wish, words, on) for wish, words in zip(single, sentences(single), strict=True)]
        groups.append(Group(gettext_lazy("And in particular"), boxes))
    return groups


def _is_single(name: str) -> bool:
    topic = topic_named(name)
    return topic is not None and not topic.is_offered


def _whole_and_parts(topic: Topic, on: set[Wish]) -> list[Choice]:
    whole = _choice((topic.name, 0), str(topic.whole), on)
    return [whole, *(_choice((topic.name, about), words, on) for about, words in topic.names(None).items())]


def _choice(wish: Wish, words: str, on: set[Wish]) -> Choice:
    return Choice(f"{wish[0]}:{wish[1]}", words, wish in on)
