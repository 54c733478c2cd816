"""The portal's back office: its site, and the page agents start from."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.core.admin_site import PortalSite
from bethune_smartcity.lifecycle.journal import journal_lines
from bethune_smartcity.notifications.leaving_views import leaving
from bethune_smartcity.notifications.models import Message
from calls.queries import board_calls

from .desk import DAYS, month, running_calls, tasks

LINES = 8


class BackOffice(PortalSite):
    def has_permission(self, request: HttpRequest) -> bool:
        return can(request.user, "accounts.use_back_office")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What waits for the visitor, their calls, their month, then every list and the latest acts."""
        user, moment = request.user, clock.now()
        told = self.get_model_admin(Message).get_queryset(request)
        calls = list(board_calls(user).prefetch_related("pillars"))
        running = running_calls(calls, moment)
        return super().index(
            request,
            {
                "tasks": tasks(user, told, moment),
                "running": running,
                "month": month(user, calls, leaving(request, timedelta(days=DAYS)), moment) if calls else None,
                "lines": journal_lines(self, request, LINES),
                **(extra_context or {}),
            },
        )
