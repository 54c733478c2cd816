"""Plans of readings asked of a worker: to read, by those who organise the panel."""

from django.contrib import admin

from juries.models import PlanRequest

from .desk import PanelDetailAdmin


@admin.register(PlanRequest)
class PlanRequestAdmin(PanelDetailAdmin):
    place = 125
    list_display = ("panel", "state", "seed", "asked_by", "asked_at", "ended_at")
    list_filter = ("state",)
    list_select_related = ("panel__call", "asked_by")
    sortable_by = ("asked_at",)
    ordering = ("-asked_at", "-pk")
    fields = ("panel", "state", "seed", "asked_by", "asked_at", "claimed_at", "attempts", "ended_at", "refusal")
