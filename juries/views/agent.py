"""How agents, and the chair, organise a panel: jurors, loads, who reads what. Completeness, never a mark."""

from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.forms import BaseForm, Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded, or_404
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from calls.models import Call
from calls.queries import rights_on_calls, visible_calls
from juries.aside import kept_from
from juries.forms.panels import (
    CallUpForm,
    FinaleForm,
    FirstStageForm,
    PanelForm,
    PlanForm,
    SeatForm,
    SettingsForm,
    TouchedForm,
)
from juries.models import Juror, Panel, Recusal
from juries.operations import panels
from juries.queries.finalists import before_finale, finalists_of, reserve_of
from juries.queries.organised import organised_calls
from juries.queries.panels import criteria_of, second_reading_of, visible_panels, with_links
from juries.queries.progress import Board, board
from juries.queries.seats import removable
from juries.rights import with_rights
from juries.sequel import trail_to
from juries.views.answering import told_recusals
from juries.views.plan_rules import READING, Touched, load_words, told_rows
from juries.views.planning import PlanTold, plan_told
from juries.views.presiding import may_read_again
from juries.workflow import PANEL, PanelState

ORDER = [state.value for state in PanelState]


class Panels(GuardedForm):
    """The panels of a call, and the creation of the one that lacks."""

    permission = "juries.create_panel"
    template_name = "juries/agent/panels.html"
    form_class = PanelForm
    done_message = _("Panel created.")

    def fetch(self) -> Call:
        return get_object_or_404(visible_calls(self.request.user), slug=self.kwargs["slug"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = list(visible_panels(self.request.user).filter(call=self.object))
        return super().get_context_data(
            call=self.object,
            panels=known,
            is_complete=self.object.panels.count() == len(Panel.Stage.values),
            crumbs=[*trail_to(self.object)[:-1], (str(_("Jury and vote")), "")],
            **kwargs,
        )

    def act(self, form: PanelForm) -> None:
        given = dict(form.cleaned_data)
        self.created = panels.create_panel(self.object, given.pop("stage"), by=self.request.user, **given)

    def get_success_url(self) -> str:
        return reverse("juries:organise", kwargs={"pk": self.created.pk})


class OnOrganised(Guarded):
    """A page of those who organise a panel."""

    permission = "juries.organise_panel"

    def panels(self) -> QuerySet[Panel]:
        """The panel of the address, where its visitor may know of it."""
        mine = rights_on_calls(self.request.user).filter(call=OuterRef("call"))
        return visible_panels(self.request.user).annotate(is_of_my_calls=Exists(mine)).filter(pk=self.kwargs["pk"])

    def fetch(self) -> Panel:
        return get_object_or_404(self.panels())

    @property
    def board_url(self) -> str:
        return reverse("juries:organise", kwargs={"pk": self.kwargs["pk"]})

    def get_success_url(self) -> str:
        return self.board_url

    def crumbs(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        panel = self.object
        own = (panel.get_stage_display(), self.board_url if more else "")
        public = [(panel.call.short_title, panel.call.get_absolute_url())]
        return [*(trail_to(panel.call) if panel.is_of_my_calls else public), own, *more]

    def juror(self) -> Juror:
        """The juror of the address, with the panel at hand."""
        juror = get_object_or_404(self.object.jurors.select_related("user"), pk=self.kwargs["juror"])
        juror.panel = self.object
        return juror


class Organise(OnOrganised, GuardedPage):
    """Everything of a panel on one page: state and next act, jurors and loads, board, recusals."""

    template_name = "juries/agent/organise.html"

    def fetch(self) -> Panel:
        organised = ExpressionWrapper(Q(call__in=organised_calls(self.request.user)), BooleanField())
        panels = self.panels().select_related("second_reading", "plan_request").annotate(is_organised=organised)
        return or_404(with_links(with_rights(panels, Value(self.request.user.pk))))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.object
        running = before_finale(panel, self.request.user) if panel.stage == Panel.Stage.FINALE else None
        among = None if running is None else [one for one in running if one.is_shown]
        found = board(panel, self.request.user, number=self.request.GET.get("page", 1), among=among)
        return super().get_context_data(
            panel=panel,
            board=found,
            states=[{"state": state.value, "label": state.label} for state in PanelState],
            passed=ORDER[: ORDER.index(panel.state)],
            planning=self.planning(found),
            plan_form=PlanForm(initial={"seed": panel.seed or 1}),
            loads=[(load, load_words(load)) for load in found.loads],
            rows=list(told_rows(found, *self.changed())),
            recusals=told_recusals(panel, found.recusals, found.jurors, self.request.user),
            removable=removable(panel, found.jurors),
            seating=panel.state in {PanelState.PREPARATION, PanelState.OPEN},
            invitations=panel.links,
            second=second_reading_of(panel, found.again),
            finalists=finalists_of(running or []),
            reserve=reserve_of(panel, self.request.user),
            reserve_told=panel.publish_at is not None and panel.publish_at <= clock.now(),
            may_read_again=may_read_again(panel, found),
            may_open=panel.state in PANEL["open"].sources,
            sees_messages=panel.is_organised,
            crumbs=self.crumbs(),
            **kwargs,
        )

    def planning(self, found: Board) -> PlanTold | None:
        """How the last plan stands. One statement more for an agent without a seat, where it is stuck."""
        request = getattr(self.object, "plan_request", None)
        if request is None:
            return None
        return plan_told(request, self.hidden(found) if request.told.get("lacking") else ())

    def hidden(self, found: Board) -> set[str]:
        """The applications the one looking stands aside from: seen from their seat, where they have one."""
        me = self.request.user
        own = {str(one.submission_id) for one in found.recusals if one.juror.user_id == me.pk}
        is_seated = any(load.juror.user_id == me.pk for load in found.loads)
        return own if is_seated else set(map(str, kept_from(self.object, me)))

    def changed(self) -> tuple[Touched | None, str]:
        """The reading that was just changed by hand, as the address tells, and why it was not where it was refused."""
        form = TouchedForm(self.request.GET)
        if not form.is_valid():
            return None, ""
        refused = (str(each) for each in get_messages(self.request) if each.extra_tags == READING)
        return (form.cleaned_data["reading"], form.cleaned_data["juror"]), next(refused, "")


class Configure(OnOrganised, GuardedForm):
    """Readings, places, due date, quorum, official score."""

    template_name = "juries/agent/form.html"
    form_class = SettingsForm
    done_message = _("Settings saved.")

    def get_form_class(self) -> type[SettingsForm]:
        return FinaleForm if self.object.stage == Panel.Stage.FINALE else FirstStageForm

    def get_form_kwargs(self) -> dict[str, Any]:
        # a copy: the form writes on its instance, the operation on the row
        return {**super().get_form_kwargs(), "instance": Panel.objects.get(pk=self.object.pk)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = str(_("Settings of the panel"))
        return super().get_context_data(title=title, back_url=self.board_url, crumbs=self.crumbs((title, "")), **kwargs)

    def act(self, form: SettingsForm) -> None:
        panels.configure_panel(self.object, by=self.request.user, **form.cleaned_data)


class Seat(OnOrganised, GuardedForm):
    """A new juror."""

    template_name = "juries/agent/form.html"
    form_class = SeatForm
    done_message = _("Juror seated.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "call": self.object.call}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = str(_("Seat a juror"))
        return super().get_context_data(title=title, back_url=self.board_url, crumbs=self.crumbs((title, "")), **kwargs)

    def act(self, form: SeatForm) -> None:
        panels.seat(self.object, form.person, by=self.request.user, **form.given)

    def refused(self, form: BaseForm, error: DomainError) -> HttpResponse:
        error.field = "email" if error.field == "user" else error.field
        return super().refused(form, error)


class ChangeSeat(Seat):
    """A juror's capacity, voice and knowledge."""

    done_message = _("Seat changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        juror = self.juror()
        return {**super().get_form_kwargs(), "juror": juror, "initial": SeatForm.initial_of(juror)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        title = str(context["form"].juror)
        return {**context, "title": title, "crumbs": self.crumbs((title, ""))}


class Unseat(OnOrganised, ActionView):
    """Take off a juror who has not begun."""

    form_class = Form
    title = _("Take this juror off the panel")
    consequence = _("Only a juror who has begun no sheet and declared no link can be taken off.")
    done_message = _("Juror taken off.")

    def act(self, form: Form) -> None:
        panels.unseat(self.juror(), by=self.request.user)


class CallUp(OnOrganised, ActionView):
    """A substitute takes the place of a member who leaves, or of someone who declined."""

    form_class = CallUpForm
    consequence = _(
        "The substitute gets a vote, and what the member who leaves had still to hand in, save what they stand aside "
        "from. The panel closes to that member at once."
    )
    button = _("Call up")
    done_message = _("Substitute called up.")

    def get_form_kwargs(self) -> dict[str, Any]:
        members = self.object.jurors.filter(has_voice=True, is_chair=False, is_secretary=False)
        return {**super().get_form_kwargs(), "members": members.select_related("user")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = str(self.juror())
        context = super().get_context_data(crumbs=self.crumbs((name, "")), **kwargs)
        return {**context, "title": _("Call up %(name)s") % {"name": name}}

    def act(self, form: CallUpForm) -> None:
        panels.call_up(self.juror(), instead_of=form.cleaned_data["instead_of"], by=self.request.user)


class OpenSheets(OnOrganised, ActionView):
    """From here on jurors read and mark."""

    template_name = "juries/agent/open.html"
    form_class = Form
    title = _("Open the sheets")
    consequence = _(
        "Jurors are told, and applications open to those who accepted the charter and declared their links. "
        "The official score and the criteria are settled from here on."
    )
    done_message = _("The sheets are open.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        panel = self.object
        undrawn = panel.stage == Panel.Stage.FINALE and not panel.slots.exists()
        return super().get_context_data(criteria=list(criteria_of(panel)), undrawn=undrawn, **kwargs)

    def act(self, form: Form) -> None:
        panels.open_panel(self.object, by=self.request.user)


class AnswerRecusal(Guarded, View):
    """The chair confirms a recusal, or answers a doubt."""

    permission = "juries.confirm_recusal"

    def fetch(self) -> Recusal:
        found = Recusal.objects.select_related("juror__panel__call", "juror__user", "submission")
        recusal = get_object_or_404(found, pk=self.kwargs["recusal"])
        if not visible_panels(self.request.user).filter(pk__in=recusal.panels().values("pk")).exists():
            raise Http404
        return recusal

    def post(self, request: HttpRequest, recusal: int) -> HttpResponse:
        try:
            if request.POST.get("answer") == "no_link":
                panels.dismiss_doubt(self.object, by=request.user)
                messages.success(request, _("No link: the application is open to this juror again."))
            else:
                panels.confirm_recusal(self.object, by=request.user)
                messages.success(request, _("Recusal confirmed."))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect(self.back_url)

    @property
    def back_url(self) -> str:
        """The chair's board the answer was given on, else the page of the panel's organisers."""
        keys = {str(panel.pk): panel.pk for panel in self.object.panels()}
        asked = keys.get(self.request.POST.get("panel", ""))
        if asked is None:
            return reverse("juries:organise", kwargs={"pk": self.object.juror.panel_id})
        return reverse("juries:chair", kwargs={"pk": asked})
