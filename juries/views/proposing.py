"""What the chair proposes: of one application of a reading, or the palmarès of a finale."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import GuardedForm
from calls.models import Prize, Submission
from juries.aside import apart, kept_from
from juries.forms.chair import MentionsForm, PrizeForm, ProposalForm
from juries.models import Panel, Proposal
from juries.operations import deliberation
from juries.operations.deliberation import awaiting, prizes_open_to
from juries.views.acts import ChairAct, InTime, Presence
from juries.workflow import PanelState

P = PanelState
FROM_MEETING = "meeting"
"""What an address says, as `from`, when it is asked for on the page of the meeting."""


class ProposeRanking(ChairAct):
    sources = (P.DELIBERATION,)
    title = _("Propose what the ranking gives")
    consequence = _(
        "Replaces every proposal by the places, or the prizes as announced, in the order of the frozen ranking. "
        "Those tied across a place are left to the jury, and special mentions stay."
    )
    done_message = _("The ranking is proposed as it stands.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the special mentions that would go, before it is done."""
        lost = deliberation.mentions_lost(self.object, self.request.user) if self.request.method == "GET" else []
        return super().get_context_data(lost=[one.title for one in lost], **kwargs)

    def act(self, form: Any) -> None:
        deliberation.propose_ranking(self.object, by=self.request.user)


class Propose(Presence):
    """What becomes of one application of a reading: 404 to who stands aside from it."""

    sources = (P.DELIBERATION,)
    permission = "juries.chair_panel"
    form_class = ProposalForm
    done_message = _("The proposal is written down.")

    def fetch(self) -> Panel:
        panel = super().fetch()
        if panel.stage != Panel.Stage.READING:
            raise Http404
        return panel

    @cached_property
    def submission(self) -> Submission:
        shown = awaiting(self.object).filter(apart(self.request.user.pk))
        return get_object_or_404(shown, pk=self.kwargs["submission"])

    @property
    def title(self) -> str:  # type: ignore[override]
        return str(self.submission)

    def get_form_kwargs(self) -> dict[str, Any]:
        return GuardedForm.get_form_kwargs(self)

    def get_initial(self) -> dict[str, Any]:
        proposal = Proposal.objects.filter(panel=self.object, submission=self.submission).first()
        return {"verdict": proposal.verdict, "reason": proposal.reason} if proposal else {}

    @property
    def back(self) -> str:
        """Where the proposal was asked for: its row of the meeting's page, or the board."""
        if self.request.GET.get("from") != FROM_MEETING:
            return self.board_url
        return f"{reverse('juries:meeting', kwargs={'pk': self.object.pk})}#{self.submission.number}"

    def get_success_url(self) -> str:
        return self.back

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"back_url": self.back}

    def act(self, form: ProposalForm) -> None:
        deliberation.propose(self.object, self.submission, by=self.request.user, **form.cleaned_data)


class Palmares(InTime, GuardedForm):
    """The whole palmarès of a finale on one page: each prize, its laureate, amount, support and reason; and the
    special mentions.

    Without the applications its reader stands aside from, and the prizes these keep from them.
    """

    sources = (P.DELIBERATION,)

    template_name = "juries/chair/palmares.html"
    form_class: Any = forms.Form
    done_message = _("The palmarès is proposed.")

    def fetch(self) -> Panel:
        panel = super().fetch()
        if panel.stage != Panel.Stage.FINALE:
            raise Http404
        return panel

    @cached_property
    def aside(self) -> frozenset[UUID]:
        """The applications this person stands aside from."""
        return kept_from(self.object, self.request.user)

    @cached_property
    def candidates(self) -> list[Submission]:
        return [one for one in awaiting(self.object) if one.pk not in self.aside]

    @cached_property
    def mentions_form(self) -> MentionsForm:
        mentioned = Proposal.objects.filter(panel=self.object).exclude(mention="")
        given = {str(pk): words for pk, words in mentioned.values_list("submission", "mention")}
        data = self.request.POST if self.request.method == "POST" else None
        return MentionsForm(data, candidates=self.candidates, initial=given)

    @cached_property
    def prize_forms(self) -> list[PrizeForm]:
        proposed = {one.prize_id: one for one in Proposal.objects.filter(panel=self.object, prize__isnull=False)}
        data = self.request.POST if self.request.method == "POST" else None
        withheld = self.object.withheld
        return [
            PrizeForm(
                data,
                prize=prize,
                candidates=self.candidates,
                initial=self.proposed(prize, proposed.get(prize.pk), withheld.get(str(prize.pk), "")),
            )
            for prize in prizes_open_to(self.object, self.request.user)
        ]

    @staticmethod
    def proposed(prize: Prize, proposal: Proposal | None, withheld: str) -> dict[str, Any]:
        if proposal is None:
            return {"amount": prize.amount, "support": prize.support, "reason": withheld}
        return {
            "submission": str(proposal.submission_id),
            "amount": proposal.amount,
            "support": proposal.support,
            "reason": proposal.reason,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            panel=self.object,
            call=self.object.call,
            prize_forms=self.prize_forms,
            mentions_form=self.mentions_form,
            is_extract=bool(self.aside),
            back_url=self.board_url,
            crumbs=self.crumbs(_("Palmarès")),
            **kwargs,
        )

    def form_valid(self, form: Any) -> HttpResponse:
        if not all(one.is_valid() for one in (*self.prize_forms, self.mentions_form)):
            return self.form_invalid(form)
        return super().form_valid(form)

    def act(self, form: Any) -> None:
        allotments, mentions = [one.allotment() for one in self.prize_forms], self.mentions_form.given()
        deliberation.allot(self.object, allotments, mentions=mentions, by=self.request.user)

    def refused(self, form: Any, error: DomainError) -> HttpResponse:
        for one in self.prize_forms:
            if error.field in one.fields and len(self.prize_forms) == 1:
                one.add_error(error.field, str(error))
                return self.render_to_response(self.get_context_data(form=form), status=error.status)
        return super().refused(form, error)
