"""The juror's room: charter, links, what is to read; what is said of one application beside its sheet."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from bethune_smartcity.accounts.models import name_of_country
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded, or_404
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from calls.models import Submission
from juries.forms.links import LaterLinkForm, LinksForm, RecusalForm, SessionRecusalForm
from juries.models import Assignment, Juror, Panel
from juries.operations import panels
from juries.queries import reading
from juries.queries.desk import Desk, Duty
from juries.queries.hints import hints
from juries.queries.panels import visible_panel
from juries.workflow import CLOSED, NOTHING_LEFT, SCORES_KNOWN_TO_JURY, SETTLED, PanelState

Crumbs = list[tuple[str, str]]
LATER = "later"
"""What is sent with a link found once all was declared."""
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


def is_public(panel: Panel) -> bool:
    """Whether everyone may read what the jury of `panel` decided."""
    at = panel.publish_at if panel.state == PanelState.PROCLAIMED else None
    return at is not None and at <= clock.now()


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
        is_closed = panel.state in CLOSED
        return super().get_context_data(
            panel=panel,
            seat=self.seat,
            desk=found,
            page=page,
            rows=self.addressed(page),
            recusals=reading.own_recusals(self.seat),
            is_open=panel.state == PanelState.OPEN,
            is_closed=is_closed,
            is_settled=panel.state in SETTLED,
            closed_since=self.seat.closed_at if is_closed else None,
            is_public=is_public(panel),
            pitching=reading.pitch_in_progress(self.seat) if is_in_room(panel) else None,
            in_preparation=panel.state == PanelState.PREPARATION,
            may_wish=panel.stage == Panel.Stage.READING and self.seat.has_voice,
            may_dissent=panel.state == PanelState.DELIBERATION and self.seat.has_voice,
            is_disclosed=panel.state in SCORES_KNOWN_TO_JURY,
            is_finale=panel.stage == Panel.Stage.FINALE,
            crumbs=crumbs_of(panel),
            **kwargs,
        )

    def addressed(self, duties: Iterable[Duty]) -> list[SafeString]:
        """Each duty as a line that leads to its sheet, whose address is reversed once for all."""
        pattern = reverse("juries:sheet", kwargs={"pk": self.kwargs["pk"], "submission": NOWHERE})
        closed = self.object.state in CLOSED
        return [line_of(duty, pattern.replace(str(NOWHERE), str(duty.pk)), closed=closed) for duty in duties]


def line_of(duty: Duty, url: str, *, closed: bool) -> SafeString:
    """A line of the list: what is to read, from where, and how far the juror is with it, or was when sheets closed."""
    language, stage = get_language(), "handed-in" if duty.is_done else duty.state
    if closed and stage not in NOTHING_LEFT and not duty.is_done:
        stage = "missing"
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
    """No link, a link, or unsure, application by application, before any of them opens; then a link found later."""

    template_name = "juries/juror/links.html"
    form_class = LinksForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """No application is named to who has not accepted the charter."""
        if self.found is not None and self.found.charter_accepted_at is None:
            return charter_first(request, self.room_url)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def waiting(self) -> list[Submission]:
        return reading.to_declare(self.seat)

    @cached_property
    def later(self) -> LaterLinkForm:
        """One application, of those not waiting for a word, and what links the juror to it."""
        waiting = {submission.pk for submission in self.waiting}
        others = [one for one in reading.may_be_linked_to(self.seat) if one.pk not in waiting]
        return LaterLinkForm(self.request.POST if self.is_later else None, submissions=others)

    @property
    def is_later(self) -> bool:
        return self.request.POST.get("act") == LATER

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.is_later:
            return super().post(request, *args, **kwargs)
        if not self.later.is_valid():
            return self.render_to_response(self.get_context_data(), status=422)
        given = self.later.cleaned_data
        panels.declare_recusal(self.seat, given["submission"], given["category"], by=request.user)
        messages.success(request, DeclareLink.done_message)
        return redirect(self.room_url)

    def get_form_kwargs(self) -> dict[str, Any]:
        found = hints((self.seat, submission.pk) for submission in self.waiting)
        told = {pk: sentences for (pk, _juror), sentences in found.items()}
        kwargs = {**super().get_form_kwargs(), "submissions": self.waiting, "hints": told}
        return kwargs | ({"data": None} if self.is_later else {})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = crumbs_of(self.object, (str(_("My links")), ""))
        return super().get_context_data(
            panel=self.object,
            is_settled=self.object.state in SETTLED,
            later=self.later,
            recusals=reading.own_recusals(self.seat),
            crumbs=crumbs,
            **kwargs,
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
    button = _("Stand aside")
    tone = "danger"
    done_message = _("You stand aside from this session.")

    @property
    def consequence(self) -> Any:
        if self.object.state in SETTLED:
            return _(
                "Everything of this panel closes to you at once. Its jury decided with the marks given until then."
            )
        return _("Everything of this panel closes to you at once, and your marks no longer count.")

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
