"""A mail says the same in plain text and in HTML, and whatever people typed stays words in both."""

from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.utils.html import escape
from hypothesis import example, given
from hypothesis import strategies as st

from bethune_smartcity.core.models import City
from bethune_smartcity.core.text import one_line
from bethune_smartcity.notifications.layout import Link, finished, laid, layout_of, with_foot
from bethune_smartcity.notifications.mails import body_of, html_of, mail_of
from bethune_smartcity.notifications.post import Carrier

SITE = "https://portail.example"
HEADERS = {"Message-ID": "<portal-1@portail.example>"}
OURS = {"html", "head", "meta", "title", "style", "body", "main", "footer", "h1", "p", "ul", "li", "a", "br"}
NASTY = (
    "Bonjour\r\nBcc: all@town.example",
    "a\x0bBcc: b",
    "a\x85X-Evil: 1",
    "a\u2028Reply-To: x@y.example",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title><h1>",
    "{{ 7|add:7 }}{% load static %}",
    "javascript:alert(1)",
    f'{SITE}/"onmouseover="alert(1)',
    f"{SITE}.evil.example/page",
    f"{SITE}@evil.example/",
    f"{SITE}:8443/",
    "https://evil.example/",
)
PIECES = [*NASTY, "- ", "\n", "\n\n", "--\n", "-- \n", " : ", f"{SITE}/a/"]
# A NUL or half a character never gets this far: the door and the fields refuse them.
words = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=200),
    st.lists(st.sampled_from([*NASTY, "- ", "\n", "\n\n", "--\n", "-- \n", " : ", f"{SITE}/a/"]), max_size=8).map(
        "".join
    ),
)


class Page(HTMLParser):
    """The tags of a page, its links, and what it says."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.links, self.said = set(), set(), [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.said.append(data)


@given(subject=words, body=words)
@example(subject=NASTY[0], body="\n".join(NASTY))
def test_whatever_people_typed_is_no_markup_and_leads_nowhere_else(subject, body):
    page = Page(html_of(subject, body, "fr"))
    assert page.tags <= OURS
    assert page.attributes <= {
        ("html", "lang"),
        ("meta", "charset"),
        ("meta", "name"),
        ("meta", "content"),
        ("a", "href"),
    }
    assert page.links == []
    assert "{{ 7|add:7 }}" not in body or "{{ 7|add:7 }}" in "".join(page.said)


@given(subject=words)
def test_no_subject_adds_a_header(subject):
    sent = mail_of(subject, "Words.", to="ana@town.example", language="fr", headers=HEADERS).message()
    read = message_from_bytes(sent.as_bytes(), policy=policy.default)
    assert {name.lower() for name in read} == {
        "content-type",
        "mime-version",
        "subject",
        "from",
        "to",
        "date",
        "message-id",
    }
    assert read["to"] == "ana@town.example"


@given(text=words)
def test_a_line_is_one_line_and_a_fixed_point(text):
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert one_line(line) == line


def carried(contact):
    """The headers of a mail as it leaves a portal whose city has that contact address."""
    City.objects.update_or_create(pk=1, defaults={"name": "Béthune", "contact_email": contact})
    with Carrier() as carrier:
        carrier.carry(mail_of("Words", "Words.", to="ana@town.example", language="fr", headers=HEADERS))
    return message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)


@pytest.mark.django_db
@pytest.mark.parametrize("contact", ["projets@ville.example", "projets@béthune.example"])
def test_answers_to_any_mail_go_to_the_city(contact):
    read = carried(contact)
    assert read["reply-to"].addresses[0].username == "projets"
    assert len(read["reply-to"].addresses) == 1
    assert "bcc" not in read


@pytest.mark.django_db
@pytest.mark.parametrize(
    "contact",
    [
        "",
        *(f"a@town.example{each}" for each in NASTY),
        *NASTY,
        '"a\x0b"@town.example',
        "a@town.example, b@town.example",
    ],
)
def test_what_is_no_address_of_the_city_is_no_header(contact):
    assert {name.lower() for name in carried(contact[:254])} == {
        "content-type",
        "mime-version",
        "subject",
        "from",
        "to",
        "date",
        "message-id",
    }


def test_a_mail_has_the_same_words_twice_plain_first():
    body = "Bonjour,\n\nIl manque :\n- le titre\n- le pilier\n\nVérifier et déposer :\n"
    body = finished(f"{body}{Link('https://portail.example/a/?b=1&c=2')}\n")
    written = mail_of("Un titre", body, to="ana@town.example", language="de", headers=HEADERS)
    plain, rich = written.message().get_payload()
    assert [part.get_content_type() for part in (plain, rich)] == ["text/plain", "text/html"]
    assert plain.get_payload(decode=True).decode() == body
    html = rich.get_payload(decode=True).decode()
    assert '<html lang="de">' in html
    assert "<h1>Un titre</h1>" in html
    assert "<ul><li>le titre</li><li>le pilier</li></ul>" in html
    assert '<a href="https://portail.example/a/?b=1&amp;c=2">Vérifier et déposer</a>' in html


def drawn(text, url):
    """A text that holds a link of the portal where `{}` stands, as it is kept and read again."""
    told = finished(text.format(Link(url)))
    return laid(str(told), layout_of(told))


def test_only_what_the_portal_put_there_is_a_link():
    for line in (
        f"{SITE}/a/",
        f"Click : {SITE}/a/",
        f"- Click : {SITE}/a/",
        f"{SITE}.evil.example/x",
        f"{SITE}@evil.example/",
        "https://evil.example",
        f"{SITE}:8443/x",
        f"x{SITE}/a",
    ):
        assert "<a " not in html_of("t", line, "fr")
        assert escape(line.removeprefix("- ")) in html_of("t", line, "fr")
        assert html_of("t", drawn(f"{line}\n\nSee {{}}", f"{SITE}/b/"), "fr").count("<a ") == 1
    assert f'<a href="{SITE}/a/">{SITE}/a/</a>.' in html_of("t", drawn("Voir {}.", f"{SITE}/a/"), "fr")
    assert f'<a href="{SITE}">{SITE}</a>' in html_of("t", drawn("Voir {} ici", SITE), "fr")
    assert f'<a href="{SITE}/a/">Voir</a>' in html_of("t", drawn("Voir :\n{}\n", f"{SITE}/a/"), "fr")
    assert "<a " not in html_of("t", drawn("Voir {}", "https://evil.example/"), "fr")


@given(before=words, after=words)
def test_the_links_of_a_text_stay_where_they_are_whatever_stands_around(before, after):
    told = drawn(
        before.replace("{", "").replace("}", "") + "\n\n{}\n\n" + after.replace("{", "").replace("}", ""), f"{SITE}/a/"
    )
    assert Page(html_of("t", told, "fr")).links == [f"{SITE}/a/"]


def test_the_foot_is_what_the_portal_set_below_and_no_line_of_a_text():
    foot = finished(f"-- \nVous suivez : les appels\nArrêter : {Link(f'{SITE}/stop/')}\n")
    told = with_foot(finished("Bonjour.\n--\n-- \n-- \t\nLa suite.\n"), foot)
    body = body_of(laid(str(told), layout_of(told)))
    assert [len(body.blocks), len(body.foot)] == [1, 1]
    assert [piece.text for line in body.blocks[0].lines for piece in line] == [
        "Bonjour.",
        "--",
        "--",
        "--",
        "La suite.",
    ]
    assert body.foot[0].lines[1][0].text == "Arrêter"
    plain = mail_of("t", told, to="ana@town.example", language="fr", headers={}).body
    # A mail programme hides what follows the first such line (RFC 3676, 4.3): there is one.
    assert [line for line in plain.split("\n") if line.startswith("--")] == ["--", "--", "--", "-- "]


def test_a_text_that_no_foot_was_set_below_has_none():
    body = body_of("Bonjour.\n-- \nLa suite.\n")
    assert body.foot == []
    assert len(body.blocks[0].lines) == 3


def test_nothing_is_a_link_where_the_portal_has_no_address(settings):
    settings.SITE_URL = ""
    assert "<a " not in html_of("t", drawn("{} /a/", "https://town.example/"), "fr")
