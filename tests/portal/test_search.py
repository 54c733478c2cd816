"""The search of all public pages: what is found, in which order and language, and what never is."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Count
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.refolding import fold_apostrophes
from bethune_smartcity.core.search import excerpt, folded, marked, plain, words_of
from bethune_smartcity.portal.search import find
from bethune_smartcity.portal.search.kinds import KINDS, call_hit
from calls.operations import clarifications, publication
from calls.phases import Phase
from juries.models import Award
from projects.models import Update
from tests.factories import projects
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory, SubmissionFactory, agent_of
from tests.factories.news import article
from tests.juries.views.test_results import proclaimed

pytestmark = pytest.mark.django_db
ODD = ["%", "_", "'", '"', "\\", "🚲", "مرحبا", "<b>", "a" * 100, "  ", "\u0301", "% _ ' --", "٣"]


def titles(found):
    return [(group.key, shown.hit.title) for group in found.shown for shown in group.shown]


def answered(call, question, answer="Oui."):
    asked = clarifications.ask(call, question, by=UserFactory())
    return clarifications.answer(asked, answer, by=agent_of(call))


class TestWhatIsFound:
    def test_calls_by_title_first_then_by_text_whatever_accents_and_case(self):
        CallFactory(slug="texte", title="Autre chose", purpose="On parle de mobilité ici.")
        CallFactory(slug="titre", title="MOBILITE douce")
        assert [title for _kind, title in titles(find("Mobilité", clock.now(), kind="calls"))] == [
            "MOBILITE douce",
            "Autre chose",
        ]

    def test_every_word_counts(self):
        CallFactory(title="Des vélos pour la gare")
        assert find("gare velos", clock.now(), kind="calls").total
        assert not find("gare trams", clock.now()).total

    @pytest.mark.parametrize("written", ["La gare d’eau", "La gare d'eau"])
    @pytest.mark.parametrize("typed", ["gare d'eau", "gare d’eau", "d'eau"])
    def test_whichever_apostrophe_is_written_or_typed(self, written, typed):
        CallFactory(title=written)
        (group,) = find(typed, clock.now(), kind="calls").shown
        assert "<mark>d" in marked(group.shown[0].hit.title, words_of(typed))

    @pytest.mark.parametrize(("app", "model"), [("calls", "Call"), ("juries", "Award"), ("calls", "Submission")])
    def test_what_was_folded_before_is_folded_again(self, app, model):
        made = {
            "Call": CallFactory,
            "Submission": SubmissionFactory,
            "Award": lambda: proclaimed() and Award.objects.first(),
        }
        row = made[model]()
        column = "search_text_fr" if model == "Call" else "search_text"
        type(row).objects.filter(pk=row.pk).update(**{column: "gare d’eau\nl‘eau"})
        fold_apostrophes(app, model).code(apps, None)
        assert type(row).objects.values_list(column, flat=True).get(pk=row.pk) == "gare d'eau\nl'eau"

    def test_a_text_that_changes_is_found_as_it_is_now(self):
        call = CallFactory(title="Vélos")
        publication.edit_call(call, by=agent_of(call), title="Barques")
        assert titles(find("barques", clock.now(), kind="calls"))
        assert not titles(find("velos", clock.now(), kind="calls"))

    def test_questions_once_answered(self):
        call = CallFactory()
        asked = clarifications.ask(call, "Une péniche compte-t-elle ?", by=UserFactory())
        assert not find("peniche", clock.now()).total
        clarifications.answer(asked, "Oui, amarrée.", by=agent_of(call))
        assert titles(find("amarree", clock.now())) == [("questions", "Une péniche compte-t-elle ?")]

    def test_a_question_is_told_in_the_language_of_the_page(self, client):
        asked = answered(CallFactory(), "Une péniche compte-t-elle ?", "Oui, amarrée.")
        given = (("text", "Telt een aak?"), ("answer", "Ja, aangemeerd."))
        asked.renderings = {name: {"of": getattr(asked, name), "nl": text} for name, text in given}
        asked.save()
        dutch = client.get("/nl/recherche/?q=peniche").text
        assert '">Telt een aak?</a>' in dutch
        assert "<p>Ja, aangemeerd.</p>" in dutch
        assert "amarrée" not in dutch

    def test_projects_and_their_news_as_long_as_they_are_in_the_showcase(self):
        made = projects.project(name="Totem Zébré")
        Update.objects.create(project=made, title="Le zébré est posé", body="Enfin.")
        assert titles(find("zebre", clock.now())) == [("projects", "Totem Zébré"), ("updates", "Le zébré est posé")]
        made.is_public = False
        made.save()
        assert not find("zebre", clock.now()).total

    def test_laureates_from_the_hour_on(self):
        finale = proclaimed()
        at = finale.call.results_at
        assert not [k for k, _t in titles(find("finalist", at - timedelta(seconds=1))) if k == "results"]
        assert [k for k, _t in titles(find("finalist", at)) if k == "results"]

    def test_a_laureate_is_found_once_with_all_it_won(self):
        finale = proclaimed()
        at = finale.call.results_at
        twice = Award.objects.values("submission").annotate(n=Count("pk")).get(n=2)["submission"]
        prizes = [one.prize.name for one in Award.objects.filter(submission=twice).order_by("prize__kind")]
        with clock.at(at):
            (group,) = [one for one in find("finalist", at, kind="results").groups if one.key == "results"]
            assert group.count == len(group.shown) == Award.objects.values("submission").distinct().count()
            assert " · ".join(prizes) in [one.hit.place for one in group.shown]
            by_the_second = find(prizes[1], at, kind="results").shown[0].shown
            assert [one.hit.place for one in by_the_second] == [" · ".join(prizes)]

    def test_a_laureate_is_told_in_the_language_of_the_page(self, client):
        finale = proclaimed()
        for won in {award.submission for award in Award.objects.select_related("submission")}:
            won.one_line = "Une ligne d’ici"
            won.renderings = {"one_line": {"of": won.one_line, "nl": "Een regel van hier"}}
            won.save()
        with clock.at(finale.call.results_at):
            dutch = client.get("/nl/recherche/?q=finalist&kind=results").text
            german = client.get("/de/recherche/?q=finalist&kind=results").text
        assert "<p>Een regel van hier</p>" in dutch
        assert "Une ligne" not in dutch
        assert '<p lang="fr">Une ligne d’ici</p>' in german

    def test_the_cells_of_a_table_stay_apart(self):
        assert plain("| A | B |\n|---|---|\n| C | D |\n\nFin") == "A · B · C · D Fin"

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("- vélos\n- bus\n\nFin.", "vélos – bus. Fin."),
            ("Nous cherchons :\n\n1. des vélos ;\n2. des bus.", "Nous cherchons : des vélos ; des bus."),
            ("- vélos\n\n- bus", "vélos – bus"),
            ("- vélos\n  - cargos\n  - pliants\n- **bus**", "vélos – cargos – pliants. bus"),
            ("Des essais\n\n- un\n- deux", "Des essais – un – deux"),
            ("## Objet\n\nUn essai\n\n## Pour qui ?\n\nTous", "Objet. Un essai. Pour qui ? Tous"),
            ("- « vélos. »\n- (bus !)\n- fin", "« vélos. » (bus !) fin"),
            ("- \n- vélos\n- ", "vélos"),
            ("une ligne\nune autre", "une ligne une autre"),
            ("- a < b\n- c & d", "a < b – c & d"),
            ("", ""),
        ],
    )
    def test_items_and_titles_stay_apart(self, text, told):
        assert plain(text) == told

    def test_an_excerpt_keeps_the_items_of_a_list_apart(self):
        CallFactory(sought="Nous essayons\n\n- des vélos\n- des navettes\n\nSans attendre.")
        (group,) = find("navettes", clock.now(), kind="calls").shown
        assert "des vélos – des <mark>navettes</mark>. Sans attendre." in group.shown[0].excerpt

    def test_pillars_and_legal_pages(self):
        assert ("pages", "Données personnelles") in titles(find("donnees personnelles", clock.now()))
        assert [key for key, _title in titles(find("mobilite", clock.now()))] == ["pillars"]

    def test_a_call_in_preparation_is_not_found(self):
        CallFactory(title="Secret bien gardé", draft=True)
        assert not find("secret garde", clock.now()).total

    def test_the_language_of_the_page_falling_back_to_french(self, client):
        CallFactory(title="Vélos", title_de="Fahrräder", title_nl="")
        assert "Fahr<" not in client.get("/de/recherche/?q=fahrrader").text
        assert "<mark>Fahrräder</mark>" in client.get("/de/recherche/?q=fahrrader").text
        dutch = client.get("/nl/recherche/?q=velos").text
        assert '<a href="/nl/appels/' in dutch
        assert ' lang="fr"><mark>Vélos</mark>' in dutch
        assert '<p class="told-in">Tekst in het Frans</p>' in dutch


class TestThePage:
    @pytest.mark.parametrize("typed", ODD)
    def test_odd_input_is_answered(self, client, typed):
        CallFactory(title="Vélos")
        answer = client.get("/recherche/", {"q": typed, "page": typed, "kind": "calls"})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        ("typed", "status"), [("a\x00b", 400), ("a" * 10_000, 422), ("a\u202eb", 422), ("a\nb", 422)]
    )
    def test_what_cannot_be_searched_is_said(self, client, typed, status):
        answer = client.get("/recherche/", {"q": typed})
        assert answer.status_code == status
        assert "<h1" in answer.text

    def test_an_unknown_kind_is_said(self, client):
        assert client.get("/recherche/?q=a&kind=secrets").status_code == 422

    def test_signs_of_the_database_are_plain_letters(self):
        CallFactory(title="Cent pour cent")
        assert not find("%", clock.now()).total
        assert not find("c_nt", clock.now()).total

    def test_nothing_found_says_what_to_try(self, client):
        page = client.get("/recherche/?q=zzzz").text
        assert "Rien trouvé" in page
        begins = page[page.index('id="elsewhere"') :]
        for name in ("calls:list", "projects:list", "portal:news"):
            assert f'href="{reverse(name)}">' in begins[: begins.index("</section>")]

    def test_what_was_typed_is_escaped(self, client):
        page = client.get("/recherche/", {"q": "<script>alert(1)</script>"}).text
        assert "<script>alert" not in page

    def test_one_kind_page_by_page(self, client):
        for n in range(21):
            CallFactory(title=f"Vélos {n}")
        page = client.get("/recherche/?q=velos&kind=calls&page=2").text
        assert page.count("<mark>") == 1
        assert "q=velos" in page.split('class="pager"')[1]
        assert client.get("/recherche/?q=velos").text.count("<mark>") == 4

    @pytest.mark.parametrize("who", ["", "agent"])
    def test_everyone_finds_the_same(self, client, who):
        call = CallFactory(title="Secret bien gardé", draft=True)
        if who:
            client.force_login(agent_of(call))
        assert "Secret bien" not in client.get("/recherche/?q=garde").text.replace("“", "")

    def test_statements_do_not_grow_with_the_rows(self, client, django_assert_max_num_queries):
        def fill(n):
            call = CallFactory(title=f"Zèbre {n}")
            answered(call, f"Un zèbre {n} ?")
            made = projects.project(name=f"Zèbre {n}")
            Update.objects.create(project=made, title=f"Zèbre {n}", body="Zèbre")
            article(title_fr=f"Zèbre {n}")

        def statements(kind=""):
            cache.clear()
            with django_assert_max_num_queries(8) as counted:
                assert client.get(f"/recherche/?q=zebre&kind={kind}").status_code == 200
            return len(counted)

        fill(0)
        before = statements(), statements("questions")
        for n in range(1, 5):
            fill(n)
        assert (statements(), statements("questions")) == before

    def test_all_kinds_at_once_ask_no_more(self, client, django_assert_max_num_queries):
        with clock.at(clock.now() - timedelta(hours=2)):
            proclaimed()
        answered(CallFactory(), "Une péniche ?")
        Update.objects.create(project=projects.project(), title="Premier essai", body="Réussi")
        article(title_fr="Une nouvelle")
        with django_assert_max_num_queries(8):
            page = client.get("/recherche/?q=e").text
        assert {key for key in (kind.key for kind in KINDS) if f'kind={key}"' in page} == {kind.key for kind in KINDS}

    def test_a_browser_learns_how_to_search(self, client):
        told = client.get("/opensearch.xml")
        assert told["Content-Type"].startswith("application/opensearchdescription+xml")
        assert 'template="https://portail.example/recherche/?q={searchTerms}"' in told.text
        assert 'href="/opensearch.xml?langue=fr"' in client.get("/").text
        assert 'action="/recherche/"' in client.get("/").text

    def test_news_is_found_once_it_is_public_in_the_reader_s_language(self, client):
        at = clock.now() + timedelta(hours=1)
        article(planned=at, title_fr="Un ornithorynque", title_de="Ein Schnabeltier")
        assert not find("ornithorynque", clock.now()).total
        with clock.at(at):
            assert "Un <mark>ornithorynque" in client.get("/recherche/?q=ornithorynque").text
            assert "Ein <mark>Schnabeltier" in client.get("/de/recherche/?q=schnabeltier").text


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "asked", "shown"),
        [
            ("Mobilité & vélos", "MOBILITE", "<mark>Mobilité</mark> &amp; vélos"),
            ("e\u0301te\u0301", "ete", "<mark>e\u0301te\u0301</mark>"),
            ("<b>gras</b>", "b", "&lt;<mark>b</mark>&gt;gras&lt;/<mark>b</mark>&gt;"),
            ("Straße", "strasse", "<mark>Straße</mark>"),
            ("aaa", "aa a", "<mark>aaa</mark>"),
            ("rien", "tout", "rien"),
        ],
    )
    def test_words_are_marked(self, text, asked, shown):
        assert marked(text, words_of(asked)) == shown

    def test_an_excerpt_stands_around_the_word(self):
        text = "mot " * 100 + "zèbre " + "mot " * 100
        told = excerpt(text, ["zebre"])
        assert "<mark>zèbre</mark>" in told
        assert told.startswith("… ")
        assert told.endswith(" …")
        assert len(told) < 300

    def test_a_title_and_its_texts_are_kept_apart(self):
        assert folded("Été", "À la  gare") == "ete\na la gare"


@pytest.mark.django_db
def test_a_call_put_away_reads_as_on_its_page():
    past = {"results_at": clock.now() - timedelta(hours=2), "archived_at": clock.now() - timedelta(hours=1)}
    call = CallFactory(closed=True, **past)
    assert call.phase == Phase.ARCHIVED
    assert call_hit(call).place == Phase.PUBLISHED.label
