"""Walk every page that links lead to, without a session."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from .reading import Page, read

HOST = "https://portail.example"
LANGUAGES = ("fr", "en", "de", "nl")
# One page of each of these series is enough: the others differ by a number.
SERIES = re.compile(r"[?&](page|version|pillar|stage|tag)=")
PER_SERIES = 2
# What a page of the demonstration says of itself, beside the line on top of all: its notes, and who may sign in.
NOTE = re.compile(r'<p class="invented">.*?</p>|<dd>fondatrice@', re.DOTALL)
MOST = 2000


@dataclass(frozen=True)
class Answer:
    """What the portal answers at an address."""

    status: int
    kind: str
    text: str = ""
    to: str = ""


Fetch = Callable[[str], Answer]


@dataclass
class Found:
    """Pages by address, every other answer by address, and who links where."""

    pages: dict[str, Page] = field(default_factory=dict)
    others: dict[str, Answer] = field(default_factory=dict)
    linked_from: dict[str, str] = field(default_factory=dict)


def own_path(address: str, base: str, hosts: set[str]) -> str | None:
    """The path and query `address` leads to within the portal, None for another site or a mail."""
    parts = urlsplit(urljoin(f"{HOST}{base}", address.strip()))
    if parts.scheme not in {"http", "https"} or parts.netloc not in {*hosts, urlsplit(HOST).netloc}:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def crawl(fetch: Fetch, seeds: list[str], hosts: set[str]) -> Found:
    """Everything that `seeds` lead to.

    Args:
        fetch: asks the portal for a path; redirects are not followed.
        seeds: the paths to begin with.
        hosts: the hosts that are the portal.
    """
    found, waiting, series = Found(), deque(dict.fromkeys(seeds)), {}
    seen = set(waiting)
    while waiting and len(seen) < MOST:
        path = waiting.popleft()
        answer = fetch(path)
        if answer.status == 200 and answer.kind.startswith("text/html"):
            found.pages[path] = page = read(path, answer.status, answer.text)
            onward = [*page.links, *page.alternates.values()]
        else:
            found.others[path] = answer
            onward = [answer.to] if answer.to else []
        for link in onward:
            target = own_path(link, path, hosts)
            if target is None or target in seen or is_enough(target, series):
                continue
            seen.add(target)
            found.linked_from[target] = path
            waiting.append(target)
    return found


def with_notes(fetch: Fetch, found: Found, hosts: set[str]) -> Found:
    """The pages of `found` that bear a note, in every language, as `fetch` has them from a portal that shows notes.

    They are looked for in French, and not again under each filter: a page bears the same ones in each language.
    """
    noted = Found()
    for path, page in found.pages.items():
        if page.language != LANGUAGES[0] or "?" in path or not NOTE.search(fetch(path).text):
            continue
        others = (own_path(address, path, hosts) for address in page.alternates.values())
        for each in dict.fromkeys((path, *filter(None, others))):
            answer = fetch(each)
            noted.pages[each] = read(each, answer.status, answer.text)
    return noted


def one_of_each(noted: Found) -> Iterator[str]:
    """The path of a page for each note there is, in French."""
    seen: set[str] = set()
    for path, page in noted.pages.items():
        notes = set(NOTE.findall(page.source))
        if page.language == LANGUAGES[0] and not notes <= seen:
            seen |= notes
            yield path


def is_enough(target: str, series: dict[str, int]) -> bool:
    """Whether enough pages of the same series were walked."""
    if not SERIES.search(target):
        return False
    name = re.sub(r"=[^&]*", "", target)
    series[name] = series.get(name, 0) + 1
    return series[name] > PER_SERIES


def seeds_of(fetch: Fetch) -> list[str]:
    """The home in every language, and what the site map names."""
    named = re.findall(r'(?:<loc>|href=")([^<"]+)', fetch("/sitemap.xml").text)
    homes = ["/", *(f"/{code}/" for code in LANGUAGES if code != "fr")]
    return [*homes, *(urlsplit(address).path for address in named)]
