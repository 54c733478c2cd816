"""Pages of the jury that refuse lead a juror back to their own room, and tell nothing of what they refuse."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from juries.operations import panels
from tests.factories.juries import opened

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
HTML = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture(autouse=True)
def in_french():
    with translation.override("fr"):
        yield


@pytest.fixture
def jury():
    return opened(jurors=3, applications=1)


@pytest.fixture
def juror(jury, client):
    client.force_login(jury.jurors[1].user)
    return jury.jurors[1]


def to(name, jury, submission=None, **more):
    kwargs = {"pk": jury.panel.pk} | ({} if submission is None else {"submission": submission.pk}) | more
    return reverse(f"juries:{name}", kwargs=kwargs)


def test_what_is_refused_leads_a_juror_back_to_their_room(jury, juror, client):
    unknown = "00000000-0000-0000-0000-000000000001"
    panels.declare_recusal(juror, jury.submissions[0], "family", by=juror.user)
    pages = []
    for key in (unknown, str(jury.submissions[0].pk)):
        answer = client.get(reverse("juries:sheet", kwargs={"pk": jury.panel.pk, "submission": key}), **HTML)
        assert answer.status_code == 404
        assert f'href="{to("room", jury)}"' in answer.text
        pages.append(TOKEN.sub("", answer.text.replace(key, "KEY")))
    assert pages[0] == pages[1]
    for name, status in (("chair", 403), ("standing", 409)):
        answer = client.get(to(name, jury), **HTML)
        assert answer.status_code == status
        assert f'href="{to("room", jury)}"' in answer.text


def test_of_another_panel_it_leads_to_one_s_juries_alike(juror, client):
    others = opened(jurors=1, applications=1).panel.pk, 987654
    for pk in others:
        answer = client.get(reverse("juries:room", kwargs={"pk": pk}), **HTML)
        assert answer.status_code == 404
        assert "Mes jurys" in answer.text
        assert reverse("juries:room", kwargs={"pk": pk}) not in answer.text.split("<main")[1].split("</main")[0]


def test_who_has_no_seat_is_led_nowhere_else_and_public_refusals_ask_nothing(jury, client, django_user_model):
    client.force_login(django_user_model.objects.create(email="someone@town.example"))
    assert "Mes jurys" not in client.get(to("room", jury), **HTML).text
    client.force_login(jury.jurors[1].user)
    with CaptureQueriesContext(connection) as statements:
        page = client.get("/appels/rien/resultats/", **HTML)
    assert page.status_code == 404
    assert not [one for one in statements if "juries_juror" in one["sql"]]
    assert "Mes jurys" not in page.text.split("<main")[1]
