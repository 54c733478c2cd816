"""One sheet of a juror: the application read, its marks and comments saved, handed in, taken back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.unreceived import forget, tell_lost
from juries.forms.sheets import SheetForm
from juries.models import Sheet
from juries.operations import scoring
from juries.queries import reading
from juries.queries.desk import Desk
from juries.workflow import PanelState

from .desk import SheetDesk
from .documents import shown
from .juror import OnDuty, crumbs_of
from .late import KEPT, with_late


class SheetPage(OnDuty, TemplateView):
    """Read on the left, mark on the right; every act of the form is a plain POST."""

    template_name = "juries/juror/sheet.html"
    # What is sent to it once a session has ended is in its form again, for the same juror, once they are signed in.
    keeps_unreceived = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = self.load()
        if not self.object.is_open:
            return self.ask_first()
        if not view.is_writable:
            forget(request)
        tell_lost(request)
        form, late = with_late(request, view)
        return self.render_to_response(self.context(view, form, late=late))

    def ask_first(self) -> HttpResponse:
        """The charter, then the links: until then the application stays shut."""
        if self.panel.state == PanelState.PREPARATION or self.object.juror.charter_accepted_at is None:
            messages.info(self.request, _("The applications are not open to you yet."))
            return redirect(self.room_url)
        messages.info(self.request, _("First say whether anything links you to this application."))
        return redirect("juries:links", pk=self.kwargs["pk"])

    def load(self) -> SheetDesk:
        seat, submission = self.object.juror, self.object.submission
        return SheetDesk(self.object, Desk(seat, self.panel, current=submission))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.is_open:
            return self.ask_first()
        if request.POST.get("take") == KEPT:
            forget(request)
            return redirect(request.path)
        view = self.load()
        form = SheetForm(request.POST, criteria=view.criteria)
        if not form.is_valid():
            return self.render_to_response(self.context(view, form), status=422)
        try:
            self.act(form)
        except DomainError as error:
            return self.refused(form, error)
        forget(request)
        return redirect(self.next_url(view))

    @transaction.atomic
    def act(self, form: SheetForm) -> None:
        """Save; with the button that says so, hand in as well, or neither."""
        sheet = scoring.save_sheet(self.object, **form.given, by=self.request.user)
        if self.request.POST.get("act") == "hand_in":
            scoring.hand_in(sheet, by=self.request.user)
            messages.success(self.request, _("Sheet handed in: %(name)s.") % {"name": self.object.submission.title})
        else:
            messages.success(self.request, _("Sheet saved."))

    def next_url(self, view: SheetDesk) -> str:
        if self.request.POST.get("act") != "hand_in":
            return self.request.path
        following = view.desk.figures.following
        if following is None:
            return self.room_url
        return reverse("juries:sheet", kwargs={"pk": self.kwargs["pk"], "submission": following})

    def refused(self, form: SheetForm, error: DomainError) -> HttpResponse:
        """What was typed stays; what the sheet holds now is shown beside where it differs."""
        self.object = self.fetch()
        view = self.load()
        if not self.object.is_open:
            return self.ask_first()
        if error.code == "marks_missing":
            self.name_missing(form, view)
        else:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        differences, elsewhere = [], []
        if error.code == "changed_elsewhere":
            # A field left empty here is none that this device chose: what the other wrote there stays.
            kept = {name: str(value) for name, value in view.initial.items() if not form.data.get(name)}
            form.data = {**form.data.dict(), **kept, "version": str(view.version)}
            elsewhere = view.filled_elsewhere(form, kept)
            differences = view.differences(form)
        context = self.context(view, form, differences=differences, elsewhere=elsewhere)
        return self.render_to_response(context, status=422 if error.field else error.status)

    @staticmethod
    def name_missing(form: SheetForm, view: SheetDesk) -> None:
        """One error at each mark that lacks: the summary names them."""
        for box in view.boxes(form):
            if box.criterion.counted and not box.value:
                form.add_error(box.name, _("the mark is missing."))

    def context(self, view: SheetDesk, form: SheetForm, **kwargs: Any) -> dict[str, Any]:
        submission = self.object.submission
        dossier = reading.dossier(submission)
        return self.get_context_data(
            view=view,
            form=form,
            panel=self.panel,
            submission=submission,
            dossier=dossier,
            documents=shown(dossier.documents),
            deck=reading.deck_of(self.object),
            boxes=view.boxes(form),
            following=view.desk.figures.following,
            room_url=self.room_url,
            crumbs=crumbs_of(self.panel, (submission.title, "")),
            **kwargs,
        )


class TakeBack(OnDuty, View):
    """A sheet handed in or abstained from comes back to be changed, until the marks are locked."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sheet = get_object_or_404(Sheet, juror=self.object.juror_id, submission=self.object.submission_id)
        sheet.juror = self.object.juror
        try:
            scoring.take_back(sheet, by=request.user)
            messages.success(request, _("The sheet is yours to change again."))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(self.url("sheet"))
