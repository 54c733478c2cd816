"""How organisers invite jurors by a link, send it again and withdraw it."""

from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.views import ActionView, GuardedForm
from juries.forms.panels import InviteForm
from juries.models import SeatInvitation
from juries.operations import panels
from juries.queries.panels import links_of

from .agent import OnOrganised


class Invite(OnOrganised, GuardedForm):
    """A link to a juror's seat, mailed to an address."""

    template_name = "juries/agent/form.html"
    form_class = InviteForm
    done_message = _("Invitation sent: the link is good for 14 days.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.object.call}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = str(_("Invite a juror"))
        crumbs = self.crumbs((title, ""))
        words = {
            "intro": _("The person receives a link, reads the charter and accepts or declines."),
            "save": _("Send"),
        }
        return super().get_context_data(title=title, back_url=self.board_url, crumbs=crumbs, **words, **kwargs)

    def act(self, form: InviteForm) -> None:
        panels.invite_juror(self.object, form.cleaned_data["email"], by=self.request.user, **form.given)


class OnLink(OnOrganised, ActionView):
    """An act on one of the panel's invitations."""

    form_class = Form

    def invitation(self) -> SeatInvitation:
        known = {one.pk: one for one in links_of(self.object)}
        found = known.get(self.kwargs["invitation"]) or get_object_or_404(SeatInvitation.objects.none())
        found.panel = self.object
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.invitation()
        return super().get_context_data(crumbs=self.crumbs((str(self.title), "")), **kwargs)


class SendAgain(OnLink):
    title = _("Send a new link")
    consequence = _("The link sent before no longer opens anything, and the session it opened ends at once.")
    done_message = _("New link sent.")

    def act(self, form: Form) -> None:
        panels.send_link_again(self.invitation(), by=self.request.user)


class Revoke(OnLink):
    title = _("Withdraw the link")
    consequence = _("It no longer opens anything, and the session it opened ends at once. A seat already taken stays.")
    tone = "danger"
    done_message = _("Link withdrawn.")

    def act(self, form: Form) -> None:
        panels.revoke_invitation(self.invitation(), by=self.request.user)
