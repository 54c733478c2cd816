"""Who may follow a project, run it, and report on it.

Agents hold these rights through the call their project came from; an agent who belongs to the structure is its member
there and nothing more.
"""

from typing import Any

import rules

from bethune_smartcity.accounts.rules import is_agent, role_in
from bethune_smartcity.core.access import can
from juries.models import Award

from .models import Project

EDITORS = {"owner", "editor"}


def project_of(subject: Any) -> Project | None:
    """The project a step, a payment or a piece of news belongs to; the project itself otherwise."""
    return subject if subject is None or isinstance(subject, Project) else subject.project


@rules.predicate
def is_member(user: Any, subject: Any) -> bool:
    project = project_of(subject)
    return project is not None and bool(role_in(user, project.structure))


@rules.predicate
def is_editor(user: Any, subject: Any) -> bool:
    project = project_of(subject)
    return project is not None and role_in(user, project.structure) in EDITORS


@rules.predicate
def is_mentor(user: Any, subject: Any) -> bool:
    project = project_of(subject)
    return project is not None and bool(user.pk) and project.mentors.filter(pk=user.pk).exists()


@rules.predicate
def is_partner_contact(user: Any, subject: Any) -> bool:
    project = project_of(subject)
    if project is None or project.award is None or not user.pk:
        return False
    return project.award.call.partners.filter(contacts=user.pk).exists()


@rules.predicate
def follows(user: Any, subject: Any) -> bool:
    """An agent whose right covers the project's call; any agent when the city leads the project itself."""
    project = project_of(subject)
    if project is None or not is_agent(user):
        return False
    return project.award is None or can(user, "calls.follow_projects", project.award.call)


@rules.predicate
def follows_award(user: Any, award: Award | None) -> bool:
    """An agent who follows the call's projects and does not belong to the laureate."""
    if award is None or not can(user, "calls.follow_projects", award.call):
        return False
    return not role_in(user, award.submission.structure)


runs = follows & ~is_member
may_view = follows | is_member | is_mentor | is_partner_contact

rules.add_perm("projects.view_followup", may_view)
rules.add_perm("projects.report", is_editor)
rules.add_perm("projects.post_update", is_editor | is_mentor | runs)
rules.add_perm("projects.run_project", runs)
rules.add_perm("projects.open_incubation", follows_award)
rules.add_perm("projects.see_board", is_agent)
