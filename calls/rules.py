"""Who may do what with calls and applications. When it may be done is for phases, workflows and guards to say."""

from typing import Any

import rules

from bethune_smartcity.accounts.models import Membership, Structure
from bethune_smartcity.accounts.rules import is_administrator, is_agent, is_editor, is_signed_in
from bethune_smartcity.core.access import can

from .audiences import audience_named, audiences
from .models import Call, CallAgent, Clarification, Letter, Submission
from .rights import ANY_RIGHT, HELPS, ROLES, SCREENS, THIS_RIGHT

Right = CallAgent.Right
EDITING = (Membership.Role.OWNER, Membership.Role.EDITOR)


def holds_right(user: Any, right: str, call_id: int | None) -> bool:
    """Whether `user` is an agent with `right` (any right when empty) on the call of that key.

    Nobody screens a call they apply to.
    """
    if call_id is None or not is_agent(user):
        return False
    if right == Right.SCREEN:
        return SCREENS.exists(user=user.pk, call=call_id)
    if right:
        return THIS_RIGHT.exists(user=user.pk, call=call_id, right=right)
    return ANY_RIGHT.exists(user=user.pk, call=call_id)


def has_right(right: str) -> Any:
    """A predicate on a call: the user is an agent with `right` on it."""

    @rules.predicate(name=f"has_right:{right}")
    def predicate(user: Any, call: Call | None) -> bool:
        return holds_right(user, right, getattr(call, "pk", None))

    return predicate


has_any_right = has_right("")


@rules.predicate
def configures_some(user: Any) -> bool:
    """Whether `user` is an agent who configures some call."""
    return is_agent(user) and CallAgent.objects.filter(user=user.pk, right=Right.CONFIGURE).exists()


def roles_of(user: Any, structure_id: int | None) -> set[str]:
    """The roles of `user` in the structure of that key: none or one."""
    if structure_id is None or not is_signed_in(user):
        return set()
    return set(ROLES.fetch(user=user.pk, structure=structure_id))


def roles_in(user: Any, submission: Submission | None) -> set[str]:
    """The roles of `user` in the structure that applies; no statement where `submission` was read with theirs."""
    if submission is not None and is_signed_in(user) and getattr(submission, "role_known_of", None) == user.pk:
        return {submission.role_known} - {None}  # type: ignore[attr-defined]
    return roles_of(user, getattr(submission, "structure_id", None))


@rules.predicate
def is_applicant(user: Any, submission: Submission | None) -> bool:
    """Whether `user` belongs to the structure that applies, in any role."""
    return bool(roles_in(user, submission))


@rules.predicate
def edits(user: Any, submission: Submission | None) -> bool:
    """Whether `user` is an owner or editor of the structure that applies."""
    return bool(roles_in(user, submission) & set(EDITING))


@rules.predicate
def screens(user: Any, submission: Submission | None) -> bool:
    """Whether `user` screens the call of this application, handed in by others than their own structures, from which
    they do not stand aside and which no seal closes.
    """
    if submission is None or submission.submitted_at is None or submission.call.is_under_seal:
        return False
    return bool(helps(user, submission))


@rules.predicate
def helps(user: Any, submission: Submission | None) -> bool:
    """Whether `user` screens the call of this application of others, which may be a draft or under seal, and does not
    stand aside from it.
    """
    if submission is None or not is_agent(user):
        return False
    placed = {"call": submission.call_id, "structure": submission.structure_id, "submission": submission.pk}
    return HELPS.exists(user=user.pk, **placed)


@rules.predicate
def may_apply_for(user: Any, structure: Structure | None) -> bool:
    return bool(is_editor(user, structure))


@rules.predicate
def is_shown(user: Any, call: Call | None) -> bool:
    """Whether the call is public at the present instant, or the user has a right on it."""
    return call is not None and (call.phase != "draft" or holds_right(user, "", call.pk))


@rules.predicate
def answers_it(user: Any, clarification: Clarification | None) -> bool:
    """Whether `user` screens the call that a question is about."""
    return holds_right(user, Right.SCREEN, getattr(clarification, "call_id", None))


@rules.predicate
def writes_letters(user: Any, call: Call | None) -> bool:
    """Whether some of the people of a call are for `user` to write to."""
    return call is not None and any(can(user, audience.permission, call) for audience in audiences())


@rules.predicate
def sends_letter(user: Any, letter: Letter | None) -> bool:
    """Whether those a message is for are for `user` to write to."""
    audience = audience_named(letter.audience) if letter is not None else None
    return letter is not None and audience is not None and can(user, audience.permission, letter.call)


rules.add_perm("calls.view_call", is_shown)
rules.add_perm("calls.create_call", is_agent)
rules.add_perm("calls.configure_call", has_right(Right.CONFIGURE))
rules.add_perm("calls.word_programme", configures_some)
rules.add_perm("calls.manage_agents", is_administrator | has_right(Right.CONFIGURE))
rules.add_perm("calls.see_call_board", has_any_right)
rules.add_perm("calls.screen_call", has_right(Right.SCREEN))
rules.add_perm("calls.answer_questions", has_right(Right.SCREEN))
rules.add_perm("calls.organise_jury", has_right(Right.JURY))
rules.add_perm("calls.follow_projects", has_right(Right.FOLLOW))
rules.add_perm("calls.write_letters", writes_letters)
rules.add_perm("calls.send_letter", sends_letter)
# Only the portal itself writes to each of those a confirmed message is for.
rules.add_perm("calls.carry_letter", rules.always_deny)
rules.add_perm("calls.ask_question", is_signed_in)
rules.add_perm("calls.answer_clarification", answers_it)

rules.add_perm("calls.start_draft", may_apply_for)
rules.add_perm("calls.view_submission", is_applicant | screens)
rules.add_perm("calls.edit_submission", edits)
rules.add_perm("calls.submit_submission", edits)
rules.add_perm("calls.withdraw_submission", edits)
rules.add_perm("calls.screen_submission", screens)
rules.add_perm("calls.extend_submission", helps)
rules.add_perm("calls.open_seals", has_right(Right.SCREEN))
# Only a recorded decision, carried out by the portal itself, shortlists, elects or declines.
rules.add_perm("calls.apply_decision", rules.always_deny)

# The back office: agents find there the calls they hold a right on, administrators who holds which right.
rules.add_perm("calls.see_desk", is_agent)
rules.add_perm("calls.see_rights", is_agent | is_administrator)
