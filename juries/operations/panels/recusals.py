"""Declarations of links. A recusal is in force at once; the chair confirms it, or answers a doubt."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Submission
from juries import notices
from juries.models import Declaration, Juror, Panel, Recusal
from juries.operations.checks import held
from juries.operations.scoring.standings import freeze_again
from juries.workflow import OUT_OF_THE_RUNNING, SETTLED

CATEGORY = Recusal.Category


@transaction.atomic
def declare_no_link(juror: Juror, submissions: Iterable[Submission], *, by: Any) -> int:
    """Note that nothing links `juror` to `submissions`, which opens them once sheets are open.

    A recusal stays in force. Returns how many are new. Raises Forbidden, Conflict before the juror has accepted the
    charter, or Invalid for another call's application.
    """
    require(by, "juries.accept_charter", juror)
    _require_charter(juror)
    wanted = list(submissions)
    for submission in wanted:
        _check_call(juror, submission)
    # A plan made meanwhile would know nothing of what is declared here.
    held(juror.panel)
    known = set(juror.declarations.values_list("submission", flat=True))
    fresh = [submission for submission in wanted if submission.pk not in known]
    Declaration.objects.bulk_create(
        [Declaration(juror=juror, submission=submission) for submission in fresh], ignore_conflicts=True
    )
    if fresh:
        juror.assignments.all().note_declared()
        record(juror, "declare_no_link", by=by, data={"submissions": [str(submission.pk) for submission in fresh]})
    return len(fresh)


def _require_charter(juror: Juror) -> None:
    if not Juror.objects.filter(pk=juror.pk, charter_accepted_at__isnull=False).exists():
        raise Conflict("charter_first", _("Accept the charter first: the applications are named after it."))


def _check_call(juror: Juror, submission: Submission) -> None:
    if submission.call_id != juror.panel.call_id:
        raise Invalid("other_call", _("This application is not before this panel."), field="submission")


@transaction.atomic
def declare_recusal(juror: Juror, submission: Submission | None, category: str, *, by: Any) -> Recusal:
    """Let `juror` stand aside from `submission`, or from the whole session with None.

    `category` is one of Recusal.Category; "unsure", of one application, shuts it until the chair has spoken. In force
    at the next request, marks included, on every panel of the call: a standing that counted them is frozen again
    without. Of one application, a juror says it once the charter is accepted, since none is named to them before; who
    leads the panel says it of them at any time. Returns the recusal. Raises Forbidden, Conflict or Invalid.
    """
    require(by, "juries.declare_link", juror)
    if submission is not None and by == juror.user:
        _require_charter(juror)
    if category not in CATEGORY.values or (submission is None and category == CATEGORY.UNSURE):
        raise Invalid("unknown_category", _("Say what kind of link it is."), field="category")
    if submission is not None:
        _check_call(juror, submission)
    panels = _held_panels(Recusal(juror=juror, submission=submission))
    recusal = Recusal.objects.of(juror).filter(submission=submission).first()
    if recusal is None:
        recusal = Recusal.objects.create(juror=juror, submission=submission, category=category)
    elif not _specify(recusal, category):
        return recusal
    record(juror, "declare_recusal", by=by, data=_trace(recusal))
    notices.link_declared(recusal)
    for panel in panels:
        freeze_again(panel, by=acting_for(by), reason=str(_("A juror stands aside.")))
    return recusal


def _held_panels(recusal: Recusal) -> list[Panel]:
    """The panels on which it is in force, each held, in one order: two acts never wait for each other."""
    return [held(panel) for panel in recusal.panels().order_by("pk")]


def _held_to_answer(recusal: Recusal) -> list[Panel]:
    """The same, while an answer may still change what counts. Raises Conflict once each of them has decided, or has the
    application no longer before it.
    """
    panels = _held_panels(recusal)
    if not any(_awaits(panel, recusal) for panel in panels):
        raise Conflict("decided", _("The jury has decided: links stay as they stood then."))
    return panels


def _awaits(panel: Panel, recusal: Recusal) -> bool:
    """Whether an answer still counts for `panel`: undecided, and what it is about is or may come before it."""
    if panel.state in SETTLED:
        return False
    submission = recusal.submission
    return submission is None or panel.stage == Panel.Stage.READING or submission.state not in OUT_OF_THE_RUNNING


def _specify(recusal: Recusal, category: str) -> bool:
    """Turn a doubt into a link. Returns whether anything changed."""
    if recusal.category != CATEGORY.UNSURE or category == CATEGORY.UNSURE:
        return False
    recusal.category = category
    recusal.save(update_fields=["category"])
    return True


def _trace(recusal: Recusal) -> dict[str, Any]:
    return {
        "category": recusal.category,
        "submission": str(recusal.submission_id) if recusal.submission_id else None,
    }


@transaction.atomic
def confirm_recusal(recusal: Recusal, *, by: Any) -> Recusal:
    """Let the chair confirm a recusal, or decide that a doubt is one: its juror is told.

    Returns it. Raises Forbidden, or Conflict: answered already, or no panel it is in force on has it still to decide.
    """
    require(by, "juries.confirm_recusal", recusal)
    _held_to_answer(recusal)
    now = clock.now()
    if not Recusal.objects.filter(pk=recusal.pk, confirmed_at__isnull=True).update(confirmed_at=now):
        raise Conflict("already_confirmed", _("This recusal is no longer waiting for an answer."))
    recusal.confirmed_at = now
    record(recusal.juror, "confirm_recusal", by=by, data=_trace(recusal))
    notices.link_answered(recusal, is_link=True)
    return recusal


@transaction.atomic
def dismiss_doubt(recusal: Recusal, *, by: Any) -> None:
    """Let the chair answer that a doubt is no link: the application opens again to the juror, whose marks count again
    on every panel of the call.

    The juror is told. Raises Forbidden, or Conflict for anything but a doubt still waiting, or once every panel it is
    in force on has decided.
    """
    require(by, "juries.confirm_recusal", recusal)
    panels = _held_to_answer(recusal)
    waiting = Recusal.objects.filter(pk=recusal.pk, confirmed_at__isnull=True, category=CATEGORY.UNSURE)
    if not waiting.delete()[0]:
        raise Conflict("not_a_doubt", _("Only a doubt still waiting for an answer can be set aside."))
    Declaration.objects.get_or_create(juror=recusal.juror, submission=recusal.submission)
    recusal.juror.assignments.all().note_declared()
    record(recusal.juror, "dismiss_doubt", by=by, data=_trace(recusal))
    for panel in panels:
        freeze_again(panel, by=acting_for(by), reason=str(_("A doubt about a link is set aside.")))
    notices.link_answered(recusal, is_link=False)
