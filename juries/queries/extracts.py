"""The minutes without what their reader stands aside from."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from juries.aside import speaks_of
from juries.scoring.standing import without_tied

BY_NUMBER = ("inadmissible", "pitches", "decision", "departures")
KEEP = "keep"
WITHHELD = "withheld"
"""The cause, in minutes, of a departure by which a prize goes to nobody."""


def placed(content: dict[str, Any]) -> dict[str, Any]:
    """The minutes with the `place` of each line of the standing, and of what is kept in the order decided: from 1, one
    place for all the prizes of an application, and the same once some are left out.
    """
    if not any("place" in one for one in content["decision"]):
        places: dict[str, int] = {}
        decision = []
        for one in content["decision"]:
            is_first = one["verdict"] == KEEP and one["number"] not in places
            if is_first:
                places[one["number"]] = len(places) + 1
            decision.append({**one, "place": places[one["number"]] if is_first else None})
        content = {**content, "decision": decision}
    standing = content["standing"]
    if standing is not None and not any("place" in line for line in standing["lines"]):
        lines = [{**line, "place": place} for place, line in enumerate(standing["lines"], start=1)]
        content = {**content, "standing": {**standing, "lines": lines}}
    return content


def without(content: dict[str, Any], numbers: Iterable[str]) -> dict[str, Any]:
    """The minutes without every line about the applications of `numbers`; `extract` says that some are left out."""
    kept_from = set(numbers)
    if not kept_from:
        return content
    content = placed(content)
    found = {name: [one for one in content[name] if one["number"] not in kept_from] for name in BY_NUMBER}
    standing = content["standing"]
    named = [one for name in BY_NUMBER for one in content[name]] + (standing["lines"] if standing else [])
    hidden = kept_from | {one["title"] for one in named if one["number"] in kept_from}
    found["abstentions"] = [one for one in content.get("abstentions", []) if one["number"] not in kept_from]
    found["withdrawn"] = [one for one in content.get("withdrawn", []) if one["number"] not in kept_from]
    for name in ("motions", "dissents"):
        own = [one for one in content.get(name, []) if one.get("number") not in kept_from]
        found[name] = [one for one in own if not speaks_of(one["text"], hidden)]
    if standing is not None:
        lines = _lines_without(standing["lines"], kept_from)
        ties = [[number for number in tie if number not in kept_from] for tie in standing["ties"]]
        figures = {**standing["figures"], "sheets": sum(line["sheets"] for line in lines)}
        standing = {**standing, "lines": lines, "ties": ties, "figures": figures}
    found["recusals"] = [one for one in content["recusals"] if one["scope"] not in kept_from]
    ruled = content.get("recused_by_rule", [])
    found["recused_by_rule"] = [one for one in ruled if one["scope"] not in kept_from]
    silent = {"sheets": None, "public_vote": None, "extract": True}
    return {**content, **found, **_told_apart(content, kept_from), "standing": standing, **silent}


def _lines_without(lines: Sequence[dict[str, Any]], numbers: Collection[str]) -> list[dict[str, Any]]:
    """The lines of a standing without those of `numbers`, nor why another stands ahead of one of them, nor what was
    counted over all those tied.
    """
    kept = []
    for place, line in enumerate(lines):
        below = lines[place + 1]["number"] if place + 1 < len(lines) else None
        if line["number"] not in numbers:
            kept.append({**line, "why": {} if below in numbers else without_tied(line["why"])})
    return kept


def _told_apart(content: dict[str, Any], numbers: Collection[str]) -> dict[str, Any]:
    """The method and the prizes that go to nobody, without what they tell of `numbers`."""
    passed = {one["prize"] for one in content["departures"] if one["number"] in numbers and one["cause"] == WITHHELD}
    withheld = [{**one, "reason": ""} if one["prize"] in passed else one for one in content.get("withheld", [])]
    method, second = content["method"], content["method"].get("second_reading")
    if second:
        named = [one for one in second["applications"] if one["number"] not in numbers]
        method = {**method, "second_reading": {**second, "applications": named}}
    return {"method": method, "withheld": withheld}
