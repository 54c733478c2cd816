"""Standings: frozen at the lock, computed again from their own inputs alone, void when reopened."""

import copy
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core.access import can
from bethune_smartcity.core.digests import digest
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.core.registries import invariants
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Criterion
from juries.models import Panel, Recusal, Standing, StandingLine
from juries.operations import panels, scoring
from juries.queries.panels import asked
from juries.queries.progress import board
from juries.queries.standings import counted_sheets, current_standing, inputs_of, lines_for
from juries.scoring.standing import compute
from tests.factories.accounts import UserFactory
from tests.factories.juries import disclosed, locked, opened, prepared, ready, write, write_all

pytestmark = pytest.mark.django_db


def broken():
    """What the invariants of juries say."""
    names = {"no counted mark by a recused juror", "ranking equals its frozen inputs"}
    return [sentence for each in invariants() if each.name in names for sentence in each.check()]


def recompute(standing):
    out = StringIO()
    call_command("recompute_standing", str(standing.pk), stdout=out)
    return out.getvalue().strip()


# Marks on (Use ×3, Feasibility ×2, Replication ×1) of three finalists by three jurors.
FINALE = {
    (0, 0): (4, 3, 2), (1, 0): (5, 4, 3), (2, 0): (4.5, 4, 5),
    (0, 1): (3, 3, 3), (1, 1): (4, 4, 4), (2, 1): (3.5, 3, 2.5),
    (0, 2): (2, 5, 5), (1, 2): (1, 2, 3), (2, 2): (3, 3, 3),
}  # fmt: skip


def by_hand(juror, submission):
    """20 · Σ w·s/5 / Σ w."""
    use, feasibility, replication = FINALE[juror, submission]
    return 20 * (3 * use + 2 * feasibility + 1 * replication) / 5 / 6


def test_a_finale_ranks_as_the_formula_says_by_hand():
    jury = locked("finale", jurors=3, applications=3, places=1, value=lambda j, s: FINALE[j, s])
    means = [sum(by_hand(juror, submission) for juror in range(3)) / 3 for submission in range(3)]
    order = sorted(range(3), key=lambda submission: -means[submission])
    lines = list(current_standing(jury.panel).lines.order_by("order"))
    assert [line.submission for line in lines] == [jury.submissions[place] for place in order]
    for line, place in zip(lines, order, strict=True):
        assert line.mean == pytest.approx(means[place], abs=1e-9)
        assert line.adjusted == pytest.approx(means[place], abs=1e-9)  # complete grid: nothing to correct
        assert line.sheets == 3
    assert [line.rank for line in lines] == [1, 2, 3]
    assert sum(line.probability for line in lines) == pytest.approx(1, abs=1e-6)
    first, second = order[0], order[1]
    ahead = sum(by_hand(juror, first) > by_hand(juror, second) for juror in range(3))
    assert lines[0].why["gap"] == str(round(Decimal(str(means[first])), 2) - round(Decimal(str(means[second])), 2))
    assert (lines[0].why["ahead"], lines[0].why["decided_by"]) == (ahead, "score")
    assert lines[-1].why == {}


def test_equal_scores_share_a_rank():
    jury = locked("finale", jurors=2, applications=3, value=lambda _juror, submission: 5 if submission == 2 else 3)
    lines = list(current_standing(jury.panel).lines.order_by("order"))
    assert [line.rank for line in lines] == [1, 2, 2]
    assert lines[1].why["tied"] is True


def test_a_standing_follows_from_its_frozen_inputs_alone():
    jury = locked(jurors=4, applications=4, value=lambda juror, submission: (juror, submission, 2.5))
    standing = current_standing(jury.panel)
    assert standing.digest == digest(standing.inputs)
    assert recompute(standing) == "identical"
    # what changes later in the world does not matter
    Criterion.objects.update(weight=7)
    jury.submissions[0].title = "Renamed"
    jury.submissions[0].save()
    assert recompute(Standing.objects.get()) == "identical"
    assert broken() == []


@pytest.mark.parametrize("tamper", ["line", "inputs", "figures", "rows"])
def test_what_was_tampered_with_is_named(tamper):
    jury = locked(jurors=3, applications=2, value=lambda juror, submission: (juror, submission, 2))
    standing = current_standing(jury.panel)
    if tamper == "line":
        StandingLine.objects.filter(standing=standing, order=1).update(adjusted=19.5)
    elif tamper == "rows":
        StandingLine.objects.filter(standing=standing, order=2).delete()
    elif tamper == "figures":
        Standing.objects.update(figures={**standing.figures, "sigma2": 1.0})
    else:
        inputs = copy.deepcopy(standing.inputs)
        inputs["sheets"][0]["marks"][0] = "5.0"
        Standing.objects.update(inputs=inputs)
    with pytest.raises(CommandError) as refusal:
        recompute(standing)
    assert "kept" in str(refusal.value)
    assert broken()


def test_an_unknown_standing_is_said_so():
    with pytest.raises(CommandError):
        call_command("recompute_standing", "77")


def test_only_sheets_handed_in_count():
    jury = opened(jurors=3, applications=2)
    write(jury.assignment(0, 0), 4)
    write(jury.assignment(1, 0), 1, hand_in=False)
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    first, last = standing.lines.order_by("order")
    assert (first.submission, first.sheets, first.mean) == (jury.submissions[0], 1, 16.0)
    assert (last.rank, last.mean, last.sheets, last.band) == (None, None, 0, "")
    line = JournalEntry.objects.get(verb="lock")
    assert line.data == {"missing": 5}


def test_locking_needs_the_chair_and_a_sheet():
    jury = opened(applications=1)
    with pytest.raises(Conflict):
        scoring.lock_panel(jury.panel, by=jury.chair)
    jury.panel.refresh_from_db()
    assert jury.panel.state == "open"
    write(jury.assignment(0, 0), 4)
    for person in (jury.agent, jury.jurors[1].user):
        with pytest.raises(Forbidden):
            scoring.lock_panel(jury.panel, by=person)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        scoring.lock_panel(jury.panel, by=jury.chair)
    assert Standing.objects.count() == 1


def shown(client, person, jury):
    client.force_login(person)
    return client.get(reverse("juries:standing", kwargs={"pk": jury.panel.pk}))


def test_the_standing_is_shown_from_the_disclosure_on_and_says_so_before(client):
    jury = opened(applications=1)
    everyone, stranger = [jury.chair, jury.jurors[1].user, jury.agent], UserFactory()
    told = "Cette page s’ouvrira au jury quand les notes seront verrouillées et le classement dévoilé"
    for person in everyone:
        answer = shown(client, person, jury)
        assert (answer.status_code, told in answer.content.decode()) == (409, True)
    assert shown(client, stranger, jury).status_code == 404
    write_all(jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    for person in everyone:
        answer = shown(client, person, jury)
        assert (answer.status_code, "Les notes sont verrouillées." in answer.content.decode()) == (409, True)
    assert shown(client, stranger, jury).status_code == 404
    scoring.disclose_panel(jury.panel, by=jury.chair)
    assert all(shown(client, person, jury).status_code == 200 for person in everyone)
    assert shown(client, stranger, jury).status_code == 404
    assert not can(stranger, "juries.see_standing", jury.panel)


def test_one_who_stands_aside_does_not_see_that_line():
    jury = disclosed(applications=3)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    standing = current_standing(jury.panel)
    page, sheets = lines_for(standing, jury.chair)
    assert (page.paginator.count, sheets) == (3, standing.figures["sheets"])
    seen = [line.submission for line in lines_for(standing, jury.jurors[1].user)[0]]
    assert jury.submissions[0] not in seen
    assert len(seen) == 2
    shown = [row.submission for row in board(jury.panel, jury.jurors[1].user).rows]
    assert jury.submissions[0] not in shown


def test_marks_of_a_recused_juror_leave_the_computation():
    jury = opened("finale", jurors=3, applications=2)
    write_all(jury, lambda juror, _submission: 5 if juror == 1 else 2)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "financial", by=jury.jurors[1].user)
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    kept = {line.submission: (line.sheets, line.mean) for line in standing.lines.all()}
    assert kept[jury.submissions[0]] == (2, 8.0)
    assert kept[jury.submissions[1]][0] == 3
    assert broken() == []


@pytest.mark.parametrize("whole_session", [False, True])
def test_a_recusal_after_the_lock_freezes_the_standing_again(whole_session):
    jury = disclosed("finale", jurors=3, applications=2, value=lambda juror, _submission: 5 if juror == 1 else 2)
    former = current_standing(jury.panel)
    about = None if whole_session else jury.submissions[0]
    panels.declare_recusal(jury.jurors[1], about, "financial", by=jury.jurors[1].user)
    former.refresh_from_db()
    standing = current_standing(jury.panel)
    assert former.voided_at
    assert (standing.number, standing.lines.get(submission=jury.submissions[0]).sheets) == (2, 2)
    assert broken() == []


def test_a_recusal_that_changes_nothing_keeps_the_standing():
    jury = disclosed(jurors=4, applications=1, readings=1)
    reader = current_standing(jury.panel).inputs["jurors"][current_standing(jury.panel).inputs["sheets"][0]["juror"]]
    idle = next(juror for juror in jury.jurors if juror.pk != reader)
    panels.declare_recusal(idle, jury.submissions[0], "family", by=idle.user)
    assert current_standing(jury.panel).number == 1


def test_a_mark_counted_in_spite_of_a_recusal_is_named():
    jury = locked(jurors=3, applications=1)
    Recusal.objects.create(
        juror=jury.jurors[1], submission=None, category="other", declared_at=jury.panel.standings.get().at
    )
    assert any("stands aside" in sentence for sentence in broken())


@pytest.mark.parametrize(("state", "counted"), [("disclosed", 5), ("proclaimed", 6)])
def test_who_joins_a_structure_once_its_jury_has_decided_changes_no_count(state, counted):
    jury = disclosed(jurors=3, applications=2, readings=3)
    Panel.objects.filter(pk=jury.panel.pk).update(state=state)
    panel = Panel.objects.get(pk=jury.panel.pk)
    assert counted_sheets(panel).count() == 6
    Membership.objects.create(user=jury.jurors[2].user, structure=jury.submissions[0].structure, role="reader")
    assert counted_sheets(panel).count() == asked(panel).count() == counted
    assert sum(row.handed_in for row in board(panel, jury.agent).rows) == counted


def test_reopening_needs_a_reason_and_voids_the_standing(client):
    jury = disclosed(applications=1)
    with pytest.raises(Invalid):
        scoring.reopen_panel(jury.panel, reason=" ", by=jury.chair)
    with pytest.raises(Forbidden):
        scoring.reopen_panel(jury.panel, reason="A sheet was lost.", by=jury.agent)
    scoring.reopen_panel(jury.panel, reason="A sheet was lost.", by=jury.chair)
    assert current_standing(jury.panel) is None
    assert shown(client, jury.chair, jury).status_code == 409
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    assert standing.number == 2
    assert JournalEntry.objects.get(verb="reopen").reason == "A sheet was lost."


def test_the_basis_says_which_score_is_official():
    marks = {(0, 0): 5, (0, 1): 5, (1, 1): 1, (1, 2): 1, (2, 2): 3, (2, 0): 3}

    def shape(basis):
        jury = prepared(jurors=3, applications=3, basis=basis)
        for juror, submission in marks:
            panels.assign(jury.jurors[juror], jury.submissions[submission], by=jury.agent)
        for juror in jury.jurors:
            ready(juror, jury.submissions)
        panels.open_panel(jury.panel, by=jury.agent)
        write_all(jury, lambda juror, submission: marks[juror, submission])
        return scoring.lock_panel(jury.panel, by=jury.chair).lines.order_by("order")

    plain = [line.mean for line in shape("mean")]
    assert plain == sorted(plain, reverse=True)
    adjusted = [line.adjusted for line in shape("adjusted")]
    assert adjusted == sorted(adjusted, reverse=True)


def test_criteria_of_other_scales_are_brought_to_one():
    inputs = {
        "format": 1, "stage": "finale", "basis": "adjusted", "ridge": 3.0, "places": 1,
        "criteria": [
            {"id": 1, "label": "A", "weight": "1", "minimum": "0", "maximum": "5", "counted": True},
            {"id": 2, "label": "B", "weight": "1", "minimum": "0", "maximum": "10", "counted": True},
        ],
        "submissions": [{"id": "x", "label": "X"}, {"id": "y", "label": "Y"}],
        "jurors": [1],
        "sheets": [
            {"submission": 0, "juror": 0, "marks": ["2.0", "6.0"]},
            {"submission": 1, "juror": 0, "marks": ["3.0", "4.0"]},
        ],
    }  # fmt: skip
    lines = compute(inputs).lines
    assert [line.mean for line in lines] == [10.0, 10.0]
    # equal totals: the first criterion of the rules decides, 3 before 2
    assert [(line.submission, line.rank) for line in lines] == [("y", 1), ("x", 2)]
    assert lines[0].why["decided_by"] == "criterion"
    assert lines[0].why["criterion"] == "A"


def test_a_shown_criterion_does_not_count():
    jury = opened("finale", jurors=1, applications=2)
    Criterion.objects.filter(call=jury.call, order=0).update(counted=False)
    write_all(jury, lambda _juror, submission: (5 if submission == 0 else 0, 2, 2))
    lines = scoring.lock_panel(jury.panel, by=jury.chair).lines.all()
    assert {line.mean for line in lines} == {8.0}
    assert {line.rank for line in lines} == {1}


@pytest.mark.parametrize("applications", [1, 4])
def test_its_inputs_are_read_in_a_fixed_number_of_statements(applications):
    jury = opened(applications=applications)
    write_all(jury, lambda juror, submission: (juror + submission) % 6)
    with CaptureQueriesContext(connection) as asked:
        inputs = inputs_of(jury.panel)
    assert len(asked) == 4
    assert len(inputs["sheets"]) == 3 * applications
    assert {mark for sheet in inputs["sheets"] for mark in sheet["marks"]} <= {f"{n}.0" for n in range(6)}


def test_a_standing_of_nothing_is_empty_and_never_fails():
    jury = locked(jurors=2, applications=1)
    inputs = {**inputs_of(jury.panel), "submissions": [], "sheets": []}
    found = compute(inputs)
    assert (found.lines, found.figures["sheets"]) == ((), 0)
    assert set(found.figures["effects"].values()) == {None}
