"""Where agents bring in readings, and take them out for a spreadsheet."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.exports import csv_answer
from bethune_smartcity.core.views import GuardedForm
from pillars.forms import ImportForm
from pillars.models import Reading
from pillars.operations import import_readings
from pillars.queries import Preview, preview


class ImportReadings(GuardedForm):
    """A table of readings: shown line by line first, kept when it is confirmed."""

    template_name = "pillars/agent/import.html"
    permission = "pillars.manage_pillars"
    form_class = ImportForm
    success_url = reverse_lazy("admin:pillars_reading_changelist")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Readings"), reverse("admin:pillars_reading_changelist")), (_("Bring in a table"), "")]
        return super().get_context_data(crumbs=crumbs, **kwargs)

    def form_valid(self, form: ImportForm) -> HttpResponse:
        if "keep" in self.request.POST:
            return super().form_valid(form)
        return self.shown(form, preview(form.cleaned_data["table"]))

    def shown(self, form: ImportForm, seen: Preview) -> HttpResponse:
        """The page with what the table would bring, its lines kept in the form."""
        kept = ImportForm(initial={"text": form.cleaned_data["table"]})
        status = 422 if seen.refusal or seen.problems else 200
        return self.render_to_response(self.get_context_data(form=kept, seen=seen), status=status)

    def refused(self, form: Any, error: Any) -> HttpResponse:
        """The lines again, with what is to correct."""
        return (
            self.shown(form, preview(form.cleaned_data["table"]))
            if error.status == 400
            else super().refused(form, error)
        )

    def act(self, form: ImportForm) -> None:
        count = import_readings(form.cleaned_data["table"], by=self.request.user)
        words = ngettext("%(n)d reading kept.", "%(n)d readings kept.", count)
        messages.success(self.request, words % {"n": count})


class ExportReadings(Guarded, View):
    """Every reading, as a table that a spreadsheet opens and the import takes back."""

    permission = "pillars.see_pillars"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        rows = Reading.objects.order_by("indicator__pillar__order", "indicator", "day").values_list(
            "indicator__pillar__slug", "indicator__name_fr", "indicator__unit_fr", "day", "value", "source"
        )
        header = ["pilier", "indicateur", "unité", "date", "valeur", "source"]
        lines = ([*row[:4], _in_french(row[4]), row[5]] for row in rows.iterator())
        return csv_answer("releves", header, lines)


def _in_french(value: Decimal) -> str:
    """A number as French spreadsheets read it."""
    return f"{value.normalize():f}".replace(".", ",")
