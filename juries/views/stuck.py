"""Why a plan of readings is not complete, in a sentence that says what to do about it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from juries.scoring.obstacles import BOTTLENECK, CAPACITY, ELIGIBILITY, OUTSIDER

# How many applications or jurors are worth naming.
NAMED = 8
WHY = {
    CAPACITY: _(
        "The whole jury has %(places)s places for %(needed)s readings still to give: seat someone else, raise the "
        "highest load, or ask for fewer readings of each application."
    ),
    ELIGIBILITY: _(
        "Too few jurors may read these applications: %(names)s. They need %(needed)s readings and find %(places)s."
    ),
    OUTSIDER: _(
        "These applications lack readers from outside their pillar: %(names)s. %(jurors)s have %(places)s places for "
        "%(needed)s readings."
    ),
    BOTTLENECK: _(
        "These applications can only go to these jurors: %(names)s / %(jurors)s. They have %(places)s places for "
        "%(needed)s readings."
    ),
}
# Of a plan asked for before its reason was kept.
UNSAID = _("These applications can only go to these jurors: %(names)s / %(jurors)s.")


def stuck_words(facts: Mapping[str, Any], hidden: Collection[str] = ()) -> str:
    """How many readings of a plan find no juror, and why, from what it came to (`panels.facts_of`).

    `hidden`: the keys, as text, of applications not to name to its reader.
    """
    named = facts["submissions"]
    shown = [number for number, key in zip(named, facts.get("keys") or named, strict=False) if key not in hidden]
    found = ngettext("%(n)d reading finds no juror.", "%(n)d readings find no juror.", facts["lacking"])
    why = WHY.get(facts.get("reason", ""), UNSAID) % {
        "names": ", ".join(str(number) for number in shown[:NAMED]) or "–",
        "jurors": ", ".join(facts["jurors"][:NAMED]) or "–",
        "needed": facts.get("needed"),
        "places": facts.get("places"),
    }
    said = [found % {"n": facts["lacking"]}, why, *_beside(facts, hidden)]
    return " ".join(str(sentence) for sentence in said)


def _beside(facts: Mapping[str, Any], hidden: Collection[str]) -> Iterator[str]:
    """What the board shows beside those figures: what they leave out, the loads, who stands aside. Nothing of it was
    kept of older plans; loads, which count every application, are not for who stands aside from one.
    """
    if fixed := facts.get("fixed"):
        sentence = ngettext(
            "%(n)d reading begun or given by hand is left out of these figures.",
            "%(n)d readings begun or given by hand are left out of these figures.",
            fixed,
        )
        yield sentence % {"n": fixed}
    loads = [(name, *load) for name, load in zip(facts["jurors"], facts.get("loads", ()), strict=False)]
    if loads and not hidden:
        told = [f"{name} {n}" if most is None else f"{name} {n}/{most}" for name, n, most in loads[:NAMED]]
        yield _("Readings of each in this plan, out of the most it gives: %s.") % _listed(told, loads)
    aside = [(number, name) for key, number, name in facts.get("aside", ()) if key not in hidden]
    if aside and facts.get("reason") != CAPACITY:
        yield _("Stand aside or abstain: %s.") % _listed(
            [f"{name} ({number})" for number, name in aside[:NAMED]], aside
        )


def _listed(told: Sequence[str], every: Sequence[Any]) -> str:
    """Those named, with a mark that there are others."""
    return ", ".join(told) + (" …" if len(told) < len(every) else "")
