"""Substitutes: no reading and no voice until called up in place of a member who leaves, whose readings they take."""

import re
from collections import Counter

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from juries.models import Assignment, Juror, Sheet
from juries.operations import panels, scoring
from juries.operations.deliberation import Desk, write_content
from juries.queries.board import grid, quorum
from juries.queries.board import progress as counted
from juries.queries.panels import visible_panels
from juries.queries.progress import board
from juries.queries.seats import jurors_of
from juries.queries.standings import counted_sheets
from juries.views.minutes import masked, readable
from tests.factories.juries import opened, ready, seat, write, write_all
from tests.juries.test_invitations import NEW, answered, invited

pytestmark = pytest.mark.django_db


def with_substitute(**shape):
    """An open panel and its substitute, charter accepted and no link declared."""
    jury = opened(**{"jurors": 3, "applications": 3, **shape})
    substitute = seat(jury.panel, jury.agent, is_substitute=True)
    ready(substitute, jury.submissions)
    return jury, substitute


def read_by(juror):
    return set(Assignment.objects.filter(juror=juror).values_list("submission", flat=True))


def to(name, jury, **more):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, **more})


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_a_substitute_has_no_reading_no_voice_and_no_part_in_the_quorum():
    jury, substitute = with_substitute()
    panels.plan_assignments(jury.panel, seed=2, by=jury.agent)
    substitute.refresh_from_db()
    assert (substitute.has_voice, read_by(substitute)) == (False, set())
    assert quorum(jurors_of(jury.panel), jury.panel).voices == 3
    with pytest.raises(Invalid):
        panels.assign(substitute, jury.submissions[0], by=jury.agent)
    assert "suppléant" in signed_in(substitute.user).get(to("room", jury)).content.decode()


def test_no_substitute_is_kept_with_a_voice():
    _jury, substitute = with_substitute(applications=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Juror.objects.filter(pk=substitute.pk).update(has_voice=True)


def test_what_was_left_to_read_passes_and_what_was_handed_in_stays():
    jury, substitute = with_substitute()
    member = jury.jurors[1]
    first, begun, untouched = jury.submissions
    write(jury.assignment(1, 0), 4)
    write(jury.assignment(1, 1), 2, hand_in=False)
    assert panels.call_up(substitute, instead_of=member, by=jury.agent) == 2
    assert read_by(member) == {first.pk}
    assert read_by(substitute) == {begun.pk, untouched.pk}
    assert list(counted_sheets(jury.panel).values_list("juror", flat=True)) == [member.pk]
    voices = quorum(jurors_of(jury.panel), jury.panel).voices
    assert (voices, substitute.has_voice, substitute.stands_in_for) == (3, True, member)
    entry = JournalEntry.objects.get(verb="call_up")
    assert entry.data == {"juror": substitute.pk, "instead_of": member.pk, "readings": 2}
    told = Message.objects.filter(kind="juries.panel_opened", recipient=substitute.user)
    assert told.count() == 1


def test_a_substitute_takes_over_nothing_they_stand_aside_from():
    jury, substitute = with_substitute()
    panels.declare_recusal(substitute, jury.submissions[2], "family", by=substitute.user)
    assert panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent) == 2
    assert jury.submissions[2].pk not in read_by(substitute)
    assert read_by(jury.jurors[1]) == set()


def test_in_place_of_one_who_stood_aside_from_the_session_everything_passes():
    jury, substitute = with_substitute()
    write(jury.assignment(1, 0), 4)
    panels.declare_recusal(jury.jurors[1], None, "other", by=jury.jurors[1].user)
    assert panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent) == 3
    assert not counted_sheets(jury.panel).exists()
    assert Sheet.objects.count() == 1


def test_an_abstention_of_the_member_stays_theirs():
    jury, substitute = with_substitute()
    scoring.abstain(jury.assignment(1, 0), reason="Trop loin de moi.", by=jury.jurors[1].user)
    assert panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent) == 2
    assert jury.submissions[0].pk in read_by(jury.jurors[1])


def test_every_door_shuts_behind_who_leaves():
    jury, substitute = with_substitute()
    member = jury.jurors[1]
    sheet = write(jury.assignment(1, 0), 4)
    client = signed_in(member.user)
    doors = [to("room", jury), to("sheet", jury, submission=jury.submissions[0].pk)]
    assert [client.get(door).status_code for door in doors] == [200, 200]
    panels.call_up(substitute, instead_of=member, by=jury.agent)
    assert [client.get(door).status_code for door in doors] == [404, 404]
    assert not visible_panels(member.user).exists()
    with pytest.raises(Forbidden):
        scoring.take_back(Sheet.objects.get(pk=sheet.pk), by=member.user)
    with pytest.raises(Conflict):
        panels.seat(jury.panel, member.user, by=jury.agent)


def test_without_anyone_to_replace_a_substitute_gets_a_voice_and_the_next_plan():
    jury, substitute = with_substitute()
    assert panels.call_up(substitute, by=jury.chair) == 0
    panels.assign(substitute, jury.submissions[0], by=jury.agent)
    assert quorum(jurors_of(jury.panel), jury.panel).voices == 4


def test_planning_again_counts_what_was_handed_in_by_who_left():
    jury, substitute = with_substitute(jurors=4, applications=4, readings=2)
    row = Assignment.objects.filter(juror=jury.jurors[1]).select_related("juror__panel", "juror__user").first()
    write(row, 4)
    panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent)
    planned = panels.plan_assignments(jury.panel, seed=5, by=jury.agent)
    assert planned.lacking == 0
    readers = Counter(Assignment.objects.filter(juror__panel=jury.panel).values_list("submission", flat=True))
    assert set(readers.values()) == {2}
    assert read_by(jury.jurors[1]) == {row.submission_id}


def test_both_boards_and_the_standing_count_the_same():
    jury, substitute = with_substitute()
    write(jury.assignment(1, 0), 4)
    panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent)
    seats = jurors_of(jury.panel)
    found = board(jury.panel, jury.agent)
    chairs = grid(jury.panel, jury.agent, seats)
    assert (found.expected, found.handed_in) == (9, 1)
    assert (chairs.progress.expected, chairs.progress.handed_in) == (9, 1)
    assert counted(jury.panel, seats, jury.agent) == chairs.progress
    jury.jurors.append(substitute)
    jury.jurors[1].refresh_from_db()
    for row in Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__panel", "juror__user"):
        if not Sheet.objects.filter(juror=row.juror, submission=row.submission).exists():
            write(row, 3)
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    assert len(standing.inputs["sheets"]) == 9


@pytest.mark.parametrize("case", ["another panel", "no voice", "themself", "chair"])
def test_nobody_is_replaced_who_does_not_sit_as_a_member(case):
    jury, substitute = with_substitute(applications=1)
    other = {
        "another panel": lambda: opened(jurors=1, applications=1).jurors[0],
        "no voice": lambda: seat(jury.panel, jury.agent, has_voice=False),
        "themself": lambda: substitute,
        "chair": lambda: jury.jurors[0],
    }[case]()
    with pytest.raises(Invalid) as refusal:
        panels.call_up(substitute, instead_of=other, by=jury.agent)
    assert refusal.value.field == "instead_of"
    assert Juror.objects.get(pk=substitute.pk).is_substitute


def test_called_up_once_by_who_organises_before_the_lock():
    jury, substitute = with_substitute(applications=1)
    for person in (jury.jurors[1].user, substitute.user):
        with pytest.raises(Forbidden):
            panels.call_up(substitute, by=person)
    panels.call_up(substitute, by=jury.chair)
    with pytest.raises(Conflict):
        panels.call_up(substitute, by=jury.chair)
    late = seat(jury.panel, jury.agent, is_substitute=True)
    write_all(jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        panels.call_up(late, by=jury.chair)


def test_a_substitute_neither_chairs_nor_keeps_the_minutes():
    jury = opened(jurors=2, applications=1)
    for role in ("is_chair", "is_secretary"):
        with pytest.raises((Invalid, Conflict)):
            seat(jury.panel, jury.agent, is_substitute=True, **{role: True})


def test_invited_as_the_others_charter_included():
    jury = opened(jurors=2, applications=1)
    _row, token = invited(jury, is_substitute=True)
    client, _answer = answered(token)
    juror = Juror.objects.get(panel=jury.panel, user__email=NEW)
    assert (juror.is_substitute, juror.has_voice, juror.charter_accepted_at is not None) == (True, False, True)
    assert client.get(to("room", jury)).status_code == 200


def test_who_came_by_a_link_and_left_is_let_in_no_more():
    jury, substitute = with_substitute(applications=1)
    _row, token = invited(jury)
    client, _answer = answered(token)
    member = Juror.objects.get(panel=jury.panel, user__email=NEW)
    panels.call_up(substitute, instead_of=member, by=jury.agent)
    assert client.get(to("room", jury)).status_code in {302, 404}


def test_from_the_page_of_the_jury():
    jury, substitute = with_substitute(applications=1)
    client = signed_in(jury.agent)
    page = to("call-up", jury, juror=substitute.pk)
    assert page in client.get(to("organise", jury)).content.decode()
    assert client.get(page).status_code == 200
    assert client.post(page, {"instead_of": jury.jurors[0].pk}).status_code == 422
    assert client.post(page, {"instead_of": jury.jurors[1].pk}).url == to("organise", jury)
    shown = client.get(to("organise", jury)).content.decode()
    assert page not in shown
    assert f"à la place de {jury.jurors[1]}" in shown
    assert client.post(page, {}).status_code == 409
    person = seat(jury.panel, jury.agent)
    form = {"capacity": "", "is_substitute": "on"}
    assert client.post(to("change-seat", jury, juror=person.pk), form).status_code == 302
    person.refresh_from_db()
    assert (person.is_substitute, person.has_voice) == (True, False)


def test_the_minutes_say_who_stood_in_and_the_masked_copy_does_not_name_them():
    jury, substitute = with_substitute(applications=1)
    panels.call_up(substitute, instead_of=jury.jurors[1], by=jury.agent)
    content = write_content(Desk.load(jury.panel))
    of = {one["name"]: one for one in content["members"]}
    assert of[str(substitute.user)]["stands_in_for"] == str(jury.jurors[1].user)
    assert of[str(jury.jurors[1].user)]["left_at"]
    told = [one["seating"] for one in readable(content, is_settled=False)["members"] if one["seating"]]
    assert len(told) == 2
    assert str(jury.jurors[1].user) not in str(masked(content)["members"])


def test_the_page_that_calls_up_says_whom(client):
    jury, substitute = with_substitute(applications=1)
    client.force_login(jury.agent)
    page = client.get(reverse("juries:call-up", kwargs={"pk": jury.panel.pk, "juror": substitute.pk})).content.decode()
    assert re.search(rf"<h1[^>]*>Appeler {re.escape(str(substitute))} à siéger</h1>", page)
