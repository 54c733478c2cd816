"""Forms that agents may compose, and what people may answer to them, drawn by Hypothesis."""

import json
from datetime import date
from decimal import Decimal

from django.utils import translation
from hypothesis import strategies as st

from calls.models import Question, Section
from calls.queries.completeness import excess
from tests.factories.calls import CallFactory

Kind = Question.Kind
LANGUAGES = ("fr", "en", "de", "nl")
# Letters read back in the order in which they were typed; what the portal refuses is refused elsewhere.
LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_categories=["Cc", "Cf", "Lm"])
# Words of agents: a page wraps them, and no test looks for what a page shows otherwise than it is written.
WORDS = st.text(LETTERS, min_size=1, max_size=40).map(str.strip).filter(bool)


def typed(question, options=2):
    """What one may type or choose for `question`, which has so many choices or columns, as it is sent."""
    keys = [str(key) for key in range(options)]
    return {
        Kind.SHORT: st.text(LETTERS, max_size=300),
        Kind.LONG: st.lists(st.text(LETTERS, max_size=400), max_size=6).map("\n".join),
        Kind.NUMBER: st.integers(0, 10**12 - 1).map(str),
        Kind.AMOUNT: st.decimals(0, Decimal(10**9), places=2).map(str),
        Kind.CHOICE: st.sampled_from(keys),
        Kind.CHOICES: st.lists(st.sampled_from(keys), min_size=1, unique=True).map("\n".join),
        Kind.YES_NO: st.sampled_from(["yes", "no"]),
        Kind.LINK: st.sampled_from(["https://exemple.example/une/page", "http://exemple.example/?a=1&b=%20#c"]),
        Kind.DATE: st.dates(date(2000, 1, 1), date(2100, 12, 31)).map(date.isoformat),
        Kind.CONSENT: st.sampled_from(["yes", ""]),
        Kind.TABLE: st.lists(
            st.lists(st.text(LETTERS, max_size=40), min_size=options, max_size=options),
            max_size=question.max_rows or 3,
        ).map(json.dumps),
    }[question.kind]


@st.composite
def in_languages(draw, name, words=WORDS, *, needed=True):
    """The columns of a text `name` by language: French or none (unless it is `needed`), and some of the others."""
    told = draw(st.sets(st.sampled_from(LANGUAGES[1:])))
    told |= {"fr"} if needed or told else set()
    return {f"{name}_{code}": draw(words) for code in sorted(told)}


@st.composite
def asked_if(draw, earlier):
    """The columns of a condition on one of the questions asked `earlier`, or none."""
    deciding = [question for question in earlier if question.answer_keys]
    if not deciding or not draw(st.booleans()):
        return {}
    on = draw(st.sampled_from(deciding))
    keys = draw(st.sets(st.sampled_from(on.answer_keys), min_size=1))
    return {"shown_if": on, "shown_values": "\n".join(sorted(keys))}


@st.composite
def a_question(draw, section, order, earlier):
    """A question of any kind with any of its limits, kept."""
    kind = draw(st.sampled_from(Kind.values))
    question = Question(
        section=section,
        order=order,
        kind=kind,
        required=draw(st.booleans()),
        audience=draw(st.sampled_from(Question.Audience.values)),
        max_files=draw(st.integers(1, 3)),
        **draw(in_languages("label")),
        **draw(in_languages("help", needed=False)),
        **draw(asked_if(earlier)),
    )
    if kind in {Kind.CHOICE, Kind.CHOICES, Kind.TABLE}:
        count = draw(st.integers(1, 4))
        # What is before each keeps two from being the same.
        lines = st.lists(WORDS, min_size=count, max_size=count)
        for column, said in draw(in_languages("options", lines)).items():
            setattr(question, column, "\n".join(f"{place}) {text}" for place, text in enumerate(said)))
    if kind in {Kind.SHORT, Kind.LONG}:
        question.max_words = draw(st.none() | st.integers(1, 300))
        question.max_characters = draw(st.none() | st.integers(5, 2000))
    if kind == Kind.TABLE:
        question.max_rows = draw(st.none() | st.integers(1, 4))
    question.save()
    return question


@st.composite
def a_form(draw):
    """The questions, in order, of a new call whose form has one to three sections."""
    call, asked = CallFactory(form=False), []
    for place in range(1, draw(st.integers(1, 3)) + 1):
        titles = {**draw(in_languages("title")), **draw(in_languages("intro", needed=False))}
        section = Section.objects.create(call=call, order=place, **titles, **draw(asked_if(asked)))
        for order in range(draw(st.integers(1, 4))):
            asked.append(draw(a_question(section, order, asked)))
    return asked


@st.composite
def answers_to(draw, questions):
    """What answers each of `questions` but the documents, one left out or another; short enough to be handed in."""
    found = {}
    for question in questions:
        if question.kind == Kind.FILE or not draw(st.integers(0, 5)):
            continue
        value = draw(typed(question, len(question.option_lines) or 2), label=question.kind)
        with translation.override("fr"):
            found[question] = "Oui" if excess(question, value) else value
    return found
