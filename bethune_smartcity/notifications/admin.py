"""The outbox: what waits, what left, what failed. A text shows to those who may see what it is about."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.admin_base import Chapter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from bethune_smartcity.lifecycle.journal import about_visible, screens_in_journal

from .kinds import kinds
from .models import Message
from .outbox import cancel, resend

MANAGE = "notifications.manage_messages"


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.name, kind.label) for kind in kinds()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(JournalledAdmin):
    chapter, place = Chapter.BACKSTAGE, 80
    in_journal = True
    door = "notifications.see_messages"
    list_display = ("due_at", "kind_label", "recipient_shown", "state", "attempts", "error")
    list_filter = ("state", KindFilter)
    list_select_related = ("recipient",)
    search_fields = ("address", "recipient__name")
    sortable_by = ("due_at",)
    fieldsets = (
        (None, {"fields": ("kind_label", "recipient_shown", "language", "state", "title_shown", "text_shown")}),
        (_("Delivery"), {"fields": ("created_at", "due_at", "sent_at", "read_at", "attempts", "error", "replayed")}),
    )
    acts = (
        Act(
            "resend",
            _("Send again"),
            resend,
            MANAGE,
            consequence=_("The message is sent again at once, as it was written."),
            sources=frozenset({Message.State.FAILED}),
        ),
        Act(
            "cancel",
            _("Cancel sending"),
            cancel,
            MANAGE,
            consequence=_("The message will never leave. This cannot be undone."),
            final=True,
            sources=frozenset({Message.State.PENDING, Message.State.FAILED}),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Messages about what the visitor finds in other screens; to administrators, who watch over delivery, also
        those whose hour has come, without their text. What waits for its hour shows only where its subject does.
        """
        told = self.told_to(request)
        if can(request.user, "notifications.watch_delivery"):
            told = Message.objects.filter(Q(pk__in=told.values("pk")) | Q(due_at__lte=clock.now()))
        return told.order_by(*self.get_ordering(request) or self.opts.ordering).defer("body")

    def told_to(self, request: HttpRequest) -> Any:
        """The messages about rows the visitor finds in the screens of the back office."""
        screens = [pair for pair in screens_in_journal(self.admin_site, request) if pair[0] is not Message]
        return about_visible(Message.objects.all(), screens, request, kind="about_type", key="about_id")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        message = super().get_object(request, object_id, from_field)
        if message is not None:
            message.is_open = self.told_to(request).filter(pk=message.pk).exists()
        return message

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, message: Message) -> Any:
        return {kind.name: kind.label for kind in kinds()}.get(message.kind, message.kind)

    @admin.display(description=_("recipient"))
    def recipient_shown(self, message: Message) -> str:
        return message.address or str(message.recipient or _("(address not kept)"))

    @admin.display(description=_("subject"))
    def title_shown(self, message: Message) -> Any:
        return self.shown(message, message.subject)

    @admin.display(description=_("text"))
    def text_shown(self, message: Message) -> Any:
        return self.shown(message, message.body)

    def shown(self, message: Message, text: str) -> Any:
        if not message.body:
            return _("personal link (hidden)")
        return text if getattr(message, "is_open", False) else _("(about something you cannot open)")
