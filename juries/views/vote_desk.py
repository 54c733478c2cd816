"""The public vote as agents run it: dates, slips, turnout, anomalies. Never who is ahead."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView, GuardedForm, GuardedPage
from calls.models import Call
from calls.queries import visible_calls
from juries.forms.vote_desk import CloseForm, CodesForm, DatesForm, VoidCodesForm, VoidForm
from juries.models import PublicVote
from juries.operations import voting
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import batches, bursts, turnout
from juries.sequel import trail_to


class OnCall(Guarded):
    """A page about the vote of a call the user organises."""

    permission = "juries.hold_vote"
    kwargs: dict[str, Any]
    request: Any

    def fetch(self) -> Any:
        return get_object_or_404(visible_calls(self.request.user), slug=self.kwargs["slug"])

    @property
    def desk_url(self) -> str:
        return reverse("juries:vote-desk", kwargs={"slug": self.kwargs["slug"]})

    def get_success_url(self) -> str:
        return self.desk_url

    def get_back_url(self) -> str:
        return self.desk_url

    def crumbs(self, call: Call, *titles: Any) -> list[tuple[str, str]]:
        desk = (str(_("Public vote")), self.desk_url if titles else "")
        return [*trail_to(call), desk, *((str(title), "") for title in titles)]


class OnVote(OnCall):
    """A page about a vote that exists."""

    permission = "juries.organise_vote"

    def fetch(self) -> PublicVote:
        votes = PublicVote.objects.filter(call__in=visible_calls(self.request.user)).select_related("call")
        return get_object_or_404(votes, call__slug=self.kwargs["slug"])


class Desk(OnCall, GuardedPage):
    """Dates, turnout per channel, slips issued, minutes that look odd."""

    template_name = "juries/agent/vote_desk.html"

    @cached_property
    def vote(self) -> PublicVote | None:
        return PublicVote.objects.filter(call=self.object).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            call=self.object, vote=self.vote, crumbs=self.crumbs(self.object), **self.figures(), **kwargs
        )

    def figures(self) -> dict[str, Any]:
        vote = self.vote
        if vote is None:
            return {}
        vote.call = self.object
        phase = vote_phase_at(vote, clock.now())
        due = voting.purge_due(vote)
        return {
            "phase": phase,
            "turnout": turnout(vote),
            "batches": batches(vote),
            "bursts": bursts(vote),
            "issues": phase in (VotePhase.COMING, VotePhase.OPEN),
            "voids": vote.counted_at is None and phase != VotePhase.COMING,
            "purge_due": due if due and vote.purged_at is None else None,
            "may_purge": due is not None and vote.purged_at is None and clock.now() >= due,
        }


class DeskForm(GuardedForm):
    """A form of the desk, on a page of its own."""

    template_name = "juries/agent/form.html"
    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = getattr(self.object, "call", self.object)
        return super().get_context_data(
            title=self.title, back_url=self.desk_url, crumbs=self.crumbs(call, self.title), **kwargs
        )


class Dates(OnCall, DeskForm):
    """Hold a vote, or move the dates of one that has not begun."""

    title = _("Dates of the public vote")
    form_class = DatesForm
    done_message = _("The dates of the vote are set.")

    def get_initial(self) -> dict[str, Any]:
        vote = PublicVote.objects.filter(call=self.object).first()
        return {"opens_at": vote.opens_at, "closes_at": vote.closes_at} if vote else {}

    def act(self, form: DatesForm) -> None:
        voting.open_vote(self.object, by=self.request.user, **form.cleaned_data)


class IssueCodes(OnVote, DeskForm):
    """Draw slips for the room: the answer is the sheet to print, shown this once."""

    title = _("Slips for the room")
    form_class = CodesForm

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        try:
            codes = voting.issue_codes(self.object, data["batch"], data["number"], by=self.request.user)
        except DomainError as error:
            return self.refused(form, error)
        call = self.object.call
        vote_url = settings.SITE_URL + reverse("juries:vote", kwargs={"slug": call.slug})
        context = self.get_context_data(form=form, codes=codes, batch=data["batch"], call=call, vote_url=vote_url)
        answer = render(self.request, "juries/agent/vote_slips.html", context)
        answer["Cache-Control"] = "no-store"
        return answer


class VoidBallots(OnVote, DeskForm):
    title = _("Void ballots")
    form_class = VoidForm
    done_message = _("The ballots are void.")

    def act(self, form: VoidForm) -> None:
        voting.void_ballots(self.object, by=self.request.user, **form.cleaned_data)


class VoidCodes(OnVote, DeskForm):
    title = _("Void slips")
    form_class = VoidCodesForm
    done_message = _("The slips are void.")

    def act(self, form: VoidCodesForm) -> None:
        data = form.cleaned_data
        voting.void_codes(self.object, data["serials"], reason=data["reason"], by=self.request.user)


class Close(OnVote, ActionView):
    title = _("Close the vote now")
    consequence = _("No ballot is taken from this instant on. The reason is journalled.")
    form_class = CloseForm
    tone = "danger"
    done_message = _("The vote is closed.")

    def act(self, form: CloseForm) -> None:
        voting.close_vote(self.object, reason=form.cleaned_data["reason"], by=self.request.user)


class Purge(OnVote, ActionView):
    title = _("Destroy the voters’ keys")
    consequence = _("For good: the keys and the secret they were made with. The counted totals stay.")
    form_class = forms.Form
    tone = "danger"
    done_message = _("The keys are destroyed.")

    def act(self, form: Any) -> None:
        voting.purge_vote(self.object, by=self.request.user)
