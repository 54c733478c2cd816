"""Every address of jurors and organisers × persona × state of the panel has one expected answer."""

import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.urls import reverse

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core.access import can
from calls.models import Question
from juries.operations import panels, scoring
from juries.queries.panels import visible_panels
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, agent_of
from tests.factories.juries import Jury, prepared, ready, write_all

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
pytestmark = pytest.mark.django_db

STATES = ("preparation", "open", "locked", "disclosed")
# Whoever has nothing to do with the panel, whatever else they are.
STRANGERS = ("citizen", "applicant", "left", "other_agent", "screener", "administrator", "agent_member")
INSIDERS = ("juror", "recused", "undeclared", "chair", "secretary", "agent")


@dataclass
class World:
    """A panel in some state, and one person of each kind."""

    jury: Jury
    people: dict[str, Any]
    ids: dict[str, Any] = field(default_factory=dict)


def world(state):
    call = CallFactory(closed=True)
    Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Document")
    jury = prepared(call=call, jurors=5, applications=1, readings=3)
    chair, juror, recused, undeclared, left = jury.jurors
    member = agent_of(call)
    join(jury.submissions[0].structure, Membership.Role.READER, member)
    for each in (chair, juror, recused, left):
        ready(each, jury.submissions)
    panels.accept_charter(undeclared, by=undeclared.user)
    secretary = UserFactory()
    panels.seat(jury.panel, secretary, by=jury.agent, has_voice=False, is_secretary=True)
    for each in jury.jurors:
        panels.assign(each, jury.submissions[0], by=jury.agent)
    recusal = panels.declare_recusal(recused, jury.submissions[0], "unsure", by=recused.user)
    panels.declare_recusal(left, None, "other", by=left.user)
    if state != "preparation":
        panels.open_panel(jury.panel, by=jury.agent)
    if state in {"locked", "disclosed"}:
        panels.unassign(jury.assignment(3, 0), by=jury.agent)
        panels.unassign(jury.assignment(2, 0), by=jury.agent)
        panels.unassign(jury.assignment(4, 0), by=jury.agent)
        write_all(jury)
        scoring.lock_panel(jury.panel, by=jury.chair)
    if state == "disclosed":
        scoring.disclose_panel(jury.panel, by=jury.chair)
    people = {
        "anonymous": None,
        "citizen": UserFactory(),
        "applicant": owner_of(jury.submissions[0].structure),
        "juror": juror.user,
        "recused": recused.user,
        "undeclared": undeclared.user,
        "left": left.user,
        "chair": chair.user,
        "secretary": secretary,
        "agent": jury.agent,
        "other_agent": agent_of(CallFactory(closed=True)),
        "screener": agent_of(call, "screen"),
        "administrator": AgentFactory(is_administrator=True),
        "agent_member": member,
    }
    ids = {"file": jury.submissions[0].attachments.get().file_id, "recusal": recusal.pk, "seat": juror.pk}
    return World(jury, people, ids)


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    """The four worlds, built once; each test only reads or is refused."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield {state: world(state) for state in STATES}
        transaction.set_rollback(True)


def answers(**given):
    """Expected answers: those named, 404 for strangers, 302 (to sign in) for visitors."""
    groups = {"strangers": STRANGERS, "insiders": INSIDERS, "organisers": ("chair", "secretary", "agent")}
    found = {"anonymous": 302, **dict.fromkeys(STRANGERS, 404)}
    for name in sorted(given, key=lambda name: name not in groups):
        for person in groups.get(name, (name,)):
            found[person] = given[name]
    return found


SEATED = {"juror": 200, "recused": 200, "undeclared": 200, "chair": 200, "secretary": 200, "agent": 403}
# Who keeps the minutes without a voice has nothing to wish.
WISHING = SEATED | {"secretary": 409}
LATE = {who: 409 if answer == 200 else answer for who, answer in SEATED.items()}
ORGANISED = {"juror": 403, "recused": 403, "undeclared": 403, "organisers": 200}
# A sheet is there for whoever is asked to write it and stands aside from nothing.
READ = {"insiders": 404, "juror": 200, "chair": 200}
PAST = {"insiders": 404, "juror": 409, "chair": 409}
SHUT = {"insiders": 404, "juror": 302, "chair": 302, "undeclared": 302}
CLOSED = {"insiders": 404, "juror": 403, "chair": 403, "undeclared": 403}
PANELS = answers(strangers=403, insiders=403, agent=200)


def by_state(preparation, opened, after):
    return {"preparation": preparation, "open": opened, "locked": after, "disclosed": after}


def always(expected):
    return dict.fromkeys(STATES, expected)


PAGES = {
    "room": always(answers(**SEATED)),
    "links": always(answers(**SEATED | {"secretary": 302})),
    "own-name": always(answers(**SEATED)),
    "leave": always(answers(**SEATED)),
    "wishes": by_state(answers(**WISHING), answers(**WISHING), answers(**LATE)),
    "dissent": always(answers(**LATE)),
    "sheet": by_state(answers(**SHUT), answers(**READ, undeclared=302), answers(**READ)),
    "abstain": by_state(answers(**CLOSED), answers(**READ, undeclared=403), answers(**PAST)),
    "declare-link": by_state(answers(**READ, undeclared=200), answers(**READ, undeclared=200), answers(**READ)),
    "organise": always(answers(**ORGANISED)),
    "criteria": always(answers(**ORGANISED)),
    "plan": by_state(answers(**ORGANISED), answers(**ORGANISED), answers(**ORGANISED | {"organisers": 409})),
    "configure": always(answers(**ORGANISED)),
    "seat": always(answers(**ORGANISED)),
    "change-seat": always(answers(**ORGANISED)),
    "call-up": always(answers(**ORGANISED)),
    "unseat": always(answers(**ORGANISED)),
    "open": always(answers(**ORGANISED)),
    "progress-table": always(answers(**ORGANISED)),
    "invite": always(answers(**ORGANISED)),
    "second-reading": always(answers(**ORGANISED)),
    "panels": always(PANELS),
}
ASKED = {"insiders": 404, "juror": 405, "chair": 405}
# Acts without a page: asked for by GET, they say so to whoever may, and no more than pages do to the others.
BUTTONS = {
    "charter": always(answers(**{k: 405 if v == 200 else v for k, v in SEATED.items()})),
    "mark": by_state(answers(**ASKED, undeclared=405), answers(**ASKED, undeclared=405), answers(**ASKED)),
    "take-back": by_state(answers(**ASKED, undeclared=405), answers(**ASKED, undeclared=405), answers(**ASKED)),
    "nudge": always(answers(**{k: 405 if v == 200 else v for k, v in ORGANISED.items()})),
    "nudge-late": always(answers(**{k: 405 if v == 200 else v for k, v in ORGANISED.items()})),
    "change-reading": always(answers(**{k: 405 if v == 200 else v for k, v in ORGANISED.items()})),
    "answer-recusal": always(answers(juror=403, recused=403, undeclared=403, agent=403, chair=405, secretary=405)),
}
WITH_SUBMISSION = {"sheet", "abstain", "declare-link", "mark", "take-back"}


def address(name, world):
    jury = world.jury
    if name == "panels":
        return reverse("juries:panels", kwargs={"slug": jury.call.slug})
    if name == "answer-recusal":
        return reverse("juries:answer-recusal", kwargs={"recusal": world.ids["recusal"]})
    kwargs = {"pk": jury.panel.pk}
    if name in WITH_SUBMISSION:
        kwargs["submission"] = jury.submissions[0].pk
    if name in {"change-seat", "call-up", "nudge", "unseat"}:
        kwargs["juror"] = world.ids["seat"]
    return reverse(f"juries:{name}", kwargs=kwargs)


def ask(client, person, url):
    client.logout()
    if person is not None:
        client.force_login(person)
    return client.get(url).status_code


@pytest.mark.parametrize("name", [*PAGES, *BUTTONS])
@pytest.mark.parametrize("state", STATES)
def test_each_address_answers_each_persona(worlds, client, name, state):
    expected = {**PAGES, **BUTTONS}[name][state]
    here = worlds[state]
    assert set(expected) == set(here.people)
    got = {who: ask(client, person, address(name, here)) for who, person in here.people.items()}
    assert got == expected


@pytest.mark.parametrize(
    ("state", "readers"),
    [
        # the screening agent and the applicant come through another door
        ("preparation", set()),
        ("open", {"juror", "chair"}),
        ("locked", {"juror", "chair"}),
    ],
)
def test_documents_open_to_those_who_read(worlds, client, state, readers):
    here = worlds[state]
    elsewhere = {"agent", "screener", "applicant", "agent_member"}
    url = reverse("files:download", kwargs={"pk": here.ids["file"]})
    got = {who for who, person in here.people.items() if who not in elsewhere and ask(client, person, url) == 200}
    assert got == readers


@pytest.mark.parametrize("state", STATES)
def test_what_is_listed_and_what_may_be_seen_agree(worlds, state):
    here = worlds[state]
    panel = here.jury.panel
    for who, person in here.people.items():
        if person is not None:
            listed = visible_panels(person).filter(pk=panel.pk).exists()
            assert listed == can(person, "juries.see_panel", panel), who


def test_hidden_and_unknown_look_alike(worlds, client):
    here = worlds["open"]
    client.force_login(here.people["citizen"])
    pages = []
    for pk in (here.jury.panel.pk, 987654):
        answer = client.get(reverse("juries:room", kwargs={"pk": pk}))
        assert answer.status_code == 404
        # the page says its own address, and a token that changes at each request
        pages.append(TOKEN.sub("", answer.content.decode().replace(f"/jury/{pk}/", "/jury/N/")))
    assert pages[0] == pages[1]
