"""Another city takes a project up: its request, the file it is given, and the agents' side of both."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from django.views.generic.edit import FormView

from bethune_smartcity.core.access import Guarded, PublicPage, can
from bethune_smartcity.core.errors import DomainError
from bethune_smartcity.core.views import ActionView, GuardedForm
from projects import queries
from projects.forms import ReasonForm, ReplicationForm, ReplyForm
from projects.models import Project, ReplicationRequest
from projects.operations import replication
from projects.workflow import REPLICATION, ReplicationState

from .parts import canal_line, crumbs

PER_PAGE = 50
REQUEST_TONES = {
    ReplicationState.RECEIVED: "warn",
    ReplicationState.ANSWERED: "ok",
    ReplicationState.CLOSED: "quiet",
}


class Uncached(PublicPage):
    """A public page that belongs to one visitor: it holds a form, or opens with a key."""

    def dispatch(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().dispatch(*args, **kwargs)  # type: ignore[misc]
        add_never_cache_headers(answer)
        return answer


class Replicate(Uncached, FormView):
    """The request of a city: of the project of the address, or of whatever it chooses."""

    template_name = "projects/public/replicate.html"
    form_class = ReplicationForm

    @cached_property
    def project(self) -> Project | None:
        slug = self.kwargs.get("slug")
        return get_object_or_404(queries.visible_projects(self.request.user), slug=slug) if slug else None

    def get_form_kwargs(self) -> dict[str, Any]:
        choices = None if self.project else queries.public_projects().order_by("name")
        return super().get_form_kwargs() | {"projects": choices}

    def form_valid(self, form: Any) -> HttpResponse:
        said = dict(form.cleaned_data)
        said.pop("consent")
        if said.pop("website"):
            return redirect("projects:replicate-done")
        project = self.project or said.pop("project", None)
        said.pop("project", None)
        network = get_adapter(self.request).get_client_ip(self.request) or ""
        try:
            replication.ask_for_replication(project, network=network, language=get_language() or "fr", **said)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            context = self.get_context_data(form=form)
            return self.render_to_response(context, status=error.status, headers=error.headers)
        return redirect("projects:replicate-done")

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = (_("Replicate in my city"), "")
        way = crumbs(self.project, here) if self.project else [(_("Projects"), reverse("projects:list")), here]
        return super().get_context_data(project=self.project, crumbs=way, **kwargs)


class ReplicateDone(PublicPage, TemplateView):
    template_name = "projects/public/replicate_done.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        way = [(_("Projects"), reverse("projects:list")), (_("Replicate in my city"), "")]
        return super().get_context_data(crumbs=way, **kwargs)


class Dossier(Uncached, TemplateView):
    """What it took, to do the same elsewhere: open to all, or to those who have its key."""

    template_name = "projects/public/dossier.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        project = get_object_or_404(queries.visible_projects(user), slug=self.kwargs["slug"])
        file = queries.file_of(project, user, self.request.GET.get("cle", ""))
        if file is None:
            raise Http404
        milestones = [*project.milestones.all()]
        return super().get_context_data(
            project=project,
            file=file,
            parts=parts_of(file),
            canal=canal_line(project, milestones),
            awards=queries.public_awards(project),
            photos=queries.photos_shown(project)[:2],
            crumbs=crumbs(project, (_("Replication file"), "")),
            **kwargs,
        )


def parts_of(file: Any) -> list[tuple[str, Any, str]]:
    """(name of the field, title, text) of what agents wrote, in the order one reads it."""
    titles = {
        "context": _("The starting point"),
        "needs": _("What it takes"),
        "cost": _("What it costs"),
        "partners": _("With whom"),
        "lessons": _("What we learnt"),
    }
    return [(name, title, getattr(file, name)) for name, title in titles.items() if getattr(file, name)]


class Requests(Guarded, TemplateView):
    """The requests of other cities, those that wait first."""

    template_name = "projects/agent/requests.html"
    permission = "projects.see_board"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = queries.visible_requests(self.request.user)
        state = self.request.GET.get("state", "")
        state = state if state in ReplicationState.values else ""
        counts = queries.stage_counts(asked)
        rows = (asked.filter(state=state) if state else asked).select_related("project__pillar")
        page = Paginator(rows, PER_PAGE).get_page(self.request.GET.get("page"))
        return super().get_context_data(
            page=page,
            rows=[(one, REQUEST_TONES[one.state]) for one in page],
            state=state,
            may_word=can(self.request.user, "calls.word_programme"),
            states=[(value, label, counts.get(value, 0)) for value, label in ReplicationState.choices],
            crumbs=[(_("Incubation"), reverse("projects:board")), (_("Replication requests"), "")],
            **kwargs,
        )


class OneRequest(Guarded):
    """A page about one request that this agent answers."""

    permission = "projects.answer_replication"
    kwargs: dict[str, Any]
    request: Any

    def fetch(self) -> ReplicationRequest:
        asked = queries.visible_requests(self.request.user).select_related("project__pillar", "project__replication")
        return get_object_or_404(asked, pk=self.kwargs["pk"])

    def get_success_url(self) -> str:
        return reverse("projects:replication", kwargs={"pk": self.kwargs["pk"]})

    def way(self, *rest: tuple[str, str]) -> list[tuple[str, str]]:
        own = (str(self.object), self.get_success_url() if rest else "")
        return [
            (_("Incubation"), reverse("projects:board")),
            (_("Replication requests"), reverse("projects:requests")),
            own,
            *rest,
        ]


class RequestPage(OneRequest, GuardedForm):
    """What was asked, and the answer."""

    template_name = "projects/agent/request.html"
    form_class = ReplyForm
    done_message = gettext_lazy("Your answer is on its way.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.object
        return super().get_context_data(
            asked=asked,
            tone=REQUEST_TONES[asked.state],
            answers=asked.state == ReplicationState.RECEIVED and not asked.forgotten_at,
            closes=asked.state != ReplicationState.CLOSED,
            file=getattr(asked.project, "replication", None),
            crumbs=self.way(),
            **kwargs,
        )

    def act(self, form: Any) -> None:
        replication.answer_request(self.object, by=self.request.user, **form.cleaned_data)


class CloseRequest(OneRequest, ActionView):
    form_class = ReasonForm
    title = gettext_lazy("Close the request")
    consequence = gettext_lazy("Say what came of it. Two years later, who asked and what was written is erased.")
    done_message = gettext_lazy("The request is closed.")

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        REPLICATION.check_source("close", self.object.state, _("This request is closed already."))
        return super().get(*args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.way((str(self.title), "")), **kwargs)

    def act(self, form: Any) -> None:
        replication.close_request(self.object, by=self.request.user, **form.cleaned_data)


class EraseContact(OneRequest, ActionView):
    form_class = Form
    title = gettext_lazy("Erase who asked")
    consequence = gettext_lazy(
        "The name, the address, the message and the answer are erased for good; that a city asked stays."
    )
    done_message = gettext_lazy("Their personal data are erased.")
    tone = "danger"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.way((str(self.title), "")), **kwargs)

    def act(self, form: Any) -> None:
        replication.erase_contact(self.object, by=self.request.user)
