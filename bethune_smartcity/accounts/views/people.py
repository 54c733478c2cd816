"""The people of a structure: who acts for it, whom it invited, and answering an invitation."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.accounts import inviting, operations
from bethune_smartcity.accounts.forms import InviteForm, RoleForm
from bethune_smartcity.accounts.models import Invitation, Membership, Structure
from bethune_smartcity.core.access import can
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView, GuardedForm


def people_url(structure: Structure) -> str:
    return reverse("accounts:people", kwargs={"pk": structure.pk})


def crumbs_to(structure: Structure, here: Any = "") -> list[tuple[Any, str]]:
    space = (_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL))
    people = (_("People of %(structure)s") % {"structure": structure.name}, people_url(structure) if here else "")
    return [space, people, *([(here, "")] if here else [])]


ROLES = (
    (Membership.Role.OWNER.label, gettext_lazy("writes and hands in, and manages people")),
    (Membership.Role.EDITOR.label, gettext_lazy("writes, hands in and withdraws")),
    (Membership.Role.READER.label, gettext_lazy("reads, and is told what the city answers")),
)


class People(GuardedForm):
    """Everyone who acts for a structure; its owners invite, change roles and take people off here."""

    permission = "accounts.see_members"
    form_class = InviteForm
    template_name = "accounts/people.html"

    def fetch(self) -> Structure:
        return get_object_or_404(self.request.user.structures, pk=self.kwargs["pk"])

    def act(self, form: InviteForm) -> None:
        invitation = inviting.invite(self.object, **form.cleaned_data, by=self.request.user)
        self.done_message = _("An invitation is on its way to %(address)s.") % {"address": invitation.email}

    def get_success_url(self) -> str:
        return people_url(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = can(self.request.user, "accounts.manage_members", self.object)
        return super().get_context_data(
            structure=self.object,
            owns=own,
            members=self.object.memberships.select_related("user").order_by("since", "pk"),
            invitations=inviting.open_invitations(self.object) if own else (),
            roles=ROLES,
            crumbs=crumbs_to(self.object),
            **kwargs,
        )


class OfStructure:
    """An act on a row of a structure's people: the row is found among those of a structure one acts for."""

    request: HttpRequest
    kwargs: dict[str, Any]
    object: Any
    title: Any

    def structure(self) -> Structure:
        return get_object_or_404(self.request.user.structures, pk=self.kwargs["pk"])  # type: ignore[union-attr]

    def get_success_url(self) -> str:
        return people_url(self.object.structure)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = crumbs_to(self.object.structure, self.title)
        return super().get_context_data(crumbs=crumbs, **kwargs)  # type: ignore[misc]


class OfMember(OfStructure):
    def fetch(self) -> Membership:
        members = self.structure().memberships.select_related("user", "structure")
        return get_object_or_404(members, pk=self.kwargs["member"])


class ChangeRole(OfMember, ActionView):
    permission = "accounts.change_role"
    form_class = RoleForm
    button = gettext_lazy("Change the role")
    done_message = gettext_lazy("The role is changed.")

    def fetch(self) -> Membership:
        membership = super().fetch()
        self.title = _("Role of %(person)s") % {"person": membership.user}
        return membership

    def get_initial(self) -> dict[str, Any]:
        return {"role": self.object.role}

    def act(self, form: RoleForm) -> None:
        operations.change_role(self.object, form.cleaned_data["role"], by=self.request.user)


class EndMembership(OfMember, ActionView):
    """Take someone off, or leave, in the words of each."""

    permission = "accounts.end_membership"
    form_class = forms.Form
    tone = "danger"

    def fetch(self) -> Membership:
        membership = super().fetch()
        self.title, self.consequence, self.done_message = words_of_end(membership, self.request.user)
        return membership

    def act(self, form: forms.Form) -> None:
        operations.remove_member(self.object, by=self.request.user)

    def get_success_url(self) -> str:
        gone = self.object.pk is None and self.object.user == self.request.user
        return resolve_url(settings.LOGIN_REDIRECT_URL) if gone else super().get_success_url()


def words_of_end(membership: Membership, user: Any) -> tuple[str, str, str]:
    """The title, the consequence and what is said once done."""
    names = {"person": membership.user, "structure": membership.structure.name}
    if membership.user == user:
        consequence = _("You will no longer see its applications. What you wrote stays; an owner may invite you again.")
        return _("Leave %(structure)s") % names, consequence, _("You left %(structure)s.") % names
    consequence = _("They will no longer see its applications. What they wrote stays; you may invite them again.")
    return _("Take %(person)s off") % names, consequence, _("%(person)s is taken off.") % names


class WithdrawInvitation(OfStructure, ActionView):
    permission = "accounts.withdraw_invitation"
    form_class = forms.Form
    button = gettext_lazy("Withdraw the invitation")
    consequence = gettext_lazy("It can no longer be accepted. You may invite this address again.")
    done_message = gettext_lazy("The invitation is withdrawn.")
    tone = "danger"

    def fetch(self) -> Invitation:
        opened = inviting.open_invitations(self.structure()).select_related("structure")
        invitation = get_object_or_404(opened, pk=self.kwargs["invitation"])
        self.title = _("Withdraw the invitation of %(address)s") % {"address": invitation.email}
        return invitation

    def act(self, form: forms.Form) -> None:
        inviting.withdraw(self.object, by=self.request.user)


class Answer(ActionView):
    """The invitation one was sent: who asks, for what, until when; and one's answer, by its button."""

    permission = "accounts.answer_invitation"
    form_class = forms.Form
    template_name = "accounts/invitation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A link opened again once it has served leads to where one acts, not nowhere."""
        found = inviting.joined_by(request.user, kwargs["pk"]) if request.user.is_authenticated else None
        if found is None:
            return super().dispatch(request, *args, **kwargs)
        messages.info(request, _("You already act for %(structure)s.") % {"structure": found.name})
        return redirect(people_url(found))

    def fetch(self) -> Invitation:
        return get_object_or_404(inviting.sent_to(self.request.user), pk=self.kwargs["pk"])

    def check_time(self) -> None:
        """One that fell with the rights of who made it is said to be over, and nothing else of it."""
        inviting.check_stands(self.object)

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        """One that fell since the page was opened says no more either."""
        if error.code == inviting.OVER:
            raise error
        return super().refused(form, error)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL)), (_("Invitation"), "")]
        roles = dict(zip(Membership.Role.values, ROLES, strict=True))
        return super().get_context_data(invitation=self.object, role=roles[self.object.role], crumbs=crumbs, **kwargs)

    def act(self, form: forms.Form) -> None:
        names = {"structure": self.object.structure.name}
        if self.request.POST.get("answer") == "decline":
            inviting.decline(self.object, by=self.request.user)
            self.done_message = _("You declined the invitation of %(structure)s.") % names
        else:
            inviting.accept(self.object, by=self.request.user)
            self.done_message = _("You now act for %(structure)s.") % names

    def get_success_url(self) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
