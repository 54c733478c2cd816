"""The public API: what it tells, what it keeps, and how little it asks of the database."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from calls.models import Call, Criterion
from calls.phases import Phase, phase_at
from juries.models import Award
from pillars.models import Indicator, Objective, Pillar, Reading
from projects.models import Project
from tests.factories import projects as make
from tests.factories.news import article

pytestmark = pytest.mark.django_db

LISTS = ("pillars", "calls", "results", "mentions", "projects", "news")


def read(client, address, status=200, **headers):
    """An answer of the API, as Python values."""
    answer = client.get(f"/api/v1/{address}", headers=headers)
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def slugs(client, address):
    return {row["slug"] for row in read(client, address)["results"]}


def everything():
    """One more row in each list, with all that hangs on it."""
    project = make.cast().project
    call = project.award.call
    call.pillars.add(*Pillar.objects.all()[:2])
    call.dates.create(label="Pitchs", at=clock.now())
    call.moves.create(field="closes_at", before=clock.now(), after=clock.now(), reason="Un pont de plus.")
    Criterion.objects.create(call=call, label="Utilité")
    make.milestone(project, state="accepted")
    make.milestone(project)
    make.update(project)
    make.mention(call)
    article("mobilite", "culture")
    return project


def test_pillars_in_their_order_and_their_readings(client):
    listed = read(client, "pillars/")
    assert [pillar["order"] for pillar in listed["results"]] == sorted(pillar["order"] for pillar in listed["results"])
    assert listed["count"] == 7
    pillar = Pillar.objects.first()
    Objective.objects.create(pillar=pillar, text="Moins de voitures")
    indicator = Indicator.objects.create(pillar=pillar, name="Trajets à vélo", unit="par jour")
    Reading.objects.create(indicator=indicator, day=clock.today(), value=412)
    told = read(client, f"pillars/{pillar.slug}/")
    assert told["objectives"] == [{"text": "Moins de voitures"}]
    assert told["indicators"][0]["readings"][0]["value"] == "412.000"


def test_a_call_tells_its_dates_prizes_and_criteria(client):
    call = everything().award.call
    told = read(client, f"calls/{call.slug}/")
    assert (told["phase"], told["prizes"][0]["amount"], told["criteria"][0]["label"]) == (
        "published",
        "5000.00",
        "Utilité",
    )
    assert told["moves"][0]["reason"] == "Un pont de plus."
    assert told["page"].endswith(f"/appels/{call.slug}/")


def test_calls_are_told_from_their_announcement_on(client):
    now = clock.now()
    draft = make.published_call(announced_at=None, results_at=None)
    coming = make.published_call(announced_at=now + timedelta(hours=1), results_at=None)
    assert slugs(client, "calls/") == set()
    for call in (draft, coming):
        read(client, f"calls/{call.slug}/", status=404)


def test_the_coming_publication_is_not_told(client):
    call = make.published_call(results_at=clock.now() + timedelta(hours=1))
    told = read(client, f"calls/{call.slug}/")
    assert (told["phase"], told["results_at"]) == ("closed", None)


def test_phases_filter_as_the_clock_does(client):
    now = clock.now()
    day = timedelta(days=1)
    make.published_call()
    make.published_call(archived_at=now)
    make.published_call(results_at=now + day)
    make.published_call(results_at=None, closes_at=now)
    make.published_call(results_at=None, closes_at=now + day)
    make.published_call(results_at=None, opens_at=now + day, closes_at=now + 2 * day)
    with clock.at(now):
        for phase in Phase:
            if phase != Phase.DRAFT:
                expected = {call.slug for call in Call.objects.all() if phase_at(call, now) == phase}
                assert slugs(client, f"calls/?phase={phase}") == expected
                assert expected


def test_results_wait_for_their_instant(client):
    call = make.published_call()
    known = make.award(call)
    make.award(call, publish_at=clock.now() + timedelta(seconds=30))
    make.award(make.published_call(results_at=clock.now() + timedelta(hours=1)), publish_at=clock.now())
    told = read(client, "results/")["results"]
    assert [row["id"] for row in told] == [known.pk]
    row = told[0]
    assert (row["prize"]["amount"], row["amount"]) == ("5000.00", "8000.00")
    assert (row["laureate"]["title"], row["laureate"]["structure"]["country"]) == ("Get It Done", "FR")
    read(client, f"results/{known.pk}/")
    with clock.at(known.publish_at - timedelta(seconds=1)):
        assert read(client, "results/")["count"] == 0
        read(client, f"results/{known.pk}/", status=404)


def test_projects_tell_what_the_showcase_tells(client):
    project = everything()
    embargoed = make.award(project.award.call, publish_at=clock.now() + timedelta(hours=1))
    embargoed.submission = project.award.submission
    embargoed.save()
    hidden = make.project(is_public=False)
    told = read(client, f"projects/{project.slug}/")
    assert (told["stage"], told["call"]["slug"], len(told["awards"])) == ("framing", project.award.call.slug, 1)
    assert [step["done_at"] is not None for step in told["steps"]] == [True, False]
    assert told["news"][0]["title"] == "Un premier pas"
    assert not {"report", "state", "payments", "mentors"} & {*told, *told["steps"][0]}
    read(client, f"projects/{hidden.slug}/", status=404)


def test_news_tell_what_everyone_reads(client):
    made = article("mobilite", "culture", title_fr="Un titre", title_en="A title")
    article("culture", planned=clock.now() + timedelta(hours=1))
    article("culture", draft=True)
    (listed,) = read(client, "news/?theme=mobilite-transport", accept_language="en")["results"]
    assert (listed["title"], listed["page"]) == ("A title", f"https://portail.example/en/actualites/{made.slug}/")
    assert [theme["slug"] for theme in listed["themes"]] == ["mobilite-transport", "loisir-culture"]
    told = read(client, f"news/{made.slug}/")
    assert (told["title"], told["body"]) == ("Un titre", made.body)
    assert not {"body", "state", "id"} & {*listed}
    read(client, "news/?theme=inconnu", status=400)


def test_a_city_led_project_has_no_structure_and_no_award(client):
    project = make.project()
    type(project).objects.update(award=None, structure=None)
    told = read(client, f"projects/{project.slug}/")
    assert (told["structure"], told["call"], told["awards"]) == (None, None, [])


def test_filters_narrow(client):
    one, two = make.project(state="trial"), make.project(make.award(pillar="mobilite"))
    slug = two.pillar.slug
    assert slugs(client, "projects/?stage=trial") == {one.slug}
    assert slugs(client, f"projects/?pillar={slug}") == {two.slug}
    assert read(client, f"results/?pillar={slug}")["count"] == 1
    assert read(client, f"results/?call={one.award.call.slug}")["count"] == 1
    assert read(client, "results/?kind=public")["count"] == 0
    assert slugs(client, f"calls/?slug={one.award.call.slug}") == {one.award.call.slug}


@pytest.mark.parametrize(
    "address",
    [
        "projects/?stage=flying",
        "projects/?pillar=inconnu",
        "projects/?ordering=award__amount",
        "projects/?ordering=search_text",
        "results/?kind=secret",
        "results/?call=inconnu",
        "results/?ordering=submission__state",
        "calls/?phase=draft",
        "calls/?ordering=results_at",
        "calls/?pillar=1",
    ],
)
def test_a_filter_that_does_not_exist_is_a_400(client, address):
    make.project()
    assert read(client, address, status=400)


@pytest.mark.parametrize("name", LISTS)
def test_unknown_odd_and_writing(client, name):
    assert read(client, f"{name}/inconnu-{10**30}/", status=404) if name not in {"results", "mentions"} else True
    assert read(client, f"{name}/{10**30}/", status=404)
    assert read(client, f"{name}/?page=99", status=404)
    assert client.get(f"/api/v1/{name}/?ordering=%00").status_code == 400
    assert client.get(f"/api/v1/{name}/%00/").status_code == 404
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(f"/api/v1/{name}/").status_code == 405


def test_the_header_chooses_the_language(client):
    pillar = Pillar.objects.first()
    pillar.name_fr, pillar.name_en = "Mobilité", "Mobility"
    pillar.save()
    address = f"pillars/{pillar.slug}/"
    assert read(client, address)["name"] == "Mobilité"
    assert read(client, address, accept_language="en-GB,fr;q=0.5")["name"] == "Mobility"
    assert read(client, address, accept_language="es,it")["name"] == "Mobilité"
    assert "Accept-Language" in client.get(f"/api/v1/{address}")["Vary"]


@pytest.mark.parametrize("name", LISTS)
def test_statements_do_not_grow_with_rows(client, name):
    everything()
    counts = []
    for more in (0, 2, 20):
        for _ in range(more):
            everything()
        with CaptureQueriesContext(connection) as captured:
            rows = read(client, f"{name}/?page_size=100")["results"]
        counts.append(len(captured))
    assert name == "pillars" or len(rows) >= 23
    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_who_asks_changes_nothing(client):
    scene = make.cast(make.project(is_public=False))
    make.award(scene.project.award.call, publish_at=clock.now() + timedelta(hours=1))
    asked = [f"/api/v1/{name}/" for name in LISTS]
    told = [client.get(address).json() for address in asked]
    for user in filter(None, scene.people.values()):
        client.force_login(user)
        assert [client.get(address).json() for address in asked] == told


def test_the_list_asked_for_by_nearly_everyone_tells_what_the_filtered_one_tells(client):
    for _n in range(3):
        make.project()
    hidden = make.project()
    Award.objects.filter(pk=hidden.award_id).update(publish_at=clock.now() + timedelta(days=1))
    for sizes in ("", "page_size=2", "page_size=2&page=2"):
        plain, filtered = (read(client, f"projects/?{sizes}&{asked}") for asked in ("", "stage="))
        assert (plain["count"], plain["results"]) == (filtered["count"], filtered["results"])
    assert hidden.slug not in str(read(client, "projects/"))
    assert plain["count"] == 3
    Project.objects.all().delete()
    assert read(client, "projects/")["count"] == 0


def test_pages(client):
    for _ in range(3):
        make.project()
    told = read(client, "projects/?page_size=2")
    assert (told["count"], len(told["results"])) == (3, 2)
    assert len(read(client, "projects/?page_size=2&page=2")["results"]) == 1


def test_the_documentation_keeps_to_the_policy(client):
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "<style" not in text
    assert "style=" not in text
    assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("prefix", "title"),
    [("", "API publique"), ("/en", "Public API"), ("/de", "Öffentliche API"), ("/nl", "Openbare API")],
)
def test_the_documentation_is_a_page_of_the_portal_in_each_language(client, prefix, title):
    text = client.get(f"{prefix}/api/docs/").content.decode()
    assert f'<h1 class="title">{title}</h1>' in text
    assert 'class="skip"' in text
    assert 'href="/api/v1/schema/"' in text
    for name in LISTS:
        assert f'href="/api/v1/{name}/"' in text
    assert "/api/v1/calls/{slug}/" in text
    assert "/api/v1/results/{id}/" in text
