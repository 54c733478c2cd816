"""Structures that may be one and the same: agents look, and say which are two."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.views import GuardedPage
from calls.models import Submission
from calls.operations import resemblance
from calls.queries import visible_submissions
from calls.queries.resemblance import pairs_of

from .frame import OnCall, OnSubmission, board_url


class Resemblances(OnCall, GuardedPage):
    """Every two applications to the call whose structures may be one, then those that were told apart."""

    permission = "calls.screen_call"
    template_name = "calls/agent/resemblances.html"
    page_name = gettext_lazy("Possible duplicates")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = pairs_of(self.request.user, self.object)
        return super().get_context_data(
            open_pairs=[pair for pair in found if not pair.is_apart],
            told_apart=[pair for pair in found if pair.is_apart],
            **kwargs,
        )


class TellApart(OnSubmission, Guarded, View):
    """Say that the structure of this application and another's are two, or take that back."""

    permission = "calls.screen_submission"
    http_method_names = ["post"]
    object: Submission

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        visible = visible_submissions(request.user).filter(call=self.object.call)
        other = get_object_or_404(visible, number=request.POST.get("other", "")[:16])
        if request.POST.get("act") == "back":
            resemblance.take_back(self.object, other, by=request.user)
            messages.success(request, _("They are shown again as possible duplicates."))
        else:
            resemblance.tell_apart(self.object, other, by=request.user)
            messages.success(request, _("They are noted as two different structures."))
        if request.POST.get("from") == "list":
            return redirect(board_url(self.object.call, "resemblances"))
        return redirect("calls:screen", pk=self.object.pk)
