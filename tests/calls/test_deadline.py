"""The close of a call: one second before it everything is taken, at the instant itself nothing is."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.errors import Conflict
from calls.models import Question, Submission
from calls.operations import submissions
from calls.urls import applicant_pages
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, draft, pdf, questions_of

pytestmark = pytest.mark.django_db

# A winter night; the ends of the day without 2:30 and of the one with two; the second of these 2:30 itself.
CLOSES = {
    "winter": clock.paris(2027, 1, 13),
    "spring change": clock.paris(2027, 3, 29),
    "autumn change": clock.paris(2027, 11, 1),
    "second half past two": clock.paris(2027, 10, 31, 2, 30).replace(fold=1),
}
CLOSE = CLOSES["winter"]
SECOND = timedelta(seconds=1)


class Ready:
    """A complete draft of a call that closes at `close`, with a document attached; another call stays open."""

    def __init__(self, close):
        call, self.close = CallFactory(closes_at=close), close.astimezone(UTC)
        section = call.sections.first()
        self.plan = Question.objects.create(section=section, order=9, kind="file", label="Plan", required=False)
        self.submission = draft(call, complete=True)
        self.by = owner_of(self.submission.structure)
        self.question = questions_of(call)[0]
        self.other = StructureFactory()

    def written(self):
        """Everything that is kept of the draft."""
        self.submission.refresh_from_db()
        return (
            self.submission.state,
            self.submission.number,
            self.submission.title,
            list(self.submission.answers.values_list("question", "value", "version").order_by("question")),
            list(self.submission.attachments.values_list("file", flat=True)),
        )

    def acts(self):
        """Every operation that writes, by its name."""
        given = self.submission
        return {
            "save": lambda: submissions.save_answers(given, {self.question: "Something else."}, by=self.by),
            "describe": lambda: submissions.describe(
                given, title="Other", one_line="Other", pillar=given.pillar, other_pillars=[], by=self.by
            ),
            "attach": lambda: submissions.attach(given, self.plan, pdf("late.pdf"), by=self.by),
            "detach": lambda: submissions.detach(given.attachments.get(), by=self.by),
            "withdraw": lambda: submissions.withdraw(given, by=self.by),
            "submit": lambda: submissions.submit(given, by=self.by),
            "start": lambda: submissions.start_draft(given.call, self.other, title="Late", by=owner_of(self.other)),
        }

    def pages(self):
        """Every page that writes: its name, its address' arguments and what is sent."""
        name, plan = self.question.field_name, self.plan.pk
        return {
            "form": ("section", {"order": 1}, {name: "Too late"}),
            "description": ("section", {"order": 0}, {"title": "Too late", "one_line": "x"}),
            "autosave": ("autosave", {}, {"field": name, name: "Too late"}),
            "autosave of one question": ("autosave", {"question": self.question.pk}, {"value": "Too late"}),
            "autosave of the title": ("autosave", {}, {"field": "title", "title": "Too late"}),
            "file": ("autosave", {"question": plan}, {"file": pdf("late.pdf")}),
            "file taken off": ("autosave", {"question": plan}, {"field": f"q{plan}-clear"}),
            "withdrawal": ("withdraw", {}, {}),
            "submission": ("submit", {}, {"mandate": "on", "truth": "on", "rules": "on"}),
            "submission from the summary": ("check", {}, {"mandate": "on", "truth": "on", "rules": "on"}),
            "correction": ("correct", {}, {}),
        }

    def address(self, name, kwargs):
        return reverse(f"calls:{name}", kwargs={"pk": self.submission.pk, **kwargs})


ACTS = ("save", "describe", "attach", "detach", "withdraw", "submit", "start")
PAGES = (
    "form",
    "description",
    "autosave",
    "autosave of one question",
    "autosave of the title",
    "file",
    "file taken off",
    "withdrawal",
    "submission",
    "submission from the summary",
    "correction",
)


@pytest.fixture(params=CLOSES)
def ready(request):
    close = CLOSES[request.param]
    with clock.at(close - timedelta(days=20)):
        return Ready(close)


@pytest.mark.parametrize("act", ACTS)
def test_one_second_before_the_close_is_in_time(ready, act):
    with clock.at(ready.close - SECOND):
        ready.acts()[act]()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_from_the_close_on_it_is_too_late_and_the_draft_stays(ready, act, late):
    before = ready.written()
    with clock.at(ready.close + late), pytest.raises(Conflict) as refusal:
        ready.acts()[act]()
    assert refusal.value.code == "closed"
    assert ready.written() == before


@pytest.mark.parametrize("ready", ["winter"], indirect=True)
def test_the_refusal_names_both_instants(ready):
    with clock.at(ready.close + SECOND), pytest.raises(Conflict) as refusal:
        submissions.submit(ready.submission, by=ready.by)
    sentence = str(refusal.value).replace("\u00a0", " ")
    assert "mardi 12 janvier 2027 à 23 h 59 (heure de Paris)" in sentence
    assert "13 janvier 2027 à 00:00:01 (heure de Paris)" in sentence


@pytest.mark.parametrize("page", PAGES)
def test_every_page_refuses_after_the_close(client, ready, page):
    client.force_login(ready.by)
    before = ready.written()
    name, kwargs, data = ready.pages()[page]
    with clock.at(ready.close):
        answer = client.post(ready.address(name, kwargs), data)
        state = client.get(ready.address("submission", {}))
    assert answer.status_code == 409
    said = answer.json()["message"] if "json" in answer["Content-Type"] else answer.content.decode()
    with translation.override("fr"):
        told = wording.deadline(ready.close)
    assert page == "correction" or told in said.replace("&#x27;", "’")
    assert state.status_code == 200
    assert ready.written() == before


# A new draft of another call, and what is no write at all.
ELSEWHERE = {"apply", "renew"}


def test_no_page_that_writes_is_left_out(ready):
    writing = {
        pattern.name
        for pattern in applicant_pages
        if hasattr(pattern.callback.view_class, "post") and "post" in pattern.callback.view_class.http_method_names
    }
    tried = {name for name, _kwargs, _data in ready.pages().values()}
    assert {"describe" if name == "section" else name for name in writing} - ELSEWHERE <= tried | {"describe"}


def test_a_late_application_is_not_started_from_the_page_either(client, ready):
    client.force_login(owner_of(ready.other))
    address = reverse("calls:apply", kwargs={"slug": ready.submission.call.slug})
    with clock.at(ready.close):
        answer = client.post(address, {"title": "Late", "structure": ready.other.pk})
    assert answer.status_code == 409
    assert not Submission.objects.filter(structure=ready.other).exists()


def test_nor_is_one_taken_up_in_a_call_that_is_closed(client, ready):
    former = draft(CallFactory(closes_at=ready.close + timedelta(days=9)), ready.submission.structure)
    client.force_login(ready.by)
    count = Submission.objects.count()
    with clock.at(ready.close):
        answer = client.post(reverse("calls:renew", kwargs={"pk": former.pk}), {"call": ready.submission.call.pk})
    assert answer.status_code in {409, 422}
    assert Submission.objects.count() == count


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_the_api_takes_no_application_in_time_or_late(client, ready, method):
    client.force_login(ready.by)
    before = ready.written()
    for moment in (ready.close - SECOND, ready.close):
        with clock.at(moment):
            for path in ("/api/v1/calls/", f"/api/v1/calls/{ready.submission.call.slug}/", "/api/v1/submissions/"):
                assert getattr(client, method)(path, {}, "application/json").status_code in {404, 405}
    assert ready.written() == before
