"""The picture of an article: put, replaced and taken away by agents, read by those who read the article."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.invariants import no_orphan_file
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.operations import news
from tests.admin.screens import act_on, address
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.news import ALTS, article, pictured
from tests.factories.projects import picture

pytestmark = pytest.mark.django_db
AGAIN = {code: f"{text}, encore" for code, text in ALTS.items()}


@pytest.fixture
def desk(client):
    client.force_login(AgentFactory())
    return client


def file_of(client, made, size="large"):
    return client.get(reverse("files:download", kwargs={"pk": getattr(made, f"{size}_id")})).status_code


def test_it_is_kept_in_three_widths_and_leaves_nothing_behind(django_capture_on_commit_callbacks):
    made, before = pictured(), {*no_orphan_file()}
    assert (made.width, made.height) == (1200, 800)
    former = made.large.blob.name
    with django_capture_on_commit_callbacks(execute=True):
        made = news.illustrate(made, picture(960, 960), by=AgentFactory(), **AGAIN)
    assert (made.width, made.height, made.alt_de) == (960, 960, AGAIN["alt_de"])
    assert StoredFile.objects.count() == 3
    assert not default_storage.exists(former)
    with django_capture_on_commit_callbacks(execute=True):
        made = news.remove_picture(made, by=AgentFactory())
    assert (made.has_picture, made.alt_fr, made.width) == (False, "", None)
    assert not StoredFile.objects.exists()
    assert {*no_orphan_file()} == before
    with pytest.raises(Conflict):
        news.remove_picture(made, by=AgentFactory())


@pytest.mark.parametrize("lacking", ALTS)
def test_no_picture_goes_without_words_in_each_language(lacking):
    agent, made, before = AgentFactory(), article(), {*no_orphan_file()}
    with pytest.raises(Invalid) as refused:
        news.illustrate(made, picture(), by=agent, **ALTS | {lacking: "  "})
    assert refused.value.field == lacking
    assert not StoredFile.objects.exists()
    assert {*no_orphan_file()} == before
    made = news.illustrate(made, picture(), by=agent, **ALTS)
    with pytest.raises(Invalid) as refused:
        news.rewrite(made, by=agent, **{lacking: ""})
    assert refused.value.field == lacking
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=made.pk).update(**{lacking: ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=made.pk).update(small=None)


def test_agents_alone_put_it():
    made = article()
    with pytest.raises(Forbidden):
        news.illustrate(made, picture(), by=UserFactory(), **ALTS)
    with suppress(Forbidden):
        news.remove_picture(pictured(), by=UserFactory())
    assert StoredFile.objects.count() == 3


@pytest.mark.parametrize("kind", ["draft", "planned", "withdrawn"])
def test_it_opens_with_its_article(client, kind):
    made = pictured(**{"draft": {"draft": True}, "planned": {"planned": clock.now() + timedelta(days=1)}}.get(kind, {}))
    if kind == "withdrawn":
        assert file_of(client, made) == 200
        news.withdraw(made, reason="Une erreur.", by=AgentFactory())
    assert {file_of(client, made, size) for size in ("small", "medium", "large")} == {404}
    client.force_login(AgentFactory())
    assert file_of(client, made) == 200


@pytest.mark.parametrize("code", ["fr", "en", "de", "nl"])
def test_the_page_the_card_and_the_networks_show_it(client, code):
    made, prefix = pictured(), "" if code == "fr" else f"/{code}"
    large = reverse("files:download", kwargs={"pk": made.large_id})
    page = client.get(f"{prefix}/actualites/{made.slug}/").content.decode()
    assert f'width="1200" height="800" alt="{ALTS[f"alt_{code}"]}"' in page
    assert f'<meta property="og:image" content="http://testserver{large}">' in page or f'{large}">' in page
    assert '<meta property="og:image:type" content="image/jpeg">' in page
    assert '<meta property="og:image:width" content="1200">' in page
    assert f'<meta property="og:image:alt" content="{ALTS[f"alt_{code}"]}">' in page
    listed = client.get(f"{prefix}/actualites/").content.decode()
    small = reverse("files:download", kwargs={"pk": made.small_id})
    assert f'<img class="story__art" src="{small}" alt="" width="400" height="190" loading="lazy"' in listed
    told = client.get(f"/api/v1/news/{made.slug}/", headers={"accept-language": code}).json()["picture"]
    assert (told["alt"], told["width"], told["height"]) == (ALTS[f"alt_{code}"], 1200, 800)


def test_an_article_without_one_is_shared_with_its_card(client):
    made = article()
    page = client.get(f"/actualites/{made.slug}/").content.decode()
    assert f"{made.slug}/carte.png" in page
    assert '<meta property="og:image:type" content="image/png">' in page
    assert client.get(f"/api/v1/news/{made.slug}/").json()["picture"] is None


def test_lists_ask_as_much_with_pictures_as_without(client):
    counts = []
    for made in (1, 3, 9):
        for _number in range(made):
            pictured("mobilite")
        with CaptureQueriesContext(connection) as asked:
            client.get("/actualites/")
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_it_is_put_replaced_and_taken_away_in_the_back_office(desk):
    made = article(draft=True)
    refused = act_on(desk, Article, "illustrate", made, file=picture(100, 100), **ALTS)
    assert refused.status_code == 400
    assert act_on(desk, Article, "illustrate", made, file=picture(), **ALTS | {"alt_nl": ""}).status_code == 422
    assert act_on(desk, Article, "illustrate", made, **ALTS).status_code == 422
    act_on(desk, Article, "illustrate", made, file=picture(), credit="La ville", **ALTS)
    made.refresh_from_db()
    assert (made.alt_de, made.credit) == (ALTS["alt_de"], "La ville")
    page = desk.get(address(Article, "change", made.pk)).content.decode()
    assert reverse("files:download", kwargs={"pk": made.small_id}) in page
    words = {"title_fr": "Un titre", "standfirst_fr": "Un chapeau.", "body_fr": "Un texte."}
    short = desk.post(address(Article, "change", made.pk), words | ALTS | {"alt_de": ""})
    assert short.status_code == 400
    assert desk.post(address(Article, "change", made.pk), words | AGAIN).status_code == 302
    made.refresh_from_db()
    assert made.alt_de == AGAIN["alt_de"]
    act_on(desk, Article, "remove-picture", made)
    made.refresh_from_db()
    assert not made.has_picture
    assert act_on(desk, Article, "remove-picture", made).status_code == 409
