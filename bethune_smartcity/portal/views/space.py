"""One's own space: what one applied to, marks, runs and was told."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import RedirectView, TemplateView

from bethune_smartcity.accounts.inviting import invitations_to
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SignedIn
from bethune_smartcity.notifications.following import told_to
from bethune_smartcity.notifications.inbox import inbox, mark_read
from bethune_smartcity.portal.queries.applications import my_applications
from bethune_smartcity.portal.queries.projects import cards
from bethune_smartcity.portal.queries.space import SHOWN, my_seats, my_structures
from calls.queries import board_calls
from juries.link_sessions import room_of
from projects.queries import followed_projects

LATEST = 5
PAGE = 50


class Space(SignedIn, TemplateView):
    template_name = "portal/space.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        told = inbox(user)
        return super().get_context_data(
            crumbs=[(_("My space"), "")],
            invitations=invitations_to(user),
            applications=my_applications(user, clock.now()),
            seats=my_seats(user),
            projects=cards(followed_projects(user), SHOWN),
            structures=my_structures(user),
            notifications=told[:LATEST],
            unread=told.filter(read_at__isnull=True).count(),
            calls=board_calls(user).order_by("-opens_at")[:SHOWN] if user.is_agent else (),
            **kwargs,
        )


class Doorstep(SignedIn, RedirectView):
    """The short addresses people are given by word of mouth."""


class Juries(Doorstep):
    """`/jury/`: one's own space lists one's juries; whom a link let in has a room there and no space."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str | None:
        return room_of(self.request) or super().get_redirect_url(*args, **kwargs)


class Notifications(SignedIn, TemplateView):
    """Everything the portal told this person; its buttons mark one message, or all, as read."""

    template_name = "portal/notifications.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = inbox(self.request.user)
        messages = Paginator(told, PAGE)
        page = messages.get_page(self.request.GET.get("page"))
        unread = told.filter(read_at__isnull=True).exists()
        crumbs = [(_("My space"), reverse("portal:space")), (_("My notifications"), "")]
        return super().get_context_data(
            notifications=page, unread=unread, followed=told_to(self.request.user), crumbs=crumbs, **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        mine, chosen = inbox(request.user), request.POST.get("pk", "")
        if chosen:
            mine = mine.filter(pk=chosen) if chosen.isdecimal() and len(chosen) < 19 else mine.none()
        mark_read(mine)
        return redirect("portal:notifications")
