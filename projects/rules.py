"""Who may follow a project, run it, and report on it.

Agents hold these rights through the call their project came from; an agent who belongs to the structure is its member
there and nothing more.
"""

from typing import Any

import rules

from bethune_smartcity.accounts.rules import is_agent, role_in
from bethune_smartcity.core.access import can
from calls.models import Call, CallAgent
from calls.rights import APPLIES
from juries.models import Award

from .models import Project
from .places import Place, place_of


def _place(user: Any, subject: Any) -> Place:
    """The place of `user` at a project, or at the project of a step or payment."""
    return place_of(user, subject if subject is None or isinstance(subject, Project) else subject.project)


@rules.predicate
def is_inside(user: Any, subject: Any) -> bool:
    return _place(user, subject).is_inside


@rules.predicate
def edits(user: Any, subject: Any) -> bool:
    return _place(user, subject).edits


@rules.predicate
def runs(user: Any, subject: Any) -> bool:
    return is_agent(user) and _place(user, subject).runs


@rules.predicate
def tells(user: Any, subject: Any) -> bool:
    place = _place(user, subject)
    return place.edits or place.mentors or place.runs


@rules.predicate
def follows_award(user: Any, award: Award | None) -> bool:
    """An agent who follows the call's projects and does not belong to the laureate."""
    if award is None or not can(user, "calls.follow_projects", award.call):
        return False
    return not role_in(user, award.submission.structure)


@rules.predicate
def reminds(user: Any, call: Call | None) -> bool:
    """An agent who follows the call's projects and belongs to no structure that applied to it."""
    if call is None or not can(user, "calls.follow_projects", call):
        return False
    return not APPLIES.exists(user=user.pk, call=call.pk)


@rules.predicate
def answers_cities(user: Any, asked: Any) -> bool:
    """An agent who runs the project asked about; for the programme as a whole, any agent who follows some call."""
    if asked is None or not is_agent(user):
        return is_agent(user)
    if asked.project_id:
        return _place(user, asked).runs
    return CallAgent.objects.filter(user=user.pk, right=CallAgent.Right.FOLLOW).exists()


rules.add_perm("projects.answer_replication", answers_cities)
rules.add_perm("projects.view_followup", is_inside)
rules.add_perm("projects.report", edits)
rules.add_perm("projects.post_update", tells)
rules.add_perm("projects.run_project", runs)
rules.add_perm("projects.open_incubation", follows_award)
rules.add_perm("projects.see_board", is_agent)
rules.add_perm("projects.remind_steps", reminds)
