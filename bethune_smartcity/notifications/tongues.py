"""What of a message is in another language than the message: its reader is told so, and its HTML bears that language.

The text that is kept holds Unicode's own tags of language there, which no font shows and no form takes; the plain text
leaves without them.
"""

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from bethune_smartcity.core.language import NOTES, language_of, page_language, text_of
from bethune_smartcity.core.text import LANGUAGE_TAG, hold_figures, hold_signs

# The tag that cancels a language, and how far the tags of letters are from the letters.
CANCEL, TAGS = "\U000e007f", 0xE0000
MARK = re.compile(f"{LANGUAGE_TAG}(?:([\U000e0061-\U000e007a]{{2}})|{CANCEL}?)")
# The line above what is marked.
NOTED = re.compile(rf"\([^()\n]*\)\n(?={LANGUAGE_TAG})")


def marked(thing: Any, name: str, before: str = "") -> str:
    """What the attribute `name` of `thing` says, in the language in force or the first there is.

    In another language it is marked with it, below a line that says so, unless what stands `before` says it already.
    """
    code = language_of(thing, name)
    return tongued(text_of(thing, name), code, is_noted=not before.startswith(_note(code)))


def tongued(text: str, code: str, *, is_noted: bool = True) -> str:
    """`text`, in the language `code`, marked with it where the language in force is another."""
    if not text or code == page_language() or code not in NOTES:
        return text
    held = hold_figures(hold_signs(text) if code == "fr" else text)
    return f"{_note(code) if is_noted else ''}{_tag(code)}{bare(held)}{LANGUAGE_TAG}{CANCEL}"


def _note(code: str) -> str:
    return f"({NOTES[code]})\n" if code in NOTES else ""


def _tag(code: str) -> str:
    return LANGUAGE_TAG + "".join(chr(TAGS + ord(letter)) for letter in code)


def on_one_line(text: str) -> str:
    """`text` without the marks of languages and the lines that say them: what a subject holds."""
    return bare(NOTED.sub("", text)) if LANGUAGE_TAG in text else text


def bare(text: str) -> str:
    """`text` without the marks of languages."""
    return MARK.sub("", text)


def languages_of(lines: Iterable[str]) -> list[str]:
    """The code of the language of each line of a text, empty for that of the whole."""
    found: list[str] = []
    code = ""
    for line in lines:
        own = code
        for mark in MARK.finditer(line):
            code = _code_in(mark)
            own = own if bare(line[: mark.start()]) else code
        found.append(own)
    return found


def _code_in(mark: re.Match[str]) -> str:
    """The code that a mark says; empty for one that ends a language, or says none of the portal's."""
    code = "".join(chr(ord(tag) - TAGS) for tag in mark[1] or "")
    return code if code in dict(settings.LANGUAGES) else ""
