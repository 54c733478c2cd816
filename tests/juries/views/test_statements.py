"""The jury's pages cost the same few statements whatever there is to read."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from juries.models import Juror, Motion, PlanRequest, Proposal, Recusal, Remark, SecondReading, Slot
from juries.operations import deliberation, panels, voting
from juries.queries.panels import criteria_of
from pillars.models import Pillar
from tests.factories.juries import disclosed, opened, write

pytestmark = pytest.mark.django_db

SHAPES = ({"jurors": 1, "applications": 1}, {"jurors": 3, "applications": 3})
LIMIT = 12
HOUR = timedelta(hours=1)
TO_READ = 8
"""What a juror opens again and again, their list and a sheet; and the boards and the ranking of those who lead."""


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
def test_a_juror_s_list_and_sheet(client, applications, stage):
    jury = opened(stage, jurors=2, applications=applications, readings=2)
    write(jury.assignment(0, 0), 3, hand_in=False, comment="Begun.")

    def taken():
        return [
            cost(client, jury.chair, partial(client.get, page(jury))) for page in (of_panel("room"), of_sheet("sheet"))
        ]

    assert max(taken()) <= TO_READ
    if applications > 1:
        panels.declare_recusal(jury.jurors[0], jury.submissions[1], "family", by=jury.chair)
        assert max(taken()) <= TO_READ


def stuck(jury):
    """A plan of readings that does not reach everything, as it is told."""
    keys = [str(one.pk) for one in jury.submissions]
    told = {"pairs": 1, "added": 1, "removed": 0, "lacking": 1, "submissions": [1], "keys": keys[:1], "jurors": []}
    PlanRequest.objects.update_or_create(
        panel=jury.panel, defaults={"seed": 1, "asked_by": jury.agent, "state": PlanRequest.State.DONE, "told": told}
    )


def burdened(jury):
    """The same jury with an invitation, wishes, a stuck plan, and a link that waits for the chair's answer."""
    panels.invite_juror(jury.panel, "someone@town.example", by=jury.agent)
    if jury.panel.stage == "reading":
        for juror in jury.jurors:
            panels.state_wishes(juror, dict.fromkeys(Pillar.objects.all()[:2], "wants"), by=juror.user)
        stuck(jury)
    panels.declare_recusal(jury.jurors[-1], jury.submissions[0], "unsure", by=jury.jurors[-1].user)
    return jury


def to_read(client, jury, *names, people=None):
    """What each page takes that takes more than it may."""
    people = people or {"agent": jury.agent, "chair": jury.chair}
    took = {
        (name, role): cost(client, person, partial(client.get, of_panel(name)(jury)))
        for role, person in people.items()
        for name in names
    }
    return {page: n for page, n in took.items() if n > TO_READ}


@pytest.mark.parametrize(
    ("applications", "state"),
    [
        *((n, state) for n in (1, 3) for state in ("plain", "burdened", "second reading")),
        (100, "burdened"),
        *(pytest.param(100, state, marks=pytest.mark.long) for state in ("plain", "second reading")),
    ],
)
@pytest.mark.parametrize("stage", ["reading", "finale"])
def test_boards_before_the_lock(client, stage, applications, state):
    jury = opened(stage, jurors=3, applications=applications, readings=2)
    if state != "plain":
        burdened(jury)
    if state == "second reading" and stage == "reading":
        begin_again(jury, jury.submissions)
    assert to_read(client, jury, "organise", "chair") == {}


def hold_vote(jury, *, open_now=True):
    """A public vote beside the finale, under way or closed, with a ballot."""
    now = clock.now()
    type(jury.submissions[0]).objects.filter(call=jury.call).update(decision_public_at=now - timedelta(days=1))
    vote = voting.open_vote(jury.call, opens_at=now - HOUR, closes_at=now + HOUR, by=jury.agent)
    voting.cast_many(vote, [jury.submissions[0]], by=jury.agent)
    if not open_now:
        vote.closes_at = now - timedelta(seconds=1)
        vote.save(update_fields=["closes_at"])
    return vote


@pytest.mark.parametrize("applications", [1, 3, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("open_now", [True, False])
def test_boards_beside_a_public_vote(client, applications, open_now):
    """Before the lock with a link that waits and a pitch in progress, and once locked."""
    jury = burdened(opened("finale", jurors=3, applications=applications, readings=2))
    hold_vote(jury, open_now=open_now)
    slot = Slot.objects.create(
        panel=jury.panel, submission=jury.submissions[0], order=1, starts_at=clock.now(), minutes=10
    )
    Slot.objects.filter(pk=slot.pk).update(began_at=clock.now())
    assert to_read(client, jury, "organise", "chair") == {}
    type(jury.panel).objects.filter(pk=jury.panel.pk).update(state="locked")
    assert to_read(client, jury, "organise", "chair") == {}


@pytest.mark.parametrize("applications", [1, 3, pytest.param(60, marks=pytest.mark.long)])
def test_the_finale_s_deliberation_with_a_link_that_waits_and_a_vote(client, applications):
    jury = disclosed("finale", jurors=3, applications=applications, readings=2)
    hold_vote(jury)
    deliberation.deliberate(jury.panel, by=jury.chair)
    proposed(jury)
    Recusal.objects.create(juror=jury.jurors[2], submission=jury.submissions[-1], category="unsure")
    members = {"chair": jury.chair, "juror": jury.jurors[1].user}
    assert to_read(client, jury, "organise", "chair", "standing") == {}
    assert to_read(client, jury, "standing", "meeting", people=members) == {}


def test_an_organiser_who_stands_aside_elsewhere(client):
    jury = burdened(opened(jurors=3, applications=3, readings=2))
    other = panels.create_panel(jury.call, "finale", by=jury.agent)
    Juror.objects.create(panel=other, user=jury.agent).recusals.create(submission=jury.submissions[1], category="other")
    assert to_read(client, jury, "organise", "chair") == {}


def begin_again(jury, named):
    """A second reading of `named`, as the operation leaves it, without the sheets it takes."""
    SecondReading.objects.create(panel=jury.panel, leading=1, readings=1, seed=1).submissions.set(named)
    type(jury.panel).objects.filter(pk=jury.panel.pk).update(second_begun_at=clock.now())


@pytest.mark.parametrize("applications", [1, 3, pytest.param(60, marks=pytest.mark.long)])
@pytest.mark.parametrize("stage", ["reading", "finale"])
def test_boards_and_ranking_once_disclosed(client, stage, applications):
    jury = disclosed(stage, jurors=3, applications=applications, readings=2)
    everyone = {"agent": jury.agent, "chair": jury.chair}
    members = {"chair": jury.chair, "juror": jury.jurors[1].user}
    for step in range(3):
        if step == 1:
            Recusal.objects.create(juror=jury.jurors[2], submission=jury.submissions[-1], category="unsure")
            deliberation.deliberate(jury.panel, by=jury.chair)
        elif step == 2:
            proposed(jury)
        assert to_read(client, jury, "organise", "chair", "standing", people=everyone) == {}
        assert to_read(client, jury, "room", "standing", "meeting", people=members) == {}


def proposed(jury):
    """A motion, a remark, proposals, and one who leads standing aside."""
    Motion.objects.create(panel=jury.panel, text="Keep them.", votes_for=1)
    first = jury.submissions[0]
    Remark.objects.create(panel=jury.panel, submission=first, juror=jury.jurors[1], text="Well built.")
    for one in jury.submissions[:2]:
        Proposal.objects.create(panel=jury.panel, submission=one, verdict="keep")
    if len(jury.submissions) > 1:
        Recusal.objects.create(juror=jury.jurors[0], submission=jury.submissions[1], category="other")


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


@pytest.mark.parametrize("is_first", [True, False])
def test_saving_one_mark_takes_twelve_statements_at_most(client, is_first):
    jury = opened(jurors=2, applications=2)
    criterion = criteria_of(jury.panel)[0]
    if not is_first:
        write(jury.assignment(1, 0), 3, hand_in=False)
    client.force_login(jury.jurors[1].user)
    known = {"version": 0, "seen": ""} if is_first else {"version": 1, "seen": "3.0"}
    given = {"field": f"mark-{criterion.pk}", "value": "4", **known}
    client.get(of_panel("room")(jury))
    with CaptureQueriesContext(connection) as statements:
        answer = client.post(of_sheet("mark")(jury), given)
    assert answer.status_code == 200, answer.content
    assert len(statements) <= LIMIT, [each["sql"] for each in statements]
