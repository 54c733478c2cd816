"""What a juror has to read, what each application says, what is still to declare."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import formats

from bethune_smartcity.accounts.rules import is_signed_in
from calls.answers import shown_lines
from calls.conditions import asked
from calls.models import Attachment, Criterion, Question, Submission
from juries.models import Assignment, Declaration, Juror, Panel, Recusal, Sheet
from juries.queries.panels import candidates, conflicts
from juries.scoring.ranking import displayed
from juries.scoring.totals import total
from juries.workflow import PanelState


def listed_assignments(user: Any) -> QuerySet[Assignment]:
    """What `user` is asked to read, by name: without what they stand aside from."""
    if not is_signed_in(user):
        return Assignment.objects.none()
    return Assignment.objects.listed_for(user).select_related(
        "juror__panel__call", "juror__user", "submission__pillar", "submission__structure"
    )


def readable_assignments(user: Any) -> QuerySet[Assignment]:
    """What `user` may open now: sheets opened, charter accepted, no link declared."""
    return listed_assignments(user).opened()


def readable_documents(user: Any) -> QuerySet[Attachment, Any]:
    """The keys of the files handed in with the applications `user` may open as a juror, but those for agents only."""
    read = Attachment.objects.filter(submission__in=readable_assignments(user).values("submission"), set_aside=False)
    return read.exclude(question__audience=Question.Audience.AGENTS).values("file")


def seat_of(user: Any, panel: Panel) -> Juror | None:
    """The seat of `user` on `panel`, if any."""
    return panel.jurors.filter(user=user).select_related("user").first()


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and the lines of its answer."""

    question: Question
    lines: list[str]

    @property
    def url(self) -> str:
        """The address answered, where one was asked for."""
        return self.lines[0] if self.question.kind == Question.Kind.LINK and self.lines else ""


@dataclass(frozen=True, slots=True)
class Part:
    """A section of the form with what was answered."""

    title: str
    anchor: str
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application as a juror reads it."""

    parts: list[Part]
    attachments: list[Attachment]


def dossier(submission: Submission) -> Dossier:
    """What `submission` is asked and answers section by section, and its documents, as its jury reads it.

    What only agents read stays out. Two statements.
    """
    given = FilteredRelation("answers", condition=Q(answers__submission=submission))
    form = Question.objects.filter(section__call=submission.call_id).annotate(given=given, value=F("given__value"))
    questions = list(form.select_related("section").order_by("section__order", "section", "order", "pk"))
    keys = asked(questions, {question.pk: question.value or "" for question in questions})
    read = {q.pk: q for q in questions if q.pk in keys and q.audience != Question.Audience.AGENTS}
    parts: dict[int, Part] = {}
    for question in read.values():
        if question.kind == Question.Kind.FILE:
            continue
        section = question.section
        part = parts.setdefault(section.pk, Part(section.title, f"section-{section.order}", []))
        part.entries.append(Entry(question, shown_lines(question, question.value or "")))
    attachments = submission.attachments.select_related("file", "question").order_by(
        "question__section__order", "question__order"
    )
    return Dossier(list(parts.values()), [each for each in attachments if each.question_id in read])


def to_declare(juror: Juror) -> list[Submission]:
    """The applications on which the juror has still to say whether a link exists: theirs, or all before the plan."""
    panel = juror.panel
    found = candidates(panel).select_related("structure", "pillar")
    if panel.state != PanelState.PREPARATION:
        found = found.filter(Exists(Assignment.objects.filter(juror=juror, submission=OuterRef("pk"))))
    known = Declaration.objects.filter(juror=juror, submission=OuterRef("pk"))
    waiting = list(found.filter(~Exists(known)))
    aside = conflicts(panel, [submission.pk for submission in waiting])
    return [submission for submission in waiting if (submission.pk, juror.pk) not in aside]


def own_sheet(assignment: Assignment) -> Sheet | None:
    """The juror's sheet on what is assigned, if begun, with its marks. Two statements."""
    own = Sheet.objects.filter(juror=assignment.juror_id, submission=assignment.submission_id)
    return own.prefetch_related("marks").first()


def own_total(sheet: Sheet, criteria: list[Criterion]) -> str:
    """The juror's own total on 20 as it is read, empty while a counted mark lacks."""
    given = {mark.criterion_id: mark.value for mark in sheet.marks.all()}
    found = total(
        [given.get(criterion.pk) for criterion in criteria],
        [criterion.weight if criterion.counted else Decimal(0) for criterion in criteria],
        scale=[(criterion.minimum, criterion.maximum) for criterion in criteria],
    )
    if found is None:
        return ""
    short = displayed(found).normalize()
    return str(formats.number_format(short, max(0, -int(short.as_tuple().exponent)), use_l10n=True))


def own_recusals(juror: Juror) -> list[Recusal]:
    """What the juror stands aside from, by their own word, on this panel or another of the call."""
    return list(Recusal.objects.of(juror).select_related("submission"))
