"""The board of a call: where it stands, how many, what is due; and its list of drafts."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.views import ActionView, GuardedPage
from calls.followers import count_told
from calls.forms.running import MoveDeadlineForm, PublicReasonForm
from calls.instants import late_since
from calls.models import Call, CallAgent
from calls.operations import deadlines, publication, sealing
from calls.operations.order import DATE_NAMES
from calls.phases import Phase
from calls.queries import board_calls, completeness_of, draft_overview, visible_calls
from calls.queries.board import count_by_day, count_by_state_and_pillar, owners_of, with_unanswered
from calls.queries.page import told
from calls.queries.resemblance import count_known
from calls.sequels import Link, NextStep
from calls.workflow import SubmissionState

from .frame import PER_PAGE, OnCall, board_url
from .ladders import decided_on


class Boards(GuardedPage):
    """The calls one has rights on, newest first."""

    permission = "accounts.use_back_office"
    template_name = "calls/agent/boards.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        calls = Paginator(board_calls(self.request.user).order_by("-opens_at", "pk"), PER_PAGE)
        page = calls.get_page(self.request.GET.get("page"))
        return super().get_context_data(page=page, crumbs=[(_("My calls"), "")], **kwargs)


class Board(OnCall, GuardedPage):
    permission = "calls.see_call_board"
    template_name = "calls/agent/board.html"

    def fetch(self) -> Call:
        return get_object_or_404(with_unanswered(visible_calls(self.request.user)), slug=self.kwargs["slug"])

    def dates(self) -> list[dict[str, Any]]:
        """The call's dates, endings as the last minute people are told."""
        rows = [{"name": name, "at": getattr(self.object, field), "field": field} for field, name in DATE_NAMES.items()]
        return [{**row, "shown": told(row["field"], row["at"]) if row["at"] else None} for row in rows]

    def moved(self) -> list[dict[str, Any]]:
        """The last dates moved, as they were told before and after."""
        return [
            {
                "at": move.at,
                "before": told(move.field, move.before),
                "after": told(move.field, move.after),
                "reason": move.reason,
            }
            for move in self.object.moves.order_by("-at")[:10]
        ]

    def steps(self, screens: bool, waiting: int) -> list[NextStep]:
        """What this agent has to do next, screening first."""
        call, moment = self.object, clock.now()
        asked = [step for tab in self.sequels if (step := tab.asked(moment)) is not None]
        if not (screens and call.phase == Phase.CLOSED):
            return asked
        if call.is_under_seal:
            return [self.seals(), *asked]
        if not waiting:
            return asked
        said = ngettext("%(n)d application is still to examine.", "%(n)d applications are still to examine.", waiting)
        link = Link(_("Examine the next one"), board_url(call, "next"))
        return [NextStep(said % {"n": waiting}, link), *asked]

    def seals(self) -> NextStep:
        """What there is to do of the applications while their seals hold."""
        said = _("The applications are sealed: nobody reads them until an agent opens them.")
        return NextStep(said, Link(_("Open the applications"), board_url(self.object, "open-seals")))

    def screening(self, waiting: int) -> dict[str, Any]:
        """Until which day applications are examined once the call is closed; since when those that wait are late."""
        until = self.object.screening_until if self.object.phase == Phase.CLOSED else None
        if until is None or clock.now() < until:
            return {"screening_day": wording.last_minute(until) if until else None}
        return {"screening_late": late_since(until) if waiting else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call, user = self.object, self.request.user
        states, pillars, handed_in = count_by_state_and_pillar(call)
        team = list(call.agent_rights.select_related("user").order_by("user__name", "right"))
        mine = {held.right for held in team if held.user_id == user.pk}
        screens = CallAgent.Right.SCREEN in mine
        days = count_by_day(call)
        counts = {tally.key: tally.count for tally in states}
        to_examine = counts.get(SubmissionState.SUBMITTED, 0) if call.phase == Phase.CLOSED else 0
        return super().get_context_data(
            phase=call.phase,
            **self.screening(to_examine),
            states=states,
            pillars=pillars,
            days=days,
            dates=self.dates(),
            moves=self.moved(),
            drafts=counts.get(SubmissionState.DRAFT, 0),
            waiting=counts.get(SubmissionState.SUBMITTED, 0),
            questions=call.unanswered or 0,
            twins=count_known(call),
            examining=screens and bool(to_examine) and not call.is_under_seal,
            steps=self.steps(screens, counts.get(SubmissionState.SUBMITTED, 0)),
            may_screen=screens,
            may_configure=CallAgent.Right.CONFIGURE in mine,
            team=rights_by_agent(team),
            days_shown=sum(tally.count for tally in days),
            handed_in=handed_in,
            **kwargs,
        )


def rights_by_agent(held: list[CallAgent]) -> list[tuple[User, list[str]]]:
    """Each agent once, in the order given, with the words of their rights."""
    rights: dict[User, list[str]] = {}
    for right in held:
        rights.setdefault(right.user, []).append(right.get_right_display())
    return list(rights.items())


class Drafts(OnCall, GuardedPage):
    """Whose drafts there are and how complete: nothing of what they say."""

    permission = "calls.screen_call"
    template_name = "calls/agent/drafts.html"
    page_name = gettext_lazy("Drafts")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(draft_overview(self.request.user, self.object), PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        drafts = list(page.object_list)
        owners, counts = owners_of(drafts), completeness_of(self.object.pk, drafts)
        rows = [(draft, owners.get(draft.structure_id, []), *counts[draft.pk]) for draft in drafts]
        extendable = self.object.unsealed_at is None and self.object.phase in {Phase.OPEN, Phase.CLOSED}
        return super().get_context_data(page=page, rows=rows, extendable=extendable, **kwargs)


class CallAct(OnCall):
    """An act on a call, asked for on its board and confirmed on a page of its own."""

    permission = "calls.configure_call"

    def get_success_url(self) -> str:
        return board_url(self.object)


class Announce(CallAct, ActionView):
    form_class = forms.Form
    title = page_name = gettext_lazy("Announce the call")
    consequence = gettext_lazy("The call becomes public at once; it opens and closes by its dates, without any act.")
    button = gettext_lazy("Announce")
    done_message = gettext_lazy("The call is public.")

    def act(self, form: Any) -> None:
        publication.announce(self.object, by=self.request.user)


class CloseEarly(CallAct, ActionView):
    form_class = PublicReasonForm
    title = page_name = gettext_lazy("Close the call now")
    consequence = gettext_lazy(
        "Nobody can submit, change or withdraw an application any more. Applicants, those with a draft among them, and "
        "those who follow the call are told."
    )
    button = gettext_lazy("Close the call now")
    tone = "danger"
    done_message = gettext_lazy("The call is closed.")

    def act(self, form: Any) -> None:
        deadlines.close_early(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class OpenSeals(CallAct, ActionView):
    permission = "calls.open_seals"
    form_class = forms.Form
    title = page_name = gettext_lazy("Open the applications")
    consequence = sealing.CONSEQUENCE
    button = gettext_lazy("Open the applications")
    tone = "danger"
    done_message = gettext_lazy("The applications are open.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sealing.check_seals(self.object)
        return super().get(request, *args, **kwargs)

    def act(self, form: Any) -> None:
        sealing.open_seals(self.object, by=self.request.user)


class Archive(CallAct, ActionView):
    form_class = forms.Form
    title = page_name = gettext_lazy("Archive the call")
    consequence = gettext_lazy("The call stays readable among the past ones; nothing is deleted.")
    button = gettext_lazy("Archive")
    done_message = gettext_lazy("The call is archived.")

    def act(self, form: Any) -> None:
        publication.archive(self.object, by=self.request.user)


class MoveDeadline(CallAct, ActionView):
    form_class = MoveDeadlineForm
    title = page_name = gettext_lazy("Move a date")
    button = gettext_lazy("Move the date")
    done_message = gettext_lazy("The date is moved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        asked = self.request.GET.get("field", "closes_at")
        call: Call = self.object
        return super().get_form_kwargs() | {"call": call, "initial": {"field": asked}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = _(
            "Applicants are told, those with a draft among them (%(people)s at this moment), and of the opening and "
            "the close those who follow the call too (%(followers)s). The call’s page shows the former date and the "
            "reason."
        )
        self.consequence = told % count_told(self.object)
        kept = decided_on(self.object)
        if kept:
            stays = _("What agents held back or called off stays so at the new date: %(sendings)s.")
            self.consequence = f"{self.consequence} {stays % {'sendings': ', '.join(kept)}}"
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> None:
        deadlines.move_deadline(self.object, by=self.request.user, **form.cleaned_data)
