"""What the three projects of 2017 tell in the demonstration, in French, English, German and Dutch.

What each offers and what the jury decided are of record; the steps, their days and the news are invented, and say so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bethune_smartcity.core.clock import paris

LANGUAGES = ("fr", "en", "de", "nl")
Texts = tuple[str, str, str, str]


def told(name: str, texts: Texts) -> dict[str, str]:
    """`texts` as the columns of a translated field."""
    return {f"{name}_{code}": text for code, text in zip(LANGUAGES, texts, strict=True)}


@dataclass(frozen=True)
class Step:
    """A small step: its title, the day it is due (or how long after the day of loading) and the day it was done, if it was."""

    title: Texts
    due: date | timedelta
    done: date | None = None


@dataclass(frozen=True)
class News:
    at: datetime
    title: Texts
    body: Texts


@dataclass(frozen=True)
class Story:
    """A project as the showcase tells it; `acts` are those of its workflow, and when they were done."""

    slug: str
    line: Texts
    text: Texts
    place: Texts
    steps: tuple[Step, ...]
    news: tuple[News, ...]
    acts: tuple[tuple[datetime, str], ...]


GET_IT_DONE = Story(
    "get-it-done",
    (
        "Stocker la chaleur dans la gare d’eau de Béthune pour alimenter 800 logements en énergie renouvelable.",
        "Storing heat in Béthune’s gare d’eau to supply 800 homes with renewable energy.",
        "Wärme in der Gare d’eau von Béthune speichern, um 800 Wohnungen mit erneuerbarer Energie zu versorgen.",
        "Warmte opslaan in de gare d’eau van Béthune om 800 woningen van hernieuwbare energie te voorzien.",
    ),
    (
        "La **gare d’eau**, ancien bassin du port intérieur, devient une réserve de chaleur. Le projet est pensé pour ce "
        "site et venait, seul des six, avec un plan d’investissement chiffré : de quoi alimenter 800 logements en énergie "
        "renouvelable.\n\nLe jury lui a donné le premier prix, le public le sien : une offre d’incubation sur le "
        "territoire et l’enveloppe de 8 000 € attribuée par la ville.",
        "The **gare d’eau**, the old basin of the inland port, becomes a store of heat. The project is designed for this "
        "site and was the only one of the six to come with a costed investment plan: enough to supply 800 homes with "
        "renewable energy.\n\nThe jury gave it the first prize, and the public gave it theirs: a local "
        "incubation offer and the €8,000 allotted by the city.",
        "Die **Gare d’eau**, das alte Becken des Binnenhafens, wird zum Wärmespeicher. Das Projekt ist für diesen Ort "
        "entworfen und kam als einziges der sechs mit einem bezifferten Investitionsplan: genug, um 800 Wohnungen mit "
        "erneuerbarer Energie zu versorgen.\n\nVon der Jury bekam es den ersten Preis, vom Publikum den Publikumspreis: "
        "ein Inkubationsangebot vor Ort und die 8.000 €, die die Stadt dafür bereitstellt.",
        "De **gare d’eau**, het oude bekken van de binnenhaven, wordt een warmtevoorraad. Het project is voor deze plek "
        "ontworpen en kwam als enige van de zes met een becijferd investeringsplan: genoeg om 800 woningen van "
        "hernieuwbare energie te voorzien.\n\nDe jury gaf het de eerste prijs, het publiek de publieksprijs: een "
        "incubatieaanbod ter plaatse en de € 8.000 die de stad ervoor uittrekt.",
    ),
    ("Gare d’eau, Béthune", "Gare d’eau, Béthune", "Gare d’eau, Béthune", "Gare d’eau, Béthune"),
    (
        Step(
            ("Convention signée", "Agreement signed", "Vereinbarung unterzeichnet", "Overeenkomst ondertekend"),
            date(2017, 11, 15),
            date(2017, 11, 14),
        ),
        Step(
            (
                "Premières mesures dans le bassin",
                "First measurements in the basin",
                "Erste Messungen im Becken",
                "Eerste metingen in het bekken",
            ),
            date(2018, 2, 28),
            date(2018, 2, 26),
        ),
        Step(
            (
                "Plan de financement partagé avec la ville",
                "Financing plan shared with the city",
                "Finanzierungsplan gemeinsam mit der Stadt",
                "Financieringsplan samen met de stad",
            ),
            timedelta(days=75),
        ),
    ),
    (
        News(
            paris(2017, 11, 14, 17),
            (
                "La convention est signée",
                "The agreement is signed",
                "Die Vereinbarung ist unterzeichnet",
                "De overeenkomst is ondertekend",
            ),
            (
                "Premier petit pas : la ville et la startup se sont engagées (démo).",
                "First small step: the city and the startup have made their commitments (demo).",
                "Der erste kleine Schritt: Die Stadt und das Start-up haben sich verpflichtet (Demo).",
                "Eerste kleine stap: de stad en de start-up hebben zich verbonden (demo).",
            ),
        ),
        News(
            paris(2018, 2, 26, 10),
            (
                "Les sondes sont posées",
                "The probes are in place",
                "Die Messsonden sind eingesetzt",
                "De sondes zijn geplaatst",
            ),
            (
                "Les relevés de température commencent (démo).",
                "The temperature readings begin (demo).",
                "Die Temperaturmessungen beginnen (Demo).",
                "De temperatuurmetingen beginnen (demo).",
            ),
        ),
    ),
    ((paris(2017, 11, 14, 16), "agree"), (paris(2018, 1, 15, 9), "start_trial")),
)

TOTEM_MOBI = Story(
    "totem-mobi",
    (
        "Des véhicules électriques partagés au centre-ville.",
        "Shared electric vehicles in the city centre.",
        "Gemeinsam genutzte Elektrofahrzeuge im Stadtzentrum.",
        "Elektrische deelvoertuigen in het stadscentrum.",
    ),
    (
        "Des **véhicules électriques partagés** : une solution de mobilité électrique au centre-ville. Le jury lui a donné "
        "le deuxième prix.",
        "**Shared electric vehicles**: an electric mobility solution in the city centre. The jury gave it the second prize.",
        "**Gemeinsam genutzte Elektrofahrzeuge**: eine Lösung für Elektromobilität im Stadtzentrum. Die Jury hat dem "
        "Projekt den zweiten Preis verliehen.",
        "**Elektrische deelvoertuigen**: een oplossing voor elektrische mobiliteit in het stadscentrum. De jury gaf het "
        "project de tweede prijs.",
    ),
    (
        "Centre-ville de Béthune",
        "Béthune city centre",
        "Stadtzentrum von Béthune",
        "Stadscentrum van Béthune",
    ),
    (
        Step(
            ("Choix des emplacements", "Choice of the places", "Wahl der Stellplätze", "Keuze van de standplaatsen"),
            date(2017, 12, 20),
            date(2017, 12, 18),
        ),
        Step(("Premiers trajets", "First trips", "Erste Fahrten", "Eerste ritten"), timedelta(days=45)),
    ),
    (
        News(
            paris(2017, 12, 18, 12),
            (
                "Les emplacements sont choisis",
                "The places are chosen",
                "Die Stellplätze stehen fest",
                "De standplaatsen zijn gekozen",
            ),
            (
                "Avec les commerçants et les habitants (démo).",
                "With shopkeepers and inhabitants (demo).",
                "Gemeinsam mit Händlern und Einwohnern (Demo).",
                "Samen met winkeliers en inwoners (demo).",
            ),
        ),
    ),
    ((paris(2017, 12, 1, 9), "agree"), (paris(2018, 3, 1, 9), "start_trial")),
)

ICOHUP = Story(
    "icohup",
    (
        "Des capteurs dans la ville et une alerte sur les risques majeurs, autour du plan communal de sauvegarde.",
        "Sensors across the city and an alert on major risks, around the municipal safety plan.",
        "Sensoren in der ganzen Stadt und eine Warnung vor großen Risiken, rund um den kommunalen Schutzplan.",
        "Sensoren in de hele stad en een waarschuwing bij grote risico’s, rond het gemeentelijk rampenplan.",
    ),
    (
        "Des **capteurs** et une alerte autour du plan communal de sauvegarde, le risque d’inondation d’abord. L’ambition : "
        "un seul outil pour les villes moyennes, qui alerte, déclenche les procédures et mène aux réserves citoyennes et "
        "communales.",
        "**Sensors** and an alert around the municipal safety plan, flood risk first. The ambition: one single tool for "
        "medium-sized cities, which alerts, triggers the procedures and leads to the citizens’ and municipal reserves.",
        "**Sensoren** und eine Warnung rund um den kommunalen Schutzplan, zuerst beim Hochwasserrisiko. Das Ziel: ein "
        "einziges Werkzeug für mittelgroße Städte, das warnt, die Verfahren auslöst und zu den Bürger- und "
        "Gemeindereserven führt.",
        "**Sensoren** en een waarschuwing rond het gemeentelijk rampenplan, eerst bij overstromingsrisico. De ambitie: "
        "één enkel hulpmiddel voor middelgrote steden, dat waarschuwt, de procedures start en naar de burger- en "
        "gemeentereserves leidt.",
    ),
    (
        "Cours d’eau de Béthune",
        "The watercourses of Béthune",
        "Die Gewässer von Béthune",
        "De waterlopen van Béthune",
    ),
    (
        Step(
            (
                "Relire le plan communal de sauvegarde",
                "Read the municipal safety plan again",
                "Den kommunalen Schutzplan durchsehen",
                "Het gemeentelijk rampenplan herlezen",
            ),
            date(2017, 12, 15),
            date(2017, 12, 15),
        ),
        Step(
            ("Premier capteur posé", "First sensor in place", "Erster Sensor gesetzt", "Eerste sensor geplaatst"),
            timedelta(days=60),
        ),
    ),
    (
        News(
            paris(2017, 12, 15, 16),
            (
                "Le plan de sauvegarde est relu",
                "The safety plan has been read again",
                "Der Schutzplan ist durchgesehen",
                "Het rampenplan is herlezen",
            ),
            (
                "Ville et startup ont noté ce qui se déclenche, et quand (démo).",
                "The city and the startup have noted what is triggered, and when (demo).",
                "Stadt und Start-up haben festgehalten, was wann ausgelöst wird (Demo).",
                "Stad en start-up hebben genoteerd wat er in gang wordt gezet, en wanneer (demo).",
            ),
        ),
    ),
    ((paris(2017, 12, 5, 9), "agree"),),
)

# By the name each project applied under.
STORIES = {"Get It Done": GET_IT_DONE, "Totem Mobi": TOTEM_MOBI, "IcoHup": ICOHUP}
