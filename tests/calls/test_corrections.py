"""A correction reopens what the city ticked, on every way in, and nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.operations import edit_structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.notifications.models import Message
from calls.frozen import steps_of
from calls.models import Question, Submission
from calls.operations import screening, submissions
from calls.queries.corrections import LABELS
from tests.factories.accounts import owner_of
from tests.factories.calls import COMPLETE, CallFactory, agent_of, pdf, questions_of, submitted

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Asked:
    """An application with documents, handed in and closed; the city asks to correct some of its fields."""

    def __init__(self):
        call = CallFactory()
        section = call.sections.first()
        for order, label in ((8, "Plan"), (9, "Deck")):
            Question.objects.create(section=section, order=order, kind="file", label=label, required=False)
        self.submission = submitted(call)
        self.by, self.agent = owner_of(self.submission.structure), agent_of(call)
        self.text, self.choice, self.number, self.link, *_rest = questions_of(call)[:2] + questions_of(call)[-2:]
        self.plan, self.deck = Question.objects.filter(kind="file").order_by("order")
        self.pillars = list(call.pillars.all())
        self.moment = call.closes_at + HOUR

    def ask(self, *fields, request="Say where."):
        with clock.at(self.moment):
            until = self.moment + DAY
            screening.ask_for_correction(self.submission, request=request, fields=fields, until=until, by=self.agent)
        return self

    def written(self):
        """Everything that is kept of it."""
        kept = Submission.objects.get(pk=self.submission.pk)
        return (
            kept.title,
            kept.one_line,
            kept.pillar_id,
            sorted(kept.other_pillars.values_list("pk", flat=True)),
            sorted(kept.answers.values_list("question", "value")),
            sorted(kept.attachments.values_list("file__name", flat=True)),
            Structure.objects.get(pk=kept.structure_id).name,
            kept.versions.count(),
        )

    def described(self, **other):
        kept = submissions.description_of(Submission.objects.get(pk=self.submission.pk))
        return submissions.describe(self.submission, **{**kept, **other}, by=self.by)

    def ways(self):
        """Every way to write: the field it changes, and how, by operation or by what is sent; none answers 2xx or 3xx
        for what stays closed.
        """
        text, choice, plan = self.text.field_name, self.choice.field_name, self.plan.field_name
        main, other = self.pillars[0], self.pillars[1]
        described = {"title": self.submission.title, "one_line": self.submission.one_line, "pillar": main.pk}
        first = {text: COMPLETE[self.text.kind], choice: COMPLETE[self.choice.kind]}
        save = submissions.save_answers
        return {
            "save": (text, lambda: save(self.submission, {self.text: "Corrected."}, by=self.by)),
            "save a choice": (choice, lambda: save(self.submission, {self.choice: "1"}, by=self.by)),
            "attach": (plan, lambda: submissions.attach(self.submission, self.plan, pdf("corrected.pdf"), by=self.by)),
            "title": ("title", lambda: self.described(title="Corrected")),
            "line": ("one_line", lambda: self.described(one_line="Corrected")),
            "pillar": ("pillar", lambda: self.described(pillar=other)),
            "other pillars": ("other_pillars", lambda: self.described(other_pillars=[other])),
            "structure": ("structure", lambda: edit_structure(self.structure(), by=self.by, name="Corrected")),
            "form": (text, ("section", {"order": 1}, {**first, text: "Corrected."})),
            "form, a choice": (choice, ("section", {"order": 1}, {**first, choice: "1"})),
            "form, a document": (plan, ("section", {"order": 1}, {**first, plan: pdf("corrected.pdf")})),
            "form, the title": ("title", ("section", {"order": 0}, {**described, "title": "Corrected"})),
            "form, other pillars": (
                "other_pillars",
                ("section", {"order": 0}, {**described, "other_pillars": [other.pk]}),
            ),
            "autosave": (text, ("autosave", {}, {"field": text, text: "Corrected."})),
            "autosave of one question": (text, ("autosave", {"question": self.text.pk}, {"value": "Corrected."})),
            "autosave of the line": ("one_line", ("autosave", {}, {"field": "one_line", "one_line": "Corrected"})),
            "upload": (plan, ("autosave", {"question": self.plan.pk}, {"file": pdf("corrected.pdf")})),
        }

    def structure(self):
        return Structure.objects.get(pk=self.submission.structure_id)

    def go(self, client, how):
        """Whether it is done; refused with 409 else."""
        if callable(how):
            try:
                how()
            except Conflict:
                return False
            return True
        name, kwargs, data = how
        client.force_login(self.by)
        answer = client.post(reverse(f"calls:{name}", kwargs={"pk": self.submission.pk, **kwargs}), data)
        assert answer.status_code in {200, 302, 409}
        return answer.status_code != 409


@pytest.fixture
def asked():
    return Asked()


WAYS = (
    *("save", "save a choice", "attach", "title", "line", "pillar", "other pillars", "structure"),
    *("form", "form, a choice", "form, a document", "form, the title", "form, other pillars"),
    *("autosave", "autosave of one question", "autosave of the line", "upload"),
)


def test_no_way_is_left_out(asked):
    assert set(asked.ways()) == set(WAYS)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("is_asked", [True, False])
def test_only_what_was_asked_for_can_be_changed(client, asked, way, is_asked):
    field, how = asked.ways()[way]
    every = [*LABELS, *(question.field_name for question in questions_of(asked.submission.call))]
    asked.ask(*([field] if is_asked else [name for name in every if name != field]))
    before = asked.written()
    with clock.at(asked.moment + HOUR):
        assert asked.go(client, how) is is_asked
    after = asked.written()
    assert (after != before) is is_asked
    if is_asked:
        step = steps_of(asked.submission)[-1]
        assert step.version.correction == "Say where."
        assert len(step.changes) == 1


def test_a_document_is_taken_off_only_where_it_was_asked_for(asked):
    with clock.at(asked.submission.call.closes_at - HOUR):
        kept = submissions.attach(asked.submission, asked.plan, pdf(), by=asked.by)
    asked.ask(asked.deck.field_name)
    with clock.at(asked.moment), pytest.raises(Conflict):
        submissions.detach(kept, by=asked.by)
    asked.ask(asked.plan.field_name)
    with clock.at(asked.moment):
        submissions.detach(kept, by=asked.by)
    assert steps_of(asked.submission)[-1].names == ["Plan"]


def test_an_earlier_correction_reopens_all_answers_as_it_did(asked):
    asked.ask(asked.text.field_name)
    Submission.objects.filter(pk=asked.submission.pk).update(correction_fields=[])
    with clock.at(asked.moment):
        submissions.save_answers(asked.submission, {asked.choice: "1"}, by=asked.by)
        asked.described(title="Other")
        with pytest.raises(Conflict):
            edit_structure(asked.structure(), by=asked.by, name="Other")


def test_what_hangs_on_an_answer_reopens_with_it(asked):
    Question.objects.filter(pk=asked.choice.pk).update(required=True)
    further = Question.objects.create(
        section=asked.choice.section,
        order=5,
        kind="short",
        label="Which district?",
        shown_if=asked.choice,
        shown_values="1",
    )
    nearer = Question.objects.create(
        section=asked.choice.section,
        order=6,
        kind="short",
        label="Why?",
        required=False,
        shown_if=further,
        shown_values="x",
    )
    asked.ask(asked.choice.field_name)
    with clock.at(asked.moment):
        with pytest.raises(Invalid):
            submissions.save_answers(asked.submission, {asked.choice: "1"}, by=asked.by)
        given = {asked.choice: "1", further: "Verquin", nearer: "Near"}
        submissions.save_answers(asked.submission, given, by=asked.by)
        with pytest.raises(Conflict):
            submissions.save_answers(asked.submission, {asked.text: "More"}, by=asked.by)


@pytest.mark.parametrize("fields", [[], ["q0"], ["state"]])
def test_a_correction_is_about_answers_of_this_application(asked, fields):
    with pytest.raises(Invalid) as refusal:
        asked.ask(*fields)
    assert refusal.value.field == "fields"
    assert not Submission.objects.get(pk=asked.submission.pk).correction_request


def test_an_agent_ticks_what_to_correct_and_the_others_are_shown_to_be_read(client, asked):
    client.force_login(asked.agent)
    text, choice = asked.text, asked.choice
    with translation.override("en"), clock.at(asked.moment):
        until = (clock.now() + DAY).astimezone(clock.PARIS).strftime("%Y-%m-%dT%H:%M")
        page = client.get(reverse("calls:screen", kwargs={"pk": asked.submission.pk})).text
        assert f'name="fields" value="{text.field_name}"' in page
        address = reverse("calls:ask-correction", kwargs={"pk": asked.submission.pk})
        ticked = {"request": "Say where.", "until": until}
        assert client.post(address, ticked).status_code == 422
        client.post(address, {**ticked, "fields": [text.field_name, "title"]})
        told = Message.objects.get(kind="calls.correction")
        assert text.label in told.body
        assert choice.label not in told.body
        client.force_login(asked.by)
        pages = [
            client.get(reverse("calls:section", kwargs={"pk": asked.submission.pk, "order": order})).text
            for order in (0, 1, 2)
        ]
        hub = client.get(reverse("calls:submission", kwargs={"pk": asked.submission.pk})).text
    assert 'name="title"' in pages[0]
    assert 'name="one_line"' not in pages[0]
    assert asked.submission.one_line in pages[0]
    assert f'name="{text.field_name}"' in pages[1]
    assert f'name="{choice.field_name}"' not in pages[1]
    assert "In the centre" in pages[1]
    assert "Nothing to correct here" in pages[2]
    assert ">Save<" not in pages[2]
    assert text.label in hub.split("What you can change:")[1].split("</ul>")[0]


def test_a_page_opened_before_loses_nothing_when_it_says_nothing_else(client, asked):
    """What it sends of the answers that stay is what is kept: only the correction is new."""
    asked.ask(asked.text.field_name)
    sent = {asked.text.field_name: "Corrected.", asked.choice.field_name: "0"}
    client.force_login(asked.by)
    with clock.at(asked.moment):
        address = reverse("calls:section", kwargs={"pk": asked.submission.pk, "order": 1})
        assert client.post(address, sent).status_code == 302
        refused = client.post(address, {**sent, asked.text.field_name: "Again.", asked.choice.field_name: "1"})
    assert refused.status_code == 409
    assert "Again." in refused.text
    assert asked.submission.answers.get(question=asked.text).value == "Corrected."


def test_the_receipt_and_the_versions_say_what_was_corrected(client, asked):
    asked.ask(asked.text.field_name)
    before = asked.submission.answers.get(question=asked.text).value
    with clock.at(asked.moment):
        submissions.save_answers(asked.submission, {asked.text: f"{before} In Béthune."}, by=asked.by)
    client.force_login(asked.by)
    with translation.override("en"):
        receipt = client.get(reverse("calls:receipt", kwargs={"pk": asked.submission.pk})).text
        versions = client.get(reverse("calls:versions", kwargs={"pk": asked.submission.pk})).text
    assert "Corrected at the city’s request, version 2" in receipt
    assert f"“{asked.text.label}”" in receipt
    assert "Say where." in versions
    assert before in versions
    assert "<ins> In Béthune.</ins>" in versions
    assert "As it was first submitted." in versions
