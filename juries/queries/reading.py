"""What a juror has to read, what each application says, what is still to declare."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.utils import formats

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.rules import is_signed_in
from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.files.models import Preview, StoredFile, held_back
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.answers import shown_lines
from calls.conditions import asked
from calls.models import Attachment, Call, Criterion, Question, Submission
from calls.wordings import form_at
from calls.workflow import SubmissionState
from juries.aside import apart
from juries.models import Assignment, Declaration, Juror, Mark, Panel, Recusal, Sheet, Slot
from juries.queries.panels import IN_SCOPE, STAGE, candidates, conflicts
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
SHEET = {f"own_{field.attname}": field for field in Sheet._meta.concrete_fields}
DECK = ("pk", "name", "size", "scan")


def _duty_and_sheet(**of: Any) -> QuerySet[Assignment]:
    """The duty with `is_open`, the columns of its sheet and those of the finalist's deck, where there are any."""
    own = FilteredRelation("submission__sheets", condition=Q(submission__sheets__juror=F("juror")))
    word = FilteredRelation("submission__attendances", condition=Q(submission__attendances__panel=F("juror__panel")))
    sheet = {name: F(f"own__{field.name}") for name, field in SHEET.items()}
    deck = {f"deck_{name}": F(f"word__deck__{name}") for name in DECK}
    found = _duty(**of).with_openness().annotate(own=own, word=word)
    return found.annotate(**sheet, **deck, deck_sent_at=F("word__deck_sent_at"))


TO_READ = Compiled(_duty_and_sheet, **SLOTS)
TO_SAVE = Compiled(lambda **of: _duty(**of).select_related(None).select_related("juror__panel"), **SLOTS)


def duty_to_read(user: Any, panel: Any, submission: Any) -> Assignment | None:
    """What `user` is asked to read of these keys, with all that its page tells, `is_open`, the columns of their sheet
    (see `own_sheet`) and of a deck (see `deck_of`). One statement.
    """
    return TO_READ.first(user=user.pk, panel=panel, submission=submission)


@dataclass(frozen=True, slots=True)
class Deck:
    """The deck of a finalist's pitch: the key, name and octets of its file, what the antivirus says of it, and the
    instant it was sent.
    """

    pk: Any
    name: str
    size: int
    scan: str
    sent_at: datetime

    @property
    def held_back(self) -> str:
        """Why nobody opens it, as long as nobody does."""
        return held_back(self.scan)


def deck_of(duty: Any) -> Deck | None:
    """The deck of what a juror is asked to read in a finale, from `duty_to_read`. No statement."""
    return Deck(*(getattr(duty, f"deck_{name}") for name in DECK), duty.deck_sent_at) if duty.deck_pk else None


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


def _seat(user: Any, panel: Any) -> QuerySet[Juror]:
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    own = Juror.objects.filter(~Exists(aside), user=user, panel=panel, left_at__isnull=True)
    return own.select_related("user", "panel__call")


SEAT = Compiled(_seat, user=User._meta.pk, panel=Panel._meta.pk)


def seat_of(user: Any, panel: Any) -> Juror | None:
    """The seat of `user` on the panel of that key, with the panel and its call; None without one, once they left it,
    and for who stands aside from the whole session. One statement.
    """
    return SEAT.first(user=user.pk, panel=panel) if is_signed_in(user) else None


def _closings() -> QuerySet[JournalEntry, Any]:
    """When the sheets of the panel of a seat last closed."""
    kind = {"subject_type__app_label": Panel._meta.app_label, "subject_type__model": Panel._meta.model_name}
    own = JournalEntry.objects.filter(**kind, subject_id=Cast(OuterRef("panel_id"), CharField()))
    return own.filter(to_state=PanelState.LOCKED).order_by("-at", "-pk").values("at")[:1]


def _seat_in_room(user: Any, panel: Any) -> QuerySet[Juror]:
    under_way = Q(panel__slots__began_at__isnull=False, panel__slots__ended_at__isnull=True)
    found = _seat(user, panel).annotate(pitch=FilteredRelation("panel__slots", condition=under_way))
    return found.annotate(
        pitch_slot=Case(When(apart(user, "pitch__submission"), then=F("pitch__pk"))),
        pitch_submission=F("pitch__submission"),
        pitch_title=F("pitch__submission__title"),
        pitch_began_at=F("pitch__began_at"),
        closed_at=Subquery(_closings()),
    )


SEAT_IN_ROOM = Compiled(_seat_in_room, user=User._meta.pk, panel=Panel._meta.pk)


def seat_in_room(user: Any, panel: Any) -> Juror | None:
    """The same with what `pitch_in_progress` tells, and `closed_at`, when its sheets last closed. One statement: there
    is one pitch at a time, or none.
    """
    return SEAT_IN_ROOM.first(user=user.pk, panel=panel) if is_signed_in(user) else None


def pitch_in_progress(seat: Any) -> Slot | None:
    """The pitch in progress before the panel of a `seat` read by `seat_in_room`, with the title of its application;
    None where its juror stands aside from it.
    """
    if seat.pitch_slot is None:
        return None
    submission = Submission(pk=seat.pitch_submission, title=seat.pitch_title)
    return Slot(pk=seat.pitch_slot, panel=seat.panel, submission=submission, began_at=seat.pitch_began_at)


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
    """The applications on which the juror has still to say whether a link exists: theirs, or all before the plan.
    Finalists are named once the decision that made them is public.
    """
    panel = juror.panel
    found = candidates(panel).select_related("structure", "pillar")
    if panel.stage == Panel.Stage.FINALE:
        found = found.filter(decision_public_at__lte=clock.now())
    if panel.state != PanelState.PREPARATION:
        found = found.filter(Exists(Assignment.objects.filter(juror=juror, submission=OuterRef("pk"))))
    known = Declaration.objects.filter(juror=juror, submission=OuterRef("pk"))
    waiting = list(found.filter(~Exists(known)))
    aside = conflicts(panel, [submission.pk for submission in waiting])
    return [submission for submission in waiting if (submission.pk, juror.pk) not in aside]


def may_be_linked_to(juror: Juror) -> list[Submission]:
    """The applications with which the juror may find a link at any time: theirs, and all that the panel weighs, which
    they may come to read; without those they stand aside from. Finalists as in `to_declare`. One statement.
    """
    panel = juror.panel
    weighed = Q(state=IN_SCOPE[Panel.Stage(panel.stage)])
    if panel.stage == Panel.Stage.FINALE:
        weighed &= Q(decision_public_at__lte=clock.now())
    if panel.state != PanelState.PREPARATION:
        weighed |= Q(Exists(Assignment.objects.filter(juror=juror, submission=OuterRef("pk"))))
    found = Submission.objects.filter(weighed, apart(juror.user_id), call=panel.call_id)
    return list(found.exclude(state=SubmissionState.WITHDRAWN).select_related("structure").order_by("number"))


def own_sheet(duty: Any) -> Sheet | None:
    """The juror's sheet on what they are asked to read, if begun, from `duty_to_read`. No statement."""
    if duty.own_id is None:
        return None
    sheet = Sheet.from_db(None, [field.attname for field in SHEET.values()], [getattr(duty, name) for name in SHEET])
    sheet._state.db = duty._state.db
    return sheet


def _marked(call: Any, stage: Any, sheet: Any) -> QuerySet[Criterion]:
    """The criteria of a stage, each with the mark it has in a sheet, where it has one."""
    given = FilteredRelation("marks", condition=Q(marks__sheet=sheet))
    columns = {f"given_{name}": F(f"given__{name}") for name in ("pk", "value", "comment")}
    return Criterion.objects.filter(call=call, stage=stage).annotate(given=given).annotate(**columns)


MARKED = Compiled(_marked, **STAGE, sheet=Sheet._meta.pk)
NO_SHEET = 0


def criteria_and_marks(panel: Panel, sheet: Sheet | None) -> tuple[list[Criterion], dict[int, Mark]]:
    """The criteria of the panel's stage in the order of the rules, and the marks of `sheet`, which holds them from then
    on, by the keys of their criteria. One statement.
    """
    found = MARKED.fetch(call=panel.call_id, stage=panel.stage, sheet=sheet.pk if sheet else NO_SHEET)
    marks = {}
    for one in found:
        if sheet is not None and one.given_pk is not None:
            given = {"value": one.given_value, "comment": one.given_comment}
            marks[one.pk] = Mark(pk=one.given_pk, sheet=sheet, criterion=one, **given)
    if sheet is not None:
        held = sheet.marks.all()
        held._result_cache = list(marks.values())
        sheet._prefetched_objects_cache = {"marks": held}  # type: ignore[attr-defined]
    return found, marks


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
