"""Writing to many people of a call at once: by a second deliberate act, now or later, and never without return."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.core.text import check_plain, one_line
from bethune_smartcity.lifecycle.moves import move, record
from bethune_smartcity.notifications.layout import Link, layout_of
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import WAITING, key_of, path_of, write_down
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Words, complaints
from calls.audiences import Audience, Reader, audience_named
from calls.models import Call, Letter
from calls.models.letter import FIRST, texts_of
from calls.notices import LETTER
from calls.queries.letters import language_read, messages_of, people_of, readers_of, tally_of, words_for
from calls.workflow import LetterState

log = logging.getLogger(__name__)

SEND = "calls.send_letter"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# People written to at once; batches written in one sweep, the rest at the next.
BATCH, BATCHES, LETTERS = 200, 10, 20
FURTHEST = timedelta(days=365)
L = LetterState
# What may still leave by itself, or once it is let go.
NOT_LEFT = (*WAITING, Message.State.CLAIMED)


# --- Writing it ---


def check_audience(call: Call, name: str, part: str, *, by: Any) -> Audience:
    """Whom a message is for. Raises Invalid for people nobody knows, or whom `by` may not write to."""
    audience = audience_named(name)
    if audience is None or part not in audience.parts(call):
        raise Invalid("unknown_audience", _("Choose whom the message is for."), field="audience")
    require(by, audience.permission, call)
    return audience


def check_texts(audience: Audience, words: Mapping[str, Words]) -> dict[str, Words]:
    """The words of each language, tidied. Raises Invalid at the field (`subject_fr`) of what cannot be told."""
    told = {
        code: Words(one_line(words[code].subject), words[code].body.replace("\r\n", "\n").strip())
        for code in LANGUAGES
        if code in words and (code == FIRST or words[code].subject.strip() or words[code].body.strip())
    }
    if FIRST not in told:
        raise Invalid("no_french", _("Write it in French: everyone can be written to in French."), field="subject_fr")
    for code, each in told.items():
        _check_words(audience, code, each)
    return told


def _check_words(audience: Audience, code: str, words: Words) -> None:
    for name, typed, most in (("subject", words.subject, LONGEST_SUBJECT), ("body", words.body, LONGEST_BODY)):
        field = f"{name}_{code}"
        check_plain(typed, field=field)
        if not typed:
            raise Invalid("empty", _("A language has a subject and a text, or neither."), field=field)
        if len(typed) > most:
            raise Invalid("too_long", _("This is too long: %(most)d characters at most.") % {"most": most}, field=field)
    for name, sentences in complaints(audience.text, words).items():
        raise Invalid("placeholders", sentences[0], field=f"{name}_{code}")


@transaction.atomic
def write_letter(call: Call, audience: str, part: str, words: Mapping[str, Words], *, by: Any) -> Letter:
    """Keep a message to people of `call`, which nobody gets before it is confirmed. Returns it.

    `words` are by language. Raises Forbidden or Invalid (at the field).
    """
    require(by, "calls.write_letters", call)
    told = check_texts(check_audience(call, audience, part, by=by), words)
    letter = Letter.objects.create(call=call, audience=audience, part=part, texts=texts_of(told), created_by=by)
    record(letter, "create", by=by)
    return letter


@transaction.atomic
def rewrite_letter(letter: Letter, audience: str, part: str, words: Mapping[str, Words], *, by: Any) -> Letter:
    """Change a message that is not confirmed. Returns it. Raises Forbidden, Invalid (at the field) or Conflict."""
    require(by, SEND, letter)
    told = check_texts(check_audience(letter.call, audience, part, by=by), words)
    columns = {"audience": audience, "part": part, "texts": texts_of(told), "edited_at": clock.now()}
    if not Letter.objects.filter(pk=letter.pk, state=L.DRAFT).update(**columns):
        raise Conflict("confirmed", _("This message is confirmed: take it back to change it."))
    for name, value in columns.items():
        setattr(letter, name, value)
    record(letter, "edit", by=by)
    return letter


@transaction.atomic
def discard_letter(letter: Letter, *, by: Any) -> None:
    """Throw away a message that is not confirmed. Raises Forbidden or Conflict."""
    require(by, SEND, letter)
    record(letter, "delete", by=by)
    if not Letter.objects.filter(pk=letter.pk, state=L.DRAFT).delete()[0]:
        raise Conflict("confirmed", _("This message is confirmed: cancel it instead."))


# --- Sending it, or not ---


@transaction.atomic
def confirm(letter: Letter, *, number: int, seen: str, due_at: datetime | None = None, by: Any) -> Letter:
    """Let a message leave within the minute, or at the aware instant `due_at`. Returns it.

    `number` is to how many people, as the agent typed it: it is checked against those there are now; `seen` is the
    `stamp_of` what the agent read. Who is written to is looked for again when it leaves. Raises Forbidden, Invalid (at
    `number` or `due_at`) or Conflict.
    """
    require(by, SEND, letter)
    now = clock.now()
    check_instant(due_at, now)
    if stamp_of(letter) != seen:
        raise Conflict("already_changed", _("Someone has just changed this: reload the page."))
    there = people_of(letter, now).count()
    if number != there:
        message = ngettext(
            "The message is for %(n)d person now: type this number.",
            "The message is for %(n)d people now: type this number.",
            there,
        )
        raise Invalid("wrong_number", message % {"n": there}, field="number")
    if not there and due_at is None:
        raise Conflict("nobody", _("There is nobody to write to now: plan the message for later, or choose others."))
    data = {"people": there, "due_at": (due_at or now).isoformat()}
    return move(letter, "confirm", by=by, data=data, due_at=due_at or now, foreseen=there)


def stamp_of(letter: Letter) -> str:
    """What tells one version of a message from the next."""
    return letter.edited_at.isoformat()


def check_instant(due_at: datetime | None, now: datetime) -> None:
    """Raise Invalid for an instant that is past, or further than a year ahead."""
    if due_at is not None and due_at <= now:
        raise Invalid("past", _("Choose an instant to come."), field="due_at")
    if due_at is not None and due_at > now + FURTHEST:
        raise Invalid("too_far", _("Choose an instant within a year."), field="due_at")


def hold(letter: Letter, *, by: Any) -> Letter:
    """Keep a planned message from leaving. Returns it. Raises Forbidden or Conflict (it is leaving)."""
    return move(letter, "hold", by=by)


def release(letter: Letter, *, by: Any) -> Letter:
    """Let a message held back leave at its instant, or within the minute when that is past. Returns it."""
    return move(letter, "release", by=by)


@transaction.atomic
def hasten(letter: Letter, *, by: Any) -> Letter:
    """Let a message planned or held back leave now. Returns it. Raises Forbidden or Conflict."""
    require(by, SEND, letter)
    if letter.state == L.HELD:
        move(letter, "release", by=by)
    now = clock.now()
    if not Letter.objects.filter(pk=letter.pk, state=L.PLANNED).update(due_at=now):
        raise Conflict("already_changed", _("This message has already left, or was cancelled."))
    letter.due_at = now
    record(letter, "hasten_reminder", by=by)
    return letter


def reopen(letter: Letter, *, by: Any) -> Letter:
    """Make a draft again of a confirmed message that has not begun, to change it: nobody gets what it said.

    It leaves once it is confirmed again, by who has read it since. Returns it. Raises Forbidden or Conflict (it is
    leaving).
    """
    data = {"people": letter.foreseen, "due_at": letter.due_at.isoformat() if letter.due_at else None}
    return move(letter, "reopen", by=by, data=data, due_at=None, foreseen=None, edited_at=clock.now())


@dataclass(frozen=True)
class TakenBack:
    """What a cancelled message had come to: how many had it, how many never will."""

    left: int
    kept: int


@transaction.atomic
def cancel(letter: Letter, *, by: Any) -> TakenBack:
    """Never send what has not left yet, midway too. Returns how many had left and how many were taken back.

    Raises Forbidden or Conflict (everything has left).
    """
    require(by, SEND, letter)
    if letter.state == L.LEFT and not messages_of(letter).filter(state__in=WAITING).exists():
        raise Conflict("all_left", _("Everything has left: nothing can be taken back."))
    move(letter, "cancel", by=by)
    # Held, so that none passes from one state to another between the two updates.
    tuple(messages_of(letter).filter(state__in=NOT_LEFT).select_for_update(of=("self",)).values_list("pk"))
    kept = messages_of(letter).filter(state__in=WAITING).update(state=Message.State.CANCELLED)
    tally = tally_of(letter)
    left = tally.sent + tally.waiting
    # What a worker has in its hands counts as left, and is marked so once it has; put back, it does not leave later.
    messages_of(letter).filter(state=Message.State.CLAIMED).update(state=Message.State.CANCELLED)
    record(letter, "take_back", by=by, data={"left": left, "kept": kept})
    return TakenBack(left, kept)


# --- The sweep ---


def write_due(until: datetime) -> int:
    """Write the messages confirmed and due at the aware instant `until`. Returns how many.

    One at fault is logged, and stops neither the others nor what the sweep does next.
    """
    return sum(_write_out(letter, until) for letter in DUE.fetch(until=until))


def _due(until: Any) -> QuerySet[Letter]:
    due = Letter.objects.filter(state__in=(L.PLANNED, L.LEAVING), due_at__lte=until).select_related("call")
    return due.order_by("due_at", "pk")[:LETTERS]


DUE = Compiled(_due, until=Letter._meta.get_field("due_at"))


def _write_out(letter: Letter, until: datetime) -> int:
    try:
        if letter.state == L.PLANNED:
            _begin(letter, until)
        written = 0
        for _batch in range(BATCHES):
            count = _write_batch(letter, until)
            written += count
            if count < BATCH:
                break
        return written
    except Conflict:  # someone else writes it, or it was just cancelled
        return 0
    except Exception:  # it is run again at the next sweep, by when its fault may be mended
        log.exception("the bulk message %s failed", letter.pk)
        return 0


@transaction.atomic
def _begin(letter: Letter, until: datetime) -> None:
    """Begin a message as it stands now. Raises Conflict when it waits no more, or for a later instant."""
    move(letter, "begin", by=SYSTEM)
    # Since it was read it may have been taken back, changed and confirmed again: from here on nobody changes it.
    letter.refresh_from_db(from_queryset=Letter.objects.select_related("call"))
    if letter.due_at is None or letter.due_at > until:
        raise Conflict("already_changed", _("Someone has just changed this: reload the page."))


@transaction.atomic
def _write_batch(letter: Letter, moment: datetime) -> int:
    """Write to the next people and move the cursor past them, both or neither. Returns to how many."""
    users = list(people_of(letter, moment).filter(pk__gt=letter.cursor)[:BATCH])
    cursor = users[-1].pk if users else letter.cursor
    mine = Letter.objects.filter(pk=letter.pk, cursor=letter.cursor, state=L.LEAVING)
    if not mine.update(cursor=cursor, written=F("written") + len(users)):
        raise Conflict("already_changed", _("Someone has just changed this: reload the page."))
    letter.cursor = cursor
    write_down([message_to(letter, reader) for reader in readers_of(letter, users, moment)])
    if len(users) < BATCH:
        told = Letter.objects.values_list("written", flat=True).get(pk=letter.pk)
        move(letter, "end", by=SYSTEM, data={"people": told})
    return len(users)


def message_to(letter: Letter, reader: Reader) -> Message:
    """The message of a letter to one of its readers, not kept yet."""
    user = reader.user
    path = path_of(reader.page, reader.keys, user.language)
    words = words_for(letter, reader, Link(settings.SITE_URL + path))
    return Message(
        key=key_of(LETTER, letter, "", str(user.pk)),
        kind=LETTER,
        about_type=ContentType.objects.get_for_model(letter),
        about_id=str(letter.pk),
        recipient=user,
        address=user.email,
        language=language_read(letter, user),
        subject=words.subject,
        body=words.body,
        layout=layout_of(words.body),
        path=path,
    )
