"""Under seal nobody but its own people reads what an application says: canaries are planted in one, every address of
the portal is opened by those who run its call, and none of them sings before the seals are opened.

The control opens the same addresses once the seals are open: then they must sing, or the walk would see nothing.
"""

import re
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.models import Call, CallAgent, Question, Submission
from calls.operations import announcements, extensions, publication, sealing, submissions
from calls.queries import visible_submissions
from calls.queries.board import count_by_state_and_pillar, countries_of
from calls.rules import screens
from tests import scene as scenes
from tests.factories.accounts import AgentFactory, StructureFactory, join, owner_of
from tests.factories.calls import PDF, CallFactory, agent_of, draft, give_rights, questions_of, submitted
from tests.personas import cast

pytestmark = pytest.mark.django_db

# What sings, and the word one may type to look for it: a page that repeats the word asked for has said nothing.
SONG, ASKED, NONSENSE = re.compile(r"canari", re.IGNORECASE), "zyxwvut", "zyxwvus"
TITLE, LINE = f"Canari {ASKED}", f"Canari {ASKED} en une ligne"
CLOSES_IN = timedelta(days=20)
# Where one may type what to look for: in the back office, on a board, in the portal's search.
LIST = re.compile(r"^/admin/\w+/\w+/$|^/recherche|^/gestion/appels/[\w-]+/candidatures")
SEARCHED = ("q", "text")
# What those who run calls have beside the public pages.
WORKED = ("/admin/", "/gestion/", "/fichiers/", "/jury/", "/espace/", "/candidatures/")


@pytest.fixture(scope="module")
def sealed(django_db_setup, django_db_blocker):
    """The scene, with a sealed and open call among its own, of which every part of an application sings."""
    with django_db_blocker.unblock(), transaction.atomic():
        built = scenes.build()
        built.people["jury agent"] = AgentFactory()
        plant(built)
        built.sign_in()
        yield built
        transaction.set_rollback(True)


def plant(built: scenes.Scene) -> None:
    """One application of ours handed in, another structure's draft; the scene's addresses about calls lead to them."""
    call = CallFactory(
        agent=built.people["agent"], slug="sealed", title="Sous pli", sealed=True, closes_at=clock.now() + CLOSES_IN
    )
    give_rights(call, built.people["admin"], CallAgent.Right.SCREEN)
    give_rights(call, built.people["jury agent"], CallAgent.Right.JURY)
    plan = Question.objects.create(section=call.sections.first(), order=9, kind="file", label="Plan", required=False)
    ours, theirs = (sing(call, structure, plan) for structure in (StructureFactory(), StructureFactory()))
    submissions.submit(ours, by=owner_of(ours.structure))
    submissions.save_answers(ours, {questions_of(call)[0]: f"Canari {ASKED} modifié"}, by=owner_of(ours.structure))
    stored = ours.attachments.get().file
    about = {
        Call: [call],
        Submission: [ours, theirs],
        StoredFile: [stored],
        Message: list(Message.objects.filter(about_id=str(ours.pk))),
        JournalEntry: list(JournalEntry.objects.filter(subject_id__in=[str(ours.pk), str(theirs.pk), str(call.pk)])),
    }
    for name in ("answers", "attachments", "versions"):
        rows = list(getattr(ours, name).all())
        about[type(rows[0])] = rows
    built.rows = about
    built.call = call
    for prefix in ("gestion/candidatures/", "candidatures/"):
        built.values[prefix] = {**built.values[prefix], "pk": ours.pk}
    for prefix in [prefix for prefix, known in built.values.items() if "slug" in known and "appels/" in prefix]:
        built.values[prefix] = {**built.values[prefix], "slug": call.slug}
    built.values["fichiers/"] = {"pk": stored.pk}


def sing(call: Call, structure: Any, plan: Question) -> Submission:
    """A complete draft whose every text, and document, sings."""
    by = owner_of(structure)
    made = draft(call, structure, complete=True, title=TITLE, one_line=LINE)
    texts = [question for question in questions_of(call) if question.kind in {"long", "link"}]
    values = {one: "https://canari.example/" if one.kind == "link" else f"Canari {ASKED}" for one in texts}
    submissions.save_answers(made, values, by=by)
    document = SimpleUploadedFile("canari.pdf", PDF + b"\n% canari", content_type="application/pdf")
    submissions.attach(made, plan, document, by=by)
    return made


def paths(built: scenes.Scene) -> list[str]:
    """Every address of the portal about something of the scene; those of the back office about each row that sings."""
    found = []
    for route in sorted(set(scenes.routes())):
        if route.startswith("admin/") and "object_id" in route:
            found += [built.path(route, object_id=row.pk) for row in rows_of(built, route)]
        else:
            found.append(built.path(route))
    return found


def rows_of(built: scenes.Scene, route: str) -> list[Any]:
    _admin, app, model, *_rest = route.split("/")
    table = apps.get_model(app, model) if app in apps.app_configs else None
    return built.rows.get(table, [])


def answer(built: scenes.Scene, who: str, path: str, **data: str) -> str:
    """What `path` shows to that agent, its effects undone."""
    with transaction.atomic():
        found = built.client(who).get(path, data)
        body = b"".join(found.streaming_content) if found.streaming else found.content
        transaction.set_rollback(True)
    shown = body.decode("utf-8", "replace") + str(found.headers.get("Content-Disposition", ""))
    return shown if found.status_code < 400 else ""


def singing(built: scenes.Scene, who: str) -> set[str]:
    """The addresses that tell that agent something of the applications, opened as they are and with a search."""
    found = set()
    for path in paths(built):
        if who != "agent" and not path.startswith(WORKED):
            continue
        if SONG.search(answer(built, who, path)):
            found.add(path)
        if LIST.match(path) and SONG.search(answer(built, who, path, **dict.fromkeys(SEARCHED, ASKED))):
            found.add(f"{path}?")
    return found


@contextmanager
def standing(built: scenes.Scene, when: str):
    """The portal at one moment of the seal."""
    moment = clock.now() if when == "before the close" else built.call.closes_at + timedelta(hours=1)
    with clock.at(moment), transaction.atomic():
        if when == "open":
            sealing.open_seals(Call.objects.get(pk=built.call.pk), by=built.people["agent"])
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("when", "who"),
    [
        pytest.param("before the close", "agent", marks=pytest.mark.long),
        ("before the close", "admin"),
        pytest.param("before the close", "jury agent", marks=pytest.mark.long),
        pytest.param("after the close", "agent", marks=pytest.mark.long),
    ],
)
def test_no_address_tells_agents_anything_of_a_sealed_application(sealed, when, who):
    with standing(sealed, when):
        assert singing(sealed, who) == set()


@pytest.mark.long
def test_the_same_addresses_sing_once_the_seals_are_open(sealed):
    with standing(sealed, "open"):
        found = singing(sealed, "agent")
    ours = sealed.rows[Submission][0]
    assert len(found) > 12
    assert {f"/gestion/candidatures/{ours.pk}/", f"/fichiers/{sealed.rows[StoredFile][0].pk}/"} <= found
    assert {"/admin/calls/submission/", "/gestion/appels/sealed/candidatures.csv"} <= found


@pytest.mark.long
def test_a_search_answers_as_if_nothing_were_there(sealed):
    """Not even the number of what is found tells whether a word is in an application."""

    def said(path, word):
        shown = answer(sealed, "agent", path, **dict.fromkeys(SEARCHED, word))
        return re.sub(r'(csrfmiddlewaretoken" value=)"\w+"|nonce-\w+', r"\1", shown).replace(word, "")

    lists = [path for path in paths(sealed) if LIST.match(path)]
    with standing(sealed, "before the close"):
        told = [path for path in lists if said(path, ASKED) != said(path, NONSENSE)]
    assert not told


@pytest.mark.parametrize("when", ["before the close", "after the close"])
def test_its_own_people_read_it(sealed, when):
    ours = sealed.rows[Submission][0]
    with standing(sealed, when):
        assert set(visible_submissions(owner_of(ours.structure))) == {ours}


def test_agents_count_applications_by_state_and_by_nothing_they_say(sealed):
    with standing(sealed, "before the close"):
        call = Call.objects.get(pk=sealed.call.pk)
        states, pillars, handed_in = count_by_state_and_pillar(call)
        assert {tally.key: tally.count for tally in states} == {"draft": 1, "submitted": 1}
        assert (pillars, countries_of(call), handed_in) == ([], [], 1)
        assert "Counted once the applications are open" in answer(sealed, "agent", "/en/gestion/appels/sealed/")


@pytest.mark.parametrize("state", [(False, False), (True, False), (True, True)])
def test_what_is_listed_is_what_may_be_opened(state):
    is_sealed, is_open = state
    play = cast(make=submitted, closed=True, sealed=is_sealed)
    if is_open:
        sealing.open_seals(play.call, by=play.people["agent"])
    seen = Submission.objects.get(pk=play.submission.pk)
    for name, person in play.people.items():
        listed = visible_submissions(person).filter(pk=seen.pk).exists()
        member = name in {"owner", "editor", "reader", "member_agent"}
        assert listed == (member or screens(person, seen)), name
        assert screens(person, seen) == (name == "agent" and (is_open or not is_sealed)), name


def a_closed_one(**fields: Any) -> tuple[Call, Any]:
    call = CallFactory(closed=True, sealed=True, **fields)
    return call, agent_of(call)


def test_opening_is_an_act_that_the_journal_keeps():
    call, agent = a_closed_one()
    submitted(call)
    sealing.open_seals(call, by=agent)
    line = JournalEntry.objects.get(verb="open_seals")
    assert (line.actor, line.data, line.at) == (agent, {"applications": 1}, line.at)
    assert Call.objects.get(pk=call.pk).unsealed_at is not None
    with pytest.raises(Conflict) as refusal:
        sealing.open_seals(call, by=agent)
    assert refusal.value.code == "already_open"


def test_seals_hold_until_nobody_may_write_any_more():
    call, agent = a_closed_one(grace_minutes=5)
    waiting = draft(call)
    until = call.closes_at + timedelta(days=4)
    extensions.extend(waiting, until=until, reason="A failure.", by=agent)
    for moment in (call.closes_at, call.closes_at + timedelta(minutes=5), until, until + timedelta(seconds=299)):
        with clock.at(moment), pytest.raises(Conflict) as refusal:
            sealing.open_seals(call, by=agent)
        assert refusal.value.code == "still_sealed"
    with clock.at(until + timedelta(minutes=5)):
        sealing.open_seals(call, by=agent)


def test_nobody_gets_more_time_once_the_seals_are_open():
    call, agent = a_closed_one()
    waiting = draft(call)
    sealing.open_seals(call, by=agent)
    with pytest.raises(Conflict) as refusal:
        extensions.extend(waiting, until=clock.now() + timedelta(days=1), reason="Late.", by=agent)
    assert refusal.value.code == "unsealed"


def test_a_call_that_is_not_sealed_has_nothing_to_open_and_only_screening_agents_open():
    call, _agent = a_closed_one()
    with pytest.raises(Forbidden):
        sealing.open_seals(call, by=agent_of(call, CallAgent.Right.CONFIGURE))
    plain = CallFactory(closed=True)
    with pytest.raises(Conflict) as refusal:
        sealing.open_seals(plain, by=agent_of(plain))
    assert refusal.value.code == "not_sealed"


def test_the_seal_is_chosen_before_the_call_opens_and_stays():
    coming = CallFactory(coming=True)
    agent = agent_of(coming)
    publication.edit_call(coming, sealed=True, by=agent)
    with clock.at(coming.opens_at), pytest.raises(Conflict) as refusal:
        publication.edit_call(coming, sealed=False, by=agent)
    assert refusal.value.field == "sealed"
    assert Call.objects.get(pk=coming.pk).sealed


def test_the_database_keeps_a_seal_shut_before_the_close():
    call = CallFactory(sealed=True)
    for wrong in ({"unsealed_at": call.closes_at - timedelta(seconds=1)}, {"unsealed_at": call.closes_at, "sealed": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Call.objects.filter(pk=call.pk).update(**wrong)


def test_a_refused_change_of_pillars_does_not_say_what_drafts_chose():
    call = CallFactory(sealed=True)
    agent = agent_of(call)
    used, unused = call.pillars.all()[:2]
    draft(call, complete=True, pillar=used)
    refused = []
    for dropped in (used, unused):
        with pytest.raises(Conflict) as refusal:
            announcements.set_scope(call, pillars=call.pillars.exclude(pk=dropped.pk), partners=[], by=agent)
        refused.append(str(refusal.value))
    assert refused[0] == refused[1]


def test_the_pages_of_a_sealed_call_say_so_and_lead_to_the_opening(client):
    call, agent = a_closed_one()
    submitted(call)
    client.force_login(agent)
    board = reverse("calls:board", kwargs={"slug": call.slug})
    act = reverse("calls:open-seals", kwargs={"slug": call.slug})
    listed, table = (
        reverse(f"calls:{name}", kwargs={"slug": call.slug}) for name in ("board-submissions", "board-export")
    )
    assert act in client.get(board).content.decode()
    assert client.get(listed).status_code == 200
    assert client.get(table).status_code == 409
    assert client.post(act).status_code == 302
    assert client.get(act).status_code == 409
    assert act not in client.get(board).content.decode()
    assert client.get(table).status_code == 200


def test_applicants_and_visitors_are_told_that_applications_are_sealed(client):
    call = CallFactory(sealed=True)
    ready = draft(call, complete=True)
    assert "pli fermé" in client.get(call.get_absolute_url()).content.decode()
    client.force_login(join(ready.structure, "editor"))
    page = client.get(reverse("calls:check", kwargs={"pk": ready.pk}))
    assert "pli fermé" in page.content.decode()
