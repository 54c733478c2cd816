"""Several devices, several people, one instant: the panel and the sheet stay whole."""

from datetime import timedelta
from decimal import Decimal
from threading import Barrier

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from calls.models import Criterion
from juries.models import Assignment, BallotLink, Juror, Mark, Panel, SeatInvitation, Sheet, Standing
from juries.operations import panels, scoring, voting
from juries.operations.panels import assignments, recusals
from juries.operations.voting import online
from juries.queries.invariants import assignments_know_what_is_declared
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, prepared, write
from tests.juries.finale import a_finale
from tests.racing import meet_before, racing, together

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


def test_fifty_saves_at_once_leave_one_sheet_with_the_last_values_acknowledged():
    jury = opened(applications=1)
    assignment, both = jury.assignment(1, 0), criteria_of(jury.panel)[:2]
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
    assert sorted(acknowledged) == list(range(1, len(kept) + 1))
    assert Sheet.objects.get().version == len(kept)
    last = dict(acknowledged[version] for version in sorted(acknowledged))
    assert dict(Mark.objects.values_list("criterion", "value")) == last


def test_fifty_saves_at_once_replace_nothing_that_their_device_had_not_seen():
    jury = opened(applications=1)
    Criterion.objects.filter(call=jury.call).update(maximum=99)
    assignment, both = jury.assignment(1, 0), criteria_of(jury.panel)[:2]
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
    assert sorted(acknowledged) == list(range(1, sum(isinstance(result, Sheet) for result in came_to) + 1))
    held = {}
    for version in sorted(acknowledged):
        criterion, value, seen = acknowledged[version]
        assert held.get(criterion) in seen
        held[criterion] = value
    assert Sheet.objects.get().version == len(acknowledged)
    assert dict(Mark.objects.values_list("criterion", "value")) == held


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
