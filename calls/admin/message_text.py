"""The words agents wrote for messages of their calls: read here, written on the call's board."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from bethune_smartcity.notifications.kinds import worded_kinds
from calls.models import MessageText
from calls.queries import board_calls

from .parts import DESK, SEE


@admin.register(MessageText)
class MessageTextAdmin(PortalAdmin):
    chapter, place = Chapter.CALLS, 90
    door, view_permission, subject = DESK, SEE, "call"
    list_display = ("text_shown", "call", "language", "changed_at")
    list_filter = (("call", SeenFilter), "language")
    list_select_related = ("call",)
    search_fields = ("subject", "body")
    sortable_by = ("changed_at",)
    ordering = ("call", "text", "language")
    fields = ("call", "text_shown", "language", "subject", "body", "changed_at")

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).filter(call__in=board_calls(request.user))

    @admin.display(description=_("message"))
    def text_shown(self, row: MessageText) -> Any:
        known = worded_kinds().get(row.text)
        return known[1].label if known else row.text
