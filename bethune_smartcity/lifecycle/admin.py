"""The journal, to read: each sees the lines about what they may see."""

import json
from datetime import timedelta
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin

from .journal import lines_told, page_of, screen_of, screens_in_journal, visible_lines
from .models import JournalEntry


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        shown = [model for model, _screen in screens_in_journal(model_admin.admin_site, request)]
        return sorted(((model._meta.label_lower, str(model._meta.verbose_name)) for model in shown), key=lambda p: p[1])

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        known = dict(self.lookup_choices)
        if self.value() not in known:
            return queryset
        app_label, model = str(self.value()).split(".")
        return queryset.filter(subject_type=ContentType.objects.get_by_natural_key(app_label, model))


class SinceFilter(admin.SimpleListFilter):
    title = _("since")
    parameter_name = "since"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("yesterday")), ("7", _("a week ago")), ("30", _("a month ago"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(at__gte=clock.now() - timedelta(days=int(str(self.value()))))


@admin.register(JournalEntry)
class JournalEntryAdmin(PortalAdmin):
    chapter, place = Chapter.BACKSTAGE, 90
    door = "lifecycle.see_journal"
    list_display = ("at", "kind", "subject_link", "act", "change", "actor_label")
    list_display_links = ("at",)
    list_filter = (SinceFilter, KindFilter)
    list_select_related = ("subject_type",)
    search_fields = ("subject_label", "actor_label")
    sortable_by = ("at",)
    fields = ("at", "kind", "subject_link", "act", "change", "actor_label", "why", "details")

    def get_queryset(self, request: HttpRequest) -> QuerySet[JournalEntry]:
        return visible_lines(self.admin_site, request).select_related("subject_type")

    @admin.display(description=_("kind"))
    def kind(self, line: JournalEntry) -> str:
        model = line.subject_type.model_class()
        return str(model._meta.verbose_name) if model else ""

    @admin.display(description=_("subject"))
    def subject_link(self, line: JournalEntry) -> Any:
        return format_html('<a href="{}">{}</a>', page_of(line), line.subject_label)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        found.result_list = list(found.result_list)
        self.tell(found.result_list, request.user)
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        line = super().get_object(request, object_id, from_field)
        if line is not None:
            self.tell([line], request.user)
        return line

    def tell(self, lines: list[Any], viewer: Any) -> None:
        """Put beside each of `lines` what it says, with one reading for all of whom they are about."""
        for line, told in zip(lines, lines_told(lines, partial(screen_of, self.admin_site), viewer), strict=True):
            line.told = told

    @admin.display(description=_("act"))
    def act(self, line: Any) -> Any:
        return line.told.act

    @admin.display(description=_("from which state to which"))
    def change(self, line: Any) -> str:
        return str(line.told.change)

    @admin.display(description=_("reason"))
    def why(self, line: Any) -> str:
        return str(line.told.reason)

    @admin.display(description=_("details"))
    def details(self, line: JournalEntry) -> str:
        """What the act was given; the jury's stays with the jury."""
        if screen_of(self.admin_site, line).chapter is Chapter.JURY or not line.data:
            return ""
        return json.dumps(line.data, ensure_ascii=False, sort_keys=True)
