"""Which answers are kept, what they carry, and that they change when the world does."""

import gzip
import threading
from datetime import timedelta

import pytest
from django.test import Client

from bethune_smartcity.core import clock, kept
from calls.models import CallDate
from pillars.models import Pillar
from tests.factories import projects
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory

NOON = clock.paris(2027, 1, 12, 12)
SECOND = timedelta(seconds=1)
NEVER = [
    ("account_login", {}),
    ("account_signup", {}),
    ("account_reset_password", {}),
    ("healthz", {}),
    ("robots", {}),
    ("portal:space", {}),
    ("juries:vote", {"slug": "inconnu"}),
    ("calls:detail", {"slug": "inconnu"}),
]


@pytest.fixture
def at_noon():
    with clock.at(NOON) as moment:
        yield moment


def test_a_page_is_drawn_once_for_all(client, at_noon, drawn, address):
    home = address("portal:home")
    assert drawn(lambda: client.get(home))
    assert not drawn(lambda: Client().get(home))


def test_what_is_kept_carries_what_the_page_carried(client, at_noon, settings, address):
    first = client.get(address("portal:pillars"))
    again = client.get(address("portal:pillars"))
    settings.PAGES_KEPT_FOR = 0
    anew = client.get(address("portal:pillars"))
    assert first.content == again.content == anew.content
    own = {"Cache-Control", "ETag", "Vary", "Content-Length"}
    assert {k: v for k, v in again.items() if k not in own} == {k: v for k, v in anew.items() if k not in own}
    assert again["Content-Language"] == "fr"
    assert "default-src 'self'" in again["Content-Security-Policy"]


@pytest.mark.parametrize(("name", "kwargs"), NEVER)
def test_what_does_not_ask_for_it_is_never_kept(client, at_noon, texts, address, name, kwargs):
    client.get(address(name, **kwargs))
    assert texts == []


@pytest.mark.parametrize("method", ["post", "put", "delete", "options"])
def test_other_methods_are_never_kept(client, at_noon, texts, address, method):
    getattr(client, method)(address("portal:home"))
    assert texts == []


def test_head_and_get_share_an_answer(client, at_noon, drawn, address):
    assert client.head(address("portal:home")).status_code == 200
    assert not drawn(lambda: client.get(address("portal:home")))
    assert client.get(address("portal:home")).content


def test_each_language_has_its_own(client, at_noon):
    assert '<html lang="fr"' in client.get("/piliers/").text
    assert '<html lang="de"' in client.get("/de/piliers/").text
    assert '<html lang="fr"' in client.get("/piliers/", headers={"accept-language": "de"}).text
    assert '<html lang="fr"' in client.get("/piliers/", headers={"cookie": "django_language=de"}).text


def test_known_parameters_have_their_own_and_others_none(client, at_noon, drawn, address):
    calls = address("calls:list")
    assert drawn(lambda: client.get(f"{calls}?page=1"))
    assert not drawn(lambda: client.get(f"{calls}?page=1"))
    for odd in ("?x=1", "?page=1&x=1", "?page=" + "1" * 300, "?page=9", "?page=un", "?page=01", "?page=1&page=1"):
        assert drawn(lambda odd=odd: client.get(calls + odd))
        assert drawn(lambda odd=odd: client.get(calls + odd))


def test_it_is_drawn_anew_within_a_minute(client, drawn, address):
    home = address("portal:home")
    with clock.at(NOON):
        client.get(home)
    with clock.at(NOON + 59 * SECOND):
        assert not drawn(lambda: client.get(home))
    with clock.at(NOON + 60 * SECOND):
        assert drawn(lambda: client.get(home))


def test_a_clock_moved_back_shows_nothing_of_what_was_to_come(client, drawn, address):
    with clock.at(NOON):
        client.get(address("portal:home"))
    with clock.at(NOON - SECOND):
        assert drawn(lambda: client.get(address("portal:home")))


def test_browsers_are_told_how_long_and_caches_for_whom(client, address):
    with clock.at(NOON):
        assert client.get(address("portal:home"))["Cache-Control"] == "public, max-age=60"
    with clock.at(NOON + 20 * SECOND):
        answer = client.get(address("portal:home"))
    assert answer["Cache-Control"] == "public, max-age=40"
    assert answer["Vary"] == "Accept-Encoding, Cookie"


def test_a_demonstration_is_asked_each_time(client, at_noon, settings, address):
    settings.DEMO = True
    assert client.get(address("portal:pillars"))["Cache-Control"] == "no-cache"


def test_who_has_it_is_told_so(client, at_noon, address):
    first = client.get(address("portal:home"))
    again = client.get(address("portal:home"), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Vary"]) == (first["ETag"], first["Vary"])
    assert client.get(address("portal:home"), headers={"if-none-match": 'W/"other"'}).status_code == 200


def test_it_is_packed_for_who_can_unpack(client, at_noon, address):
    plain = client.get(address("portal:home"))
    packed = client.get(address("portal:home"), headers={"accept-encoding": "br, gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)
    assert gzip.decompress(packed.content) == plain.content


@pytest.mark.parametrize("path", ["/", "/sitemap.xml", "/actualites/flux.atom", "/donnees/appels.csv", "/appels/?x=1"])
def test_what_holds_nothing_of_anyone_is_packed(client, at_noon, path):
    plain, said = client.get(path), {"accept-encoding": "gzip"}
    packed = client.get(path, headers=said)
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    whole = b"".join(packed.streaming_content) if packed.streaming else packed.content
    assert gzip.decompress(whole) == plain.getvalue()
    for unwilling in ("gzip;q=0", "gzip; q=0.0, br", "identity", ""):
        assert "Content-Encoding" not in client.get(path, headers={"accept-encoding": unwilling})


def test_what_holds_something_of_someone_is_not_packed(client, at_noon):
    said = {"accept-encoding": "gzip"}
    assert "Content-Encoding" not in client.get("/connexion/", headers=said)
    client.force_login(UserFactory())
    for path in ("/", "/espace/", "/sitemap.xml"):
        assert "Content-Encoding" not in client.get(path, headers=said)


# --- dates: at the second ---


def seen(client, path, moment):
    with clock.at(moment):
        return client.get(path)


@pytest.mark.parametrize("before", [1, 30, 59])
def test_a_deadline_closes_the_call_at_the_second(client, address, before):
    close = NOON + timedelta(minutes=7)
    CallFactory(slug="x", opens_at=NOON - timedelta(days=3), closes_at=close)
    page = address("calls:detail", slug="x")
    apply = address("calls:apply", slug="x")
    assert apply in seen(client, page, close - before * SECOND).text
    assert apply in seen(client, page, close - SECOND).text
    assert apply not in seen(client, page, close).text
    assert seen(client, page, close - SECOND)["Cache-Control"] == "public, max-age=1"


def test_an_announcement_shows_at_the_second(client, address):
    announced = NOON + timedelta(seconds=20)
    dates = {"opens_at": NOON + timedelta(days=1), "closes_at": NOON + timedelta(days=9)}
    CallFactory(slug="x", title="Secret", announced_at=announced, **dates)
    listed = address("calls:list")
    assert "Secret" not in seen(client, listed, NOON).text
    assert "Secret" not in seen(client, listed, announced - SECOND).text
    assert "Secret" in seen(client, listed, announced).text


def test_results_show_at_the_second_and_not_before(client, address):
    hour = NOON + timedelta(seconds=45)
    with clock.at(NOON - timedelta(days=1)):
        call = projects.published_call(slug="x", results_at=hour)
        projects.award(call, title="Lauréat", publish_at=hour)
    page, results = address("calls:detail", slug="x"), address("juries:results", slug="x")
    assert results not in seen(client, page, NOON).text
    assert seen(client, results, hour - SECOND).status_code == 404
    assert results not in seen(client, page, hour - SECOND).text
    assert results in seen(client, page, hour).text
    assert "Lauréat" in seen(client, results, hour).text


def test_a_step_of_the_calendar_is_past_at_its_hour_and_midnight_ends_a_day(client, address):
    call = CallFactory(slug="x", opens_at=NOON - timedelta(days=3), closes_at=NOON + timedelta(days=9))
    CallDate.objects.create(call=call, label="Atelier", at=NOON + 10 * SECOND, with_time=True)
    assert seen(client, address("calls:detail", slug="x"), NOON)["Cache-Control"] == "public, max-age=10"
    CallDate.objects.update(at=NOON - 60 * SECOND, ends_at=NOON + 20 * SECOND)
    assert seen(client, address("calls:detail", slug="x"), NOON + 12 * SECOND)["Cache-Control"] == "public, max-age=8"
    late = clock.start_of(NOON.date() + timedelta(days=1)) - 5 * SECOND
    assert seen(client, address("calls:detail", slug="x"), late)["Cache-Control"] == "public, max-age=5"


def test_a_date_moved_is_known_within_seconds(client, address):
    call = CallFactory(slug="x", opens_at=NOON - timedelta(days=3), closes_at=NOON + timedelta(days=9))
    seen(client, address("calls:list"), NOON)
    call.closes_at = NOON + 30 * SECOND
    call.save()
    assert seen(client, address("calls:detail", slug="x"), NOON + 6 * SECOND)["Cache-Control"] == "public, max-age=24"


# --- a cache that fails, a crowd ---


class Broken:
    def get(self, key):
        raise ConnectionError

    set = get


def test_without_its_cache_the_portal_draws(client, at_noon, monkeypatch, address):
    monkeypatch.setattr(kept, "caches", {"pages": Broken()})
    for _visit in range(2):
        assert client.get(address("portal:home")).status_code == 200


def test_a_cache_that_fails_is_left_alone_for_a_while(monkeypatch):
    asked = []
    monkeypatch.setattr(Broken, "get", lambda _self, key: asked.append(key) or 1 / 0)
    monkeypatch.setattr(kept, "caches", {"pages": Broken()})
    pages = kept.KeptPages()
    for after in (0, 1, 4, 5):
        with clock.at(NOON + after * SECOND):
            assert pages.get("x") is None
    assert len(asked) == 2


def test_a_crowd_draws_a_page_once(rf, monkeypatch):
    """Ten threads ask for a page that is known and has run out: one draws it."""
    drawings, store = [], {}
    gate = threading.Event()

    class Memory:
        get = staticmethod(store.get)

        @staticmethod
        def set(key, value, _seconds):
            store[key] = value

    def draw(request):
        drawings.append(request)
        gate.wait(0.2)
        return kept.HttpResponse("page")

    monkeypatch.setattr(kept, "caches", {"pages": Memory})
    monkeypatch.setattr(kept, "is_kept", lambda _request, _response: True)
    middleware = kept.KeptPagesMiddleware(draw)
    middleware(rf.get("/"))
    store.clear()
    drawings.clear()
    crowd = [threading.Thread(target=middleware, args=(rf.get("/"),)) for _visitor in range(10)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    assert len(drawings) == 1


def test_content_changed_is_there_for_its_author_at_once(client, drawn, address):
    page = address("portal:pillar", slug="mobilite-transport")
    author = Client()
    author.force_login(projects.person("Auteur"))
    assert "Neuf" not in seen(client, page, NOON).text
    Pillar.objects.filter(slug="mobilite-transport").update(name="Neuf", name_fr="Neuf")
    assert "Neuf" in seen(author, page, NOON + SECOND).text
    assert "Neuf" not in seen(client, page, NOON + SECOND).text
    assert "Neuf" in seen(client, page, NOON + 60 * SECOND).text
