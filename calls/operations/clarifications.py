"""Questions about a call: asked by one, answered for all."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid, TooOften
from bethune_smartcity.core.search import folded
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import record
from calls import notices
from calls.models import Call, Clarification
from calls.phases import Phase, phase_at

MAX_QUESTION = 2000
MAX_ANSWER = 4000
WINDOW, MOST_IN_WINDOW = timedelta(hours=1), 10


def check_text(text: str, limit: int, field: str) -> str:
    """`text` stripped. Raises Invalid at `field` when it is empty, too long (characters) or holds odd characters."""
    clean = text.replace("\r\n", "\n").strip()
    if not clean:
        raise Invalid("empty", _("Write something."), field=field)
    if len(clean) > limit:
        sentence = _("This text is too long: %(n)s characters at most.") % {"n": wording.number(limit)}
        raise Invalid("too_long", sentence, field=field)
    check_plain(clean, field=field)
    return clean


def check_asking(call: Call) -> None:
    """Raise Conflict when questions about `call` are no longer (or not yet) taken."""
    until, arrived = call.takes_questions_until, clock.arrived()
    if phase_at(call, arrived) not in {Phase.ANNOUNCED, Phase.OPEN} or arrived >= until:
        raise Conflict(
            "questions_closed", _("Questions were taken until %(when)s.") % {"when": wording.deadline(until)}
        )


def check_pace(call: Call, asker: Any) -> None:
    """Raise TooOften when `asker` has asked ten questions about `call` within the hour."""
    asked = Clarification.objects.filter(call=call, asker=asker, asked_at__gt=clock.now() - WINDOW)
    latest = list(asked.order_by("-asked_at").values_list("asked_at", flat=True)[:MOST_IN_WINDOW])
    if len(latest) == MOST_IN_WINDOW:
        wait = int((latest[-1] + WINDOW - clock.now()).total_seconds()) + 1
        sentence = _("You have asked ten questions within the hour: those to come can wait a little.")
        raise TooOften("too_many_questions", sentence, retry_after=wait, field="text")


@transaction.atomic
def ask(call: Call, text: str, *, by: Any, language: str = "fr") -> Clarification:
    """Ask a question about `call` in `language` (two letters). Returns it.

    Raises Forbidden, Invalid, Conflict or TooOften (ten an hour).
    """
    require(by, "calls.ask_question", call)
    check_asking(call)
    text = check_text(text, MAX_QUESTION, "text")
    check_pace(call, by)
    asked = Clarification.objects.create(call=call, asker=by, text=text, language=language[:5], asked_at=clock.now())
    record(asked, "ask", by=by)
    return asked


@transaction.atomic
def answer(clarification: Clarification, text: str, *, by: Any, language: str = "fr") -> Clarification:
    """Answer a question, in `language` (two letters), for all to read; draft holders and whoever asked are told.

    Returns it. Raises Forbidden, Invalid or Conflict (already answered).
    """
    require(by, "calls.answer_questions", clarification.call)
    text = check_text(text, MAX_ANSWER, "text")
    stamps = {"answer": text, "answered_at": clock.now(), "answered_by_id": by.pk}
    stamps["answer_language"] = language[:5]
    stamps["search_text"] = folded(clarification.text, text)
    waiting = Clarification.objects.filter(pk=clarification.pk, answered_at__isnull=True)
    if not waiting.update(**stamps):
        raise Conflict("answered", _("Someone has already answered this question."))
    clarification.refresh_from_db()
    record(clarification, "answer", by=by)
    notices.question_answered(clarification)
    return clarification
