"""What a juror sends once their session has ended, or from a page older than that, is in the form of their sheet."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock, unreceived
from juries.models import Juror, Sheet
from juries.operations import panels, scoring
from juries.queries.panels import criteria_of
from tests.factories.juries import opened, write

pytestmark = pytest.mark.django_db
NOTE, OFFERED = "Between us: too early.", "n’avait pas été reçu"
HERE = {"headers": {"Origin": "http://testserver"}}


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        cache.clear()
        yield


@pytest.fixture
def jury():
    return opened(jurors=3, applications=2)


def url(jury, name="sheet"):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[0].pk})


def sent(jury, seat=1, version=0, **more):
    marks = {f"mark-{criterion.pk}": "4.5" for criterion in criteria_of(jury.panel)}
    return (
        {"person": jury.jurors[seat].user_id, "version": version, "private_note": NOTE, "act": "hand_in"} | marks | more
    )


def token_of(client, there):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get(there).text)[1]


def signs_in(client, jury, seat=1):
    client.force_login(jury.jurors[seat].user)


def marked(page):
    return page.text.count(" checked")


def came_back(client, jury, **more):
    answer = client.post(url(jury), sent(jury, **more))
    assert answer.url.startswith(reverse("account_login"))
    signs_in(client, jury)
    return client.get(url(jury))


def test_once_signed_in_again_it_is_in_the_form_and_handed_in_from_there(client, jury):
    page = came_back(client, jury)
    criteria = criteria_of(jury.panel)
    assert page.status_code == 200
    assert OFFERED in page.text
    assert NOTE in page.text
    assert marked(page) == len(criteria)
    assert not Sheet.objects.exists()
    form = page.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url(jury), again | {"act": "hand_in"}).status_code == 302
    sheet = Sheet.objects.get()
    assert (sheet.state, sheet.private_note) == ("handed_in", NOTE)
    assert not client.session.get(unreceived.IN_SESSION)


def test_a_form_older_than_the_sign_in_comes_back_with_all_that_was_typed(jury):
    client = Client(enforce_csrf_checks=True)
    signs_in(client, jury)
    old = token_of(client, url(jury))
    client.cookies.pop("csrftoken")
    new = token_of(client, url(jury))
    body = sent(jury) | {"csrfmiddlewaretoken": old}
    answer = client.post(url(jury), body, **HERE)
    assert answer.url == url(jury)
    page = client.get(url(jury))
    assert OFFERED in page.text
    assert NOTE in page.text
    assert not Sheet.objects.exists()
    assert client.post(url(jury), sent(jury) | {"csrfmiddlewaretoken": new}).status_code == 302
    assert Sheet.objects.get().state == "handed_in"


@pytest.mark.parametrize(
    "said", [{}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_site_puts_no_words_in_a_sheet(jury, said):
    client = Client(enforce_csrf_checks=True)
    signs_in(client, jury)
    assert client.post(url(jury), sent(jury), headers=said).status_code == 403
    assert unreceived.IN_SESSION not in client.session
    assert OFFERED not in client.get(url(jury)).text


def test_a_script_reads_that_the_token_is_old_and_not_that_the_sheet_is_closed(jury):
    client = Client(enforce_csrf_checks=True)
    signs_in(client, jury)
    asked = {"headers": {"Accept": "application/json", "Origin": "http://testserver"}}
    field = {"field": "comment", "value": "Well.", "version": 0}
    answer = client.post(url(jury, "mark"), field, **asked)
    assert (answer.status_code, answer.json()["code"]) == (403, "form_expired")
    field["csrfmiddlewaretoken"] = token_of(client, url(jury))
    Juror.objects.filter(pk=jury.jurors[1].pk).update(has_voice=False)
    answer = client.post(url(jury, "mark"), field, **asked)
    assert (answer.status_code, "code" in answer.json()) == (403, False)


def test_another_juror_who_signs_in_there_reads_nothing_of_it(client, jury):
    client.post(url(jury), sent(jury))
    signs_in(client, jury, 2)
    page = client.get(url(jury)).text
    assert OFFERED not in page
    assert NOTE not in page
    assert marked(client.get(url(jury))) == 0


def test_a_form_that_names_nobody_is_shown_to_nobody(client, jury):
    page = came_back(client, jury, person="")
    assert OFFERED not in page.text
    assert NOTE not in page.text


def test_what_is_saved_may_be_kept(client, jury):
    write(jury.assignment(1, 0), 2, hand_in=False, comment="Kept before.")
    page = came_back(client, jury, version=1, comment="Sent in vain.")
    assert "Kept before." in page.text
    assert "Sent in vain." in page.text
    assert client.post(url(jury), {"take": "kept"}).url == url(jury)
    page = client.get(url(jury)).text
    assert "Sent in vain." not in page
    assert OFFERED not in page
    assert Sheet.objects.get().comment == "Kept before."


@pytest.mark.parametrize(("version", "left"), [(1, ""), (0, "Kept before.")])
def test_a_field_sent_empty_empties_only_the_sheet_it_was_sent_upon(client, jury, version, left):
    write(jury.assignment(1, 0), 2, hand_in=False, comment="Kept before.")
    page = came_back(client, jury, version=version, comment="")
    assert page.context["form"]["comment"].value() == left


def test_what_another_device_saved_meanwhile_is_shown_beside_it(client, jury):
    write(jury.assignment(1, 0), 2, hand_in=False, private_note="From the tablet.")
    page = came_back(client, jury)
    late = page.context["late"]
    assert {one.kept for one in late.differences} == {"2", "From the tablet."}
    assert late.names == [one.name for one in late.differences]
    assert f'data-late="{" ".join(late.names)}"' in page.text


def test_once_locked_nothing_of_it_is_shown_nor_kept(client, jury):
    write(jury.assignment(0, 0), 4)
    client.post(url(jury), sent(jury))
    scoring.lock_panel(jury.panel, by=jury.chair)
    signs_in(client, jury)
    page = client.get(url(jury)).text
    assert NOTE not in page
    assert not client.session.get(unreceived.IN_SESSION)


def test_recused_meanwhile_the_sheet_is_a_closed_door(client, jury):
    client.post(url(jury), sent(jury))
    panels.declare_recusal(jury.jurors[1], jury.submissions[0], "family", by=jury.jurors[1].user)
    signs_in(client, jury)
    answer = client.get(url(jury))
    assert answer.status_code == 404
    assert NOTE not in answer.text


def test_what_could_not_be_kept_is_said(client, jury):
    client.post(url(jury), sent(jury))
    with clock.at(clock.now() + timedelta(minutes=61)):
        signs_in(client, jury)
        assert "n’a pas pu être gardé" in client.get(url(jury)).text


def test_odd_values_are_offered_and_refused_as_ever(client, jury):
    first = f"mark-{criteria_of(jury.panel)[0].pk}"
    page = came_back(client, jury, version="x", comment="Bell \x07", **{first: "99"})
    assert page.status_code == 200
    form = page.context["form"]
    again = {name: form[name].value() or "" for name in form.fields}
    assert client.post(url(jury), again).status_code == 422
