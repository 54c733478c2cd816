"""The marks of a juror's sheet, each saved alone as soon as it is given."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views import View

from bethune_smartcity.core import wording
from bethune_smartcity.core.access import or_404
from bethune_smartcity.core.errors import DomainError
from juries.forms.sheets import OneFieldForm, plain, shown
from juries.models import Assignment
from juries.operations import scoring
from juries.queries import reading
from juries.queries.panels import marked_criteria

from .juror import OnDuty

SHOWN = 80
"""Characters of a text that another device wrote, as a message shows it."""


def changed_to(held: Any) -> str:
    """What to say of a field that another device changed, by what it holds now."""
    if held in (None, ""):
        return _("Emptied on another device. Give it again to replace that.")
    value = shown(held) if isinstance(held, Decimal) else Truncator(held).chars(SHOWN)
    return _("Changed on another device to “%(value)s”. Give it again to replace that.") % {"value": value}


def as_sent(held: Any) -> str:
    """A value of a sheet as its page sends it."""
    return plain(held) if isinstance(held, Decimal) else held or ""


class SaveMark(OnDuty, View):
    """One field of the sheet, sent alone as soon as it changes. Answers JSON (see static/js/marks.js)."""

    def fetch(self) -> Assignment:
        return or_404(reading.duty_to_mark(self.request.user, self.kwargs["pk"], self.kwargs["submission"]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        criteria = marked_criteria(self.panel)
        form = OneFieldForm(request.POST, criteria=criteria)
        if not form.is_known or not form.is_valid():
            return JsonResponse({"errors": form.sentences}, status=422)
        try:
            sheet = scoring.save_sheet(self.object, **form.given, by=request.user)
        except DomainError as error:
            return self.refused(error)
        hour = wording.hour(sheet.edited_at)
        return JsonResponse({"saved_at": hour, "version": sheet.version, "total": reading.own_total(sheet, criteria)})

    def refused(self, error: DomainError) -> JsonResponse:
        if error.field:
            return JsonResponse({"errors": [str(error)]}, status=422)
        if isinstance(error, scoring.ChangedElsewhere) and error.held:
            told = {"message": changed_to(error.held[0]), "value": as_sent(error.held[0])}
            return JsonResponse(told, status=error.status)
        return JsonResponse({"message": str(error)}, status=error.status)
