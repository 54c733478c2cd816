"""What jurors mark by, and where it comes from while it can still change."""

from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import can
from bethune_smartcity.core.views import GuardedForm
from calls.models import Criterion
from calls.operations.copies import copy_stage
from calls.queries.criteria import stages_to_copy
from juries.forms.panels import CopyCriteriaForm
from juries.queries.panels import criteria_of
from juries.workflow import PanelState

from .agent import OnOrganised


class Criteria(OnOrganised, GuardedForm):
    """Labels, weights, scales and the sentence of each whole mark; for who configures the call and until the sheets
    open, the way to change them and, where there is none, a copy of another stage's.
    """

    template_name = "juries/agent/criteria.html"
    form_class = CopyCriteriaForm
    done_message = _("The criteria are copied: read them before the sheets open.")

    @cached_property
    def criteria(self) -> list[Criterion]:
        return list(criteria_of(self.object))

    @cached_property
    def configures(self) -> bool:
        """Whether the user may change the criteria now."""
        is_early = self.object.state == PanelState.PREPARATION
        return is_early and can(self.request.user, "calls.configure_call", self.object.call)

    def get_form_kwargs(self) -> dict[str, Any]:
        wanted = self.configures and not self.criteria
        stages = stages_to_copy(self.request.user, self.object.call, self.object.stage) if wanted else ()
        return {**super().get_form_kwargs(), "stages": stages}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        title = str(_("Criteria"))
        context = super().get_context_data(
            panel=self.object, title=title, criteria=self.criteria, crumbs=self.crumbs((title, "")), **kwargs
        )
        change = reverse("admin:calls_call_change", args=(self.object.call_id,)) if self.configures else ""
        return context | {"change_url": change, "copies": bool(context["form"].stages)}

    def act(self, form: CopyCriteriaForm) -> None:
        source, stage = form.chosen
        copy_stage(self.object.call, self.object.stage, source=source, from_stage=stage, by=self.request.user)

    def get_success_url(self) -> str:
        return self.request.path
