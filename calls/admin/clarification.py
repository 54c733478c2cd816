"""Questions asked about calls, to answer for all."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.admin_base import Chapter, SeenFilter
from bethune_smartcity.core.text import validate_plain
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act
from calls.forms.running import WrittenIn
from calls.models import CallAgent, Clarification
from calls.operations import clarifications
from calls.queries import rights_on_calls

from .parts import DESK

ANSWER = "calls.answer_questions"


class AnswerForm(WrittenIn):
    text = forms.CharField(
        label=_("Answer"),
        help_text=_("Everyone can read it on the call’s page."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=clarifications.MAX_ANSWER,
        validators=[validate_plain],
    )
    field_order = ("text", "language")


class AnsweredFilter(admin.SimpleListFilter):
    title = _("answered")
    parameter_name = "answered"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Without an answer")), ("yes", _("Answered"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "no")


@admin.register(Clarification)
class ClarificationAdmin(JournalledAdmin):
    chapter, place = Chapter.SUBMISSIONS, 40
    door, view_permission, subject = DESK, ANSWER, "call"
    list_display = ("__str__", "call", "asked_at", "answered_at")
    list_filter = (AnsweredFilter, ("call", SeenFilter))
    list_select_related = ("call",)
    search_fields = ("text", "answer")
    sortable_by = ("asked_at", "answered_at")
    ordering = ("-asked_at", "-pk")
    asked = ("call", "text", "language", "asker", "asked_at")
    fields = (*asked, "answer", "answer_language", "answered_at", "answered_by")
    acts = (
        Act(
            "answer",
            _("Answer for all"),
            clarifications.answer,
            ANSWER,
            form=AnswerForm,
            consequence=_("The answer is public at once; whoever asked and draft holders are told."),
            subject="call",
            offered=lambda asked: asked.answered_at is None,
            alone=True,
        ),
        rendering_act(ANSWER, subject="call", offered=lambda asked: asked.answered_at is not None),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        screened = rights_on_calls(request.user).filter(right=CallAgent.Right.SCREEN).values("call")
        return super().get_queryset(request).filter(call__in=screened)
