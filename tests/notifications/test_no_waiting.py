"""Whoever presses a button never waits for the mail server: messages are written, and leave without them."""

import smtplib
from contextlib import contextmanager
from datetime import timedelta
from time import monotonic

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from kombu.exceptions import OperationalError

from bethune_smartcity import celery
from bethune_smartcity.celery import WakeUpTask, app
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import digests
from bethune_smartcity.notifications.kinds import kinds
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import sweep
from calls.models import Call, Letter, Submission
from calls.operations.letters import stamp_of
from calls.queries.letters import people_of
from juries.forms.voter import stamp
from juries.models import PublicVote
from juries.operations import deliberation
from tests import scene
from tests.factories.accounts import UserFactory
from tests.juries.finale import a_finale
from tests.sink import Sink, listening

from . import life

pytestmark = pytest.mark.django_db
DECLARED = dict.fromkeys(("mandate", "truth", "rules"), "on")
# Seconds after which a connection to a server that says nothing is given up.
SILENCE = 2


@pytest.fixture
def server(settings):
    """A mail server that takes calls and says nothing; what is queued is queued, as for a worker."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    eager, app.conf.task_always_eager = app.conf.task_always_eager, False
    with listening(Sink(is_silent=True)) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, SILENCE
        yield sink
    app.conf.task_always_eager = eager


@pytest.fixture
def connections(monkeypatch):
    """Every attempt to reach a mail server."""
    tried, real = [], smtplib.SMTP.__init__

    def reach(self, *given, **options):
        tried.append(given)
        real(self, *given, **options)

    monkeypatch.setattr(smtplib.SMTP, "__init__", reach)
    return tried


@contextmanager
def nobody_waits(server, connections):
    before = len(connections), server.calls
    yield
    assert (len(connections), server.calls) == before, "a connection to the mail server was opened"


def test_what_goes_on_writes_every_kind_and_reaches_no_server(
    server, connections, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(life, "sweep", lambda: None)
    with nobody_waits(server, connections), django_capture_on_commit_callbacks(execute=True):
        built = scene.build()
    with nobody_waits(server, connections):
        for act in life.ACTS:
            with django_capture_on_commit_callbacks(execute=True):
                act(built)
    written = set(Message.objects.values_list("kind", flat=True))
    # The mail of the day is made of what a worker put by for it.
    assert {kind.name for kind in kinds()} - written <= {digests.DIGEST}
    assert not Message.objects.filter(attempts__gt=0).exists()


def test_a_worker_does_reach_for_it(server, connections):
    """The control: what is due waits for the server where it is sent."""
    ask_for_a_code(None)
    begun = monotonic()
    sweep()
    assert (len(connections), server.calls) == (1, 1)
    assert monotonic() - begun >= SILENCE
    assert not Message.objects.filter(state="sent").exists()


def test_a_broker_that_does_not_answer_is_asked_once_a_minute(monkeypatch, django_capture_on_commit_callbacks):
    """Whoever tells twenty people does not wait for it twenty times."""
    asked, clock_hand = [], [1000.0]

    def unanswered(_task, *given):
        asked.append(given)
        raise OperationalError("timeout")

    monkeypatch.setattr(WakeUpTask, "delay", unanswered)
    monkeypatch.setattr(WakeUpTask, "_asked_from", 0.0)
    monkeypatch.setattr(celery, "monotonic", lambda: clock_hand[0])
    for seconds, times in ((0, 1), (1, 1), (celery.REST - 2, 1), (1, 2)):
        clock_hand[0] += seconds
        with django_capture_on_commit_callbacks(execute=True):
            for _n in range(3):
                ask_for_a_code(None)
        assert len(asked) == times
    assert Message.objects.filter(state="pending").count() == 12
    # Once it answers, each wakes a worker again.
    monkeypatch.setattr(WakeUpTask, "delay", lambda _task, *given: asked.append(given))
    clock_hand[0] += celery.REST
    with django_capture_on_commit_callbacks(execute=True):
        ask_for_a_code(None)
        ask_for_a_code(None)
    assert len(asked) == 4


# --- Pages: each writes a message, at once ---


def hand_in(built):
    pk = built.values["candidatures/"]["pk"]
    return built.client("owner").post(f"/candidatures/{pk}/deposer/", DECLARED)


def withdraw(built):
    theirs = Submission.objects.get(call__slug="scene-open", structure__memberships__user=built.people["rival"])
    return built.client("rival").post(f"/candidatures/{theirs.pk}/retirer/", {"reason": "We lack the time."})


def ask_for_a_code(_built):
    person = UserFactory()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return Client().post(reverse("account_request_login_code"), {"email": person.email})


def ask_for_a_password(built):
    return Client().post(reverse("account_reset_password"), {"email": built.people["citizen"].email})


def sign_up(_built):
    words = {"email": "grace@town.example", "password1": "un-mot-de-passe-assez-long"}
    return Client().post(reverse("account_signup"), words)


def follow(_built):
    return Client().post("/suivre/", {"address": "ana@town.example", "topic": "calls.opening", "website": ""})


def invite_a_colleague(built):
    keys = {"pk": built.values["espace/structures/"]["pk"]}
    path = reverse("accounts:people", kwargs=keys)
    return built.client("owner").post(path, {"address": "new@town.example", "role": "editor"})


def answer_a_question(built):
    path = reverse("calls:answer", kwargs={"pk": built.values["gestion/questions/"]["pk"]})
    return built.client("agent").post(path, {"text": "Yes, any may apply."})


def find_admissible(built):
    keys = {"pk": built.values["gestion/candidatures/"]["pk"]}
    return built.client("agent").post(reverse("calls:admit", kwargs=keys))


def move_the_close(built):
    call = Call.objects.get(slug="scene-open")
    to = (call.closes_at + life.DAY).astimezone(clock.PARIS)
    asked = {"field": "closes_at", "to": f"{to:%Y-%m-%dT%H:%M}", "reason": "A storm is on its way."}
    return built.client("agent").post(f"/gestion/appels/{call.slug}/dates/", asked)


def confirm_a_letter(built):
    letter = Letter.objects.get(pk=built.values["gestion/courriers/"]["pk"])
    number = people_of(letter, clock.now()).count()
    path = reverse("calls:confirm-letter", kwargs={"pk": letter.pk})
    return built.client("agent").post(path, {"number": number, "when": "now", "seen": stamp_of(letter)})


def invite_a_juror(built):
    path = reverse("juries:invite", kwargs={"pk": built.values["jury/"]["pk"]})
    return built.client("agent").post(path, {"email": "juror@town.example", "language": "fr", "has_voice": "on"})


def nudge(built):
    keys = {"pk": built.values["jury/"]["pk"], "juror": built.values["jury/"]["juror"]}
    return built.client("agent").post(reverse("juries:nudge", kwargs=keys))


def ask_for_a_ballot(built):
    vote = PublicVote.objects.get(call__slug="scene-voted")
    chosen = Submission.objects.filter(call=vote.call, state="shortlisted").first()
    minute = timedelta(minutes=1)
    given = {"choice": str(chosen.pk), "shown": stamp(clock.now() - minute), "address": "voter@town.example"}
    return Client().post(reverse("juries:vote", kwargs={"slug": vote.call.slug}), given)


def proclaim(_built):
    made = a_finale(3)
    made.reach("deliberate")
    made.attend()
    with override("en"):
        deliberation.propose_ranking(made.panel, by=made.chair)
        deliberation.decide(made.panel, by=made.chair)
        deliberation.sign(made.panel, by=made.chair)
    client = Client()
    client.force_login(made.chair, backend=scene.BACKEND)
    return client.post(reverse("juries:chair-proclaim", kwargs={"pk": made.panel.pk}), {"when": "now"})


def ask_how_to_do_the_same(_built):
    said = {"organisation": "Ville voisine", "contact_name": "Anna", "email": UserFactory().email, "country": "FR"}
    return Client().post("/repliquer/", said | {"message": "How do you do it?", "consent": "on", "website": ""})


PAGES = {
    hand_in: "calls.receipt",
    withdraw: "calls.withdrawn",
    ask_for_a_code: "account",
    ask_for_a_password: "account",
    sign_up: "account",
    follow: "notifications.confirm",
    invite_a_colleague: "accounts.invited",
    answer_a_question: "calls.answered",
    find_admissible: "calls.screened",
    move_the_close: "calls.moved",
    invite_a_juror: "juries.seat",
    nudge: "juries.nudge",
    ask_for_a_ballot: "juries.ballot",
    proclaim: "juries.decision",
    ask_how_to_do_the_same: "projects.replication_receipt",
}


def test_no_page_waits_for_a_server_that_says_nothing(server, connections, django_capture_on_commit_callbacks):
    built = scene.build()
    for page, kind in PAGES.items():
        Message.objects.all().delete()
        with nobody_waits(server, connections), django_capture_on_commit_callbacks(execute=True):
            answer = page(built)
        assert answer.status_code < 400, f"{page.__name__}: {answer.status_code}"
        assert Message.objects.filter(kind=kind, state="pending").exists(), page.__name__
    with nobody_waits(server, connections):
        answer = confirm_a_letter(built)
    assert answer.status_code == 302
