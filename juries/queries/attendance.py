"""The finalists of a finale: who comes, whose deck is there, and who may read it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from bethune_smartcity.accounts.rules import is_signed_in
from bethune_smartcity.core import clock, wording
from calls.asked import Asked
from calls.models import Submission, applying
from calls.queries import my_submissions, shown_state
from calls.queries.submissions import structures_of
from calls.workflow import SubmissionState
from juries.models import Assignment, Attendance, Juror, Panel, Recusal, Slot
from juries.workflow import AttendanceState, PanelState

from .organised import organised_calls

ANSWERED_IN = (PanelState.PREPARATION, PanelState.OPEN)
"""While the panel of a finale is so, finalists answer."""


def is_known_finalist(submission: Submission, moment: datetime) -> bool:
    """Whether its people may know, at the aware instant `moment`, that `submission` waits for a finale."""
    return shown_state(submission, moment) == SubmissionState.SHORTLISTED


def own_attendance(user: Any, pk: Any, moment: datetime) -> Attendance | None:
    """The word of the finalist of that key, one of `user`'s own; not kept yet before the first. Its panel has the
    hour of its pitch (`pitch_starts_at`, `pitch_minutes`), None while it is not drawn.

    None when there is no finale for it, as far as its people may know at the aware instant `moment`. Three statements.
    """
    submission = my_submissions(user).filter(pk=pk).first()
    if submission is None:
        return None
    slot = Slot.objects.filter(panel=OuterRef("pk"), submission=submission)
    hour = {f"pitch_{name}": Subquery(slot.values(name)[:1]) for name in ("starts_at", "minutes")}
    panel = Panel.objects.filter(call=submission.call_id, stage=Panel.Stage.FINALE).annotate(**hour).first()
    if panel is None:
        return None
    panel.call = submission.call
    kept = Attendance.objects.filter(panel=panel, submission=submission).select_related("deck").first()
    if kept is None and not is_known_finalist(submission, moment):
        return None
    found = kept or Attendance(panel=panel, submission=submission)
    found.panel, found.submission = panel, submission
    return found


def takes_answers(attendance: Attendance) -> bool:
    """Whether the finalist may answer now."""
    return attendance.panel.state in ANSWERED_IN and is_known_finalist(attendance.submission, clock.now())


def takes_decks(panel: Panel, arrived: datetime) -> bool:
    """Whether what reached the server at the aware instant `arrived` may be the deck of a finalist of `panel`."""
    if panel.deck_due_at is None:
        return panel.state == PanelState.PREPARATION
    return arrived < panel.deck_due_at


def asked_of_finalists(submissions: Sequence[Submission], moment: datetime) -> dict[Any, Asked]:
    """What a finale asks of those of `submissions` that are finalists. No statement without finalists, else two."""
    called = {one.call_id: one for one in submissions if is_known_finalist(one, moment)}
    if not called:
        return {}
    finales = Panel.objects.filter(call__in=called, stage=Panel.Stage.FINALE, state__in=ANSWERED_IN)
    panels = {panel.call_id: panel for panel in finales}
    words = {one.submission_id: one for one in Attendance.objects.filter(panel__in=panels.values())}
    return {
        one.pk: _asked(one, panels[one.call_id], words.get(one.pk), moment)
        for one in submissions
        if one.call_id in panels and is_known_finalist(one, moment)
    }


def _asked(submission: Submission, panel: Panel, kept: Attendance | None, moment: datetime) -> Asked:
    is_open = takes_decks(panel, moment)
    due_at = panel.deck_due_at if is_open else None
    state = AttendanceState(kept.state) if kept else AttendanceState.AWAITED
    has_deck = bool(kept and kept.deck_id)
    url = reverse("juries:attendance", kwargs={"pk": submission.pk})
    if state == AttendanceState.DECLINED:
        return Asked(_("You told the city that you do not come to the finale."), url, _("See my answer"), is_done=True)
    if state == AttendanceState.AWAITED:
        return Asked(
            _("You are a finalist: confirm that you come to the finale."), url, _("Answer for the finale"), due_at
        )
    if not has_deck and is_open:
        return Asked(_("You come to the finale: send the deck of your pitch."), url, _("Send our deck"), due_at)
    received = _("You come to the finale and your deck is received.") if has_deck else _("You come to the finale.")
    return Asked(received, url, _("See my answer"), due_at if has_deck else None, is_done=True)


def readable_decks(user: Any) -> QuerySet[Attendance, Any]:
    """The keys of the decks `user` may read: their own, those of the finales they organise or lead, and those of the
    applications they mark there; never one they stand aside from.
    """
    sent = Attendance.objects.filter(deck__isnull=False).order_by()
    if not is_signed_in(user):
        return sent.none().values("deck")
    own = Q(submission__structure__in=structures_of(user))
    organised = Q(panel__call__in=organised_calls(user))
    marked = Assignment.objects.readable_by(user).filter(
        juror__panel=OuterRef("panel"), submission=OuterRef("submission")
    )
    aside = Recusal.objects.filter(juror__user=user, submission=OuterRef("submission"))
    for_jury = Q(Exists(marked)) | Q(Exists(_leading(user)), ~Exists(aside))
    return sent.filter(own | (organised & ~Exists(aside)) | for_jury).values("deck")


def _leading(user: Any) -> QuerySet[Juror]:
    """The seats from which `user` leads the panel of the outer statement."""
    led = Juror.objects.filter(Q(is_chair=True) | Q(is_secretary=True), panel=OuterRef("panel"), user=user)
    whole_session = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    return led.filter(~Exists(whole_session), left_at__isnull=True).exclude(
        panel__call__in=applying(user).values("call")
    )


def still_expected(panels: Collection[Any], moment: datetime) -> QuerySet[Submission, Any]:
    """The finalists of `panels`, known as such at the aware instant `moment`, who have neither declined nor both
    confirmed and sent their deck. Each has `is_confirmed`.
    """
    there = Attendance.objects.filter(panel__in=panels, submission=OuterRef("pk"))
    ready = there.filter(state=AttendanceState.COMING, deck__isnull=False)
    declined = there.filter(state=AttendanceState.DECLINED)
    finalists = Submission.objects.filter(
        call__panels__in=panels, state=SubmissionState.SHORTLISTED, decision_public_at__lte=moment
    )
    return finalists.filter(~Exists(ready), ~Exists(declined)).annotate(
        is_confirmed=Exists(there.filter(state=AttendanceState.COMING))
    )


def deadline_of(panel: Panel) -> str:
    """Until when decks are taken, in words; empty without a date."""
    return wording.deadline(panel.deck_due_at) if panel.deck_due_at else ""
