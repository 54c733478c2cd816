"""The life of an article, by its operations and in the back office."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.portal.models import Article
from bethune_smartcity.portal.operations import news
from pillars.models import Pillar
from tests.admin.screens import act_on, address
from tests.factories import projects
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory
from tests.factories.news import article, translated
from tests.personas import PERSONAS, cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
AGENTS = {"agent", "member_agent", "rival_agent", "other_agent", "administrator"}
WORDS = {"title_fr": "Les sondes sont posées", "standfirst_fr": "Un chapeau.", "body_fr": "Un texte."}


@pytest.fixture
def agent():
    return AgentFactory()


@pytest.fixture
def desk(client, agent):
    client.force_login(agent)
    return client


def journal(made):
    """The acts the journal tells of an article, oldest first."""
    kind = ContentType.objects.get_for_model(Article)
    lines = JournalEntry.objects.filter(subject_type=kind, subject_id=str(made.pk)).order_by("pk")
    return [(line.verb, line.from_state, line.to_state, line.reason) for line in lines]


def test_a_life_is_told_by_the_journal(agent):
    made = news.write(by=agent, **WORDS)
    assert (made.slug, made.state) == ("les-sondes-sont-posees", "draft")
    news.rewrite(made, by=agent, title_fr="Les sondes parlent", pillars=Pillar.objects.all()[:1])
    news.publish(made, by=agent)
    news.withdraw(made, reason="Une erreur.", by=agent)
    news.publish(made, by=agent, at=clock.now() + DAY)
    assert journal(made) == [
        ("create", "", "draft", ""),
        ("edit", "", "", ""),
        ("publish", "draft", "published", ""),
        ("withdraw", "published", "withdrawn", "Une erreur."),
        ("publish", "withdrawn", "published", ""),
    ]


def test_nothing_changed_writes_no_line(agent):
    made = news.write(by=agent, **WORDS)
    news.rewrite(made, by=agent, pillars=[], **WORDS)
    assert len(journal(made)) == 1


def acts(made, person):
    """What a person may try on an article."""
    return {
        "write": lambda: news.write(by=person, **WORDS),
        "rewrite": lambda: news.rewrite(made, by=person, title_fr="Autre"),
        "publish": lambda: news.publish(made, by=person),
        "withdraw": lambda: news.withdraw(made, reason="Non.", by=person),
    }


def test_agents_alone_write_the_news():
    people = cast().people
    for name in PERSONAS:
        allowed = set()
        for act in ("write", "rewrite", "publish", "withdraw"):
            Article.objects.all().delete()
            made = article(draft=act != "withdraw")
            with suppress(Forbidden):
                acts(made, people[name])[act]()
                allowed.add(act)
        assert allowed == (set(acts(None, None)) if name in AGENTS else set()), name


def test_what_is_refused(agent):
    made = news.write(by=agent, **WORDS)
    for bad, code in (({"slug": "les-sondes-sont-posees"}, "slug_taken"), ({"slug": "…"}, "slug_missing")):
        with pytest.raises(Invalid) as refusal:
            news.write(by=agent, **WORDS | bad)
        assert (refusal.value.code, refusal.value.field) == (code, "slug")
    with pytest.raises(Invalid) as refusal:
        news.publish(made, by=agent, at=clock.now() - DAY)
    assert (refusal.value.code, refusal.value.field) == ("in_the_past", "at")
    with pytest.raises(Conflict):
        news.withdraw(made, reason="Non.", by=agent)
    news.publish(made, by=agent)
    with pytest.raises(Conflict):
        news.publish(made, by=agent)
    with pytest.raises(Invalid) as refusal:
        news.withdraw(made, reason=" ", by=agent)
    assert refusal.value.code == "reason_missing"
    with pytest.raises(TypeError):
        news.rewrite(made, by=agent, state="draft")


def test_a_published_article_has_its_instant():
    made = article()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=made.pk).update(published_at=None)


def test_rewriting_what_was_read_before_a_publication_keeps_it(agent):
    made = article(draft=True)
    stale = Article.objects.get(pk=made.pk)
    news.publish(made, by=agent)
    news.rewrite(stale, by=agent, title_fr="Autre titre")
    kept = Article.objects.get(pk=made.pk)
    assert (kept.state, kept.published_at, kept.title) == ("published", made.published_at, "Autre titre")


def test_what_is_taken_back_before_its_instant_keeps_none(agent):
    made = news.withdraw(article(planned=clock.now() + DAY), reason="Reporté.", by=agent)
    assert Article.objects.get(pk=made.pk).published_at is None


# --- The back office ---


def test_an_article_is_written_published_and_withdrawn_there(desk):
    typed = {**WORDS, "slug": "", "pillars": [Pillar.objects.get(hook="mobilite").pk]}
    assert desk.post(address(Article, "add"), typed).status_code == 302
    made = Article.objects.get()
    assert (made.slug, [*made.pillars.values_list("hook", flat=True)]) == ("les-sondes-sont-posees", ["mobilite"])
    assert desk.post(address(Article, "change", made.pk), {**WORDS, "title_fr": "Autre"}).status_code == 302
    made.refresh_from_db()
    assert (made.title, made.pillars.count()) == ("Autre", 0)
    assert act_on(desk, Article, "publish", made, at="").status_code == 200
    assert Article.objects.get().is_public
    assert act_on(desk, Article, "withdraw", made, reason="").status_code == 422
    act_on(desk, Article, "withdraw", made, reason="Une erreur.")
    assert [verb for verb, *_rest in journal(made)] == ["create", "edit", "publish", "withdraw"]


def test_a_date_plans_it_in_paris_time(desk):
    made = article(draft=True)
    with clock.at(clock.paris(2027, 1, 4, 9)):
        act_on(desk, Article, "publish", made, at="2027-01-12T09:00")
    assert Article.objects.get().published_at == clock.paris(2027, 1, 12, 9)


@pytest.mark.parametrize("at", ["2001-01-01T09:00", "demain", "9" * 40, "2027-02-31T09:00", "\u0662\u0660"])
def test_odd_dates_are_refused_at_the_field(desk, at):
    made = article(draft=True)
    answer = act_on(desk, Article, "publish", made, at=at)
    assert answer.status_code in {400, 422}
    assert "errorlist" in answer.text
    assert Article.objects.get().state == "draft"


def test_agents_see_which_languages_are_missing(desk):
    whole, lacking = article(**translated()), article(title_de="Titel", title_nl="Titel")
    notice = "Pas encore rédigé en"
    assert notice not in desk.get(address(Article, "change", whole.pk)).text
    page = desk.get(address(Article, "change", lacking.pk)).text
    assert notice in page
    assert "English, Deutsch, Nederlands" in page
    assert "English, Deutsch, Nederlands" in desk.get(address(Article, "list")).text


def test_an_article_leads_to_what_everyone_reads_only(desk, agent):
    hidden = CallFactory(draft=True, agent=agent), projects.project(is_public=False)
    for name, row in zip(("call", "project"), hidden, strict=True):
        answer = desk.post(address(Article, "add"), {**WORDS, name: row.pk})
        assert "errorlist" in answer.text
    assert not Article.objects.exists()


@pytest.mark.parametrize("odd", ["a\0b", "x" * 1_000_000, "a\u202eb"])
def test_odd_texts_are_refused_without_a_fault(desk, odd):
    answer = desk.post(address(Article, "add"), dict.fromkeys(WORDS, odd))
    assert answer.status_code in {200, 422}
    assert "errorlist" in answer.text


def test_strangers_do_not_know_the_desk(client):
    made = article()
    for person, status in ((UserFactory(), 404), (UserFactory(is_administrator=True), 403)):
        client.force_login(person)
        assert client.get(address(Article, "list")).status_code == status
        assert client.get(address(Article, "change", made.pk)).status_code == status


def test_lists_ask_no_more_with_more_rows(desk):
    counts = []
    for _number in range(3):
        article("mobilite", "culture")
        ContentType.objects.get_for_model(Article)
        with CaptureQueriesContext(connection) as asked:
            desk.get(address(Article, "list"))
        counts.append(len(asked))
    assert len(set(counts)) == 1
    assert counts[0] <= 12
