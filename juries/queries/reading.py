"""What a juror has to read, what each application says, what is still to declare."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import formats

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.rules import is_signed_in
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.files.models import Preview, StoredFile
from calls.answers import shown_lines
from calls.conditions import asked
from calls.models import Attachment, Call, Criterion, Question, Submission
from calls.wordings import form_at
from juries.models import Assignment, Declaration, Juror, Panel, Recusal, Sheet
from juries.queries.panels import candidates, conflicts
from juries.scoring.ranking import displayed
from juries.scoring.totals import total
from juries.workflow import PanelState


def listed_assignments(user: Any) -> QuerySet[Assignment]:
    """What `user` is asked to read, by name: without what they stand aside from."""
    if not is_signed_in(user):
        return Assignment.objects.none()
    return _listed_as(user.pk)


def _listed_as(key: Any) -> QuerySet[Assignment]:
    """The same by the key of a person, or the slot of one."""
    return Assignment.objects.listed_for(key).select_related(
        "juror__panel__call", "juror__user", "submission__pillar", "submission__structure"
    )


def _duty(user: Any, panel: Any, submission: Any) -> QuerySet[Assignment]:
    return _listed_as(user).filter(juror__panel=panel, submission=submission)


SLOTS = {"user": User._meta.pk, "panel": Panel._meta.pk, "submission": Submission._meta.pk}
TO_READ = Compiled(lambda **of: _duty(**of).with_openness(), **SLOTS)
TO_SAVE = Compiled(lambda **of: _duty(**of).select_related(None).select_related("juror__panel"), **SLOTS)


def duty_to_read(user: Any, panel: Any, submission: Any) -> Assignment | None:
    """What `user` is asked to read of these keys, with all that its page tells, and `is_open`. One statement."""
    return TO_READ.first(user=user.pk, panel=panel, submission=submission)


def duty_to_mark(user: Any, panel: Any, submission: Any) -> Assignment | None:
    """The same with its seat and panel alone, for a mark to save. One statement."""
    return TO_SAVE.first(user=user.pk, panel=panel, submission=submission)


def readable_assignments(user: Any) -> QuerySet[Assignment]:
    """What `user` may open now: sheets opened, charter accepted, no link declared."""
    return listed_assignments(user).opened()


def readable_documents(user: Any) -> QuerySet[Attachment, Any]:
    """The keys of the files handed in with the applications `user` may open as a juror, but those for agents only."""
    read = Attachment.objects.filter(submission__in=readable_assignments(user).values("submission"), set_aside=False)
    return read.exclude(question__audience=Question.Audience.AGENTS).values("file")


def documents_to_read() -> QuerySet[StoredFile]:
    """The documents that some juror is asked to read: those of applications given to one, but for agents only."""
    given = Assignment.objects.lasting().order_by().values("submission")
    attached = Attachment.objects.filter(submission__in=given, set_aside=False)
    read = attached.exclude(question__audience=Question.Audience.AGENTS)
    return StoredFile.objects.filter(pk__in=read.order_by().values("file")).order_by("created_at", "pk")


SEAT = Compiled(
    lambda user, panel: Juror.objects.filter(user=user, panel=panel).select_related("user"),
    user=User._meta.pk,
    panel=Panel._meta.pk,
)


def seat_of(user: Any, panel: Panel) -> Juror | None:
    """The seat of `user` on `panel`, if any."""
    return SEAT.first(user=user.pk, panel=panel.pk)


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
class Leaf:
    """A page of a document drawn: the key of its picture, and its size."""

    number: int
    picture: Any
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document handed in, and its pages as pictures where they are drawn."""

    attachment: Attachment
    pages: list[Leaf]

    @property
    def preview(self) -> Preview | None:
        """What is known of its pictures; None until they are begun."""
        return getattr(self.attachment.file, "preview", None)

    @property
    def is_undrawable(self) -> bool:
        """Whether its pages cannot be shown, and the document itself is to be opened."""
        return self.preview is not None and self.preview.state == Preview.State.NONE

    @property
    def is_cut(self) -> bool:
        """Whether it has more pages than are shown."""
        return self.preview is not None and 0 < len(self.pages) < self.preview.pages


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application as a juror reads it."""

    parts: list[Part]
    documents: list[Document]


def _answered(call: Any, submission: Any) -> QuerySet[Question]:
    """Every question a call ever asked, each with `value`, what the application answers to it."""
    given = FilteredRelation("answers", condition=Q(answers__submission=submission))
    form = Question.everything.filter(section__call=call).annotate(given=given, value=F("given__value"))
    return form.select_related("section").order_by("section__order", "section", "order", "pk")


LEAF = {f"page_{name}": F(f"file__drawn_pages__{name}") for name in ("number", "picture", "width", "height")}


def _documents(submission: Any) -> QuerySet[Attachment]:
    """Each document as often as it has pages drawn, once when it has none."""
    attached = Attachment.objects.filter(submission=submission).select_related("file__preview").annotate(**LEAF)
    return attached.order_by("question__section__order", "question__order", "question", "position", "page_number")


ANSWERED = Compiled(_answered, call=Call._meta.pk, submission=Submission._meta.pk)
DOCUMENTS = Compiled(_documents, submission=Submission._meta.pk)


def dossier(submission: Submission) -> Dossier:
    """What `submission` is asked and answers section by section, and its documents, as its jury reads it.

    What only agents read stays out. Two statements.
    """
    ever = ANSWERED.fetch(call=submission.call_id, submission=submission.pk)
    questions = form_at(ever, submission.form_read)
    keys = asked(questions, {question.pk: question.value or "" for question in questions})
    read = {q.pk: q for q in questions if q.pk in keys and q.audience != Question.Audience.AGENTS}
    parts: dict[int, Part] = {}
    for question in read.values():
        if question.kind == Question.Kind.FILE:
            continue
        section = question.section
        part = parts.setdefault(section.pk, Part(section.title, f"section-{section.order}", []))
        part.entries.append(Entry(question, shown_lines(question, question.value or "")))
    return Dossier(list(parts.values()), _documents_of(submission, read))


def _documents_of(submission: Submission, read: dict[int, Question]) -> list[Document]:
    """The documents of `submission` that answer the questions `read`, with their pages."""
    found: dict[int, Document] = {}
    for row in DOCUMENTS.fetch(submission=submission.pk):
        if row.question_id not in read:
            continue
        row.question = read[row.question_id]
        document = found.setdefault(row.pk, Document(row, []))
        if row.page_number is not None:
            document.pages.append(Leaf(row.page_number, row.page_picture, row.page_width, row.page_height))
    return list(found.values())


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


OWN_SHEET = Compiled(
    lambda juror, submission: Sheet.objects.filter(juror=juror, submission=submission).prefetch_related("marks"),
    juror=Juror._meta.pk,
    submission=Submission._meta.pk,
)


def own_sheet(assignment: Assignment) -> Sheet | None:
    """The juror's sheet on what is assigned, if begun, with its marks. Two statements."""
    return OWN_SHEET.first(juror=assignment.juror_id, submission=assignment.submission_id)


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


OWN_RECUSALS = Compiled(
    lambda user, panel, call: (
        Recusal.objects.on_keys(panel, call).filter(juror__user=user).select_related("submission")
    ),
    user=User._meta.pk,
    panel=Panel._meta.pk,
    call=Call._meta.pk,
)


def own_recusals(juror: Juror) -> list[Recusal]:
    """What the juror stands aside from, by their own word, on this panel or another of the call."""
    return OWN_RECUSALS.fetch(user=juror.user_id, panel=juror.panel_id, call=juror.panel.call_id)
