"""The words of a call's messages: those agents wrote, and whether the portal's own stand."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.kinds import Kind, worded_kinds
from bethune_smartcity.notifications.planners import Edit
from bethune_smartcity.notifications.texts import Context, Keeper, Moment, Own, Text
from calls.models import Call, MessageText

# The acts that change the words of a message.
VERBS = ("edit_message", "restore_message")


@dataclass(frozen=True)
class Worded:
    """A text of a call's messages, and what agents wrote for it, by language: None where the portal's own stands."""

    kind: Kind
    text: Text
    own: dict[str, MessageText | None]


def texts_by_moment(call: Call) -> list[tuple[Moment, list[Worded]]]:
    """Every text agents may word, under the moment at which it leaves, in their order. One statement."""
    rows = {(row.text, row.language): row for row in MessageText.objects.filter(call=call).defer("body")}
    moments: dict[Moment, list[Worded]] = {}
    for kind, text in worded_kinds().values():
        own = {code: rows.get((text.key, code)) for code, _name in settings.LANGUAGES}
        moments.setdefault(text.moment, []).append(Worded(kind, text, own))
    return list(moments.items())


def text_url(call: Call, key: str, language: str, name: str = "message-text") -> str:
    """Where the text of that key is worded in that language, or another page about it."""
    return reverse(f"calls:{name}", kwargs={"slug": call.slug, "text": key, "language": language})


def edits_of_text(call: Call, key: str) -> tuple[Edit, ...]:
    """Where the text of that key is worded, in the language in force; nowhere for an empty key."""
    language = get_language() or settings.LANGUAGE_CODE
    return (Edit(_("Change the text"), text_url(call, key, language)),) if key else ()


def own_text(call: Call, text: Text, language: str) -> MessageText | None:
    """What agents wrote for that text of `call` in that language."""
    return MessageText.objects.filter(call=call, text=text.key, language=language).first()


def changes_of(call: Call, text: Text, language: str) -> QuerySet[JournalEntry]:
    """The journal's lines about the words of that text, newest first."""
    about = JournalEntry.objects.filter(
        subject_type=ContentType.objects.get_for_model(Call), subject_id=str(call.pk), verb__in=VERBS
    )
    return about.filter(data__message=text.key, data__language=language).order_by("-at", "-pk")


def labels_of(keys: set[str], _viewer: Any) -> dict[str, Any]:
    """What the texts of those keys say, to agents: words for the journal."""
    known = worded_kinds()
    return {key: known[key][1].label for key in keys if key in known}


def _place(context: Context) -> Any:
    call = context.get("call")
    return call.pk if isinstance(call, Call) else None


def _find(call_id: Any) -> Own:
    rows = MessageText.objects.filter(call_id=call_id)
    return {(row.text, row.language): row.words for row in rows}


# A message made of a call is told in the words its agents wrote.
KEEPER = Keeper(_place, _find)
