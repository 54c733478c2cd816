"""The form of a call on paper, to prepare one's answers before writing them online."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.language import language_of, page_language
from bethune_smartcity.core.papers import Paper, framed, in_language, send_kept, told
from bethune_smartcity.files.kinds import kinds_taken
from calls.answers import MAX_LINE, MAX_LINK, MAX_TEXT, words_of_key
from calls.forms.applying import DescribeForm
from calls.forms.documents import documents_at_most
from calls.forms.section import READERS
from calls.models import Call, Question, Section
from calls.models.form import MOST_ROWS, Conditional
from calls.queries.calls import announced
from calls.queries.completeness import ineligible

from .public import OneCall

KEPT = 300
WORDS_A_LINE = 12
ROWS_ON_PAPER = 5
Kind = Question.Kind
# The characters that an answer of that kind has room for, whatever the question says.
ROOM = {Kind.SHORT: MAX_LINE, Kind.LONG: MAX_TEXT, Kind.LINK: MAX_LINK}


class BlankForm(OneCall, View):
    """The form of a call as a document; drawn once for as long as the form says the same."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked = asked_by(self.call)
        if not asked:
            raise Http404
        is_public = announced(clock.now()).filter(pk=self.call.pk).exists()
        return send_kept(request, paper_of(self.call, asked), max_age=KEPT if is_public else 0)


def asked_by(call: Call) -> list[Question]:
    """The questions of the form of `call` in their order, with their sections. One statement."""
    asked = Question.objects.filter(section__call=call).select_related("shown_if", "section__shown_if")
    return list(asked.order_by("section__order", "section", "order", "pk"))


def paper_of(call: Call, asked: list[Question]) -> Paper:
    data = framed(
        told(call, "title"),
        kicker=_("Blank form"),
        footer=_("Blank form, to prepare your answers"),
        at=call.opens_at,
        words={
            "not_sent": _("This document is not an application: nothing is received on paper."),
            "how": _("It helps to prepare your answers. Write and submit them online:"),
        },
        url=settings.SITE_URL + call.get_absolute_url(),
        facts=[
            [_("Opening"), opening_of(call)],
            [_("Last moment to submit"), wording.deadline(call.closes_at)],
        ],
        sections=[described(call), *sections_of(asked)],
    )
    return Paper("form", f"formulaire-{call.slug}", page_language(), data)


def opening_of(call: Call) -> str:
    """When `call` opens, in words."""
    return call.opens_when if call.opening_is_approximate else wording.instant(call.opens_at, weekday=True)


def described(call: Call) -> dict[str, Any]:
    """The project in its shortest form, asked of every application."""
    pillars = [told(pillar, "name") for pillar in call.pillars.all()]
    fields = DescribeForm.base_fields
    options = {"pillar": pillars, "other_pillars": pillars}
    asked = [
        {
            "label": str(field.label),
            "help": str(field.help_text),
            "terms": described_terms(name, field),
            "notes": [],
            "options": options.get(name, []),
            "lines": 1,
        }
        for name, field in fields.items()
    ]
    return {"title": _("Your project"), "intro": [], "asked": asked}


def described_terms(name: str, field: Any) -> str:
    needed = _("required") if name != "other_pillars" else _("optional")
    longest = getattr(field, "max_length", None)
    return f"{needed}, {characters(longest)}" if longest else needed


def sections_of(asked: list[Question]) -> list[dict[str, Any]]:
    """The sections that ask something, with their questions."""
    sections: dict[int, dict[str, Any]] = {}
    for question in asked:
        section = question.section
        empty = {"title": told(section, "title"), "intro": intro_of(section), "asked": []}
        sections.setdefault(section.pk, empty)["asked"].append(blank(question))
    return list(sections.values())


def intro_of(section: Section) -> list[Any]:
    """What introduces `section`, by the line; first of all for which answers it is asked at all."""
    lines = [in_language(line, language_of(section, "intro")) for line in (section.intro or "").splitlines()]
    condition = condition_of(section)
    return [capfirst(condition), *lines] if condition else lines


def condition_of(part: Conditional) -> str:
    """For which answers `part` of a form is asked, in words; empty when it always is."""
    if part.shown_if is None:
        return ""
    answers = [_("“%(label)s”") % {"label": words_of_key(part.shown_if, key)} for key in part.shown_keys]
    sentence = ngettext(
        "only if you answer %(answers)s to “%(question)s”",
        "only if you answer one of these to “%(question)s”: %(answers)s",
        len(answers),
    )
    return sentence % {"question": part.shown_if.label, "answers": ", ".join(answers)}


def blank(question: Question) -> dict[str, Any]:
    """A question as it is asked on paper: its words, what it takes, its choices or the room to write."""
    return {
        "label": told(question, "label"),
        "help": told(question, "help"),
        "terms": terms_of(question),
        "notes": notes_of(question),
        "options": options_of(question),
        "lines": room_for(question),
    }


def terms_of(question: Question) -> str:
    """What kind of answer a question takes, whether it must have one, its limits, and when it is asked."""
    needed = question.required or question.eligible_keys
    terms = [_("required") if needed else _("optional"), question.get_kind_display(), *lengths_of(question)]
    if question.kind == Kind.TABLE:
        terms.append(_("in each row: %(columns)s") % {"columns": ", ".join(question.option_lines)})
        most = question.max_rows or MOST_ROWS
        terms.append(ngettext("%(n)s row at most", "%(n)s rows at most", most) % {"n": wording.number(most)})
    if question.kind == Kind.FILE and question.max_files > 1:
        terms.append(documents_at_most(question.max_files))
    if condition := condition_of(question):
        terms.append(condition)
    return ", ".join(str(term) for term in terms)


def lengths_of(question: Question) -> list[str]:
    """How long the answer may be; the room of its kind where the question does not say."""
    said, room = [], ROOM.get(Kind(question.kind))
    if room and question.max_words:
        words = {"n": wording.number(question.max_words)}
        said.append(ngettext("%(n)s word at most", "%(n)s words at most", question.max_words) % words)
    if room and (question.max_characters or not question.max_words):
        said.append(characters(min(question.max_characters or room, room)))
    return said


def characters(most: int) -> str:
    words = ngettext("%(n)s character at most", "%(n)s characters at most", most)
    return words % {"n": wording.number(most)}


def notes_of(question: Question) -> list[str]:
    """What one should know before answering: what documents are taken, for which answers the call is open, and who
    reads the answer where that is out of the ordinary.
    """
    notes: list[Any] = []
    if question.kind == Kind.FILE:
        notes.append(kinds_taken())
        notes.append(_("%(n)d MB at most.") % {"n": settings.UPLOAD_MAX_BYTES // 1_000_000})
    notes += [ineligible(question, ""), READERS.get(Question.Audience(question.audience), "")]
    return [str(note) for note in notes if note]


def options_of(question: Question) -> list[Any]:
    if question.kind == Kind.YES_NO:
        return [_("Yes"), _("No")]
    if question.kind == Kind.TABLE:
        return []
    code = language_of(question, "options")
    lines = [text for _key, text in question.offered_pairs] if question.is_chosen else question.option_lines
    return [in_language(line, code) for line in lines]


def room_for(question: Question) -> int:
    """How many ruled lines the answer is given on paper: none for a document, which is attached online."""
    if question.kind == Kind.LONG:
        return min(max((question.max_words or 150) // WORDS_A_LINE, 4), 30)
    if question.kind == Kind.TABLE:
        return min(question.max_rows or ROWS_ON_PAPER, ROWS_ON_PAPER)
    return 0 if question.kind == Kind.FILE else 1
