"""For any form and any answers: what was saved is what is shown, handed in, read, exported and printed."""

import csv
from collections import defaultdict
from html.parser import HTMLParser
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.answers import clean_answer, posted, shown_lines
from calls.models import Question
from calls.operations import publication, submissions
from calls.queries import filled_form
from calls.reading import public_answers
from juries.queries.reading import dossier
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import COMPLETE, agent_of, draft, pdf
from tests.papers import holds, squeezed

from .forms_drawn import LANGUAGES, a_form, answers_to

pytestmark = pytest.mark.django_db
Kind = Question.Kind
NAMES = st.sampled_from(["plan.pdf", "Étude n° 2 (été).pdf", "#panic() $x$ <b>.pdf"])


class Page(HTMLParser):
    """A page as a browser reads it: its words, and what its form would send."""

    def __init__(self, markup):
        super().__init__()
        self.sent, self.words, self.area = {}, [], None
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "textarea":
            self.area = [told["name"], ""]
        ticked = told.get("type") not in {"radio", "checkbox"} or "checked" in told
        if tag == "input" and "name" in told and told.get("type") != "file" and ticked:
            self.sent.setdefault(told["name"], []).append(
                told.get("value", "on" if told.get("type") == "checkbox" else "")
            )

    def handle_data(self, data):
        if self.area:
            self.area[1] += data
        else:
            self.words.append(data)

    def handle_endtag(self, tag):
        if tag == "textarea":
            name, text = self.area
            # A browser drops the first end of line.
            self.sent.setdefault(name, []).append(text.replace("\r\n", "\n").removeprefix("\n"))
            self.area = None

    def lacks(self, *texts):
        """Which of `texts` it does not say, wherever lines break."""
        said = squeezed("".join(self.words))
        return [text for text in texts if squeezed(str(text)) not in said]


class Walk:
    """An application to a form that was drawn, in a language of its reader."""

    def __init__(self, data):
        self.data = data
        self.questions = data.draw(a_form())
        self.call = self.questions[0].section.call
        self.code = data.draw(st.sampled_from(LANGUAGES))
        publication.check_form(self.call)
        self.draft = draft(self.call, StructureFactory())
        self.owner = owner_of(self.draft.structure)
        self.client = Client()

    def get(self, name, by=None, **kwargs):
        self.client.force_login(by or self.owner)
        with translation.override(self.code):
            answer = self.client.get(reverse(f"calls:{name}", kwargs=kwargs or {"pk": self.draft.pk}))
        assert answer.status_code == 200
        return answer

    def saves(self):
        values = self.data.draw(answers_to(self.questions))
        submissions.save_answers(self.draft, values, by=self.owner)
        for question in self.questions:
            for _ in range(self.data.draw(st.integers(0, question.max_files)) if question.kind == Kind.FILE else 0):
                submissions.attach(self.draft, question, pdf(self.data.draw(NAMES)), by=self.owner)

    def completes(self):
        """Answer what lacks, which may ask for more."""
        pillar, described = self.call.pillars.first(), {"title": "A title", "one_line": "A line", "other_pillars": []}
        submissions.describe(self.draft, pillar=pillar, by=self.owner, **described)
        while lacks := submissions.missing(self.draft):
            for lack in lacks:
                if lack.question.kind == Kind.FILE:
                    submissions.attach(self.draft, lack.question, pdf(), by=self.owner)
                    continue
                submissions.save_answers(self.draft, {lack.question: self.whole(lack.question)}, by=self.owner)

    def whole(self, question):
        """An answer to a question that must have one."""
        if question.kind == Kind.TABLE:
            return '[["Anna"%s]]' % (', ""' * (len(question.option_lines) - 1))
        return "Oui" if question.kind in {Kind.SHORT, Kind.LONG} else COMPLETE[question.kind]

    def kept(self):
        """The value that is kept for each question, empty for none."""
        values = dict(self.draft.answers.values_list("question", "value"))
        return {question: values.get(question.pk, "") for question in self.questions}

    def lines(self, questions):
        """What is kept as people read it, in the language of the reader; of documents, their names."""
        names, values = self.names(), self.kept()
        with translation.override(self.code):
            found = [line for question in questions for line in shown_lines(question, values[question])]
        return found + [name for question in questions for name in names[question.pk]]

    def names(self):
        """The names of the documents of each question, by its key, in their order."""
        found = defaultdict(list)
        for key, name in self.draft.attachments.order_by("position").values_list("question", "file__name"):
            found[key].append(name)
        return found

    def asked(self):
        """The questions that apply."""
        keys = filled_form(self.draft, written=True).asked_keys()
        return [question for question in self.questions if question.pk in keys]


def pages_show_what_is_kept(walk):
    values, names = walk.kept(), walk.names()
    sections = {question.section_id: question.section for question in walk.questions}
    for order, section in enumerate(sections.values(), start=1):
        page = Page(walk.get("section", pk=walk.draft.pk, order=order).text)
        here = [question for question in walk.questions if question.section_id == section.pk]
        with translation.override(walk.code):
            assert page.lacks(section.title, section.intro) == []
            assert page.lacks(*(text for question in here for text in (question.label, question.help))) == []
            for question in here:
                sent = page.sent.get(question.field_name, [])
                if question.kind == Kind.FILE:
                    assert page.lacks(*names[question.pk]) == []
                else:
                    assert clean_answer(question, posted(question, sent)) == values[question], question.kind
    assert Page(walk.get("check").text).lacks(*walk.lines(walk.asked())) == []


def what_is_handed_in_is_what_is_kept(walk, done):
    values, asked = walk.kept(), walk.asked()
    frozen = [one for part in done.versions.get().content["sections"] for one in part["questions"]]
    assert [one["id"] for one in frozen] == [question.pk for question in asked]
    names = walk.names()
    for one, question in zip(frozen, asked, strict=True):
        if question.kind == Kind.FILE:
            assert [file["name"] for file in one["files"]] == names[question.pk]
            continue
        with translation.override("fr"):
            assert (one["value"], one["shown"]) == (values[question], shown_lines(question, values[question]))


def readers_read_what_is_theirs(walk, done):
    """Agents read all of it, the jury all but what is theirs, everyone what is public."""
    asked = walk.asked()
    screened = Page(walk.get("screen", agent_of(walk.call)).text)
    assert screened.lacks(*walk.lines(asked)) == []
    jury = [question for question in asked if question.audience != Question.Audience.AGENTS]
    with translation.override(walk.code):
        values, read = walk.kept(), dossier(done)
        said = [(entry.question, entry.lines) for part in read.parts for entry in part.entries]
        assert said == [(q, shown_lines(q, values[q])) for q in jury if q.kind != Kind.FILE]
        documents = [document.attachment for document in read.documents]
        assert {one.question for one in documents} <= set(jury)
        assert len(documents) == done.attachments.filter(question__in=jury).count()
        everyone = public_answers(walk.call, [done]).get(done.pk, [])
        public = [question for question in asked if question.audience == Question.Audience.PUBLIC]
        told = {said.question: said.lines for said in everyone}
        shown = {question: shown_lines(question, values[question]) for question in public}
        assert told == {question: lines for question, lines in shown.items() if lines}


def exports_hold_it(walk, done):
    with translation.override("fr"):
        exported = walk.get("board-export", agent_of(walk.call), slug=walk.call.slug)
    rows = list(csv.reader(StringIO(b"".join(exported.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert [done.number, done.title, done.one_line] in [[row[0], *row[2:4]] for row in rows]


def the_copy_prints_it(walk, done):
    copy, asked = walk.get("copy"), walk.asked()
    with translation.override(walk.code):
        words = [question.label for question in asked] + [question.section.title for question in asked]
    assert holds(copy, done.title, done.number, done.versions.get().digest, *words, *walk.lines(asked)) == []


def check(data):
    walk = Walk(data)
    walk.saves()
    pages_show_what_is_kept(walk)
    walk.completes()
    pages_show_what_is_kept(walk)
    done = submissions.submit(walk.draft, by=walk.owner)
    what_is_handed_in_is_what_is_kept(walk, done)
    readers_read_what_is_theirs(walk, done)
    exports_hold_it(walk, done)
    the_copy_prints_it(walk, done)


@settings(max_examples=8)
@given(data=st.data())
def test_what_was_saved_is_what_is_shown_handed_in_read_exported_and_printed(data):
    check(data)


@pytest.mark.long
@settings(max_examples=100)
@given(data=st.data())
def test_the_same_for_many_more_forms(data):
    check(data)
