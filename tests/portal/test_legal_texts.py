"""Legal pages whose words agents replace, and the accessibility statement the law asks for."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden
from bethune_smartcity.core.models import City, LegalText
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.portal import legal_texts
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PAGES = LegalText.Page.values


@pytest.fixture
def administrator():
    return UserFactory(is_agent=True, is_administrator=True)


def written(page, **texts):
    row = LegalText.objects.get(page=page)
    for code, text in texts.items():
        setattr(row, f"draft_{code}", text)
    return legal_texts.write(row, by=SYSTEM, fields=[f"draft_{code}" for code in texts])


@pytest.mark.parametrize("page", PAGES)
def test_a_text_is_read_once_published_and_no_more_once_taken_back(client, page, administrator):
    default = client.get(f"/{page}/").text
    row = written(page, fr="## Nos mots\n\nÉcrits **ici**.")
    assert client.get(f"/{page}/").text == default
    legal_texts.publish(row, by=administrator)
    shown = client.get(f"/{page}/").text
    assert "<h2>Nos mots</h2>" in shown
    assert "<strong>ici</strong>" in shown
    legal_texts.restore(row, by=administrator)
    assert client.get(f"/{page}/").text == default
    assert LegalText.objects.get(page=page).draft_fr.startswith("## Nos mots")


def test_the_journal_keeps_what_stood_there(administrator):
    row = legal_texts.publish(written("cookies", fr="Un"), by=administrator)
    row.draft_fr = "Deux"
    legal_texts.publish(legal_texts.write(row, by=administrator, fields=["draft_fr"]), by=administrator)
    lines = JournalEntry.objects.filter(verb="publish_text").order_by("pk")
    assert [line.data["before"]["text_fr"] for line in lines] == ["", "Un"]


def test_a_language_without_its_text_shows_the_french_one_and_says_so(client):
    legal_texts.publish(written("cookies", fr="Nos mots", de="Unsere Worte"), by=SYSTEM)
    assert "Unsere Worte" in client.get("/de/cookies/").text
    dutch = client.get("/nl/cookies/").text
    assert '<div class="prose" lang="fr"><p>Nos mots</p>' in dutch
    row = LegalText.objects.get(page="cookies")
    translation.activate("fr")
    assert [row.shown_in(code) for code in ("fr", "nl", "de")] == ["texte propre", "le texte français", "texte propre"]
    assert LegalText.objects.get(page="mentions-legales").shown_in("nl") == "le texte d’origine"


def test_nothing_is_published_or_taken_back_twice():
    row = LegalText.objects.get(page="cookies")
    for act in (legal_texts.publish, legal_texts.restore):
        with pytest.raises(Conflict):
            act(row, by=SYSTEM)


def test_agents_write_and_the_journal_names_them(client):
    agent = UserFactory(is_agent=True)
    client.force_login(agent)
    row = LegalText.objects.get(page="cookies")
    address = reverse("admin:core_legaltext_change", args=[row.pk])
    names = [f"draft_{code}" for code in ("fr", "en", "de", "nl")]
    assert client.post(address, dict.fromkeys(names, "") | {"draft_fr": "Nos mots"}).status_code == 302
    assert "Nos mots" in client.get("/gestion/textes/cookies/").text
    row.refresh_from_db()
    legal_texts.publish(row, by=agent)
    assert set(JournalEntry.objects.filter(verb__in=("edit", "publish_text")).values_list("actor", flat=True)) == {
        agent.pk
    }


def test_nobody_else_writes_publishes_or_previews(client):
    someone = UserFactory()
    row = written("cookies", fr="Nos mots")
    for act in (legal_texts.publish, legal_texts.restore):
        with pytest.raises(Forbidden):
            act(row, by=someone)
    client.force_login(someone)
    assert client.get("/gestion/textes/cookies/").status_code == 403
    assert client.get(reverse("admin:core_legaltext_changelist")).status_code in (302, 403, 404)


def test_a_preview_shows_what_is_being_written_in_each_language(client, administrator):
    written("cookies", fr="Nos mots", en="Our words")
    client.force_login(administrator)
    assert "Nos mots" in client.get("/gestion/textes/cookies/").text
    assert "Our words" in client.get("/en/gestion/textes/cookies/").text
    assert client.get("/gestion/textes/plan-du-site/").status_code == 404
    assert "Nos mots" not in client.get("/cookies/").text


def test_the_screen_leads_from_writing_to_publishing(client, administrator):
    client.force_login(administrator)
    row = LegalText.objects.get(page="cookies")
    address = reverse("admin:core_legaltext_change", args=[row.pk])
    page = client.get(address).text
    assert "/nl/gestion/textes/cookies/" in page
    names = [f"draft_{code}" for code in ("fr", "en", "de", "nl")]
    assert client.post(address, dict.fromkeys(names, "") | {"draft_fr": "Nos mots"}).status_code == 302
    assert "Publier le texte" in client.get(address).text
    refused = client.post(address, dict.fromkeys(names, "") | {"draft_fr": "a\x07b"})
    assert "caractères invisibles" in refused.text


def test_harmful_text_does_no_harm(client):
    legal_texts.publish(written("cookies", fr="<script>x()</script> [a](javascript:x)"), by=SYSTEM)
    page = client.get("/cookies/").text.split("<main")[1].split("</main")[0]
    assert "<script" not in page
    assert 'href="javascript' not in page


class TestTheStatement:
    MENTIONS = (
        "RGAA",
        "Résultats des tests",
        "axe",
        "Chromium",
        "HTML5",
        "Défenseur des droits",
        "Libre réponse 71120",
        "formulaire.defenseurdesdroits.fr",
    )

    def test_holds_what_the_law_asks_for(self, client):
        page = client.get("/accessibilite/").text
        assert not [mention for mention in self.MENTIONS if mention not in page]

    def test_tells_the_audit(self, client):
        City.objects.filter(pk=1).update(
            accessibility="partial",
            accessibility_rate="72.5",
            accessibility_audited_on=dt.date(2026, 10, 1),
            accessibility_auditor="Cabinet Exemple (démo)",
            accessibility_declared_on=dt.date(2026, 10, 5),
            accessibility_contact="acces@ville.example",
            accessibility_failures="- La **carte**",
            accessibility_exemptions="- Les archives",
        )
        page = client.get("/accessibilite/").text.replace("\u00a0", " ")
        told = ("1er octobre 2026", "Cabinet Exemple", "72,5 %", "5 octobre 2026", "acces@ville.example")
        assert not [each for each in (*told, "<strong>carte</strong>", "Les archives") if each not in page]
        assert "partiellement conforme" in page.split("<footer")[1]

    @pytest.mark.parametrize(
        ("level", "rate", "audited"),
        [("partial", 80, False), ("partial", 49, True), ("full", 99, True), ("full", None, True), ("none", 101, True)],
    )
    def test_is_never_better_than_its_audit(self, level, rate, audited):
        day = dt.date(2026, 10, 1) if audited else None
        with pytest.raises(IntegrityError), transaction.atomic():
            City.objects.filter(pk=1).update(accessibility=level, accessibility_rate=rate, accessibility_audited_on=day)

    def test_the_screen_says_why(self, client, administrator):
        client.force_login(administrator)
        answer = client.post("/admin/core/city/1/change/", {"name": "Ville de Béthune", "accessibility": "full"})
        assert "La loi demande un audit" in answer.text
