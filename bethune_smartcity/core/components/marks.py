"""Small marks: pictograms, pillars, states, units, shares."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from . import MissingInput, declared

TONES = {
    "ok": "check-circle-fill",
    "info": "info-circle",
    "warn": "exclamation-triangle-fill",
    "draft": "pencil",
    "hot": "flag-fill",
    "stop": "slash-circle",
    "quiet": "circle",
}
ICON_LIST = Path(__file__).resolve().parents[1] / "icons.txt"


@cache
def known_icons() -> frozenset[str]:
    """The pictograms the sprite holds."""
    lines = (line.split("#")[0].strip() for line in ICON_LIST.read_text().splitlines())
    return frozenset(line for line in lines if line)


@cache
def sprite_url() -> str:
    """The address of the sprite, which does not change while a process lives."""
    return static("build/icons.svg")


def icon(name: str, label: str = "") -> SafeString:
    """A pictogram of the sprite; hidden from readers unless it carries a label."""
    declared("icon", name=name if name in known_icons() else None)
    return _drawn_icon(name, str(label))


@lru_cache(maxsize=512)
def _drawn_icon(name: str, label: str) -> SafeString:
    seen = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="i" {}><use href="{}#i-{}"/></svg>', seen, sprite_url(), name)


def chip(pillar: Any, url: str = "") -> SafeString:
    """A pillar's name and pictogram in its colour, as a link when an address is given."""
    declared("chip", pillar=pillar)
    return _drawn_chip(pillar.hook, pillar.pictogram, str(pillar.name), str(url))


@lru_cache(maxsize=512)
def _drawn_chip(hook: str, pictogram: str, name: str, url: str) -> SafeString:
    inside = format_html("{}{}", icon(pictogram), name)
    if url:
        return format_html('<a class="chip p-{}" href="{}">{}</a>', hook, url, inside)
    return format_html('<span class="chip p-{}">{}</span>', hook, inside)


def pin(pillar: Any) -> SafeString:
    """A pillar's pictogram alone, in its colour; its name stands beside."""
    declared("pin", pillar=pillar)
    return _drawn_pin(pillar.hook, pillar.pictogram)


@lru_cache(maxsize=64)
def _drawn_pin(hook: str, pictogram: str) -> SafeString:
    return format_html('<span class="pin p-{}">{}</span>', hook, icon(pictogram))


def picto(pillar: Any) -> SafeString:
    """A pillar's pictogram in the stepped gable."""
    declared("picto", pillar=pillar)
    return format_html('<span class="picto p-{}">{}</span>', pillar.hook, icon(pillar.pictogram))


def badge(text: str, tone: str = "quiet", shape: str = "") -> SafeString:
    """A state: its shape, its word, then its colour."""
    declared("badge", text=text, tone=tone if tone in TONES else None)
    drawn = icon(shape or TONES.get(tone, TONES["quiet"]))
    return format_html('<span class="badge badge--{}">{}{}</span>', tone, drawn, text)


def units(count: int) -> SafeString:
    """One small house per unit, for readers who look; the number stands beside for all."""
    return SafeString("<i></i>" * int(count))


def figure(count: int, label: str, note: str = "") -> dict[str, Any]:
    """A number of `<dl class="figures">`, with its houses and a note."""
    declared("figure", count=count, label=label)
    return {"count": count, "label": label, "note": note}


def progress(done: int, total: int, label: str) -> SafeString:
    """How far something is: the words, then a native bar."""
    declared("progress", done=done, total=total, label=label)
    return format_html(
        '<span class="progress"><span>{0}</span><progress max="{1}" value="{2}" aria-label="{0}"></progress></span>',
        label,
        max(int(total), 1),
        min(int(done), int(total)),
    )


def bar(share: float) -> SafeString:
    """A share of 100 as a bar; its number is written beside by the page."""
    if not 0 <= float(share) <= 100:
        raise MissingInput(f"bar: {share} is not a share of 100")
    return format_html(
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="{}" height="10" fill="currentColor"/></svg>',
        f"{float(share):.2f}",
    )


def caption(text: str, hidden: bool = False) -> SafeString:
    """A table's caption, which may be for readers only."""
    declared("caption", text=text)
    if not hidden:
        return format_html("<caption><span>{}</span></caption>", text)
    return format_html('<caption><span class="vh">{}</span></caption>', text)
