"""One juror's sheet on one application: saved mark by mark, handed in or abstained from, taken back until the lock."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import validate_plain
from bethune_smartcity.lifecycle.moves import move
from calls.models import Criterion
from juries.models import Assignment, Mark, Panel, Sheet
from juries.operations.checks import held, require_state
from juries.queries.panels import criteria_of
from juries.workflow import PanelState, SheetState

LONGEST = 4000
"""Characters of a comment or a note."""
LONGEST_REASON = 500
HALF = Decimal("0.5")
CHANGED = _("This sheet was changed on another device: compare with what it holds now, then save again.")


class ChangedElsewhere(Conflict):
    """What the sheet holds now was never seen by whoever writes: `held`, value by value as given. Nothing was saved."""

    def __init__(self, held: Sequence[Any] = ()) -> None:
        super().__init__("changed_elsewhere", CHANGED)
        self.held = held


@transaction.atomic
def save_sheet(
    duty: Sheet | Assignment,
    *,
    marks: Mapping[Criterion, Decimal | None] | None = None,
    comments: Mapping[Criterion, str] | None = None,
    comment: str | None = None,
    private_note: str | None = None,
    version: int | None = None,
    seen: Collection[Any] = (),
    by: Any,
) -> Sheet:
    """Save what is given of a sheet and leave the rest as it is: one mark, one comment or all of them.

    `marks` are halves within the criterion's scale, None to take one away. `version` is the one the juror last saw (0
    before the first save; None writes without comparing); where the sheet has another, what is given is written all the
    same if it replaces what was `seen`, values the juror's page read or sent itself. Returns the sheet with its new
    version. Raises Forbidden, Invalid (at field `mark-<criterion>`, `comment-<criterion>`, `comment` or
    `private_note`), Conflict (sheets not open, sheet handed in or abstained from) or ChangedElsewhere: on another
    device, to something else than is given.
    """
    sheet, panel = _held_sheet(duty, is_new=version == 0)
    require_state(panel, [PanelState.OPEN], _("The sheets of this panel are not open."))
    require(by, "juries.write_sheet", sheet)
    given = _checked(panel, marks or {}, comments or {})
    texts = {"comment": comment, "private_note": private_note}
    fields = {name: _plain(text, name) for name, text in texts.items() if text is not None}
    _require_draft(sheet)
    kept = {mark.criterion_id: mark for mark in sheet.marks.all()} if sheet.pk else {}
    if version is not None and version != sheet.version:
        pairs = list(_pairs(sheet, kept, given, fields))
        if all(now == wanted for now, wanted in pairs):
            return sheet
        if any(now not in seen for now, _wanted in pairs):
            raise ChangedElsewhere([now for now, _wanted in pairs])
    _write(sheet, fields)
    _write_marks(sheet, kept, given)
    return sheet


def _require_draft(sheet: Sheet) -> None:
    if sheet.state == SheetState.HANDED_IN:
        raise Conflict("handed_in", _("This sheet is handed in: take it back to change it."))
    if sheet.state == SheetState.ABSTAINED:
        raise Conflict("abstained", _("You abstain from this application: take the sheet back to mark it."))


Given = dict[int, dict[str, Any]]
"""Per criterion, the columns of a mark to set."""


def _held_sheet(duty: Sheet | Assignment, *, is_new: bool = False) -> tuple[Sheet, Panel]:
    """The sheet as it is now (new and unsaved before the first mark), with its panel held so that no lock passes.

    The panel is held first, as every act on it does. The sheet is held with it, or read after where none is expected
    (`is_new`): else PostgreSQL, having waited for another save, would still answer what it held before that.
    """
    rows = Sheet.objects.select_related("juror__panel").filter(juror=duty.juror_id, submission=duty.submission_id)
    if is_new:
        panel = held(duty.juror.panel)
        return rows.first() or Sheet(juror=duty.juror, submission_id=duty.submission_id), panel
    found = rows.select_for_update(of=("juror__panel", "self")).first()
    return (found, found.juror.panel) if found is not None else _held_sheet(duty, is_new=True)


def _checked(panel: Panel, marks: Mapping[Criterion, Decimal | None], comments: Mapping[Criterion, str]) -> Given:
    given: Given = {}
    for criterion, value in marks.items():
        _check_mark(panel, criterion, value)
        given.setdefault(criterion.pk, {})["value"] = value
    for criterion, text in comments.items():
        _check_mark(panel, criterion, None)
        given.setdefault(criterion.pk, {})["comment"] = _plain(text, f"comment-{criterion.pk}")
    return given


def _check_mark(panel: Panel, criterion: Criterion, value: Decimal | None) -> None:
    field = f"mark-{criterion.pk}"
    if (criterion.call_id, criterion.stage) != (panel.call_id, panel.stage):
        raise Invalid("unknown_criterion", _("This criterion is not one of this panel."), field=field)
    if value is None:
        return
    halves = value.is_finite() and value % HALF == 0
    if not halves or not criterion.minimum <= value <= criterion.maximum:
        low, high = f"{criterion.minimum.normalize():f}", f"{criterion.maximum.normalize():f}"
        raise Invalid(
            "out_of_scale", _("Marks go from %(low)s to %(high)s, by halves.") % {"low": low, "high": high}, field=field
        )


def _plain(text: str, field: str, longest: int = LONGEST) -> str:
    if len(text) > longest:
        raise Invalid("too_long", _("Write at most %(n)s characters.") % {"n": wording.number(longest)}, field=field)
    try:
        validate_plain(text)
    except ValidationError as error:
        raise Invalid("odd_characters", error.messages[0], field=field) from error
    return text


def _pairs(sheet: Sheet, kept: dict[int, Mark], given: Given, fields: dict[str, str]) -> Iterator[tuple[Any, Any]]:
    """What the sheet holds beside what is given in its place."""
    for name, text in fields.items():
        yield getattr(sheet, name), text
    for key, row in given.items():
        for name, value in row.items():
            yield getattr(kept.get(key) or Mark(), name), value


def _write(sheet: Sheet, fields: dict[str, str]) -> None:
    """Write the sheet's own columns and its next version, comparing with what was read."""
    now, seen = clock.now(), sheet.version
    for name, value in {**fields, "version": seen + 1, "edited_at": now}.items():
        setattr(sheet, name, value)
    if sheet.pk is None:
        _begin(sheet)
        return
    rows = Sheet.objects.filter(pk=sheet.pk, version=seen, state=SheetState.DRAFT)
    if not rows.update(**fields, version=seen + 1, edited_at=now):
        raise ChangedElsewhere


def _begin(sheet: Sheet) -> None:
    """Write a sheet for the first time; another device may have done so in the same instant."""
    try:
        sheet.save()
    except IntegrityError:
        raise ChangedElsewhere from None


def _write_marks(sheet: Sheet, kept: dict[int, Mark], given: Given) -> None:
    rows = []
    for key, columns in given.items():
        row = kept.get(key) or Mark(sheet=sheet, criterion_id=key)
        for name, value in columns.items():
            setattr(row, name, value)
        rows.append(Mark(sheet_id=sheet.pk, criterion_id=key, value=row.value, comment=row.comment))
    if rows:
        Mark.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["sheet", "criterion"], update_fields=["value", "comment"]
        )


@transaction.atomic
def hand_in(sheet: Sheet, *, by: Any) -> Sheet:
    """Hand in a sheet whose counted marks are all given. Returns it. Raises Forbidden, Invalid or Conflict."""
    _require_open(sheet)
    move(sheet, "hand_in", by=by, guard=_require_complete, handed_in_at=clock.now())
    return sheet


def check_abstainable(duty: Assignment) -> None:
    """Raise Conflict, which says why, where its juror can no longer abstain from what they were asked to read."""
    require_state(duty.juror.panel, [PanelState.OPEN], _("The sheets of this panel are not open."))
    sheet = Sheet.objects.filter(juror=duty.juror_id, submission=duty.submission_id).only("state").first()
    if sheet is not None:
        _require_draft(sheet)


@transaction.atomic
def abstain(duty: Sheet | Assignment, *, reason: str, by: Any) -> Sheet:
    """Note that the juror cannot judge what they were asked to read, for a `reason` in words.

    This is no conflict of interest: the application stays open to them. The sheet counts nowhere, what was marked on
    it waits in case it is taken back, and the plan may ask another juror instead, never the same. Returns the sheet.
    Raises Forbidden, Invalid (at field `reason`: none, too long, odd characters) or Conflict (sheets not open, sheet
    handed in or abstained from).
    """
    sheet, panel = _held_sheet(duty)
    require_state(panel, [PanelState.OPEN], _("The sheets of this panel are not open."))
    require(by, "juries.write_sheet", sheet)
    _require_draft(sheet)
    text = _plain(reason.strip(), "reason", LONGEST_REASON)
    if sheet.pk is None:
        _begin(sheet)
    return move(sheet, "abstain", by=by, reason=text, abstained_for=text, edited_at=clock.now())


@transaction.atomic
def take_back(sheet: Sheet, *, by: Any) -> Sheet:
    """Take back a sheet handed in or abstained from, to change it, until the marks are locked or, for one of the first
    reading, a second one begins.

    Returns it. Raises Forbidden or Conflict.
    """
    _require_open(sheet)
    if sheet.is_of_first_reading:
        raise Conflict("first_reading_closed", _("The second reading has begun: first sheets stay as handed in."))
    move(sheet, "take_back", by=by, handed_in_at=None, abstained_for="")
    return sheet


def _require_open(sheet: Sheet) -> None:
    require_state(held(sheet.juror.panel), [PanelState.OPEN], _("The sheets of this panel are not open."))


def _require_complete(sheet: Sheet) -> None:
    given = set(sheet.marks.filter(value__isnull=False).values_list("criterion", flat=True))
    lacking = [c for c in criteria_of(sheet.juror.panel) if c.counted and c.pk not in given]
    if lacking:
        names = ", ".join(criterion.label for criterion in lacking)
        raise Invalid(
            "marks_missing",
            _("Marks still missing: %(names)s.") % {"names": names},
            field=f"mark-{lacking[0].pk}",
        )
