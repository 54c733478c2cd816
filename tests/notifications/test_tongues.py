"""What a mail says in another language than its own is said to be, in both its parts, and bears it."""

import re
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.notifications import following
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.layout import Link, finished
from bethune_smartcity.notifications.mails import mail_of
from bethune_smartcity.notifications.models import Message, Subscription
from bethune_smartcity.notifications.tasks import sweep
from bethune_smartcity.notifications.tongues import bare, languages_of, on_one_line, tongued
from calls import notices
from calls.models import Clarification, DeadlineMove
from tests.factories.accounts import UserFactory
from tests.factories.calls import CallFactory
from tests.factories.news import article

words = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\U000e0001"), max_size=60)


def parts(message):
    """The plain text and the HTML of a mail."""
    plain, rich = mail_for(message).message().get_payload()
    return plain.get_payload(decode=True).decode(), rich.get_payload(decode=True).decode()


@given(before=words, told=words, after=words, code=st.sampled_from(["fr", "en", "de", "nl"]))
def test_a_mark_changes_no_word_and_names_the_language_of_its_lines_alone(before, told, after, code):
    with translation.override("nl"):
        text = tongued(told, code, is_noted=False)
    assert bare(text).replace("\u00a0", " ") == told.replace("\u00a0", " ")
    if told and code != "nl":
        lines = [before, *text.split("\n"), after]
        found = list(zip(languages_of(lines), map(bare, lines), strict=True))
        assert found[0] == ("", before)
        assert found[-1] == ("", after)
        assert {each for each, _line in found[1:-1]} == {code}


def test_nobody_may_type_a_mark_of_language():
    with pytest.raises(Invalid):
        check_plain(f"Yes\U000e0001{chr(0xE0066)}{chr(0xE0072)}", field="text")
    check_plain("A flag: \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", field="text")


def test_a_subject_holds_neither_mark_nor_note():
    with translation.override("nl"):
        assert on_one_line(f"Nieuw: {tongued('Un bus de plus', 'fr')}!") == "Nieuw: Un bus de plus!"


def test_several_paragraphs_and_a_list_bear_it_and_what_follows_does_not():
    with translation.override("nl"):
        told = tongued("Oui.\n\n- un\n- deux", "fr")
    body = finished(f"Antwoord:\n{told}\n\nLees verder:\n{Link('https://portail.example/nl/')}\n")
    mail = mail_of("Titel", body, to="ana@town.example", language="nl", headers={})
    plain, rich = (part.get_payload(decode=True).decode() for part in mail.message().get_payload())
    assert (
        plain == "Antwoord:\n(Tekst in het Frans)\nOui.\n\n- un\n- deux\n\nLees verder:\nhttps://portail.example/nl/\n"
    )
    assert "<p>Antwoord:<br>(Tekst in het Frans)</p>" in rich
    assert '<p lang="fr">Oui.</p>' in rich
    assert '<ul lang="fr"><li>un</li><li>deux</li></ul>' in rich
    assert '<p><a href="https://portail.example/nl/">Lees verder</a></p>' in rich


def test_a_link_stays_where_it_is_beside_words_of_another_language():
    with translation.override("nl"):
        told = tongued("Un bus", "fr", is_noted=False)
    body = finished(f"Zie {told}: {Link('https://portail.example/nl/')} en verder.\n")
    rich = mail_of("Titel", body, to="ana@town.example", language="nl", headers={}).alternatives[0].content
    assert 'Zie Un bus: <a href="https://portail.example/nl/">https://portail.example/nl/</a> en verder.' in rich


def news_told(language, **texts):
    person = UserFactory(language=language)
    following.follow([("portal.news", 0)], by=person)
    Subscription.objects.filter(user=person).update(confirmed_at=clock.now() - timedelta(days=60))
    article(**texts)
    sweep()
    sweep()
    return Message.objects.get(recipient=person, kind="portal.newsletter")


@pytest.mark.django_db
def test_an_article_in_french_alone_says_so_to_its_dutch_follower():
    message = news_told("nl", title_fr="Des bus : 8 lignes", standfirst_fr="Dès lundi.")
    plain, html = parts(message)
    assert message.subject == "Des bus : 8 lignes"
    assert "(Tekst in het Frans)\nDes bus\u00a0: 8 lignes\n\nDès lundi.\n" in plain
    assert plain.count("Tekst in het Frans") == html.count("Tekst in het Frans") == 1
    assert '<h1 lang="fr">Des bus : 8 lignes</h1>' in html
    assert '<p lang="fr">Des bus\u00a0: 8 lignes</p>' in html
    assert '<p lang="fr">Dès lundi.</p>' in html


@pytest.mark.django_db
def test_an_article_whose_lead_alone_is_in_french_says_so_of_the_lead():
    plain, html = parts(news_told("de", title_fr="Un bus", title_de="Ein Bus", standfirst_fr="Dès lundi."))
    assert "Ein Bus\n\n(Text auf Französisch)\nDès lundi.\n" in plain
    assert "<h1>Ein Bus</h1>" in html
    assert '<p lang="fr">Dès lundi.</p>' in html


@pytest.mark.django_db
def test_an_article_in_one_s_own_language_says_nothing():
    plain, html = parts(news_told("de", title_fr="Un bus", title_de="Ein Bus", standfirst_de="Ab Montag."))
    assert "Text auf" not in plain
    assert not re.search(r"<(?:p|h1|ul) lang=", html)


def answered(call, **texts):
    return Clarification.objects.create(call=call, answered_at=clock.now(), **texts)


@pytest.mark.django_db
def test_an_answer_in_another_language_says_so_and_the_question_apart():
    reader = UserFactory(language="de")
    row = answered(
        CallFactory(),
        text="Mag het?",
        language="nl",
        answer="Oui.\n\nDès lundi.",
        answer_language="fr",
    )
    notices.tell_answer(row, [reader])
    message = Message.objects.get(recipient=reader, kind=notices.ANSWERED)
    plain, html = parts(message)
    assert "(Text auf Niederländisch)\nMag het?\n" in plain
    assert "(Text auf Französisch)\nOui.\n\nDès lundi.\n" in plain
    assert '<p lang="nl">Mag het?</p>' in html
    assert '<p lang="fr">Oui.</p>\n<p lang="fr">Dès lundi.</p>' in html


@pytest.mark.django_db
def test_an_answer_the_city_put_into_the_reader_s_language_says_nothing():
    reader = UserFactory(language="de")
    renderings = {"answer": {"de": "Ja.", "of": "Oui."}}
    row = answered(
        CallFactory(), text="Darf man?", language="de", answer="Oui.", answer_language="fr", renderings=renderings
    )
    notices.tell_answer(row, [reader])
    plain, _html = parts(Message.objects.get(recipient=reader, kind=notices.ANSWERED))
    assert "Ja." in plain
    assert "Text auf" not in plain


@pytest.mark.django_db
def test_the_reason_of_a_moved_date_says_that_it_is_in_french():
    call, now, reader = CallFactory(), clock.now(), UserFactory(language="nl")
    moved = DeadlineMove.objects.create(
        call=call, field="closes_at", before=now, after=now + timedelta(days=2), reason="Une tempête."
    )
    notices.tell_move(moved, [reader])
    plain, html = parts(Message.objects.get(recipient=reader, kind=notices.MOVED))
    assert "(Tekst in het Frans)\nUne tempête.\n" in plain
    assert '<p lang="fr">Une tempête.</p>' in html
