"""What several pages of a project show alike."""

from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bethune_smartcity.core.language import language_of, named, told
from bethune_smartcity.core.wording import day
from projects.models import Milestone, Project
from projects.queries import ENDED
from projects.workflow import MilestoneState, ProjectState

TONES = {
    ProjectState.FRAMING: "quiet",
    ProjectState.AGREEMENT: "quiet",
    ProjectState.TRIAL: "info",
    ProjectState.EVALUATION: "info",
    ProjectState.DEPLOYED: "ok",
    ProjectState.ADJUSTED: "warn",
    ProjectState.STOPPED: "stop",
}


def next_step(project: Any) -> str:
    """The next small step and its day in words, empty when there is none (`with_next_step` read it).

    The step is marked with its language: what comes out is safe HTML.
    """
    if not project.next_title or project.state in ENDED:
        return ""
    step = told(project.next_title, project.next_language)
    return mark_safe(escape(_("%(step)s, by %(day)s")) % {"step": step, "day": escape(day(project.next_due))})  # noqa: S308


def picture_url(project: Any) -> str:
    """The address of the picture of a project's card, empty for its pillar's pattern (`with_picture` read it)."""
    return reverse("files:download", kwargs={"pk": project.picture_key}) if project.picture_key else ""


def canal_line(project: Project, milestones: list[Milestone]) -> list[dict[str, str]]:
    """The steps of a project as the canal line draws them: done, the one under way, those to come."""
    done = [milestone.state == MilestoneState.ACCEPTED for milestone in milestones]
    current = done.index(False) if False in done and project.state not in ENDED else -1
    return [
        {
            "name": told(milestone.title, language_of(milestone, "title")),
            "state": "done" if done[place] else "now" if place == current else "next",
            "note": day(milestone.accepted_at or milestone.due_on),
        }
        for place, milestone in enumerate(milestones)
    ]


def crumbs(project: Project, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the showcase to a page of a project."""
    own = (named(project, "name"), project.get_absolute_url() if rest else "")
    return [(_("Projects"), reverse("projects:list")), own, *rest]
