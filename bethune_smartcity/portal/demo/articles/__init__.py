"""The articles of the demonstration, by their address: title, standfirst and text in each language.

They tell the facts of record of 2017 and the subject of the open call; the days they came out on are invented.
"""

from bethune_smartcity.core.text import hold_signs

from .dutch import DUTCH
from .english import ENGLISH
from .french import FRENCH
from .german import GERMAN

LANGUAGES = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN, "nl": DUTCH}
PARTS = ("title", "standfirst", "body")


def texts_of(slug: str) -> dict[str, str]:
    """The texts of an article as `operations.news.write` takes them, in the languages it is written in."""
    written = {code: articles[slug] for code, articles in LANGUAGES.items() if slug in articles}
    return {
        f"{part}_{code}": hold_signs(text) if code == "fr" else text
        for code, texts in written.items()
        for part, text in zip(PARTS, texts, strict=True)
    }
