"""Sheets and standings. Who has handed in is known at once; what it says, once the panel is disclosed."""

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import ReadTable, SeenFilter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from juries.aside import apart
from juries.models import Mark, Panel, Sheet, Standing, StandingLine
from juries.queries.organised import disclosed_panels, organised_panels
from juries.workflow import SCORES_KNOWN_TO_JURY

from .desk import DESK, PanelDetailAdmin


class PanelFilter(admin.SimpleListFilter):
    """The panels of the visitor, for rows that reach theirs through a juror or a sheet."""

    title = _("panel")
    parameter_name = "panel"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(panel.pk), str(panel)) for panel in organised_panels(request.user)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in dict(self.lookup_choices):
            return queryset
        path = "juror__panel" if queryset.model is Sheet else "sheet__juror__panel"
        return queryset.filter(**{path: self.value()})


def is_disclosed(panel: Panel) -> bool:
    return panel.state in SCORES_KNOWN_TO_JURY


@admin.register(Sheet)
class SheetAdmin(PanelDetailAdmin, JournalledAdmin):
    """A juror's sheet as its organisers see it, or why they abstain. The private note is nobody's but the juror's."""

    place = 80
    about = "submission"
    path = "juror__panel"
    list_display = ("submission", "juror", "state", "handed_in_at")
    list_filter = (PanelFilter, "state")
    search_fields = ("submission__number", "juror__user__name")
    sortable_by = ("state", "handed_in_at")
    ordering = ("submission__number", "pk")
    fields = ("juror", "submission", "state", "handed_in_at", "abstained_for")

    def get_queryset(self, request: HttpRequest) -> Any:
        sheets = super().get_queryset(request).defer("private_note")
        return sheets.select_related("juror__panel__call", "juror__user", "submission")

    def get_fields(self, request: HttpRequest, obj: Sheet | None = None) -> Any:
        shown = obj is not None and is_disclosed(obj.juror.panel)
        return (*self.fields, "comment") if shown else self.fields


@admin.register(Mark)
class MarkAdmin(PanelDetailAdmin):
    place = 90
    about = "sheet__submission"
    path = "sheet__juror__panel"
    panels = staticmethod(disclosed_panels)
    list_display = ("sheet", "criterion", "value")
    list_filter = (PanelFilter,)
    list_select_related = ("sheet__juror__user", "sheet__submission", "criterion")
    search_fields = ("sheet__submission__number", "sheet__juror__user__name")
    sortable_by = ()
    ordering = ("sheet__submission__number", "sheet", "criterion__order")
    fields = ("sheet", "criterion", "value", "comment")


def rounded(name: str) -> Any:
    """A column of a standing's line as it is read: two decimals."""

    @admin.display(description=StandingLine._meta.get_field(name).verbose_name, ordering=name)
    def column(_admin: Any, line: StandingLine) -> str:
        value = getattr(line, name)
        return "–" if value is None else str(number_format(value, 2))

    return column


class LineColumns:
    """The figures of a line, rounded."""

    mean_shown, adjusted_shown, margin_shown = rounded("mean"), rounded("adjusted"), rounded("margin")
    probability_shown, spread_shown = rounded("probability"), rounded("spread")


class LineInline(LineColumns, ReadTable):
    model = StandingLine
    door = DESK
    fields = ("rank", "submission", "sheets", "mean_shown", "adjusted_shown", "margin_shown", "band")

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = super().get_queryset(request).filter(apart(request.user.pk, "submission"))
        return shown.select_related("submission")


@admin.register(Standing)
class StandingAdmin(PanelDetailAdmin):
    place = 100
    panels = staticmethod(disclosed_panels)
    list_display = ("panel", "number", "at", "voided_at")
    list_filter = (("panel", SeenFilter),)
    list_select_related = ("panel__call",)
    ordering = ("-at",)
    fields = ("panel", "number", "at", "voided_at", "digest", "figures_shown")
    inlines = (LineInline,)

    @admin.display(description=_("figures of the calibration"))
    def figures_shown(self, standing: Standing) -> Any:
        return format_html("<pre>{}</pre>", json.dumps(standing.figures, ensure_ascii=False, indent=1))


@admin.register(StandingLine)
class StandingLineAdmin(LineColumns, PanelDetailAdmin):
    place = 110
    about = "submission"
    path = "standing__panel"
    panels = staticmethod(disclosed_panels)
    list_display = ("rank", "submission", "standing", "mean_shown", "adjusted_shown", "margin_shown", "band")
    list_filter = (("standing", SeenFilter), "band")
    list_select_related = ("submission", "standing__panel__call")
    ordering = ("-standing__at", "order")
    fields = (
        "standing",
        "rank",
        "submission",
        "sheets",
        "mean_shown",
        "adjusted_shown",
        "margin_shown",
        "probability_shown",
        "band",
        "spread_shown",
    )
