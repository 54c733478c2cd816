"""Another city asks: its request is received, answered, closed, and forgotten in time."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid, TooOften
from bethune_smartcity.notifications.models import Message
from projects.models import Project, ReplicationRequest
from projects.operations import replication
from projects.queries import visible_requests
from projects.tasks import forget_requests
from tests.factories import projects as make

pytestmark = pytest.mark.django_db

SAID = {
    "organisation": "Ville voisine",
    "country": "BE",
    "contact_name": "Service innovation",
    "email": "v@ville.example",
}
TYPED = SAID | {"population": "60000", "message": "Comment faire ?", "consent": "on"}


@pytest.fixture(autouse=True)
def _no_one_asked_before():
    cache.clear()


@pytest.fixture
def scene():
    return make.cast()


def ask_on(client, address, **typed):
    return client.post(address, TYPED | typed)


@pytest.mark.parametrize(
    ("prefix", "language", "words"), [("", "fr", "Votre demande"), ("/nl", "nl", "Uw replicatieverzoek")]
)
def test_a_city_asks_and_both_sides_are_told(client, scene, prefix, language, words):
    address = f"{prefix}/projets/{scene.project.slug}/repliquer/"
    answer = ask_on(client, address)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    asked = ReplicationRequest.objects.get()
    assert (asked.project, asked.language, asked.population) == (scene.project, language, 60000)
    receipt = Message.objects.get(kind="projects.replication_receipt")
    assert (receipt.address, receipt.recipient, receipt.language) == ("v@ville.example", None, language)
    assert words in receipt.subject.replace("\u00a0", " ")
    told = Message.objects.filter(kind="projects.replication_asked")
    assert {message.recipient for message in told} == {scene["agent"]}
    assert told[0].path.endswith(f"/gestion/repliquer/{asked.pk}/")


def test_a_city_may_ask_about_the_programme_or_choose_a_project(client, scene):
    assert ask_on(client, "/repliquer/", project="").status_code == 302
    assert ask_on(client, "/repliquer/", project=scene.project.pk).status_code == 302
    assert {asked.project for asked in ReplicationRequest.objects.all()} == {None, scene.project}


def test_a_hidden_project_is_not_offered(client, scene):
    Project.objects.update(is_public=False)
    assert ask_on(client, f"/projets/{scene.project.slug}/repliquer/").status_code == 404
    assert ask_on(client, "/repliquer/", project=scene.project.pk).status_code == 422
    assert scene.project.name not in client.get("/repliquer/").content.decode()
    assert not ReplicationRequest.objects.exists()


def test_a_program_that_fills_every_field_is_thanked_and_forgotten(client, scene):
    assert ask_on(client, "/repliquer/", website="http://spam.example").status_code == 302
    assert not ReplicationRequest.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"consent": ""},
        {"email": "nobody"},
        {"organisation": ""},
        {"contact_name": "a\nb"},
        {"country": "XX"},
        {"population": "9" * 400},
        {"population": "-3"},
        {"message": "\u202etxet"},
        {"project": "99999999999999999999"},
        {"project": "x"},
    ],
)
def test_odd_answers_are_said_at_their_field(client, scene, wrong):
    answer = ask_on(client, "/repliquer/", **wrong)
    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()
    assert not ReplicationRequest.objects.exists()


def test_too_many_requests_wait(client, scene):
    for _n in range(replication.PER_ADDRESS):
        assert ask_on(client, "/repliquer/").status_code == 302
    refused = ask_on(client, "/repliquer/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Ville voisine" in refused.content.decode()
    for n in range(replication.PER_NETWORK):
        ask_on(client, "/repliquer/", email=f"v{n}@ville.example")
    assert ask_on(client, "/repliquer/", email="autre@ville.example").status_code == 429
    with pytest.raises(TooOften):
        replication.ask_for_replication(None, **SAID | {"email": " V@Ville.Example"})


def test_the_form_is_nobody_else_s_and_is_kept_nowhere(client, scene):
    answer = client.get(f"/projets/{scene.project.slug}/repliquer/")
    assert "no-store" in answer["Cache-Control"]


def test_requests_are_seen_by_those_who_answer_them(scene):
    ours, theirs, whole = make.asked(scene.project), make.asked(make.project()), make.asked()
    seen = {name: set(visible_requests(user)) for name, user in scene.people.items() if user}
    assert seen.pop("agent") == {ours, whole}
    assert seen.pop("conflicted agent") == {whole}
    assert theirs not in seen["screener"]
    assert seen.pop("agent elsewhere") == {whole}
    assert not any(seen.values())


def test_an_answer_is_mailed_with_the_address_of_the_file(client, scene):
    file = make.dossier(scene.project, is_public=False)
    asked = make.asked(scene.project, language="de")
    client.force_login(scene["agent"])
    page = reverse("projects:replication", args=[asked.pk])
    assert "Comment faire de même" in client.get(page).content.decode()
    assert client.post(page, {"reply": " "}).status_code == 422
    assert client.post(page, {"reply": "Voici ce qu’il faut."}).status_code == 302
    sent = Message.objects.get(kind="projects.replication_answer")
    assert "Voici ce qu’il faut." in sent.body
    assert f"/de/projets/{scene.project.slug}/dossier/?cle={file.key}" in sent.body
    assert client.post(page, {"reply": "Encore."}).status_code == 409
    asked.refresh_from_db()
    assert (asked.state, asked.reply) == ("answered", "Voici ce qu’il faut.")


def test_a_request_is_closed_with_a_reason(client, scene):
    asked = make.asked(scene.project)
    with pytest.raises(Forbidden):
        replication.close_request(asked, reason="Non.", by=scene["owner"])
    client.force_login(scene["agent"])
    address = reverse("projects:close-request", args=[asked.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Visite faite."}).status_code == 302
    assert client.get(address).status_code == 409
    with pytest.raises(Conflict):
        replication.answer_request(ReplicationRequest.objects.get(), reply="Trop tard.", by=scene["agent"])


def test_personal_data_go_when_asked_and_two_years_after_the_end(client, scene):
    ask_on(client, f"/projets/{scene.project.slug}/repliquer/")
    first = ReplicationRequest.objects.get()
    client.force_login(scene["agent"])
    client.post(reverse("projects:erase-contact", args=[first.pk]))
    first.refresh_from_db()
    assert (first.email, first.contact_name, first.message) == ("", "", "")
    assert first.organisation == "Ville voisine"
    left = Message.objects.filter(about_id=str(first.pk), kind__startswith="projects.replication")
    assert not [row for row in left if "v@ville.example" in row.address + row.body]
    with pytest.raises(Conflict):
        replication.answer_request(first, reply="Où ?", by=scene["agent"])

    old = make.asked(scene.project, state="closed")
    waiting = make.asked(scene.project)
    assert forget_requests() == 0
    with clock.at(clock.now() + timedelta(days=731)):
        assert forget_requests() == 1
        assert forget_requests() == 0
    old.refresh_from_db()
    waiting.refresh_from_db()
    assert (old.email, bool(old.forgotten_at), bool(waiting.email)) == ("", True, True)


def test_the_file_opens_to_all_or_to_those_who_have_its_key(client, scene):
    address = f"/projets/{scene.project.slug}/dossier/"
    assert client.get(address).status_code == 404
    file = make.dossier(scene.project, is_public=False, needs="Un **bassin**.", needs_de="Ein Becken.")
    for query in ("", "?cle=", "?cle=autre", "?cle=%C3%A9"):
        assert client.get(address + query).status_code == 404
    opened = client.get(f"{address}?cle={file.key}")
    assert "<strong>bassin</strong>" in opened.content.decode()
    assert "noindex" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    client.force_login(scene["agent"])
    assert client.get(address).status_code == 200
    client.force_login(scene["rival"])
    assert client.get(address).status_code == 404
    replication.write_file(scene.project, by=SYSTEM, is_public=True)
    client.logout()
    assert "Ein Becken." in client.get(f"/de{address}").content.decode()
    Project.objects.update(is_public=False)
    assert client.get(f"{address}?cle={file.key}").status_code == 404


def test_only_those_who_run_the_project_write_its_file(scene):
    for name in ("owner", "mentor", "agent elsewhere", "conflicted agent", "administrator"):
        with pytest.raises(Forbidden):
            replication.write_file(scene.project, by=scene[name], needs="Un bassin.")
    written = replication.write_file(scene.project, by=scene["agent"], needs="Un bassin.")
    assert replication.write_file(scene.project, by=scene["agent"], cost="Peu.").pk == written.pk


def test_an_answer_needs_words(scene):
    with pytest.raises(Invalid):
        replication.answer_request(make.asked(scene.project), reply="  ", by=scene["agent"])


@pytest.mark.parametrize(
    ("prefix", "sentences"),
    [
        (
            "",
            ("Indiquez votre nom.", "Indiquez le nom de votre ville ou de votre organisme.", "Cochez la case pour que"),
        ),
        ("/de", ("Geben Sie Ihren Namen an.", "Kreuzen Sie das Kästchen an,")),
    ],
)
def test_what_lacks_is_named_with_what_to_do(client, prefix, sentences):
    text = client.post(f"{prefix}/repliquer/", {}).content.decode()
    for sentence in sentences:
        assert text.count(sentence) == 2
    assert "obligatoire" not in text
