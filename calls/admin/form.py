"""The application form of a call."""

from django.contrib import admin
from modeltranslation.admin import TranslationStackedInline

from bethune_smartcity.core.admin_base import SeenFilter
from calls.models import Question, Section

from .parts import PartAdmin, PartInline


class QuestionInline(PartInline, TranslationStackedInline):
    model = Question
    subject = "call"
    fields = writable = ("order", "kind", "label", "help", "options", "required", "max_words")


@admin.register(Section)
class SectionAdmin(PartAdmin):
    place = 70
    list_display = ("title", "order", "call")
    list_filter = (("call", SeenFilter),)
    ordering = ("-call__opens_at", "order")
    fields = ("call", "order", "title", "intro")
    writable, writable_once = fields[1:], ("call",)
    inlines = (QuestionInline,)


@admin.register(Question)
class QuestionAdmin(PartAdmin):
    place = 80
    path, subject = "section__call", "section.call"
    list_display = ("label", "section", "order", "kind", "required")
    list_filter = (("section", SeenFilter), "kind")
    search_fields = ("label",)
    ordering = ("-section__call__opens_at", "section__order", "order")
    fields = ("section", "order", "kind", "label", "help", "options", "required", "max_words")
    writable, writable_once = fields[1:], ("section",)
