"""Who may do what with a panel, a sheet, a standing and a vote.

Nobody stands above recusal: a juror who stands aside, or who belongs to an applicant, finds every door of that
application shut; who belongs to an applicant of the call neither chairs nor organises its jury.
"""

from typing import Any

import rules
from django.db.models import Q

from bethune_smartcity.accounts.rules import addresses_of, is_agent, is_signed_in
from bethune_smartcity.core.access import can
from bethune_smartcity.core.statements import Compiled
from calls.models import Call, Submission
from calls.rights import APPLIES, ORGANISES
from calls.rules import edits, is_applicant
from calls.workflow import SubmissionState
from juries.aside import stands_aside
from juries.models import Assignment, Attendance, Juror, Panel, PublicVote, Recusal, Remark, SeatInvitation, Sheet
from juries.rights import DEBATED, HOLDING, PANEL, PERSON, SEAT, SUBMISSION, holds, seats

Duty = Assignment | tuple[Panel, Submission]


READING = Compiled(
    lambda user, panel, submission: Assignment.objects.readable_by(user).filter(
        juror__panel=panel, submission=submission
    ),
    user=PERSON,
    panel=PANEL,
    submission=SUBMISSION,
)
READING_IT = Compiled(
    lambda user, duty: Assignment.objects.readable_by(user).filter(pk=duty), user=PERSON, duty=Assignment._meta.pk
)
WRITING = Compiled(
    lambda user, seat, submission: Assignment.objects.readable_by(user).filter(juror=seat, submission=submission),
    user=PERSON,
    seat=SEAT,
    submission=SUBMISSION,
)


def is_applicant_of(user: Any, call: Call) -> bool:
    """Whether `user` belongs to a structure that applies, or prepares to apply, to `call`."""
    return APPLIES.exists(user=user.pk, call=call.pk)


@rules.predicate
def is_seated(user: Any, panel: Panel | None) -> bool:
    return panel is not None and is_signed_in(user) and holds(user, panel, "seated")


@rules.predicate
def leads(user: Any, panel: Panel | None) -> bool:
    """Chair, or secretary acting for the chair; never someone of an applicant."""
    if panel is None or not is_signed_in(user):
        return False
    return holds(user, panel, "leads")


@rules.predicate
def organises_call(user: Any, call: Call | None) -> bool:
    """Agent with the jury's right on the call; never someone of an applicant."""
    if call is None or not is_signed_in(user) or not is_agent(user):
        return False
    return ORGANISES.exists(user=user.pk, call=call.pk)


@rules.predicate
def organises(user: Any, panel: Panel | None) -> bool:
    """Agent with the jury's right on its call; never someone of an applicant, nor a juror who stands aside from the
    whole session.
    """
    if panel is None or not is_signed_in(user) or not is_agent(user):
        return False
    return holds(user, panel, "organises")


@rules.predicate
def sits(user: Any, panel: Panel | None) -> bool:
    """A member of the panel, with a vote or without; not a substitute who was not called up."""
    return panel is not None and is_signed_in(user) and holds(user, panel, "sits")


@rules.predicate
def debates(user: Any, debated: tuple[Panel, Submission] | None) -> bool:
    """A member who does not stand aside from the application."""
    if debated is None or not is_signed_in(user):
        return False
    panel, submission = debated
    return DEBATED.exists(user=user.pk, panel=panel.pk, submission=submission.pk)


@rules.predicate
def is_own_remark(user: Any, remark: Remark | None) -> bool:
    return remark is not None and is_signed_in(user) and remark.juror.user_id == user.pk


@rules.predicate
def is_own_seat(user: Any, juror: Juror | None) -> bool:
    return juror is not None and is_signed_in(user) and juror.user_id == user.pk


@rules.predicate
def leads_seat(user: Any, juror: Juror | None) -> bool:
    return juror is not None and leads(user, juror.panel)


Placed = tuple[Panel, Submission]


@rules.predicate
def is_apart(user: Any, submission: Submission | None) -> bool:
    """Whether `user` does not stand aside from an application."""
    return submission is not None and is_signed_in(user) and not stands_aside(user, submission.pk)


@rules.predicate
def is_apart_there(user: Any, placed: Placed | None) -> bool:
    """The same of an application before a panel."""
    return placed is not None and bool(is_apart(user, placed[1]))


@rules.predicate
def leads_over(user: Any, placed: Placed | None) -> bool:
    """Who leads the panel of an application."""
    return placed is not None and bool(leads(user, placed[0]))


@rules.predicate
def organises_over(user: Any, placed: Placed | None) -> bool:
    """Who organises the panel of an application."""
    return placed is not None and bool(organises(user, placed[0]))


@rules.predicate
def leads_recused(user: Any, recusal: Recusal | None) -> bool:
    """Who leads a panel on which the recusal is in force, and does not stand aside from its application themselves."""
    if recusal is None or not any(leads(user, panel) for panel in recusal.panels()):
        return False
    return recusal.submission_id is None or not stands_aside(user, recusal.submission_id)


@rules.predicate
def reads(user: Any, duty: Duty | None) -> bool:
    """A juror asked to read it, whose charter is accepted and who declared no link, once sheets have opened."""
    if duty is None or not is_signed_in(user):
        return False
    if isinstance(duty, Assignment):
        return READING_IT.exists(user=user.pk, duty=duty.pk)
    panel, submission = duty
    return READING.exists(user=user.pk, panel=panel.pk, submission=submission.pk)


@rules.predicate
def writes(user: Any, sheet: Sheet | None) -> bool:
    """The juror of the sheet, with a voice, who may still read what it is about."""
    if sheet is None or not is_signed_in(user) or sheet.juror.user_id != user.pk or not sheet.juror.has_voice:
        return False
    return WRITING.exists(user=user.pk, seat=sheet.juror_id, submission=sheet.submission_id)


@rules.predicate
def is_own_duty(user: Any, duty: Assignment | None) -> bool:
    return duty is not None and is_signed_in(user) and duty.juror.user_id == user.pk


@rules.predicate
def is_of_finalist(user: Any, attendance: Attendance | None) -> bool:
    """Whether `user` belongs to the structure of a finalist, in any role."""
    return attendance is not None and bool(is_applicant(user, attendance.submission))


@rules.predicate
def answers_for_finalist(user: Any, attendance: Attendance | None) -> bool:
    """Whether `user` is an owner or editor of the structure of a finalist."""
    return attendance is not None and bool(edits(user, attendance.submission))


def panels_of(vote: PublicVote) -> Any:
    return Panel.objects.filter(call=vote.call_id, stage=Panel.Stage.FINALE)


@rules.predicate
def holds_vote(user: Any, call: Call | None) -> bool:
    """Agent with the jury's right on the call; never someone of an applicant, nor a juror who stands aside from the
    whole finale.
    """
    if call is None or not is_signed_in(user) or not is_agent(user):
        return False
    return HOLDING.exists(user=user.pk, call=call.pk)


@rules.predicate
def organises_vote(user: Any, vote: PublicVote | None) -> bool:
    return vote is not None and holds_vote(user, vote.call)


@rules.predicate
def chairs_vote(user: Any, vote: PublicVote | None) -> bool:
    return vote is not None and any(leads(user, panel) for panel in panels_of(vote).select_related("call"))


@rules.predicate
def sits_beside_vote(user: Any, vote: PublicVote | None) -> bool:
    return vote is not None and is_signed_in(user) and seats(user).filter(panel__in=panels_of(vote)).exists()


@rules.predicate
def is_counted(user: Any, vote: PublicVote | None) -> bool:
    return vote is not None and vote.counted_at is not None


@rules.predicate
def is_disclosed(user: Any, vote: PublicVote | None) -> bool:
    return vote is not None and vote.disclosed_at is not None


@rules.predicate
def sits_on_finale(user: Any, call: Call | None) -> bool:
    """A juror of the finale who stood aside from no finalist; never someone of an applicant."""
    if call is None or not is_signed_in(user):
        return False
    own = seats(user).filter(panel__call=call, panel__stage=Panel.Stage.FINALE)
    stood_aside = _aside_from_finalists(user, call)
    may_know = own.filter(is_chair=True).exists() or (own.exists() and not stood_aside.exists())
    return may_know and not is_applicant_of(user, call)


def _aside_from_finalists(user: Any, call: Call) -> Any:
    """The recusals of `user` from finalists of `call`, or from the whole session of its finale."""
    shortlisted = SubmissionState.SHORTLISTED
    finalists = Submission.objects.filter(Q(state=shortlisted) | Q(former_state=shortlisted), call=call)
    session = Q(submission__isnull=True, juror__panel__call=call, juror__panel__stage=Panel.Stage.FINALE)
    return Recusal.objects.filter(session | Q(submission__in=finalists.order_by().values("pk")), juror__user=user)


@rules.predicate
def has_right_on_call(user: Any, call: Call | None) -> bool:
    """Agent with any right on the call who stood aside from no finalist; never someone of an applicant."""
    if call is None or not is_signed_in(user):
        return False
    may_know = can(user, "calls.see_call_board", call) and not _aside_from_finalists(user, call).exists()
    return may_know and not is_applicant_of(user, call)


@rules.predicate
def is_addressed(user: Any, invitation: SeatInvitation | None) -> bool:
    """Who reads the address a link was sent to."""
    if invitation is None or not is_signed_in(user):
        return False
    return user.email.lower() == invitation.email or invitation.email in addresses_of(user)


@rules.predicate
def organises_invitation(user: Any, invitation: SeatInvitation | None) -> bool:
    return invitation is not None and (organises(user, invitation.panel) or leads(user, invitation.panel))


rules.add_perm("juries.create_panel", organises_call)
rules.add_perm("juries.see_panel", is_seated | organises)
rules.add_perm("juries.sit", is_seated)
rules.add_perm("juries.organise_panel", organises | leads)
rules.add_perm("juries.answer_seat", is_addressed)
rules.add_perm("juries.revoke_link", organises_invitation)
rules.add_perm("juries.chair_panel", leads)
# What becomes of one application, and who reads it, is not for whoever stands aside from it.
rules.add_perm("juries.propose", leads_over & is_apart_there)
# Beside the right to count the vote.
rules.add_perm("juries.settle_between", is_apart)
rules.add_perm("juries.give_reading", (organises_over | leads_over) & is_apart_there)
rules.add_perm("juries.accept_charter", is_own_seat)
rules.add_perm("juries.declare_link", is_own_seat | leads_seat)
rules.add_perm("juries.confirm_recusal", leads_recused)
rules.add_perm("juries.record_dissent", is_own_seat | leads_seat)
rules.add_perm("juries.hold_duty", is_own_duty)
rules.add_perm("juries.read_submission", reads)
rules.add_perm("juries.write_sheet", writes)
# These three say who. When is for what shows them: `operations.checks.require_disclosed`.
rules.add_perm("juries.see_standing", is_seated | organises)
# How each juror marked, beside the others: for those who lead and organise.
rules.add_perm("juries.see_annex", leads | organises)
rules.add_perm("juries.see_debate", sits)
rules.add_perm("juries.debate", debates)
rules.add_perm("juries.take_back_remark", is_own_remark)
rules.add_perm("juries.see_attendance", is_of_finalist)
rules.add_perm("juries.answer_finale", answers_for_finalist)
rules.add_perm("juries.organise_vote", organises_vote)
rules.add_perm("juries.see_totals", (chairs_vote & is_counted) | ((sits_beside_vote | organises_vote) & is_disclosed))
rules.add_perm("juries.see_board", organises | leads)
rules.add_perm("juries.hold_vote", holds_vote)
rules.add_perm("juries.count_vote", chairs_vote)
rules.add_perm("juries.see_outcome", sits_on_finale | has_right_on_call)
rules.add_perm("juries.see_desk", is_agent)
