"""Blocks of a page: the canal line, breadcrumbs, notices, pagers, cards."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.paginator import Page
from django.template import Context

from . import MissingInput, declared

STATES = ("done", "now", "next")


def steps(items: Iterable[Any], label: str = "", barge: bool = True) -> dict[str, Any]:
    """The canal line: what is done, where the barge is, what comes.

    Args:
        items: mappings or objects with name, state (done, now, next) and perhaps note.
        label: names the list for readers.
        barge: draw the barge above the present step.
    """
    items = list(items)
    for item in items:
        state = item["state"] if isinstance(item, dict) else item.state
        if state not in STATES:
            raise MissingInput(f"steps: {state} is not one of {STATES}")
    declared("steps", items=items or None)
    return {"items": items, "label": label, "barge": barge}


def breadcrumb(items: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Where the page stands, from the home to itself.

    Args:
        items: (label, address) from the first level down; the last one has an empty address. A label that people
            wrote is marked with its language where it knows it (`core.language.named`).
    """
    steps = [(label, url, getattr(label, "language", "")) for label, url in items]
    declared("breadcrumb", items=steps or None)
    return {"items": steps}


def alert(text: str, tone: str = "info", title: str = "") -> dict[str, Any]:
    """A notice in the page: info, ok, warn or stop."""
    declared("alert", text=text, tone=tone if tone in ("info", "ok", "warn", "stop") else None)
    return {"text": text, "tone": tone, "title": title}


def empty(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """What to say, and to do, where there is nothing yet."""
    declared("empty", title=title, **({"action": action} if url else {}))
    return {"title": title, "text": text, "url": url, "action": action}


def pager(context: Context, page: Page, param: str = "page") -> dict[str, Any]:
    """Links to the other pages of a list; filters and order stay."""
    declared("pager", page=page)
    query = context["request"].GET.copy()
    query.pop(param, None)
    kept = query.urlencode()
    return {
        "page": page,
        "numbers": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
        "before": f"?{kept}&{param}=" if kept else f"?{param}=",
        "gap": page.paginator.ELLIPSIS,
    }


def project_card(
    title: str,
    url: str,
    pillar: Any,
    line: str = "",
    stage: str = "",
    next_step: str = "",
    picture: str = "",
    level: int = 3,
) -> dict[str, Any]:
    """A project of the showcase: picture or its pillar's pattern, one line, stage, what comes next.

    Args:
        title: name of the project.
        url: its page.
        pillar: with hook, pictogram, name.
        line: what it does, in one sentence.
        stage: label of its state.
        next_step: the next small step and its day, already worded.
        picture: address of a picture (400 × 190 or wider), decorative here.
        level: heading level, 2 or 3.
    """
    declared("project_card", title=title, url=url, pillar=pillar)
    return dict(locals()) | {"level": str(level)}


def call_card(
    context: Context,
    title: str,
    url: str,
    pillars: Iterable[Any],
    state: str,
    tone: str = "info",
    closes_at: dt.datetime | None = None,
    phase: str = "open",
    line: str = "",
    level: int = 3,
    fact: str = "",
    read: str = "",
    act: str = "",
    act_url: str = "",
    shape: str = "",
) -> dict[str, Any]:
    """A call in a list: state, pillars, last day, what came out of it, what one may do.

    Args:
        context: the page's, which knows the portal's clock.
        title: name of the call.
        url: its page.
        pillars: the first one gives the colour.
        state: label of its phase.
        tone: tone of the badge.
        closes_at: aware instant, exclusive (the opening for a call that is announced).
        phase: as for a deadline.
        line: what it seeks, in one sentence.
        level: heading level, 2 or 3.
        fact: its dates and outcome, once over.
        read: label of the link to its page.
        act: label of the one thing to do, which leads to `act_url`.
        shape: pictogram of the badge, where it is not that of its tone.
    """
    pillars = list(pillars)
    declared("call_card", title=title, url=url, state=state, **({"act": act} if act_url else {}))
    inputs = {name: value for name, value in locals().items() if name != "context"}
    return inputs | {"portal": context["portal"], "level": str(level)}
