"""What a message says: in the agents' words where they wrote some, else in the portal's own."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from bethune_smartcity.core.text import hold_signs, one_line

from .kinds import Kind
from .layout import Told, finished, unmarked
from .texts import Own, Text, Words, fill, filled, told_in, worded

# Templates hold still while the portal runs: what they say is drawn once for each text and language.
_drawn: dict[tuple[str, str, str], Words] = {}


def render(kind: Kind, language: str, context: dict[str, Any], own: Own | None = None) -> tuple[str, Told]:
    """The subject and the body of a message of `kind`, in that language: in the agents' words where `own` has some."""
    with told_in_language(language):
        words = worded(kind.texts, language, context, own or {}) or _portal_words(kind, language, context)
    return typeset(words, language)


def told_in_language(language: str) -> AbstractContextManager[None]:
    """That language put in force, unless it is already: thousands may be told in it, one after the other."""
    return nullcontext() if translation.get_language() == language else translation.override(language)


def _portal_words(kind: Kind, language: str, context: dict[str, Any]) -> Words:
    """The portal's own words: of a text that agents may word, drawn once with its placeholders and filled in."""
    text = told_in(kind.texts, context)
    if text is None:
        return template_words(kind, context)
    place = (kind.template, text.key, language)
    if place not in _drawn:
        _drawn[place] = default_words(kind, text, language)
    return filled(text, _drawn[place], context)


def default_words(kind: Kind, text: Text, language: str) -> Words:
    """The portal's own words for a text of `kind` in that language, with its placeholders."""
    with translation.override(language):
        words = template_words(kind, text.made_of(text.tokens()))
    return Words(*typeset(words, language))


def sample_words(text: Text, language: str, words: Words) -> Words:
    """What `words` become with invented data, in that language."""
    samples = text.samples(language)
    return Words(*typeset(Words(fill(words.subject, samples), fill(words.body, samples)), language))


def template_words(kind: Kind, context: dict[str, Any]) -> Words:
    """What the portal's templates make of `context`, in the language in force."""
    subject = str(render_to_string(f"{kind.template}.subject.txt", context))
    return Words(subject, str(render_to_string(f"{kind.template}.txt", context)))


def typeset(words: Words, language: str) -> tuple[str, Told]:
    """A subject on one line and a body that ends with it, as they leave in that language, with where its links are."""
    if isinstance(words.body, Told):
        return one_line(words.subject)[:250], words.body
    subject, body = unmarked(words.subject), words.body
    if language == "fr":
        subject, body = hold_signs(subject), hold_signs(body)
    return one_line(subject)[:250], finished(body.strip() + "\n")
