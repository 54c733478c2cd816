"""What is wrong with pages that were walked: sentences, none when all is well."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from babel.messages.pofile import read_po

from tests.architecture.sources import ROOT

from .crawl import LANGUAGES, Found, own_path
from .reading import Page

HEAVIEST = 100_000
FEWEST_WORDS = 4
SHORTEST = 3
# Words that make a sentence, by language: where most of a text's are another language's, it is in that one.
SMALL_WORDS = {
    "fr": "le la les un une des du de et est sont dans pour sur par avec qui que quoi où au aux ce cette ces il "
    "elle ils nous vous votre vos leur leurs son sa ses pas ne plus ou a à en d’un d’une l’on chaque être "
    "avant après sans entre tout tous",
    "en": "the a an of and is are in for on by with which that where at to this these it they we you your their "
    "its not no or from be as who what how every before after without between all has have can",
    "de": "der die das ein eine einen einem einer des dem den und ist sind in für auf von mit welche dass wo zu "
    "diese dieser es sie wir ihr ihre ihren nicht kein oder aus bei als wer was wie jede vor nach ohne "
    "zwischen alle hat haben kann im am zum zur",
    "nl": "de het een van en is zijn in voor op door met die dat waar aan te deze dit hij zij wij u uw hun niet "
    "geen of uit bij als wie wat hoe elke vóór na zonder tussen alle heeft hebben kan om naar wordt "
    "worden er",
}
# Names of the demonstration that are made of such words.
NAMES = re.compile("Get It Done")
WORDS = {code: frozenset(words.split()) for code, words in SMALL_WORDS.items()}


def code_of(language: str) -> str:
    return language.partition("-")[0].lower()


def expected(path: str) -> str:
    """The language the address of a page says it is in."""
    first = path.split("/")[1] if path.count("/") > 1 else ""
    return first if first in LANGUAGES else "fr"


# --- addresses ---


def broken(found: Found, hosts: set[str]) -> Iterator[str]:
    """Links that lead to nothing, and places within a page that do not exist."""
    for path, answer in found.others.items():
        is_fine = answer.status == 200 or (300 <= answer.status < 400 and answer.to)
        if not is_fine:
            yield f"{found.linked_from.get(path, 'the site map')} links to {path}, which answers {answer.status}"
    for page in found.pages.values():
        for link in page.links:
            place = urlsplit(link).fragment
            target = found.pages.get(own_path(link, page.address, hosts) or "")
            if place and target is not None and place not in target.anchors:
                yield f"{page.address} links to {link}, and there is no #{place}"


def strangers(found: Found, hosts: set[str]) -> Iterator[str]:
    """Files asked of other sites."""
    for page in found.pages.values():
        for file in page.files:
            if own_path(file, page.address, hosts) is None and not file.startswith("data:"):
                yield f"{page.address} asks {file} of another site"


# --- words ---


@cache
def sentences(language: str) -> frozenset[tuple[str, str]]:
    """Each English sentence of the catalogue with its translation."""
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    pairs = [(message.id, message.string) for message in catalogue if message.id and message.string]
    plain = [pair for pair in pairs if all(isinstance(text, str) for text in pair)]
    return frozenset((" ".join(english.split()), " ".join(text.split())) for english, text in plain)


@cache
def foreign(language: str) -> dict[str, str]:
    """Sentences of the catalogues in another language than this one, with that language; those right here too aside."""
    own = {pair[0] for pair in sentences("fr")} if language == "en" else {text for _id, text in sentences(language)}
    found: dict[str, str] = {}
    for code in ("fr", "de", "nl"):
        for english, text in sentences(code):
            if code != language:
                found.setdefault(text, code)
            if language != "en":
                found.setdefault(english, "en")
    return {text: code for text, code in found.items() if text not in own and len(text) > SHORTEST}


def told_in(text: str) -> str | None:
    """The language most of a text's small words are of; None for a short text, or one that does not say."""
    words = re.findall(r"(?<![\w])[^\W\d_]+(?:’[^\W\d_]+)?", NAMES.sub("", text).lower())
    if len(words) < FEWEST_WORDS:
        return None
    scores = {code: sum(word in small for word in words) for code, small in WORDS.items()}
    best, second = sorted(scores, key=lambda code: -scores[code])[:2]
    is_clear = scores[best] >= max(2, len(words) / 6) and scores[best] >= 2 * scores[second]
    return best if is_clear else None


def in_another_language(page: Page) -> Iterator[str]:
    """Texts in another language than the one they are marked with."""
    for text, language in page.texts:
        marked = code_of(language)
        if marked not in LANGUAGES:
            continue
        known = foreign(marked).get(text)
        heard = told_in(text)
        if known or (heard and heard != marked):
            yield f"{page.address} says in {marked} what is {known or heard}: {text[:90]!r}"


# --- heads and bodies ---


def badly_made(page: Page) -> Iterator[str]:
    """What the head and the frame of a page lack."""
    lacks = {
        f"is marked {page.language!r}": code_of(page.language) != expected(page.path),
        f"has {page.headings.count(1)} titles of the first level": page.headings.count(1) != 1,
        f"has twice {', '.join(sorted(set(page.doubles)))}": page.doubles,
        f"shows pictures without width and height: {', '.join(page.unsized)}": page.unsized,
        f"weighs {page.weight} octets": page.weight > HEAVIEST,
        f"has a description of {len(page.description)} characters": not 20 <= len(page.description) <= 300,
        f"has a title of {len(page.title)} characters": not 10 <= len(page.title) <= 150,
    }
    yield from (f"{page.address} {words}" for words, is_fault in lacks.items() if is_fault)
    for above, below in itertools.pairwise(page.headings):
        if below > above + 1:
            yield f"{page.address} goes from a heading {above} to a heading {below}"
    yield from badly_addressed(page)


def badly_addressed(page: Page) -> Iterator[str]:
    if urlsplit(page.canonical).path != page.path:
        yield f"{page.address} says its address is {page.canonical!r}"
    if "?" in page.address:
        return
    if set(page.alternates) != {*LANGUAGES, "x-default"}:
        yield f"{page.address} names its languages as {sorted(page.alternates)}"
    for code, address in page.alternates.items():
        if expected(urlsplit(address).path) != ("fr" if code == "x-default" else code):
            yield f"{page.address} says that {address} is in {code}"


def alike(found: Found) -> Iterator[str]:
    """Different pages of a language that share a title."""
    titles = defaultdict(set)
    for page in found.pages.values():
        titles[page.language, " ".join(page.title.split())].add(page.path)
    for (_language, title), paths in titles.items():
        if len(paths) > 1:
            yield f"{', '.join(sorted(paths))} share the title {title!r}"


def faults(found: Found, hosts: set[str]) -> list[str]:
    """Every fault of the pages found."""
    each = [
        fault for page in found.pages.values() for check in (in_another_language, badly_made) for fault in check(page)
    ]
    return [*broken(found, hosts), *strangers(found, hosts), *alike(found), *each]
