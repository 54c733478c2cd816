"""Projects, their steps, payments and news."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.admin_acts import Act, act_of
from bethune_smartcity.core.admin_base import Chapter, ReadTable, SeenFilter, saying
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin, TranslatedAdmin
from bethune_smartcity.lifecycle.renderings import rendering_act
from juries.models import Award
from projects.forms import ReplyForm
from projects.models import Milestone, Payment, Photo, Project, ReplicationFile, ReplicationRequest, Target, Update
from projects.operations import incubation, photos, replication, targets, texts
from projects.queries import openable_awards, run_projects, visible_requests
from projects.workflow import MILESTONE, PAYMENT, PHOTO, PROJECT, REPLICATION

DESK, RUN, FOLLOW = "projects.see_board", "projects.run_project", "projects.view_followup"


def stage_act(name: str) -> Act:
    """An act of a project's workflow."""

    def run(project: Project, *, by: Any, reason: str = "") -> Project:
        return incubation.advance(project, name, by=by, reason=reason)

    return act_of(PROJECT, name, run)


class MilestoneInline(ReadTable):
    model = Milestone
    door = DESK
    fields = ("title", "due_on", "state", "report")


class PaymentInline(ReadTable):
    model = Payment
    door = DESK
    fields = ("label", "amount", "state", "milestone", "due_on", "paid_on")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("milestone")


@admin.register(Project)
class ProjectAdmin(TranslatedAdmin):
    chapter, place = Chapter.LAUREATES, 20
    door, view_permission = DESK, FOLLOW
    add_permission, change_permission = DESK, RUN
    list_display = ("name", "structure", "pillar", "state", "opened_at", "is_public")
    list_filter = ("state", ("pillar", SeenFilter), "is_public")
    list_select_related = ("structure", "pillar", "award")
    folded_search = "search_text"
    ordering = ("-opened_at", "pk")
    sortable_by = ("name", "state", "opened_at")
    fieldsets = (
        (None, {"fields": ("name", "slug", "state", "award", "structure", "pillar", "opened_at", "mentors")}),
        (None, {"fields": ("one_line", "story", "place", "latitude", "longitude", "is_public")}),
    )
    writable = incubation.DESCRIPTION
    writable_once = ("award", "slug")
    inlines = (MilestoneInline, PaymentInline)
    acts = tuple(stage_act(transition.name) for transition in PROJECT.transitions)

    def view_on_site(self, obj: Project) -> str:
        return obj.get_absolute_url()

    def get_queryset(self, request: HttpRequest) -> Any:
        return run_projects(request.user)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        asked = ("award", "name", "slug", "pillar", "one_line", "story", "place", "is_public")
        return [(None, {"fields": self.replace_orig_field(asked)})]

    def choices_for(self, model: Any, request: HttpRequest) -> Any:
        return openable_awards(request.user) if model is Award else super().choices_for(model, request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "award" in form.base_fields:
            form.base_fields["award"].required = True
        return form

    def create(self, request: HttpRequest, obj: Project, form: Any) -> Project:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "award"}
        return incubation.open_incubation(form.cleaned_data["award"], by=request.user, **typed)

    def update(self, request: HttpRequest, obj: Project, form: Any) -> Project:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return incubation.describe(self.stored(request, obj), by=request.user, **changed)


class PartAdmin(JournalledAdmin):
    """A part of a project the agent runs: planned here, then moved by acts."""

    chapter = Chapter.LAUREATES
    door, view_permission, subject = DESK, FOLLOW, "project"
    add_permission = DESK

    def get_queryset(self, request: HttpRequest) -> Any:
        parts = super().get_queryset(request).filter(project__in=run_projects(request.user).values("pk"))
        return parts.select_related("project__award")


@admin.register(Milestone)
class MilestoneAdmin(PartAdmin, TranslatedAdmin):
    place = 30
    change_permission = RUN
    list_display = ("title", "project", "due_on", "state")
    list_filter = ("state", ("project", SeenFilter))
    search_fields = ("title", "project__name")
    ordering = ("due_on", "pk")
    fields = ("project", "order", "title", "due_on", "state", "report", "reported_at", "accepted_at")
    writable = ("title",)
    writable_once = ("project", "due_on")
    acts = (
        act_of(MILESTONE, "accept", incubation.accept_milestone),
        act_of(MILESTONE, "ask_again", incubation.ask_milestone_again),
    )

    def create(self, request: HttpRequest, obj: Milestone, form: Any) -> Milestone:
        return incubation.add_milestone(**form.cleaned_data, by=request.user)

    def update(self, request: HttpRequest, obj: Milestone, form: Any) -> Milestone:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return texts.reword_milestone(self.stored(request, obj), by=request.user, **changed)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else ("project", "title", "due_on")


@admin.register(Payment)
class PaymentAdmin(PartAdmin):
    place = 40
    change_permission = RUN
    list_display = ("label", "project", "amount", "due_on", "state", "paid_on")
    list_filter = ("state", ("project", SeenFilter))
    search_fields = ("label", "project__name")
    ordering = ("-pk",)
    fields = ("project", "label", "amount", "milestone", "due_on", "state", "paid_on")
    form = saying(projects_payment_positive=("amount", _("Give an amount above zero.")))
    writable = ("due_on",)
    writable_once = ("project", "label", "amount", "milestone")
    acts = (
        act_of(PAYMENT, "approve", incubation.approve_payment),
        act_of(PAYMENT, "pay", incubation.pay_payment),
        act_of(PAYMENT, "cancel", incubation.cancel_payment),
    )

    def create(self, request: HttpRequest, obj: Payment, form: Any) -> Payment:
        planned = {"milestone": obj.milestone, "due_on": obj.due_on}
        return incubation.add_payment(obj.project, obj.label, obj.amount, **planned, by=request.user)

    def update(self, request: HttpRequest, obj: Payment, form: Any) -> Payment:
        return incubation.date_payment(self.stored(request, obj), obj.due_on, by=request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj is not None else (*self.writable_once, *self.writable)


@admin.register(Target)
class TargetAdmin(PartAdmin):
    """What a project is to change of an indicator: written and rewritten by those who run it."""

    place = 45
    change_permission = delete_permission = RUN
    list_display = ("indicator", "project", "baseline", "goal")
    list_filter = (("project", SeenFilter),)
    search_fields = ("indicator__name", "project__name")
    ordering = ("project", "pk")
    fields = ("project", "indicator", "baseline", "goal")
    form = saying(
        projects_one_target_an_indicator=("indicator", _("This project has a target for this indicator already.")),
        projects_target_changes=("goal", _("Give a goal that differs from the value before the project.")),
    )
    writable = ("baseline", "goal")
    writable_once = ("project", "indicator")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("indicator")

    def create(self, request: HttpRequest, obj: Target, form: Any) -> Target:
        return targets.add_target(obj.project, obj.indicator, obj.baseline, obj.goal, by=request.user)

    def update(self, request: HttpRequest, obj: Target, form: Any) -> Target:
        return targets.edit_target(self.stored(request, obj), obj.baseline, obj.goal, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Target) -> None:
        targets.drop_target(obj, by=request.user)


@admin.register(Update)
class UpdateAdmin(TranslatedAdmin):
    chapter, place = Chapter.LAUREATES, 50
    door, view_permission, subject = DESK, FOLLOW, "project"
    add_permission, change_permission = DESK, RUN
    in_journal = False
    list_display = ("title", "project", "author", "published_at")
    list_filter = (("project", SeenFilter),)
    list_select_related = ("project", "author")
    folded_search = "search_text"
    ordering = ("-published_at",)
    fields = ("project", "title", "body", "author", "published_at")
    writable = ("title", "body")
    writable_once = ("project",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(project__in=run_projects(request.user).values("pk"))

    def create(self, request: HttpRequest, obj: Update, form: Any) -> Update:
        return incubation.post_update(**form.cleaned_data, by=request.user)

    def update(self, request: HttpRequest, obj: Update, form: Any) -> Update:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return texts.reword_update(self.stored(request, obj), by=request.user, **changed)


@admin.register(Photo)
class PhotoAdmin(PartAdmin, TranslatedAdmin):
    """Sent from the follow-up of its project; shown or not here, and described in each language."""

    place = 60
    add_permission, change_permission = "", RUN
    list_display = ("alt", "project", "state", "author", "created_at")
    list_filter = ("state", ("project", SeenFilter))
    list_select_related = ("project__award", "author")
    search_fields = ("alt", "project__name")
    ordering = ("-pk",)
    fields = ("project", "alt", "credit", "state", "large", "width", "height", "author", "created_at")
    writable = ("alt",)
    acts = (
        act_of(PHOTO, "show", photos.show_photo),
        act_of(PHOTO, "hide", photos.hide_photo),
        rendering_act(RUN, subject="project"),
    )

    def update(self, request: HttpRequest, obj: Photo, form: Any) -> Photo:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return texts.reword_photo(self.stored(request, obj), by=request.user, **changed)


@admin.register(ReplicationFile)
class ReplicationFileAdmin(TranslatedAdmin):
    """What another city needs to know to do the same, in the portal's languages."""

    chapter, place = Chapter.LAUREATES, 70
    door, view_permission, subject = DESK, FOLLOW, "project"
    add_permission, change_permission = DESK, RUN
    list_display = ("project", "is_public", "changed_at")
    list_filter = ("is_public",)
    list_select_related = ("project",)
    search_fields = ("project__name",)
    ordering = ("project__name",)
    fieldsets = (
        (None, {"fields": ("project", "is_public", "changed_at")}),
        (_("The starting point"), {"fields": ("context",)}),
        (_("What it takes"), {"fields": ("needs",), "classes": ("collapse",)}),
        (_("What it costs"), {"fields": ("cost",), "classes": ("collapse",)}),
        (_("With whom"), {"fields": ("partners",), "classes": ("collapse",)}),
        (_("What we learnt"), {"fields": ("lessons",), "classes": ("collapse",)}),
    )
    writable = replication.FILE_FIELDS
    writable_once = ("project",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(project__in=run_projects(request.user).values("pk"))

    def view_on_site(self, obj: ReplicationFile) -> str:
        return obj.get_absolute_url()

    def create(self, request: HttpRequest, obj: ReplicationFile, form: Any) -> ReplicationFile:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "project"}
        return replication.write_file(obj.project, by=request.user, **typed)

    def update(self, request: HttpRequest, obj: ReplicationFile, form: Any) -> ReplicationFile:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return replication.write_file(obj.project, by=request.user, **changed)


@admin.register(ReplicationRequest)
class ReplicationRequestAdmin(JournalledAdmin):
    """The requests of other cities, to read and to answer."""

    chapter, place = Chapter.LAUREATES, 80
    door, view_permission = DESK, "projects.answer_replication"
    list_display = ("organisation", "country", "project", "state", "received_at")
    list_filter = ("state", ("project", SeenFilter))
    list_select_related = ("project",)
    search_fields = ("organisation",)
    ordering = ("-received_at",)
    fields = (
        *("project", "organisation", "country", "population", "contact_name", "email", "language", "message"),
        *("state", "received_at", "reply", "answered_at", "closed_at", "forgotten_at"),
    )
    acts = (
        act_of(REPLICATION, "answer", replication.answer_request, form=ReplyForm, alone=True),
        act_of(REPLICATION, "close", replication.close_request),
        Act(
            "erase",
            _("Erase who asked"),
            replication.erase_contact,
            "projects.answer_replication",
            consequence=_("The name, the address, the message and the answer are erased for good."),
            alone=True,
            final=True,
            offered=lambda asked: asked.forgotten_at is None,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return visible_requests(request.user)
