"""The pictures with which the showcase and its projects are shared."""

from django.contrib.auth.models import AnonymousUser
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from bethune_smartcity.core.cards import Card
from bethune_smartcity.core.models import City
from bethune_smartcity.core.views import CardImage
from projects.queries import visible_projects


class ShowcaseCard(CardImage):
    def card(self) -> Card:
        line = _("What %(city)s tries out with its laureates: each project, its small steps done and the next one.")
        return Card(title=_("The showcase"), line=line % {"city": City.current().after_que})


class ProjectCard(CardImage):
    """The same for all: a project the public does not know has none, even for those who follow it."""

    def card(self) -> Card:
        project = get_object_or_404(visible_projects(AnonymousUser()), slug=self.kwargs["slug"])
        kicker = f"{project.pillar.name} · {project.get_state_display()}"
        return Card(title=project.name, kicker=kicker, line=project.one_line, hook=project.pillar.hook)
