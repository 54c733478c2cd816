"""The outbox: what waits, what left, what failed. A text shows to those who may see what it is about."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from bethune_smartcity.lifecycle.journal import about_visible

from .groups import group_named
from .kinds import kinds
from .models import REFUSED, Broadcast, Message, Preference, Step, Subscription, Sweep
from .operations import UNSENT
from .outbox import cancel, resend
from .pulse import pulse
from .tongues import bare
from .topics import topic_named, topics

MANAGE = "notifications.manage_messages"


def label_of(name: str) -> Any:
    """The words for a kind of message; its name when no app registers it any more."""
    return {kind.name: kind.label for kind in kinds()}.get(name, name)


def screens_told(site: Any, request: HttpRequest) -> list[Any]:
    """The models of what messages may be about, each with its screen, among those the visitor may open."""
    screens = [(model, screen) for model, screen in site._registry.items() if model is not Message]
    told = [pair for pair in screens if pair[1].in_journal or pair[1].in_outbox]
    return [pair for pair in told if pair[1].has_view_permission(request)]


class KindFilter(admin.SimpleListFilter):
    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(kind.name, kind.label) for kind in kinds()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class AddressFilter(admin.SimpleListFilter):
    """Messages whose address no server will ever take."""

    title = _("address")
    parameter_name = "bad"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("bad address"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=Message.State.FAILED, error__regex=REFUSED) if self.value() else queryset


@admin.register(Message)
class MessageAdmin(JournalledAdmin):
    chapter, place = Chapter.BACKSTAGE, 80
    in_journal = True
    door = "notifications.see_messages"
    list_display = ("due_at", "kind_label", "recipient_shown", "state", "attempts", "retry_at", "error")
    list_filter = ("state", AddressFilter, KindFilter)
    list_select_related = ("recipient",)
    search_fields = ("address", "recipient__name")
    sortable_by = ("due_at",)
    fieldsets = (
        (None, {"fields": ("kind_label", "recipient_shown", "language", "state", "title_shown", "text_shown")}),
        (
            _("Delivery"),
            {"fields": ("created_at", "due_at", "sent_at", "read_at", "attempts", "retry_at", "error", "replayed")},
        ),
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
            sources=frozenset({*UNSENT, Message.State.FAILED}),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """Messages about what the visitor finds in other screens; to administrators, who watch over delivery, also
        those whose hour has come, without their text. What waits for its hour shows only where its subject does.
        """
        told = self.told_to(request)
        if can(request.user, "notifications.watch_delivery"):
            told = Message.objects.filter(Q(pk__in=told.values("pk")) | Q(due_at__lte=clock.now()))
        return told.order_by(*self.get_ordering(request) or self.opts.ordering).defer("body", "sealed")

    def told_to(self, request: HttpRequest) -> Any:
        """The messages about rows the visitor finds in the screens of the back office. None of a follower: its text
        holds the key to all they follow.
        """
        rows = Message.objects.filter(stop_path="")
        return about_visible(rows, self.screens(request), request, kind="about_type", key="about_id")

    def tidings_to(self, request: HttpRequest) -> Any:
        """What followers are being told about rows the visitor finds in the screens of the back office."""
        rows = Broadcast.objects.all()
        return about_visible(rows, self.screens(request), request, kind="subject_type", key="subject_id")

    def screens(self, request: HttpRequest) -> list[Any]:
        """The screens of what messages may be about, as the visitor finds them."""
        return screens_told(self.admin_site, request)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        message = super().get_object(request, object_id, from_field)
        if message is not None:
            message.is_open = self.told_to(request).filter(pk=message.pk).exists()
        return message

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "pulse": pulse()})

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, message: Message) -> Any:
        return label_of(message.kind)

    @admin.display(description=_("recipient"))
    def recipient_shown(self, message: Message) -> str:
        return message.address or str(message.recipient or _("(address not kept)"))

    @admin.display(description=_("subject"))
    def title_shown(self, message: Message) -> Any:
        return self.shown(message, message.subject)

    @admin.display(description=_("text"))
    def text_shown(self, message: Message) -> Any:
        return self.shown(message, bare(message.body))

    def shown(self, message: Message, text: str) -> Any:
        if not message.body:
            return _("personal link (hidden)")
        return text if getattr(message, "is_open", False) else _("(about something you cannot open)")


@admin.register(Step)
class StepAdmin(PortalAdmin):
    """What became of the steps of ladders, about what the visitor finds in other screens. Nothing is written here."""

    chapter, place = Chapter.BACKSTAGE, 81
    door = "notifications.see_messages"
    list_display = ("at", "ladder", "code", "state", "told", "written_at")
    list_filter = ("state",)
    ordering = ("-at", "-pk")
    fields = list_display

    def get_queryset(self, request: HttpRequest) -> Any:
        found, screens = super().get_queryset(request), screens_told(self.admin_site, request)
        return about_visible(found, screens, request, kind="about_type", key="about_id")


class TopicFilter(admin.SimpleListFilter):
    title = _("topic")
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(topic.name, topic.label) for topic in topics()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(topic=self.value()) if self.value() else queryset


@admin.register(Subscription)
class SubscriptionAdmin(PortalAdmin):
    """Who follows what, for who answers when someone asks what is kept of them. Nothing is written here."""

    chapter, place = Chapter.BACKSTAGE, 82
    door = "notifications.watch_delivery"
    list_display = ("topic_shown", "holder_shown", "asked_at", "confirmed_at", "ended_at")
    list_filter = (TopicFilter,)
    list_select_related = ("user",)
    search_fields = ("address", "user__email")
    sortable_by = ("asked_at",)
    fieldsets = (
        (None, {"fields": ("topic_shown", "holder_shown", "language", "asked_at", "confirmed_at", "ended_at")}),
    )

    @admin.display(description=_("topic"))
    def topic_shown(self, row: Subscription) -> Any:
        topic = topic_named(row.topic)
        return topic.label if topic else row.topic

    @admin.display(description=_("address"))
    def holder_shown(self, row: Subscription) -> str:
        return row.mailbox


@admin.register(Preference)
class PreferenceAdmin(PortalAdmin):
    """How people want their messages, for who answers when someone got no mail. Nothing is written here."""

    chapter, place = Chapter.BACKSTAGE, 83
    door = "notifications.watch_delivery"
    list_display = fields = ("user", "group_shown", "kind_shown", "channel", "changed_at")
    list_filter = ("channel",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    sortable_by = ("changed_at",)

    @admin.display(description=_("messages"))
    def group_shown(self, row: Preference) -> Any:
        group = group_named(row.group)
        return group.label if group else row.group

    @admin.display(description=_("kind"))
    def kind_shown(self, row: Preference) -> Any:
        return label_of(row.kind) if row.kind else _("all of them")


@admin.register(Broadcast)
class BroadcastAdmin(PortalAdmin):
    """What was told to followers, how far it went, and to how many. Nothing of its text."""

    chapter, place = Chapter.BACKSTAGE, 84
    door = "notifications.watch_delivery"
    list_display = ("due_at", "kind_label", "written", "ended_at", "held_at", "cancelled_at")
    sortable_by = ("due_at",)
    fieldsets = (
        (None, {"fields": ("kind_label", "asked_at", "due_at", "written", "ended_at", "held_at", "cancelled_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """What waits for its hour shows to nobody."""
        return super().get_queryset(request).filter(due_at__lte=clock.now())

    @admin.display(description=_("kind"), ordering="kind")
    def kind_label(self, broadcast: Broadcast) -> Any:
        return label_of(broadcast.kind)


@admin.register(Sweep)
class SweepAdmin(PortalAdmin):
    """One row: the last round of messages."""

    chapter, place = Chapter.BACKSTAGE, 86
    door = "notifications.watch_delivery"
    list_display = fields = ("ended_at", "written", "sent")
