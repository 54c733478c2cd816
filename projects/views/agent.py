"""The agents' board of the projects they run, and what they decide there."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import Guarded
from bethune_smartcity.core.views import GuardedForm
from juries.models import Award
from projects import queries
from projects.forms import MentorForm, MilestoneForm, OpeningForm, PaymentForm, StoryForm
from projects.models import Milestone, Payment, Photo, Project
from projects.operations import incubation, photos
from projects.workflow import MILESTONE, PAYMENT, PHOTO, PROJECT, ProjectState

from .acts import ProjectAct, ProjectForm
from .parts import TONES

PER_PAGE = 50
TO_DO = 10


class Board(Guarded, TemplateView):
    template_name = "projects/agent/board.html"
    permission = "projects.see_board"

    @cached_property
    def projects(self) -> Any:
        return queries.run_projects(self.request.user)

    @cached_property
    def stage(self) -> str:
        """The stage looked at, empty for all of them."""
        stage = self.request.GET.get("stage", "")
        return stage if stage in ProjectState.values else ""

    def stages(self) -> list[tuple[str, Any, int]]:
        """(stage, label, how many projects), in the order of a project's life."""
        counts = queries.stage_counts(self.projects)
        return [(stage, label, counts.get(stage, 0)) for stage, label in ProjectState.choices]

    def rows(self) -> Any:
        projects = queries.with_next_step(self.projects)
        if self.stage:
            projects = projects.filter(state=self.stage)
        return Paginator(projects, PER_PAGE).get_page(self.request.GET.get("page"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.rows()
        return super().get_context_data(
            stage=self.stage,
            stages=self.stages(),
            page=page,
            rows=[(project, TONES[project.state]) for project in page],
            steps=queries.milestones_to_judge(self.projects)[:TO_DO],
            payments=queries.payments_to_settle(self.projects)[:TO_DO],
            requests=queries.requests_to_answer(self.request.user)[:TO_DO],
            photos=queries.photos_to_judge(self.projects)[:TO_DO],
            awards=queries.openable_awards(self.request.user)[:TO_DO],
            today=clock.today(),
            crumbs=[(_("Incubation"), "")],
            **kwargs,
        )


class OpenIncubation(GuardedForm):
    """The form that opens the project of an award, filled with what its submission said."""

    template_name = "projects/agent/open.html"
    permission = "projects.open_incubation"
    form_class = OpeningForm
    done_message = gettext_lazy("The project is open. Plan its first small step.")

    def fetch(self) -> Award:
        return get_object_or_404(queries.awards_followed(self.request.user), pk=self.kwargs["pk"])

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        incubation.check_openable(self.object)
        return super().get(*args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        submission = self.object.submission
        told = Project(name_fr=submission.title, one_line_fr=submission.one_line, pillar=submission.pillar)
        told.slug = slugify(submission.title)[:50]
        return {**super().get_form_kwargs(), "instance": told}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crumbs = [(_("Incubation"), reverse("projects:board")), (_("Open a project"), "")]
        return super().get_context_data(award=self.object, crumbs=crumbs, **kwargs)

    def act(self, form: Any) -> None:
        fields = dict(form.cleaned_data)
        mentor = fields.pop("mentor")
        mentors = [mentor] if mentor else []
        self.opened = incubation.open_incubation(self.object, by=self.request.user, mentors=mentors, **fields)

    def get_success_url(self) -> str:
        return reverse("projects:followup", kwargs={"slug": self.opened.slug})


class RunForm(ProjectForm):
    """A form for those who run the project."""

    permission = "projects.run_project"


class Describe(RunForm):
    form_class = StoryForm
    title = gettext_lazy("What the showcase tells")
    done_message = gettext_lazy("The showcase is up to date.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes on its instance, and the operation compares with what is stored.
        return {**super().get_form_kwargs(), "instance": Project.objects.get(pk=self.project.pk)}

    def act(self, form: Any) -> None:
        incubation.describe(self.project, by=self.request.user, **form.cleaned_data)


class AddMilestone(RunForm):
    form_class = MilestoneForm
    title = gettext_lazy("Plan a step")
    lead = gettext_lazy("Small steps: something that can be seen or measured within a few weeks.")
    button = gettext_lazy("Add the step")
    done_message = gettext_lazy("The step is planned.")

    def act(self, form: Any) -> None:
        incubation.add_milestone(self.project, **form.cleaned_data, by=self.request.user)


class AddPayment(RunForm):
    form_class = PaymentForm
    title = gettext_lazy("Plan a payment")
    button = gettext_lazy("Add the payment")
    done_message = gettext_lazy("The payment is planned.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "project": self.project}

    def act(self, form: Any) -> None:
        incubation.add_payment(self.project, **form.cleaned_data, by=self.request.user)


class AppointMentor(RunForm):
    form_class = MentorForm
    title = gettext_lazy("Appoint a mentor")
    lead = gettext_lazy("A mentor reads the follow-up, is told of the steps reached and can publish news.")
    button = gettext_lazy("Appoint")
    done_message = gettext_lazy("The mentor is appointed.")

    def act(self, form: Any) -> None:
        incubation.appoint_mentor(self.project, form.cleaned_data["email"], by=self.request.user)


class RunAct(ProjectAct):
    """An act of those who run the project."""

    permission = "projects.run_project"
    done_message = gettext_lazy("Done, and written in the journal.")


def _advance(act: str) -> Any:
    def operation(project: Project, **said: Any) -> Project:
        return incubation.advance(project, act, **said)

    return operation


class Advance(RunAct):
    workflow = PROJECT
    operations = {act: _advance(act) for act in PROJECT.by_name}
    consequences = dict.fromkeys(
        PROJECT.by_name, gettext_lazy("The showcase shows the new stage at once; the team and the mentors are told.")
    )


class JudgeMilestone(RunAct):
    workflow = MILESTONE
    operations = {"accept": incubation.accept_milestone, "ask_again": incubation.ask_milestone_again}
    consequences = {
        "accept": gettext_lazy("The step shows as done in the showcase, and the payments tied to it can be requested."),
        "ask_again": gettext_lazy("The team gets your reason and reports the step again."),
    }

    def thing(self) -> Milestone:
        return self.milestone()


class JudgePayment(RunAct):
    workflow = PAYMENT
    operations = {
        "approve": incubation.approve_payment,
        "pay": incubation.pay_payment,
        "cancel": incubation.cancel_payment,
    }
    consequences = {
        "approve": gettext_lazy("The team is told that the payment will be made."),
        "pay": gettext_lazy("The payment is recorded as made today."),
        "cancel": gettext_lazy("The amount becomes free for another payment; the team gets your reason."),
    }

    def thing(self) -> Payment:
        return self.payment()


class JudgePhoto(RunAct):
    workflow = PHOTO
    operations = {"show": photos.show_photo, "hide": photos.hide_photo}
    consequences = {
        "show": gettext_lazy("Everyone sees the photograph on the project’s page."),
        "hide": gettext_lazy("The photograph leaves the showcase; the team gets your reason."),
    }

    def thing(self) -> Photo:
        return self.photo()
