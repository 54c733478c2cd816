"""People, structures and partners; and the city's own record."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.admin_acts import Act, ReasonForm
from bethune_smartcity.core.admin_base import Chapter, PortalAdmin, ReadTable, saying
from bethune_smartcity.core.models import City, DemoClock
from bethune_smartcity.lifecycle.admin_base import JournalledAdmin

from . import operations, partners
from .acquaintance import invitations_met, memberships_met, people_met, structures_met
from .forms import LogoForm
from .models import Invitation, Membership, Partner, Structure, User
from .owners import is_ownerless, ownerless

SEE, MANAGE, NAME_OWNER = "accounts.see_accounts", "accounts.manage_accounts", "accounts.name_owner"


class MembershipsOfUser(ReadTable):
    model = Membership
    fk_name = "user"
    door = SEE
    fields = ("structure", "role", "since")
    verbose_name_plural = _("structures")

    def get_queryset(self, request: HttpRequest) -> Any:
        return memberships_met(request.user).select_related("structure")


class MembersOfStructure(ReadTable):
    model = Membership
    door = SEE
    fields = ("user", "role", "since")
    verbose_name_plural = _("people")

    def get_queryset(self, request: HttpRequest) -> Any:
        return memberships_met(request.user).select_related("user")


def enrol(user: User, *, by: Any) -> User:
    return operations.enrol_agent(user.email, by=by)


def make_administrator(user: User, *, by: Any) -> User:
    return operations.enrol_agent(user.email, by=by, administrator=True)


@admin.register(User)
class UserAdmin(JournalledAdmin):
    chapter, place = Chapter.BACKSTAGE, 10
    door, acts_door = SEE, MANAGE
    add_permission, outright = MANAGE, (MANAGE,)
    list_display = ("email", "name", "is_agent", "is_administrator", "is_active", "date_joined")
    list_filter = ("is_agent", "is_administrator", "is_active", "language")
    search_fields = ("email", "name")
    ordering = ("email",)
    fields = ("email", "name", "language", "is_active", "is_agent", "is_administrator", "date_joined", "last_login")
    writable_once = ("email", "is_administrator")
    inlines = (MembershipsOfUser,)
    acts = (
        Act(
            "enrol",
            _("Enrol as an agent"),
            enrol,
            MANAGE,
            consequence=_("The back office opens to them; what they see there depends on their rights on calls."),
            offered=lambda user: user.is_active and not user.is_agent,
        ),
        Act(
            "make_administrator",
            _("Make an administrator"),
            make_administrator,
            MANAGE,
            consequence=_("They manage accounts, partners, the city’s record and agents’ rights."),
            offered=lambda user: user.is_active and not user.is_administrator,
        ),
        Act(
            "send_enrolment",
            _("Send an enrolment link"),
            operations.send_enrolment,
            MANAGE,
            consequence=_("They receive a personal link on which they choose a password."),
            offered=lambda user: user.is_active and user.is_agent,
        ),
        Act(
            "dismiss",
            _("End the agent’s role"),
            operations.dismiss_agent,
            MANAGE,
            consequence=_("The back office closes to them. Their account and what they did stay."),
            offered=lambda user: user.is_staff,
        ),
        Act(
            "deactivate",
            _("Deactivate"),
            operations.deactivate,
            MANAGE,
            consequence=_("They can no longer sign in. What they did stays."),
            offered=lambda user: user.is_active,
        ),
        Act(
            "reactivate",
            _("Reactivate"),
            operations.reactivate,
            MANAGE,
            consequence=_("They can sign in again."),
            offered=lambda user: not user.is_active,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return people_met(request.user).order_by(*self.ordering)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """With the way to what was written to them, for who watches over delivery."""
        return (*self.fields, "messages_link") if can(request.user, "notifications.watch_delivery") else self.fields

    @admin.display(description=_("messages"))
    def messages_link(self, user: User) -> Any:
        address = reverse("notifications:person-messages", kwargs={"pk": user.pk})
        return format_html('<a href="{}">{}</a>', address, gettext("All that was written to this person"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None:
            return super().get_fieldsets(request, obj)
        words = _("An agent of the city: they are sent a link on which they choose a password.")
        return [(None, {"fields": self.writable_once, "description": words})]

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        context["notices"] = left_behind(kwargs.get("obj"))
        return super().render_change_form(request, context, **kwargs)

    def create(self, request: HttpRequest, obj: User, form: Any) -> User:
        user = operations.enrol_agent(obj.email, by=request.user, administrator=obj.is_administrator)
        return operations.send_enrolment(user, by=request.user)


def left_behind(user: User | None) -> list[str]:
    """Which structures the account of `user`, once deactivated, leaves without an owner."""
    if user is None or user.is_active:
        return []
    left = ownerless().filter(memberships__user=user, memberships__role=Membership.Role.OWNER)
    names = ", ".join(str(structure) for structure in left)
    sentence = gettext("Without an owner who can sign in: %(structures)s. Name another owner on the structure’s page.")
    return [sentence % {"structures": names}] if names else []


class OwnerForm(ReasonForm):
    """Who owns the structure from now on, and why."""

    person = forms.EmailField(label=_("E-mail address of the person’s account"))
    field_order = ("person", "reason")

    def clean_person(self) -> User:
        user = User.objects.filter(email=self.cleaned_data["person"].lower()).first()
        if user is None:
            raise forms.ValidationError(_("No account has this address: the person signs up first."))
        return user


class OwnerFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("none", _("Without an owner who can sign in"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(pk__in=ownerless().values("pk")) if self.value() == "none" else queryset


@admin.register(Structure)
class StructureAdmin(JournalledAdmin):
    chapter, place = Chapter.SUBMISSIONS, 10
    door = SEE
    change_permission, outright = MANAGE, (MANAGE,)
    list_display = ("name", "kind", "country", "city", "registration_number")
    list_filter = ("kind", OwnerFilter)
    search_fields = ("name", "city", "registration_number")
    fields = ("name", "kind", "country", "registration_number", "city", "website", "created_at")
    writable = ("name", "kind", "country", "registration_number", "city", "website")
    inlines = (MembersOfStructure,)
    acts_door = MANAGE
    acts = (
        Act(
            "name_owner",
            _("Name an owner"),
            operations.name_owner,
            NAME_OWNER,
            form=OwnerForm,
            consequence=_(
                "They write and hand in its applications, and manage its people. Everyone there is told why."
            ),
            offered=is_ownerless,
            alone=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return structures_met(request.user).order_by("name", "pk")

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        obj = kwargs.get("obj")
        alone = obj is not None and is_ownerless(obj)
        context["notices"] = [gettext("Nobody who can sign in owns this structure.")] if alone else []
        return super().render_change_form(request, context, **kwargs)

    def update(self, request: HttpRequest, obj: Structure, form: Any) -> Structure:
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        return operations.edit_structure(self.stored(request, obj), by=request.user, **changed)


@admin.register(Membership)
class MembershipAdmin(PortalAdmin):
    chapter, place = Chapter.SUBMISSIONS, 20
    in_outbox = True
    door = SEE
    list_display = ("user", "structure", "role", "since")
    list_filter = ("role",)
    list_select_related = ("user", "structure")
    search_fields = ("user__email", "user__name", "structure__name")
    ordering = ("-since", "-pk")
    fields = ("user", "structure", "role", "since")

    def get_queryset(self, request: HttpRequest) -> Any:
        return memberships_met(request.user).order_by(*self.ordering)


@admin.register(Invitation)
class InvitationAdmin(JournalledAdmin):
    chapter, place = Chapter.SUBMISSIONS, 25
    door = SEE
    list_display = ("email", "structure", "role", "state", "made_at", "expires_at")
    list_filter = ("state", "role")
    list_select_related = ("structure",)
    search_fields = ("email", "structure__name")
    ordering = ("-made_at", "-pk")
    fields = ("email", "structure", "role", "invited_by", "state", "made_at", "expires_at", "closed_at")

    def get_queryset(self, request: HttpRequest) -> Any:
        return invitations_met(request.user).order_by(*self.ordering)


@admin.register(Partner)
class PartnerAdmin(JournalledAdmin):
    chapter, place = Chapter.BACKSTAGE, 20
    door = SEE
    add_permission = change_permission = "accounts.manage_partners"
    outright = (add_permission,)
    list_display = ("name", "website")
    search_fields = ("name",)
    fields = writable = ("name", "website", "contacts")
    autocomplete_fields = ("contacts",)
    acts = (
        Act(
            "logo",
            _("Put a logo"),
            partners.put_logo,
            change_permission,
            form=LogoForm,
            consequence=_("It takes the place of the name on the pages of the calls this partner carries."),
            alone=True,
        ),
        Act(
            "remove-logo",
            _("Take the logo away"),
            partners.remove_logo,
            change_permission,
            consequence=_("The logo is erased for good; pages show the name."),
            alone=True,
            final=True,
            offered=lambda partner: partner.logo_id is not None,
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.writable, "logo_shown") if obj is not None and obj.logo_id else self.writable

    @admin.display(description=_("logo"))
    def logo_shown(self, obj: Partner) -> str:
        """The logo as pages show it."""
        address = reverse("files:download", kwargs={"pk": obj.logo_id})
        drawn = '<img class="shown" src="{}" alt="{}" width="{}" height="{}">'
        return format_html(drawn, address, obj.name, obj.logo_width, obj.logo_height)


@admin.register(City)
class CityAdmin(JournalledAdmin):
    """One record: its list is its page."""

    chapter, place = Chapter.BACKSTAGE, 30
    door = "accounts.use_back_office"
    change_permission = "accounts.manage_city"
    outright = (change_permission,)
    form = saying(
        core_accessibility_audited=(
            "accessibility",
            _("The law asks for an audit, its day and its share: half of the criteria for partially, all for fully."),
        ),
        core_accessibility_rate_of_100=("accessibility_rate", _("Give a share between 0 and 100.")),
    )
    identity = ("name", "siret", "department", "address", "contact_email", "service", "dpo_email")
    publication = ("publisher", "host", "website")
    statement = (
        "accessibility",
        "accessibility_audited_on",
        "accessibility_auditor",
        "accessibility_rate",
        "accessibility_declared_on",
        "accessibility_contact",
        "accessibility_failures",
        "accessibility_exemptions",
        "accessibility_outside",
    )
    fieldsets = (
        (None, {"fields": (*identity, *publication)}),
        (_("Accessibility statement"), {"fields": statement}),
    )
    writable = (*identity, *publication, *statement)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> City | None:
        return City.current() if object_id == "1" else None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseRedirect:
        return HttpResponseRedirect("1/change/")


@admin.register(DemoClock)
class DemoClockAdmin(PortalAdmin):
    chapter, place = Chapter.BACKSTAGE, 99
    door = "accounts.move_demo_clock"
    list_display = fields = ("offset_seconds",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return settings.DEMO and super().has_view_permission(request, obj)
