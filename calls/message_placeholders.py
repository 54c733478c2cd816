"""What stands in the texts of messages about calls and applications: placeholders, and the samples of a preview."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.text import beginning
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.texts import Context, Placeholder, lazily, part
from bethune_smartcity.notifications.tongues import marked

from .instants import to_the_second

CONTACT_PART = "calls/emails/parts/contact.txt"
REOPENED_PART = "calls/emails/parts/reopened.txt"
WHICH_PART = "calls/emails/parts/which.txt"
NAMED_PART = "calls/emails/parts/named.txt"
DRAFT_PART = "calls/emails/parts/draft.txt"
CHANGES_PART = "calls/emails/parts/changes.txt"

ENDS = ("?", "!", ".", "…")

# Invented instants: midnight in Paris after 30 June and 31 May 2027, and an evening before.
SUMMER, SPRING = datetime(2027, 6, 30, 22, tzinfo=UTC), datetime(2027, 5, 31, 22, tzinfo=UTC)
EVENING = datetime(2027, 5, 28, 16, 7, 31, tzinfo=UTC)


def sample_city() -> dict[str, Any]:
    city = SimpleNamespace(service=gettext("Digital affairs"), contact_email="numerique@ville.example")
    return {"city": city}


def sample_lacks() -> list[Any]:
    section, question = SimpleNamespace(title=gettext("The project")), SimpleNamespace(label=gettext("In one line"))
    told = {"section": section, "question": question, "sentence": gettext("An answer is missing.")}
    return [SimpleNamespace(**told, url=Link(f"{settings.SITE_URL}/exemple/"))]


def sample_changes() -> dict[str, Any]:
    question = SimpleNamespace(label=gettext("In one line"))
    difference = {"name": gettext("Words at most"), "before": "100", "after": "200"}
    change = {"what": gettext("Question changed"), "question": question, "differences": [difference]}
    return {"told": [{"change": change, "url": Link(f"{settings.SITE_URL}/exemple/")}]}


def lacks_told(lacks: Sequence[Any]) -> str:
    """What a draft still lacks, a line each that ends with the address of its field.

    Drawn by no template: a ladder tells it to thousands.
    """
    if not lacks:
        return gettext("Nothing is missing: all that remains is to submit it.")
    return "\n- ".join([gettext("It still lacks:"), *map(_lack, lacks)])


def _lack(lack: Any) -> str:
    words = _labelled(f"{lack.section.title}, {lack.question.label}", lack.sentence) if lack.question else lack.sentence
    return f"{words} {lack.url}"


def _labelled(label: str, sentence: Any) -> str:
    """A label and what is said of it: after a colon, or after a dash where the label ends as a sentence does."""
    label = label.rstrip()
    between = " –" if label.endswith(ENDS) else pgettext("between label and text", ":")
    return f"{label.removesuffix(':').rstrip()}{between} {sentence}"


def title_of(context: Context) -> Any:
    return context["subject"].title


def call_of(context: Context) -> Any:
    return context["call"].title


# --- Placeholders ---

LINK = Placeholder(
    "lien",
    _("the address of the page it leads to"),
    lambda context: context["url"],
    lazily(lambda: Link(f"{settings.SITE_URL}/exemple/")),
    is_required=True,
)
NAME = Placeholder("nom", _("the reader’s name"), lambda context: context["user"], "Camille Martin")
APPLICATION = Placeholder(
    "candidature", _("the title of the application"), title_of, _("A shuttle to the station & back")
)
CALL = Placeholder("appel", _("the title of the call"), call_of, _("Getting about tomorrow"))
NUMBER = Placeholder(
    "numero", _("the number of the application"), lambda context: context["subject"].number, "MOB-0042"
)
DIGEST = Placeholder(
    "empreinte", _("the digest of what was handed in"), lambda context: context["digest"], f"{'9f86d081884c7d65' * 4}"
)
STRUCTURE = Placeholder(
    "structure",
    _("the structure that applies"),
    lambda context: context["subject"].structure.name,
    "Navette & Cie",
)
CONTACT = Placeholder(
    "contact",
    _("the service in charge and its address"),
    part(CONTACT_PART),
    lazily(lambda: part(CONTACT_PART)(sample_city())),
    is_long=True,
)
CLOSES = Placeholder(
    "date_limite",
    _("until when one may apply"),
    lambda context: context["closes"],
    lazily(lambda: wording.deadline(SPRING)),
)
RECEIVED = Placeholder(
    "recu_le",
    _("when it was received, to the second"),
    lambda context: context["received"],
    lazily(lambda: to_the_second(EVENING)),
    is_required=True,
)
MISSING = Placeholder(
    "manques",
    _("what this draft still lacks"),
    lambda context: lacks_told(context["lacks"]),
    lazily(lambda: lacks_told(sample_lacks())),
    is_required=True,
    is_long=True,
)
UNTIL = Placeholder(
    "date_limite",
    _("until when it may be corrected"),
    lambda context: context["until"],
    lazily(lambda: wording.deadline(SUMMER)),
    is_required=True,
)
ASKED = Placeholder(
    "demande",
    _("what is to be corrected"),
    lambda context: context["subject"].correction_request,
    _("Please add the budget of the second year."),
    is_required=True,
    is_long=True,
)
REOPENED = Placeholder(
    "a_corriger",
    _("the answers that may be corrected, one a line"),
    part(REOPENED_PART),
    lazily(lambda: part(REOPENED_PART)({"reopened": [gettext("In one line")]})),
    is_long=True,
)
REFUSAL = Placeholder(
    "motif",
    _("the reason given"),
    lambda context: context["reason"],
    _("The structure did not exist yet at the close."),
    is_required=True,
    is_long=True,
)
QUESTION = Placeholder(
    "question",
    _("the question asked"),
    lambda context: marked(context["subject"], "text"),
    _("May an association apply?"),
    is_long=True,
)
BEGINS = Placeholder(
    "debut",
    _("the first words of the question, for the subject"),
    lambda context: beginning(context["subject"].text),
    _("May an association apply?"),
)
ANSWER = Placeholder(
    "reponse",
    _("its public answer"),
    lambda context: marked(context["subject"], "answer"),
    _("Yes, if it was founded before the close."),
    is_long=True,
)
WHICH = Placeholder(
    "quelle_date",
    _("a sentence that says which date has changed"),
    part(WHICH_PART),
    lazily(lambda: part(WHICH_PART)({"subject": {"field": "closes_at"}})),
)
NAMED = Placeholder(
    "changement",
    _("which date is new, in a few words, for the subject"),
    part(NAMED_PART),
    lazily(lambda: part(NAMED_PART)({"subject": {"field": "closes_at"}})),
)
BEFORE = Placeholder(
    "avant", _("the former date"), lambda context: context["before"], lazily(lambda: wording.deadline(SPRING))
)
AFTER = Placeholder(
    "apres",
    _("the new date"),
    lambda context: context["after"],
    lazily(lambda: wording.deadline(SUMMER)),
    is_required=True,
)
MOVE_REASON = Placeholder(
    "motif",
    _("the reason given"),
    lambda context: marked(context["subject"], "reason"),
    _("A storm closed the town hall for two days."),
    is_required=True,
    is_long=True,
)
EXTENDED_UNTIL = replace(UNTIL, label=_("until when this application may be written and submitted"))
EXTENSION_REASON = replace(MOVE_REASON, value=lambda context: context["subject"].extension_reason)
STILL_DRAFT = Placeholder(
    "brouillon",
    _("a sentence that says that it is still a draft; nothing once it is submitted"),
    part(DRAFT_PART),
    lazily(lambda: part(DRAFT_PART)({"subject": {"is_draft": True}})),
    is_long=True,
)
FORM_REASON = replace(
    MOVE_REASON, value=lambda context: context["change"].reason, sample=_("One figure was asked for twice.")
)
CHANGES = Placeholder(
    "changements",
    _("what changed in each question, and where it is"),
    part(CHANGES_PART),
    lazily(lambda: part(CHANGES_PART)(sample_changes())),
    is_required=True,
    is_long=True,
)
SUMMARY = Placeholder(
    "resume",
    _("the call in one sentence"),
    lambda context: marked(context["call"], "summary"),
    _("Moving about without a car of one’s own."),
)
PILLARS = Placeholder("piliers", _("the pillars of the call"), lambda context: context["pillars"], _("Mobility"))


def required(placeholder: Placeholder) -> Placeholder:
    """The same, without which a text does not do its work."""
    return replace(placeholder, is_required=True)


def unasked(placeholder: Placeholder, value: Callable[[Context], Any] | None = None) -> Placeholder:
    """The same, which a text may do without; with another way to its words where one is given."""
    return replace(placeholder, is_required=False, value=value or placeholder.value)
