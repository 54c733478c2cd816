"""What several pages of a project show alike."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from bethune_smartcity.core import clock
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
    late = is_late(project.next_state, project.next_due)
    words = _("%(step)s, planned for %(day)s, late") if late else _("%(step)s, by %(day)s")
    return mark_safe(escape(words) % {"step": step, "day": escape(day(project.next_due))})  # noqa: S308


def is_late(state: str, due_on: date) -> bool:
    """Whether a step that nobody has reported was due before today."""
    return state == MilestoneState.PLANNED and due_on < clock.today()


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
            "note": _day_of(milestone, project),
        }
        for place, milestone in enumerate(milestones)
    ]


def _day_of(milestone: Milestone, project: Project) -> str:
    """The day a step was done, or the one it is planned for: late once that is past, as long as the project goes on."""
    if project.state not in ENDED and is_late(milestone.state, milestone.due_on):
        return _("planned for %(day)s, late") % {"day": day(milestone.due_on)}
    return day(milestone.accepted_at or milestone.due_on)


def crumbs(project: Project, *rest: tuple[str, str]) -> list[tuple[str, str]]:
    """The way from the showcase to a page of a project."""
    own = (named(project, "name"), project.get_absolute_url() if rest else "")
    return [(_("Projects"), reverse("projects:list")), own, *rest]
