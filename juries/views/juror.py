"""The juror's room: charter, links, what is to read, one sheet at a time."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.generic import TemplateView

from bethune_smartcity.accounts.models import name_of_country
from bethune_smartcity.core.access import Guarded, or_404
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from juries.forms.links import LinksForm, RecusalForm, SessionRecusalForm
from juries.forms.sheets import SheetForm
from juries.models import Assignment, Juror, Panel, Sheet
from juries.operations import panels, scoring
from juries.queries import reading
from juries.queries.desk import Desk, Duty
from juries.queries.hints import hints
from juries.queries.panels import visible_panel
from juries.workflow import SCORES_KNOWN_TO_JURY, PanelState

from .desk import SheetDesk
from .documents import shown

Crumbs = list[tuple[str, str]]
NOWHERE = UUID(int=0)


class OnPanel(Guarded):
    """A page of a panel's own jurors."""

    permission = "juries.sit"

    def fetch(self) -> Panel:
        """The panel, read with the seat; without one, for who organises it."""
        return self.found.panel if self.found else or_404(visible_panel(self.request.user, self.kwargs["pk"]))

    @cached_property
    def found(self) -> Juror | None:
        return reading.seat_of(self.request.user, self.kwargs["pk"])

    @property
    def room_url(self) -> str:
        return reverse("juries:room", kwargs={"pk": self.kwargs["pk"]})

    @property
    def seat(self) -> Juror:
        """The seat of the signed-in person."""
        return or_404(self.found)


def crumbs_of(panel: Panel, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of the jury of `panel`."""
    room = "" if not more else reverse("juries:room", kwargs={"pk": panel.pk})
    return [(str(panel), room), *more]


def is_in_room(panel: Panel) -> bool:
    """Whether finalists may be pitching before `panel`."""
    return panel.stage == Panel.Stage.FINALE and panel.state == PanelState.OPEN


class Room(OnPanel, GuardedPage):
    """What is to read, how many are done, until when; the charter and the links first."""

    template_name = "juries/juror/room.html"

    @cached_property
    def found(self) -> Juror | None:
        return reading.seat_in_room(self.request.user, self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.object
        found = Desk(self.seat, panel)
        page = found.page(self.request.GET.get("page"))
        return super().get_context_data(
            panel=panel,
            seat=self.seat,
            desk=found,
            page=page,
            rows=self.addressed(page),
            recusals=reading.own_recusals(self.seat),
            is_open=panel.state == PanelState.OPEN,
            pitching=reading.pitch_in_progress(self.seat) if is_in_room(panel) else None,
            in_preparation=panel.state == PanelState.PREPARATION,
            may_wish=panel.stage == Panel.Stage.READING and self.seat.has_voice,
            may_dissent=panel.state == PanelState.DELIBERATION and self.seat.has_voice,
            is_disclosed=panel.state in SCORES_KNOWN_TO_JURY,
            crumbs=crumbs_of(panel),
            **kwargs,
        )

    def addressed(self, duties: Iterable[Duty]) -> list[SafeString]:
        """Each duty as a line that leads to its sheet, whose address is reversed once for all."""
        pattern = reverse("juries:sheet", kwargs={"pk": self.kwargs["pk"], "submission": NOWHERE})
        return [line_of(duty, pattern.replace(str(NOWHERE), str(duty.pk))) for duty in duties]


def line_of(duty: Duty, url: str) -> SafeString:
    """A line of the list: what is to read, from where, and how far the juror is with it."""
    language, stage = get_language(), "handed-in" if duty.is_done else duty.state
    country = name_of_country(duty.country, language)
    return drawn_line(language, url, duty.number, duty.title, country, duty.pillar, stage, duty.is_open)


@lru_cache(maxsize=4096)
def drawn_line(
    _language: str | None,
    url: str,
    number: str,
    title: str,
    country: str,
    pillar: tuple[str, str, str],
    stage: str,
    is_open: bool,
) -> SafeString:
    """The same from its texts, on which alone it depends: kept once drawn."""
    hook, pictogram, name = pillar
    line = {"url": url, "number": number, "title": title, "country": country, "stage": stage, "is_open": is_open}
    shown = {"hook": hook, "pictogram": pictogram or "file-earmark-text", "pillar": name}
    return render_to_string("juries/juror/line.html", line | shown)


class AcceptCharter(OnPanel, View):
    """The charter is accepted by one button of the room."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        panels.accept_charter(self.seat, by=request.user)
        messages.success(request, _("Charter accepted."))
        return redirect("juries:links", pk=pk)


def charter_first(request: HttpRequest, room_url: str) -> HttpResponse:
    """Lead to the room, where the charter is accepted, before any application is named."""
    messages.info(request, _("Accept the charter first: the applications are named after it."))
    return redirect(room_url)


class Links(OnPanel, GuardedForm):
    """No link, a link, or unsure, application by application, before any of them opens."""

    template_name = "juries/juror/links.html"
    form_class = LinksForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """No application is named to who has not accepted the charter."""
        if self.found is not None and self.found.charter_accepted_at is None:
            return charter_first(request, self.room_url)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        waiting = reading.to_declare(self.seat)
        found = hints((self.seat, submission.pk) for submission in waiting)
        told = {pk: sentences for (pk, _juror), sentences in found.items()}
        return {**super().get_form_kwargs(), "submissions": waiting, "hints": told}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = crumbs_of(self.object, (str(_("My links")), ""))
        return super().get_context_data(
            panel=self.object, recusals=reading.own_recusals(self.seat), crumbs=crumbs, **kwargs
        )

    @transaction.atomic
    def act(self, form: LinksForm) -> None:
        by = self.request.user
        panels.declare_no_link(self.seat, form.without_link, by=by)
        for submission, category in form.with_link:
            panels.declare_recusal(self.seat, submission, category, by=by)
        said = len(form.without_link) + len(form.with_link)
        if not said:
            messages.info(self.request, _("Nothing was declared: every application is left as “Not said yet”."))
            return
        text = ngettext("%(n)d declaration noted.", "%(n)d declarations noted.", said) % {"n": said}
        messages.success(self.request, text)

    def get_success_url(self) -> str:
        return self.room_url


class LeaveSession(OnPanel, ActionView):
    """Stand aside from everything before this panel."""

    form_class = SessionRecusalForm
    title = _("Stand aside from the whole session")
    consequence = _("Everything of this panel closes to you at once, and your marks no longer count.")
    button = _("Stand aside")
    tone = "danger"
    done_message = _("You stand aside from this session.")

    def act(self, form: SessionRecusalForm) -> None:
        panels.declare_recusal(self.seat, None, form.cleaned_data["category"], by=self.request.user)

    def get_back_url(self) -> str:
        return self.room_url

    def get_success_url(self) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)


class OnDuty(Guarded):
    """A page about one application that this juror is asked to mark."""

    permission = "juries.hold_duty"

    def fetch(self) -> Assignment:
        return or_404(reading.duty_to_read(self.request.user, self.kwargs["pk"], self.kwargs["submission"]))

    @property
    def panel(self) -> Panel:
        return self.object.juror.panel

    def url(self, name: str) -> str:
        return reverse(f"juries:{name}", kwargs=self.kwargs)

    @property
    def room_url(self) -> str:
        return reverse("juries:room", kwargs={"pk": self.kwargs["pk"]})


class SheetPage(OnDuty, TemplateView):
    """Read on the left, mark on the right; every act of the form is a plain POST."""

    template_name = "juries/juror/sheet.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        view = self.load()
        if not self.object.is_open:
            return self.ask_first()
        return self.render_to_response(self.context(view, SheetForm(initial=view.initial, criteria=view.criteria)))

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
        view = self.load()
        form = SheetForm(request.POST, criteria=view.criteria)
        if not form.is_valid():
            return self.render_to_response(self.context(view, form), status=422)
        try:
            self.act(form)
        except DomainError as error:
            return self.refused(form, error)
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


class DeclareLink(OnDuty, ActionView):
    """Stand aside from one application, at any moment once the charter is accepted."""

    form_class = RecusalForm
    title = _("I have a link with this application")
    consequence = _("It closes to you at once, marks and documents included, and the chair reads your declaration.")
    button = _("Declare")
    tone = "danger"
    done_message = _("Your declaration is noted: this application is closed to you.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        is_ready = self.object.juror.charter_accepted_at is not None
        return super().get(request, *args, **kwargs) if is_ready else charter_first(request, self.room_url)

    def act(self, form: RecusalForm) -> None:
        panels.declare_recusal(
            self.object.juror, self.object.submission, form.cleaned_data["category"], by=self.request.user
        )

    def get_back_url(self) -> str:
        return self.url("sheet")

    def get_success_url(self) -> str:
        return self.room_url
