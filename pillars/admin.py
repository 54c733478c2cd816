"""The pillars, what they aim at and what is measured of them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_base import Chapter, SeenFilter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin, TranslatedAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act

from .models import Indicator, Objective, Pillar, Reading

SEE, MANAGE = "pillars.see_pillars", "pillars.manage_pillars"
FOLDED = ("collapse",)


@admin.register(Pillar)
class PillarAdmin(TranslatedAdmin):
    """The seven: rewritten here, neither added nor removed."""

    chapter, place = Chapter.CALLS, 10
    door, change_permission, outright = SEE, MANAGE, (MANAGE,)
    list_display = ("name", "order", "lead_department", "elected_lead")
    ordering = ("order",)
    fieldsets = (
        (None, {"fields": ("slug", "hook", "pictogram", "order", "lead_department", "elected_lead")}),
        (_("Name"), {"fields": ("name",)}),
        (_("In one line"), {"fields": ("tagline",), "classes": FOLDED}),
        (_("Vision"), {"fields": ("vision",), "classes": FOLDED}),
    )
    writable = ("name", "tagline", "vision", "lead_department", "elected_lead")


@admin.register(Objective)
class ObjectiveAdmin(TranslatedAdmin):
    chapter, place = Chapter.CALLS, 20
    door, outright = SEE, (MANAGE,)
    add_permission = change_permission = delete_permission = MANAGE
    list_display = ("text", "pillar", "order")
    list_filter = (("pillar", SeenFilter),)
    list_select_related = ("pillar",)
    search_fields = ("text",)
    ordering = ("pillar__order", "order")
    fields = writable = ("pillar", "text", "order")


@admin.register(Indicator)
class IndicatorAdmin(TranslatedAdmin):
    chapter, place = Chapter.PILLARS, 10
    door, outright = SEE, (MANAGE,)
    add_permission = change_permission = delete_permission = MANAGE
    list_display = ("name", "unit", "pillar", "rising_is_better")
    list_filter = (("pillar", SeenFilter),)
    list_select_related = ("pillar",)
    search_fields = ("name",)
    ordering = ("pillar__order", "pk")
    fields = writable = ("pillar", "name", "unit", "unit_one", "rising_is_better")


@admin.register(Reading)
class ReadingAdmin(JournalledAdmin):
    chapter, place = Chapter.PILLARS, 20
    door, outright = SEE, (MANAGE,)
    add_permission = change_permission = delete_permission = MANAGE
    list_display = ("indicator", "day", "value", "source")
    list_filter = (("indicator", SeenFilter),)
    list_select_related = ("indicator",)
    search_fields = ("source",)
    ordering = ("-day", "indicator")
    fields = writable = ("indicator", "day", "value", "source")
    acts = (rendering_act(MANAGE),)
