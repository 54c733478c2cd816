"""The demonstration, walked screen by screen: each person finds what is theirs, and the rest does not exist."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from calls.models import Call, Prize, Section, Submission
from juries.models import Ballot, Mark, Panel, Sheet
from tests.admin.screens import address, request_of, rows_of, screens
from tests.demo.loading import demonstration

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("admin-demo")]

SCREENS = [pytest.param(model, screen, id=model._meta.label) for model, screen in screens()]
STAFF = ("agent", "agent2", "admin")
# In the long tests, everyone; the agent stands for them in the others.
EACH = ["agent", *(pytest.param(one, marks=pytest.mark.long) for one in STAFF[1:])]


@pytest.fixture(scope="module", autouse=True)
def _demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker):
        yield


def user(name):
    return User.objects.get(email=f"{name}@demo.example")


@pytest.mark.parametrize("person", EACH)
@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_each_finds_their_own_rows_and_no_others(signed_in, person, model, screen):
    client, me = signed_in(person), user(person)
    opens = screen.has_view_permission(request_of(me))
    listed = client.get(address(model, "list"))
    assert listed.status_code == (302 if model._meta.label == "core.City" else 200 if opens else 403)
    mine = rows_of(model, me) if opens else model._base_manager.none()
    seen, hidden = mine.first(), model._base_manager.exclude(pk__in=mine.values("pk")).first()
    if seen is not None:
        for page in ("change", *(["history"] if screen.in_journal else [])):
            assert client.get(address(model, page, seen.pk)).status_code == 200, page
    if hidden is not None and opens and model._meta.label != "core.City":
        assert client.get(address(model, "change", hidden.pk)).status_code == 404
        for page in ("history", "delete") if person == "agent2" else ():
            assert client.get(address(model, page, hidden.pk)).status_code in {403, 404}, page
        assert client.post(address(model, "change", hidden.pk), {}).status_code in {403, 404}


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_unknown_rows_do_not_exist(signed_in, model, screen):
    client = signed_in("agent")
    if screen.has_view_permission(request_of(user("agent"))):
        for key in ("x" * 300, "10" * 30, "%00"):
            assert client.get(address(model, "list") + f"{key}/change/").status_code == 404, key


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_odd_questions_to_a_list_are_no_fault(signed_in, model, screen):
    client = signed_in("agent")
    for query in (
        "q=%27%22é🚲&o=99.-7.x&p=99999&all=",
        "kind=x&panel=x&since=x&country=%27",
        "private_note__contains=a",
    ):
        assert client.get(f"{address(model, 'list')}?{query}", follow=True).status_code in {200, 400, 403}, query


@pytest.mark.parametrize(("model", "screen"), SCREENS)
def test_the_form_to_add_opens_for_those_who_may(signed_in, model, screen):
    for person in STAFF:
        may = screen.has_add_permission(request_of(user(person)))
        assert signed_in(person).get(address(model, "add")).status_code == (200 if may else 403), person


def test_agents_know_their_own_calls_only(signed_in):
    calls = {person: set(rows_of(Call, user(person)).values_list("slug", flat=True)) for person in STAFF}
    assert calls["agent"] >= {"smart-city-2017", "mobilite"}
    assert not calls["agent"] & calls["agent2"]
    assert not calls["admin"]
    assert not rows_of(Submission, user("admin")).exists()


def test_drafts_never_come_to_the_back_office(signed_in):
    drafts = Submission.objects.filter(submitted_at__isnull=True)
    titles = {draft.title for draft in drafts}
    assert titles
    pages = [address(Submission, "list"), address(JournalEntry, "list"), "/admin/"]
    for person in STAFF:
        read = "".join(signed_in(person).get(page).content.decode() for page in pages)
        assert not [title for title in titles if title in read]
        assert not rows_of(Submission, user(person)).filter(pk__in=drafts).exists()


def test_the_first_page_asks_thirty_statements_at_most_whatever_the_day(signed_in, settings):
    settings.DEMO = True
    agent, asked = signed_in("agent"), {}
    agent.get("/admin/")
    # Nine days further each time: every day of the week, until the results of the open call are public.
    for days in range(0, 126, 9):
        with clock.at(clock.now() + timedelta(days=days, hours=days % 7)):
            with CaptureQueriesContext(connection) as counted:
                assert agent.get("/admin/").status_code == 200
            asked[days] = len(counted)
    assert not {days: count for days, count in asked.items() if count > 30}


def test_who_has_no_business_there_finds_nothing():
    assert Client().get("/admin/calls/submission/")["Location"].startswith("/connexion/?next=/admin/calls/submission/")
    for name in ("fondatrice", "jure1", "presidence", "partenaire", "mentor"):
        client = Client()
        client.force_login(user(name), backend="django.contrib.auth.backends.ModelBackend")
        for page in ("/admin/", "/admin/calls/submission/", "/admin/nowhere/", address(Panel, "list")):
            assert client.get(page).status_code == 404, (name, page)


def test_sign_in_and_passwords_are_the_portals_own(signed_in):
    assert Client().get("/admin/login/?next=/admin/calls/call/")["Location"] == "/connexion/?next=/admin/calls/call/"
    assert signed_in("agent").get("/admin/password_change/")["Location"].endswith("/espace/mot-de-passe/")


def test_no_address_leads_from_a_key_to_a_page(signed_in):
    assert signed_in("agent").get("/admin/r/1/1/").status_code == 404


def listed(client, query=""):
    answer = client.get(f"{address(Submission, 'list')}?{query}")
    assert answer.status_code == 200
    return answer.context["cl"].result_count


def test_the_67_applications_of_2017_are_listed_filtered_and_found(signed_in):
    client, call = signed_in("agent"), Call.objects.get(slug="smart-city-2017")
    one = f"call__id__exact={call.pk}"
    assert listed(client, one) == 67
    assert listed(client, f"{one}&state__exact=laureate") == 3
    assert 0 < listed(client, f"{one}&country=BE") < 67
    assert listed(client, "q=Totem Mobi") == 1
    assert listed(client, "q=smiile 0044") == 1
    pillar = call.pillars.first()
    assert listed(client, f"{one}&pillar__id__exact={pillar.pk}") == (
        rows_of(Submission, user("agent")).filter(call=call, pillar=pillar).count()
    )


def test_a_published_jury_shows_its_marks_to_who_organised_it(signed_in):
    me = user("agent")
    assert rows_of(Mark, me).exists()
    assert rows_of(Ballot, me).filter(choice_shown__isnull=False).exists()
    assert not rows_of(Mark, user("agent2")).exists()
    sheet = rows_of(Sheet, me).filter(comment__gt="").first() or rows_of(Sheet, me).first()
    assert signed_in("agent").get(address(Sheet, "change", sheet.pk)).status_code == 200


def test_what_a_call_asks_is_locked_once_it_has_opened(signed_in):
    client = signed_in("agent")
    for part in (Section.objects.filter(call__slug="mobilite").first(), Prize.objects.filter(call__slug="mobilite")[0]):
        page = client.get(address(type(part), "change", part.pk))
        assert page.context["locks"]
        assert 'name="_save"' not in page.content.decode()


def test_the_journal_tells_2017_in_its_own_time(signed_in):
    done = Submission.objects.get(title="Get It Done", call__slug="smart-city-2017")
    page = signed_in("agent").get(address(Submission, "history", done.pk))
    assert [line.at.year for line in page.context["lines"]] == [2017] * len(page.context["lines"])
    assert len(page.context["lines"]) >= 4
