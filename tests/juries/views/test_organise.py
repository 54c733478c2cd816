"""The organisers' page: a panel from its creation to open sheets, and odd input at each step."""

import csv

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Submission
from juries.models import Assignment, Juror, Panel, Recusal
from juries.operations import panels
from juries.queries.panels import criteria_of
from juries.queries.progress import board
from juries.views import stuck
from pillars.models import Pillar
from tests.factories.accounts import StructureFactory, UserFactory
from tests.factories.calls import CallFactory, admitted, agent_of
from tests.factories.juries import opened, prepared, ready, write

pytestmark = pytest.mark.django_db

ODD = ["", "x", "-1", "9" * 40, "a\x00b", "\u202e", "1e9", "' OR 1=1"]


@pytest.fixture(autouse=True)
def in_french():
    """Addresses without prefix, whatever language another request left behind."""
    with translation.override("fr"):
        yield


def to(name, panel, **more):
    return reverse(f"juries:{name}", kwargs={"pk": panel.pk, **more})


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def test_a_panel_is_organised_page_after_page(client):
    call = CallFactory(closed=True)
    agent = agent_of(call)
    submission = admitted(call, StructureFactory(), by=agent)
    client.force_login(agent)
    list_url = reverse("juries:panels", kwargs={"slug": call.slug})
    due_at = f"{clock.today().year + 3}-01-25T18:00"
    settings = {"readings": 2, "places": 6, "quorum": 2, "basis": "adjusted", "due_at": due_at}
    answer = client.post(list_url, {"stage": "reading", **settings})
    panel = Panel.objects.get()
    assert answer.url == to("organise", panel)
    assert client.post(list_url, {"stage": "reading", **settings}).status_code == 409
    pillar = submission.pillar
    people = [UserFactory() for _ in range(2)]
    for place, person in enumerate(people):
        seat = {"email": person.email, "has_voice": "on", "primary": [pillar.pk]}
        if place == 0:
            seat |= {"is_chair": "on", "capacity": "Mayor"}
        assert client.post(to("seat", panel), seat).status_code == 302
    chair = Juror.objects.get(is_chair=True)
    assert (chair.user, chair.capacity, chair.expertise.get().pillar) == (people[0], "Mayor", pillar)
    assert client.post(to("plan", panel), {"seed": "7"}).status_code == 302
    assert Assignment.objects.count() == 2
    assert client.post(to("configure", panel), {**settings, "quorum": 1}).status_code == 302
    assert client.get(to("open", panel)).status_code == 200
    assert client.post(to("open", panel)).status_code == 302
    panel.refresh_from_db()
    assert (panel.state, panel.quorum, panel.seed) == ("open", 1, 7)
    assert client.post(to("open", panel)).status_code == 409
    page = client.get(to("organise", panel)).content.decode()
    assert submission.title in page
    assert people[1].name in page


def test_the_criteria_are_read_before_opening_settles_them(client):
    jury = prepared(jurors=1, applications=1)
    criterion = criteria_of(jury.panel).first()
    criterion.weight, criterion.maximum, criterion.anchors, criterion.counted = 10, 5, "Weak\nFair\n<b>Good</b>", False
    criterion.save()
    client.force_login(jury.agent)
    for name in ("criteria", "open"):
        page = client.get(to(name, jury.panel)).content.decode()
        assert criterion.label in page
        assert "poids 10, de 0 à 5, montré et non compté" in page
        assert "<li>Fair</li>" in page
        assert "&lt;b&gt;Good" in page
    page = client.get(to("organise", jury.panel)).content.decode()
    assert to("criteria", jury.panel) in page
    assert f'btn--main" href="{to("open", jury.panel)}"' not in page
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    page = client.get(to("organise", jury.panel)).content.decode()
    assert f'btn--main" href="{to("open", jury.panel)}"' in page


def test_a_seat_is_changed_and_taken_away(client):
    jury = prepared(jurors=2, applications=1)
    client.force_login(jury.agent)
    juror, pillar = jury.jurors[1], Pillar.objects.first()
    change = to("change-seat", jury.panel, juror=juror.pk)
    assert client.post(change, {"half_time": "on", "secondary": [pillar.pk]}).status_code == 302
    juror.refresh_from_db()
    assert (juror.half_time, juror.has_voice, juror.expertise.get().level) == (True, False, "secondary")
    assert 'name="email"' not in client.get(change).content.decode()
    both = client.post(change, {"primary": [pillar.pk], "secondary": [pillar.pk]})
    assert both.status_code == 422
    assert client.post(to("unseat", jury.panel, juror=juror.pk)).status_code == 302
    assert not Juror.objects.filter(pk=juror.pk).exists()
    assert client.get(change).status_code == 404


def test_a_person_without_an_account_is_said_so(client):
    jury = prepared(jurors=1, applications=1)
    client.force_login(jury.agent)
    answer = client.post(to("seat", jury.panel), {"email": "nobody@demo.example", "capacity": "Kept as typed"})
    assert answer.status_code == 422
    assert "Kept as typed" in answer.content.decode()
    second_chair = client.post(to("seat", jury.panel), {"email": UserFactory().email, "is_chair": "on"})
    assert second_chair.status_code == 409
    applicant = jury.submissions[0].structure.people.first()
    assert client.post(to("seat", jury.panel), {"email": applicant.email, "is_secretary": "on"}).status_code == 400


def test_readings_change_from_the_board(client):
    jury = opened(jurors=3, applications=1, readings=2)
    free = next(juror for juror in jury.jurors if not juror.assignments.exists())
    client.force_login(jury.chair)
    change, given = to("change-reading", jury.panel), {"juror": free.pk, "submission": jury.submissions[0].pk}
    client.post(change, {**given, "give": "1"})
    assert free.assignments.get().origin == "hand"
    client.post(change, {**given, "give": "0"})
    assert not free.assignments.exists()
    assert client.post(change, {**given, "give": "0"}).status_code == 404
    reader = next(juror for juror in jury.jurors if juror.assignments.exists())
    ready(reader, jury.submissions)
    write(jury.assignment(jury.jurors.index(reader), 0), 3)
    answer = client.post(change, {"juror": reader.pk, "submission": jury.submissions[0].pk, "give": "0"})
    assert answer.status_code == 302
    assert reader.assignments.exists()


def test_a_stuck_plan_names_what_is_stuck(client):
    jury = prepared(jurors=3, applications=2)
    panels.accept_charter(jury.jurors[1], by=jury.jurors[1].user)
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    client.force_login(jury.agent)
    answer = client.post(to("plan", jury.panel), {"seed": 1})
    number = jury.submissions[0].number
    assert "1 lecture ne trouve pas de juré·e." in said(answer)
    assert f"peuvent lire ces candidatures\u00a0: {number}. Il leur faut 3 lectures, et il n’y a que 2 places." in said(
        answer
    )


@pytest.mark.parametrize(("reason", "words"), [*stuck.WHY.items(), ("", stuck.UNSAID)])
def test_each_reason_of_a_plan_that_is_stuck_has_its_sentence_with_its_figures(reason, words):
    facts = {"lacking": 2, "submissions": [f"C-{n}" for n in range(9)], "jurors": ["Ada"], "reason": reason}
    with translation.override("fr"):
        told = stuck.stuck_words(facts | {"needed": 10, "places": 8})
    assert told.startswith("2 lectures ne trouvent pas de juré·e. ")
    assert ("10" in told and "8 places" in told) == bool(reason)
    assert "C-8" not in told


def test_a_doubt_is_answered_from_the_board(client):
    jury = opened(jurors=3, applications=1)
    doubts = [panels.declare_recusal(juror, jury.submissions[0], "unsure", by=juror.user) for juror in jury.jurors[1:]]
    client.force_login(jury.chair)
    page = client.get(to("organise", jury.panel)).content.decode()
    answers = [reverse("juries:answer-recusal", kwargs={"recusal": doubt.pk}) for doubt in doubts]
    assert all(address in page for address in answers)
    client.post(answers[0], {"answer": "no_link"})
    client.post(answers[1], {"answer": "confirm"})
    assert Recusal.objects.get().confirmed_at
    assert client.post(answers[1], {"answer": "no_link"}).status_code == 302
    assert Recusal.objects.count() == 1
    client.force_login(jury.agent)
    assert answers[1] not in client.get(to("organise", jury.panel)).content.decode()


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_refused_and_never_fails(client, odd):
    jury = opened(jurors=2, applications=1, readings=1)
    client.force_login(jury.agent)
    good = {"readings": 2, "places": 6, "quorum": 2, "basis": "adjusted"}
    posts = [
        (reverse("juries:panels", kwargs={"slug": jury.call.slug}), {**good, "stage": odd}),
        *((to("configure", jury.panel), {**good, name: odd}) for name in ("readings", "places", "quorum", "basis")),
        (to("configure", jury.panel), {**good, "due_at": odd or "31/02/2027"}),
        (to("seat", jury.panel), {"email": odd, "primary": [odd]}),
        (to("seat", jury.panel), {"email": UserFactory().email, "capacity": odd or "x" * 500}),
        (to("plan", jury.panel), {"seed": odd}),
        (to("change-reading", jury.panel), {"juror": odd, "submission": odd, "give": odd}),
        (to("change-reading", jury.panel), {"juror": 10**12, "submission": jury.submissions[0].pk, "give": "1"}),
    ]
    for address, data in posts:
        answer = client.post(address, data)
        assert answer.status_code < 500, (address, data)
    panel = Panel.objects.get()
    assert (panel.state, panel.basis, Assignment.objects.count()) == ("open", "adjusted", 1)


def test_forged_columns_change_nothing(client):
    jury = opened(jurors=2, applications=1)
    client.force_login(jury.agent)
    good = {"readings": 2, "places": 6, "quorum": 2, "basis": "adjusted"}
    client.post(to("configure", jury.panel), {**good, "state": "decided", "ridge": "0", "call": "1", "seed": "99"})
    panel = Panel.objects.get()
    assert (panel.state, panel.ridge, panel.call, panel.seed) == ("open", 3.0, jury.call, 1)


@pytest.mark.parametrize("page", ["0", "-1", "999", "x", "\u0663"])
def test_odd_pages_of_the_board_show_one(client, page):
    jury = opened(jurors=2, applications=1)
    client.force_login(jury.agent)
    answer = client.get(to("organise", jury.panel), {"page": page})
    assert answer.status_code == 200
    assert jury.submissions[0].title in answer.content.decode()


def test_a_long_board_is_paged():
    jury = opened(jurors=2, applications=3)
    found = board(jury.panel, jury.chair, number=2, per_page=2)
    assert [row.submission for row in found.rows] == jury.submissions[2:]
    assert found.expected == 6


@pytest.mark.parametrize("name", ["room", "organise", "configure", "plan"])
def test_keys_no_database_holds_are_unknown(client, name):
    client.force_login(agent_of(CallFactory()))
    assert client.get(reverse(f"juries:{name}", kwargs={"pk": 10**30})).status_code == 404


def table(client, jury):
    answer = client.get(to("progress-table", jury.panel))
    text = b"".join(answer).decode("utf-8-sig")
    return answer, list(csv.reader(text.splitlines(), delimiter=";"))


def test_the_board_leaves_as_a_table_of_what_is_done(client):
    jury = opened(jurors=3, applications=2)
    write(jury.assignment(0, 0), 4)
    write(jury.assignment(1, 0), 2, hand_in=False)
    panels.declare_recusal(jury.jurors[2], jury.submissions[1], "family", by=jury.jurors[2].user)
    client.force_login(jury.agent)
    answer, (header, *rows) = table(client, jury)
    names = [str(juror) for juror in jury.jurors]
    planned = ["Piliers", "Du pilier", "Hors pilier", "À vérifier"]
    assert header == ["N°", "Candidature", *names, "Fiches rendues", "Fiches attendues", *planned]
    assert [row[2:7] for row in rows[:4]] == [
        ["rendue", "commencée", "à faire", "1", "3"],
        ["à faire", "à faire", "déport", "0", "2"],
        ["1", "0", "0", "1", ""],
        ["2", "2", "1", "", "5"],
    ]
    assert [row[8:] for row in rows[:2]] == [["", "", ""], ["", "", "Lectures\u00a0: 2 sur 3."]]
    assert [row[:5] for row in rows[4:]] == [
        ["", "Au plus", "3", "3", "3"],
        ["", "Spécialiste de", "", "", ""],
        ["", "Connaît", "", "", ""],
        ["", "À vérifier", "", "", ""],
    ]
    assert [row[0] for row in rows] == [*(one.number for one in jury.submissions), "", "", "", "", "", ""]
    assert "avancement.csv" in answer["Content-Disposition"]
    line = JournalEntry.objects.get(verb="export")
    assert (line.actor, line.data) == (jury.agent, {"applications": 2, "jurors": 3})


def test_the_table_holds_every_page_no_formula_and_nothing_its_reader_stands_aside_from(client):
    jury = opened(jurors=2, applications=60)
    Submission.objects.filter(pk=jury.submissions[0].pk).update(title='=HYPERLINK("http://x")')
    jury.jurors[1].user.name = "@SUM(A1)"
    jury.jurors[1].user.save()
    panels.declare_recusal(jury.jurors[0], jury.submissions[1], "family", by=jury.chair)
    client.force_login(jury.chair)
    _answer, (header, *rows) = table(client, jury)
    assert len(rows) == 59 + 6
    assert header[3] == "'@SUM(A1)"
    assert rows[0][1].startswith("'=")
    assert jury.submissions[1].title not in {row[1] for row in rows}


def test_a_stuck_plan_says_beside_its_figures_the_loads_and_who_stands_aside(client):
    jury = prepared(jurors=3, applications=2)
    juror, hidden = jury.jurors[1], jury.submissions[0]
    panels.accept_charter(juror, by=juror.user)
    panels.declare_recusal(juror, hidden, "family", by=juror.user)
    panels.assign(jury.jurors[2], hidden, by=jury.agent)
    planned = panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    facts = panels.facts_of(planned)
    with translation.override("fr"):
        told = stuck.stuck_words(facts)
        apart = stuck.stuck_words(facts, {str(hidden.pk)})
    assert "1 lecture commencée ou donnée à la main" in told
    (reader,) = planned.jurors
    assert f"sur le plus qu’il donne\u00a0: {reader} {reader.assignments.count()}/3." in told
    assert f"s’abstiennent\u00a0: {juror} ({hidden.number})." in told
    assert hidden.number not in apart
    assert str(juror) not in apart
    assert "/3" not in apart
    old = {name: facts[name] for name in facts if name not in {"fixed", "loads", "aside"}}
    assert stuck.stuck_words(old)
