"""The words of a call's messages: those agents wrote, and whether the portal's own stand."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.models import City
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.kinds import Kind, worded_kinds
from bethune_smartcity.notifications.planners import Edit
from bethune_smartcity.notifications.texts import Context, Keeper, Moment, Own, Text
from calls.models import Call, MessageText

# The acts that change the words of a message.
VERBS = ("edit_message", "restore_message")


# The place of the words that are of no call.
PROGRAMME = "programme"


def texts_of(call: Call | None) -> dict[str, tuple[Kind, Text]]:
    """The texts agents word for `call`, or for the programme as a whole, with their kinds, by key."""
    return worded_kinds(of_call=call is not None)


@dataclass(frozen=True)
class Worded:
    """A text of a call's messages, and what agents wrote for it, by language: None where the portal's own stands."""

    kind: Kind
    text: Text
    own: dict[str, MessageText | None]


def texts_by_moment(call: Call | None) -> list[tuple[Moment, list[Worded]]]:
    """Every text agents may word for `call`, or for the programme as a whole, under the moment at which it leaves, in
    their order. One statement.
    """
    rows = {(row.text, row.language): row for row in MessageText.objects.filter(call=call).defer("body")}
    moments: dict[Moment, list[Worded]] = {}
    for kind, text in texts_of(call).values():
        own = {code: rows.get((text.key, code)) for code, _name in settings.LANGUAGES}
        moments.setdefault(text.moment, []).append(Worded(kind, text, own))
    return list(moments.items())


def text_url(call: Call | None, key: str, language: str, name: str = "message-text") -> str:
    """Where the text of that key is worded in that language, or another page about it."""
    told = {"text": key, "language": language}
    if call is None:
        return reverse(f"calls:programme-{name}", kwargs=told)
    return reverse(f"calls:{name}", kwargs={"slug": call.slug} | told)


def edits_of_text(call: Call, key: str) -> tuple[Edit, ...]:
    """Where the text of that key is worded, in the language in force; nowhere for an empty key."""
    language = get_language() or settings.LANGUAGE_CODE
    return (Edit(_("Change the text"), text_url(call, key, language)),) if key else ()


def own_text(call: Call | None, text: Text, language: str) -> MessageText | None:
    """What agents wrote for that text of `call`, or of the programme, in that language."""
    return MessageText.objects.filter(call=call, text=text.key, language=language).first()


def changes_of(call: Call | None, text: Text, language: str) -> QuerySet[JournalEntry]:
    """The journal's lines about the words of that text, newest first."""
    subject = call or City.current()
    about = JournalEntry.objects.filter(
        subject_type=ContentType.objects.get_for_model(type(subject)), subject_id=str(subject.pk), verb__in=VERBS
    )
    return about.filter(data__message=text.key, data__language=language).order_by("-at", "-pk")


def labels_of(keys: set[str], _viewer: Any) -> dict[str, Any]:
    """What the texts of those keys say, to agents: words for the journal."""
    known = worded_kinds() | worded_kinds(of_call=False)
    return {key: known[key][1].label for key in keys if key in known}


def _place(context: Context) -> Any:
    if context.get("call", PROGRAMME) is None:
        return PROGRAMME
    call = context.get("call")
    return call.pk if isinstance(call, Call) else None


def _find(place: Any) -> Own:
    rows = MessageText.objects.filter(call_id=None if place == PROGRAMME else place)
    return {(row.text, row.language): row.words for row in rows}


# A message made of a call is told in the words its agents wrote; one made of none, in those of the programme.
KEEPER = Keeper(_place, _find)
