"""Structures that agents told apart: read here, said on the pages of the call."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter
from calls.models import CallAgent, Distinction
from calls.queries import rights_on_calls

from .clarification import ANSWER
from .parts import DESK


@admin.register(Distinction)
class DistinctionAdmin(PortalAdmin):
    chapter, place = Chapter.SUBMISSIONS, 90
    door, view_permission, subject = DESK, ANSWER, "call"
    list_display = ("call", "first", "second", "at")
    list_filter = (("call", SeenFilter),)
    list_select_related = ("call", "first", "second")
    ordering = ("-at", "-pk")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> Any:
        screened = rights_on_calls(request.user).filter(right=CallAgent.Right.SCREEN).values("call")
        return super().get_queryset(request).filter(call__in=screened)
