"""Bulk messages to people of calls: read here, written on the page of the call's messages."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import Chapter, SeenFilter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from calls.audiences import part_label
from calls.models import Letter
from calls.queries.letters import visible_letters

from .parts import DESK


@admin.register(Letter)
class LetterAdmin(JournalledAdmin):
    chapter, place = Chapter.CALLS, 95
    door, view_permission = DESK, "calls.send_letter"
    list_display = ("title_shown", "call", "audience_shown", "state", "due_at", "written")
    list_filter = (("call", SeenFilter), "state")
    sortable_by = ("due_at", "state")
    ordering = ("-edited_at", "-pk")
    fields = (
        "call",
        "audience_shown",
        "texts_shown",
        "state",
        "created_by",
        "created_at",
        "foreseen",
        "due_at",
        "written",
    )

    def get_queryset(self, request: Any) -> Any:
        return visible_letters(request.user).order_by("-edited_at", "-pk")

    @admin.display(description=_("subject"))
    def title_shown(self, letter: Letter) -> str:
        return letter.title

    @admin.display(description=_("for whom"))
    def audience_shown(self, letter: Letter) -> str:
        return part_label(letter)

    @admin.display(description=_("texts by language"))
    def texts_shown(self, letter: Letter) -> Any:
        rows = ((code, words.subject, words.body) for code, words in letter.words.items())
        return format_html_join("", '<div lang="{0}"><p><strong>{1}</strong></p><pre>{2}</pre></div>', rows)
