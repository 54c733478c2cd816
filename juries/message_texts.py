"""The messages about juries that agents may word themselves, and what stands in their texts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.notifications.texts import Context, Moment, Placeholder, Text, lazily, part
from calls.message_placeholders import APPLICATION, CALL, CONTACT, LINK, NAME
from calls.message_texts import of_application, of_call

Words = Mapping[str, str]

READ = Moment(40, _("When the jury reads and meets"))
DECIDED = Moment(50, _("When decisions are public"))

AWARDS_PART = "juries/emails/parts/awards.txt"
DUE_PART = "juries/emails/parts/due.txt"
COUNT_PART = "juries/emails/parts/count.txt"
LEFT_PART = "juries/emails/parts/left.txt"
ASKED_PART = "juries/emails/parts/asked.txt"
MINUTES_PART = "juries/emails/parts/minutes.txt"
# An invented afternoon.
AFTERNOON = datetime(2027, 9, 16, 12, 20, tzinfo=UTC)


def sample_awards() -> dict[str, Any]:
    prize = SimpleNamespace(name=gettext("First prize"))
    return {"awards": [{"prize": prize, "amount": wording.amount(Decimal(8000)), "support": ""}]}


def sample_left() -> dict[str, Any]:
    named = [{"name": f"MOB-0042, {APPLICATION.sample}", "url": f"{settings.SITE_URL}/exemple/"}]
    return {"left": 3, "call": SimpleNamespace(title=CALL.sample), "named": named, "others": 2}


PRIZES = Placeholder(
    "prix",
    _("the prizes, one a line"),
    part(AWARDS_PART),
    lazily(lambda: part(AWARDS_PART)(sample_awards())),
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


def of_reminder(*, is_late: bool) -> Callable[[Words], dict[str, Any]]:
    """What a reminder to a juror, before or after the date, is made of."""
    return lambda words: (
        of_call(words)
        | {
            "left_told": words["reste"],
            "count_told": words["fiches"],
            "due": words["date_limite"],
            "is_late": is_late,
        }
    )


def is_late(context: Context) -> bool:
    """Whether the date that a reminder tells of is past."""
    return bool(context["is_late"])


def of_panel(words: Words) -> dict[str, Any]:
    panel = SimpleNamespace(call=SimpleNamespace(title=words["appel"]))
    return {"panel": panel, "subject": panel, "due_told": words["echeance"], "url": words["lien"]}


def of_slot(*, is_moved: bool) -> Callable[[Words], dict[str, Any]]:
    """What tells a finalist the first hour of their pitch, or another than was told, is made of."""
    return lambda words: (
        of_application(words)
        | {
            "starts": words["heure"],
            "minutes_told": words["duree"],
            "asked_told": words["demande"],
            "is_moved": is_moved,
        }
    )


def is_moved(context: Context) -> bool:
    """Whether another hour was told before."""
    return bool(context["is_moved"])


def of_outcome(outcome: str, stage: str = "") -> Callable[[Words], dict[str, Any]]:
    """What the portal tells of that outcome is made of."""
    return lambda words: (
        of_application(words)
        | {
            "outcome": outcome,
            "stage": stage,
            "awards_told": words.get("prix", ""),
        }
    )


def ends_as(outcome: str, stage: str = "") -> Callable[[Context], bool]:
    """Whether a decision has that outcome, at that stage when one is named."""
    return lambda context: context["outcome"] == outcome and stage in {"", context["stage"]}


PITCH = (LINK, HOUR, MINUTES, ASKED, NAME, APPLICATION, CALL, CONTACT)
DECISION = (LINK, APPLICATION, CALL, NAME, CONTACT)
TEXTS = {
    "juries.panel_opened": (
        Text("juries.panel_opened", _("To jurors: the sheets open"), READ, (LINK, DUE, NAME, PANEL_CALL), of_panel),
    ),
    "juries.reminder": (
        Text(
            "juries.reminder.before",
            _("To jurors: reminder before the sheets are due"),
            READ,
            (LINK, LEFT, DUE_BY, TO_HAND_IN, NAME, CALL),
            of_reminder(is_late=False),
            lambda context: not is_late(context),
        ),
        Text(
            "juries.reminder.late",
            _("To jurors: reminder once the date is past"),
            READ,
            (LINK, LEFT, DUE_BY, STILL_EXPECTED, NAME, CALL),
            of_reminder(is_late=True),
            is_late,
        ),
    ),
    "juries.slot": (
        Text(
            "juries.slot",
            _("Hour of a pitch"),
            READ,
            PITCH,
            of_slot(is_moved=False),
            lambda context: not is_moved(context),
        ),
        Text(
            "juries.slot.moved",
            _("Hour of a pitch, drawn again"),
            READ,
            PITCH,
            of_slot(is_moved=True),
            is_moved,
        ),
    ),
    "juries.decision": (
        Text(
            "juries.decision.finalist",
            _("Kept for the finale"),
            DECIDED,
            DECISION,
            of_outcome("keep"),
            ends_as("keep"),
        ),
        Text(
            "juries.decision.reserve",
            _("On the reserve list"),
            DECIDED,
            DECISION,
            of_outcome("reserve"),
            ends_as("reserve"),
        ),
        Text(
            "juries.decision.laureate",
            _("Laureate"),
            DECIDED,
            (LINK, PRIZES, APPLICATION, CALL, NAME, CONTACT),
            of_outcome("elect"),
            ends_as("elect"),
        ),
        Text(
            "juries.decision.declined_finale",
            _("Not among the laureates"),
            DECIDED,
            DECISION,
            of_outcome("decline", "finale"),
            ends_as("decline", "finale"),
        ),
        Text(
            "juries.decision.declined_reading",
            _("Not kept for the finale"),
            DECIDED,
            DECISION,
            of_outcome("decline", "reading"),
            ends_as("decline", "reading"),
        ),
    ),
}
