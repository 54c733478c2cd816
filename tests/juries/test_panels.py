"""Panels by their operations: seats, declarations, readings, opening."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for, can
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.readers import readable_files
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.models import Question
from calls.operations import decisions
from juries.models import Assignment, Declaration, Juror, Recusal, Sheet
from juries.operations import panels, scoring
from juries.operations.deliberation import Desk, write_content
from juries.queries.desk import desk
from juries.queries.invariants import finished_sheets_are_assigned, no_recused_mark_counts, standings_follow_what_counts
from juries.queries.panels import conflicts, visible_panels
from juries.queries.progress import board
from juries.queries.reading import listed_assignments, readable_assignments, to_declare
from juries.queries.seats import jurors_of
from juries.queries.standings import counted_sheets, current_standing
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join
from tests.factories.calls import CallFactory, agent_of
from tests.factories.juries import Jury, disclosed, opened, prepared, ready, seat, write, write_all

pytestmark = pytest.mark.django_db


def verbs(subject):
    return list(JournalEntry.objects.filter(subject_id=str(subject.pk)).order_by("pk").values_list("verb", flat=True))


def pairs(jury):
    return set(Assignment.objects.filter(juror__panel=jury.panel).values_list("submission", "juror"))


# --- Panel and seats ---


def test_a_stage_has_one_panel():
    jury = prepared(applications=1)
    with pytest.raises(Conflict):
        panels.create_panel(jury.call, "reading", by=jury.agent)


@pytest.mark.parametrize("fields", [{"basis": "median"}, {"readings": -1}, {"stage": "third"}])
def test_odd_settings_are_refused_at_their_field(fields):
    call = CallFactory(closed=True)
    stage = fields.pop("stage", "reading")
    with pytest.raises(Invalid) as refusal:
        panels.create_panel(call, stage, by=agent_of(call), **fields)
    assert refusal.value.field in {"basis", "readings", "stage"}


def test_only_agents_with_the_right_create_a_panel():
    call = CallFactory(closed=True)
    for person in (UserFactory(), AgentFactory(), agent_of(call, "screen"), agent_of(CallFactory(), "jury")):
        with pytest.raises(Forbidden):
            panels.create_panel(call, "reading", by=person)


def test_the_score_is_settled_once_sheets_open():
    jury = opened(applications=1)
    with pytest.raises(Conflict):
        panels.configure_panel(jury.panel, by=jury.agent, basis="mean")
    panels.configure_panel(jury.panel, by=jury.agent, quorum=2, basis="adjusted")
    jury.panel.refresh_from_db()
    assert jury.panel.quorum == 2


def test_seating_again_changes_the_seat():
    jury = prepared(jurors=1, applications=1)
    pillar = Pillar.objects.first()
    seat(jury.panel, jury.agent, jury.chair, is_chair=True, capacity="Mayor", expertise={pillar: "secondary"})
    juror = Juror.objects.get(panel=jury.panel)
    assert (juror.capacity, juror.expertise.get().level) == ("Mayor", "secondary")


def test_a_panel_has_one_chair_and_no_applicant_leads():
    jury = prepared(jurors=1, applications=1)
    with pytest.raises(Conflict):
        seat(jury.panel, jury.agent, is_chair=True)
    member = join(jury.submissions[0].structure, Membership.Role.READER)
    with pytest.raises(Invalid):
        seat(jury.panel, jury.agent, member, is_secretary=True)
    seat(jury.panel, jury.agent, member)


def test_a_chair_who_joins_an_applicant_leads_no_more():
    jury = prepared(jurors=1, applications=1)
    assert can(jury.chair, "juries.chair_panel", jury.panel)
    join(jury.submissions[0].structure, Membership.Role.READER, jury.chair)
    assert not can(jury.chair, "juries.chair_panel", jury.panel)
    assert not can(jury.chair, "juries.organise_panel", jury.panel)


def test_an_agent_of_an_applicant_does_not_organise():
    jury = prepared(jurors=1, applications=1)
    join(jury.submissions[0].structure, Membership.Role.READER, jury.agent)
    assert not can(jury.agent, "juries.organise_panel", jury.panel)
    assert jury.panel not in visible_panels(jury.agent)


def test_a_juror_who_began_stays():
    jury = opened(applications=1)
    write(jury.assignment(1, 0), 3, hand_in=False)
    with pytest.raises(Conflict):
        panels.unseat(jury.jurors[1], by=jury.agent)
    panels.unassign(jury.assignment(2, 0), by=jury.agent)
    panels.unseat(jury.jurors[2], by=jury.agent)
    assert not Juror.objects.filter(pk=jury.jurors[2].pk).exists()


@pytest.mark.parametrize("loss", [{"has_voice": False}, {"is_substitute": True}])
def test_the_voice_of_who_began_a_sheet_is_not_taken_away(loss):
    """Their sheets would leave the count, and nobody would see any missing."""
    jury = opened(applications=1)
    juror = jury.jurors[1]
    seat(jury.panel, jury.agent, juror.user, **loss)
    seat(jury.panel, jury.agent, juror.user)
    write(jury.assignment(1, 0), 3, hand_in=False)
    with pytest.raises(Conflict) as refusal:
        seat(jury.panel, jury.agent, juror.user, **loss)
    assert (refusal.value.code, refusal.value.field) == ("has_begun", next(iter(loss)))
    juror.refresh_from_db()
    assert (juror.has_voice, juror.is_substitute) == (True, False)
    assert seat(jury.panel, jury.agent, juror.user, half_time=True, capacity="Mayor").half_time


def test_the_journal_keeps_a_seat_as_it_was_and_as_it_is():
    jury = prepared(jurors=1, applications=1)
    pillar = Pillar.objects.first()
    juror = seat(jury.panel, jury.agent, expertise={pillar: "primary"})
    seat(jury.panel, jury.agent, juror.user, is_substitute=True, half_time=True, expertise={pillar: "secondary"})
    first, second = [one.data for one in JournalEntry.objects.filter(verb="seat").order_by("pk")][-2:]
    as_it_was = {"voice": True, "substitute": False, "half_share": False, "expertise": {str(pillar.pk): "primary"}}
    as_it_is = {"voice": False, "substitute": True, "half_share": True, "expertise": {str(pillar.pk): "secondary"}}
    assert (first["before"], first["after"]) == (None, as_it_was)
    assert (second["before"], second["after"]) == (as_it_was, as_it_is)


def test_only_oneself_accepts_the_charter():
    jury = prepared(jurors=2, applications=1)
    with pytest.raises(Forbidden):
        panels.accept_charter(jury.jurors[1], by=jury.chair)
    first = panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user).charter_accepted_at
    assert panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user).charter_accepted_at == first
    assert verbs(jury.jurors[1]) == ["accept_charter"]


# --- What opens an application to a juror ---


def test_an_application_opens_by_charter_declaration_and_opening_together():
    jury = prepared(jurors=1, applications=1)
    juror, person = jury.jurors[0], jury.chair
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    assignment = jury.assignment(0, 0)
    steps = (
        lambda: panels.accept_charter(juror, by=person),
        lambda: panels.declare_no_link(juror, jury.submissions, by=person),
        lambda: panels.open_panel(jury.panel, by=jury.agent),
    )
    for step in steps:
        assert not can(person, "juries.read_submission", assignment)
        assert not readable_assignments(person)
        step()
    assert can(person, "juries.read_submission", assignment)
    assert can(person, "juries.read_submission", (jury.panel, jury.submissions[0]))
    assert readable_assignments(person).get() == assignment


def test_everything_is_to_declare_before_the_plan_then_ones_own_readings():
    jury = prepared(jurors=2, applications=3, readings=1)
    juror = jury.jurors[1]
    panels.accept_charter(juror, by=juror.user)
    assert to_declare(juror) == jury.submissions
    panels.declare_no_link(juror, jury.submissions[:1], by=juror.user)
    assert to_declare(juror) == jury.submissions[1:]
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    juror.panel = jury.panel
    own = set(Assignment.objects.filter(juror=juror).values_list("submission", flat=True))
    assert {each.pk for each in to_declare(juror)} == own - {jury.submissions[0].pk}


def test_nothing_is_declared_before_the_charter():
    jury = prepared(jurors=1, applications=1)
    with pytest.raises(Conflict) as refusal:
        panels.declare_no_link(jury.jurors[0], jury.submissions, by=jury.chair)
    assert refusal.value.code == "charter_first"
    assert not Declaration.objects.exists()


def test_a_link_is_declared_after_the_charter_but_by_who_leads_or_with_the_whole_session():
    jury = prepared(jurors=3)
    juror, other = jury.jurors[1:]
    with pytest.raises(Conflict) as refusal:
        panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    assert refusal.value.code == "charter_first"
    assert not Recusal.objects.exists()
    panels.declare_recusal(juror, jury.submissions[0], "family", by=jury.chair)
    panels.declare_recusal(other, None, "other", by=other.user)
    panels.accept_charter(juror, by=juror.user)
    panels.declare_recusal(juror, jury.submissions[1], "family", by=juror.user)
    assert Recusal.objects.count() == 3


def test_finalists_are_named_once_their_decision_is_public():
    jury = prepared("finale", jurors=1, applications=2)
    later = clock.now() + timedelta(hours=1)
    type(jury.submissions[0]).objects.filter(pk=jury.submissions[0].pk).update(decision_public_at=later)
    assert to_declare(jury.jurors[0]) == jury.submissions[1:]
    with clock.at(later):
        assert to_declare(jury.jurors[0]) == jury.submissions


def test_declarations_concern_this_call_and_oneself():
    jury, other = prepared(jurors=2, applications=1), prepared(jurors=1, applications=1)
    juror = jury.jurors[1]
    panels.accept_charter(juror, by=juror.user)
    with pytest.raises(Invalid):
        panels.declare_no_link(juror, other.submissions, by=juror.user)
    with pytest.raises(Invalid):
        panels.declare_recusal(juror, other.submissions[0], "other", by=juror.user)
    with pytest.raises(Invalid):
        panels.declare_recusal(juror, jury.submissions[0], "whatever", by=juror.user)
    with pytest.raises(Invalid):  # of one application one may be unsure, not of them all
        panels.declare_recusal(juror, None, "unsure", by=juror.user)
    with pytest.raises(Forbidden):
        panels.declare_no_link(juror, jury.submissions, by=jury.chair)
    with pytest.raises(Forbidden):
        panels.declare_recusal(jury.jurors[0], jury.submissions[0], "other", by=juror.user)


# --- Recusal ---


def test_a_recusal_closes_every_path_at_once(client):
    call = CallFactory(closed=True)
    Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Document")
    jury = opened(applications=1, call=call)
    juror, submission = jury.jurors[1], jury.submissions[0]
    stored = submission.attachments.get().file
    write(jury.assignment(1, 0), 3)
    sheet = juror.sheets.get()
    assert stored in readable_files(juror.user)
    assert desk(juror.user, jury.panel).duties
    panels.declare_recusal(juror, submission, "family", by=juror.user)
    assert stored not in readable_files(juror.user)
    assert not desk(juror.user, jury.panel).duties
    assert not listed_assignments(juror.user)
    assert not can(juror.user, "juries.read_submission", (jury.panel, submission))
    assert not can(juror.user, "juries.write_sheet", sheet)
    with pytest.raises(Forbidden):
        scoring.save_sheet(sheet, marks={}, by=juror.user)
    assert stored in readable_files(jury.jurors[2].user)


def test_a_recusal_of_the_session_takes_the_seat_away():
    jury = opened(applications=1)
    juror = jury.jurors[1]
    panels.declare_recusal(juror, None, "employment", by=juror.user)
    assert not can(juror.user, "juries.see_panel", jury.panel)
    assert jury.panel not in visible_panels(juror.user)
    assert not listed_assignments(juror.user)


def test_a_member_of_the_applicant_is_recused_by_rule():
    jury = opened(applications=2)
    juror, submission = jury.jurors[1], jury.submissions[0]
    join(submission.structure, Membership.Role.READER, juror.user)
    assert [duty.pk for duty in desk(juror.user, jury.panel).duties] == [one.pk for one in jury.submissions[1:]]
    assert (submission.pk, juror.pk) in conflicts(jury.panel)
    cells = {cell.juror: cell.state for cell in board(jury.panel, jury.chair).rows[0].cells}
    assert cells[juror] == "recused"


def test_a_doubt_is_answered_by_the_chair_alone():
    jury = opened(applications=2)
    juror, submission = jury.jurors[1], jury.submissions[0]
    doubt = panels.declare_recusal(juror, submission, "unsure", by=juror.user)
    for person in (jury.agent, juror.user, jury.jurors[2].user):
        with pytest.raises(Forbidden):
            panels.dismiss_doubt(doubt, by=person)
    panels.dismiss_doubt(doubt, by=jury.chair)
    assert can(juror.user, "juries.read_submission", (jury.panel, submission))
    sure = panels.declare_recusal(juror, submission, "financial", by=juror.user)
    with pytest.raises(Conflict):
        panels.dismiss_doubt(sure, by=jury.chair)
    assert panels.confirm_recusal(sure, by=jury.chair).confirmed_at
    with pytest.raises(Conflict):
        panels.confirm_recusal(sure, by=jury.chair)
    assert verbs(juror)[-4:] == ["declare_recusal", "dismiss_doubt", "declare_recusal", "confirm_recusal"]


def test_a_doubt_set_aside_gives_the_marks_back():
    """Otherwise a word would be enough to drop a sheet from a standing one has seen."""
    jury = disclosed(jurors=3, applications=2)
    before = current_standing(jury.panel)
    juror, submission = jury.jurors[1], jury.submissions[0]
    doubt = panels.declare_recusal(juror, submission, "unsure", by=juror.user)
    during = current_standing(jury.panel)
    assert len(during.inputs["sheets"]) == len(before.inputs["sheets"]) - 1
    panels.dismiss_doubt(doubt, by=jury.chair)
    after = current_standing(jury.panel)
    assert after.digest == before.digest
    assert not list(standings_follow_what_counts())


def test_a_standing_that_what_counts_does_not_give_is_reported():
    jury = disclosed(jurors=3, applications=2)
    assert not list(standings_follow_what_counts())
    jury.jurors[1].recusals.create(submission=jury.submissions[0], category="family")
    assert len(list(standings_follow_what_counts())) == 1


def test_a_recusal_is_declared_once_and_a_doubt_may_become_one():
    jury = prepared(jurors=2, applications=1)
    juror = jury.jurors[1]
    panels.accept_charter(juror, by=juror.user)
    for category, kept in (("unsure", "unsure"), ("family", "family"), ("other", "family"), ("unsure", "family")):
        panels.declare_recusal(juror, jury.submissions[0], category, by=juror.user)
        assert Recusal.objects.get(juror=juror).category == kept
    panels.declare_recusal(juror, None, "other", by=juror.user)
    assert juror.recusals.count() == 2


def test_the_journal_keeps_the_category_and_no_detail():
    jury = prepared(jurors=2, applications=1)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    line = JournalEntry.objects.filter(verb="declare_recusal").get()
    assert line.data == {"category": "family", "submission": str(jury.submissions[0].pk)}


# --- Who reads what ---


def test_a_plan_gives_each_application_its_readings_and_no_conflict():
    jury = prepared(jurors=5, applications=4)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    join(jury.submissions[1].structure, Membership.Role.READER, jury.jurors[2].user)
    planned = panels.plan_assignments(jury.panel, seed=7, by=jury.agent)
    found = pairs(jury)
    assert (planned.pairs, planned.added, planned.lacking) == (12, 12, 0)
    assert all(sum(submission == each.pk for submission, _ in found) == 3 for each in jury.submissions)
    loads = [sum(juror == each.pk for _, juror in found) for each in jury.jurors]
    assert max(loads) - min(loads) <= 1
    assert not found & conflicts(jury.panel)


def test_the_same_seed_gives_the_same_plan():
    jury = prepared(jurors=5, applications=4)
    panels.plan_assignments(jury.panel, seed=7, by=jury.agent)
    first, digest = pairs(jury), jury.panel.plan_digest
    panels.plan_assignments(jury.panel, seed=8, by=jury.agent)
    again = panels.plan_assignments(jury.panel, seed=7, by=jury.agent)
    assert pairs(jury) == first
    assert (jury.panel.seed, jury.panel.plan_digest) == (7, digest)
    assert again.lacking == 0


def test_an_expert_and_an_outsider_read_each_application():
    jury = prepared(jurors=4, applications=4, readings=2)
    home = jury.submissions[0].pillar
    for juror in jury.jurors[:2]:
        juror.expertise.create(pillar=home, level="primary")
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    inside = {juror.pk for juror in jury.jurors[:2]}
    for submission in jury.submissions:
        readers = {juror for key, juror in pairs(jury) if key == submission.pk}
        assert len(readers & inside) == 1


def test_without_any_outsider_the_plan_is_still_complete():
    jury = prepared(jurors=3, applications=2)
    for juror in jury.jurors:
        juror.expertise.create(pillar=jury.submissions[0].pillar, level="primary")
    assert panels.plan_assignments(jury.panel, seed=1, by=jury.agent).lacking == 0


def test_a_plan_that_cannot_be_complete_says_where_it_is_stuck():
    jury = prepared(jurors=3, applications=2)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    planned = panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    assert planned.lacking == 1
    assert jury.submissions[0] in planned.submissions
    assert len(pairs(jury)) == 5


def test_planning_again_keeps_what_was_begun_or_given_by_hand():
    jury = prepared(jurors=4, applications=3, readings=1)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    begun = (
        Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel__call", "juror__user").first()
    )
    write(begun, 3, hand_in=False)
    free = next(j for j in jury.jurors if (jury.submissions[0].pk, j.pk) not in pairs(jury))
    panels.assign(free, jury.submissions[0], by=jury.agent)
    for seed in range(2, 6):
        panels.plan_assignments(jury.panel, seed=seed, by=jury.agent)
        assert {(begun.submission_id, begun.juror_id), (jury.submissions[0].pk, free.pk)} <= pairs(jury)


def test_a_finale_is_everyone_with_a_voice_times_every_finalist():
    jury = prepared("finale", jurors=3, applications=2)
    silent = seat(jury.panel, jury.agent, has_voice=False)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    assert panels.plan_assignments(jury.panel, seed=0, by=jury.agent).pairs == 5
    assert not silent.assignments.exists()
    assert (jury.submissions[0].pk, jury.jurors[1].pk) not in pairs(jury)


def test_readings_change_by_hand_within_the_rules():
    jury = opened(jurors=4, applications=1, readings=2)
    juror = next(j for j in jury.jurors if not j.assignments.exists())
    panels.assign(juror, jury.submissions[0], by=jury.agent)
    assert juror.assignments.get().origin == "hand"
    silent = seat(jury.panel, jury.agent, has_voice=False)
    other = opened(applications=1)
    panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    for who, what in ((silent, jury.submissions[0]), (juror, other.submissions[0]), (juror, jury.submissions[0])):
        with pytest.raises(Invalid):
            panels.assign(who, what, by=jury.agent)
    with pytest.raises(Forbidden):
        panels.assign(juror, jury.submissions[0], by=juror.user)


def test_a_sheet_handed_in_keeps_its_reading():
    jury = opened(applications=1)
    write(jury.assignment(0, 0), 3)
    with pytest.raises(Conflict):
        panels.unassign(jury.assignment(0, 0), by=jury.agent)
    panels.unassign(jury.assignment(1, 0), by=jury.agent)
    assert not Assignment.objects.filter(juror=jury.jurors[1]).exists()


def test_nothing_of_the_jury_changes_once_marks_are_locked():
    jury = opened(applications=1)
    write_all(jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    acts = (
        lambda: panels.plan_assignments(jury.panel, seed=1, by=jury.agent),
        lambda: panels.assign(jury.jurors[0], jury.submissions[0], by=jury.agent),
        lambda: panels.unassign(jury.assignment(0, 0), by=jury.agent),
        lambda: seat(jury.panel, jury.agent),
        lambda: panels.configure_panel(jury.panel, by=jury.agent, quorum=2),
        lambda: panels.open_panel(jury.panel, by=jury.agent),
    )
    for act in acts:
        with pytest.raises(Conflict):
            act()


# --- Opening ---


def test_opening_needs_readings_and_tells_the_readers_once():
    jury = prepared(jurors=2, applications=1, readings=1)
    with pytest.raises(Conflict):
        panels.open_panel(jury.panel, by=jury.agent)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    with pytest.raises(Forbidden):
        panels.open_panel(jury.panel, by=jury.jurors[1].user)
    panels.open_panel(jury.panel, by=jury.agent)
    mail = Message.objects.get(kind="juries.panel_opened")
    assert mail.recipient == Assignment.objects.get().juror.user
    assert jury.panel.get_absolute_url() in mail.body
    with pytest.raises(Conflict):
        panels.open_panel(jury.panel, by=jury.agent)


def test_readers_are_led_to_the_page_in_their_own_language():
    jury = prepared(jurors=2, applications=2, readings=2)
    languages = {juror.user_id: language for juror, language in zip(jury.jurors, ("fr", "de"), strict=True)}
    for pk, language in languages.items():
        User.objects.filter(pk=pk).update(language=language)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    with translation.override("en"):
        panels.open_panel(jury.panel, by=jury.agent)
    told = {message.recipient_id: message for message in Message.objects.filter(kind="juries.panel_opened")}
    assert told.keys() == languages.keys()
    for pk, language in languages.items():
        with translation.override(language):
            page = reverse("juries:room", kwargs={"pk": jury.panel.pk})
        assert told[pk].path == page
        assert f"https://portail.example{page}" in told[pk].body


def test_opening_needs_a_criterion_that_counts():
    call = CallFactory(closed=True)
    call.criteria.update(counted=False)
    jury = prepared(call=call, jurors=1, applications=1)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    with pytest.raises(Conflict):
        panels.open_panel(jury.panel, by=jury.agent)


def test_two_recusals_of_one_session_cannot_be_kept():
    juror = prepared(jurors=1, applications=1).jurors[0]
    panels.declare_recusal(juror, None, "other", by=juror.user)
    panels.declare_recusal(juror, None, "other", by=juror.user)
    assert Recusal.objects.filter(juror=juror).count() == 1


def test_a_declaration_is_kept_once():
    jury = prepared(jurors=1, applications=2)
    panels.accept_charter(jury.jurors[0], by=jury.chair)
    assert panels.declare_no_link(jury.jurors[0], jury.submissions, by=jury.chair) == 2
    assert panels.declare_no_link(jury.jurors[0], jury.submissions, by=jury.chair) == 0
    assert Declaration.objects.count() == 2


def test_a_withdrawn_application_leaves_every_list():
    from bethune_smartcity.core.access import acting_for
    from calls.operations import submissions

    jury = opened(applications=2)
    submissions.withdraw(jury.submissions[0], by=acting_for(jury.agent), reason="Asked by letter.")
    assert [duty.pk for duty in desk(jury.chair, jury.panel).duties] == [one.pk for one in jury.submissions[1:]]
    assert len(board(jury.panel, jury.chair).rows) == 1


def test_another_structure_of_the_same_person_is_no_link():
    jury = opened(applications=1)
    StructureFactory(owner=jury.jurors[1].user)
    assert desk(jury.jurors[1].user, jury.panel).duties


# --- From one panel of a call to the next ---


def finale_after(jury, juror):
    """The finale of the same call, its sheets open, the first applications shortlisted and `juror` seated again."""
    for submission in jury.submissions:
        decisions.shortlist(submission, by=acting_for(jury.agent), public_at=clock.now())
    panel = panels.create_panel(jury.call, "finale", by=jury.agent)
    seats = [seat(panel, jury.agent, jury.chair, is_chair=True), seat(panel, jury.agent, juror.user)]
    for one in seats:
        ready(one, jury.submissions)
    panels.plan_assignments(panel, seed=1, by=jury.agent)
    panels.open_panel(panel, by=jury.agent)
    return Jury(jury.call, panel, jury.agent, seats, jury.submissions)


@pytest.fixture
def carried():
    """(reading, finale): a juror of both declared a link with the first application in the reading."""
    jury = opened(jurors=2, applications=2)
    juror = jury.jurors[1]
    recusal = panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    panels.confirm_recusal(recusal, by=jury.chair)
    return jury, finale_after(jury, juror)


def test_a_recusal_follows_its_person_into_the_finale(carried, client):
    _reading, finale = carried
    juror, submission = finale.jurors[1], finale.submissions[0]
    assert (submission.pk, juror.pk) in conflicts(finale.panel)
    assert (submission.pk, juror.pk) not in pairs(finale)
    with pytest.raises(Invalid) as refusal:
        panels.assign(juror, submission, by=finale.agent)
    assert refusal.value.code == "stands_aside"
    assert submission not in to_declare(juror)
    assert [duty.pk for duty in desk(juror.user, finale.panel).duties] == [one.pk for one in finale.submissions[1:]]
    client.force_login(juror.user)
    assert submission.title in client.get(f"/jury/{finale.panel.pk}/liens/").content.decode()


def test_a_doubt_of_the_reading_set_aside_gives_the_marks_of_the_finale_back():
    reading = opened(jurors=2, applications=2)
    finale = finale_after(reading, reading.jurors[1])
    write_all(finale)
    scoring.lock_panel(finale.panel, by=finale.chair)
    before = current_standing(finale.panel)
    doubt = panels.declare_recusal(reading.jurors[1], reading.submissions[0], "unsure", by=reading.jurors[1].user)
    assert len(current_standing(finale.panel).inputs["sheets"]) == len(before.inputs["sheets"]) - 1
    panels.dismiss_doubt(doubt, by=finale.chair)
    assert current_standing(finale.panel).digest == before.digest
    assert not list(standings_follow_what_counts())


def test_marks_given_in_spite_of_a_recusal_of_the_reading_do_not_count(carried):
    _reading, finale = carried
    juror, submission = finale.jurors[1], finale.submissions[0]
    stray = Assignment.objects.create(juror=juror, submission=submission)
    assert not readable_assignments(juror.user).filter(pk=stray.pk).exists()
    with pytest.raises(Forbidden):
        scoring.save_sheet(stray, marks={}, by=juror.user)
    Sheet.objects.bulk_create([Sheet(juror=juror, submission=submission, state="handed_in", handed_in_at=clock.now())])
    assert not counted_sheets(finale.panel).exists()


def test_a_recusal_of_the_reading_shows_wherever_the_finale_tells_of_recusals(carried):
    _reading, finale = carried
    juror, submission = finale.jurors[1], finale.submissions[0]
    found = board(finale.panel, finale.chair)
    assert {cell.juror: cell.state for cell in found.rows[0].cells}[juror] == "recused"
    assert [recusal.juror.user for recusal in found.recusals] == [juror.user]
    row = next(one for one in jurors_of(finale.panel) if one.pk == juror.pk)
    assert [aside.submission for aside in row.asides] == [submission.pk]
    said = write_content(Desk.load(finale.panel))["recusals"]
    assert [(one["juror"], one["scope"]) for one in said] == [(str(juror.user), submission.number)]


def test_the_same_link_is_not_kept_twice(carried):
    _reading, finale = carried
    juror, submission = finale.jurors[1], finale.submissions[0]
    panels.declare_recusal(juror, submission, "family", by=juror.user)
    assert Recusal.objects.filter(juror__user=juror.user).count() == 1


def test_a_link_said_in_the_reading_freezes_the_finale_again(carried):
    reading, finale = carried
    write_all(finale)
    scoring.lock_panel(finale.panel, by=finale.chair)
    before = current_standing(finale.panel)
    panels.declare_recusal(reading.jurors[1], finale.submissions[1], "other", by=reading.jurors[1].user)
    assert current_standing(finale.panel).number == before.number + 1
    assert not list(no_recused_mark_counts())


def test_a_finished_sheet_whose_reading_is_gone_is_told():
    jury = opened(jurors=3, applications=2, readings=3)
    write_all(jury)
    assert not list(finished_sheets_are_assigned())
    Assignment.objects.filter(juror=jury.jurors[0], submission=jury.submissions[0]).delete()
    assert len(list(finished_sheets_are_assigned())) == 1


def test_a_doubt_of_the_reading_is_answered_by_who_leads_the_finale(carried, client):
    reading, finale = carried
    doubt = panels.declare_recusal(reading.jurors[1], finale.submissions[1], "unsure", by=reading.jurors[1].user)
    lead = seat(finale.panel, finale.agent, is_secretary=True, has_voice=False)
    client.force_login(lead.user)
    assert client.post(f"/gestion/jury/deports/{doubt.pk}/", {"answer": "no_link"}).status_code == 302
    assert not Recusal.objects.filter(pk=doubt.pk).exists()


def test_leaving_one_session_closes_no_other():
    jury = opened(jurors=2, applications=1)
    juror = jury.jurors[1]
    panels.declare_recusal(juror, None, "employment", by=juror.user)
    finale = finale_after(jury, juror)
    assert finale.panel in visible_panels(juror.user)
    assert not conflicts(finale.panel)
