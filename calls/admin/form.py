"""The application form of a call."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from bethune_smartcity.core.admin_base import SeenFilter
from calls.models import Question, Section
from calls.operations.publication import check_questions_unlocked
from calls.wordings import condition_words

from .conditions import ConditionForm, QuestionForm, offering
from .parts import PartAdmin, PartInline, sentence_of

LIMITS = ("max_words", "max_characters", "max_rows", "max_files")
ASKS = ("order", "kind", "label", "help", "options", "required", *LIMITS)
QUESTION = (*ASKS, "shown_when", "eligible_when", "audience", "key")


class Conditions:
    """What a screen says of conditions to those who only read it."""

    @admin.display(description=_("Asked only for these answers"))
    def shown_when(self, part: Any) -> str:
        return condition_words(part)

    @admin.display(description=_("Eligible only with one of these answers"))
    def eligible_when(self, question: Question) -> str:
        return " / ".join(text for key, text in question.option_pairs if key in question.eligible_keys)


class QuestionInline(Conditions, PartInline, TranslationStackedInline):
    model = Question
    subject = "call"
    fk_name = "section"
    form = QuestionForm
    fields = writable = QUESTION

    def lock(self, parent: Any) -> Any:
        return sentence_of(check_questions_unlocked, parent.call)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, form=offering(self.form, obj and obj.call), **kwargs)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shown_if")


@admin.register(Section)
class SectionAdmin(Conditions, PartAdmin):
    place = 70
    form = ConditionForm
    list_display = ("title", "order", "call")
    list_filter = (("call", SeenFilter),)
    ordering = ("-call__opens_at", "order")
    fields = ("call", "order", "title", "intro", "shown_when")
    writable, writable_once = fields[1:], ("call",)
    inlines = (QuestionInline,)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, form=offering(self.form, obj and obj.call), **kwargs)


@admin.register(Question)
class QuestionAdmin(Conditions, PartAdmin):
    place = 80
    form = QuestionForm
    path, subject = "section__call", "section.call"
    list_display = ("label", "section", "order", "kind", "required", "audience")
    list_filter = (("section", SeenFilter), "kind", "audience")
    search_fields = ("label",)
    ordering = ("-section__call__opens_at", "section__order", "order")
    fields = ("section", *QUESTION)
    writable, writable_once = fields[1:], ("section",)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = offering(self.form, obj and obj.section.call)
        return super().get_form(request, obj, change, form=form, **kwargs)
