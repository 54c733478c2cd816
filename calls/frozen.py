"""Versions of an application as people read them: what was frozen, in their language, and what one changed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bethune_smartcity.accounts.models import Structure, name_of_country
from bethune_smartcity.core.language import in_each
from pillars.models import Pillar

from .answers import shown_lines
from .models import Question, Submission, SubmissionVersion
from .wordings import as_asked

Content = dict[str, Any]
# What things are called, and what is said of them, by key.
Facts = dict[Any, tuple[str, str]]
NOTHING = ("", "")
# Words of both texts beyond which they are shown whole, one after the other: comparing them takes their product.
MOST_WORDS = 3000


def first_language(thing: Any, name: str) -> str:
    """What `thing` says in the language in which versions are frozen."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(getattr(thing, name))


def asks_as_frozen(frozen: Content, question: Question | None) -> bool:
    """Whether `question` is still worded as it was frozen."""
    return question is not None and first_language(question, "label") == frozen["label"]


def reads_as_frozen(frozen: Content, question: Question) -> bool:
    """Whether `question` still reads the frozen answer as it did."""
    with translation.override(settings.LANGUAGE_CODE):
        shown = shown_lines(question, frozen.get("value", ""))
    return question.kind == frozen["kind"] and shown == frozen.get("shown", [])


def questions_in(contents: Iterable[Content], submission: Submission) -> dict[int, Question]:
    """The questions that `contents` answer, as the form `submission` is read by asked them. One statement."""
    keys = {one["id"] for content in contents for section in content["sections"] for one in section["questions"]}
    every = Question.everything.filter(pk__in=keys).select_related("section")
    return {question.pk: as_asked(question, submission.form_read) or question for question in every}


@dataclass(frozen=True)
class Changed:
    """Something that a version says otherwise than the one before it; empty for nothing.

    `words` are both texts in one, each piece with "del", "ins" or "" for what is in both; none where they have little
    in common.
    """

    name: str
    before: str
    after: str
    words: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """A version, and what it says otherwise than the one before; nothing for the first."""

    version: SubmissionVersion
    changes: list[Changed]

    @property
    def names(self) -> list[str]:
        return [change.name for change in self.changes]


def steps_of(submission: Submission) -> list[Step]:
    """The versions of `submission`, oldest first, with what each changed, in the language in force.

    One statement for one version, three for more.
    """
    versions = list(submission.versions.select_related("by").order_by("number"))
    first = [Step(version, []) for version in versions[:1]]
    if len(versions) < 2:
        return first
    questions = questions_in([version.content for version in versions], submission)
    pillars = {pillar.slug: str(pillar) for pillar in Pillar.objects.only("slug", *in_each("name"))}
    facts = [facts_of(version.content, questions, pillars) for version in versions]
    return first + [Step(versions[n], list(changes(*pair))) for n, pair in enumerate(pairwise(facts), start=1)]


def changes(old: Facts, new: Facts) -> Iterator[Changed]:
    """What `new` says otherwise than `old`, in its order, then what it no longer says."""
    for key in [*new, *(key for key in old if key not in new)]:
        (former, before), (name, after) = old.get(key, NOTHING), new.get(key, NOTHING)
        if before != after:
            yield Changed(name or former, before, after, marked(before, after))


def facts_of(content: Content, questions: dict[int, Question], pillars: dict[str, str]) -> Facts:
    """What `content` says, in words, by what each thing is called: the project, its structure, then its answers."""
    slugs = filter(None, [content["pillar"], *content["other_pillars"]])
    structure = content["structure"]
    kinds = {str(key): str(label) for key, label in Structure.Kind.choices}
    facts: Facts = {
        "title": (_("Name of the project"), content["title"]),
        "one_line": (_("The project in one line"), content["one_line"]),
        "pillars": (_("Pillars"), ", ".join(pillars.get(slug, slug) for slug in slugs)),
        "name": (_("Structure"), structure["name"]),
        "kind": (pgettext("of a structure", "Kind"), kinds.get(structure["kind"], structure["kind"])),
        "country": (_("Country"), name_of_country(structure["country"], translation.get_language())),
        "registration_number": (_("Registration number"), structure["registration_number"]),
        "city": (_("Town"), structure["city"]),
        "website": (_("Website"), structure["website"]),
    }
    for section in content["sections"]:
        facts |= {one["id"]: fact_of(one, questions.get(one["id"])) for one in section["questions"]}
    return facts


def fact_of(frozen: Content, question: Question | None) -> tuple[str, str]:
    """A frozen question and its answer, in the language in force where it can be."""
    if question is None or not asks_as_frozen(frozen, question):
        return frozen["label"], said(frozen, frozen.get("shown", []))
    same = reads_as_frozen(frozen, question)
    lines = shown_lines(question, frozen.get("value", "")) if same else frozen.get("shown", [])
    return question.label, said(frozen, lines)


def said(frozen: Content, lines: list[str]) -> str:
    """A frozen answer as text: its lines, or its documents, told apart from others by their digests."""
    told = [f"{document['name']} (SHA-256 {document['digest'][:12]}…)" for document in documents_in(frozen)]
    return "\n".join(told or lines)


def documents_in(frozen: Content) -> list[Content]:
    """The documents of a frozen answer in their order. Versions frozen while a question took one name it alone."""
    alone = frozen.get("file")
    return list(frozen.get("files", [alone] if alone else []))


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Both texts in one, word by word; nothing where less than a third of their words is in both."""
    old, new = before.split(), after.split()
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return []
    # On the words alone: spaces are in every text, and would make any two of them alike.
    found = SequenceMatcher(None, old, new, autojunk=False)
    if found.ratio() < 1 / 3:
        return []
    pieces = [piece for piece in _pieces(found, _Words(before), _Words(after)) if piece[1]]
    return [(kind, "".join(text for _kind, text in run)) for kind, run in groupby(pieces, key=itemgetter(0))]


class _Words:
    """A text as words: `gaps` holds the white space before each of them, then that at the end."""

    def __init__(self, text: str) -> None:
        self.words, self.gaps = text.split(), re.split(r"\S+", text)

    def run(self, start: int, end: int) -> str:
        """The words from `start` to `end`, with the space between them."""
        pairs = zip(self.gaps[start + 1 : end], self.words[start + 1 : end], strict=True)
        return self.words[start] + "".join(gap + word for gap, word in pairs) if start < end else ""


def _pieces(found: SequenceMatcher[str], old: _Words, new: _Words) -> Iterator[tuple[str, str]]:
    """The pieces of a difference in their order: a run of changed words stays one, with the spaces within it."""
    for tag, start, end, first, last in found.get_opcodes():
        if tag == "equal":
            for there, here in zip(range(start, end), range(first, last), strict=True):
                yield from _gap(old.gaps[there], new.gaps[here])
                yield "", new.words[here]
        elif tag == "replace":
            yield from _gap(old.gaps[start], new.gaps[first])
            yield from (("del", old.run(start, end)), ("ins", new.run(first, last)))
        elif tag == "delete":
            yield "del", old.gaps[start] + old.run(start, end)
        else:
            yield "ins", new.gaps[first] + new.run(first, last)
    yield from _gap(old.gaps[-1], new.gaps[-1])


def _gap(old: str, new: str) -> list[tuple[str, str]]:
    """The white space before a word, marked where it is another than it was."""
    return [("", new)] if old == new else [("del", old), ("ins", new)]
