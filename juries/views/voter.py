"""Voting for the public prize. Only a POST votes; every page works without script, none says for whom one voted."""

import random
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.errors import Conflict, DomainError
from calls.models import Submission
from calls.phases import Phase
from juries.forms.voter import BallotForm, ChoiceForm, ConfirmForm, handle_of, link_behind
from juries.models import BallotLink, PublicVote
from juries.operations import voting
from juries.phases import VotePhase, vote_phase_at
from juries.queries.ballots import finalists, visible_votes

ORDER_SALT = "juries.vote-order"


class VoterPage(PublicPage):
    """A page around one vote that anyone may know of, with its candidates in this visitor's own order."""

    request: HttpRequest
    kwargs: dict[str, Any]
    title: Any = _("Public prize")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        add_never_cache_headers(answer)
        return answer

    @cached_property
    def vote(self) -> PublicVote:
        return get_object_or_404(visible_votes(self.request.user, clock.now()), call__slug=self.kwargs["slug"])

    @cached_property
    def candidates(self) -> list[Submission]:
        """The finalists, drawn for this visitor, so that none is first for everyone."""
        order = sorted(finalists(self.vote.call, clock.now()), key=lambda one: str(one.pk))
        random.Random(f"{self._seed()}:{self.vote.pk}").shuffle(order)  # noqa: S311  (a layout, not a secret)
        return order

    def _seed(self) -> str:
        """What this visitor's browser keeps anyway for its forms: nothing is written for those who only look."""
        get_token(self.request)
        return salted_hmac(ORDER_SALT, self.request.META["CSRF_COOKIE"]).hexdigest()

    @cached_property
    def phase(self) -> VotePhase:
        """As the public knows it: coming, open, closed (whatever was counted since)."""
        phase = vote_phase_at(self.vote, clock.now())
        if phase == VotePhase.OPEN and not self.candidates:
            return VotePhase.COMING
        return VotePhase.CLOSED if phase in {VotePhase.COUNTED, VotePhase.DISCLOSED} else phase

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        call = self.vote.call
        page = {
            "vote": self.vote,
            "call": call,
            "candidates": self.candidates,
            "phase": self.phase.value,
            "is_published": call.phase in {Phase.PUBLISHED, Phase.ARCHIVED},
            "crumbs": [
                (_("Calls"), reverse("calls:list")),
                (call.short_title, call.get_absolute_url()),
                (self.title, ""),
            ],
        }
        return super().get_context_data(**page, **kwargs)  # type: ignore[misc]


class VoterForm(VoterPage, FormView):
    """A form of the ballot: its operation's refusals come back at their field, and what was typed stays."""

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"candidates": self.candidates}

    def act(self, form: Any) -> HttpResponse:
        raise NotImplementedError(f"{type(self).__name__} has no act()")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return self.act(form)
        except DomainError as error:
            return self.refused(form, error)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return self.render_to_response(self.get_context_data(form=form), status=error.status, headers=error.headers)

    def thank(self) -> HttpResponse:
        return redirect("juries:vote-done", slug=self.vote.call.slug)


class Vote(VoterForm):
    """The candidates and the two ways to vote; posting leads to the page that confirms."""

    form_class = BallotForm
    template_name = "juries/voter/vote.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        voting.check_open(self.vote, clock.now())
        if not self.candidates:
            raise Conflict("vote_coming", _("The vote opens once the finalists are public."))
        return super().post(request, *args, **kwargs)

    def act(self, form: BallotForm) -> HttpResponse:
        data = form.cleaned_data
        if data["code"]:
            voting.find_code(self.vote, data["code"])
            return self.confirm(form, slip=data["code"])
        # What no person sees was filled in: the answer is the same, and nothing is sent.
        link = None if data["website"] else self.ask(data["address"])
        return self.confirm(form, handle=handle_of(link))

    def ask(self, address: str) -> BallotLink:
        network = get_adapter(self.request).get_client_ip(self.request) or ""
        return voting.request_ballot(self.vote, address, network=network)

    def confirm(self, form: BallotForm, *, slip: str = "", handle: str = "") -> HttpResponse:
        initial = {"choice": form.cleaned_data["choice"], "slip": slip, "handle": handle}
        again = ConfirmForm(initial=initial, candidates=self.candidates)
        context = self.get_context_data(form=again, chosen=form.chosen(), by_slip=bool(slip))
        context["crumbs"][-1] = (Cast.title, "")
        return render(self.request, "juries/voter/confirm.html", context)


class Cast(VoterForm):
    """The confirmation that votes, with a slip's code or the six digits. Opened by itself, it leads to the vote."""

    title = _("Confirm my vote")
    form_class = ConfirmForm
    template_name = "juries/voter/confirm.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("juries:vote", slug=self.vote.call.slug)

    def act(self, form: ConfirmForm) -> HttpResponse:
        data = form.cleaned_data
        if data["slip"]:
            voting.cast_in_room(self.vote, form.chosen(), code=data["slip"])
            return self.thank()
        link = link_behind(self.vote, data["handle"])
        if link is None:
            raise voting.spent()
        voting.cast_by_code(link, form.chosen(), code=data["code"])
        return self.thank()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = kwargs["form"]
        typed = str(form.data.get("choice", ""))
        chosen = next((one for one in self.candidates if str(one.pk) == typed), None)
        return super().get_context_data(chosen=chosen, by_slip=bool(form.data.get("slip")), **kwargs)


class Follow(VoterForm):
    """The ballot behind a mailed link: GET shows it, POST votes."""

    title = _("My ballot")
    form_class = ChoiceForm
    template_name = "juries/voter/ballot.html"

    @cached_property
    def link(self) -> BallotLink:
        link = voting.live_link(self.vote, self.kwargs["token"])
        if link is None:
            raise Http404
        return link

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not voting.is_live(self.link):
            return self.spent()
        voting.check_open(self.vote, clock.now())
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not voting.is_live(self.link):
            return self.spent()
        return super().post(request, *args, **kwargs)

    def spent(self) -> HttpResponse:
        """A link that no longer votes leads to where another one is asked for."""
        context = {"call": self.vote.call, "sentence": str(voting.spent())}
        return render(self.request, "juries/voter/spent.html", context, status=409)

    def act(self, form: ChoiceForm) -> HttpResponse:
        voting.cast_by_link(self.link, form.chosen())
        return self.thank()


class Done(VoterPage, TemplateView):
    """Said after a vote, and to anyone who opens it: it shows no choice."""

    title = _("Thank you")
    template_name = "juries/voter/done.html"
