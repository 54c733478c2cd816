"""The close of a call on every way in: what counts is when a request reached the server, to the second.

Around both changes of the clock of the year: each close falls five minutes before the hour at which Paris changes, so
that the grace of ten minutes runs across it.
"""

import inspect
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from calls import phases, urls
from calls.models import Question, Submission
from calls.operations import extensions, submissions
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, pdf, questions_of

pytestmark = pytest.mark.django_db

SECOND, GRACE, LATER = timedelta(seconds=1), timedelta(minutes=10), timedelta(days=2)
# The hour at which Paris moves on, and the one at which it moves back: 01:55 in winter time, 02:55 in summer time.
CHANGES = {"spring": clock.paris(2027, 3, 28, 1, 55), "autumn": clock.paris(2027, 10, 31, 2, 55)}
DECLARED = {"mandate": "on", "truth": "on", "rules": "on"}
# When a request arrives, from the announced close; whether its people were given more time; whether it is taken.
MOMENTS = {
    "a second before": (-SECOND, False, True),
    "at the instant": (timedelta(0), False, True),
    "in the last second of the grace": (GRACE - SECOND, False, True),
    "at the end of the grace": (GRACE, False, False),
    "an hour after": (timedelta(hours=1), False, False),
    "after the grace, with more time": (GRACE, True, True),
    "a second before one's own end": (LATER - SECOND, True, True),
    "in the grace of one's own end": (LATER + GRACE - SECOND, True, True),
    "after one's own end": (LATER + GRACE, True, False),
}


class Ready:
    """A complete draft, with a document attached, of a call that closes at `close` with ten minutes of grace."""

    def __init__(self, close: datetime) -> None:
        self.close = phases.end_told(CallFactory.build(closes_at=close))
        call = CallFactory(opens_at=close - timedelta(days=40), closes_at=close, grace_minutes=10)
        self.plan = Question.objects.create(
            section=call.sections.first(), order=9, kind="file", label="Plan", required=False
        )
        self.submission = draft(call, complete=True)
        self.by, self.agent = owner_of(self.submission.structure), agent_of(call)
        submissions.attach(self.submission, self.plan, pdf("before.pdf"), by=self.by)
        self.question = questions_of(call)[0]
        self.other = StructureFactory()

    def extend(self) -> None:
        extensions.extend(self.submission, until=self.close + LATER, reason="The portal was down.", by=self.agent)

    def acts(self):
        """Every operation with which applicants write, by its name."""
        given = Submission.objects.get(pk=self.submission.pk)
        return {
            "save_answers": lambda: submissions.save_answers(given, {self.question: "Something else."}, by=self.by),
            "describe": lambda: submissions.describe(
                given, title="Other", one_line="Other", pillar=given.call.pillars.first(), other_pillars=[], by=self.by
            ),
            "attach": lambda: submissions.attach(given, self.plan, pdf("late.pdf"), by=self.by),
            "detach": lambda: submissions.detach(given.attachments.get(), by=self.by),
            "withdraw": lambda: submissions.withdraw(given, by=self.by),
            "submit": lambda: submissions.submit(given, by=self.by),
        }

    def sent(self):
        """What is sent to each of PAGES: the arguments of its address, and the data."""
        name, plan = self.question.field_name, self.plan.pk
        described = {"title": "Other", "one_line": "Other", "pillar": self.submission.call.pillars.first().pk}
        return {
            "form": ({"order": 1}, {name: "Something else", f"q{plan}": ""}),
            "description": ({"order": 0}, described),
            "description by its own address": ({}, described),
            "autosave": ({}, {"field": name, name: "Something else"}),
            "autosave of one question": ({"question": self.question.pk}, {"value": "Something else"}),
            "autosave of the title": ({}, {"field": "title", "title": "Other"}),
            "file": ({"question": plan}, {"file": pdf("late.pdf")}),
            "file taken off": ({"question": plan}, {"field": f"q{plan}-clear"}),
            "file with the form": ({"order": 1}, {f"q{plan}": pdf("late.pdf"), name: "Something else"}),
            "withdrawal": ({}, {}),
            "check": ({}, DECLARED),
            "submission": ({}, DECLARED),
        }

    def post(self, client, page):
        """The answer of one of PAGES."""
        client.force_login(self.by)
        kwargs, data = self.sent()[page]
        return client.post(reverse(f"calls:{PAGES[page]}", kwargs={"pk": self.submission.pk, **kwargs}), data)

    def written(self):
        """Everything that is kept of the application."""
        kept = Submission.objects.get(pk=self.submission.pk)
        answers = list(kept.answers.values_list("question", "value", "version").order_by("question"))
        documents = list(kept.attachments.values_list("file__name", flat=True))
        return kept.state, kept.number, kept.title, answers, documents


ACTS = ("save_answers", "describe", "attach", "detach", "withdraw", "submit")
# Every page with which applicants write, and the name of its address.
PAGES = {
    "form": "section",
    "description": "section",
    "description by its own address": "describe",
    "autosave": "autosave",
    "autosave of one question": "autosave",
    "autosave of the title": "autosave",
    "file": "autosave",
    "file taken off": "autosave",
    "file with the form": "section",
    "withdrawal": "withdraw",
    "check": "check",
    "submission": "submit",
}


@pytest.fixture(scope="module", params=CHANGES)
def built(request, django_db_setup, django_db_blocker):
    """The application of one change of the clock, made once for the module."""
    close = CHANGES[request.param]
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.at(close - timedelta(days=20)):
            made = Ready(close)
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def ready(built):
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)


def arriving(ready, when):
    """Prepare the moment: give the more time it says. Returns the instant, and whether what arrives then is taken."""
    after, extended, taken = MOMENTS[when]
    if extended:
        with clock.at(ready.close - timedelta(days=1)):
            ready.extend()
    return ready.close + after, taken


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_taken_until_the_same_instant(ready, act, when):
    moment, taken = arriving(ready, when)
    before = ready.written()
    with clock.at(moment):
        if taken:
            ready.acts()[act]()
        else:
            with pytest.raises(Conflict) as refusal:
                ready.acts()[act]()
            assert refusal.value.code == "closed"
    assert (ready.written() != before) == taken


@pytest.mark.parametrize("when", MOMENTS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_taken_until_the_same_instant(client, ready, page, when):
    moment, taken = arriving(ready, when)
    before = ready.written()
    with clock.at(moment):
        answer = ready.post(client, page)
    assert answer.status_code in ((200, 302) if taken else (409,))
    assert (ready.written() != before) == taken


@pytest.mark.parametrize("when", [when for when, (_after, extended, _taken) in MOMENTS.items() if not extended])
def test_a_draft_is_started_until_the_same_instant_from_the_page_as_well(client, ready, when):
    moment, taken = arriving(ready, when)
    call, by = ready.submission.call, owner_of(ready.other)
    client.force_login(by)
    data = {"structure": ready.other.pk, "title": "Late", "pillar": call.pillars.first().pk}
    with clock.at(moment):
        answer = client.post(reverse("calls:apply", kwargs={"slug": call.slug}), data)
        assert answer.status_code == (302 if taken else 409)
        if taken:
            Submission.objects.get(structure=ready.other).delete()
            submissions.start_draft(call, ready.other, title="Late", by=by)
        else:
            with pytest.raises(Conflict):
                submissions.start_draft(call, ready.other, title="Late", by=by)
    assert Submission.objects.filter(structure=ready.other).exists() == taken


@pytest.mark.parametrize("path", [*ACTS, *PAGES])
def test_without_the_deadline_function_every_way_in_stays_open(client, monkeypatch, ready, path):
    """The control: it is that one function which closes each of them."""
    monkeypatch.setattr("calls.models.submission.accepts_at", lambda *_asked: True)
    before = ready.written()
    with clock.at(ready.close + timedelta(days=30)):
        if path in ACTS:
            ready.acts()[path]()
        else:
            ready.post(client, path)
    assert ready.written() != before


def test_no_way_in_is_forgotten():
    """Each operation of applicants, and each of their pages that takes a POST, is walked above.

    Taking an application up starts one in another call, by the operation that starts any.
    """
    writing_acts = {
        name
        for name in submissions.__all__
        if inspect.isfunction(getattr(submissions, name))
        and "by" in inspect.signature(getattr(submissions, name)).parameters
    }
    corrected = {"send_correction"}  # after the close, until an instant of its own
    assert writing_acts == {*ACTS, "start_draft"} | corrected
    posting = {
        pattern.name
        for pattern in urls.applicant_pages
        if hasattr(pattern.callback.view_class, "post") and pattern.name not in {"correct", "renew"}
    }
    assert posting == {*PAGES.values(), "apply"}
