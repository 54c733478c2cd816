"""Before the debate on an application: whoever never said so says whether a link exists, and reads its title alone."""

from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.errors import Conflict
from juries.models import Declaration, Recusal, Remark
from juries.operations import deliberation
from tests.factories.juries import disclosed, sheets_of

pytestmark = pytest.mark.django_db
SECRET = "What a reader wrote of it."


@pytest.fixture
def jury():
    """A disclosed panel; its third juror declared nothing of the first application, of which one wrote."""
    made = disclosed(jurors=4, applications=2, places=1, value=lambda _juror, submission: 4 - submission)
    made.undeclared = made.jurors[2].user
    Declaration.objects.filter(juror=made.jurors[2], submission=made.submissions[0]).delete()
    sheet = sheets_of(made).filter(submission=made.submissions[0]).first()
    type(sheet).objects.filter(pk=sheet.pk).update(comment=SECRET)
    return made


def to(name, jury, place=0):
    return reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[place].pk})


def test_it_is_asked_before_anything_of_the_application_is_read(client, jury):
    client.force_login(jury.undeclared)
    asked = client.get(to("debate", jury))
    assert (asked.status_code, asked.url) == (302, to("debate-link", jury))
    with translation.override("en"):
        page = unescape(client.get(to("debate-link", jury)).text)
    assert jury.submissions[0].title in page
    assert SECRET not in page
    assert jury.submissions[0].one_line not in page or not jury.submissions[0].one_line
    assert reverse("juries:leave", kwargs={"pk": jury.panel.pk}) in page
    assert client.get(to("debate", jury, 1)).status_code == 200


def test_nothing_is_said_of_it_before_the_answer(client, jury):
    client.force_login(jury.undeclared)
    assert client.post(to("debate", jury), {"text": "I say."}).url == to("debate-link", jury)
    with pytest.raises(Conflict):
        deliberation.say(jury.panel, jury.submissions[0], "I say.", by=jury.undeclared)
    assert not Remark.objects.exists()


def test_no_link_opens_it(client, jury):
    client.force_login(jury.undeclared)
    assert client.post(to("debate-link", jury), {}).status_code == 422
    assert client.post(to("debate-link", jury), {"answer": "none"}).url == to("debate", jury)
    assert Declaration.objects.filter(juror=jury.jurors[2], submission=jury.submissions[0]).exists()
    assert SECRET in unescape(client.get(to("debate", jury)).text)
    assert client.get(to("debate-link", jury)).url == to("debate", jury)


@pytest.mark.parametrize("category", ["family", "unsure"])
def test_a_link_or_a_doubt_closes_it_everywhere_at_once(client, jury, category):
    client.force_login(jury.undeclared)
    answer = client.post(to("debate-link", jury), {"answer": category})
    assert answer.url == reverse("juries:standing", kwargs={"pk": jury.panel.pk})
    assert Recusal.objects.get(juror=jury.jurors[2]).category == category
    for name in ("debate", "debate-link", "explanation"):
        assert client.get(to(name, jury)).status_code == 404
    assert jury.submissions[0].title not in unescape(client.get(answer.url).text)


def test_the_charter_comes_first(client, jury):
    type(jury.jurors[2]).objects.filter(pk=jury.jurors[2].pk).update(charter_accepted_at=None)
    client.force_login(jury.undeclared)
    room = reverse("juries:room", kwargs={"pk": jury.panel.pk})
    assert client.get(to("debate-link", jury)).url == room
    assert client.post(to("debate-link", jury), {"answer": "none"}).status_code == 409


def test_statements_stay_within_bounds(client, jury, django_assert_max_num_queries):
    client.force_login(jury.undeclared)
    client.get(to("debate-link", jury))
    with django_assert_max_num_queries(11):
        client.get(to("debate-link", jury))
