"""The jury's pages cost the same few statements whatever there is to read."""

from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from juries.models import SecondReading
from juries.operations import panels
from juries.queries.panels import criteria_of
from pillars.models import Pillar
from tests.factories.juries import opened, write

pytestmark = pytest.mark.django_db

SHAPES = ({"jurors": 1, "applications": 1}, {"jurors": 3, "applications": 3})
LIMIT = 12
TO_READ = 8
"""What a juror opens again and again: their list and a sheet."""


def cost(client, person, act):
    client.force_login(person)
    act()
    with CaptureQueriesContext(connection) as statements:
        answer = act()
    assert answer.status_code == 200, answer.content
    return len(statements)


def costs(client, address, person=lambda jury: jury.chair):
    found = []
    for shape in SHAPES:
        jury = opened(**shape)
        for place, _submission in enumerate(jury.submissions):
            write(jury.assignment(0, place), 3, hand_in=False, comment="Begun.")
        found.append(cost(client, person(jury), partial(client.get, address(jury))))
    return found


def of_panel(name):
    return lambda jury: reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk})


def of_sheet(name):
    return lambda jury: reverse(f"juries:{name}", kwargs={"pk": jury.panel.pk, "submission": jury.submissions[0].pk})


@pytest.mark.parametrize(
    "address",
    [
        *(of_panel(name) for name in ("room", "links", "wishes", "leave")),
        *(of_sheet(name) for name in ("sheet", "declare-link")),
    ],
    ids=["room", "links", "wishes", "leave", "sheet", "declare-link"],
)
def test_jurors_pages(client, address):
    one, three = costs(client, address)
    assert one == three <= LIMIT


@pytest.mark.parametrize("stage", ["reading", "finale"])
@pytest.mark.parametrize("applications", [1, 3, 60])
@pytest.mark.parametrize("address", [of_panel("room"), of_sheet("sheet")], ids=["room", "sheet"])
def test_a_juror_s_list_and_sheet(client, address, applications, stage):
    jury = opened(stage, jurors=2, applications=applications, readings=2)
    write(jury.assignment(0, 0), 3, hand_in=False, comment="Begun.")
    assert cost(client, jury.chair, partial(client.get, address(jury))) <= TO_READ
    if applications > 1:
        panels.declare_recusal(jury.jurors[0], jury.submissions[1], "family", by=jury.chair)
        assert cost(client, jury.chair, partial(client.get, address(jury))) <= TO_READ


def test_organisers_board(client):
    def recused(jury):
        panels.declare_recusal(jury.jurors[-1], jury.submissions[0], "unsure", by=jury.jurors[-1].user)
        return jury.agent

    one, three = costs(client, of_panel("organise"), recused)
    assert one == three <= LIMIT


@pytest.mark.parametrize("second", [False, True], ids=["first reading", "second reading"])
@pytest.mark.parametrize("applications", [1, 3, 100])
def test_organisers_board_with_invitations_wishes_and_a_second_reading(client, applications, second):
    jury = opened(jurors=3, applications=applications, readings=2)
    for juror in jury.jurors:
        panels.state_wishes(juror, dict.fromkeys(Pillar.objects.all()[:2], "wants"), by=juror.user)
    panels.invite_juror(jury.panel, "someone@town.example", by=jury.agent)
    if second:
        begin_again(jury, jury.submissions)
    for person in (jury.agent, jury.chair):
        for name in ("organise", "chair"):
            found = cost(client, person, partial(client.get, of_panel(name)(jury)))
            assert found <= LIMIT, (name, person == jury.agent, found)


def begin_again(jury, named):
    """A second reading of `named`, as the operation leaves it, without the sheets it takes."""
    SecondReading.objects.create(panel=jury.panel, leading=1, readings=1, seed=1).submissions.set(named)
    type(jury.panel).objects.filter(pk=jury.panel.pk).update(second_begun_at=clock.now())


def test_list_of_panels(client):
    one, three = costs(
        client, lambda jury: reverse("juries:panels", kwargs={"slug": jury.call.slug}), lambda jury: jury.agent
    )
    assert one == three <= LIMIT


def test_saving_a_mark(client):
    for shape in SHAPES:
        jury = opened(**shape)
        client.force_login(jury.chair)
        field = f"mark-{criteria_of(jury.panel)[0].pk}"
        for version in range(2):
            with CaptureQueriesContext(connection) as statements:
                answer = client.post(of_sheet("mark")(jury), {"field": field, "value": version, "version": version})
            assert answer.status_code == 200
            assert len(statements) <= LIMIT, [each["sql"][:100] for each in statements]
