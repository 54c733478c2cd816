"""A message tells its reader nothing that no page would: every text the database keeps and a message repeats is on a
page that this reader may open.
"""

import html
import re
from datetime import date, timedelta
from email import message_from_bytes, policy

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from bethune_smartcity.accounts import inviting
from bethune_smartcity.accounts.models import Invitation, Structure, User
from bethune_smartcity.core import clock
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call, Clarification, Submission
from calls.operations import clarifications, deadlines, screening, submissions
from calls.operations.reminders import plan_closing
from juries.models import Panel, Recusal, Sheet
from juries.operations import panels
from projects.models import Milestone, Payment, Photo, Project
from projects.operations import incubation, photos
from tests import scene
from tests.demo.loading import demonstration
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import draft
from tests.factories.juries import locked
from tests.post import letters

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
APPS = ("accounts", "calls", "juries", "portal", "projects")
# Shorter texts are in many a message for another reason.
LEAST = 6
# How far from a message its reader goes.
PAGES = 150
BACKEND = "django.contrib.auth.backends.ModelBackend"
# What the portal keeps of its own: no person typed it, nothing is learnt from it.
OWN = {"password", "slug", "search_text", "digest"}
# What is typed for the reader of that very message, who has no account and no page.
ADDRESSED = {("projects.replication_answer", "projects.ReplicationRequest.reply")}


@pytest.fixture
def demo(django_db_setup, django_db_blocker):
    with demonstration(django_db_blocker) as loaded:
        yield loaded


def flat(text):
    return " ".join(html.unescape(text).replace("\u00a0", " ").replace("\u202f", " ").split())


def facts():
    """Every text that someone typed, flat, with the place where it is kept."""
    found = {}
    for name in APPS:
        for model in apps.get_app_config(name).get_models():
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
                if is_text and field.name.rpartition("_")[0] not in OWN and field.name not in OWN:
                    for value in model._base_manager.values_list(field.name, flat=True).distinct():
                        if value and len(flat(value)) >= LEAST:
                            found.setdefault(flat(value), f"{model._meta.label}.{field.name}")
    return found


class Reader:
    """Someone who reads pages, the ones nearest to a message first."""

    def __init__(self, user):
        self.client, self.seen = Client(raise_request_exception=False), {}
        if user is not None:
            self.client.force_login(user, backend=BACKEND)

    def page(self, path):
        if path not in self.seen:
            answer = self.client.get(path, follow=True)
            is_page = answer.status_code == 200 and "html" in answer["Content-Type"]
            self.seen[path] = answer.text if is_page else ""
        return self.seen[path]

    def finds(self, facts, path):
        """Those of `facts` on no page within reach of `path` and of one's own space."""
        left, waiting, looked = set(facts), [path, "/espace/", "/espace/profil/"], []
        while left and waiting and len(looked) < PAGES:
            looked.append(waiting.pop(0))
            page = self.page(looked[-1])
            words = flat(strip_tags(page)) + flat(" ".join(re.findall(r'(?:value|alt|title)="([^"]*)"', page)))
            left = {fact for fact in left if fact not in words}
            links = re.findall(r'href="(/[^"#?]*)', page)
            waiting += [link for link in dict.fromkeys(links) if link not in looked and link not in waiting]
        return left


def leaks():
    """A sentence for each text that a message repeats and no page shows its reader; and the kinds looked at."""
    known, readers, found, kinds_told = facts(), {}, [], set()
    for message in Message.objects.exclude(body="").order_by("pk").select_related("recipient"):
        words = flat(f"{message.subject} {message.body}")
        repeated = {fact for fact, place in known.items() if fact in words and (message.kind, place) not in ADDRESSED}
        reader = readers.setdefault(message.recipient_id, Reader(message.recipient))
        kinds_told.add(message.kind)
        left = reader.finds(repeated, message.path)
        found += [f"{message.kind} to {message.recipient}: {fact!r} ({known[fact]})" for fact in left]
    return list(dict.fromkeys(found)), kinds_told


@pytest.mark.long
def test_what_messages_repeat_is_on_a_page_of_their_readers(demo):
    found, told = leaks()
    assert not found
    assert told >= {"juries.decision", "juries.link_declared", "juries.slot", "calls.screened", "projects.reported"}


def test_a_text_that_no_page_shows_is_found():
    """The control: a juror's private words, put into a message to who applies."""
    jury = locked(jurors=3, applications=2, readings=3)
    Sheet.objects.update(private_note="Between me and myself.")
    owner = owner_of(jury.submissions[0].structure)
    body = f"{jury.submissions[0].title}: Between me and myself."
    Message.objects.all().delete()
    Message.objects.create(key="leak", kind="calls.screened", recipient=owner, body=body, path="/espace/")
    [leak], _told = leaks()
    assert "private_note" in leak


def go_on(built):
    """Let much happen around the scene `built`: each act writes to someone."""
    people, agent = built.people, built.people["agent"]
    row = {name: values.get("pk") for name, values in built.values.items()}
    clarifications.answer(Clarification.objects.get(pk=row["gestion/questions/"]), "Yes, any may apply.", by=agent)
    call = Call.objects.get(slug="scene-open")
    deadlines.move_deadline(call, "closes_at", call.closes_at + DAY, reason="A storm is on its way.", by=agent)
    plan_closing(call.closes_at - DAY)
    theirs = Submission.objects.get(call=call, structure__memberships__user=people["rival"])
    submissions.withdraw(theirs, by=people["rival"], reason="We lack the time.")
    done = Submission.objects.get(pk=row["gestion/candidatures/"])
    asked = {"request": "Please add the second year.", "fields": ["one_line"], "until": clock.now() + 5 * DAY}
    screening.ask_for_correction(done, **asked, by=agent)
    inviting.accept(Invitation.objects.get(pk=row["espace/invitations/"]), by=people["citizen"])
    step = Milestone.objects.get(pk=row["gestion/projets/<slug:slug>/etapes/"])
    incubation.ask_milestone_again(step, reason="Where are the figures?", by=agent)
    paid = Payment.objects.get(pk=row["gestion/projets/<slug:slug>/versements/"])
    incubation.cancel_payment(paid, reason="Asked for twice, it seems.", by=agent)
    photo = Photo.objects.get(pk=row["gestion/projets/<slug:slug>/photos/"])
    photos.hide_photo(photo, reason="A face shows.", by=agent)
    go_on_judging(built)


def go_on_judging(built):
    """Let the juries of the scene change: a link answered, a session moved, a reading given, a seat ended."""
    agent, chair = built.people["agent"], built.people["chair"]
    recusal = Recusal.objects.get(category="unsure")
    panels.confirm_recusal(recusal, by=chair)
    moved = {
        "place": "Town hall, second floor",
        "access": "Tram 2 stops before the door.",
        "held_from": date(2031, 5, 6),
    }
    for panel in Panel.objects.filter(state__in=("preparation", "open")):
        panels.configure_panel(panel, due_at=clock.now() + 9 * DAY, by=agent, **moved)
    reading = recusal.juror.panel
    panels.assign(panels.seat(reading, UserFactory(), by=agent), recusal.submission, by=agent)
    panels.unseat(panels.seat(reading, UserFactory(), by=agent), by=agent)


def test_nor_do_those_of_what_goes_on_tell_more():
    go_on(scene.build())
    found, told = leaks()
    assert not found
    assert told >= {
        "accounts.invited",
        "accounts.joined",
        "calls.answered",
        "calls.closing",
        "calls.correction",
        "calls.moved",
        "calls.withdrawn",
        "juries.finale_changed",
        "juries.link_answered",
        "juries.link_declared",
        "juries.panel_opened",
        "juries.readings_given",
        "juries.seat_ended",
        "juries.session_changed",
        "projects.asked_again",
        "projects.cancelled",
        "projects.photo_judged",
    }


# --- What people typed, and what browsers say, in headers and links ---

EVIL = "evil.example"
TYPED = "Ours\r\nBcc: all@evil.example\r\n\r\nWords"
FIELDS = (
    (User, "name"),
    (Structure, "name"),
    (Submission, "title"),
    (Call, "title_fr"),
    (Call, "title_en"),
    (Project, "name"),
    (Milestone, "title_fr"),
    (Payment, "label"),
    (Photo, "alt_fr"),
)


def test_what_people_typed_into_any_field_adds_no_header_to_the_mails_of_what_goes_on():
    built = scene.build()
    for model, name in FIELDS:
        model._base_manager.update(**{name: TYPED})
    Message.objects.all().delete()
    go_on(built)
    sweep()
    planted = 0
    for message in Message.objects.exclude(body=""):
        read = message_from_bytes(mail_for(message).message().as_bytes(), policy=policy.default)
        assert "Bcc" not in read
        assert read["to"] == message.address
        assert len(read.keys()) == len({name.lower() for name in read})
        planted += "Bcc: all@" in message.subject
    assert planted >= 5


def test_no_link_carries_the_host_that_a_browser_gave(settings, django_capture_on_commit_callbacks, mailoutbox):
    settings.ALLOWED_HOSTS = ["*"]
    begun = draft(complete=True)
    owner = owner_of(begun.structure)
    client, stranger = Client(HTTP_HOST=EVIL), Client(HTTP_HOST=EVIL)
    client.force_login(owner, backend=BACKEND)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/candidatures/{begun.pk}/deposer/", dict.fromkeys(("mandate", "truth", "rules"), "on"))
        stranger.post("/suivre/", {"address": "ana@town.example", "topic": "calls.opening", "website": ""})
        stranger.post(reverse("account_request_login_code"), {"email": owner.email})
        stranger.post(reverse("account_reset_password"), {"email": owner.email})
    sent = letters()
    assert len(sent) >= 4
    for mail in sent:
        raw = mail.message().as_bytes().decode()
        assert EVIL not in raw + mail.body + mail.alternatives[0].content
