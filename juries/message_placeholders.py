"""What stands in the texts of messages about juries: placeholders, and the samples of a preview."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.texts import Placeholder, lazily, part
from calls.message_placeholders import APPLICATION, CALL

AWARDS_PART = "juries/emails/parts/awards.txt"
MENTION_PART = "juries/emails/parts/mention.txt"
DUE_PART = "juries/emails/parts/due.txt"
COUNT_PART = "juries/emails/parts/count.txt"
LEFT_PART = "juries/emails/parts/left.txt"
ASKED_PART = "juries/emails/parts/asked.txt"
MINUTES_PART = "juries/emails/parts/minutes.txt"
CHANGES_PART = "juries/emails/parts/changes.txt"
GIVEN_PART = "juries/emails/parts/given.txt"
MORE_PART = "juries/emails/parts/more.txt"
PLACE_PART = "juries/emails/parts/place.txt"
# An invented afternoon.
AFTERNOON = datetime(2027, 9, 16, 12, 20, tzinfo=UTC)


def sample_awards() -> dict[str, Any]:
    prize = SimpleNamespace(name=gettext("First prize"))
    return {"awards": [{"prize": prize, "amount": wording.amount(Decimal(8000)), "support": ""}]}


def sample_left() -> dict[str, Any]:
    named = [{"name": f"MOB-0042, {APPLICATION.sample}", "url": Link(f"{settings.SITE_URL}/exemple/")}]
    return {"left": 3, "call": SimpleNamespace(title=CALL.sample), "named": named, "others": 2}


def sample_given() -> dict[str, Any]:
    return {"given": 3, "call": SimpleNamespace(title=CALL.sample)}


def sample_changes() -> dict[str, Any]:
    changed = {"label": gettext("Place"), "before": gettext("The town hall"), "after": gettext("The theatre")}
    return {"changes": [changed]}


PRIZES = Placeholder(
    "prix",
    _("the prizes, one a line"),
    part(AWARDS_PART),
    lazily(lambda: part(AWARDS_PART)(sample_awards())),
    is_required=True,
    is_long=True,
)
MENTION = Placeholder(
    "mention",
    _("the jury’s words for its special mention"),
    part(MENTION_PART),
    lazily(lambda: part(MENTION_PART)({"mention": gettext("A project close to those who live here.")})),
    is_required=True,
    is_long=True,
)
HOUR = Placeholder(
    "heure",
    _("the day and hour of the pitch"),
    lambda context: context["starts"],
    lazily(lambda: wording.instant(AFTERNOON, weekday=True)),
    is_required=True,
)
MINUTES = Placeholder(
    "duree",
    _("a sentence that says how long the pitch lasts"),
    part(MINUTES_PART),
    lazily(lambda: part(MINUTES_PART)({"slot": {"minutes": 10}})),
)
ASKED = Placeholder(
    "demande",
    _("a sentence that asks to confirm and to send the deck, with the date when there is one"),
    part(ASKED_PART),
    lazily(lambda: part(ASKED_PART)({"due": wording.deadline(AFTERNOON)})),
)
DUE = Placeholder(
    "echeance",
    _("a sentence that says until when sheets are handed in; nothing without a date"),
    part(DUE_PART),
    lazily(lambda: part(DUE_PART)({"due": wording.deadline(AFTERNOON)})),
    is_required=True,
)
PANEL_CALL = Placeholder("appel", _("the title of the call"), lambda context: context["panel"].call.title, CALL.sample)
LEFT = Placeholder(
    "reste",
    _("how many sheets this juror has still to hand in, and of which applications"),
    part(LEFT_PART),
    lazily(lambda: part(LEFT_PART)(sample_left())),
    is_required=True,
    is_long=True,
)
TO_HAND_IN = Placeholder(
    "fiches",
    _("how many sheets are to be handed in"),
    part(COUNT_PART),
    lazily(lambda: part(COUNT_PART)(sample_left())),
)
STILL_EXPECTED = replace(
    TO_HAND_IN,
    label=_("how many sheets are still expected"),
    sample=lazily(lambda: part(COUNT_PART)(sample_left() | {"is_late": True})),
)
DUE_BY = Placeholder(
    "date_limite",
    _("until when sheets are handed in"),
    lambda context: context["due"],
    lazily(lambda: wording.deadline(AFTERNOON)),
    is_required=True,
)
DECK_BY = replace(DUE_BY, label=_("until when the answer and the deck are awaited"))
GIVEN = Placeholder(
    "nouvelles",
    _("a sentence that says how many more applications are given to read"),
    part(GIVEN_PART),
    lazily(lambda: part(GIVEN_PART)(sample_given())),
    is_required=True,
    is_long=True,
)
MORE = Placeholder(
    "nombre",
    _("how many more applications there are to read"),
    part(MORE_PART),
    lazily(lambda: part(MORE_PART)(sample_given())),
)
CHANGES = Placeholder(
    "changements",
    _("what changed, each with what was told before and what holds now"),
    part(CHANGES_PART),
    lazily(lambda: part(CHANGES_PART)(sample_changes())),
    is_required=True,
    is_long=True,
)
JUROR = Placeholder("jure", _("the juror’s name"), lambda context: context["recusal"].juror, "Dominique Lefebvre")
LINKED = replace(APPLICATION, value=lambda context: context["recusal"].submission.title)
ANSWERED = replace(APPLICATION, value=lambda context: context["title"])
PLACE = Placeholder(
    "page",
    _("the name of the page it leads to"),
    part(PLACE_PART),
    lazily(lambda: part(PLACE_PART)({})),
)
