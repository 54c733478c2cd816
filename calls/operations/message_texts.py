"""Agents word the messages of their call, or of the programme, or go back to the portal's own words; the journal keeps
what stood.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.models import City
from bethune_smartcity.core.text import check_plain, one_line
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications.rendering import default_words, typeset
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Text, Words, complaints
from calls.models import Call, MessageText
from calls.queries.message_texts import texts_of

CONFIGURE, PROGRAMME = "calls.configure_call", "calls.word_programme"
LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)


def _require(by: Any, call: Call | None) -> None:
    """Raise Forbidden unless `by` words the messages of `call`, or of the programme as a whole."""
    if call is None:
        require(by, PROGRAMME)
    else:
        require(by, CONFIGURE, call)


def declared(call: Call | None, key: str, language: str) -> Text:
    """The text of that key. Raises Invalid when no message of `call`, or of the programme, has it, or in no such
    language.
    """
    if key not in texts_of(call) or language not in LANGUAGES:
        raise Invalid("unknown_text", _("Choose a message and a language."))
    return texts_of(call)[key][1]


def check_words(text: Text, words: Words) -> None:
    """Raise Invalid, at the field, when these words cannot be told: empty, too long, or at odds with placeholders."""
    for field, typed, most in (("subject", words.subject, LONGEST_SUBJECT), ("body", words.body, LONGEST_BODY)):
        check_plain(typed, field=field)
        if not typed:
            raise Invalid("empty", _("Write something here, or go back to the portal’s own words."), field=field)
        if len(typed) > most:
            raise Invalid("too_long", _("This is too long: %(most)d characters at most.") % {"most": most}, field=field)
    for field, sentences in complaints(text, words).items():
        raise Invalid("placeholders", sentences[0], field=field)


def tidied(words: Words) -> Words:
    """A subject on one line, a body without what surrounds it and with one kind of line end."""
    return Words(one_line(words.subject), words.body.replace("\r\n", "\n").strip())


def stamp_of(row: MessageText | None) -> str:
    """What tells one version of a wording from the next; empty where the portal's own words stand."""
    return row.changed_at.isoformat() if row else ""


@transaction.atomic
def word(call: Call | None, key: str, language: str, words: Words, *, seen: str, by: Any) -> MessageText | None:
    """Tell the messages of `call`, or without one of the programme as a whole, that the text of that key is for in
    these words, in that language, from now on.

    Messages already written keep theirs. `seen` is the `stamp_of` what the agent read. Returns what is kept, None for
    the portal's own words, of which no copy is. Raises Forbidden, Invalid (at the field) or Conflict (changed
    meanwhile).
    """
    _require(by, call)
    text, new = declared(call, key, language), tidied(words)
    check_words(text, new)
    row = _held(call, key, language, seen)
    if is_default(call, key, language, new):
        if row is not None:
            _drop(row, by=by)
        return None
    if row is not None and row.words == new:
        return row
    return _keep(row or MessageText(call=call, text=key, language=language), new, by=by)


@transaction.atomic
def restore(call: Call | None, key: str, language: str, *, by: Any) -> None:
    """Tell the portal's own words again. Raises Forbidden, Invalid or Conflict (they stand already)."""
    _require(by, call)
    declared(call, key, language)
    kept = MessageText.objects.filter(call=call, text=key, language=language)
    row = kept.select_for_update(of=("self",)).first()
    if row is None:
        raise Conflict("nothing_replaced", _("This message is told in the portal’s own words already."))
    _drop(row, by=by)


def is_default(call: Call | None, key: str, language: str, words: Words) -> bool:
    """Whether `words` are the portal's own."""
    kind, text = texts_of(call)[key]
    return typeset(words, language) == typeset(default_words(kind, text, language), language)


def _held(call: Call | None, key: str, language: str, seen: str) -> MessageText | None:
    """The wording that stands, held until the end of the transaction. Raises Conflict when it is not what was seen."""
    place = City.objects.filter(pk=City.current().pk) if call is None else Call.objects.filter(pk=call.pk)
    list(place.select_for_update(no_key=True).values_list("pk"))
    row = MessageText.objects.filter(call=call, text=key, language=language).first()
    if stamp_of(row) != seen:
        raise Conflict("already_changed", _("Someone has just changed this: reload the page."))
    return row


def _keep(row: MessageText, words: Words, *, by: Any) -> MessageText:
    before = _told(row)
    row.subject, row.body, row.changed_at = words.subject, words.body, clock.now()
    row.save()
    _record(row, "edit_message", before, by=by)
    return row


def _drop(row: MessageText, *, by: Any) -> None:
    _record(row, "restore_message", _told(row), by=by)
    row.delete()


def _told(row: MessageText) -> dict[str, str]:
    """What the journal keeps of a wording; nothing of one that was not kept."""
    return {"subject": row.subject, "body": row.body} if row.pk else {}


def _record(row: MessageText, verb: str, before: dict[str, str], *, by: Any) -> None:
    record(
        row.call or City.current(), verb, by=by, data={"message": row.text, "language": row.language, "before": before}
    )
