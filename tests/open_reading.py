"""The open call of a demonstration brought to its reading, by operations: jurors mark, nothing is locked."""

from datetime import timedelta

from bethune_smartcity.accounts.operations import found_structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.demo import move_demo_clock
from bethune_smartcity.portal.demo.applicants import Applicant
from bethune_smartcity.portal.demo.call_2017 import answers
from bethune_smartcity.portal.demo.cast import gather, person
from bethune_smartcity.portal.demo.jury_2017 import declare_no_links
from bethune_smartcity.portal.demo.marks import invented
from bethune_smartcity.portal.demo.mobility import SLUG
from calls.models import Call, Criterion, Submission
from calls.operations import screening, submissions
from calls.workflow import SubmissionState
from juries.models import Assignment, Panel
from juries.operations import panels, scoring
from pillars.models import Pillar

DAY, MORNING, AFTERNOON = timedelta(days=1), timedelta(hours=9), timedelta(hours=5, minutes=3)
APPLICATIONS = (
    ("Vélos-cargos partagés (démo)", "Des vélos-cargos à louer à l’heure, près des commerces et de la gare.", "FR"),
    ("Covoiturage des communes (démo)", "Un covoiturage du quotidien entre Béthune et les communes voisines.", "FR"),
    ("Places libres (démo)", "Dire à qui arrive où se garer, sans capteur dans la chaussée.", "BE"),
    ("Livrer à pied (démo)", "Les derniers mètres des colis, à pied, depuis trois points relais.", "NL"),
    ("Calme aux écoles (démo)", "Des rues fermées aux heures d’école, décidées avec les parents.", "DE"),
)
DONE, BEGUN, MARKED = 0, 1, 3
"""What becomes of a sheet, and how many marks one that is begun has."""


def build() -> None:
    """Five applications more, all admitted, everyone's readings planned and opened, part of the sheets handed in; and
    the demonstration's clock on that day.
    """
    cast, call = gather(), Call.objects.get(slug=SLUG)
    with clock.at(call.closes_at - 2 * DAY):
        for place, (title, line, country) in enumerate(APPLICATIONS, start=1):
            _apply(call, place, title, line, country)
    with clock.at(call.closes_at + 2 * DAY):
        for one in Submission.objects.filter(call=call, state=SubmissionState.SUBMITTED):
            screening.admit(one, by=cast.agent)
    panel = Panel.objects.get(call=call, stage=Panel.Stage.READING)
    begins = call.closes_at + 11 * DAY + MORNING
    with clock.at(begins):
        panels.plan_assignments(panel, seed=1, by=cast.agent)
        panels.open_panel(panel, by=cast.agent)
    declare_no_links(panel, begins + DAY)
    with clock.at(begins + 2 * DAY + AFTERNOON):
        _mark(panel)
    move_demo_clock(begins + 3 * DAY + AFTERNOON)


def _apply(call: Call, place: int, title: str, line: str, country: str) -> None:
    team = person(f"equipe{place}", f"Équipe {place} (démo)")
    structure = found_structure(by=team, name=title, country=country, kind="company")
    pillar = Pillar.objects.get(slug="mobilite-transport")
    begun = submissions.start_draft(call, structure, title=title, pillar=pillar, by=team)
    submissions.describe(begun, title=title, one_line=line, pillar=pillar, other_pillars=[], by=team)
    written = answers(call, Applicant(f"candidat{place:02d}", title, line, country, pillar.slug, 3.0, clock.now()))
    submissions.save_answers(begun, written, by=team)
    submissions.submit(begun, by=team)


def _mark(panel: Panel) -> None:
    """Sheets in every state. The first juror has begun the first application, and handed the second one in."""
    criteria = list(Criterion.objects.filter(call=panel.call, stage=panel.stage))
    jurors = list(panel.jurors.order_by("is_chair", "pk").values_list("pk", flat=True))
    numbers = sorted(set(Assignment.objects.filter(juror__panel=panel).values_list("submission__number", flat=True)))
    for duty in Assignment.objects.filter(juror__panel=panel).select_related("juror__user", "submission"):
        seat, place = jurors.index(duty.juror_id), numbers.index(duty.submission.number)
        fate = (2 * seat + place + 1) % 5 if seat else (BEGUN, DONE, DONE)[place] if place < 3 else None
        _sheet(duty, criteria, seat, fate)


def _sheet(duty: Assignment, criteria: list[Criterion], seat: int, fate: int | None) -> None:
    given = invented(criteria, 3.4, seat, f"{seat}-{duty.submission.number}")
    by = duty.juror.user
    if fate == BEGUN:
        some = {one: given[one] for one in criteria[:MARKED]}
        words = "Un besoin bien posé, un essai possible en six mois (démo)."
        scoring.save_sheet(duty, marks=some, comment=words, version=0, by=by)
    elif fate in (DONE, 2, 3):
        sheet = scoring.save_sheet(duty, marks=given, comment="Commentaire de démonstration.", version=0, by=by)
        scoring.hand_in(sheet, by=by)
