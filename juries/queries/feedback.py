"""What applicants may read of the marks they were given: means and comments, never a juror."""

from decimal import Decimal

from django.utils import formats

from calls.feedback import Feedback, Judged
from calls.models import Criterion, Submission
from juries.models import Mark, Panel, Sheet, Standing
from juries.queries.panels import criteria_of
from juries.queries.standings import current_standing
from juries.scoring.ranking import displayed


def feedback(submission: Submission, with_comments: bool) -> list[Feedback]:
    """Each stage whose standing in force counts sheets on `submission`, in their order; comments where allowed.

    Means come from what the standing froze, as the ranking does. Comments are those of the sheets it counts, in the
    order of their words, which says nothing of who wrote them.
    """
    panels = Panel.objects.filter(call=submission.call_id).select_related("call")
    ordered = sorted(panels, key=lambda panel: Criterion.Stage.values.index(panel.stage))
    standings = [(panel, current_standing(panel)) for panel in ordered]
    told = [_of_panel(panel, frozen, submission, with_comments) for panel, frozen in standings if frozen]
    return [stage for stage in told if stage is not None]


def _of_panel(panel: Panel, frozen: Standing, submission: Submission, with_comments: bool) -> Feedback | None:
    inputs = frozen.inputs
    rows = [place for place, one in enumerate(inputs["submissions"]) if one["id"] == str(submission.pk)]
    counted = [sheet for sheet in inputs["sheets"] if sheet["submission"] in rows]
    if not counted:
        return None
    jurors = [inputs["jurors"][sheet["juror"]] for sheet in counted]
    sheets = Sheet.objects.filter(submission=submission, juror__in=jurors).prefetch_related("marks")
    written = list(sheets) if with_comments else []
    marks = {one["id"]: [sheet["marks"][place] for sheet in counted] for place, one in enumerate(inputs["criteria"])}
    judged = [_of_criterion(criterion, marks.get(criterion.pk, []), written) for criterion in criteria_of(panel)]
    stage = str(Criterion.Stage(panel.stage).label)
    return Feedback(stage, len(counted), [each for each in judged if each is not None], _written(written))


def _of_criterion(criterion: Criterion, marks: list[str | None], sheets: list[Sheet]) -> Judged | None:
    values = [Decimal(mark) for mark in marks if mark is not None]
    if not values:
        return None
    mean = displayed(sum(values, Decimal(0)) / len(values))
    own = [mark for sheet in sheets for mark in sheet.marks.all() if mark.criterion_id == criterion.pk]
    return Judged(criterion.label, _figure(mean), _figure(criterion.maximum), _written(own))


def _figure(value: Decimal) -> str:
    short = Decimal(value).normalize()
    return str(formats.number_format(short, max(0, -int(short.as_tuple().exponent)), use_l10n=True))


def _written(rows: list[Sheet] | list[Mark]) -> list[str]:
    return sorted(row.comment.strip() for row in rows if row.comment.strip())
