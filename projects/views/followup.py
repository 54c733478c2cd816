"""The follow-up of one project: what its team reports and asks for, what its mentors and agents read."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from bethune_smartcity.core.access import can
from projects import queries
from projects.forms import PhotoForm, ReportForm, UpdateForm
from projects.models import Milestone, Payment
from projects.operations import incubation
from projects.operations.photos import send_photo
from projects.workflow import MILESTONE, PAYMENT, PHOTO, PROJECT

from .acts import ProjectAct, ProjectDoor, ProjectForm
from .parts import TONES, canal_line, crumbs

NEWS_SHOWN = 5


class FollowUp(ProjectDoor, TemplateView):
    template_name = "projects/followup/page.html"
    permission = "projects.view_followup"

    @cached_property
    def runs(self) -> bool:
        return can(self.request.user, "projects.run_project", self.project)

    @cached_property
    def reports(self) -> bool:
        return not self.runs and can(self.request.user, "projects.report", self.project)

    def acts_on(self, thing: Any) -> list[Any]:
        """The acts this person may take on a step or a payment now."""
        held = {"projects.run_project": self.runs, "projects.report": self.reports}
        return [act for act in thing.workflow.open_from(thing.state) if held[act.permission]]

    def milestones(self) -> list[tuple[Milestone, list[Any]]]:
        return [(milestone, self.acts_on(milestone)) for milestone in self.project.milestones.all()]

    def payments(self) -> list[tuple[Payment, list[Any]]]:
        payments = self.project.payments.select_related("milestone")
        return [(payment, self.acts_on(payment)) for payment in payments]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = self.project
        milestones, mentors = self.milestones(), [*project.mentors.all()]
        return super().get_context_data(
            project=project,
            tone=TONES[project.state],
            canal=canal_line(project, [milestone for milestone, _acts in milestones]),
            milestones=milestones,
            payments=self.payments(),
            updates=project.updates.select_related("author")[:NEWS_SHOWN],
            photos=[(photo, PHOTO.open_from(photo.state) if self.runs else []) for photo in project.photos.all()],
            file=queries.written_file(project) if self.runs else None,
            mentors=mentors,
            runs=self.runs,
            reports=self.reports,
            next_acts=PROJECT.open_from(project.state) if self.runs else [],
            posts=self.runs or self.reports or self.request.user in mentors,
            crumbs=crumbs(project, (_("Follow-up"), "")),
            **kwargs,
        )


class PostUpdate(ProjectForm):
    permission = "projects.post_update"
    form_class = UpdateForm
    title = gettext_lazy("Tell a piece of news")
    lead = gettext_lazy("A small step, a first figure, a difficulty: tell it simply, as you would to a neighbour.")
    button = gettext_lazy("Publish")
    done_message = gettext_lazy("Your news is in the showcase.")

    def act(self, form: Any) -> None:
        incubation.post_update(self.project, **form.cleaned_data, by=self.request.user)


class SendPhoto(ProjectForm):
    permission = "projects.post_update"
    form_class = PhotoForm
    title = gettext_lazy("Send a photograph")
    lead = gettext_lazy("An agent of the city looks at it before it is in the showcase.")
    button = gettext_lazy("Send")
    done_message = gettext_lazy("Your photograph has arrived.")

    def act(self, form: Any) -> None:
        typed = dict(form.cleaned_data)
        send_photo(self.project, typed.pop("file"), **typed, by=self.request.user)


class ReportMilestone(ProjectForm):
    permission = "projects.report"
    form_class = ReportForm
    button = gettext_lazy("Report as reached")
    done_message = gettext_lazy("The city has been told: it accepts the step or asks for more.")

    def fetch(self) -> Any:
        self.step = self.milestone()
        return super().fetch()

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        MILESTONE.check_source("report", self.step.state, _("This step is reported already."))
        return super().get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        self.title = self.step.title
        return super().get_context_data(**kwargs)

    def act(self, form: Any) -> None:
        incubation.report_milestone(self.step, form.cleaned_data["report"], by=self.request.user)


class RequestPayment(ProjectAct):
    permission = "projects.report"
    workflow = PAYMENT
    operations = {"request": incubation.request_payment}
    consequences = {"request": gettext_lazy("The city’s agents are told and approve the payment before it is made.")}
    done_message = gettext_lazy("The payment is requested.")

    def thing(self) -> Payment:
        return self.payment()
