"""Pages obey the content policy, and every template serves."""

import re

from bethune_smartcity.notifications.kinds import kinds

from .sources import ROOT, all_modules, all_templates, place, strings_in, text_of

INLINE = {
    "a script in the page": re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.IGNORECASE
    ),
    "a style in the page": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
}
FOREIGN = re.compile(
    r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE
)
NAMED = re.compile(r"""\{%\s*(?:include|extends|fixed)\s+['"](?P<name>[^'"]+)['"]""")
# Looked up by name by Django and its apps.
BY_CONVENTION = (
    "400",
    "403",
    "404",
    "405",
    "409",
    "410",
    "429",
    "500",
    "503",
    "account/",
    "admin/",
    "allauth/",
    "django/",
    "mfa/",
    "registration/",
)


def pages():
    """Return the templates that become pages; e-mails obey other readers."""
    return [path for path in all_templates() if path.suffix == ".html" and "emails" not in path.parts]


def line_of(text, position):
    """Return the line a position falls on."""
    return text.count("\n", 0, position) + 1


def test_no_page_holds_script_or_style():
    found = [
        f"{place(path, line_of(text_of(path), match.start()))} {what}"
        for path in pages()
        for what, pattern in INLINE.items()
        for match in pattern.finditer(text_of(path))
    ]
    assert not found


def test_no_page_asks_another_site():
    found = [
        place(path, line_of(text_of(path), match.start()))
        for path in pages()
        for match in FOREIGN.finditer(text_of(path))
    ]
    assert not found


def test_styles_ask_no_other_site():
    foreign = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    sheets = [path for path in (ROOT / "static").rglob("*.css") if "build" not in path.parts]
    assert not [str(path) for path in sheets if foreign.search(text_of(path))]


def mentioned_templates():
    """Return all template names that code, other templates and message kinds mention."""
    in_code = {text for path in all_modules() for _line, text in strings_in(path)}
    in_templates = {match["name"] for path in all_templates() for match in NAMED.finditer(text_of(path))}
    in_kinds = {f"{kind.template}{ending}" for kind in kinds() for ending in (".subject.txt", ".txt", ".html")}
    return in_code | in_templates | in_kinds


def is_mentioned(name, mentioned):
    """Tell whether a template is named outright, or by a name with a variable part."""
    if name in mentioned or name.startswith(BY_CONVENTION):
        return True
    return any("/" in text and text.endswith("/") and name.startswith(text) for text in mentioned)


def test_no_colon_is_written_after_a_sentence_by_hand():
    """French puts a space before it: the catalogue holds the colon "between label and text"."""
    written = re.compile(r"\{%\s*translate [^%]*%\}:")
    lines = [(path, n, line) for path in all_templates() for n, line in enumerate(text_of(path).splitlines(), start=1)]
    assert not [place(path, n) for path, n, line in lines if written.search(line)]


def test_every_template_is_used():
    mentioned = mentioned_templates()
    names = [path.relative_to(ROOT / "templates").as_posix() for path in all_templates()]
    assert not [name for name in names if not is_mentioned(name, mentioned)]


def test_every_message_has_its_texts():
    missing = [
        f"{kind.template}{ending}"
        for kind in kinds()
        if kind.template
        for ending in (".subject.txt", ".txt")
        if not (ROOT / "templates" / f"{kind.template}{ending}").is_file()
    ]
    assert not missing
