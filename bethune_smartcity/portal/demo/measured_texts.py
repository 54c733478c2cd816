"""What the pillars aim at in the demonstration, and what is measured of them: all of it invented.

Texts come in French, English, German and Dutch.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

Texts = tuple[str, str, str, str]


@dataclass(frozen=True)
class Measure:
    """An indicator: its name, its unit, whether rising is better, its readings, and its unit in the singular."""

    name: Texts
    unit: Texts
    rising: bool
    readings: tuple[tuple[date, Decimal], ...]
    one: Texts = ("", "", "", "")


@dataclass(frozen=True)
class Aim:
    """A pillar's vision, objectives and indicators."""

    vision: Texts
    objectives: tuple[Texts, ...]
    measures: tuple[Measure, ...]


def yearly(first: int, *values: str) -> tuple[tuple[date, Decimal], ...]:
    """Readings on the last day of each year from `first` on."""
    return tuple((date(first + rank, 12, 31), Decimal(value)) for rank, value in enumerate(values))


def quarterly(first: int, quarter: int, *values: str) -> tuple[tuple[date, Decimal], ...]:
    """Readings on the last day of each quarter from `quarter` of `first` on."""
    ends = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
    places = [divmod(quarter - 1 + rank, 4) for rank in range(len(values))]
    return tuple(
        (date(first + year, *ends[place + 1]), Decimal(value))
        for (year, place), value in zip(places, values, strict=True)
    )


PER_CENT: Texts = ("%", "%", "%", "%")
AIMS = {
    "mobilite-transport": Aim(
        (
            "Venir à Béthune, en partir et s’y déplacer sans que la voiture soit la seule réponse : regarder les usages avant les infrastructures (texte de démonstration).",
            "Coming to Béthune, leaving it and getting around without the car as the only answer: uses before infrastructure (demonstration text).",
            "Nach Béthune kommen, von dort wegfahren und sich dort bewegen, ohne dass das Auto die einzige Antwort ist: erst die Nutzung, dann die Infrastruktur (Demonstrationstext).",
            "Naar Béthune komen, er vertrekken en er bewegen zonder dat de auto het enige antwoord is: eerst het gebruik, dan de infrastructuur (demonstratietekst).",
        ),
        (
            ("Partager les véhicules au centre-ville", "Share vehicles in the city centre", "Fahrzeuge im Stadtzentrum teilen", "Voertuigen delen in het stadscentrum"),
            ("Relier la ville à ses alentours", "Link the city to its surroundings", "Die Stadt mit dem Umland verbinden", "De stad met haar omgeving verbinden"),
            ("Moins de trajets seul en voiture", "Fewer journeys alone in a car", "Weniger Fahrten allein im Auto", "Minder ritten alleen in de auto"),
        ),
        (
            Measure(
                ("Trajets en véhicule partagé", "Journeys in a shared vehicle", "Fahrten im geteilten Fahrzeug", "Ritten met een gedeeld voertuig"),
                ("trajets par mois", "journeys a month", "Fahrten pro Monat", "ritten per maand"),
                True,
                quarterly(2017, 4, "0", "40", "190", "370", "520"),
                one=("trajet par mois", "journey a month", "Fahrt pro Monat", "rit per maand"),
            ),
            Measure(
                ("Trajets domicile-travail seul en voiture", "Commutes alone in a car", "Arbeitswege allein im Auto", "Woon-werkritten alleen in de auto"),
                PER_CENT,
                False,
                yearly(2016, "74", "73.5", "72", "71.2", "65", "67.5", "67", "66.1", "65.4", "64.8"),
            ),
        ),
    ),
    "habitat-environnement": Aim(
        (
            "Se chauffer, respirer et vivre près de l’eau avec ce que la ville a déjà : ses bassins, ses toits, ses jardins (texte de démonstration).",
            "Keeping warm, breathing and living by the water with what the city already has: its basins, roofs and gardens (demonstration text).",
            "Heizen, durchatmen und am Wasser leben mit dem, was die Stadt schon hat: ihre Becken, Dächer und Gärten (Demonstrationstext).",
            "Verwarmen, ademen en leven aan het water met wat de stad al heeft: haar bekkens, daken en tuinen (demonstratietekst).",
        ),
        (
            ("Chauffer des logements sans énergie fossile", "Heat homes without fossil energy", "Wohnungen ohne fossile Energie heizen", "Woningen verwarmen zonder fossiele energie"),
            ("Baisser les consommations des bâtiments de la ville", "Lower the consumption of the city’s buildings", "Den Verbrauch der städtischen Gebäude senken", "Het verbruik van de stadsgebouwen verlagen"),
        ),
        (
            Measure(
                ("Logements chauffés par la gare d’eau", "Homes heated by the gare d’eau", "Vom Hafenbecken beheizte Wohnungen", "Woningen verwarmd door de gare d’eau"),
                ("logements", "homes", "Wohnungen", "woningen"),
                True,
                quarterly(2017, 3, "0", "0", "0", "24", "60", "110"),
                one=("logement", "home", "Wohnung", "woning"),
            ),
            Measure(
                ("Chauffage des bâtiments de la ville", "Heating of the city’s buildings", "Heizung der städtischen Gebäude", "Verwarming van de stadsgebouwen"),
                ("kWh par m² et par an", "kWh per m² a year", "kWh pro m² im Jahr", "kWh per m² per jaar"),
                False,
                yearly(2016, "148", "146.5", "141", "139.8", "128", "136", "129.5", "121", "118.4", "115.2"),
            ),
        ),
    ),
    "education-emploi": Aim(
        (
            "Que chacun trouve près de chez soi de quoi apprendre, se former et travailler (texte de démonstration).",
            "That everyone finds, close to home, a way to learn, train and work (demonstration text).",
            "Dass alle in ihrer Nähe lernen, sich ausbilden und arbeiten können (Demonstrationstext).",
            "Dat iedereen dicht bij huis kan leren, zich vormen en werken (demonstratietekst).",
        ),
        (
            ("Accompagner les jeunes vers un premier emploi", "Help young people to a first job", "Junge Menschen zur ersten Stelle begleiten", "Jongeren begeleiden naar een eerste baan"),
            ("Ouvrir les lieux de la ville aux apprentissages", "Open the city’s places to learning", "Orte der Stadt für das Lernen öffnen", "Plekken van de stad openstellen om te leren"),
        ),
        (
            Measure(
                ("Jeunes accompagnés vers un premier emploi", "Young people helped to a first job", "Zur ersten Stelle begleitete junge Menschen", "Jongeren begeleid naar een eerste baan"),
                ("jeunes par an", "young people a year", "junge Menschen im Jahr", "jongeren per jaar"),
                True,
                yearly(2016, "112", "118", "131", "140", "96", "122", "138", "151", "149", "158"),
                one=("jeune par an", "young person a year", "junger Mensch im Jahr", "jongere per jaar"),
            ),
        ),
    ),
    "alimentation-consommation": Aim(
        (
            "Manger et consommer mieux, plus près, avec moins de restes (texte de démonstration).",
            "Eating and consuming better, closer to home, with less left over (demonstration text).",
            "Besser, näher und mit weniger Resten essen und einkaufen (Demonstrationstext).",
            "Beter en dichterbij eten en kopen, met minder resten (demonstratietekst).",
        ),
        (
            ("Servir plus de produits locaux dans les cantines", "Serve more local food in school canteens", "Mehr regionale Kost in den Schulkantinen", "Meer streekproducten in de schoolkantines"),
            ("Jeter moins", "Throw less away", "Weniger wegwerfen", "Minder weggooien"),
        ),
        (
            Measure(
                ("Produits locaux dans les cantines", "Local food in school canteens", "Regionale Kost in den Schulkantinen", "Streekproducten in de schoolkantines"),
                PER_CENT,
                True,
                yearly(2016, "11", "12.5", "15", "19", "21", "24.5", "28", "31.5", "33", "36"),
            ),
        ),
    ),
    "loisir-culture": Aim(
        (
            "Redécouvrir la ville : ses places, son beffroi, ses artistes, sur place et à distance (texte de démonstration).",
            "Discovering the city anew: its squares, its belfry, its artists, here and from afar (demonstration text).",
            "Die Stadt neu entdecken: ihre Plätze, ihren Belfried, ihre Künstler, vor Ort und aus der Ferne (Demonstrationstext).",
            "De stad opnieuw ontdekken: haar pleinen, haar belfort, haar kunstenaars, ter plaatse en op afstand (demonstratietekst).",
        ),
        (
            ("Ouvrir le patrimoine à ceux qui ne peuvent pas venir", "Open heritage to those who cannot come", "Das Erbe für alle öffnen, die nicht kommen können", "Het erfgoed openstellen voor wie niet kan komen"),
            ("Faire vivre les places toute l’année", "Keep the squares alive all year", "Die Plätze das ganze Jahr beleben", "De pleinen het hele jaar laten leven"),
        ),
        (
            Measure(
                ("Visites du beffroi, sur place et en ligne", "Visits to the belfry, on site and online", "Besuche im Belfried, vor Ort und online", "Bezoeken aan het belfort, ter plaatse en online"),
                ("visites par an", "visits a year", "Besuche im Jahr", "bezoeken per jaar"),
                True,
                yearly(2016, "8200", "8650", "9400", "10100", "3900", "7200", "11800", "12900", "13400", "14250"),
                one=("visite par an", "visit a year", "Besuch im Jahr", "bezoek per jaar"),
            ),
        ),
    ),
    "sante-bien-etre": Aim(
        (
            "Vivre en bonne santé à tout âge, avec des soins à portée de main (texte de démonstration).",
            "Living in good health at every age, with care within reach (demonstration text).",
            "In jedem Alter gesund leben, mit Versorgung in Reichweite (Demonstrationstext).",
            "Gezond leven op elke leeftijd, met zorg binnen bereik (demonstratietekst).",
        ),
        (
            ("Que chacun ait un médecin traitant", "That everyone has a family doctor", "Dass alle eine Hausärztin oder einen Hausarzt haben", "Dat iedereen een huisarts heeft"),
            ("Bouger plus au quotidien", "Move more every day", "Sich im Alltag mehr bewegen", "Meer bewegen in het dagelijks leven"),
        ),
        (
            Measure(
                ("Habitants ayant un médecin traitant", "Inhabitants with a family doctor", "Einwohner mit Hausarzt", "Inwoners met een huisarts"),
                PER_CENT,
                True,
                yearly(2016, "91.5", "91", "90.2", "89.6", "88", "86.9", "86.2", "86", "86.4", "86.8"),
            ),
        ),
    ),
    "entraide-solidarite": Aim(
        (
            "Que personne ne soit seul devant un risque ni dans la vie de tous les jours (texte de démonstration).",
            "That nobody stands alone before a risk, or in everyday life (demonstration text).",
            "Dass niemand mit einem Risiko oder im Alltag allein bleibt (Demonstrationstext).",
            "Dat niemand alleen staat tegenover een risico of in het dagelijks leven (demonstratietekst).",
        ),
        (
            ("Alerter à temps quand l’eau monte", "Warn in time when the water rises", "Rechtzeitig warnen, wenn das Wasser steigt", "Op tijd waarschuwen als het water stijgt"),
            ("Faire grandir la réserve citoyenne", "Let the citizens’ reserve grow", "Die Bürgerreserve wachsen lassen", "De burgerreserve laten groeien"),
        ),
        (
            Measure(
                ("Délai entre la montée de l’eau et l’alerte", "Time from rising water to the warning", "Zeit vom Anstieg des Wassers bis zur Warnung", "Tijd tussen stijgend water en waarschuwing"),
                ("minutes", "minutes", "Minuten", "minuten"),
                False,
                quarterly(2017, 2, "92", "90", "88"),
                one=("minute", "minute", "Minute", "minuut"),
            ),
            Measure(
                ("Membres de la réserve citoyenne", "Members of the citizens’ reserve", "Mitglieder der Bürgerreserve", "Leden van de burgerreserve"),
                ("personnes", "people", "Personen", "personen"),
                True,
                yearly(2017, "14", "22", "31", "58", "61", "64", "70", "83", "95"),
                one=("personne", "person", "Person", "persoon"),
            ),
        ),
    ),
}  # fmt: skip

# What each project of 2017 is to change: the French name of an indicator, its value before, the one aimed at.
TARGETS = {
    "get-it-done": ("Logements chauffés par la gare d’eau", Decimal(0), Decimal(800)),
    "totem-mobi": ("Trajets en véhicule partagé", Decimal(0), Decimal(900)),
    "icohup": ("Délai entre la montée de l’eau et l’alerte", Decimal(90), Decimal(15)),
}
