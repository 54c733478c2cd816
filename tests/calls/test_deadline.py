"""The close of a call: one second before it everything is taken, at the instant itself nothing is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict
from calls.models import Question
from calls.operations import submissions
from tests.factories.accounts import StructureFactory, owner_of
from tests.factories.calls import CallFactory, draft, pdf, questions_of

pytestmark = pytest.mark.django_db

CLOSE = clock.paris(2027, 1, 13)
SECOND = timedelta(seconds=1)


class Ready:
    """A complete draft of a call that closes on 13 January 2027 at midnight, with a document attached."""

    def __init__(self):
        call = CallFactory(closes_at=CLOSE)
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
        }


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
)


@pytest.fixture
def ready():
    with clock.at(CLOSE - timedelta(days=20)):
        return Ready()


@pytest.mark.parametrize("act", ACTS)
def test_one_second_before_the_close_is_in_time(ready, act):
    with clock.at(CLOSE - SECOND):
        ready.acts()[act]()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("late", [timedelta(0), SECOND])
def test_from_the_close_on_it_is_too_late_and_the_draft_stays(ready, act, late):
    before = ready.written()
    with clock.at(CLOSE + late), pytest.raises(Conflict) as refusal:
        ready.acts()[act]()
    assert refusal.value.code == "closed"
    assert ready.written() == before


def test_the_refusal_names_both_instants(ready):
    with clock.at(CLOSE + SECOND), pytest.raises(Conflict) as refusal:
        submissions.submit(ready.submission, by=ready.by)
    sentence = str(refusal.value).replace("\u00a0", " ")
    assert "mardi 12 janvier 2027 à 23 h 59 (heure de Paris)" in sentence
    assert "13 janvier 2027 à 00:00:01 (heure de Paris)" in sentence


@pytest.mark.parametrize("page", PAGES)
def test_every_page_refuses_after_the_close(client, ready, page):
    client.force_login(ready.by)
    before = ready.written()
    name, kwargs, data = ready.pages()[page]
    with clock.at(CLOSE + SECOND):
        answer = client.post(reverse(f"calls:{name}", kwargs={"pk": ready.submission.pk, **kwargs}), data)
        state = client.get(reverse("calls:submission", kwargs={"pk": ready.submission.pk}))
    assert answer.status_code == 409
    said = answer.json()["message"] if "json" in answer["Content-Type"] else answer.content.decode()
    assert "12 janvier 2027" in said.replace("\u00a0", " ")
    assert state.status_code == 200
    assert ready.written() == before
