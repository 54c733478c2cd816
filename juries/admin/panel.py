"""Panels, seats, links and readings: completeness, never a mark."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import wording
from bethune_smartcity.core.admin_acts import Act, act_of
from bethune_smartcity.core.admin_base import Chapter, PortalInline, ReadTable, SeenFilter
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin
from calls.models import Call, Submission
from calls.queries import unsealed
from juries.aside import apart
from juries.models import (
    Assignment,
    Attendance,
    Declaration,
    Expertise,
    Juror,
    Panel,
    Recusal,
    SeatInvitation,
    SecondReading,
    Slot,
    Wish,
)
from juries.operations import panels
from juries.operations.panels.seats import SETTINGS
from juries.queries.organised import organised_calls, organised_panels
from juries.workflow import PANEL, PanelState

from .desk import DESK, ORGANISE, PanelDetailAdmin

CLOSED = _("The marks are locked: the jury and its readings no longer change.")
SEATING = (PanelState.PREPARATION, PanelState.OPEN)


def lock_of(panel: Panel) -> Any:
    """Why the jury no longer changes; empty while it does."""
    return "" if panel.state in SEATING else CLOSED


class SeedForm(forms.Form):
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=2**31 - 1,
        initial=1,
        help_text=_("Any whole number: the same one gives the same plan again."),
    )


class JurorInline(ReadTable):
    model = Juror
    door = DESK
    fields = ("user", "capacity", "has_voice", "is_chair", "is_secretary", "is_present", "charter_accepted_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user")


class SlotInline(ReadTable):
    model = Slot
    door = DESK
    fields = ("order", "submission", "starts_at", "minutes")

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = super().get_queryset(request).filter(apart(request.user.pk, "submission"))
        return shown.select_related("submission")


@admin.register(Panel)
class PanelAdmin(JournalledAdmin):
    chapter, place = Chapter.JURY, 10
    door = DESK
    add_permission, change_permission = DESK, ORGANISE
    # What a deliberation said is for its minutes to tell.
    quiet_verbs = frozenset({"propose", "put_motion"})
    list_display = ("call", "stage", "state", "due", "quorum")
    list_display_links = ("call", "stage")
    list_filter = (("call", SeenFilter), "stage", "state")
    sortable_by = ("state", "due")
    ordering = ("-call__opens_at", "-stage")
    fieldsets = (
        (None, {"fields": ("call", "stage", "state", *SETTINGS)}),
        (_("Record"), {"fields": ("ridge", "seed", "plan_digest", "publish_at")}),
    )
    writable = SETTINGS
    writable_once = ("call", "stage")
    inlines = (JurorInline, SlotInline)
    acts = (
        Act(
            "plan",
            _("Plan who reads what"),
            panels.plan_assignments,
            ORGANISE,
            form=SeedForm,
            consequence=_("Readings are shared out anew; sheets begun and readings given by hand stay."),
            sources=frozenset(SEATING),
            alone=True,
        ),
        act_of(
            PANEL,
            "open",
            panels.open_panel,
            consequence=_("Jurors are told, and can read and mark from now on."),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return organised_panels(request.user).order_by("-call__opens_at", "-stage")

    @admin.display(description=_("sheets due before"), ordering="due_at")
    def due(self, panel: Panel) -> str:
        return wording.deadline(panel.due_at) if panel.due_at else ""

    def lock(self, obj: Panel) -> Any:
        return lock_of(obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": (*self.writable_once, *self.writable)})]
        return super().get_fieldsets(request, obj)

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        if model is Call:
            return Call.objects.filter(pk__in=organised_calls(request.user))
        return super().choices_for(model, request)

    def create(self, request: HttpRequest, obj: Panel, form: Any) -> Panel:
        settings = {name: form.cleaned_data[name] for name in SETTINGS}
        return panels.create_panel(obj.call, obj.stage, by=request.user, **settings)

    def update(self, request: HttpRequest, obj: Panel, form: Any) -> Panel:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return panels.configure_panel(self.stored(request, obj), by=request.user, **changed)


class ExpertiseInline(PortalInline):
    """What a juror knows, kept as a whole with their seat."""

    model = Expertise
    door, subject = DESK, "panel"
    add_permission = change_permission = delete_permission = ORGANISE
    fields = writable = ("pillar", "level")

    def lock(self, parent: Juror) -> Any:
        return lock_of(parent.panel)


@admin.register(Juror)
class JurorAdmin(PanelDetailAdmin, JournalledAdmin):
    place = 20
    subject = "panel"
    add_permission, change_permission, delete_permission = DESK, ORGANISE, ORGANISE
    list_display = ("user", "panel", "capacity", "has_voice", "is_chair", "is_secretary", "charter_accepted_at")
    list_filter = (("panel", SeenFilter), "has_voice")
    list_select_related = ("user", "panel__call")
    search_fields = ("user__name", "user__email", "capacity")
    ordering = ("-panel__call__opens_at", "panel", "-is_chair", "pk")
    fields = (
        "panel",
        "user",
        "capacity",
        "has_voice",
        "is_chair",
        "is_secretary",
        "half_time",
        *("is_substitute", "called_up_at", "stands_in_for", "left_at"),
        "is_present",
        "charter_accepted_at",
    )
    writable = ("capacity", "has_voice", "is_chair", "is_secretary", "half_time", "is_substitute")
    writable_once = ("panel", "user")
    autocomplete_fields = ("user",)
    inlines = (ExpertiseInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("panel__call", "user")

    def lock(self, obj: Juror) -> Any:
        return lock_of(obj.panel)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return [(None, {"fields": self.fields})]
        words = _("Someone who is not in this list is seated by their address, on the jury’s own page.")
        return [(None, {"fields": (*self.writable_once, *self.writable), "description": words})]

    def create(self, request: HttpRequest, obj: Juror, form: Any) -> Juror:
        return self.keep_seat(request, obj)

    def update(self, request: HttpRequest, obj: Juror, form: Any) -> Juror:
        return self.keep_seat(request, obj)

    def keep_seat(self, request: HttpRequest, seat: Juror, expertise: Any = None) -> Juror:
        facts = {name: getattr(seat, name) for name in self.writable}
        return panels.seat(seat.panel, seat.user, by=request.user, expertise=expertise, **facts)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = [row.cleaned_data for row in formset.forms if getattr(row, "cleaned_data", None)]
        known = {row["pillar"]: row["level"] for row in rows if row.get("pillar") and not row.get("DELETE")}
        formset.save(commit=False)
        if formset.has_changed():
            self.keep_seat(request, form.instance, expertise=known)

    def delete_model(self, request: HttpRequest, obj: Juror) -> None:
        panels.unseat(obj, by=request.user)


@admin.register(Expertise)
class ExpertiseAdmin(PanelDetailAdmin):
    place = 30
    path = "juror__panel"
    list_display = ("juror", "pillar", "level")
    list_filter = (("pillar", SeenFilter), "level")
    list_select_related = ("juror__user", "pillar")
    ordering = ("juror__user__name", "pk")
    fields = ("juror", "pillar", "level")


@admin.register(Wish)
class WishAdmin(PanelDetailAdmin):
    """Each juror's own word: here it is read."""

    place = 35
    path = "juror__panel"
    list_display = ("juror", "pillar", "kind")
    list_filter = (("pillar", SeenFilter), "kind")
    list_select_related = ("juror__user", "pillar")
    ordering = ("juror__user__name", "pk")
    fields = ("juror", "pillar", "kind")


@admin.register(Recusal)
class RecusalAdmin(PanelDetailAdmin, JournalledAdmin):
    place = 40
    about = "submission"
    path = "juror__panel"
    list_display = ("juror", "submission", "category", "declared_at", "confirmed_at")
    list_filter = ("category",)
    list_select_related = ("juror__user", "submission")
    ordering = ("-declared_at", "-pk")
    fields = ("juror", "submission", "category", "declared_at", "confirmed_at")
    acts = (
        Act(
            "confirm",
            _("Confirm the recusal"),
            panels.confirm_recusal,
            "juries.confirm_recusal",
            consequence=_("The juror stands aside for good."),
            final=True,
            offered=lambda recusal: recusal.confirmed_at is None,
            alone=True,
        ),
    )


@admin.register(Declaration)
class DeclarationAdmin(PanelDetailAdmin):
    place = 50
    about = "submission"
    path = "juror__panel"
    list_display = ("juror", "submission", "declared_at")
    list_select_related = ("juror__user", "submission")
    search_fields = ("submission__number", "juror__user__name")
    ordering = ("-declared_at", "-pk")
    fields = ("juror", "submission", "declared_at")


@admin.register(Assignment)
class AssignmentAdmin(PanelDetailAdmin):
    place = 60
    about = "submission"
    path, subject = "juror__panel", "juror.panel"
    add_permission, delete_permission = DESK, ORGANISE
    list_display = ("submission", "juror", "origin", "is_declared", "created_at")
    list_filter = ("origin", "is_declared")
    list_select_related = ("juror__user", "juror__panel", "submission")
    search_fields = ("submission__number", "juror__user__name")
    ordering = ("submission__number", "pk")
    fields = ("juror", "submission", "origin", "is_declared", "created_at")
    writable_once = ("juror", "submission")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("juror__panel__call", "juror__user", "submission")

    def lock(self, obj: Assignment) -> Any:
        return lock_of(obj.juror.panel)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else self.writable_once

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        if model is Submission:
            before = Submission.objects.filter(apart(request.user.pk), call__in=organised_calls(request.user))
            return unsealed(before.filter(submitted_at__isnull=False)).order_by("call", "number")
        return super().choices_for(model, request)

    def create(self, request: HttpRequest, obj: Assignment, form: Any) -> Assignment:
        return panels.assign(obj.juror, obj.submission, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Assignment) -> None:
        panels.unassign(obj, by=request.user)


@admin.register(SeatInvitation)
class SeatInvitationAdmin(PanelDetailAdmin, JournalledAdmin):
    """Links are sent, sent again and withdrawn on the jury's own page: here they are read."""

    place = 25
    list_display = ("email", "panel", "state", "made_at", "expires_at", "answered_at")
    list_filter = (("panel", SeenFilter), "state")
    list_select_related = ("panel__call",)
    search_fields = ("email", "capacity")
    ordering = ("-made_at", "-pk")
    fields = (
        *("panel", "email", "language", "capacity", "has_voice", "half_time", "is_substitute", "invited_by"),
        *("made_at", "expires_at", "state", "answered_at", "word", "juror"),
    )


@admin.register(SecondReading)
class SecondReadingAdmin(PanelDetailAdmin):
    """Begun on the jury's own page, once; here it is read."""

    place = 65
    list_display = ("panel", "leading", "readings", "seed")
    list_select_related = ("panel__call",)
    ordering = ("-panel__call__opens_at", "pk")
    fields = ("panel", "leading", "readings", "seed", "plan_digest")


@admin.register(Slot)
class SlotAdmin(PanelDetailAdmin):
    place = 70
    about = "submission"
    list_display = ("order", "submission", "panel", "starts_at", "minutes")
    list_filter = (("panel", SeenFilter),)
    list_select_related = ("submission", "panel__call")
    ordering = ("-starts_at",)
    fields = ("panel", "order", "submission", "starts_at", "minutes")


@admin.register(Attendance)
class AttendanceAdmin(PanelDetailAdmin, JournalledAdmin):
    """A finalist's own word: here it is read."""

    place = 75
    about = "submission"
    list_display = ("submission", "panel", "state", "people", "answered_at", "deck_sent_at")
    list_filter = (("panel", SeenFilter), "state")
    list_select_related = ("submission", "panel__call")
    ordering = ("-panel__call__opens_at", "pk")
    fields = (
        *("panel", "submission", "state", "pitched_by", "people", "needs", "word", "answered_at"),
        *("deck_number", "deck_sent_at"),
    )
