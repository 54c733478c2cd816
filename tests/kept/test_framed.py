"""Pages drawn once and framed: each visitor is shown what they would be shown if it were drawn for them alone."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bethune_smartcity.core import clock, framed
from bethune_smartcity.core.framed import Framed
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.portal.views.pillars import Pillars
from calls.models import Call
from pillars.models import Pillar
from tests.factories import projects
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, give_rights

from .scenery import pages

MINUTE = timedelta(minutes=1)
TOKENS = re.compile(r'value="[A-Za-z0-9]{64}"')
ODD = "?utm_source=lettre&x=%22%3E"


@pytest.fixture
def shown(world):
    """The address of every framed page."""
    _person, _canaries, chosen = world
    ours = pages(chosen, lambda view: issubclass(view, Framed))
    assert len(ours) == 8
    assert len(pages(chosen, lambda view: getattr(view, "alike", False))) == 4
    return ours


@pytest.fixture
def at_noon():
    with clock.at(clock.now()) as moment:
        yield moment


def read(client, path, settings, *, anew=False):
    """The page as a text, but for tokens, which differ each time."""
    settings.PAGES_KEPT_FOR = 0 if anew else 60
    answer = client.get(path)
    assert answer.status_code == 200, path
    return TOKENS.sub("", answer.text)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize(
    "language", ["", "/de", *(pytest.param(one, marks=pytest.mark.long) for one in ("/en", "/nl"))]
)
def test_it_is_what_drawing_it_for_one_visitor_gives(shown, at_noon, settings, language):
    agent = AgentFactory(is_administrator=True)
    for call in Call.objects.all():
        give_rights(call, agent)
    people = [Client(), signed_in(UserFactory(name="Zoé <b>")), signed_in(agent)]
    for path in [language + path for path in shown]:
        for client in people:
            for asked in ("", ODD):
                anew = read(client, path + asked, settings, anew=True)
                assert read(client, path + asked, settings) == anew, (path, asked)
                assert read(client, path + asked, settings) == anew, (path, asked)


@pytest.fixture(params=["guarded", "control"])
def guarded(request, monkeypatch):
    """Whether the middle is drawn for nobody in particular. Without, as a control, it must tell who asked."""
    if request.param == "control":

        def drawn_for_one(view, request):
            request.framed = True
            return super(Framed, view).dispatch(request, **view.kwargs).render()

        monkeypatch.setattr(Framed, "_drawn", drawn_for_one)
    return request.param == "guarded"


def test_no_middle_tells_who_asked_for_it(settings, texts, guarded, monkeypatch):
    """The page's own text names the visitor here: a middle drawn for them would hand it to the next."""
    get = Pillars.get_context_data

    def telling(view, **more):
        return get(view, **more) | {"crumbs": [(f"{view.request.user} {view.request.COOKIES}", "")]}

    monkeypatch.setattr(Pillars, "get_context_data", telling)
    person = UserFactory(email="canari@demo.example")
    read(signed_in(person), "/piliers/", settings)
    sang = [text for text in texts if "canari@demo.example" in text or "sessionid" in text]
    assert bool(sang) != guarded


def test_what_the_portal_writes_shows_at_once_and_what_it_does_not_know_of_within_a_minute(settings):
    call = CallFactory()
    client, moment = signed_in(UserFactory()), clock.now()
    pillar = Pillar.objects.first()
    with clock.at(moment):
        read(client, "/piliers/", settings)
        Pillar.objects.filter(pk=pillar.pk).update(name_fr="Renommé", name="Renommé")
        assert "Renommé" not in read(client, "/piliers/", settings)
        record(call, "edit", by=AgentFactory())
        assert "Renommé" in read(client, "/piliers/", settings)
        Pillar.objects.filter(pk=pillar.pk).update(name_fr="Encore", name="Encore")
    with clock.at(moment + MINUTE):
        assert "Encore" in read(client, "/piliers/", settings)


def test_a_page_is_never_older_than_a_minute_whatever_it_was_made_of(settings):
    """A middle drawn for one visitor, then kept as a whole page for the others, is as old as it is."""
    moment = clock.now()
    with clock.at(moment):
        read(Client(), f"/piliers/{ODD}", settings)
    Pillar.objects.update(name_fr="Renommé", name="Renommé")
    with clock.at(moment + MINUTE - timedelta(seconds=1)):
        assert "Renommé" not in read(Client(), "/piliers/", settings)
    with clock.at(moment + MINUTE):
        assert "Renommé" in read(Client(), "/piliers/", settings)


def test_a_stranger_s_page_is_nobody_else_s(settings):
    """What only agents may see of a project is drawn for them; strangers are told that it does not exist."""
    project = projects.project(is_public=False)
    agent = AgentFactory()
    give_rights(project.award.call, agent)
    path = project.get_absolute_url()
    for client, status in ((signed_in(agent), 200), (Client(), 404), (signed_in(agent), 200)):
        assert client.get(path).status_code == status


def test_a_search_in_the_showcase_is_drawn_anew(settings):
    name = projects.project().name
    assert name in read(Client(), "/projets/", settings)
    assert name not in read(Client(), "/projets/?q=introuvable", settings)


@pytest.mark.parametrize("who", ["stranger", "founder"])
def test_a_framed_page_asks_what_its_frame_needs(settings, django_assert_max_num_queries, who):
    client = Client() if who == "stranger" else signed_in(UserFactory())
    read(client, f"/{ODD}", settings)
    with django_assert_max_num_queries(1 if who == "stranger" else 3):
        read(client, f"/{ODD}", settings)


def test_a_part_of_one_s_own_asks_one_statement_and_none_of_strangers(settings, django_assert_max_num_queries):
    CallFactory()
    for client, most in ((Client(), 1), (signed_in(UserFactory()), 4)):
        read(client, f"/{ODD}", settings)
        with django_assert_max_num_queries(most):
            read(client, f"/{ODD}", settings)


def test_no_text_holds_the_signs_of_the_frame():
    """They are control characters, which what people type may not hold."""
    assert framed.BETWEEN < " "
    assert framed.HOLE[0] < " "
