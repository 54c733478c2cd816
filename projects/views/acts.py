"""Doors shared by the pages that act on a project."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.views import ActionView, GuardedForm
from bethune_smartcity.lifecycle.workflow import Transition, Workflow
from projects import queries
from projects.forms import ReasonForm
from projects.models import Milestone, Payment, Photo, Project

from .parts import crumbs

Operation = Callable[..., Any]

ENDING = {"stop", "cancel", "hide"}


class ProjectDoor(Guarded):
    """A page about one project that this person follows."""

    @cached_property
    def project(self) -> Project:
        return get_object_or_404(queries.followed_projects(self.request.user), slug=self.kwargs["slug"])

    def fetch(self) -> Any:
        return self.project

    def milestone(self) -> Milestone:
        return self.part_of(self.project.milestones.all())

    def payment(self) -> Payment:
        return self.part_of(self.project.payments.select_related("milestone"))

    def photo(self) -> Photo:
        return self.part_of(self.project.photos.all())

    def part_of(self, parts: Any) -> Any:
        """The step or payment of this address, tied to the project already read."""
        part = get_object_or_404(parts, pk=self.kwargs["pk"])
        part.project = self.project
        return part

    def get_success_url(self) -> str:
        return reverse("projects:followup", kwargs={"slug": self.project.slug})

    def way_to(self, title: Any) -> list[tuple[str, str]]:
        """The way from the showcase to a page below the follow-up."""
        return crumbs(self.project, (_("Follow-up"), self.get_success_url()), (str(title), ""))


class ProjectForm(ProjectDoor, GuardedForm):
    """A form about one project, on the page every form of the follow-up shares."""

    template_name = "projects/followup/form.html"
    title: Any = ""
    lead: Any = ""
    button: Any = gettext_lazy("Save")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            project=self.project,
            title=self.title,
            lead=self.lead,
            button=self.button,
            back_url=self.get_success_url(),
            crumbs=self.way_to(self.title),
            **kwargs,
        )


class ProjectAct(ProjectDoor, ActionView):
    """An act of a workflow, named in the address; a reason is asked for where the workflow asks for one."""

    workflow: ClassVar[Workflow]
    operations: ClassVar[dict[str, Operation]]
    consequences: ClassVar[dict[str, Any]] = {}

    @cached_property
    def transition(self) -> Transition:
        if self.kwargs["act"] not in self.operations:
            raise Http404
        return self.workflow[self.kwargs["act"]]

    def thing(self) -> Any:
        """What the act is on: the project, or a part of it."""
        return self.project

    def fetch(self) -> Any:
        return self.thing() if self.transition else None

    def get_form_class(self) -> type[forms.Form]:
        return ReasonForm if self.transition.needs_reason else forms.Form

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        message = _("This is no longer possible: the state has changed.")
        self.workflow.check_source(self.transition.name, self.object.state, message)
        return super().get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.title = _("%(act)s: %(thing)s") % {"act": self.transition.label, "thing": self.object}
        self.button = self.transition.label
        self.consequence = self.consequences.get(self.transition.name, "")
        self.tone = "danger" if self.transition.name in ENDING else ""
        return super().get_context_data(crumbs=self.way_to(self.title), **kwargs)

    def act(self, form: Any) -> None:
        self.operations[self.transition.name](self.object, by=self.request.user, **form.cleaned_data)
