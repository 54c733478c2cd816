"""Open data: what each file holds, when, and how it is served."""

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from bethune_smartcity.core import clock
from bethune_smartcity.core.models import City
from bethune_smartcity.portal.opendata import DATASETS, FILES
from calls.models import Call, Submission
from calls.queries.origins import Origin, shares_of, told
from pillars.models import Indicator, Pillar, Reading
from projects.operations import incubation
from tests.factories import projects
from tests.factories.accounts import StructureFactory
from tests.factories.calls import CallFactory, submitted
from tests.quality import faults
from tests.quality.reading import read as read_page

pytestmark = pytest.mark.django_db

SCDL = {
    "nomAttribuant": r".+",
    "idAttribuant": r"\d{14}",
    "dateConvention": r"\d{4}-\d\d-\d\d",
    "referenceDecision": r".*",
    "nomBeneficiaire": r".+",
    "idBeneficiaire": r"(\d{14})?",
    "rnaBeneficiaire": r"(W\d{9})?",
    "objet": r".+",
    "montant": r"\d+(\.\d+)?",
    "nature": r"aide en (numéraire|nature)",
    "conditionsVersement": r"unique|échelonné|autre",
    "datesPeriodeVersement": r"\d{4}-\d\d-\d\d(/\d{4}-\d\d-\d\d)?",
    "idRAE": r".*",
    "notificationUE": r"oui|non",
    "pourcentageSubvention": r"1|0(\.\d+)?",
    "dispositifAide": r".*",
}


def content(answer):
    return b"".join(answer.streaming_content).decode()


def read(client, name):
    return list(csv.DictReader(io.StringIO(content(client.get(f"/donnees/{name}")))))


def signed(given=None, **facts):
    """A project whose agreement is signed."""
    cast = projects.cast(projects.project(given))
    type(cast.project.structure).objects.filter(pk=cast.project.structure.pk).update(**facts)
    return incubation.advance(cast.project, "agree", by=cast["agent"])


def applied(call, country, hook, count):
    for _n in range(count):
        made = submitted(call, StructureFactory(country=country))
        Submission.objects.filter(pk=made.pk).update(pillar=Pillar.objects.get(hook=hook))


def published():
    call = CallFactory(closed=True)
    applied(call, "FR", "habitat", 6)
    applied(call, "FR", "culture", 2)
    applied(call, "DE", "culture", 4)
    applied(call, "US", "sante", 1)
    Call.objects.filter(pk=call.pk).update(results_at=clock.now() + timedelta(hours=1))
    call.refresh_from_db()
    return call


def test_subsidies_follow_the_national_schema_to_the_letter(client):
    City.objects.filter(pk=1).update(siret="21620119500014")
    given = projects.award(amount="8000")
    project = signed(given, registration_number="832 104 559 00017")
    projects.payment(project, amount="4000", step=projects.milestone(project, days=60))
    projects.payment(project, amount="4000", state="paid")
    raw = client.get("/donnees/subventions.csv").getvalue().decode()
    assert raw.splitlines()[0] == ",".join(SCDL)
    (row,) = read(client, "subventions.csv")
    assert not [name for name, rule in SCDL.items() if not re.fullmatch(rule, row[name])]
    assert row["idBeneficiaire"] == "83210455900017"
    assert row["dateConvention"] == clock.today().isoformat()
    assert Decimal(row["montant"]) == 8000
    assert row["conditionsVersement"] == "échelonné"
    assert row["datesPeriodeVersement"] == f"{clock.today()}/{clock.today() + timedelta(days=60)}"


def test_a_subsidy_shows_neither_before_its_agreement_nor_before_the_results(client):
    given = projects.award()
    project = projects.cast(projects.project(given))
    assert read(client, "subventions.csv") == []
    incubation.advance(project.project, "agree", by=project["agent"])
    assert len(read(client, "subventions.csv")) == 1
    type(given).objects.filter(pk=given.pk).update(publish_at=clock.now() + timedelta(hours=1))
    assert read(client, "subventions.csv") == []


def test_a_prize_in_kind_is_no_line_and_foreign_numbers_are_no_siret(client):
    signed(projects.award(amount=None))
    signed(projects.award(), country="BE", registration_number="12345678901234")
    (row,) = read(client, "subventions.csv")
    assert row["idBeneficiaire"] == row["rnaBeneficiaire"] == ""


def test_projects_come_as_a_table_and_on_the_map(client):
    projects.project(name="=HYPERLINK(1)", latitude=Decimal("50.53"), longitude=Decimal("-2.64"))
    projects.project(name="Sans lieu")
    projects.project(name="Caché", is_public=False)
    projects.project(projects.award(publish_at=clock.now() + timedelta(days=1)), name="Demain")
    rows = read(client, "projets.csv")
    assert [row["nom"] for row in rows] == ["'=HYPERLINK(1)", "Sans lieu"]
    assert rows[0]["longitude"] == "-2.64000"
    told = json.loads(content(client.get("/donnees/projets.geojson")))
    assert [feature["geometry"] and feature["geometry"]["coordinates"] for feature in told["features"]] == [
        [-2.64, 50.53],
        None,
    ]
    assert told["features"][0]["properties"]["nom"] == "=HYPERLINK(1)"


def test_a_call_is_counted_once_its_results_are_public(client):
    call = published()
    CallFactory(draft=True)
    (row,) = read(client, "appels.csv")
    assert (row["appel"], row["phase"], row["candidatures"], row["resultats_le"]) == (call.slug, "closed", "", "")
    assert read(client, "candidatures.csv") == []
    with clock.at(clock.now() + timedelta(hours=2)):
        (row,) = read(client, "appels.csv")
        assert (row["phase"], row["candidatures"], row["laureats"]) == ("published", "13", "0")
        counts = {(r["pays"], r["pilier"]): int(r["candidatures"]) for r in read(client, "candidatures.csv")}
    assert counts == {
        ("FR", "habitat-environnement"): 6,
        ("FR", ""): 2,
        ("DE", "loisir-culture"): 4,
        ("US", ""): 1,
    }


def test_a_small_call_is_told_as_a_whole():
    found = [Origin("a", "FR", "x", 5), Origin("a", "DE", "y", 4), Origin("b", "FR", "x", 11)]
    assert told(found) == [Origin("a", "", "", 9), Origin("b", "FR", "x", 11)]
    assert told([]) == []


def test_shares_wait_for_the_results_and_for_enough_applications():
    call = published()
    assert shares_of(call, clock.now()) is None
    later = clock.now() + timedelta(hours=2)
    shares = shares_of(call, later)
    assert (shares.total, shares.countries) == (13, [("FR", 8), ("DE", 4), ("US", 1)])
    assert sum(count for _slug, count in shares.pillars) == 13
    few = CallFactory(closed=True, results_at=clock.now())
    applied(few, "FR", "habitat", 9)
    assert shares_of(few, later) is None


def test_readings_are_numbers_even_below_zero(client):
    indicator = Indicator.objects.create(pillar=Pillar.objects.first(), name="Écart", unit="°C", rising_is_better=False)
    Reading.objects.create(indicator=indicator, day=clock.today(), value=Decimal("-1.5"), source="@relevé")
    Reading.objects.create(indicator=indicator, day=clock.today() + timedelta(days=1), value=9)
    (row,) = read(client, "indicateurs.csv")
    assert (row["valeur"], row["source"], row["hausse_souhaitee"]) == ("-1.500", "'@relevé", "non")


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_served_to_any_site_and_not_sent_twice(client, name):
    answer = client.get(f"/donnees/{name}")
    content(answer)
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"].endswith("; charset=utf-8")
    assert "Set-Cookie" not in answer
    for header, value in (("If-None-Match", answer["ETag"]), ("If-Modified-Since", answer["Last-Modified"])):
        again = client.get(f"/donnees/{name}", headers={header: value})
        assert (again.status_code, again["ETag"]) == (304, answer["ETag"])
    assert client.head(f"/donnees/{name}").status_code == 200
    assert client.post(f"/donnees/{name}").status_code == 405


def test_a_file_that_changes_is_sent_again(client):
    before = client.get("/donnees/projets.csv")
    projects.project()
    assert client.get("/donnees/projets.csv", headers={"If-None-Match": before["ETag"]}).status_code == 200


def test_only_the_files_are_open_to_other_sites(client):
    for path in ("/", "/donnees/", "/projets/", "/appels/"):
        assert "Access-Control-Allow-Origin" not in client.get(path)
    assert client.get("/donnees/catalogue.jsonld")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/en/donnees/projets.csv").status_code == 404


def test_files_are_the_same_whatever_the_reader_s_language(client):
    projects.project()
    tags = {client.get("/donnees/projets.csv", headers={"Accept-Language": code})["ETag"] for code in ("fr", "de")}
    assert len(tags) == 1


def test_the_header_is_the_columns_told_on_the_page(client):
    for dataset in DATASETS:
        for file in dataset.files:
            if file.format == "CSV":
                first = content(client.get(f"/donnees/{file.name}")).splitlines()[0]
                assert first == ",".join(column.name for column in dataset.columns)


@pytest.mark.parametrize("language", ["fr", "en", "de", "nl"])
def test_the_page_links_every_file(client, address, language):
    page = client.get(address("portal:open-data", language))
    assert not [name for name in FILES if f'href="/donnees/{name}"' not in page.text]
    assert "Licence Ouverte 2.0" in page.text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Jour de signature de la convention"),
        ("en", "Day the agreement was signed"),
        ("de", "Tag der Unterzeichnung der Vereinbarung"),
        ("nl", "Dag waarop de overeenkomst is ondertekend"),
    ],
)
def test_what_a_column_means_is_told_in_the_language_of_the_page_and_its_name_stays(client, address, language, said):
    page = client.get(address("portal:open-data", language)).text
    assert said in page
    mark = "" if language == "fr" else ' lang="fr"'
    assert f"<code{mark}>dateConvention</code>" in page
    assert f"<code{mark}>unique</code>, <code{mark}>échelonné</code>, <code{mark}>autre</code>" in page
    assert not list(faults.in_another_language(read_page(f"/{language}/donnees/", 200, page)))
    assert client.get("/donnees/catalogue.jsonld").text.count("Jour de signature de la convention") == 1


def test_the_catalogue_names_every_dataset(client):
    told = client.get("/donnees/catalogue.jsonld").json()
    assert next(one["name"] for one in told["dataset"]) == "Subventions attribuées"
    links = [link["contentUrl"] for one in told["dataset"] for link in one["distribution"]]
    assert [link.rpartition("/")[2] for link in links] == list(FILES)


def test_it_is_found_from_the_foot_of_every_page_and_the_site_maps(client, address):
    assert 'href="/donnees/"' in client.get("/").text
    assert 'href="/donnees/"' in client.get(address("portal:legal", slug="plan-du-site")).text
    assert "/donnees/</loc>" in client.get("/sitemap.xml").text


@pytest.mark.parametrize("name", [*sorted(FILES), ""])
def test_as_much_is_asked_whatever_there_is(client, name, django_assert_max_num_queries):
    counts = []
    made = 0
    for wanted in (1, 3, 30):
        for _n in range(made, wanted):
            project = signed()
            projects.payment(project, amount="10")
            CallFactory(closed=True, results_at=clock.now())
            indicator = Indicator.objects.create(pillar=Pillar.objects.first(), name="I", unit="%")
            Reading.objects.create(indicator=indicator, day=clock.today(), value=1)
        made = wanted
        with django_assert_max_num_queries(30) as asked:
            client.get(f"/donnees/{name}")
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
