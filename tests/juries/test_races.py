"""Several devices, several people, one instant: the panel and the sheet stay whole."""

from decimal import Decimal

from juries.models import Assignment, Mark, Panel, Sheet, Standing
from juries.operations import scoring
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, write
from tests.racing import racing, together

pytestmark = racing


def duty(pk):
    return Assignment.objects.select_related("juror__panel__call", "juror__user").get(pk=pk)


def test_parallel_first_saves_leave_one_sheet_with_the_acknowledged_value():
    jury = opened(applications=1)
    assignment, criterion = jury.assignment(1, 0), criteria_of(jury.panel)[0]

    def saving(value):
        mark = {criterion: Decimal(value)}
        return lambda: scoring.save_sheet(duty(assignment.pk), marks=mark, version=0, by=assignment.juror.user)

    came_to = together(*map(saving, range(6)))
    kept = [value for value, result in enumerate(came_to) if isinstance(result, Sheet)]
    assert len(kept) == 1
    assert (Sheet.objects.count(), Sheet.objects.get().version) == (1, 1)
    assert Mark.objects.get().value == kept[0]


def test_parallel_hand_ins_count_once():
    jury = opened(applications=1)
    sheet = write(jury.assignment(1, 0), 3, hand_in=False)

    def handing_in():
        fresh = Sheet.objects.select_related("juror__panel__call", "juror__user").get(pk=sheet.pk)
        return scoring.hand_in(fresh, by=fresh.juror.user)

    came_to = together(*[handing_in] * 4)
    assert sum(isinstance(result, Sheet) for result in came_to) == 1


def test_a_save_is_counted_before_the_lock_or_refused_after_it():
    jury = opened(applications=1)
    for juror in range(3):
        write(jury.assignment(juror, 0), 3)
    taken = Sheet.objects.select_related("juror__panel__call", "juror__user").get(juror=jury.jurors[1])
    scoring.take_back(taken, by=taken.juror.user)
    last = duty(jury.assignment(1, 0).pk)
    criterion = criteria_of(jury.panel)[0]

    def late():
        sheet = scoring.save_sheet(last, marks={criterion: Decimal(5)}, by=last.juror.user)
        return scoring.hand_in(sheet, by=last.juror.user)

    def lock():
        return scoring.lock_panel(Panel.objects.select_related("call").get(pk=jury.panel.pk), by=jury.chair)

    handed_in, _standing = together(late, lock)
    counted = Standing.objects.get().lines.get().sheets
    assert counted == (3 if isinstance(handed_in, Sheet) else 2)
