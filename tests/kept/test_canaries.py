"""Nothing of a person is ever kept: canaries are planted, every kept page is opened, and none of them sings.

The control takes the two checks on who asks away: then they must sing, or this test would see nothing.
"""

import pytest
from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path
from django.views.generic import View

from bethune_smartcity import urls
from bethune_smartcity.core import kept
from bethune_smartcity.core.access import PublicPage
from bethune_smartcity.core.kept import KeptPagesMiddleware

from .scenery import MESSAGE, pages


class Odd(PublicPage, View):
    """A page that asks to be kept and does what no kept page may."""

    kept_by = ()

    def get(self, request, what):
        answer = HttpResponse("page")
        if what == "token":
            answer.content = f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">'
        elif what == "token-by-hand":
            answer.content = '<input name="csrfmiddlewaretoken" value="x">'
        elif what == "cookie":
            answer.set_cookie("trace", "x")
        elif what == "session":
            request.session["x"] = 1
        elif what == "message":
            messages.info(request, MESSAGE)
        elif what == "error":
            answer.status_code = 422
        elif what == "file":
            answer["Content-Type"] = "text/csv"
        return answer


urlpatterns = [path("odd/<slug:what>/", Odd.as_view(), name="odd"), *urls.urlpatterns]


def visit(person, addresses, settings):
    """Open every page signed in, with a message waiting, then without a session."""
    for address in addresses:
        client = Client()
        client.force_login(person)
        settings.PAGES_KEPT_FOR = 0
        client.get("/odd/message/")
        settings.PAGES_KEPT_FOR = 60
        assert client.get(address).status_code == 200
        assert Client().get(address).status_code == 200


@pytest.fixture(params=["guarded", "control"])
def guarded(request, monkeypatch):
    """Whether who asks, and what they are given, is looked at."""
    if request.param == "control":
        monkeypatch.setattr(kept, "is_personal", lambda _request: False)
        monkeypatch.setattr(kept, "is_someones", lambda _request, _response: False)
    return request.param == "guarded"


def test_no_canary_is_ever_kept(settings, world, texts, guarded):
    settings.ROOT_URLCONF = __name__
    person, canaries, chosen = world
    visit(person, pages(chosen), settings)
    kept_words = "".join(texts)
    sang = [canary for canary in canaries if canary in kept_words]
    assert sang == ([] if guarded else canaries)
    assert texts


@pytest.mark.parametrize("what", ["token", "token-by-hand", "cookie", "session", "message", "error", "file"])
def test_a_page_that_does_more_than_show_is_not_kept(settings, texts, what):
    settings.ROOT_URLCONF = __name__
    Client().get(f"/odd/{what}/")
    assert texts == []
    assert Client().get("/odd/nothing/")["ETag"]
    assert texts == ["page"]


@pytest.mark.parametrize(
    "carried",
    [{"cookie": "sessionid=x"}, {"authorization": "Basic x"}],
    ids=["session", "credentials"],
)
def test_who_carries_something_of_their_own_is_answered_anew(settings, texts, carried):
    settings.ROOT_URLCONF = __name__
    answer = Client().get("/odd/nothing/", headers=carried)
    assert answer["Cache-Control"] == "private, no-store"
    assert texts == []
    Client().get("/odd/nothing/")
    assert Client().get("/odd/nothing/", headers=carried)["Cache-Control"] == "private, no-store"


def test_every_answer_drawn_for_one_visitor_says_so(client):
    for address in ("/connexion/", "/inscription/", "/aucune-page/"):
        assert client.get(address)["Cache-Control"].startswith(("private, no-cache", "max-age=0"))


def test_the_middleware_stands_before_what_knows_people(settings):
    names = settings.MIDDLEWARE
    ours = names.index(f"{KeptPagesMiddleware.__module__}.{KeptPagesMiddleware.__name__}")
    assert ours < names.index("django.contrib.sessions.middleware.SessionMiddleware")
    assert ours < names.index("django.middleware.csrf.CsrfViewMiddleware")
