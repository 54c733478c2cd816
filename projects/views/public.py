"""The showcase: the city's projects as anyone may read them."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from bethune_smartcity.core.access import can, or_404
from bethune_smartcity.core.framed import Framed
from bethune_smartcity.core.structured import Thing, absolute
from pillars.models import Pillar
from pillars.queries import all_chips
from projects import queries
from projects.forms import ShowcaseFilter
from projects.models import Project
from projects.showcase import FILTERS, Found, project_to_read

from .parts import TONES, canal_line, crumbs, next_step, picture_url
from .plan import plan_of

PER_PAGE = 12


class Showcase(Framed, TemplateView):
    kept_by = ("pillar", "stage", "page")
    asked_by = ("q",)
    alike = True
    template_name = "projects/public/showcase.html"

    @cached_property
    def pillars(self) -> list[Pillar]:
        return all_chips()

    @cached_property
    def form(self) -> ShowcaseFilter:
        return ShowcaseFilter(self.request.GET or None, pillars=self.pillars)

    def get(self, *args: Any, **kwargs: Any) -> HttpResponse:
        status = 422 if self.form.errors else 200
        return self.render_to_response(self.get_context_data(), status=status)

    @cached_property
    def chosen(self) -> dict[str, str]:
        """The filters in force, the bad ones left out."""
        return {name: value for name, value in getattr(self.form, "cleaned_data", {}).items() if value}

    @cached_property
    def found(self) -> Found:
        """The projects that answer the filters."""
        filters = {name: value for name, value in self.chosen.items() if name in FILTERS}
        return Found(self.pillars, self.chosen.get("q", ""), filters)

    def page(self) -> Page:
        return Paginator(self.found, PER_PAGE).get_page(self.request.GET.get("page"))

    def narrowed_to(self, pillar: str) -> str:
        """The address of the showcase narrowed to a pillar (none when empty), the other filters kept."""
        others = {name: value for name, value in self.chosen.items() if name != "pillar"}
        return "?" + urlencode(others | ({"pillar": pillar} if pillar else {}))

    def pillar_links(self) -> list[tuple[Pillar, str, bool]]:
        """(pillar, the showcase narrowed to it, whether it is) for each pillar."""
        chosen = self.chosen.get("pillar")
        return [(pillar, self.narrowed_to(pillar.slug), chosen == pillar.slug) for pillar in self.pillars]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.page()
        return super().get_context_data(
            form=self.form,
            page=page,
            projects=list(page),
            cards=[(project, next_step(project), picture_url(project)) for project in page],
            plan=plan_of(self.found.marks()),
            chosen=self.chosen,
            pillar_links=self.pillar_links(),
            all_pillars=self.narrowed_to(""),
            crumbs=[(_("Projects"), "")],
            **kwargs,
        )


class ProjectPage(Framed, TemplateView):
    template_name = "projects/public/project.html"

    @cached_property
    def project(self) -> Project:
        return or_404(project_to_read(self.request.user, self.kwargs["slug"]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project, user = self.project, self.request.user
        milestones = queries.steps_of(project)
        return super().get_context_data(
            project=project,
            tone=TONES[project.state],
            canal=canal_line(project, milestones),
            done=sum(milestone.accepted_at is not None for milestone in milestones),
            total=len(milestones),
            updates=queries.news_of(project),
            awards=queries.public_awards(project),
            photos=queries.photos_shown(project),
            plan=plan_of([project]),
            file=queries.file_of(project, user),
            thing=thing_of(project),
            measures=queries.measures_of(project),
            follows=user.is_authenticated and can(user, "projects.view_followup", project),
            crumbs=crumbs(project),
            **kwargs,
        )


def thing_of(project: Project) -> Thing:
    """The project for machines."""
    carrier = {"@type": "Organization", "name": project.structure} if project.structure else {"@id": absolute("/#city")}
    return {
        "@type": "Project",
        "name": project.name,
        "description": project.one_line,
        "url": absolute(project.get_absolute_url()),
        "foundingDate": project.opened_at.date(),
        "location": {"@type": "Place", "name": project.place} if project.place else "",
        "parentOrganization": {"@id": absolute("/#city")},
        "member": carrier,
    }
