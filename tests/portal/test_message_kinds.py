"""Every kind of message can be read before it leaves, in each language, with invented data."""

import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils.translation import gettext, override

from bethune_smartcity.notifications.kinds import kind_named, kinds
from bethune_smartcity.notifications.mails import html_of
from bethune_smartcity.portal.message_samples import samples_of
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, agent_of

# Their words are typed, or come from elsewhere, each time.
BY_HAND = {"calls.letter"}
HOLE = "«hole»"
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def _holes_show(monkeypatch):
    """What a template asks for and nobody gives shows."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", HOLE)


@pytest.mark.usefixtures("_holes_show")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_tells_its_sample_in_each_language_without_a_hole(language):
    told = {kind.name: list(samples_of(kind, language)) for kind in kinds()}
    assert {name for name, samples in told.items() if not samples} == BY_HAND
    for name, samples in told.items():
        for sample in samples:
            words = f"{sample.words.subject}\n{sample.words.body}"
            assert sample.words.subject.strip(), name
            assert sample.words.body.strip(), name
            assert HOLE not in words, name
            assert not re.search(r"\{\w*\}|\{\{|%\(\w+\)s|\{%|SimpleNamespace|None", words), (name, words)
            assert "<html" in html_of(sample.words.subject, sample.words.body, language)


@pytest.mark.usefixtures("_holes_show")
def test_a_hole_would_be_seen(monkeypatch):
    monkeypatch.setattr("bethune_smartcity.portal.message_samples._project", dict)
    [sample] = samples_of(kind_named("projects.requested"), "en")
    assert HOLE in sample.words.subject


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_agents_read_them_on_one_page_a_language_at_a_time(client, language):
    client.force_login(AgentFactory())
    answer = client.get(reverse("portal:message-kinds"), {"langue": language})
    assert answer.context["language"] == language
    assert answer.content.decode().count("<details") > len(kinds())


def test_a_sample_says_what_the_real_mail_says():
    [waits] = samples_of(kind_named("projects.payment_waits"), "fr")
    assert waits.words.subject.replace("\u00a0", " ").endswith("(jeudi 16 septembre 2027)")
    told = [sample.words for sample in samples_of(kind_named("account"), "fr")]
    assert told[0].subject == "Votre code de connexion"
    assert "ABCD-EFGH" in told[0].body
    assert len({words.subject for words in told}) == 5


@pytest.mark.django_db
def test_it_is_for_agents_and_found_where_they_look(client):
    client.force_login(UserFactory())
    assert client.get(reverse("portal:message-kinds")).status_code == 403
    call = CallFactory()
    client.force_login(agent_of(call))
    messages = reverse("calls:messages", kwargs={"slug": call.slug})
    for page in (reverse("portal:components"), reverse("admin:index"), messages):
        assert f'href="{reverse("portal:message-kinds")}"' in client.get(page).text
    assert client.get(reverse("portal:message-kinds"), {"langue": "xx"}).context["language"] in LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_finalist_who_declines_says_why_in_the_sample(language):
    _comes, declines = samples_of(kind_named("juries.finalist"), language)
    with override(language):
        label, word = gettext("Their word:"), gettext("We cannot be there that day.")
    assert f"\n\n{label}\n{word}\n\n" in declines.words.body


def test_without_a_word_nothing_announces_one(monkeypatch):
    silent = {"juries.finalist": {"word": SimpleNamespace(is_coming=False, word="")}}
    monkeypatch.setattr("bethune_smartcity.portal.message_samples.OTHERWISE", silent)
    _comes, declines = samples_of(kind_named("juries.finalist"), "en")
    assert "Their word" not in declines.words.body
    assert "\n\n\n" not in declines.words.body
