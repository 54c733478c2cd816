"""What agents changed in the ladders of their calls: read here, chosen on the page of the call's reminders."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from calls.models import Reminder
from calls.queries import board_calls

from .parts import DESK, SEE


@admin.register(Reminder)
class ReminderAdmin(PortalAdmin):
    chapter, place = Chapter.CALLS, 120
    door, view_permission, subject = DESK, SEE, "call"
    list_display = ("call", "ladder", "code", "is_on", "since")
    list_filter = (("call", SeenFilter),)
    ordering = ("-call__opens_at", "ladder", "pk")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(call__in=board_calls(request.user)).select_related("call")
