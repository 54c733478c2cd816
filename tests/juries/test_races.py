"""Several devices, several people, one instant: the panel and the sheet stay whole."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.lifecycle.moves import record
from calls.models import Criterion
from juries.models import Assignment, BallotLink, Juror, Mark, Panel, SeatInvitation, Sheet, Standing
from juries.operations import panels, scoring, voting
from juries.operations.panels import assignments, recusals
from juries.operations.scoring import sheets, standings
from juries.operations.voting import online
from juries.queries.invariants import assignments_know_what_is_declared
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, prepared, write
from tests.juries.finale import a_finale
from tests.racing import meet_before, racing, together

pytestmark = racing


def duty(pk):
    return Assignment.objects.select_related("juror__panel__call", "juror__user").get(pk=pk)


@contextmanager
def unguarded(model, name):
    """Let rows of `model` break the constraint `name`, which holds again once they are gone."""
    constraint = next(each for each in model._meta.constraints if each.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        model.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)


def write_without_comparing(sheet, fields):
    """What a save would be if it did not look whether the sheet is still what was read."""
    for name, value in {**fields, "version": sheet.version + 1, "edited_at": clock.now()}.items():
        setattr(sheet, name, value)
    sheet.save()


@pytest.fixture
def compared(guarded, monkeypatch):
    """Whether rows are held and saves compared."""
    if not guarded:
        monkeypatch.setattr(sheets, "_write", write_without_comparing)
    return guarded


def begun(jury, monkeypatch):
    """A reading of the second juror, whose sheet is there and empty: its version is 1. The next saves are sure to meet
    where none is held.
    """
    assignment = jury.assignment(1, 0)
    scoring.save_sheet(assignment, comment="", by=assignment.juror.user)
    meet_before(monkeypatch, sheets, "_write", patience=2)
    return assignment


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


def test_control_without_its_constraint_parallel_first_saves_leave_several_sheets(guarded, monkeypatch):
    if guarded:
        pytest.skip("The control of the test above.")
    jury = opened(applications=1)
    assignment, criterion = jury.assignment(1, 0), criteria_of(jury.panel)[0]
    meet_before(monkeypatch, sheets, "_begin", n=6, patience=5)

    def saving(value):
        mark = {criterion: Decimal(value)}
        return lambda: scoring.save_sheet(duty(assignment.pk), marks=mark, version=0, by=assignment.juror.user)

    with unguarded(Sheet, "juries_one_sheet"):
        came_to = together(*map(saving, range(6)))
        assert sum(isinstance(result, Sheet) for result in came_to) > 1
        assert Sheet.objects.count() > 1


def test_fifty_saves_at_once_leave_one_sheet_with_the_last_values_acknowledged(compared, monkeypatch):
    jury = opened(applications=1)
    assignment, both = begun(jury, monkeypatch), criteria_of(jury.panel)[:2]
    acknowledged = {}

    def saving(turn):
        criterion, value = both[turn % 2], Decimal(turn % 11) / 2

        def save():
            sheet = scoring.save_sheet(duty(assignment.pk), marks={criterion: value}, by=assignment.juror.user)
            acknowledged[sheet.version] = criterion.pk, value
            return sheet

        return save

    came_to = together(*map(saving, range(50)))
    kept = [result for result in came_to if isinstance(result, Sheet)]
    refused = {result.code for result in came_to if not isinstance(result, Sheet)}
    assert refused <= {"changed_elsewhere"}, came_to
    assert (sorted(acknowledged) == list(range(2, len(kept) + 2))) is compared
    if not compared:
        return
    assert len(kept) == 50, refused
    assert Sheet.objects.get().version == len(kept) + 1
    last = dict(acknowledged[version] for version in sorted(acknowledged))
    assert dict(Mark.objects.values_list("criterion", "value")) == last


@pytest.mark.parametrize("is_begun", [True, False], ids=["begun", "first"])
def test_saves_of_different_marks_at_once_are_all_accepted(is_begun, compared, monkeypatch):
    """Each says what it saw of its own mark: what another device wrote beside it is no clash."""
    if not (compared or is_begun):
        pytest.skip("The control of first saves is above.")
    jury = opened(applications=1)
    assignment, criteria = jury.assignment(1, 0), list(criteria_of(jury.panel))
    if is_begun:
        assignment = begun(jury, monkeypatch)

    def saving(criterion):
        given = {"marks": {criterion: Decimal(4)}, "version": 0, "seen": {None}}
        return lambda: scoring.save_sheet(duty(assignment.pk), **given, by=assignment.juror.user)

    came_to = together(*map(saving, criteria))
    if not compared:
        assert Sheet.objects.get().version < len(criteria) + 1
        return
    assert all(isinstance(result, Sheet) for result in came_to), came_to
    assert len(criteria) > 1
    assert Sheet.objects.get().version == len(criteria) + is_begun
    assert set(Mark.objects.values_list("criterion", "value")) == {(one.pk, 4) for one in criteria}


def test_fifty_saves_at_once_replace_nothing_that_their_device_had_not_seen(compared, monkeypatch):
    jury = opened(applications=1)
    Criterion.objects.filter(call=jury.call).update(maximum=99)
    assignment, both = begun(jury, monkeypatch), criteria_of(jury.panel)[:2]
    acknowledged = {}

    def saving(turn):
        criterion, value, seen = both[turn % 2], Decimal(turn), {None}

        def save():
            for _attempt in range(3):
                given = {"marks": {criterion: value}, "version": 0, "seen": set(seen)}
                try:
                    sheet = scoring.save_sheet(duty(assignment.pk), **given, by=assignment.juror.user)
                except scoring.ChangedElsewhere as refusal:
                    seen.update(refusal.held)
                    continue
                acknowledged[sheet.version] = criterion.pk, value, seen
                return sheet
            raise Conflict("given_up", "")

        return save

    came_to = together(*map(saving, range(50)))
    assert {result.code for result in came_to if not isinstance(result, Sheet)} <= {"given_up", "changed_elsewhere"}
    kept = sum(isinstance(result, Sheet) for result in came_to)
    assert (sorted(acknowledged) == list(range(2, kept + 2))) is compared
    if not compared:
        return
    held = {}
    for version in sorted(acknowledged):
        criterion, value, seen = acknowledged[version]
        assert held.get(criterion) in seen
        held[criterion] = value
    assert Sheet.objects.get().version == kept + 1
    assert dict(Mark.objects.values_list("criterion", "value")) == held


def move_without_comparing(obj, name, *, by, guard=None, **stamps):
    """What a move would be if it did not look whether the row is still in the state that was read."""
    Sheet.objects.filter(pk=obj.pk).update(state=obj.workflow[name].target, **stamps)
    record(obj, name, by=by)
    return obj


def test_parallel_hand_ins_count_once(guarded, monkeypatch):
    if not guarded:
        monkeypatch.setattr(sheets, "move", move_without_comparing)
    jury = opened(applications=1)
    sheet = write(jury.assignment(1, 0), 3, hand_in=False)

    def handing_in():
        fresh = Sheet.objects.select_related("juror__panel__call", "juror__user").get(pk=sheet.pk)
        return scoring.hand_in(fresh, by=fresh.juror.user)

    came_to = together(*[handing_in] * 4)
    assert sum(isinstance(result, Sheet) for result in came_to) == (1 if guarded else 4)
    assert JournalEntry.objects.filter(verb="hand_in").count() == (1 if guarded else 4)


def test_a_save_is_counted_before_the_lock_or_refused_after_it(guarded, monkeypatch):
    jury = opened(applications=1)
    for juror in range(3):
        write(jury.assignment(juror, 0), 3)
    taken = Sheet.objects.select_related("juror__panel__call", "juror__user").get(juror=jury.jurors[1])
    scoring.take_back(taken, by=taken.juror.user)
    last = duty(jury.assignment(1, 0).pk)
    criterion, gate = criteria_of(jury.panel)[0], Barrier(2)
    # Not held, the sheet is handed in between what the standing counted and the lock.
    meet_before(monkeypatch, sheets, "move", patience=5, gate=gate)
    meet_before(monkeypatch, standings, "record", patience=5, gate=gate)

    def late():
        sheet = scoring.save_sheet(last, marks={criterion: Decimal(5)}, by=last.juror.user)
        return scoring.hand_in(sheet, by=last.juror.user)

    def lock():
        return scoring.lock_panel(Panel.objects.select_related("call").get(pk=jury.panel.pk), by=jury.chair)

    handed_in, _standing = together(late, lock)
    counted = Standing.objects.get().lines.get().sheets
    assert (counted == (3 if isinstance(handed_in, Sheet) else 2)) is guarded


def test_what_is_declared_while_a_reading_is_given_is_known_of_it(guarded, monkeypatch):
    jury = prepared(jurors=2, applications=1)
    juror, one, gate = jury.jurors[1], jury.submissions[0], Barrier(2)
    panels.accept_charter(juror, by=juror.user)
    for module in (assignments, recusals):
        meet_before(monkeypatch, module, "record", gate=gate)
    together(
        lambda: panels.declare_no_link(Juror.objects.get(pk=juror.pk), [one], by=juror.user),
        lambda: panels.assign(Juror.objects.get(pk=juror.pk), one, by=jury.agent),
    )
    assert Assignment.objects.get().juror == juror
    assert bool(list(assignments_know_what_is_declared())) is not guarded


def a_vote():
    finale, now = a_finale(2), clock.now()
    opens_at, closes_at = now - timedelta(hours=1), now + timedelta(hours=1)
    return finale, voting.open_vote(finale.call, opens_at=opens_at, closes_at=closes_at, by=finale.agent)


def test_messages_asked_for_at_once_are_three_for_one_address(guarded, monkeypatch):
    _finale, vote = a_vote()
    meet_before(monkeypatch, online, "_check_network", n=5)
    came_to = together(*[lambda: voting.request_ballot(vote, "voter@ville.example")] * 5)
    assert BallotLink.objects.count() == sum(isinstance(result, BallotLink) for result in came_to)
    assert BallotLink.objects.count() == (online.MAILS_PER_ADDRESS if guarded else 5)


def test_codes_guessed_at_once_are_five_at_most(monkeypatch):
    finale, vote = a_vote()
    link = voting.request_ballot(vote, "voter@ville.example")
    BallotLink.objects.update(code_digest="0" * 64)
    meet_before(monkeypatch, online, "keyed", n=8)

    def guessing():
        held = BallotLink.objects.select_related("vote__call").get(pk=link.pk)
        return voting.cast_by_code(held, finale.finalists[0], code="000000")

    came_to = together(*[guessing] * 8)
    assert sum(isinstance(result, Invalid) for result in came_to) == online.WRONG_CODES
    assert sum(isinstance(result, Conflict) for result in came_to) == 8 - online.WRONG_CODES


def test_a_juror_s_link_followed_twice_at_once_seats_one_person_once():
    jury = prepared(jurors=1, applications=1)
    sent = panels.invite_juror(jury.panel, "new@town.example", by=jury.agent)

    def following():
        invitation = SeatInvitation.objects.select_related("panel__call").get(pk=sent.pk)
        return panels.accept_invitation(invitation, name="Ada Lovelace")

    came_to = together(following, following)
    assert sorted(isinstance(result, Juror) for result in came_to) == [False, True]
    assert Juror.objects.filter(user__email="new@town.example").count() == 1
