"""A message tells its reader nothing that no page would: every text the database keeps and a message repeats is on a
page that this reader may open when it leaves.
"""

import html
import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.utils.html import strip_tags

from bethune_smartcity.accounts.models import Membership, Partner, User
from bethune_smartcity.accounts.notices import INVITED
from bethune_smartcity.core import clock
from bethune_smartcity.notifications.delivery import mail_for
from bethune_smartcity.notifications.kinds import kinds
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.readership import withhold
from calls.models import Answer, CallAgent
from juries.models import Juror, Sheet
from projects.models import Project
from tests import scene
from tests.demo.loading import demonstration
from tests.factories.accounts import UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.factories.juries import locked

from .life import go_on

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
APPS = ("accounts", "calls", "files", "juries", "pillars", "portal", "projects")
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

    def misses(self, facts, paths):
        """Those of `facts` on no page within reach of `paths` and of one's own space."""
        left, waiting, looked = set(facts), [*paths, "/espace/", "/espace/profil/"], []
        while left and waiting and len(looked) < PAGES:
            looked.append(waiting.pop(0))
            page = self.page(looked[-1])
            words = flat(strip_tags(page)) + flat(" ".join(re.findall(r'(?:value|alt|title)="([^"]*)"', page)))
            left = {fact for fact in left if fact not in words}
            links = re.findall(r'href="(/[^"#?]*)', page)
            waiting += [link for link in dict.fromkeys(links) if link not in looked and link not in waiting]
        return left


def words_of(mail):
    """All that a mail says, in its subject, its text and its HTML."""
    (page,) = mail.alternatives
    return flat(f"{mail.subject} {mail.body} {strip_tags(page.content)}")


def pages_in(mail):
    """The addresses of the portal that a mail holds, without host."""
    return re.findall(rf"{re.escape(settings.SITE_URL)}(/[^\s#?]*)", mail.body)


def reader_of(message):
    """Who reads a message. Who is invited opens an account at that address, or proves that it is theirs, to look."""
    user = message.recipient
    if message.kind == INVITED:
        user = user or UserFactory(email=message.address)
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True})
    return Reader(user)


class Watch:
    """Looks at the messages written since it last did, each at the moment it leaves."""

    def __init__(self, moment_of=lambda message, now: max(now, message.created_at, message.due_at)):
        self.moment_of, self.last, self.found, self.kinds = moment_of, 0, [], set()

    def look(self):
        known, readers, now = facts(), {}, clock.now()
        rows = Message.objects.filter(pk__gt=self.last).exclude(body="", sealed="").order_by("pk")
        for message in rows.select_related("recipient"):
            self.last = message.pk
            self.kinds.add(message.kind)
            moment = self.moment_of(message, now)
            with clock.at(moment):
                reader = readers.setdefault((message.recipient_id or message.address, moment), reader_of(message))
                self.found += self.leaks(message, known, reader)

    def leaks(self, message, known, reader):
        """A sentence for each text that a message repeats and no page shows its reader."""
        mail = mail_for(message)
        words, own = words_of(mail), mail.to
        repeated = {fact for fact in known if fact in words and fact not in own}
        repeated -= {fact for fact in repeated if (message.kind, known[fact]) in ADDRESSED}
        for fact in sorted(reader.misses(repeated, [message.path, *pages_in(mail)])):
            yield f"{message.kind} to {message.recipient or mail.to}: {fact!r} ({known[fact]})"


@pytest.mark.long
def test_what_messages_repeat_is_on_a_page_of_their_readers(demo):
    watch = Watch(lambda _message, now: now)
    watch.look()
    assert not watch.found
    assert watch.kinds >= {"juries.decision", "juries.link_declared", "juries.slot", "calls.screened"}


def test_nor_does_any_kind_tell_more_when_it_leaves():
    """A kind that is registered and that nothing here makes is named as well."""
    built, watch = scene.build(), Watch()
    watch.look()
    go_on(built, watch.look)
    assert not watch.found
    assert {kind.name for kind in kinds()} - watch.kinds == set()


def everyone_goes():
    """Nobody belongs anywhere any more, but the accounts stay."""
    for model in (Membership, CallAgent, Project.mentors.through, Partner.contacts.through):
        model.objects.all().delete()
    Juror.objects.update(left_at=clock.now(), has_voice=False)
    User.objects.update(is_agent=False, is_administrator=False)


def test_nor_does_any_to_who_went_before_it_left():
    """The control is a message that the guard withholds: it tells what no page of theirs shows."""
    go_on(scene.build())
    everyone_goes()
    Message.objects.update(state="pending", sent_at=None)
    left = withhold(Message.objects.values_list("pk", flat=True))
    control = Message.objects.filter(kind="calls.screened").exclude(pk__in=left).latest("pk")
    Message.objects.exclude(pk__in=left).exclude(pk=control.pk).delete()
    watch = Watch(lambda _message, now: now)
    watch.look()
    assert watch.kinds >= {"calls.answered", "calls.opens"}
    assert {leak.partition(" ")[0] for leak in watch.found} == {control.kind}, watch.found


def a_note():
    jury = locked(jurors=3, applications=2, readings=3)
    Sheet.objects.update(private_note="Between me and myself.")
    return owner_of(jury.submissions[0].structure), "Between me and myself."


def an_answer_of_another():
    call = CallFactory()
    answered = Answer.objects.filter(submission=submitted(call), question__kind="long").get()
    Answer.objects.filter(pk=answered.pk).update(value="How we do what they do not.")
    return owner_of(draft(call).structure), "How we do what they do not."


def a_title_under_seal():
    call = CallFactory(closed=True, sealed=True)
    sealed = submitted(call, title="Known when seals are opened")
    return agent_of(call), sealed.title


def a_comment_of_a_juror():
    jury = locked(jurors=3, applications=2, readings=3)
    Sheet.objects.update(comment="The best of those that we read.")
    return owner_of(jury.submissions[0].structure), "The best of those that we read."


@pytest.mark.parametrize("secret", [a_note, an_answer_of_another, a_title_under_seal, a_comment_of_a_juror])
def test_a_text_that_no_page_shows_is_found(secret):
    """The control: what someone may not know, put into a message to them."""
    reader, told = secret()
    Message.objects.all().delete()
    Message.objects.create(key="leak", kind="calls.screened", recipient=reader, body=f"See: {told}", path="/espace/")
    watch = Watch()
    watch.look()
    (leak,) = watch.found
    assert told in leak
