"""The juror's room and sheet: without script, with autosave, on two devices, with odd input."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from juries.models import Declaration, Juror, Recusal, Sheet
from juries.operations import panels, scoring
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, prepared, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_french():
    """Addresses without prefix, whatever language another request left behind."""
    with translation.override("fr"):
        yield


@pytest.fixture
def jury():
    return opened(jurors=3, applications=2)


@pytest.fixture
def juror(jury, client):
    client.force_login(jury.jurors[1].user)
    return jury.jurors[1]


def to(name, jury, submission=None):
    kwargs = {"pk": jury.panel.pk}
    if submission is not None:
        kwargs["submission"] = jury.submissions[submission].pk
    return reverse(f"juries:{name}", kwargs=kwargs)


def filled(jury, value="4", version=0, **more):
    criteria = criteria_of(jury.panel)
    return {"version": version, **{f"mark-{criterion.pk}": value for criterion in criteria}, **more}


def test_no_application_is_named_before_the_charter_is_accepted(client):
    jury = prepared("finale", jurors=1, applications=1)
    client.force_login(jury.chair)
    for answer in (client.get(to("links", jury)), client.post(to("links", jury), {"rest": "on"})):
        assert answer.url == to("room", jury)
    assert jury.submissions[0].title not in client.get(to("room", jury)).content.decode()
    assert not Declaration.objects.exists()
    client.post(to("charter", jury))
    assert jury.submissions[0].title in client.get(to("links", jury)).content.decode()


def test_a_link_is_declared_on_its_page_once_the_charter_is_accepted(client):
    jury = opened(jurors=2, applications=1)
    Juror.objects.filter(pk=jury.jurors[1].pk).update(charter_accepted_at=None)
    client.force_login(jury.jurors[1].user)
    page = reverse("juries:declare-link", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[0].pk})
    assert client.get(page).url == to("room", jury)
    assert "Acceptez d’abord la charte" in client.get(to("room", jury)).content.decode()
    answer = client.post(page, {"category": "family"})
    assert (answer.status_code, "Acceptez d’abord la charte" in answer.content.decode()) == (409, True)
    assert jury.submissions[0].title not in answer.content.decode()
    assert not Recusal.objects.exists()
    client.post(to("charter", jury))
    assert client.get(page).status_code == 200
    assert client.post(page, {"category": "family"}).status_code == 302
    assert Recusal.objects.get().juror == jury.jurors[1]


def test_from_the_message_to_the_last_sheet_without_script(client):
    jury = prepared(jurors=1, applications=2)
    panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    client.force_login(jury.chair)
    sheet = to("sheet", jury, 0)
    assert client.get(sheet).url == to("room", jury)
    room = client.get(to("room", jury))
    assert to("charter", jury) in room.content.decode()
    assert client.post(to("charter", jury)).url == to("links", jury)
    assert client.get(sheet).url == to("links", jury)
    said = {f"link-{jury.submissions[0].pk}": "none", f"link-{jury.submissions[1].pk}": "", "rest": "on"}
    assert client.post(to("links", jury), said).url == to("room", jury)
    assert Declaration.objects.count() == 2
    assert client.get(sheet).status_code == 200
    answer = client.post(sheet, filled(jury, act="hand_in", comment="Well.", private_note="Mine."))
    assert answer.url == to("sheet", jury, 1)
    answer = client.post(answer.url, filled(jury, "2,5", act="hand_in"))
    assert answer.url == to("room", jury)
    assert set(Sheet.objects.values_list("state", flat=True)) == {"handed_in"}
    assert "2 of 2" in client.get("/en" + to("room", jury)).content.decode()


def test_links_close_what_they_concern(client):
    jury = prepared(jurors=2, applications=3)
    juror = jury.jurors[1]
    panels.accept_charter(juror, by=juror.user)
    client.force_login(juror.user)
    names = [f"link-{submission.pk}" for submission in jury.submissions]
    client.post(to("links", jury), {names[0]: "family", names[1]: "unsure", names[2]: "none"})
    found = dict(Recusal.objects.filter(juror=juror).values_list("submission", "category"))
    assert found == {jury.submissions[0].pk: "family", jury.submissions[1].pk: "unsure"}
    assert Declaration.objects.get().submission == jury.submissions[2]
    page = client.get(to("links", jury)).content.decode()
    assert jury.submissions[0].title in page
    assert names[0] not in page


@pytest.mark.parametrize("sent", [{}, {"version": "0", "act": "save"}, {"version": "x", "comment": "Let me in"}])
def test_what_is_not_open_yet_is_not_read_by_sending_its_form(client, sent):
    """Before sheets open, and then before the link to it is declared, the form leads back like the page."""
    shut = prepared(jurors=2, applications=1)
    panels.assign(shut.jurors[1], shut.submissions[0], by=shut.agent)
    client.force_login(shut.jurors[1].user)
    undeclared = opened(jurors=2, applications=1)
    undeclared.jurors[1].declarations.all().delete()
    for jury in (shut, undeclared):
        client.force_login(jury.jurors[1].user)
        answer = client.post(to("sheet", jury, 0), sent)
        assert answer.status_code == 302
        assert jury.submissions[0].title not in answer.content.decode()
    assert not Sheet.objects.exists()


def test_saving_keeps_the_page_and_handing_in_needs_every_mark(jury, juror, client):
    sheet = to("sheet", jury, 0)
    criterion = criteria_of(jury.panel)[0]
    assert client.post(sheet, filled(jury, "", act="save", comment="Begun.")).url == sheet
    answer = client.post(sheet, {"version": 1, f"mark-{criterion.pk}": "3", "comment": "More.", "act": "hand_in"})
    assert answer.status_code == 422
    assert "More." in answer.content.decode()
    kept = Sheet.objects.get()
    # nothing of a refused hand-in is written by halves
    assert (kept.state, kept.comment, kept.version) == ("draft", "Begun.", 1)


def test_handing_in_twice_is_said_and_harmless(jury, juror, client):
    sheet = to("sheet", jury, 0)
    assert client.post(sheet, filled(jury, act="hand_in")).status_code == 302
    again = client.post(sheet, filled(jury, "1", version=1, act="hand_in"))
    assert again.status_code == 409
    assert Sheet.objects.get().marks.first().value == Decimal(4)


def test_a_sheet_is_taken_back_until_the_lock(jury, juror, client):
    write(jury.assignment(1, 0), 4)
    sheet = to("sheet", jury, 0)
    assert to("take-back", jury, 0) in client.get(sheet).content.decode()
    assert client.post(to("take-back", jury, 0)).url == sheet
    assert Sheet.objects.get().state == "draft"
    client.post(to("take-back", jury, 0))
    assert Sheet.objects.get().state == "draft"
    write(jury.assignment(1, 0), 4)
    scoring.lock_panel(jury.panel, by=jury.chair)
    client.post(to("take-back", jury, 0))
    assert Sheet.objects.get().state == "handed_in"
    page = client.get(sheet).content.decode()
    assert to("take-back", jury, 0) not in page
    assert "data-marks" not in page


def test_two_devices_see_both_texts_and_lose_none(jury, juror, client):
    sheet = to("sheet", jury, 0)
    client.post(sheet, filled(jury, "4", comment="From the tablet.", act="save"))
    answer = client.post(sheet, filled(jury, "2", comment="From the laptop.", act="save"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "From the tablet." in page
    assert "From the laptop." in page
    assert 'name="version" value="1"' in page
    assert Sheet.objects.get().comment == "From the tablet."
    client.post(sheet, filled(jury, "2", version=1, comment="From the laptop.", act="save"))
    assert Sheet.objects.get().comment == "From the laptop."


def test_what_one_device_left_empty_does_not_erase_what_the_other_wrote(jury, juror, client):
    sheet = to("sheet", jury, 0)
    first, second, *_others = criteria_of(jury.panel)
    client.post(to("mark", jury, 0), {"field": f"mark-{first.pk}", "value": "4", "version": 0})
    answer = client.post(sheet, {"version": 0, f"mark-{second.pk}": "2", "comment": "From the laptop.", "act": "save"})
    assert answer.status_code == 409
    form = answer.context["form"]
    assert [form[f"mark-{one.pk}"].value() for one in (first, second)] == ["4", "2"]
    assert [each.mine for each in answer.context["differences"]] == ["2", "From the laptop."]


def test_what_came_from_the_other_device_is_listed_when_a_sheet_is_handed_in(jury, juror, client):
    """One device left a mark empty that the other gave: the page names it, and the next act takes it."""
    sheet = to("sheet", jury, 0)
    first, *others = criteria_of(jury.panel)
    client.post(sheet, {"version": 0, **{f"mark-{one.pk}": "2" for one in others}, "act": "save"})
    fields = {f"mark-{first.pk}": "4.5", f"comment-{first.pk}": "From the tablet.", "private_note": "Mine."}
    for field, value in fields.items():
        assert save(client, jury, field, value, version=1, seen=[""])[0] == 200
    answer = client.post(sheet, {"version": 1, **{f"mark-{one.pk}": "2" for one in others}, "act": "hand_in"})
    assert answer.status_code == 409
    told = [(each.label, each.kept) for each in answer.context["elsewhere"]]
    assert told == [
        (first.label, "4,5"),
        (f"{first.label} (commentaire)", "From the tablet."),
        ("Note privée", "Mine."),
    ]
    page = answer.content.decode()
    assert all(value in page for _label, value in told)
    again = {name: answer.context["form"][name].value() for name in answer.context["form"].fields}
    assert client.post(sheet, {**again, "act": "hand_in"}).status_code == 302
    assert Sheet.objects.get().state == "handed_in"


# --- One field at a time ---


def test_a_lost_answer_refuses_no_later_mark_and_two_criteria_no_device(jury, juror, client):
    """What the page saw or sent itself is no other device's: only what it never saw is."""
    first, second, _third = (f"mark-{criterion.pk}" for criterion in criteria_of(jury.panel))
    save(client, jury, first, "4", seen=["", "4"])
    assert save(client, jury, first, "3", seen=["", "4", "3"])[0] == 200
    assert save(client, jury, second, "2", seen=["", "2"])[0] == 200
    status, answer = save(client, jury, first, "5", seen=["", "4", "odd"])
    assert (status, answer["value"]) == (409, "3")
    assert save(client, jury, first, "5", seen=["3"])[0] == 200


def save(client, jury, field, value, version=0, **more):
    answer = client.post(to("mark", jury, 0), {"field": field, "value": value, "version": version, **more})
    return answer.status_code, json.loads(answer.content)


def test_each_field_is_saved_alone(jury, juror, client):
    first, second, third = (f"mark-{criterion.pk}" for criterion in criteria_of(jury.panel))
    assert save(client, jury, first, "4")[1]["version"] == 1
    assert save(client, jury, second, "3.5", 1)[1]["total"] == ""
    status, answer = save(client, jury, third, "3", 2)
    assert (status, answer["version"], answer["total"]) == (200, 3, "14,67")
    assert save(client, jury, "comment", "Ça vaut la peine.", 3)[0] == 200
    assert save(client, jury, "private_note", "À relire.", 4)[0] == 200
    assert save(client, jury, first.replace("mark", "comment"), "Clair.", 5)[0] == 200
    assert save(client, jury, first, "", 6)[1]["total"] == ""
    sheet = Sheet.objects.get()
    assert (sheet.version, sheet.comment, sheet.private_note) == (7, "Ça vaut la peine.", "À relire.")


def test_a_field_saved_on_a_stale_page_says_so(jury, juror, client):
    first = f"mark-{criteria_of(jury.panel)[0].pk}"
    save(client, jury, first, "4")
    status, answer = save(client, jury, first, "2")
    assert status == 409
    assert (answer["value"], answer["message"]) == (
        "4",
        "Changé sur un autre appareil : « 4 ». Donnez à nouveau le vôtre pour le remplacer.".replace(" :", "\u00a0:")
        .replace("« ", "«\u00a0")
        .replace(" »", "\u00a0»"),
    )
    assert save(client, jury, first, "4")[0] == 200
    assert save(client, jury, first, "2", "9" * 400)[0] == 409


@pytest.mark.parametrize(
    ("field", "value", "version"),
    [
        ("mark", "6", "0"),
        ("mark", "3.25", "0"),
        ("mark", "NaN", "0"),
        ("mark", "1e400", "0"),
        ("mark", "1e9999999", "0"),
        ("mark", "4" * 5000, "0"),
        ("mark", "four", "0"),
        ("mark", "4\x00", "0"),
        ("mark", "4", "x"),
        ("mark", "4", ""),
        ("mark", "4", "-1"),
        ("comment", "x" * 1_000_000, "0"),
        ("comment", "a\x00b", "0"),
        ("comment", "\u202eabc", "0"),
        ("private_note", "\x07", "0"),
        ("version", "4", "0"),
        ("state", "handed_in", "0"),
        ("handed_in_at", "2026-01-01", "0"),
        ("mark-999999", "3", "0"),
        ("comment-0", "x", "0"),
        ("", "", ""),
        ("rest", "on", "0"),
    ],
)
def test_odd_fields_are_refused_in_words(jury, juror, client, field, value, version):
    name = f"mark-{criteria_of(jury.panel)[0].pk}" if field == "mark" else field
    status, answer = save(client, jury, name, value, version)
    assert status == 422
    assert 0 < len(answer["errors"][0]) < 300
    assert not Sheet.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"version": "x"},
        {"version": ""},
        {"version": "99999999999999999999999999"},
        {"comment": "a\x00b"},
        {"comment": "x" * 1_000_000},
        {"private_note": "\u202e"},
        {"act": "sign"},
        {"state": "handed_in", "juror": "1", "handed_in_at": "2026-01-01"},
    ],
)
def test_odd_forms_never_fail_nor_lose_what_was_typed(jury, juror, client, odd):
    answer = client.post(to("sheet", jury, 0), filled(jury, "3", **{"private_note": "Kept as typed.", **odd}))
    assert answer.status_code in {302, 409, 422}
    if answer.status_code != 302 and "private_note" not in odd:
        assert "Kept as typed." in answer.content.decode()
    assert not Sheet.objects.filter(state="handed_in").exists()


def test_saving_after_a_recusal_is_a_closed_door(jury, juror, client):
    first = f"mark-{criteria_of(jury.panel)[0].pk}"
    assert client.get(to("sheet", jury, 0)).status_code == 200
    answer = client.post(to("declare-link", jury, 0), {"category": "family"})
    assert answer.url == to("room", jury)
    for answer in (
        client.get(to("sheet", jury, 0)),
        client.post(to("sheet", jury, 0), filled(jury, act="hand_in")),
        client.post(to("mark", jury, 0), {"field": first, "value": "5", "version": 0}),
        client.post(to("take-back", jury, 0)),
        client.post(to("declare-link", jury, 0), {"category": "family"}),
    ):
        assert answer.status_code == 404
    room = client.get(to("room", jury)).content.decode()
    assert to("sheet", jury, 0) not in room
    assert room.count(jury.submissions[0].title) == 1  # the juror's own word, and that it waits


def test_a_link_needs_its_kind(jury, juror, client):
    assert client.post(to("declare-link", jury, 0), {}).status_code == 422
    assert client.post(to("declare-link", jury, 0), {"category": "nothing"}).status_code == 422
    assert client.post(to("leave", jury), {"category": "unsure"}).status_code == 422
    assert not Recusal.objects.exists()
    assert client.post(to("leave", jury), {"category": "other"}).status_code == 302
    assert client.get(to("room", jury)).status_code == 404


def test_marks_arriving_after_the_lock_are_refused_with_a_sentence(jury, juror, client):
    write(jury.assignment(0, 0), 3)
    scoring.lock_panel(jury.panel, by=jury.chair)
    status, answer = save(client, jury, f"mark-{criteria_of(jury.panel)[0].pk}", "5")
    assert (status, bool(answer["message"])) == (409, True)
    answer = client.post(to("sheet", jury, 0), filled(jury, act="hand_in", comment="Late."))
    assert answer.status_code == 409
