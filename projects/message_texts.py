"""The messages about projects that agents may word themselves, and what stands in their texts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.texts import Context, Moment, Placeholder, Text, lazily, part
from calls.message_placeholders import LINK, NAME, required, sample_city, unasked

Words = Mapping[str, str]

FOLLOWED = Moment(70, _("While a project is followed"))
ASKED = Moment(80, _("When another city asks about the programme"))
PAYMENTS_PART = "projects/emails/parts/payments.txt"
MISSING_PART = "projects/emails/parts/missing.txt"
REASON_PART = "projects/emails/parts/reason.txt"
ERASURE_PART = "projects/emails/parts/erasure.txt"
FILE_PART = "projects/emails/parts/file.txt"
SAMPLE_REASON = _("One figure is still missing.")

# An invented day.
A_DAY = date(2027, 6, 30)


def sample_payments() -> dict[str, Any]:
    return {"payments": [{"label": gettext("First half"), "amount": wording.amount(Decimal(4000))}]}


PROJECT = Placeholder(
    "projet", _("the name of the project"), lambda context: context["project"].name, _("Shuttle to the station")
)
STAGE = Placeholder(
    "etape",
    _("the new stage of the project"),
    lambda context: context["project"].get_state_display(),
    _("on trial"),
    is_required=True,
)
STEP = Placeholder(
    "petit_pas", _("the title of the step"), lambda context: context["subject"].title, _("First passengers")
)
PAYMENT = Placeholder(
    "versement", _("the name of the payment"), lambda context: context["subject"].label, _("First half")
)
REASON = Placeholder(
    "motif",
    _("the reason given"),
    lambda context: context["reason"],
    SAMPLE_REASON,
    is_required=True,
    is_long=True,
)
REASON_IF_ANY = Placeholder(
    "motif",
    _("the reason given; nothing without one"),
    part(REASON_PART),
    lazily(lambda: part(REASON_PART)({"reason": SAMPLE_REASON})),
    is_required=True,
    is_long=True,
)
DAY = Placeholder(
    "echeance",
    _("the day by which it is to be reported"),
    lambda context: context["due"],
    lazily(lambda: wording.day(A_DAY, weekday=True)),
    is_required=True,
)
PAYMENT_DAY = replace(DAY, label=_("the day it is planned for"))
AMOUNT = Placeholder(
    "montant",
    _("the amount of the payment"),
    lambda context: context["amount"],
    lazily(lambda: wording.amount(Decimal(4000))),
)
MISSING = Placeholder(
    "manque",
    _("what is missing: the report, or what the city asked to complete in it"),
    part(MISSING_PART),
    lazily(lambda: part(MISSING_PART)({})),
    is_required=True,
    is_long=True,
)
WAITING = Placeholder(
    "versements",
    _("the payments that wait for it, one a line; nothing without one"),
    part(PAYMENTS_PART),
    lazily(lambda: part(PAYMENTS_PART)(sample_payments())),
    is_long=True,
)


PHOTO = Placeholder(
    "photographie",
    _("what the photograph shows"),
    lambda context: context["subject"].alt,
    _("The shuttle before the station"),
    is_long=True,
)
ASKED_ABOUT = replace(PROJECT, value=lambda context: context["asked"].project.name)
ERASURE = Placeholder(
    "effacement",
    _("how to have one’s details erased earlier; nothing without a contact address"),
    part(ERASURE_PART),
    lazily(lambda: part(ERASURE_PART)(sample_city())),
    is_required=True,
    is_long=True,
)
REPLY = Placeholder(
    "reponse",
    _("what the city answers"),
    lambda context: context["asked"].reply,
    _("With pleasure: here is how we went about it."),
    is_required=True,
    is_long=True,
)
FILE = Placeholder(
    "fiche",
    _("the address of the replication file; nothing without one"),
    part(FILE_PART),
    lazily(lambda: part(FILE_PART)({"file": Link(f"{settings.SITE_URL}/exemple/")})),
    is_required=True,
    is_long=True,
)


def of_project(words: Words) -> dict[str, Any]:
    """What every message about a project is made of."""
    subject = SimpleNamespace(title=words.get("petit_pas", ""), label=words.get("versement", ""))
    told = {"project": SimpleNamespace(name=words["projet"]), "subject": subject, "url": words["lien"]}
    return told | {"reason": words.get("motif", "")}


def of_stage(words: Words) -> dict[str, Any]:
    return of_project(words) | {"stage": words["etape"], "reason_told": words["motif"]}


def of_step(words: Words) -> dict[str, Any]:
    """What a reminder of a step, until its day or after it, is made of."""
    told = {"due": words["echeance"], "payments_told": words["versements"], "missing_told": words.get("manque", "")}
    return of_project(words) | told


def of_payment(words: Words) -> dict[str, Any]:
    """What a reminder of a payment is made of."""
    return of_project(words) | {"due": words["echeance"], "amount": words["montant"]}


def of_photo(*, is_shown: bool) -> Callable[[Words], dict[str, Any]]:
    """What tells a team whether their photograph is shown is made of."""

    def made(words: Words) -> dict[str, Any]:
        told = of_project(words)
        told["subject"].alt = words["photographie"]
        return told | {"shown": is_shown, "reason_told": words["motif"]}

    return made


def is_shown(context: Context) -> bool:
    return bool(context["shown"])


def of_request(words: Words) -> dict[str, Any]:
    """What a message to a city that asks about a project is made of."""
    project = SimpleNamespace(name=words["projet"])
    asked = SimpleNamespace(project=project, reply=words.get("reponse", ""))
    told = {"erasure_told": words.get("effacement", ""), "file_told": words.get("fiche", "")}
    return told | {"asked": asked, "url": words["lien"]}


def of_programme_request(words: Words) -> dict[str, Any]:
    """What a message to a city that asks about the programme as a whole is made of."""
    told = of_request({**words, "projet": ""})
    told["asked"].project = None
    return told


def is_about_the_programme(context: Context) -> bool:
    return not is_about_a_project(context)


def is_about_a_project(context: Context) -> bool:
    """Whether a request is about a project, and so told in the words of its call's agents."""
    return context["asked"].project is not None


OURS = (LINK, PROJECT, NAME)


def _one(key: str, label: Any, *others: Placeholder, made_of: Any = of_project) -> tuple[Text, ...]:
    """The one text of a kind."""
    return (Text(key, label, FOLLOWED, (*OURS, *others), made_of),)


TEXTS = {
    "projects.opened": _one("projects.opened", _("A project opens")),
    "projects.stage": _one("projects.stage", _("A project changes stage"), STAGE, REASON_IF_ANY, made_of=of_stage),
    "projects.step_due": _one(
        "projects.step_due", _("Reminder of a step until its day"), required(STEP), DAY, WAITING, made_of=of_step
    ),
    "projects.report_missing": _one(
        "projects.report_missing",
        _("The report of a step is missing"),
        required(STEP),
        DAY,
        MISSING,
        WAITING,
        made_of=of_step,
    ),
    "projects.payment_due": _one(
        "projects.payment_due",
        _("A payment is to be requested"),
        required(PAYMENT),
        PAYMENT_DAY,
        AMOUNT,
        made_of=of_payment,
    ),
    "projects.accepted": _one("projects.accepted", _("A step is accepted"), STEP),
    "projects.asked_again": _one("projects.asked_again", _("A step is asked for again"), STEP, REASON),
    "projects.photo_judged": (
        Text(
            "projects.photo_judged",
            _("A photograph is shown"),
            FOLLOWED,
            (*OURS, PHOTO, unasked(REASON_IF_ANY)),
            of_photo(is_shown=True),
            is_shown,
        ),
        Text(
            "projects.photo_judged.refused",
            _("A photograph is not shown"),
            FOLLOWED,
            (*OURS, PHOTO, REASON_IF_ANY),
            of_photo(is_shown=False),
            lambda context: not is_shown(context),
        ),
    ),
    "projects.replication_receipt": (
        Text(
            "projects.replication_receipt",
            _("To a city: its request about a project is received"),
            FOLLOWED,
            (LINK, ERASURE, ASKED_ABOUT),
            of_request,
            is_about_a_project,
        ),
        Text(
            "projects.replication_receipt.programme",
            _("To a city: its request about the programme is received"),
            ASKED,
            (LINK, ERASURE),
            of_programme_request,
            is_about_the_programme,
            is_of_call=False,
        ),
    ),
    "projects.replication_answer": (
        Text(
            "projects.replication_answer",
            _("To a city: its request about a project is answered"),
            FOLLOWED,
            (LINK, REPLY, FILE, ASKED_ABOUT),
            of_request,
            is_about_a_project,
        ),
        Text(
            "projects.replication_answer.programme",
            _("To a city: its request about the programme is answered"),
            ASKED,
            (LINK, REPLY),
            of_programme_request,
            is_about_the_programme,
            is_of_call=False,
        ),
    ),
    "projects.approved": _one("projects.approved", _("A payment is approved"), PAYMENT),
    "projects.cancelled": _one("projects.cancelled", _("A payment is cancelled"), PAYMENT, REASON),
}
