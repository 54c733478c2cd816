"""A call, its announcements and who runs it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.rules import is_administrator
from bethune_smartcity.core.admin_acts import Act, ReasonForm
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, SeenFilter, saying
from bethune_smartcity.lifecycle.admin_base import TranslatedAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act
from calls.forms.running import MoveDeadlineForm
from calls.models import Call, CallAgent, CallDate, Criterion, DeadlineMove, Prize, RulesVersion, Section
from calls.operations import announcements, deadlines, publication, sealing
from calls.operations.copies import copy_criteria, copy_form
from calls.operations.order import DATE_NAMES
from calls.operations.publication import check_criteria_unlocked
from calls.phases import Phase
from calls.queries import board_calls, rights_on_calls

from .parts import CONFIGURE, DESK, SEE, PartAdmin, PartInline, sentence_of

FOLDED = ("collapse",)
STEP = ("label", "at", "ends_at", "with_time", "place", "online_at", "attendance", "register_at")


class SectionInline(PartInline, TranslationStackedInline):
    model = Section
    fields = writable = ("order", "title", "intro")


sound = saying(
    calls_criterion_sound=("maximum", _("A weight is above zero, and the highest mark above the lowest.")),
    calls_prize_not_negative=("amount", _("An amount is 0 or more.")),
    calls_step_ends_after_start=("ends_at", announcements.ENDS_FIRST),
)


class CriterionInline(PartInline, TranslationStackedInline):
    model = Criterion
    locked_by = staticmethod(check_criteria_unlocked)
    form = sound
    fields = writable = ("stage", "order", "label", "weight", "minimum", "maximum", "anchors", "counted")


class PrizeInline(PartInline, TranslationStackedInline):
    model = Prize
    form = sound
    fields = writable = ("kind", "rank", "name", "amount", "support")


class CallDateInline(PartInline, TranslationStackedInline):
    model = CallDate
    form = sound
    fields = writable = STEP

    def lock(self, parent: Call) -> Any:
        return ""

    def keep(self, request: HttpRequest, row: CallDate) -> None:
        announcements.keep_step(row, by=request.user)

    def drop(self, request: HttpRequest, row: CallDate) -> None:
        announcements.remove_step(row, by=request.user)


class CopyFormForm(forms.Form):
    """Which call's form, or criteria, to copy."""

    source = forms.SlugField(
        label=_("Address of the other call"), help_text=_("The last word of its page’s address, for example mobilite.")
    )


@admin.register(Call)
class CallAdmin(TranslatedAdmin):
    chapter, place = Chapter.CALLS, 30
    door, view_permission = DESK, SEE
    add_permission, change_permission = "calls.create_call", CONFIGURE
    list_display = ("title", "phase_shown", "opens_at", "closes_at", "results_at")
    list_filter = (("pillars", SeenFilter),)
    search_fields = ("title", "slug")
    fieldsets = (
        (None, {"fields": ("phase_shown", "slug", "number_prefix", "pillars", "partners")}),
        (_("Title"), {"fields": ("title",)}),
        (
            _("Dates"),
            {
                "fields": (
                    *publication.DATES,
                    "questions_days",
                    "opening_is_approximate",
                    "announced_at",
                    "results_at",
                    "archived_at",
                )
            },
        ),
        (_("Rules of the game"), {"fields": ("one_per_structure", "feedback", "envelope", "kept_as_archive")}),
        (_("Closing"), {"fields": ("grace_minutes", "sealed", "unsealed_at")}),
        (_("In one sentence"), {"fields": ("summary",), "classes": FOLDED}),
        (_("For whom"), {"fields": ("audience",), "classes": FOLDED}),
        (_("What"), {"fields": ("purpose",), "classes": FOLDED}),
        (_("What we look for"), {"fields": ("sought",), "classes": FOLDED}),
        (_("The questions asked"), {"fields": ("asks",), "classes": FOLDED}),
        (_("What laureates get"), {"fields": ("support",), "classes": FOLDED}),
        (_("The jury"), {"fields": ("jury_note",), "classes": FOLDED}),
        (_("When scores are equal"), {"fields": ("tie_note",), "classes": FOLDED}),
    )
    form = saying(calls_closes_after_opening=("closes_at", _("A call closes after it opens.")))
    texts = ("title", "summary", "audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")
    rules = ("one_per_structure", "feedback", "envelope", "kept_as_archive", "grace_minutes", "sealed")
    writable = (*texts, "pillars", "partners", *rules, *publication.DATES, "questions_days", "opening_is_approximate")
    writable_once = ("slug", "number_prefix")
    inlines = (PrizeInline, CriterionInline, SectionInline, CallDateInline)
    acts = (
        Act(
            "copy_form",
            _("Copy the form of another call"),
            copy_form,
            CONFIGURE,
            form=CopyFormForm,
            consequence=_("Its sections, questions and conditions become this call’s, to be changed until it opens."),
            offered=lambda call: call.phase in {Phase.DRAFT, Phase.ANNOUNCED},
            alone=True,
        ),
        Act(
            "copy_criteria",
            _("Copy the criteria of another call"),
            copy_criteria,
            CONFIGURE,
            form=CopyFormForm,
            consequence=_(
                "Its criteria, weights, scales and sentences become this call’s, to be changed until the sheets open."
            ),
            offered=lambda call: not sentence_of(check_criteria_unlocked, call),
            alone=True,
        ),
        Act(
            "announce",
            _("Make public"),
            publication.announce,
            CONFIGURE,
            consequence=_(
                "Everyone can read the call. It opens and closes by its dates, which then move for a reason."
            ),
            offered=lambda call: call.phase == Phase.DRAFT,
        ),
        Act(
            "move_deadline",
            _("Move a date"),
            deadlines.move_deadline,
            CONFIGURE,
            form=MoveDeadlineForm,
            given=lambda call: {"call": call},
            consequence=_(
                "Applicants are told, those with a draft among them, and of the opening and the close those who follow "
                "the call too; the call’s page shows the former date and the reason."
            ),
            offered=lambda call: call.phase not in {Phase.DRAFT, Phase.PUBLISHED, Phase.ARCHIVED},
            alone=True,
        ),
        Act(
            "close_early",
            _("Close the call now"),
            deadlines.close_early,
            CONFIGURE,
            form=ReasonForm,
            consequence=_(
                "Applications are refused from this instant on, drafts included. Applicants and those who follow the "
                "call are told."
            ),
            final=True,
            offered=lambda call: call.phase == Phase.OPEN,
        ),
        Act(
            "open_seals",
            _("Open the applications"),
            sealing.open_seals,
            "calls.open_seals",
            consequence=sealing.CONSEQUENCE,
            final=True,
            alone=True,
            offered=lambda call: call.is_under_seal and call.phase == Phase.CLOSED,
        ),
        Act(
            "archive",
            _("Archive"),
            publication.archive,
            CONFIGURE,
            consequence=_("The call is put away; its results stay public."),
            offered=lambda call: call.phase == Phase.PUBLISHED,
        ),
    )

    def view_on_site(self, obj: Call) -> str:
        return obj.get_absolute_url()

    def get_queryset(self, request: HttpRequest) -> Any:
        return board_calls(request.user).order_by("-opens_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Call | None = None) -> list[str]:
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, *publication.fixed_columns(obj)] if obj is not None else fixed

    def create(self, request: HttpRequest, obj: Call, form: Any) -> Call:
        return publication.create_call(by=request.user, **form.cleaned_data)

    def update(self, request: HttpRequest, obj: Call, form: Any) -> Call:
        call, typed = self.stored(request, obj), form.cleaned_data
        columns = {name: typed[name] for name in form.changed_data if name not in {"pillars", "partners"}}
        publication.edit_call(call, by=request.user, **columns)
        return announcements.set_scope(call, pillars=typed["pillars"], partners=typed["partners"], by=request.user)

    @admin.display(description=_("phase"))
    def phase_shown(self, call: Call) -> str:
        return call.phase.label if call.pk else Phase.DRAFT.label


@admin.register(CallAgent)
class CallAgentAdmin(PortalAdmin):
    """Who may do what on which call: given and taken back, never edited."""

    chapter, place = Chapter.CALLS, 40
    door, subject = "calls.see_rights", "call"
    add_permission = delete_permission = "calls.manage_agents"
    list_display = ("user", "right", "call")
    list_filter = ("right", ("call", SeenFilter))
    list_select_related = ("user", "call")
    search_fields = ("user__email", "user__name", "call__title")
    ordering = ("-call__opens_at", "user__email", "right")
    fields = ("call", "user", "right")
    writable_once = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        rights = super().get_queryset(request)
        if is_administrator(request.user):
            return rights
        return rights.filter(call__in=board_calls(request.user))

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        if model is User:
            return User.objects.filter(is_agent=True, is_active=True).order_by("email")
        if is_administrator(request.user):
            return Call.objects.all()
        return Call.objects.filter(pk__in=rights_on_calls(request.user).filter(right="configure").values("call"))

    def create(self, request: HttpRequest, obj: CallAgent, form: Any) -> CallAgent:
        return publication.grant_right(obj.call, obj.user, obj.right, by=request.user)

    def delete_model(self, request: HttpRequest, obj: CallAgent) -> None:
        publication.revoke_right(obj, by=request.user)


@admin.register(Prize)
class PrizeAdmin(PartAdmin):
    place = 50
    form = sound
    list_display = ("name", "call", "kind", "rank", "amount")
    list_filter = (("call", SeenFilter), "kind")
    ordering = ("-call__opens_at", "kind", "rank")
    fields = ("call", "kind", "rank", "name", "amount", "support")
    writable, writable_once = fields[1:], ("call",)


@admin.register(Criterion)
class CriterionAdmin(PartAdmin):
    place = 60
    form = sound
    list_display = ("label", "call", "stage", "order", "weight", "counted")
    list_filter = (("call", SeenFilter), "stage")
    ordering = ("-call__opens_at", "stage", "order")
    fields = ("call", "stage", "order", "label", "weight", "minimum", "maximum", "anchors", "counted")
    writable, writable_once = fields[1:], ("call",)


@admin.register(CallDate)
class CallDateAdmin(PartAdmin):
    place = 90
    form = sound
    list_display = ("label", "call", "at")
    list_filter = (("call", SeenFilter),)
    ordering = ("-at",)
    fields = ("call", *STEP)
    writable, writable_once = STEP, ("call",)

    def lock(self, obj: CallDate) -> Any:
        return ""

    def create(self, request: HttpRequest, obj: CallDate, form: Any) -> CallDate:
        return announcements.keep_step(obj, by=request.user)

    update = create

    def delete_model(self, request: HttpRequest, obj: CallDate) -> None:
        announcements.remove_step(obj, by=request.user)


@admin.register(RulesVersion)
class RulesVersionAdmin(PartAdmin):
    place = 100
    list_display = ("__str__", "in_force_from")
    list_filter = (("call", SeenFilter),)
    ordering = ("-call__opens_at", "-number")
    fields = ("call", "number", "in_force_from", "text")
    writable, writable_once = ("in_force_from", "text"), ("call",)

    def lock(self, obj: RulesVersion) -> Any:
        if not announcements.is_in_force(obj):
            return ""
        return _("This version of the rules is in force: it never changes. Write the next.")

    def create(self, request: HttpRequest, obj: RulesVersion, form: Any) -> RulesVersion:
        return announcements.keep_rules(obj, by=request.user)

    update = create

    def delete_model(self, request: HttpRequest, obj: RulesVersion) -> None:
        announcements.remove_rules(obj, by=request.user)


@admin.register(DeadlineMove)
class DeadlineMoveAdmin(PortalAdmin):
    chapter, place = Chapter.CALLS, 110
    in_outbox = True
    door, view_permission, subject = DESK, SEE, "call"
    list_display = ("call", "date_shown", "before", "after", "at")
    list_filter = (("call", SeenFilter),)
    ordering = ("-at",)
    fields = ("call", "date_shown", "before", "after", "reason", "at")
    acts = (rendering_act("calls.configure_call", subject="call"),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(call__in=board_calls(request.user)).select_related("call")

    @admin.display(description=_("date"))
    def date_shown(self, moved: DeadlineMove) -> Any:
        return DATE_NAMES.get(moved.field, moved.field)
