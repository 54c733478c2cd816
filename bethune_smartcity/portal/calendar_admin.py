"""Who has a link for their own calendar: never the link, nor what it tells."""

from django.contrib import admin

from bethune_smartcity.core.admin_base import Chapter, PortalAdmin

from .models import CalendarLink


@admin.register(CalendarLink)
class CalendarLinkAdmin(PortalAdmin):
    """For who answers when someone asks what is kept of them. Nothing is written here."""

    chapter, place = Chapter.BACKSTAGE, 87
    door = "notifications.watch_delivery"
    list_display = fields = ("user", "made_at", "read_at")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    sortable_by = ("made_at", "read_at")
