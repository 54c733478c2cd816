"""What became of the three laureates. Milestones, dates and payments are invented."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from calls.models import Call
from juries.models import Award
from projects.models import Project
from projects.operations import incubation

from .cast import Cast


@dataclass(frozen=True)
class Story:
    slug: str
    text: str
    place: str
    steps: list[tuple[str, date, date | None]]
    updates: list[tuple[datetime, str, str]]
    acts: list[tuple[datetime, str]]


STORIES = {
    "Get It Done": Story(
        "get-it-done",
        "La **gare d’eau**, ancien bassin du port intérieur, devient une réserve de chaleur. Le projet est pensé pour ce "
        "site et venait, seul des six, avec un plan d’investissement chiffré : de quoi alimenter 800 logements en énergie "
        "renouvelable.\n\nLe jury lui a donné le premier prix, le public le sien : une offre d’incubation sur le "
        "territoire et l’enveloppe de 8 000 € attribuée par la ville.",
        "Gare d’eau, Béthune",
        [
            ("Convention signée", date(2017, 11, 15), date(2017, 11, 14)),
            ("Premières mesures dans le bassin", date(2018, 2, 28), date(2018, 2, 26)),
            ("Plan de financement partagé avec la ville", date(2018, 6, 30), None),
        ],
        [
            (paris(2017, 11, 14, 17), "La convention est signée", "Premier petit pas : la ville et la startup se sont engagées (démo)."),
            (paris(2018, 2, 26, 10), "Les sondes sont posées", "Les relevés de température commencent (démo)."),
        ],
        [(paris(2017, 11, 14, 16), "agree"), (paris(2018, 1, 15, 9), "start_trial")],
    ),
    "Totem Mobi": Story(
        "totem-mobi",
        "Des **véhicules électriques partagés** au centre-ville, à prendre et à laisser sans réservation.",
        "Centre-ville de Béthune",
        [
            ("Choix des emplacements", date(2017, 12, 20), date(2017, 12, 18)),
            ("Premiers trajets", date(2018, 4, 1), None),
        ],
        [(paris(2017, 12, 18, 12), "Les emplacements sont choisis", "Avec les commerçants et les habitants (démo).")],
        [(paris(2017, 12, 1, 9), "agree"), (paris(2018, 3, 1, 9), "start_trial")],
    ),
    "IcoHup": Story(
        "icohup",
        "Des **capteurs** et une alerte autour du plan communal de sauvegarde, le risque d’inondation d’abord. L’ambition : "
        "un seul outil pour les villes moyennes, qui alerte, déclenche les procédures et mène aux réserves citoyennes et "
        "communales.",
        "Cours d’eau de Béthune",
        [
            ("Relire le plan communal de sauvegarde", date(2017, 12, 15), date(2017, 12, 15)),
            ("Premier capteur posé", date(2018, 3, 15), None),
        ],
        [(paris(2017, 12, 15, 16), "Le plan de sauvegarde est relu", "Ville et startup ont noté ce qui se déclenche, et quand (démo).")],
        [(paris(2017, 12, 5, 9), "agree")],
    ),
}  # fmt: skip


def incubate(call: Call, cast: Cast) -> list[Project]:
    """Open one project for each jury award, and live its first months."""
    awards = Award.objects.filter(call=call, prize__kind="jury").select_related("submission")
    return [_open(award, cast) for award in awards]


def _open(award: Award, cast: Cast) -> Project:
    story = STORIES[award.submission.title]
    with clock.at(paris(2017, 10, 2, 10)):
        project = incubation.open_incubation(
            award, slug=story.slug, story=story.text, place=story.place, mentors=[cast.mentor], by=cast.agent
        )
        for title, due, _done in story.steps:
            incubation.add_milestone(project, title, due, by=cast.agent)
    _live(project, story, cast)
    if award.amount:
        _pay(project, award.amount, cast)
    return project


def _live(project: Project, story: Story, cast: Cast) -> None:
    owner = project.structure.people.first()
    for at, act in story.acts:
        with clock.at(at):
            incubation.advance(project, act, by=cast.agent)
    for milestone, (_title, _due, done) in zip(project.milestones.all(), story.steps, strict=True):
        if done is None:
            continue
        with clock.at(paris(done.year, done.month, done.day, 15)):
            incubation.report_milestone(milestone, "Fait, voir la photo (démo).", by=owner)
            incubation.accept_milestone(milestone, by=cast.agent)
    for at, title, body in story.updates:
        with clock.at(at):
            incubation.post_update(project, title, body, by=owner)


def _pay(project: Project, amount: Decimal, cast: Cast) -> None:
    """Half at the agreement, paid; the rest with the last milestone, planned."""
    with clock.at(paris(2017, 11, 16, 10)):
        half = incubation.add_payment(
            project, "Acompte", amount / 2, milestone=project.milestones.first(), by=cast.agent
        )
        incubation.add_payment(project, "Solde", amount / 2, milestone=project.milestones.last(), by=cast.agent)
        incubation.request_payment(half, by=project.structure.people.first())
        incubation.approve_payment(half, by=cast.agent)
    with clock.at(paris(2017, 12, 4, 10)):
        incubation.pay_payment(half, by=cast.agent)
