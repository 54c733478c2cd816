"""A form as long as forms are: four sections of fifteen questions of every kind, and a draft that answers most."""

from datetime import timedelta

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.portal.volume import APPLICANT, SLUG
from calls.models import Call, Question, Section, Submission
from calls.operations import submissions
from pillars.models import Pillar
from tests.factories.calls import COMPLETE, pdf

SECTIONS = 4
KINDS = (
    *("short", "long", "long", "number", "amount", "choice", "choices", "yes_no"),
    *("link", "date", "consent", "table", "file", "file", "long"),
)
SPOKEN = "Une phrase de mesure, comme on en écrit. " * 12
# Those the draft leaves open, in each section.
OPEN = {0, 5, 13}


def a_form_of_sixty() -> Call:
    """An open call whose questions bear a help; in each section, the last is asked according to a "yes"."""
    now = clock.now()
    dates = {"announced_at": now - timedelta(days=9), "opens_at": now - timedelta(days=9)}
    texts = {"title": "Soixante questions", "summary": "Mesure.", "number_prefix": "SX"}
    call = Call.objects.create(slug=f"{SLUG}-soixante", closes_at=now + timedelta(days=30), **texts, **dates)
    call.pillars.set(Pillar.objects.all()[:3])
    for part in range(1, SECTIONS + 1):
        section = Section.objects.create(call=call, order=part, title=f"Partie {part}")
        made = {}
        for place, kind in enumerate(KINDS):
            last = place == len(KINDS) - 1
            made[place] = Question.objects.create(
                section=section,
                order=place,
                kind=kind,
                label=f"Question {place} de la partie {part}",
                help="Une phrase d’aide.",
                options="Au centre\nEn périphérie\nPartout",
                max_words=150 if kind == "long" else None,
                shown_if=made[KINDS.index("yes_no")] if last else None,
                shown_values="yes" if last else "",
            )
    return call


def measured_draft() -> Submission:
    """The draft of the applicant who is measured."""
    by = User.objects.get(email=APPLICANT)
    call, structure = a_form_of_sixty(), by.memberships.get().structure
    draft = submissions.start_draft(call, structure, title="Soixante", pillar=call.pillars.first(), by=by)
    return answer_most(draft, by)


def answer_most(draft: Submission, by: User) -> Submission:
    """Answer it but for the questions left open, documents among them."""
    asked = [q for q in Question.objects.filter(section__call=draft.call) if q.order not in OPEN]
    said = COMPLETE | {"long": SPOKEN, "table": '[["Anna", "Ingénieure", "Lille"]]'}
    submissions.save_answers(draft, {q: said[q.kind] for q in asked if q.kind != "file"}, by=by)
    for question in asked:
        if question.kind == "file":
            submissions.attach(draft, question, pdf(), by=by)
    return draft
