"""Finalists answer: whether they come to the finale, and the deck of their pitch."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict
from bethune_smartcity.files.kinds import true_type
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.uploads import discard, refuse, storing
from bethune_smartcity.lifecycle.moves import move, record
from calls.instants import to_the_second
from juries import notices
from juries.models import Attendance, Panel
from juries.operations.checks import checked
from juries.queries.attendance import takes_answers, takes_decks

DECK_TYPE = "application/pdf"


@transaction.atomic
def confirm(attendance: Attendance, *, pitched_by: str, people: int, needs: str = "", by: Any) -> Attendance:
    """Say that a finalist comes, who pitches, how many come and what they need; said again, it replaces what was said.

    Organisers are told the first time, and when it follows a refusal. Returns the word as kept. Raises Forbidden,
    Invalid (at its field) or Conflict (no finalist as far as one may know, or the marks are locked).
    """
    require(by, "juries.answer_finale", attendance)
    kept = _held(attendance)
    was_coming = kept.is_coming
    told: dict[str, Any] = {"pitched_by": pitched_by.strip(), "people": people, "needs": needs.strip(), "word": ""}
    _check(kept, told)
    move(kept, "confirm", by=by, guard=check_expected, data={"people": people}, answered_at=clock.now(), **told)
    if not was_coming:
        notices.finalist_answered(kept)
    return kept


@transaction.atomic
def decline(attendance: Attendance, *, word: str, by: Any) -> Attendance:
    """Say that a finalist does not come, and why. What follows is the organisers' to decide: they are told.

    Returns the word as kept. Raises Forbidden, Invalid (no word) or Conflict (as `confirm`, or declined already).
    """
    require(by, "juries.answer_finale", attendance)
    kept = _held(attendance)
    told: dict[str, Any] = {"word": word.strip(), "needs": ""}
    _check(kept, told)
    move(kept, "decline", by=by, guard=check_expected, reason=word, answered_at=clock.now(), **told)
    notices.finalist_answered(kept)
    return kept


def send_deck(attendance: Attendance, upload: UploadedFile, *, by: Any) -> Attendance:
    """Keep `upload`, a PDF, as the deck of a finalist in place of the former one; the journal keeps their digests.

    What counts is the instant at which it reached the server. Organisers are told of the first. Returns the word as
    kept. Raises Forbidden, Invalid (field `file`, with the reason) or Conflict (too late, declined, no finalist).
    """
    require(by, "juries.answer_finale", attendance)
    # Asked before the document is looked at, which takes a while, and again once the rows are held.
    check_deck_taken(attendance)
    if true_type(upload) != DECK_TYPE:
        refuse("not_a_pdf", _("Send your deck as a PDF: export it from the tool you made it with."))
    with storing() as shelf:
        stored = shelf.store(upload, by=by)
        with transaction.atomic():
            kept = _held(attendance)
            check_deck_taken(kept)
            _take_deck(kept, stored, by=by)
    return kept


def _take_deck(kept: Attendance, stored: StoredFile, *, by: Any) -> None:
    stored.save()
    former, kept.deck = kept.deck, stored
    kept.deck_number, kept.deck_sent_at = kept.deck_number + 1, clock.arrived()
    kept.save(update_fields=["deck", "deck_number", "deck_sent_at"])
    told = {"version": kept.deck_number, "file": stored.name, "digest": stored.digest}
    record(kept, "send_deck", by=by, data=told)
    if former is None:
        notices.deck_received(kept)
    else:
        discard(former)


def forget_needs(panel: Panel) -> None:
    """Erase what finalists needed to take part: once the finale is over it serves nobody."""
    panel.attendances.exclude(needs="").update(needs="")


def _held(attendance: Attendance) -> Attendance:
    """The word of the finalist as it is kept, begun if need be; its row and its panel are held until the end."""
    panel = Panel.objects.select_for_update(of=("self",)).select_related("call").get(pk=attendance.panel_id)
    kept, _made = Attendance.objects.select_related("deck").get_or_create(panel=panel, submission=attendance.submission)
    kept.panel, kept.submission = panel, attendance.submission
    kept.submission.refresh_from_db(fields=["state", "former_state", "decision_public_at"])
    return kept


def _check(kept: Attendance, told: dict[str, Any]) -> None:
    """Raise Invalid, at its field, for a value of `told` that the model refuses."""
    said = Attendance(panel=kept.panel, submission=kept.submission, **told)
    untouched = {field.name for field in Attendance._meta.fields} - set(told)
    checked(said, exclude=untouched, validate_unique=False, validate_constraints=False)


def check_expected(attendance: Attendance) -> None:
    """Raise Conflict unless the finalist may answer now."""
    if not takes_answers(attendance):
        raise Conflict("not_expected", _("The finale no longer takes answers here: write to the city."))


def check_deck_taken(attendance: Attendance) -> None:
    """Raise Conflict, naming the instant in Paris, unless what reached the server now may be the deck."""
    check_expected(attendance)
    if attendance.is_declined:
        raise Conflict("declined", _("You told the city that you do not come: confirm first that you do."))
    panel, arrived = attendance.panel, clock.arrived()
    if takes_decks(panel, arrived):
        return
    if panel.deck_due_at is None:
        raise Conflict("deck_late", _("The pitches have begun: decks are no longer taken."))
    words = {"when": wording.deadline(panel.deck_due_at), "now": to_the_second(arrived)}
    raise Conflict("deck_late", _("Decks were taken until %(when)s. Your request arrived on %(now)s.") % words)
