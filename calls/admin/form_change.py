"""What changed of the forms of open calls, and what is prepared: read here, done on the page of the call's form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from calls.models import FormChange, QuestionEdit
from calls.queries import board_calls

from .parts import DESK, SEE


@admin.register(FormChange)
class FormChangeAdmin(PortalAdmin):
    chapter, place = Chapter.CALLS, 84
    door, view_permission, subject = DESK, SEE, "call"
    list_display = ("call", "number", "at", "by")
    list_filter = (("call", SeenFilter),)
    ordering = ("-at",)
    fields = ("call", "number", "reason", "at", "by")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).filter(call__in=board_calls(request.user))
        return found.select_related("call", "by")


@admin.register(QuestionEdit)
class QuestionEditAdmin(PortalAdmin):
    chapter, place = Chapter.CALLS, 86
    door, view_permission, subject = DESK, SEE, "section.call"
    list_display = ("__str__", "section", "withdraws", "edited_at", "by")
    list_filter = ("withdraws",)
    ordering = ("-edited_at",)
    fields = ("section", "question", "withdraws", "edited_at", "by")

    def get_queryset(self, request: HttpRequest) -> Any:
        found = super().get_queryset(request).filter(section__call__in=board_calls(request.user))
        return found.select_related("section__call", "question", "by")
