"""The debate: it opens on the disclosed standing, and motions are put to the vote of those present."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import move, record
from calls.models import Submission
from juries.aside import beside_any, kept_from, names_kept_from, speaks_of
from juries.models import Juror, Motion, Panel
from juries.operations.checks import held
from juries.queries.panels import candidates
from juries.workflow import PanelState


def deliberate(panel: Panel, *, by: Any) -> Panel:
    """Open the deliberation on a disclosed standing. Returns the panel. Raises Forbidden or Conflict."""
    return move(panel, "deliberate", by=by)


def check_deliberating(panel: Panel) -> None:
    """Raise Conflict unless the panel deliberates."""
    if panel.state != PanelState.DELIBERATION:
        raise Conflict("not_deliberating", _("This belongs to the deliberation."))


@transaction.atomic
def put_motion(
    panel: Panel,
    text: str,
    *,
    votes_for: int,
    votes_against: int,
    abstentions: int = 0,
    casting: str = "",
    submission: Submission | None = None,
    by: Any,
) -> Motion:
    """Record a motion on `submission`, or on the whole of the decision, and the vote of the voices present.

    `casting`, "for" or "against", is the chair's where votes are equal: without it such a motion is not carried.
    Whoever stands aside from `submission`, or from what the text names, has no vote on it and is not shown it. Returns
    the motion, kept without the quorum too. Raises Forbidden (`by` stands aside from it), Invalid (no text, more votes
    than voices that may vote on it, a casting vote without a tie or without the chair) or Conflict.
    """
    require(by, "juries.chair_panel", panel)
    panel = held(panel)
    check_deliberating(panel)
    text = " ".join(text.split())
    if not text or len(text) > 250:
        raise Invalid("bad_motion", _("Word the motion, in 250 characters at most."), field="text")
    check_plain(text, field="text")
    _check_concerned(panel, submission, text, by)
    voices = Juror.objects.filter(panel=panel, has_voice=True, is_present=True)
    shut = shut_to(panel, text, submission)
    _check_count(voices, shut, (votes_for, votes_against, abstentions))
    if casting:
        _check_casting(panel, casting, shut, is_tied=votes_for == votes_against)
    counts = {"votes_for": votes_for, "votes_against": votes_against, "abstentions": abstentions}
    there = {"present": voices.count(), "quorum": panel.quorum}
    motion = Motion.objects.create(panel=panel, text=text, submission=submission, casting=casting, **counts, **there)
    record(panel, "put_motion", by=by, data=_trace(motion))
    return motion


def _trace(motion: Motion) -> dict[str, Any]:
    told: dict[str, Any] = {"motion": motion.pk, "for": motion.votes_for, "against": motion.votes_against}
    told |= {"casting": motion.casting} if motion.casting else {}
    told |= {"submission": str(motion.submission_id)} if motion.submission_id else {}
    return told | ({"present": motion.present, "quorum": motion.quorum} if motion.lacks_quorum else {})


def _check_concerned(panel: Panel, submission: Submission | None, text: str, by: Any) -> None:
    """Raise Forbidden for a motion on what `by` stands aside from, Invalid for an application that is not before
    `panel`.
    """
    if submission is not None and submission.pk in kept_from(panel, by):
        raise Forbidden("stands_aside", _("You stand aside from the application that this motion concerns."))
    if speaks_of(text, names_kept_from(panel, by)):
        raise Forbidden("stands_aside", _("You stand aside from an application that this motion names."))
    if submission is not None and not candidates(panel).filter(pk=submission.pk).exists():
        raise Invalid("not_here", _("This application does not await this jury’s decision."), field="submission")


def shut_to(panel: Panel, text: str, submission: Submission | None) -> set[int]:
    """The persons on `panel` who stand aside from the application that a motion concerns, or from one it names."""
    before = panel.call.submissions.exclude(number=None).values_list("pk", "number", "title")
    found = {pk for pk, *names in before if speaks_of(text, [name for name in names if name])}
    if submission is not None:
        found.add(submission.pk)
    return set(beside_any(panel, found).values_list("user", flat=True))


def _check_count(voices: QuerySet[Juror], shut: set[int], votes: tuple[int, int, int]) -> None:
    """Raise Invalid unless `votes` (for, against, abstentions) are those of `voices`, without the persons of `shut`."""
    if min(votes) < 0:
        raise Invalid("bad_votes", _("Votes are counted from 0."), field="votes_for")
    present, voting, cast = voices.count(), voices.exclude(user__in=shut).count(), sum(votes)
    if 0 < cast <= voting:
        return
    sentence = _("%(cast)s votes were counted, and %(present)s voices are present.")
    if 0 < cast <= present:
        sentence = _(
            "%(cast)s votes were counted; of the %(present)s voices present, %(voting)s may vote on it: the others "
            "stand aside from the application concerned."
        )
    words = {"cast": cast, "present": present, "voting": voting}
    raise Invalid("bad_votes", sentence % words, field="votes_for")


def _check_casting(panel: Panel, casting: str, shut: set[int], *, is_tied: bool) -> None:
    """Raise Invalid unless the chair, present and not among the persons of `shut`, may part equal votes."""
    if casting not in Motion.Casting.values:
        raise Invalid("bad_casting", _("A casting vote is for or against."), field="casting")
    if not is_tied:
        raise Invalid("no_tie", _("The chair’s casting vote parts equal votes, and these are not."), field="casting")
    chairs = Juror.objects.filter(panel=panel, is_chair=True, is_present=True)
    if not chairs.exists():
        raise Invalid("no_chair", _("The casting vote is the chair’s, who is not marked as present."), field="casting")
    if not chairs.exclude(user__in=shut).exists():
        sentence = _("The casting vote is the chair’s, who stands aside from the application concerned.")
        raise Invalid("chair_aside", sentence, field="casting")
