"""What members of a panel read of one application while they deliberate. Jurors' marks are not among it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, F

from calls.models import Submission
from juries.models import Declaration, Mark, Panel, Proposal, Remark, Standing
from juries.queries.standings import counted_sheets


@dataclass(frozen=True)
class Comments:
    """What its readers wrote to the applicant, without who wrote it: on the whole, and by criterion."""

    whole: list[str] = field(default_factory=list)
    by_criterion: dict[str, list[str]] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many comments there are."""
        return len(self.whole) + sum(len(texts) for texts in self.by_criterion.values())


def is_declared(user: Any, submission: Any) -> bool:
    """Whether `user` has said, from any seat, that nothing links them to the application of that key. One statement."""
    return Declaration.objects.filter(juror__user=user.pk, submission=submission).exists()


def line_of(standing: Standing, submission: Any, viewer: Any) -> Any:
    """The line of an application in `standing`, by its key; `is_declared` on it: what the function of that name says of
    `viewer`.
    """
    declared = Declaration.objects.filter(juror__user=viewer.pk, submission=submission)
    lines = standing.lines.select_related("submission__pillar").annotate(is_declared=Exists(declared))
    return lines.filter(submission=submission).first()


def comments_on(panel: Panel, submission: Submission) -> Comments:
    """What the sheets that count say to the applicant, in an order that does not tell whose it is. Two statements."""
    return comments_by(panel, [submission.pk])[submission.pk]


def comments_by(panel: Panel, submissions: Collection[UUID]) -> dict[UUID, Comments]:
    """The same of each of `submissions`, by its key. Two statements, however many there are."""
    found = {key: Comments() for key in submissions}
    sheets = counted_sheets(panel).filter(submission__in=submissions)
    for key, text in sheets.exclude(comment="").order_by("comment").values_list("submission", "comment"):
        found[key].whole.append(text)
    said = Mark.objects.filter(sheet__in=sheets.order_by().values("pk")).exclude(comment="")
    marks = said.select_related("criterion").annotate(about=F("sheet__submission"))
    for mark in marks.order_by("criterion__order", "criterion", "comment"):
        found[mark.about].by_criterion.setdefault(mark.criterion.label, []).append(mark.comment)
    return found


def remarks_on(panel: Panel, submission: Submission) -> list[Remark]:
    """The debate on `submission`, the oldest first. One statement."""
    said = Remark.objects.free().filter(panel=panel, submission=submission)
    return list(said.select_related("juror__user").order_by("at", "pk"))


def proposals_on(panel: Panel, submission: Submission) -> list[Proposal]:
    """What is proposed of `submission`, if anything: several where it gets several prizes, by rank. One statement."""
    found = Proposal.objects.filter(panel=panel, submission=submission)
    return list(found.select_related("prize").order_by("prize__rank"))
