"""Every sentence of the interface has its French, written as French is written."""

import ast
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from .sources import ROOT, all_modules, all_templates, text_of

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CALL = re.compile(
    r"""\b(?P<keyword>n?p?gettext|_)\((?P<arguments>\s*u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*").*?)\)""", re.DOTALL
)
COMPLETE = ("fr", "de", "nl")
# Whose sentences our pages show beside our own: where a language lacks one, Django shows the French.
LENDERS = (
    "django.conf",
    "django.contrib.auth",
    "django.contrib.admin",
    "django.contrib.humanize",
    "allauth",
    "rest_framework",
    "django_filters",
    "simple_history",
    "django_countries",
)
# A plain space where French wants one that does not break.
BREAKING = re.compile(r"\w [:;!?»€](?!\w)|\w %(?![\w(])|« ")


@cache
def catalogue(language):
    """Return the catalogue of a language."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file, locale=language)


def key(keyword, arguments):
    """Return (context, sentence) for one call of a gettext function."""
    texts = [argument for argument in arguments if isinstance(argument, str)]
    return (texts[0], texts[1]) if keyword.startswith(("p", "np")) else (None, texts[0])


def sentences_of_code():
    """Give the sentences of Python files."""
    for path in all_modules():
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            yield context, message[0] if isinstance(message, tuple) else message


def sentences_of_templates():
    """Give the sentences of templates, as Django hands them to gettext."""
    for path in all_templates():
        yield from sentences_of(text_of(path), path)


def sentences_of(text, path):
    """Give the sentences of one template."""
    for match in CALL.finditer(templatize(text, origin=str(path))):
        texts = re.findall(r"""u?('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""", match["arguments"])
        yield key(match["keyword"], [ast.literal_eval(text) for text in texts])


@cache
def lent_texts(name, language):
    """Return what a package says in a language, as it ships it compiled: ((context, sentence), texts) of each."""
    path = Path(find_spec(name).origin).parent / "locale" / language / "LC_MESSAGES" / "django.mo"
    if not path.exists():
        return []
    with path.open("rb") as file:
        return [((m.context, first(m.id)), _texts(m.string)) for m in read_mo(file) if m.id]


@cache
def lent(language):
    """Return the (context, sentence) that other packages say in a language."""
    return {sentence for name in LENDERS for sentence, _texts in lent_texts(name, language)}


def translated(message):
    """Tell whether a message of a catalogue can be shown."""
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return not message.fuzzy and all(texts)


@pytest.mark.parametrize("language", COMPLETE)
def test_every_sentence_is_translated(language):
    known = {(message.context, first(message.id)): message for message in catalogue(language) if message.id}
    wanted = {*sentences_of_code(), *sentences_of_templates()}
    assert not sorted(str(sentence) for sentence in wanted if sentence not in known), "missing: make messages"
    assert not [message.id for sentence, message in known.items() if sentence in wanted and not translated(message)]


@pytest.mark.parametrize("language", COMPLETE)
def test_no_borrowed_sentence_falls_back_to_french(language):
    ours = {(message.context, first(message.id)) for message in catalogue(language) if message.id}
    assert not sorted(map(str, lent("fr") - lent(language) - ours))


def first(identifier):
    """Return the singular of a message's identifier."""
    return identifier if isinstance(identifier, str) else identifier[0]


# What forms and pages may borrow: the parts of other packages that the portal uses, with the pages it does not replace.
BORROWED = (
    "django/forms",
    "django/core/validators.py",
    "django/contrib/auth",
    "rest_framework",
    "django_filters",
    "allauth/account",
    "allauth/mfa",
    "allauth/core",
    "allauth/decorators.py",
    "allauth/utils.py",
)
BORROWED_PAGES = ("account", "mfa")
# How one is spoken to who is not called "Sie", "u", "vous".
FAMILIAR = {
    "de": re.compile(
        r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|[Bb]ist)\b"
        r"|(?:^|[.!?:]\s+|\b[Bb]itte )(?i:gib|wähle|stelle|ändere|verwende|prüfe|überprüfe|lade|versuche|bestätige"
        r"|melde|klicke?|folge|habe)\s"
    ),
    "nl": re.compile(r"\b(je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(tu|toi|ton|tes)\b", re.IGNORECASE),
}


def borrowed():
    """Give the sentences of other packages that a form or a page can show."""
    site = Path(find_spec("django").origin).parent.parent
    for name in BORROWED:
        for path in [site / name] if name.endswith(".py") else (site / name).rglob("*.py"):
            for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
                yield context, message[0] if isinstance(message, tuple) else message
    pages = site / "allauth" / "templates"
    for path in (path for name in BORROWED_PAGES for path in (pages / name).rglob("*.*")):
        if not (ROOT / "templates" / path.relative_to(pages)).exists():
            yield from sentences_of(path.read_text(), path)


@pytest.mark.parametrize("language", COMPLETE)
def test_nobody_is_spoken_to_as_a_friend(language):
    """Our catalogue has the last word over those of other packages: what they say otherwise is said there."""
    shown = {(m.context, first(m.id)): _texts(m.string) for m in catalogue(language) if m.id}
    assert not [text for texts in shown.values() for text in texts if FAMILIAR[language].search(text)]
    lenders = [messages for name in LENDERS for messages in lent_texts(name, language)]
    for sentence in set(borrowed()) - set(shown):
        texts = [text for key, said in lenders if key == sentence for text in said]
        assert not [text for text in texts if FAMILIAR[language].search(text)], sentence


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl"])
def test_translations_keep_their_variables(language):
    faults = [(message.id, [str(fault) for fault in faults]) for message, faults in catalogue(language).check()]
    assert not faults


def test_french_spaces_do_not_break():
    found = [
        text
        for message in catalogue("fr")
        if message.id
        for text in (message.string if isinstance(message.string, tuple) else (message.string,))
        if BREAKING.search(text)
    ]
    assert not found


# Thousands as no number of the portal is written in that language: what is typed in a file is another thing.
GROUPED = {
    "fr": r"\d[.,\u00a0]\d{3}\b(?!,)",
    "de": r"\d[,\u00a0\u202f ]\d{3}\b(?!,)",
    "nl": r"\d[,\u00a0\u202f ]\d{3}\b(?!,)",
}
# A code that comes by mail is read in two groups.
CODE = re.compile(r"402\W817")


@pytest.mark.parametrize("language", COMPLETE)
def test_thousands_are_written_one_way_in_a_language(language):
    texts = [CODE.sub("", text) for message in catalogue(language) if message.id for text in _texts(message.string)]
    assert not [text for text in texts if re.search(GROUPED[language], text)]


# Between two letters: a quotation is no apostrophe. Names of countries come as their list gives them.
STRAIGHT = re.compile(r"(?<=\w)'(?=\w)|(?<=s)' ")
AS_GIVEN = {"Côte d'Ivoire"}


def test_sentences_bear_apostrophes_as_printed():
    found = {
        text
        for language in COMPLETE
        for message in catalogue(language)
        for text in (*_texts(message.id), *_texts(message.string))
        if STRAIGHT.search(text)
    }
    assert found <= AS_GIVEN | {sentence for _context, sentence in lent("fr")}


def _texts(sentence):
    return sentence if isinstance(sentence, list | tuple) else (sentence,)


def test_french_numbers_bear_one_sign():
    texts = [text for message in catalogue("fr") if message.id for text in _texts(message.string)]
    assert not [text for text in texts if "nº" in text]
    assert not [text for text in texts if "n° " in text]


@pytest.mark.parametrize("language", COMPLETE)
def test_no_catalogue_keeps_what_nothing_says(language):
    wanted = {*sentences_of_code(), *sentences_of_templates(), *lent("fr"), *lent(language)}
    known = [(message.context, first(message.id)) for message in catalogue(language) if message.id]
    assert not [sentence for sentence in known if sentence not in wanted]
