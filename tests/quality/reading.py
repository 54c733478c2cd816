"""A page as its readers get it: texts with the language they are marked with, links, files, head."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {"a", "b", "strong", "em", "time", "wbr", "abbr"}
UNREAD = {"script", "style", "template"}
# What an element says beside its text.
SPOKEN = ("alt", "aria-label", "title", "placeholder", "data-label")


@dataclass
class Page:
    """What a page holds. Texts come as (text, language)."""

    address: str
    status: int
    language: str = ""
    title: str = ""
    texts: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    canonical: str = ""
    description: str = ""
    robots: str = ""
    headings: list[int] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    doubles: list[str] = field(default_factory=list)
    unsized: list[str] = field(default_factory=list)
    weight: int = 0
    source: str = ""

    @property
    def path(self) -> str:
        return urlsplit(self.address).path


class Reader(HTMLParser):
    """Reads one page into a Page."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.open, self.words = page, [], []

    @property
    def language(self) -> str:
        return next((language for _tag, language in reversed(self.open) if language), "")

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attributes}
        # An inline element goes on with the sentence; one in another language, or a block, ends it.
        if tag not in INLINE or "lang" in said or "translate" in said:
            self.flush()
        if tag not in VOID:
            # What is not to be translated (a word of a program, an address) is in no language.
            self.open.append((tag, said.get("lang") or ("zxx" if said.get("translate") == "no" else "")))
        if tag == "html":
            self.page.language = said.get("lang", "")
        self.note_words(said)
        self.note_parts(tag, said)

    def note_words(self, said: dict[str, str]) -> None:
        language = said.get("lang") or self.language
        self.page.texts += [(said[name], language) for name in SPOKEN if said.get(name)]
        if name := said.get("id"):
            if name in self.page.anchors:
                self.page.doubles.append(name)
            self.page.anchors.add(name)

    def note_parts(self, tag: str, said: dict[str, str]) -> None:
        page = self.page
        if tag == "a" and "href" in said:
            page.links.append(said["href"])
        elif tag in {"script", "img", "source", "iframe"} and said.get("src"):
            page.files.append(said["src"])
            if tag == "img" and not (said.get("width") and said.get("height")):
                page.unsized.append(said["src"])
        elif tag == "use" and said.get("href"):
            page.files.append(said["href"].split("#")[0])
        elif tag == "link":
            self.note_link(said)
        elif tag == "meta":
            self.note_meta(said)
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            page.headings.append(int(tag[1]))

    def note_link(self, said: dict[str, str]) -> None:
        kind, address = said.get("rel", ""), said.get("href", "")
        if kind == "canonical":
            self.page.canonical = address
        elif kind == "alternate" and "hreflang" in said:
            self.page.alternates[said["hreflang"]] = address
        elif kind != "alternate":
            self.page.files.append(address)

    def note_meta(self, said: dict[str, str]) -> None:
        if said.get("name") == "description":
            self.page.description = said.get("content", "")
            self.page.texts.append((self.page.description, said.get("lang") or self.language))
        elif said.get("name") == "robots":
            self.page.robots = said.get("content", "")

    def handle_endtag(self, tag: str) -> None:
        is_marked = bool(self.open) and bool(self.open[-1][1])
        if is_marked or tag not in INLINE:
            self.flush()
        while self.open:
            name, _language = self.open.pop()
            if name == tag:
                break

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _language in self.open}
        if tags & UNREAD:
            return
        if "title" in tags and "svg" not in tags:
            self.page.title += data
        self.words.append(data)

    def flush(self) -> None:
        text = " ".join("".join(self.words).split())
        self.words.clear()
        if text:
            self.page.texts.append((text, self.language))


def read(address: str, status: int, html: str) -> Page:
    """The page of `html`, as found at `address`."""
    page = Page(address, status, weight=len(html.encode()), source=html)
    reader = Reader(page)
    reader.feed(html)
    reader.close()
    reader.flush()
    return page
