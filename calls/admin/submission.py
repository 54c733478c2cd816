"""Applications as agents examine them: to read, and to judge admissible or not. Drafts never come here."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from bethune_smartcity.core.admin_acts import Act, act_of
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, ReadTable, SeenFilter
from bethune_smartcity.files.models import Page, Preview, StoredFile
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act
from calls.answers import shown_lines
from calls.forms.running import CorrectionForm, ExtensionForm
from calls.models import Answer, Attachment, Submission, SubmissionVersion
from calls.operations import extensions, screening
from calls.queries import screened_by
from calls.reading import parts_of
from calls.wordings import as_asked
from calls.workflow import SUBMISSION

from .parts import DESK

SEE, SCREEN = "calls.view_submission", "calls.screen_submission"


class CountryFilter(admin.SimpleListFilter):
    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        shown = model_admin.get_queryset(request).order_by().values_list("structure__country", flat=True).distinct()
        return sorted(((code, countries.name(code)) for code in shown), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(structure__country=self.value()) if self.value() else queryset


def answer_shown(answer: Answer) -> Any:
    """An answer as people read it."""
    question = as_asked(answer.question, answer.submission.form_read) or answer.question
    lines = shown_lines(question, answer.value)
    return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))


def download(stored: StoredFile) -> Any:
    return format_html('<a href="{}">{}</a>', reverse("files:download", kwargs={"pk": stored.pk}), stored.name)


class AnswerInline(ReadTable):
    model = Answer
    door = DESK
    fields = ("question", "shown")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("question__section", "submission")
        return rows.filter(set_aside=False).order_by("question__section__order", "question__order")

    @admin.display(description=_("answer"))
    def shown(self, answer: Answer) -> Any:
        return answer_shown(answer)


class AttachmentInline(ReadTable):
    model = Attachment
    door = DESK
    fields = ("question", "link")
    show_change_link = False

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("question", "file").filter(set_aside=False)
        return rows.order_by("question__section__order", "question__order", "question", "position")

    @admin.display(description=_("file"))
    def link(self, attachment: Attachment) -> Any:
        return download(attachment.file)


class VersionInline(ReadTable):
    model = SubmissionVersion
    door = DESK
    fields = ("at", "by", "digest")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "submission").defer("content")


@admin.register(Submission)
class SubmissionAdmin(JournalledAdmin):
    chapter, place = Chapter.SUBMISSIONS, 30
    door, view_permission = DESK, SEE
    list_display = ("number", "title", "structure", "country", "pillar", "state", "submitted_at")
    list_display_links = ("number", "title")
    list_filter = (("call", SeenFilter), "state", ("pillar", SeenFilter), CountryFilter)
    folded_search = "search_text"
    search_help_text = _("Number, project, structure or town.")
    ordering = ("-call__opens_at", "number")
    sortable_by = ("number", "title", "state", "submitted_at")
    fieldsets = (
        (None, {"fields": ("number", "call", "structure", "state", "submitted_at")}),
        (_("The project"), {"fields": ("title", "one_line", "pillar", "other_pillars")}),
        (
            _("Examination"),
            {
                "fields": (
                    "correction_request",
                    "correction_until",
                    "decision_public_at",
                    "reserve_public_at",
                    "edited_at",
                )
            },
        ),
        (_("Time given"), {"fields": ("extended_until", "extension_reason")}),
    )
    inlines = (AnswerInline, AttachmentInline, VersionInline)
    acts = (
        act_of(
            SUBMISSION,
            "admit",
            screening.admit,
            consequence=_("The application goes to the jury; its people are told at once."),
        ),
        act_of(
            SUBMISSION,
            "refuse",
            screening.refuse,
            consequence=_("The application leaves the running; its people read the reason at once."),
            final=True,
        ),
        Act(
            "ask_for_correction",
            _("Ask for a correction"),
            screening.ask_for_correction,
            SCREEN,
            form=CorrectionForm,
            consequence=_("The answers ticked reopen until the instant given; its people read what to correct."),
            sources=SUBMISSION["admit"].sources,
            alone=True,
            given=lambda submission: {"parts": parts_of(submission)},
        ),
        Act(
            "extend",
            _("Give more time"),
            extensions.extend,
            "calls.extend_submission",
            form=ExtensionForm,
            consequence=_("Its people alone may go on until the instant given, and read why; the close does not move."),
            sources=extensions.EXTENDABLE,
            offered=lambda submission: submission.call.unsealed_at is None,
            alone=True,
        ),
        rendering_act(SCREEN),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        found = screened_by(request.user).select_related("call", "structure", "pillar")
        return found.order_by("-call__opens_at", "number")

    @admin.display(description=_("country"), ordering="structure__country")
    def country(self, submission: Submission) -> str:
        return str(submission.structure.country.name)


class DetailAdmin(PortalAdmin):
    """A detail of applications: to read, of those the agent screens. `aside` leads to whether it was left out."""

    chapter = Chapter.SUBMISSIONS
    door, view_permission, subject = DESK, SEE, "submission"
    path, aside = "submission", ""

    def get_queryset(self, request: HttpRequest) -> Any:
        handed_in = {self.aside: False} if self.aside else {}
        return super().get_queryset(request).filter(**{f"{self.path}__in": screened_by(request.user)}, **handed_in)


@admin.register(Answer)
class AnswerAdmin(DetailAdmin):
    place = 50
    aside = "set_aside"
    list_display = ("submission", "question", "saved_at")
    list_filter = (("question", SeenFilter),)
    list_select_related = ("submission", "question")
    search_fields = ("submission__number",)
    sortable_by = ("saved_at",)
    ordering = ("-saved_at", "-pk")
    fields = ("submission", "question", "shown", "version", "saved_at", "saved_by")

    @admin.display(description=_("answer"))
    def shown(self, answer: Answer) -> Any:
        return answer_shown(answer)


@admin.register(Attachment)
class AttachmentAdmin(DetailAdmin):
    place = 60
    aside = "set_aside"
    list_display = ("submission", "question", "link", "attached_at")
    list_select_related = ("submission", "question", "file")
    search_fields = ("submission__number", "file__name")
    sortable_by = ("attached_at",)
    ordering = ("-attached_at", "-pk")
    fields = ("submission", "question", "link", "attached_at")

    @admin.display(description=_("file"))
    def link(self, attachment: Attachment) -> Any:
        return download(attachment.file)


@admin.register(SubmissionVersion)
class SubmissionVersionAdmin(DetailAdmin):
    place = 70
    list_display = ("submission", "number", "at", "by")
    list_select_related = ("submission", "by")
    search_fields = ("submission__number",)
    sortable_by = ("at",)
    ordering = ("-at", "-pk")
    fields = ("submission", "number", "at", "by", "digest", "content_shown")

    @admin.display(description=_("content"))
    def content_shown(self, version: SubmissionVersion) -> Any:
        return format_html("<pre>{}</pre>", json.dumps(version.content, ensure_ascii=False, indent=1))


@admin.register(StoredFile)
class StoredFileAdmin(DetailAdmin):
    """Files of applications: who may see them is known here, where they are attached."""

    place = 80
    path, subject, aside = "attachment__submission", "attachment.submission", "attachment__set_aside"
    list_display = ("name", "content_type", "size", "scan", "created_at")
    list_filter = ("scan",)
    search_fields = ("name", "digest")
    sortable_by = ("created_at",)
    ordering = ("-created_at", "-pk")
    fields = ("link", "content_type", "size", "digest", "owner", "created_at", "scan", "scanned_at")

    @admin.display(description=_("file"))
    def link(self, stored: StoredFile) -> Any:
        return download(stored)


@admin.register(Preview)
class PreviewAdmin(DetailAdmin):
    """Whether the documents of applications can be read as pictures."""

    place = 81
    path, subject = "original__attachment__submission", "original.attachment.submission"
    aside = "original__attachment__set_aside"
    list_display = ("original", "state", "pages", "claimed_at")
    list_filter = ("state",)
    list_select_related = ("original",)
    search_fields = ("original__name",)
    sortable_by = ("claimed_at",)
    ordering = ("-claimed_at", "-pk")
    fields = ("original", "state", "pages", "attempts", "claimed_at")


@admin.register(Page)
class PageAdmin(DetailAdmin):
    """The pictures themselves, which open to those who may read their document."""

    place = 82
    path, subject = "original__attachment__submission", "original.attachment.submission"
    aside = "original__attachment__set_aside"
    list_display = ("original", "number", "link", "width", "height")
    list_select_related = ("original", "picture")
    search_fields = ("original__name",)
    sortable_by = ()
    ordering = ("original", "number")
    fields = ("original", "number", "link", "width", "height")

    @admin.display(description=_("picture"))
    def link(self, page: Page) -> Any:
        return download(page.picture)
