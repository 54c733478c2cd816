"""The messages about calls and applications that agents may word themselves, and what their texts are made of."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.notifications.texts import Context, Moment, Text

from .message_placeholders import (
    AFTER,
    ANSWER,
    APPLICATION,
    ASKED,
    BEFORE,
    BEGINS,
    CALL,
    CHANGES,
    CLOSES,
    CONTACT,
    DIGEST,
    EXTENDED_UNTIL,
    EXTENSION_REASON,
    FORM_REASON,
    LINK,
    MISSING,
    MOVE_REASON,
    NAME,
    NAMED,
    NUMBER,
    PILLARS,
    QUESTION,
    RECEIVED,
    REFUSAL,
    REOPENED,
    STILL_DRAFT,
    STRUCTURE,
    SUMMARY,
    UNTIL,
    WHICH,
    required,
)
from .workflow import SubmissionState

Words = Mapping[str, str]

ANNOUNCED = Moment(10, _("While the call is prepared and open"))
HANDED_IN = Moment(20, _("When an application is handed in"))
EXAMINED = Moment(30, _("When applications are examined"))
PUBLIC = Moment(60, _("When the results are public"))

# --- What the portal's own texts are made of, from the words of each placeholder ---


def of_application(words: Words) -> dict[str, Any]:
    """What every message about an application is made of."""
    told = {name: words.get(name, "") for name in ("candidature", "numero", "structure", "demande", "appel", "lien")}
    subject = SimpleNamespace(
        title=told["candidature"],
        number=told["numero"],
        structure=SimpleNamespace(name=told["structure"]),
        correction_request=told["demande"],
        state=SubmissionState.SUBMITTED,
    )
    call = SimpleNamespace(title=told["appel"])
    return {"subject": subject, "call": call, "url": told["lien"], "contact_told": words.get("contact", "")}


def of_receipt(words: Words) -> dict[str, Any]:
    dates = {"received": words["recu_le"], "closes": words["date_limite"]}
    return of_application(words) | dates | {"digest": words["empreinte"]}


def of_draft(words: Words) -> dict[str, Any]:
    return of_application(words) | {"closes": words["date_limite"], "missing_told": words["manques"]}


def of_correction(words: Words) -> dict[str, Any]:
    told = {"until": words["date_limite"], "reopened_told": words.get("a_corriger", "")}
    return of_application(words) | told


def of_admission(words: Words) -> dict[str, Any]:
    told = of_application(words)
    told["subject"].state = SubmissionState.ADMISSIBLE
    return told


def of_refusal(words: Words) -> dict[str, Any]:
    told = of_application(words)
    told["subject"].state = SubmissionState.INADMISSIBLE
    return told | {"reason": words["motif"]}


def of_call(words: Words) -> dict[str, Any]:
    call = SimpleNamespace(title=words["appel"], summary=words.get("resume", ""))
    return {"call": call, "subject": call, "url": words["lien"]}


def of_opening(words: Words) -> dict[str, Any]:
    return of_call(words) | {"closes": words["date_limite"], "pillars": words["piliers"]}


def of_answer(words: Words) -> dict[str, Any]:
    subject = SimpleNamespace(text=words["question"], answer=words["reponse"])
    return of_call(words) | {"subject": subject, "begins": words["debut"]}


def of_move(words: Words) -> dict[str, Any]:
    dates = {"before": words["avant"], "after": words["apres"], "which_told": words["quelle_date"]}
    dates["named"] = words["changement"]
    return of_call(words) | dates | {"subject": SimpleNamespace(reason=words["motif"])}


def of_extension(words: Words) -> dict[str, Any]:
    told = of_application(words)
    told["subject"].extension_reason = words["motif"]
    return told | {"until": words["date_limite"], "draft_told": words["brouillon"]}


def of_form(*, is_draft: bool) -> Callable[[Words], dict[str, Any]]:
    """What tells of a changed form, to who writes a draft or to who has submitted, is made of."""

    def made(words: Words) -> dict[str, Any]:
        told = of_application(words)
        told["subject"].is_draft = is_draft
        change = SimpleNamespace(reason=words["motif"])
        return told | {"change": change, "changes_told": words["changements"], "closes": words.get("date_limite", "")}

    return made


# --- Texts, by the name of their kind ---


def is_admitted(context: Context) -> bool:
    return bool(context["subject"].state == SubmissionState.ADMISSIBLE)


def is_draft(context: Context) -> bool:
    return bool(context["subject"].is_draft)


OURS = (LINK, NAME, APPLICATION, CALL)
MOVED = (LINK, AFTER, MOVE_REASON, WHICH, NAMED, BEFORE, CALL)
# The reminder has one name in the plan, in what was sent and where it is worded.
REMINDER = _("Reminder before the close")
TEXTS = {
    "calls.opens": (
        Text(
            "calls.opens",
            _("To followers: the call opens"),
            ANNOUNCED,
            (LINK, required(CLOSES), CALL, SUMMARY, PILLARS),
            of_opening,
        ),
    ),
    "calls.answered": (
        Text(
            "calls.answered",
            _("A question has its public answer"),
            ANNOUNCED,
            (LINK, BEGINS, QUESTION, ANSWER, CALL, NAME),
            of_answer,
        ),
    ),
    "calls.moved": (Text("calls.moved", _("To applicants: a date has moved"), ANNOUNCED, (*MOVED, NAME), of_move),),
    "calls.date_moved": (Text("calls.date_moved", _("To followers: a date has moved"), ANNOUNCED, MOVED, of_move),),
    "calls.closing": (
        Text(
            "calls.closing",
            REMINDER,
            ANNOUNCED,
            (LINK, MISSING, required(CLOSES), NAME, APPLICATION, CALL),
            of_draft,
        ),
    ),
    "calls.extended": (
        Text(
            "calls.extended",
            _("More time for one application"),
            ANNOUNCED,
            (LINK, EXTENDED_UNTIL, EXTENSION_REASON, STILL_DRAFT, NAME, APPLICATION, CALL),
            of_extension,
        ),
    ),
    "calls.form_changed": (
        Text(
            "calls.form_changed.draft",
            _("The form has changed, to who writes a draft"),
            ANNOUNCED,
            (LINK, FORM_REASON, CHANGES, NAME, APPLICATION, CALL),
            of_form(is_draft=True),
            is_draft,
        ),
        Text(
            "calls.form_changed.submitted",
            _("The form has changed, to who has submitted"),
            ANNOUNCED,
            (LINK, FORM_REASON, CHANGES, CLOSES, NUMBER, NAME, APPLICATION, CALL),
            of_form(is_draft=False),
            lambda context: not is_draft(context),
        ),
    ),
    "calls.receipt": (
        Text(
            "calls.receipt",
            _("Acknowledgement of an application"),
            HANDED_IN,
            (
                LINK,
                required(NUMBER),
                RECEIVED,
                required(DIGEST),
                required(CONTACT),
                NAME,
                APPLICATION,
                CALL,
                STRUCTURE,
                CLOSES,
            ),
            of_receipt,
        ),
    ),
    "calls.withdrawn": (
        Text("calls.withdrawn", _("Application withdrawn"), HANDED_IN, (*OURS, NUMBER), of_application),
    ),
    "calls.correction": (
        Text(
            "calls.correction",
            _("Correction asked for"),
            EXAMINED,
            (ASKED, UNTIL, REOPENED, *OURS, NUMBER),
            of_correction,
        ),
    ),
    "calls.screened": (
        Text(
            "calls.screened.admissible",
            _("Application admissible"),
            EXAMINED,
            (*OURS, NUMBER, CONTACT),
            of_admission,
            is_admitted,
        ),
        Text(
            "calls.screened.inadmissible",
            _("Application not admissible"),
            EXAMINED,
            (REFUSAL, *OURS, NUMBER, CONTACT),
            of_refusal,
            lambda context: not is_admitted(context),
        ),
    ),
    "calls.published": (
        Text("calls.published", _("To followers: the results are public"), PUBLIC, (LINK, CALL), of_call),
    ),
}
