"""What applicants may read of the marks they were given: means and comments, never a juror."""

from decimal import Decimal

from django.utils import formats

from calls.feedback import Feedback, Judged
from calls.models import Criterion, Submission
from juries.models import Mark, Panel, Sheet
from juries.queries.panels import criteria_of
from juries.queries.standings import counted_sheets, current_standing
from juries.scoring.ranking import displayed


def feedback(submission: Submission, with_comments: bool) -> list[Feedback]:
    """Each stage whose standing is frozen and that read `submission`, in their order; comments where allowed.

    Comments come in the order of their words, which says nothing of who wrote them.
    """
    panels = Panel.objects.filter(call=submission.call_id).select_related("call")
    ordered = sorted(panels, key=lambda panel: Criterion.Stage.values.index(panel.stage))
    told = [_of_panel(panel, submission, with_comments) for panel in ordered if current_standing(panel)]
    return [stage for stage in told if stage is not None]


def _of_panel(panel: Panel, submission: Submission, with_comments: bool) -> Feedback | None:
    sheets = list(counted_sheets(panel).filter(submission=submission).prefetch_related("marks"))
    if not sheets:
        return None
    marks = [mark for sheet in sheets for mark in sheet.marks.all()]
    judged = [_of_criterion(criterion, marks, with_comments) for criterion in criteria_of(panel)]
    comments = _written(sheets) if with_comments else []
    stage = str(Criterion.Stage(panel.stage).label)
    return Feedback(stage, len(sheets), [each for each in judged if each is not None], comments)


def _of_criterion(criterion: Criterion, marks: list[Mark], with_comments: bool) -> Judged | None:
    own = [mark for mark in marks if mark.criterion_id == criterion.pk]
    values = [mark.value for mark in own if mark.value is not None]
    if not values:
        return None
    mean = displayed(sum(values, Decimal(0)) / len(values))
    comments = _written(own) if with_comments else []
    return Judged(criterion.label, _figure(mean), _figure(criterion.maximum), comments)


def _figure(value: Decimal) -> str:
    short = Decimal(value).normalize()
    return str(formats.number_format(short, max(0, -int(short.as_tuple().exponent)), use_l10n=True))


def _written(rows: list[Sheet] | list[Mark]) -> list[str]:
    return sorted(row.comment.strip() for row in rows if row.comment.strip())
