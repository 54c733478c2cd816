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


def test_a_sheet_of_the_first_reading_says_that_it_stays_and_who_abstained_cannot_come_back_to_it():
    jury = first_read(hand_in=False)
    lost, *others = assignments(jury)
    scoring.abstain(lost, reason="I cannot judge this.", by=lost.juror.user)
    for each in others:
        write(each, 3)
    for sheet, then, now in (
        (others[0], "Vous pouvez la reprendre jusqu’au verrouillage", "La seconde lecture a commencé"),
        (lost, "Vous pouvez la reprendre jusqu’au verrouillage", "La seconde lecture a commencé"),
    ):
        before = page_of(jury, sheet)
        assert then in before
        assert now not in before
    begun(jury)
    for sheet in (others[0], lost):
        page = page_of(jury, sheet)
        assert "La seconde lecture a commencé" in page
        assert "Vous pouvez la reprendre" not in page
        assert "/reprendre/" not in page
        with pytest.raises(Conflict) as refusal:
            scoring.take_back(Sheet.objects.get(juror=sheet.juror, submission=sheet.submission), by=sheet.juror.user)
        assert refusal.value.code == "first_reading_closed"


def test_who_abstains_in_the_second_reading_may_come_back_to_it():
    jury = first_read()
    begun(jury)
    given = next(each for each in assignments(jury) if each.origin == "more")
    sheet = scoring.abstain(given, reason="I cannot judge this.", by=given.juror.user)
    assert "/reprendre/" in page_of(jury, given)
    assert scoring.take_back(sheet, by=given.juror.user).state == "draft"


def given_up(jury, place, others=2, last=3):
    """All first sheets handed in, but those of one juror who then stands aside from the application of that place."""
    rows, one = assignments(jury), jury.submissions[place]
    gone = next(each for each in rows if each.submission_id == one.pk and each.juror.user != jury.chair)
    for each in rows:
        write(each, last if each.submission_id == one.pk else others)
    panels.declare_recusal(gone.juror, one, "family", by=gone.juror.user)
    return one, gone.juror


@pytest.mark.parametrize(("last", "fresh"), [(1, 1), (5, 2)], ids=["behind", "leading"])
def test_it_makes_up_for_a_reading_lost_to_a_recusal_whether_the_application_leads_or_not(last, fresh):
    jury = first_read(hand_in=False)
    one, gone = given_up(jury, 3, last=last)
    before = pairs(jury)
    planned = begun(jury, leading=1 if last == 5 else 3)
    added = pairs(jury) - before
    assert sum(submission == one.pk for submission, _juror in added) == fresh
    assert (one.pk, gone.pk) not in added
    assert planned.lacking == 0
    named = set(SecondReading.objects.get().submissions.values_list("pk", flat=True))
    assert (one.pk in named) is (last == 5)


def test_the_lock_and_the_second_reading_say_which_applications_are_short_of_readings(client):
    jury = first_read(hand_in=False)
    client.force_login(jury.chair)
    pages = [reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk}) for name in ("chair-lock", "second-reading")]
    assert all("moins de lectures" not in client.get(page).content.decode() for page in pages)
    one, _gone = given_up(jury, 3)
    told = f"{one.number} {one.title}\u00a0: 1 lecture sur 2"
    assert all(told in client.get(page).content.decode() for page in pages)
    panels.declare_recusal(jury.jurors[0], one, "family", by=jury.chair)
    for page in pages:
        shown = client.get(page).content.decode()
        assert f"{one.number} {one.title}" not in shown
        assert "1 autre candidature a moins de lectures que demandé" in shown


def page_of(jury, reading):
    """The sheet of `reading` as its juror reads it, in French."""
    client = Client()
    client.force_login(reading.juror.user)
    where = reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": reading.submission_id})
    return client.get(where).content.decode().replace("&#x27;", "’").replace("'", "’")


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
    found = Assignment.objects.filter(juror__panel=jury.panel).order_by("pk")
    return list(found.select_related("juror__user", "juror__panel"))


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
