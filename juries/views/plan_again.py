"""Planning who reads what, from the board: a plan made again says first what it takes away."""

from typing import Any

from django.contrib import messages
from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView
from juries.aside import kept_from
from juries.forms.panels import PlanForm
from juries.operations import panels

from .agent import OnOrganised
from .planning import planned_words
from .stuck import stuck_words


class PlanReadings(OnOrganised, ActionView):
    """Plan who reads what. The page of the act tells what a plan by the seed of its address would change."""

    form_class = PlanForm
    title = gettext_lazy("Plan again")

    def get_initial(self) -> dict[str, Any]:
        asked = PlanForm(self.request.GET)
        return {"seed": asked.cleaned_data["seed"] if asked.is_valid() else self.object.seed or 1}

    def get_form(self, form_class: Any = None) -> PlanForm:
        """The seed was chosen on the board: another one would change other readings than those told."""
        form: PlanForm = super().get_form(form_class)
        form.fields["seed"].widget = HiddenInput()
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(crumbs=self.crumbs((str(self.title), "")), **kwargs)
        return {**context, "consequence": self.foretold(self.get_initial()["seed"])}

    def foretold(self, seed: int) -> str:
        """What a plan by `seed` would change of the readings."""
        stays = _("Sheets begun or handed in, abstentions and readings given by hand stay.")
        if panels.is_large(self.object):
            n = panels.loose_readings(self.object)
            words = ngettext(
                "At most %(n)d reading that nobody has begun is taken away.",
                "At most %(n)d readings that nobody has begun are taken away.",
                n,
            )
            return f"{words % {'n': n}} {stays}"
        added, removed = panels.foretell_plan(self.object, seed=seed)
        return f"{_taken_away(removed)} {_given(added)} {stays}"

    def form_invalid(self, form: PlanForm) -> HttpResponse:
        messages.error(self.request, _("The seed is a whole number."))
        return redirect(self.board_url)

    def refused(self, form: PlanForm, error: DomainError) -> HttpResponse:
        messages.error(self.request, str(error))
        return redirect(self.board_url)

    def act(self, form: PlanForm) -> None:
        """At once, or by a worker when it would be long to wait for."""
        seed, me = form.cleaned_data["seed"], self.request.user
        if not panels.is_large(self.object):
            self.tell(panels.plan_assignments(self.object, seed=seed, by=me))
            return
        panels.ask_for_plan(self.object, seed=seed, by=me)
        messages.success(self.request, _("The plan is being computed. This page tells when it is there."))

    def tell(self, planned: panels.Planned) -> None:
        messages.success(self.request, planned_words(planned.pairs, planned.added, planned.removed))
        if planned.lacking:
            hidden = set(map(str, kept_from(self.object, self.request.user)))
            messages.warning(self.request, stuck_words(panels.facts_of(planned), hidden))


def _taken_away(n: int) -> str:
    if not n:
        return _("No reading is taken away.")
    words = ngettext(
        "%(n)d reading that nobody has begun is taken away from its juror.",
        "%(n)d readings that nobody has begun are taken away from their jurors.",
        n,
    )
    return words % {"n": n}


def _given(n: int) -> str:
    if not n:
        return _("No reading is added.")
    return ngettext("%(n)d reading is added.", "%(n)d readings are added.", n) % {"n": n}
