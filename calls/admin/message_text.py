"""The words agents wrote for messages of their calls and of the programme: read here, written on pages of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from bethune_smartcity.notifications.kinds import worded_kinds
from calls.models import MessageText
from calls.operations.message_texts import PROGRAMME
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
        own = Q(call__in=board_calls(request.user))
        if can(request.user, PROGRAMME):
            own |= Q(call__isnull=True)
        return super().get_queryset(request).filter(own)

    def has_view_permission(self, request: Any, obj: MessageText | None = None) -> bool:
        if obj is not None and obj.call_id is None:
            return can(request.user, PROGRAMME)
        return super().has_view_permission(request, obj)

    @admin.display(description=_("message"))
    def text_shown(self, row: MessageText) -> Any:
        known = worded_kinds(of_call=row.call_id is not None).get(row.text)
        return known[1].label if known else row.text
