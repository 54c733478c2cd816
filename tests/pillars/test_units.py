"""The unit of an indicator beside a number: in the singular where the language wants it, if someone gave it."""

from decimal import Decimal

import pytest
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.language import missing_languages
from pillars.models import Indicator, Pillar, Reading
from projects.models import Target
from tests.admin.screens import address
from tests.factories import projects
from tests.factories.accounts import AgentFactory

HOMES = {"unit_fr": "logements", "unit_en": "homes", "unit_de": "Wohnungen", "unit_nl": "woningen"}
HOME = {"unit_one_fr": "logement", "unit_one_en": "home", "unit_one_de": "Wohnung", "unit_one_nl": "woning"}


@pytest.mark.parametrize(
    ("language", "few", "many"),
    [
        ("fr", ("0", "0.5", "1", "-1", "1.9", "1.000"), ("2", "-2", "24", "2.000")),
        ("en", ("1", "1.000", "-1"), ("0", "0.5", "1.5", "2")),
        ("de", ("1", "1.000", "-1"), ("0", "0.5", "1.5", "2")),
        ("nl", ("1", "1.000", "-1"), ("0", "0.5", "1.5", "2")),
    ],
)
def test_each_language_has_its_rule(language, few, many):
    indicator = Indicator(**HOMES, **HOME)
    with translation.override(language):
        assert {indicator.unit_beside(Decimal(value)) for value in few} == {HOME[f"unit_one_{language}"]}
        assert {indicator.unit_beside(Decimal(value)) for value in many} == {HOMES[f"unit_{language}"]}


def test_without_a_singular_it_stands_as_it_is():
    with translation.override("fr"):
        assert Indicator(**HOMES).unit_beside(Decimal(1)) == "logements"
    with translation.override("en"):
        assert Indicator(**HOMES, unit_one_fr="logement").unit_beside(Decimal(1)) == "homes"


def test_a_unit_shown_in_another_language_keeps_the_rule_of_its_own():
    with translation.override("en"):
        indicator = Indicator(unit_fr="logements", unit_one_fr="logement", unit_one_en="home")
        assert indicator.unit_beside(Decimal(0)) == "logement"
        assert indicator.unit_alone == "logement"


@pytest.mark.django_db
class TestWhereItIsRead:
    def made(self, value, **more):
        names = {f"name_{code}": "X" for code in ("fr", "en", "de", "nl")}
        made = Indicator.objects.create(pillar=Pillar.objects.first(), **names, **HOMES, **(HOME | more))
        Reading.objects.create(indicator=made, day=clock.today(), value=value)
        return made

    def page(self, client, path):
        return client.get(path).text.replace("\u00a0", " ")

    @pytest.mark.parametrize(("prefix", "words"), [("", "</span> logement <"), ("/en", "</span> homes <")])
    def test_on_the_page_of_a_pillar(self, client, prefix, words):
        indicator = self.made(0)
        assert words in self.page(client, f"{prefix}/piliers/{indicator.pillar.slug}/")

    def test_on_the_page_of_a_project(self, client):
        indicator, project = self.made(0), projects.cast().project
        Target.objects.create(project=project, indicator=indicator, baseline=0, goal=1)
        page = self.page(client, f"/en{project.get_absolute_url()}")
        shown = page.split('id="measures"')[1].split("</section>")[0]
        assert "<dd>0 homes <span" in shown
        assert "<dd>1 home</dd>" in shown

    def test_the_api_gives_both_in_one_language_and_open_data_the_plural(self, client):
        indicator = self.made(1)
        address = f"/api/v1/pillars/{indicator.pillar.slug}/"
        for language, text in (("en", "home"), ("fr", "logement")):
            told = client.get(address, headers={"Accept-Language": language}).json()["indicators"][0]
            assert (told["unit"], told["unit_one"]) == (HOMES[f"unit_{language}"], text)
        Indicator.objects.update(unit_one_en="", unit_en="")
        told = client.get(address, headers={"Accept-Language": "en"}).json()["indicators"][0]
        assert (told["unit"], told["unit_one"]) == ("logements", "logement")
        assert ",logements," in b"".join(client.get("/donnees/indicateurs.csv").streaming_content).decode()

    def test_agents_give_it_and_a_language_without_it_lacks_nothing(self, client):
        indicator = self.made(1, unit_one_de="", unit_one_nl="")
        assert missing_languages(indicator) == []
        client.force_login(AgentFactory())
        page = client.get(address(Indicator, "change", indicator.pk)).text
        assert all(f'name="unit_one_{code}"' in page for code in ("fr", "en", "de", "nl"))
