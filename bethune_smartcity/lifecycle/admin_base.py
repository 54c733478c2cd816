"""Admin screens whose every change is a journal line, and whose history is the journal."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from bethune_smartcity.core.admin_base import PortalAdmin
from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.language import missing_languages

from .journal import lines_told
from .models import JournalEntry
from .moves import record

LINES_A_PAGE = 100


class JournalledAdmin(PortalAdmin):
    """Rows without an operation of their own are kept as they are, with a line in the journal."""

    in_journal = True
    # Acts whose reason the journal keeps to itself.
    quiet_verbs: ClassVar[frozenset[str]] = frozenset()

    def create(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        obj.save()
        record(obj, "create", by=request.user)
        return obj

    def update(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        if form.changed_data:
            obj.save()
            record(obj, "edit", by=request.user, data={"fields": sorted(form.changed_data)})
        return obj

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record(obj, "delete", by=request.user)
        obj.delete()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the journal says of one row, newest first."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None or not self.in_journal:
            raise Http404
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        kind = ContentType.objects.get_for_model(self.model)
        lines = JournalEntry.objects.filter(subject_type=kind, subject_id=str(obj.pk)).select_related("actor")
        page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("p"))
        told = lines_told(list(page), lambda _line: self, request.user)
        context = {
            **self.admin_site.each_context(request),
            "title": self.opts.verbose_name,
            "subtitle": str(obj),
            "object": obj,
            "opts": self.opts,
            "page": page,
            "lines": told,
        }
        return TemplateResponse(request, "admin/object_history.html", context)


class TranslatedAdmin(JournalledAdmin, TranslationAdmin):
    """The same, for rows whose texts exist in each language of the portal: lists and pages say which a row lacks."""

    # Rows that say it in their own way.
    tells_languages = True

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        return (*shown, "languages_missing") if self.tells_languages else shown

    @admin.display(description=_("languages missing"), empty_value="–")
    def languages_missing(self, obj: Any) -> str:
        return ", ".join(map(own_name, missing_languages(obj)))

    def languages_notice(self, obj: Any) -> str:
        """Which languages a row still lacks, and what their readers get."""
        names = self.languages_missing(obj)
        sentence = gettext("Not written yet in: %(languages)s. Their readers see another language, marked as such.")
        return sentence % {"languages": names} if names else ""

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        obj = kwargs.get("obj")
        told = self.languages_notice(obj) if obj is not None and self.tells_languages else ""
        context["notices"] = [told] if told else []
        return super().render_change_form(request, context, **kwargs)
