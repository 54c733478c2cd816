"""Every address of an application and of a call's board, persona by persona, phase by phase."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from tests.factories.calls import admitted, draft, submitted
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db

# What a page answers: by persona, 404 for whoever is not named (302 to sign in for visitors).
MEMBERS = ("owner", "editor", "reader", "member_agent")
WRITERS = ("owner", "editor")


def answers(*, ok=(), forbidden=(), moved=(), conflict=()):
    """The expected status of each persona: 404 unless named."""
    table = dict.fromkeys(PERSONAS, 404) | {"anonymous": 302}
    for names, status in ((ok, 200), (forbidden, 403), (moved, 302), (conflict, 409)):
        table |= dict.fromkeys(names, status)
    return table


READERS = ("reader", "member_agent")
AGENTS = ("agent", "member_agent", "rival_agent")
# Who applies to a call runs it, and screens nothing of it.
SCREENERS = ("agent",)
SCREENING_PAGES = {"board-submissions", "board-export", "board-questions", "board-drafts"}
# (page, phase of the application, whether the call is closed): expected answers to GET.
SUBMISSION_PAGES = {
    ("submission", "draft", False): answers(ok=READERS, moved=WRITERS),
    ("submission", "draft", True): answers(ok=MEMBERS),
    ("submission", "submitted", False): answers(ok=MEMBERS, moved=("agent",)),
    ("submission", "admissible", True): answers(ok=MEMBERS, moved=("agent",)),
    ("section", "draft", False): answers(ok=WRITERS, forbidden=READERS),
    ("section", "draft", True): answers(moved=WRITERS, forbidden=READERS),
    ("section", "submitted", False): answers(ok=WRITERS, forbidden=(*READERS, "agent")),
    ("section", "submitted", True): answers(moved=WRITERS, forbidden=(*READERS, "agent")),
    ("check", "draft", False): answers(ok=WRITERS, forbidden=READERS),
    ("check", "submitted", False): answers(moved=WRITERS, forbidden=(*READERS, "agent")),
    ("withdraw", "draft", False): answers(ok=WRITERS, forbidden=READERS),
    ("withdraw", "draft", True): answers(conflict=WRITERS, forbidden=READERS),
    ("withdraw", "submitted", False): answers(ok=WRITERS, forbidden=(*READERS, "agent")),
    ("withdraw", "submitted", True): answers(conflict=WRITERS, forbidden=(*READERS, "agent")),
    ("receipt", "draft", False): answers(conflict=MEMBERS),
    ("receipt", "submitted", False): answers(ok=(*MEMBERS, "agent")),
    ("receipt-paper", "draft", False): answers(conflict=MEMBERS),
    ("receipt-paper", "submitted", False): answers(ok=(*MEMBERS, "agent")),
    ("copy", "draft", False): answers(conflict=MEMBERS),
    ("copy", "submitted", False): answers(ok=(*MEMBERS, "agent")),
    ("copy", "admissible", True): answers(ok=(*MEMBERS, "agent")),
    ("versions", "draft", False): answers(conflict=MEMBERS),
    ("versions", "submitted", False): answers(ok=(*MEMBERS, "agent")),
    ("versions", "admissible", True): answers(ok=(*MEMBERS, "agent")),
    ("correct", "draft", False): answers(conflict=WRITERS, forbidden=READERS),
    ("correct", "submitted", False): answers(conflict=WRITERS, forbidden=(*READERS, "agent")),
    ("correct", "submitted", True): answers(conflict=WRITERS, forbidden=(*READERS, "agent")),
    ("screen", "draft", False): answers(forbidden=MEMBERS),
    ("screen", "submitted", False): answers(ok=("agent",), forbidden=MEMBERS),
    ("screen", "admissible", True): answers(ok=("agent",), forbidden=MEMBERS),
    ("admit", "submitted", True): answers(ok=("agent",), forbidden=MEMBERS),
    ("refuse", "submitted", True): answers(ok=("agent",), forbidden=MEMBERS),
    ("ask-correction", "submitted", True): answers(ok=("agent",), forbidden=MEMBERS),
}
BOARD_PAGES = (
    "board",
    "board-drafts",
    "board-submissions",
    "board-export",
    "board-questions",
    "announce",
    "close-early",
    "move-deadline",
    "archive",
)
MAKERS = {"draft": draft, "submitted": submitted, "admissible": admitted}


def status_of(client, person, url):
    client.logout()
    if person.is_authenticated:
        client.force_login(person)
    return client.get(url).status_code


@pytest.mark.parametrize("key", SUBMISSION_PAGES, ids=lambda key: "-".join(map(str, key)))
def test_pages_of_an_application_open_to_whom_they_should(client, key):
    page, state, is_closed = key
    play = cast(make=MAKERS[state])
    kwargs = {"pk": play.submission.pk} | ({"order": 1} if page == "section" else {})
    url = reverse(f"calls:{page}", kwargs=kwargs)
    moment = play.call.closes_at + timedelta(hours=1) if is_closed else clock.now()
    with clock.at(moment):
        found = {name: status_of(client, play.people[name], url) for name in PERSONAS}
    assert found == SUBMISSION_PAGES[key]


@pytest.mark.parametrize("page", BOARD_PAGES)
def test_pages_of_a_board_open_to_its_agents(client, page):
    play = cast()
    url = reverse(f"calls:{page}", kwargs={"slug": play.call.slug})
    found = {name: status_of(client, play.people[name], url) for name in PERSONAS}
    welcome = SCREENERS if page in SCREENING_PAGES else AGENTS
    assert found == answers(ok=welcome, forbidden=set(PERSONAS) - {"anonymous", *welcome})


def test_a_call_in_preparation_does_not_exist_for_others(client):
    play = cast()
    play.call.announced_at = None
    play.call.save()
    url = reverse("calls:board", kwargs={"slug": play.call.slug})
    found = {name: status_of(client, play.people[name], url) for name in PERSONAS}
    assert found == answers(ok=AGENTS)


@pytest.mark.parametrize("page", ["autosave", "submit"])
def test_nobody_else_writes(client, page):
    play = cast(make=draft)
    url = reverse(f"calls:{page}", kwargs={"pk": play.submission.pk})
    sent = {"field": "title", "title": "Mine now", "mandate": "on", "truth": "on", "rules": "on"}
    for name in PERSONAS:
        client.logout()
        if name in WRITERS:
            continue
        if name != "anonymous":
            client.force_login(play.people[name])
        assert client.post(url, sent).status_code == answers(forbidden=READERS)[name], name
    play.submission.refresh_from_db()
    assert play.submission.title != "Mine now"
    assert play.submission.is_draft


def test_an_agent_sees_no_draft_and_nothing_of_a_call_they_apply_to(client):
    play = cast()
    secret = draft(play.call, title="Secret draft")
    url = reverse("calls:board-submissions", kwargs={"slug": play.call.slug})
    client.force_login(play.agent)
    page = client.get(url).content.decode()
    assert play.submission.title in page
    assert secret.title not in page
    for conflicted in (play.member_agent, play.rival_agent):
        client.force_login(conflicted)
        for name in SCREENING_PAGES:
            assert client.get(reverse(f"calls:{name}", kwargs={"slug": play.call.slug})).status_code == 403
