"""Readings given and taken away by hand, one at a time: the board comes back where it was left."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views import View

from bethune_smartcity.core.errors import DomainError
from calls.models import Submission
from juries.aside import apart
from juries.forms.panels import ReadingForm
from juries.models import Assignment
from juries.operations import panels

from .agent import OnOrganised
from .plan_rules import READING


class ChangeReading(OnOrganised, View):
    """Give one reading to a juror, or take it away, by hand."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ReadingForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Choose a juror and an application."))
            return redirect(self.board_url)
        given = form.cleaned_data
        self.change(juror=given["juror"], submission=given["submission"], give=given["give"])
        return redirect(self.place_of(given))

    def place_of(self, given: dict[str, Any]) -> str:
        """The board at the page it was left on, at the reading that was changed."""
        juror, submission = given["juror"], given["submission"]
        query = {"page": given["page"] or 1, "reading": submission, "juror": juror}
        return f"{self.board_url}?{urlencode(query)}#reading-{submission}-{juror}"

    def change(self, *, juror: int, submission: Any, give: bool) -> None:
        seat = get_object_or_404(self.object.jurors.select_related("user"), pk=juror)
        seat.panel = self.object
        try:
            if give:
                shown = Submission.objects.filter(apart(self.request.user.pk), call=self.object.call_id)
                found = get_object_or_404(shown, pk=submission)
                panels.assign(seat, found, by=self.request.user)
                messages.success(self.request, _("Reading given."))
            else:
                given = Assignment.objects.filter(apart(self.request.user.pk, "submission"), juror=seat)
                assignment = get_object_or_404(given.select_related("submission"), submission=submission)
                assignment.juror = seat
                panels.unassign(assignment, by=self.request.user)
                messages.success(self.request, _("Reading taken away."))
        except DomainError as error:
            messages.error(self.request, str(error), extra_tags=READING)
