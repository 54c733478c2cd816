"""The second reading by its operation and its pages: what it opens, what it closes, what it tells."""

from collections import Counter
from dataclasses import replace

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from juries.models import Assignment, Panel, SecondReading, Sheet
from juries.operations import panels, scoring
from juries.operations.deliberation import Desk, write_content
from juries.queries.standings import counted_sheets
from juries.scoring.obstacles import ELIGIBILITY
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.juries import opened, prepared, ready, write, write_all

pytestmark = pytest.mark.django_db


def first_read(*, jurors=5, applications=4, readings=2, hand_in=True):
    """A reading by plan whose first sheets are all handed in: the application of place i gets i as its marks."""
    jury = prepared(jurors=jurors, applications=applications, readings=readings)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=3, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    order = {submission.pk: place for place, submission in enumerate(jury.submissions)}
    if hand_in:
        for each in Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__user", "juror__panel"):
            write(each, 1 + order[each.submission_id])
    return jury


def pairs(jury):
    return set(Assignment.objects.filter(juror__panel=jury.panel).values_list("submission", "juror"))


def begun(jury, by=None, **shape):
    return panels.begin_second_reading(jury.panel, by=by or jury.agent, **{"leading": 2, "readings": 1, **shape})


def test_those_that_lead_get_readers_and_the_first_pairs_stay():
    jury = first_read()
    before = pairs(jury)
    planned = begun(jury)
    fresh = pairs(jury) - before
    assert before <= pairs(jury)
    assert (planned.added, planned.lacking) == (2, 0)
    assert {submission for submission, _juror in fresh} == {one.pk for one in jury.submissions[-2:]}
    loads = Counter(juror for _submission, juror in pairs(jury))
    assert max(loads.values()) - min(loads.values()) <= 1


def test_the_same_seed_gives_the_same_plan():
    jury = first_read()
    begun(jury, seed=8)
    kept, digest = pairs(jury), SecondReading.objects.get().plan_digest
    SecondReading.objects.all().delete()
    Assignment.objects.filter(origin="more").delete()
    Panel.objects.update(second_begun_at=None)
    jury.panel.refresh_from_db()
    begun(jury, seed=8)
    assert (pairs(jury), SecondReading.objects.get().plan_digest) == (kept, digest)


def test_first_sheets_stay_as_handed_in_and_new_ones_may_be_taken_back():
    jury = first_read()
    begun(jury)
    old = Sheet.objects.select_related("juror__user", "juror__panel").first()
    with pytest.raises(Conflict):
        scoring.take_back(old, by=old.juror.user)
    new = Assignment.objects.filter(origin="more").select_related("juror__user", "juror__panel").first()
    sheet = write(new, 4)
    assert scoring.take_back(sheet, by=new.juror.user).state == "draft"


def test_a_sheet_of_the_first_reading_offers_no_way_back():
    jury = first_read()
    first = Sheet.objects.select_related("juror__user").first()
    client = Client()
    client.force_login(first.juror.user)
    where = reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": first.submission_id})
    back = reverse("juries:take-back", kwargs={"pk": jury.panel.pk, "submission": first.submission_id})
    assert back in client.get(where).content.decode()
    begun(jury)
    assert back not in client.get(where).content.decode()


def test_the_standing_counts_both_readings():
    jury = first_read()
    begun(jury)
    for each in Assignment.objects.filter(origin="more").select_related("juror__user", "juror__panel"):
        write(each, 5)
    standing = scoring.lock_panel(jury.panel, by=jury.chair)
    assert counted_sheets(jury.panel).count() == 10
    assert sorted(standing.lines.values_list("sheets", flat=True)) == [2, 2, 3, 3]


def test_reopening_leaves_the_first_reading_closed():
    """Since then everyone knows which applications lead: a first sheet changed now would be changed on purpose."""
    jury = first_read()
    begun(jury)
    second = [each for each in assignments(jury) if each.origin == "more"]
    for each in second:
        write(each, 5)
    scoring.lock_panel(jury.panel, by=jury.chair)
    scoring.reopen_panel(jury.panel, reason="A sheet holds a slip of the pen.", by=jury.chair)
    for each in assignments(jury):
        sheet = Sheet.objects.select_related("juror__user", "juror__panel").get(
            juror=each.juror, submission=each.submission
        )
        if each.origin == "more":
            assert scoring.take_back(sheet, by=each.juror.user).state == "draft"
        else:
            with pytest.raises(Conflict) as refusal:
                scoring.take_back(sheet, by=each.juror.user)
            assert refusal.value.code == "first_reading_closed"


def assignments(jury):
    return list(Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__user", "juror__panel"))


def test_it_waits_for_every_first_sheet():
    jury = first_read(hand_in=False)
    with pytest.raises(Conflict):
        begun(jury)


@pytest.mark.parametrize("shape", [{"leading": 0}, {"leading": 501}, {"readings": 0}])
def test_odd_figures_are_refused_at_their_field(shape):
    jury = first_read(applications=1)
    with pytest.raises(Invalid) as refusal:
        begun(jury, **shape)
    assert refusal.value.field in shape


def test_it_begins_once_and_no_new_plan_undoes_it():
    jury = first_read()
    begun(jury)
    with pytest.raises(Conflict):
        begun(jury)
    with pytest.raises(Conflict):
        panels.plan_assignments(jury.panel, seed=3, by=jury.agent)


def test_it_is_no_business_of_a_finale_nor_of_locked_marks():
    finale = opened("finale", applications=1)
    write_all(finale)
    with pytest.raises(Conflict):
        begun(finale)
    jury = first_read()
    scoring.lock_panel(jury.panel, by=jury.chair)
    with pytest.raises(Conflict):
        begun(jury)


def test_nothing_begins_when_nobody_is_left_to_read():
    jury = first_read(jurors=2, applications=1)
    with pytest.raises(Conflict):
        begun(jury)
    jury.panel.refresh_from_db()
    assert jury.panel.second_begun_at is None
    assert not SecondReading.objects.exists()


def test_who_leads_or_organises_begins_it_and_nobody_else():
    jury = first_read()
    for person in (UserFactory(), AgentFactory(), jury.jurors[-1].user):
        with pytest.raises(Forbidden):
            begun(jury, by=person)
    begun(jury, by=jury.chair)


def test_the_readers_are_told_and_the_journal_keeps_no_score():
    jury = first_read()
    begun(jury)
    told = set(Message.objects.filter(kind="juries.second_reading").values_list("recipient", flat=True))
    assert told == set(Assignment.objects.filter(origin="more").values_list("juror__user", flat=True))
    line = JournalEntry.objects.get(verb="begin_second_reading")
    assert set(line.data) == {"seed", "digest", "applications", "pairs", "lacking"}


def test_the_leading_are_named_by_the_alphabet_without_scores_nor_what_one_stands_aside_from():
    jury = first_read()
    titles = ["Zebra", "Alpha", "Mango", "Delta"]
    for submission, title in zip(jury.submissions, titles, strict=True):
        submission.title = title
        submission.save()
    page, client = reverse("juries:organise", kwargs={"pk": jury.panel.pk}), Client()
    client.force_login(jury.agent)
    assert reverse("juries:second-reading", kwargs={"pk": jury.panel.pk}) in client.get(page).content.decode()
    begun(jury, leading=3)
    told = client.get(page).context["second"].named
    assert [one.title for one in told] == ["Alpha", "Delta", "Mango"]
    panels.declare_recusal(jury.jurors[0], jury.submissions[1], "other", by=jury.jurors[0].user)
    chair = Client()
    chair.force_login(jury.chair)
    board = reverse("juries:chair", kwargs={"pk": jury.panel.pk})
    shown = chair.get(board).context["second"].named
    aside = {jury.submissions[1].title} if jury.jurors[0].user == jury.chair else set()
    assert {one.title for one in shown} == {"Alpha", "Delta", "Mango"} - aside


def test_the_page_begins_it_and_refuses_in_words():
    jury = first_read()
    client = Client()
    client.force_login(jury.chair)
    where = reverse("juries:second-reading", kwargs={"pk": jury.panel.pk})
    assert client.get(where).status_code == 200
    assert client.post(where, {"leading": "0", "readings": "1", "seed": "1"}).status_code == 422
    assert client.post(where, {"leading": "2", "readings": "1", "seed": "1"}).status_code == 302
    assert client.post(where, {"leading": "2", "readings": "1", "seed": "1"}).status_code == 409


def test_what_stays_without_a_reader_is_not_named_to_who_stands_aside_from_it(monkeypatch):
    jury = first_read()
    hidden, told = jury.submissions[:2]
    panels.declare_recusal(jury.jurors[0], hidden, "family", by=jury.chair)
    begin = panels.begin_second_reading

    def stuck(*given, **named):
        facts = {"lacking": 2, "submissions": (hidden, told), "reason": ELIGIBILITY, "needed": 2, "places": 0}
        return replace(begin(*given, **named), **facts)

    monkeypatch.setattr(panels, "begin_second_reading", stuck)
    client = Client()
    client.force_login(jury.chair)
    where = reverse("juries:second-reading", kwargs={"pk": jury.panel.pk})
    answer = client.post(where, {"leading": "2", "readings": "1", "seed": "1"})
    said = " ".join(str(message) for message in get_messages(answer.wsgi_request))
    assert told.number in said
    assert hidden.number not in said


def test_the_minutes_mention_it():
    jury = first_read()
    begun(jury)
    scoring.lock_panel(jury.panel, by=jury.chair)
    scoring.disclose_panel(jury.panel, by=jury.chair)
    jury.panel.refresh_from_db()
    method = write_content(Desk.load(jury.panel))["method"]
    assert method["second_reading"]["leading"] == 2
    numbers = [one["number"] for one in method["second_reading"]["applications"]]
    assert numbers == sorted(one.number for one in jury.submissions[-2:])
