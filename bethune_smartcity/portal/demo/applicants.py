"""The 67 applications of 2017. Six are named in the record; the others are not, and stay numbers here."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bethune_smartcity.core.clock import paris

COUNTRIES = {"FR": 41, "GB": 9, "DE": 7, "BE": 6, "US": 4}
PILLARS = (
    "mobilite-transport",
    "habitat-environnement",
    "education-emploi",
    "alimentation-consommation",
    "loisir-culture",
    "sante-bien-etre",
    "entraide-solidarite",
)


@dataclass(frozen=True)
class Applicant:
    """One application: `merit` (0 to 5) is the invented quality around which the invented marks fall."""

    code: str
    name: str
    one_line: str
    country: str
    pillar: str
    merit: float
    submits_at: datetime


FINALISTS = [
    (
        "Get It Done",
        "Stocker la chaleur dans la gare d’eau de Béthune pour alimenter 800 logements en énergie renouvelable.",
        "habitat-environnement",
        4.25,
    ),
    ("Totem Mobi", "Des véhicules électriques partagés au centre-ville.", "mobilite-transport", 4.05),
    (
        "IcoHup",
        "Des capteurs dans la ville et une alerte sur les risques majeurs, autour du plan communal de sauvegarde.",
        "entraide-solidarite",
        4.0,
    ),
    ("CulturMoov", "La visite virtuelle de la ville : la culture redécouverte.", "loisir-culture", 3.9),
    ("Smiile", "Un réseau social de voisinage.", "entraide-solidarite", 3.8),
    ("ECHY", "Capter la lumière du soleil pour éclairer l’intérieur des bâtiments.", "habitat-environnement", 3.75),
]


def _instants(draw: random.Random, count: int) -> list[datetime]:
    """Instants of submission over the opening weeks, denser towards the close, as deadlines have it."""
    opens, closes = paris(2017, 7, 3, 9), paris(2017, 9, 12, 22)
    span = (closes - opens).total_seconds()
    return sorted(opens + timedelta(seconds=int(span * draw.random() ** 0.45)) for _ in range(count))


def _unnamed(draw: random.Random, number: int) -> tuple[str, str, str, float]:
    merit = min(3.55, max(0.9, draw.gauss(2.5, 0.65)))
    line = "Proposition de démonstration, inventée pour ce rejeu."
    return f"Candidature {number:02d} (démo)", line, PILLARS[draw.randrange(7)], merit


def applicants() -> list[Applicant]:
    """The 67 applications in their order of submission, the same at each call."""
    draw = random.Random(2017)  # noqa: S311 - invented data that must not vary, no secret
    places = dict(zip(sorted(draw.sample(range(67), 6)), draw.sample(FINALISTS, 6), strict=True))
    abroad = [code for code, count in COUNTRIES.items() if code != "FR" for _ in range(count)]
    rest = abroad + ["FR"] * (COUNTRIES["FR"] - len(FINALISTS))
    draw.shuffle(rest)
    others = iter(rest)
    result = []
    for index, at in enumerate(_instants(draw, 67)):
        country = "FR" if index in places else next(others)
        name, line, pillar, merit = places.get(index) or _unnamed(draw, index + 1)
        result.append(Applicant(f"candidat{index + 1:02d}", name, line, country, pillar, merit, at))
    return result
