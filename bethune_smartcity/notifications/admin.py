"""The outbox: what waits, what left, what failed. A text shows to those who may see what it is about."""

from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.admin_base import Chapter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin

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


def subject_of(message: Message) -> tuple[Any, str] | None:
    """The model and key of what a message is about, as its own key tells; None for those about nothing."""
    parts = message.key.split(":")
    try:
        return apps.get_model(parts[1]), parts[2]
    except (IndexError, LookupError, ValueError):
        return None


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
            sources=frozenset({Message.State.PENDING, Message.State.FAILED}),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("body")

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        message = super().get_object(request, object_id, from_field)
        if message is not None:
            message.is_open = self.may_read(request, message)
        return message

    def may_read(self, request: HttpRequest, message: Message) -> bool:
        """Whether the screens of the back office show the visitor what the message is about."""
        about = subject_of(message)
        if about is None or not self.admin_site.is_registered(about[0]):
            return False
        screen = self.admin_site.get_model_admin(about[0])
        return screen.has_view_permission(request) and screen.get_object(request, about[1]) is not None

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
