"""Calls and applications. Calls are rows; applications go through the operations, like those of people."""

from datetime import timedelta
from decimal import Decimal

import factory
from django.core.files.uploadedfile import SimpleUploadedFile

from bethune_smartcity.core import clock
from calls.models import Call, CallAgent, Criterion, Prize, Question, Section, Submission
from calls.operations import screening, submissions
from calls.phases import accepts_at
from pillars.models import Pillar

from .accounts import AgentFactory, StructureFactory, owner_of

# A one-page document any reader opens.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \n"
    b"trailer<</Root 1 0 R/Size 4>>\nstartxref\n164\n%%EOF\n"
)
QUESTIONS = (
    (1, Question.Kind.LONG, "Which need of the inhabitants do you answer?", {"max_words": 150}),
    (1, Question.Kind.CHOICE, "Where does the use begin?", {"options": "In the centre\nIn a district"}),
    (2, Question.Kind.NUMBER, "How many inhabitants in the first year?", {}),
    (2, Question.Kind.LINK, "Where can one read about it?", {"required": False}),
)
CRITERIA = (("Use", 3), ("Feasibility", 2), ("Replication", 1))
COMPLETE = {
    Question.Kind.SHORT: "One line",
    Question.Kind.LONG: "The last kilometres after seven in the evening.",
    Question.Kind.NUMBER: "800",
    Question.Kind.AMOUNT: "8000",
    Question.Kind.CHOICE: "0",
    Question.Kind.CHOICES: "0",
    Question.Kind.YES_NO: "yes",
    Question.Kind.LINK: "https://example.org/",
    Question.Kind.DATE: "2027-01-31",
    Question.Kind.CONSENT: "yes",
    Question.Kind.TABLE: '[["Anna", "Engineer"]]',
}


def pdf(name="document.pdf"):
    """An upload that the portal accepts."""
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


class CallFactory(factory.django.DjangoModelFactory):
    """A call announced and open: two sections, four questions, criteria of both stages, three prizes and the public's.

    `agent=` someone is given every right on it. `closed=True` closed yesterday, `coming=True` opens tomorrow,
    `draft=True` was not announced.
    """

    class Meta:
        model = Call
        skip_postgeneration_save = True

    class Params:
        closed = factory.Trait(
            opens_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=60)),
            closes_at=factory.LazyFunction(lambda: clock.now() - timedelta(days=1)),
        )
        coming = factory.Trait(
            opens_at=factory.LazyFunction(lambda: clock.now() + timedelta(days=1)),
            closes_at=factory.LazyFunction(lambda: clock.now() + timedelta(days=60)),
        )
        draft = factory.Trait(announced_at=None)

    slug = factory.Sequence(lambda n: f"call-{n}")
    title = factory.Sequence(lambda n: f"Call {n} (démo)")
    summary = "What we look for, in one sentence."
    opens_at = factory.LazyFunction(lambda: clock.now() - timedelta(days=30))
    closes_at = factory.LazyFunction(lambda: clock.now() + timedelta(days=30))
    announced_at = factory.LazyAttribute(lambda call: call.opens_at - timedelta(days=10))
    # No grace: what tests say of the close they say of one instant.
    grace_minutes = 0
    number_prefix = factory.Sequence(lambda n: f"T{n}")

    @factory.post_generation
    def pillars(self, create, extracted, **kwargs):
        if create:
            self.pillars.set(extracted or Pillar.objects.all()[:3])

    @factory.post_generation
    def form(self, create, extracted, **kwargs):
        if create and extracted is not False:
            sections = {n: Section.objects.create(call=self, order=n, title=f"Part {n}") for n in (1, 2)}
            for order, (part, kind, label, extra) in enumerate(QUESTIONS):
                Question.objects.create(section=sections[part], order=order, kind=kind, label=label, **extra)

    @factory.post_generation
    def grid(self, create, extracted, **kwargs):
        if create and extracted is not False:
            Criterion.objects.bulk_create(
                Criterion(call=self, stage=stage, order=order, label=label, label_fr=label, weight=weight)
                for stage in Criterion.Stage.values
                for order, (label, weight) in enumerate(CRITERIA)
            )

    @factory.post_generation
    def prizes(self, create, extracted, **kwargs):
        if create and extracted is not False:
            for rank, amount in enumerate((5000, 2000, 1500), start=1):
                Prize.objects.create(call=self, rank=rank, name=f"Prize {rank}", amount=Decimal(amount))
            Prize.objects.create(call=self, kind=Prize.Kind.PUBLIC, rank=1, name="Public prize")

    @factory.post_generation
    def agent(self, create, extracted, **kwargs):
        if create and extracted:
            give_rights(self, extracted)


def give_rights(call, user, *rights):
    """Give an agent those rights on `call`, all of them when none is named."""
    for right in rights or CallAgent.Right.values:
        CallAgent.objects.get_or_create(call=call, user=user, right=right)


def agent_of(call, *rights):
    """A new agent with those rights on `call`, all of them when none is named."""
    agent = AgentFactory()
    give_rights(call, agent, *rights)
    return agent


def questions_of(call):
    return list(Question.objects.filter(section__call=call))


def open_moment(call):
    """The present when `call` takes applications now, else an hour before its close."""
    return clock.now() if accepts_at(call, clock.now()) else call.closes_at - timedelta(hours=1)


def fill(submission, by):
    """Answer everything the form asks."""
    documents = [q for q in questions_of(submission.call) if q.kind == Question.Kind.FILE]
    values = {q: COMPLETE[q.kind] for q in questions_of(submission.call) if q not in documents}
    submissions.save_answers(submission, values, by=by)
    for question in documents:
        submissions.attach(submission, question, pdf(), by=by)
    return submission


def draft(call=None, structure=None, *, complete=False, **described):
    """A draft by the owner of `structure`, started while the call takes applications."""
    call, structure = call or CallFactory(), structure or StructureFactory()
    by = owner_of(structure)
    with clock.at(open_moment(call)):
        title = described.pop("title", f"Project of {structure.name}")
        started = submissions.start_draft(call, structure, title=title, by=by)
        if complete:
            pillar = described.pop("pillar", None) or call.pillars.first()
            line = described.pop("one_line", "A project in one line.")
            others = described.pop("other_pillars", [])
            submissions.describe(started, title=title, one_line=line, pillar=pillar, other_pillars=others, by=by)
            fill(started, by)
    return started


def submitted(call=None, structure=None, **described):
    """An application handed in, complete, while the call takes them."""
    done = draft(call, structure, complete=True, **described)
    with clock.at(open_moment(done.call)):
        return submissions.submit(done, by=owner_of(done.structure))


def admitted(call=None, structure=None, *, by=None, **described):
    """An application examined after the close and found admissible."""
    done = submitted(call, structure, **described)
    with clock.at(max(clock.now(), done.call.closes_at)):
        return screening.admit(done, by=by or agent_of(done.call, CallAgent.Right.SCREEN))


class SubmissionFactory(factory.Factory):
    """An application made by the operations; `state=` draft, submitted or admissible."""

    class Meta:
        model = Submission

    @classmethod
    def _create(cls, _model, *args, state="submitted", **kwargs):
        return {"draft": draft, "submitted": submitted, "admissible": admitted}[state](*args, **kwargs)
