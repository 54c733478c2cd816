"""A call as large as one wishes, for measures: rows inserted in bulk that keep every invariant of the portal."""

import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from bethune_smartcity.accounts.models import Membership, Structure, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.text import normalise
from calls.models import Answer, Call, Criterion, Question, Submission
from calls.operations import publication, submissions
from calls.workflow import SubmissionState
from juries.models import Assignment, Juror, Mark, Panel, Sheet
from juries.operations import panels, scoring
from juries.workflow import SheetState
from pillars.models import Pillar
from projects.models import Project

from .demo.questionnaire import write_criteria, write_form
from .demo.wording import texts

SLUG = "volume"
AGENT = "agent@volume.example"
CHAIR = "presidence@volume.example"
JUROR = "jure1@volume.example"
APPLICANT = "candidate@volume.example"
READERS = 5
BATCH = 2000


@transaction.atomic
def load(count: int) -> None:
    """A closed call with `count` finalists, a second, open one with one draft, and `count` projects of the city.

    Each finalist has `READERS` sheets in the reading (frozen) and in the finale (open). Raises ValueError when it is
    there already or `count` is below 1.
    """
    if count < 1 or Call.objects.filter(slug=SLUG).exists():
        raise ValueError("the volume is loaded once, with one submission at least")
    agent, chair, applicant = _person(AGENT, is_agent=True), _person(CHAIR), _person(APPLICANT)
    readers = [_person(f"jure{n}@volume.example") for n in range(1, READERS + 1)]
    call = _call(agent, SLUG, opens=-40, closes=-10)
    items = _submissions(call, count)
    reading = _panel(call, Criterion.Stage.READING, agent, chair, readers)
    finale = _panel(call, Criterion.Stage.FINALE, agent, chair, readers)
    _fill(reading, items, handed_in=True)
    scoring.lock_panel(reading, by=chair)
    scoring.disclose_panel(reading, by=chair)
    Submission.objects.filter(call=call).update(
        state=SubmissionState.SHORTLISTED, former_state=SubmissionState.ADMISSIBLE, decision_public_at=clock.now()
    )
    _fill(finale, items, handed_in=False)
    panels.open_panel(finale, by=agent)
    _draft(agent, applicant)
    _projects(count)


def _projects(count: int) -> None:
    """`count` city-led projects in the showcase."""
    pillars = list(Pillar.objects.all())
    projects = [
        Project(
            slug=f"mesure-{n:05d}",
            name_fr=f"Projet {n:05d} (mesure)",
            one_line_fr="Un projet de mesure, sur une ligne.",
            pillar=pillars[n % 7],
        )
        for n in range(count)
    ]
    for project in projects:
        project.fold()
    Project.objects.bulk_create(projects, batch_size=BATCH)


def _person(email: str, **facts: bool) -> User:
    return User.objects.create(email=email, name=email.split("@", maxsplit=1)[0], password=make_password(None), **facts)


def _call(agent: User, slug: str, *, opens: int, closes: int) -> Call:
    """A call whose opening and close lie `opens` and `closes` days from today, announced the day before it opens."""
    start = clock.start_of(clock.today())
    with clock.at(start + timedelta(days=opens - 1)):
        call = publication.create_call(
            by=agent,
            slug=slug,
            opens_at=start + timedelta(days=opens),
            closes_at=start + timedelta(days=closes),
            number_prefix=slug[:1].upper() + slug[-3:].upper(),
            pillars=list(Pillar.objects.all()),
            **texts({"title_fr": f"Appel de mesure « {slug} »", "title_en": f"Measured call “{slug}”"}),
        )
        write_form(call)
        write_criteria(call)
        publication.announce(call, by=agent)
    return call


def _submissions(call: Call, count: int) -> list[Submission]:
    """`count` admissible submissions of as many structures, each with its owner's membership and short answers."""
    pillars = list(Pillar.objects.all())
    structures = Structure.objects.bulk_create(
        (Structure(name=f"Structure {n:05d}", country=("FR", "BE", "DE", "GB", "US")[n % 5]) for n in range(count)),
        batch_size=BATCH,
    )
    owners = User.objects.bulk_create(
        (User(email=f"owner{n}@volume.example", password="!") for n in range(count)),  # noqa: S106 - nobody signs in
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        (Membership(user=u, structure=s, role=Membership.Role.OWNER) for u, s in zip(owners, structures, strict=True)),
        batch_size=BATCH,
    )
    items = Submission.objects.bulk_create(
        (_submission(call, n, structure, pillars[n % 7]) for n, structure in enumerate(structures)), batch_size=BATCH
    )
    Call.objects.filter(pk=call.pk).update(last_number=count)
    questions = list(Question.objects.filter(section__call=call, kind=Question.Kind.LONG))
    Answer.objects.bulk_create(
        (Answer(submission=item, question=q, value="Réponse de mesure.") for item in items for q in questions),
        batch_size=BATCH,
    )
    return items


def _submission(call: Call, n: int, structure: Structure, pillar: Pillar) -> Submission:
    title = f"Candidature {n + 1:05d} (mesure)"
    return Submission(
        id=uuid.UUID(int=random.Random(n).getrandbits(128), version=4),  # noqa: S311 - the same rows at each load
        call=call,
        structure=structure,
        title=title,
        one_line="Une proposition de mesure, sur une ligne.",
        pillar=pillar,
        state=SubmissionState.ADMISSIBLE,
        number=f"{call.number_prefix}-{n + 1:04d}",
        created_at=call.opens_at,
        submitted_at=call.opens_at + (call.closes_at - call.opens_at) * (n % 997) / 1000,
        search_text=normalise(f"{title} {structure.name}"),
    )


def _panel(call: Call, stage: str, agent: User, chair: User, readers: list[User]) -> Panel:
    panel = panels.create_panel(call, stage, by=agent, readings=READERS, places=6)
    panels.accept_charter(panels.seat(panel, chair, by=agent, has_voice=False, is_chair=True), by=chair)
    for reader in readers:
        panels.accept_charter(panels.seat(panel, reader, by=agent), by=reader)
    return panel


def _fill(panel: Panel, items: list[Submission], *, handed_in: bool) -> None:
    """Every submission assigned to every reader, with a sheet and its marks."""
    jurors = list(panel.jurors.filter(has_voice=True).order_by("pk"))
    pairs = [(juror, item) for item in items for juror in jurors]
    Assignment.objects.bulk_create((Assignment(juror=j, submission=s) for j, s in pairs), batch_size=BATCH)
    for juror in jurors:
        panels.declare_no_link(juror, items, by=juror.user)
    if handed_in:
        panels.open_panel(panel, by=panel.call.agent_rights.first().user)
    sheets = Sheet.objects.bulk_create((_sheet(j, s, handed_in) for j, s in pairs), batch_size=BATCH)
    criteria = list(Criterion.objects.filter(call=panel.call, stage=panel.stage))
    Mark.objects.bulk_create(_marks(sheets, criteria), batch_size=BATCH)


def _sheet(juror: Juror, item: Submission, handed_in: bool) -> Sheet:
    state = {"state": SheetState.HANDED_IN, "handed_in_at": clock.now()} if handed_in else {"state": SheetState.DRAFT}
    return Sheet(juror=juror, submission=item, version=1, comment="Un mot.", **state)


def _marks(sheets: list[Sheet], criteria: list[Criterion]) -> Iterator[Mark]:
    draw = random.Random(67)  # noqa: S311 - invented marks, no secret
    for sheet in sheets:
        for criterion in criteria:
            yield Mark(sheet=sheet, criterion=criterion, value=draw.randrange(11) / 2)


def _draft(agent: User, applicant: User) -> Any:
    call = _call(agent, f"{SLUG}-ouvert", opens=-5, closes=30)
    structure = Structure.objects.create(name="Structure de mesure", country="FR")
    Membership.objects.create(user=applicant, structure=structure, role=Membership.Role.OWNER)
    return submissions.start_draft(call, structure, title="Brouillon de mesure", by=applicant)
