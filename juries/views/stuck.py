"""Why a plan of readings is not complete, in a sentence that says what to do about it."""

from collections.abc import Collection, Mapping
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
    return f"{found % {'n': facts['lacking']}} {why}"
