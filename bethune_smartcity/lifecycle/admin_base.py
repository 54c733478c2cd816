"""Admin screens whose every change is a journal line, and whose history is the journal."""

from typing import Any, ClassVar

from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from modeltranslation.admin import TranslationAdmin

from bethune_smartcity.core.admin_base import PortalAdmin

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
        told = lines_told(list(page), lambda _line: self)
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
    """The same, for rows whose texts exist in each language of the portal."""
