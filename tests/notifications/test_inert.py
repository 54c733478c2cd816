"""What people typed, and what browsers say, in the headers, texts and links of mails: words, and nothing else."""

import re
from contextlib import suppress
from email import message_from_bytes, policy

import pytest
from django.apps import apps
from django.core.mail import BadHeaderError
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse

from bethune_smartcity.accounts import adapter
from bethune_smartcity.core.text import DECEIVING
from bethune_smartcity.notifications import mails
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.kinds import kinds
from bethune_smartcity.notifications.mails import mail_of
from bethune_smartcity.notifications.models import Message
from calls.models import Letter
from tests import scene
from tests.factories.accounts import owner_of
from tests.factories.calls import draft
from tests.post import letters

from . import life
from .test_mails import OURS, SITE, Page

pytestmark = pytest.mark.django_db
EVIL = "evil.example"
BACKEND = "django.contrib.auth.backends.ModelBackend"
APPS = ("accounts", "calls", "core", "files", "juries", "pillars", "portal", "projects")
# What the portal keeps of its own, or compares with what it knows: nobody types it, or not there.
OWN = {
    *("password", "slug", "search_text", "digest", "hook", "number_prefix", "language", "pictogram", "content_type"),
    *("ladder", "code", "key", "batch", "plan_digest", "code_digest", "voter_key", "former_state", "moment"),
    *("Letter.audience", "Letter.part", "MessageText.text", "MessageText.subject", "MessageText.body"),
    *("DeadlineMove.field", "Section.shown_values", "Question.shown_values", "Question.eligible_values"),
    *("Question.options", "Question.withdrawn_options", "Answer.value"),
}
# An address of the portal itself, that someone types.
LURE = "https://portail.example/zqlure/"
WHOLE = "\r\nBcc: all@evil.example\u2028=?utf-8?q?=0D=0ABcc:_all?=\u202e\x0b\x85<script>alert(1)</script>"
LURING = f"\r\n-- \r\n{LURE}"
SHORT = "\r\nBcc: a"
HEADERS = {
    "content-type",
    "mime-version",
    "subject",
    "from",
    "to",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "auto-submitted",
    "x-auto-response-suppress",
}


def columns():
    """Every column that keeps a text someone typed, by model."""
    for name in APPS:
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.concrete_fields:
                typed = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                bare = re.sub("_(fr|en|de|nl)$", "", field.name)
                special = isinstance(field, (models.EmailField, models.URLField, models.FileField)) or field.unique
                if typed and not special and not {bare, field.name, f"{model.__name__}.{bare}"} & OWN:
                    yield model, field


def plant():
    """Write a payload into each such column of what is there: its own mark, then what would do harm, as much as it
    takes. Returns the place of each mark.
    """
    marks = {}
    for number, (model, field) in enumerate(columns()):
        mark = f"Zq{number:03}z"
        payload = mark + (WHOLE if field.max_length is None or field.max_length >= 100 else SHORT)
        if field.max_length and len(payload + LURING) <= field.max_length:
            payload += LURING
        if field.max_length is None:
            payload += f"\nZqword :\n{LURE}\n--\n-- \nZqtail " + "x" * 1200
        if field.max_length is None or len(payload) <= field.max_length:
            # What a constraint of the database refuses cannot be there.
            with suppress(DatabaseError), transaction.atomic():
                if model._base_manager.exclude(**{field.name: ""}).update(**{field.name: payload}):
                    marks[mark] = f"{model._meta.label}.{field.name}"
    return marks


def plant_in_letters():
    for letter in Letter.objects.all():
        typed = {"subject": f"Zqletz{WHOLE}", "body": f"Zqletz{WHOLE}\n-- \n{WHOLE}{LURING}"}
        texts = dict.fromkeys(letter.texts, typed)
        Letter.objects.filter(pk=letter.pk).update(texts=texts)


def check(message):
    """That the mail of a message has its headers once each, and holds words alone. Returns what it says."""
    mail = mail_for(message)
    raw = mail.message().as_bytes()
    read = message_from_bytes(raw, policy=policy.default)
    names = [name.lower() for name in read]
    assert set(names) <= HEADERS
    assert len(names) == len(set(names))
    assert [address.addr_spec for address in read["to"].addresses] == mail.to
    subject = str(read["subject"])
    # What a reader decodes is what the portal wrote, on one line.
    assert subject.split() == mail.subject.split()
    assert len(subject.splitlines()) <= 1
    assert max(len(line) for line in raw.split(b"\n")) <= 998
    plain, rich = (read.get_body([kind]).get_content() for kind in ("plain", "html"))
    assert not DECEIVING & set(subject + plain + rich)
    page = Page(rich)
    assert page.tags <= OURS
    assert all(link == SITE or link.startswith(f"{SITE}/") for link in page.links)
    # What someone typed is neither a link nor the beginning of the foot, in HTML or in plain text.
    assert not any("zqlure" in link for link in page.links)
    assert "Zqtail" not in rich.partition("<footer>")[2]
    assert len([line for line in plain.splitlines() if line == "-- "]) == rich.count("<footer>")
    assert "alert(1)" not in "".join(said for said in page.said if "<script>" not in said)
    return f"{subject}\n{plain}"


# What operations let through where they take several lines.
LINES = (
    "Zqline\nBcc: all@evil.example\n\n<script>alert(1)</script>\n=?utf-8?q?=0D=0ABcc:_all?=\n"
    f"--\n-- \nSee :\n{LURE}\n\n- {LURE}\n--\nZqtail"
)
REACHED = {
    "accounts.Structure.name",
    "accounts.User.name",
    "calls.Call.title_en",
    "calls.Clarification.text",
    "calls.Question.label_en",
    "calls.Submission.title",
    "core.City.service",
    "juries.Panel.place",
    "pillars.Pillar.name_en",
    "portal.Article.standfirst_en",
    "portal.Article.title_en",
    "projects.Milestone.title_en",
    "projects.Payment.label",
    "projects.Photo.alt_en",
    "projects.Project.name_en",
}


def test_what_people_typed_into_any_column_is_inert_in_the_mails_of_every_kind(monkeypatch):
    built = scene.build()
    marks = plant() | {"Zqline": "lines", "Zqletz": "calls.Letter.texts"}
    plant_in_letters()
    monkeypatch.setattr(life, "TYPED", LINES)
    Message.objects.all().delete()
    told, seen = set(), {}

    def look():
        for message in Message.objects.exclude(pk__in=seen).exclude(body="", sealed=""):
            seen[message.pk] = message.kind
            text = check(message)
            told.update((message.kind, place) for mark, place in marks.items() if mark in text)

    life.go_on(built, look)
    assert {kind.name for kind in kinds()} - set(seen.values()) == set()
    # The columns and the kinds that the payloads did reach: what is looked at is not empty.
    assert REACHED | {"lines", "calls.Letter.texts"} <= {place for _kind, place in told}
    assert len({kind for kind, place in told if place == "lines"}) >= 10
    assert len({kind for kind, _place in told}) >= len(kinds()) - 8


ENCODED = (
    "=?utf-8?q?=0D=0ABcc:_all@evil.example?=",
    "Word =?utf-8?b?DQpCY2M6IGE=?= end",
    "=\u202e?utf-8?q?URGENT?=",
)


@pytest.mark.parametrize("typed", ENCODED)
def test_encoded_words_that_someone_types_stay_what_they_are(typed):
    sent = mail_of(typed, "Words.", to="ana@town.example", language="fr", headers={}).message()
    read = str(message_from_bytes(sent.as_bytes(), policy=policy.default)["subject"])
    assert len(read.splitlines()) == 1
    assert "utf-8?" in read
    assert not DECEIVING & set(read)


def asked_at_another_host(settings, on_commit):
    """What mails say, headers and all, that were asked for by a browser which names another host."""
    settings.ALLOWED_HOSTS = ["*"]
    begun = draft(complete=True)
    owner = owner_of(begun.structure)
    client, stranger = Client(HTTP_HOST=EVIL), Client(HTTP_HOST=EVIL)
    client.force_login(owner, backend=BACKEND)
    with on_commit(execute=True):
        client.post(f"/candidatures/{begun.pk}/deposer/", dict.fromkeys(("mandate", "truth", "rules"), "on"))
        stranger.post("/suivre/", {"address": "ana@town.example", "topic": "calls.opening", "website": ""})
        stranger.post(reverse("account_request_login_code"), {"email": owner.email})
        stranger.post(reverse("account_reset_password"), {"email": owner.email})
    sent = letters()
    assert len(sent) >= 4
    return [mail.message().as_bytes().decode() + mail.body + mail.alternatives[0].content for mail in sent]


def test_no_link_carries_the_host_that_a_browser_gave(settings, django_capture_on_commit_callbacks, mailoutbox):
    assert EVIL not in "".join(asked_at_another_host(settings, django_capture_on_commit_callbacks))


def test_without_the_guard_one_would(settings, django_capture_on_commit_callbacks, mailoutbox, monkeypatch):
    """The control: the library builds its links on the host of the request."""
    monkeypatch.setattr(adapter, "on_site", lambda url: url)
    assert EVIL in "".join(asked_at_another_host(settings, django_capture_on_commit_callbacks))


def unescaped(_subject, body, _language):
    return f"<html><body>{body}</body></html>"


def any_address(told):
    """Lines of which any address is a link."""
    for line in told.split("\n"):
        yield mails.Line(line, tuple((each.start(), each.end()) for each in re.finditer(r"https://\S+", line)))


def a_foot_by_its_line(text):
    lines = [mails.Line(line.rstrip()) for line in text.split("\n")]
    end = next(n for n, line in enumerate(lines) if line.text == "--")
    return mails.Body(mails._blocks(lines[:end]), mails._blocks(lines[end + 1 :]))


@pytest.mark.parametrize(
    ("name", "guard_off"),
    [
        ("title_of", str),
        ("without_odd", str),
        ("html_of", unescaped),
        ("_lines", any_address),
        ("body_of", a_foot_by_its_line),
        ("plain_of", str),
    ],
)
def test_a_guard_that_is_off_is_found(name, guard_off, monkeypatch):
    """The controls of what is looked at in every mail."""
    message = Message(
        pk=1,
        kind="calls.screened",
        address="ana@town.example",
        subject=f"Zq{WHOLE}",
        body=f"Zq{WHOLE}{LURING}\n-- \nZqtail",
    )
    check(message)
    monkeypatch.setattr(mails, name, guard_off)
    with pytest.raises((AssertionError, BadHeaderError)):
        check(message)
