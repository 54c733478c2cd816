"""What the demonstration tells other cities: places, pictures and replication files of the three projects of 2017.

The facts of record are those of the call; places, needs, costs and lessons are invented, and say so.
"""

from dataclasses import dataclass
from decimal import Decimal

from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from projects.models import Photo, Project, ReplicationRequest
from projects.operations import incubation, photos, replication

from .cast import Cast
from .pictures import drawn_picture
from .rendered import CITY, STARTUP, give
from .stories import LANGUAGES, Texts, told


@dataclass(frozen=True)
class Dossier:
    """Where a project stands on the map, what its picture shows, and its file: each text in the four languages."""

    place: tuple[str, str]
    alt: Texts
    second: Texts | None
    parts: dict[str, Texts]


DOSSIERS = {
    "get-it-done": Dossier(
        ("50.53640", "2.64480"),
        (
            "Dessin : des maisons à pignon au-dessus de l’eau de la gare d’eau",
            "Drawing: gabled houses above the water of the gare d’eau",
            "Zeichnung: Giebelhäuser über dem Wasser der Gare d’eau",
            "Tekening: huizen met puntgevel boven het water van de gare d’eau",
        ),
        (
            "Dessin : les mêmes maisons de nuit, l’eau éclairée",
            "Drawing: the same houses at night, the water lit",
            "Zeichnung: dieselben Häuser bei Nacht, das Wasser erleuchtet",
            "Tekening: dezelfde huizen bij nacht, het water verlicht",
        ),
        {
            "context": (
                "Un ancien bassin de port intérieur, au milieu de la ville, et des logements à chauffer tout autour.",
                "A former inland port basin in the middle of the town, and homes to heat all around it.",
                "Ein ehemaliges Binnenhafenbecken mitten in der Stadt und ringsum Wohnungen, die geheizt werden müssen.",
                "Een oud binnenhavenbekken midden in de stad, met rondom woningen die verwarmd moeten worden.",
            ),
            "needs": (
                "- un plan d’eau assez profond et proche des logements\n- un plan d’investissement chiffré dès le départ\n"
                "- un relevé de températures sur une saison (démo)",
                "- a body of water that is deep enough and close to homes\n- a costed investment plan from the start\n"
                "- temperatures recorded over one season (demo)",
                "- ein ausreichend tiefes Gewässer nahe an Wohnungen\n- ein bezifferter Investitionsplan von Anfang an\n"
                "- über eine Saison gemessene Temperaturen (Demo)",
                "- een water dat diep genoeg is en dicht bij woningen ligt\n- vanaf het begin een becijferd investeringsplan\n"
                "- temperaturen gemeten over een seizoen (demo)",
            ),
            "cost": (
                "La ville a attribué **8 000 €** à l’incubation. Le plan d’investissement complet se demande (démo).",
                "The city awarded **€8,000** to the incubation. The full investment plan is sent on request (demo).",
                "Die Stadt hat **8.000 €** für die Inkubation vergeben. Den vollständigen Investitionsplan gibt es auf Anfrage (Demo).",
                "De stad kende **€ 8.000** toe aan de incubatie. Het volledige investeringsplan is op aanvraag (demo).",
            ),
            "partners": (
                "La ville de Béthune et ENGIE accompagnent ensemble les premiers pas.",
                "The city of Béthune and ENGIE support the first steps together.",
                "Die Stadt Béthune und ENGIE begleiten die ersten Schritte gemeinsam.",
                "De stad Béthune en ENGIE begeleiden samen de eerste stappen.",
            ),
            "lessons": (
                "Mesurer d’abord, dimensionner ensuite : une saison de relevés a changé le plan (démo).",
                "Measure first, size afterwards: one season of records changed the plan (demo).",
                "Erst messen, dann auslegen: eine Saison Messwerte hat den Plan verändert (Demo).",
                "Eerst meten, dan dimensioneren: één seizoen metingen heeft het plan veranderd (demo).",
            ),
        },
    ),
    "totem-mobi": Dossier(
        ("50.52920", "2.64460"),
        (
            "Dessin : une route et trois arrêts où prendre un véhicule partagé",
            "Drawing: a road and three stops where to take a shared vehicle",
            "Zeichnung: eine Straße und drei Haltepunkte für gemeinsam genutzte Fahrzeuge",
            "Tekening: een weg en drie haltes waar men een deelvoertuig neemt",
        ),
        None,
        {
            "context": (
                "Un centre-ville où l’on circule surtout en voiture, et des trajets courts.",
                "A town centre where people mostly drive, and short trips.",
                "Eine Innenstadt, in der man vor allem Auto fährt, und kurze Wege.",
                "Een centrum waar men vooral met de auto rijdt, en korte ritten.",
            ),
            "needs": (
                "- des emplacements choisis avec les commerçants et les habitants\n- des bornes de recharge (démo)",
                "- places chosen with shopkeepers and inhabitants\n- charging points (demo)",
                "- Stellplätze, gewählt mit Händlern und Einwohnern\n- Ladepunkte (Demo)",
                "- plaatsen gekozen met winkeliers en inwoners\n- laadpunten (demo)",
            ),
            "cost": (
                "À discuter : le modèle dépend du nombre de véhicules (démo).",
                "To be discussed: the model depends on the number of vehicles (demo).",
                "Zu besprechen: Das Modell hängt von der Zahl der Fahrzeuge ab (Demo).",
                "Te bespreken: het model hangt af van het aantal voertuigen (demo).",
            ),
            "partners": (
                "La ville de Béthune et ENGIE.",
                "The city of Béthune and ENGIE.",
                "Die Stadt Béthune und ENGIE.",
                "De stad Béthune en ENGIE.",
            ),
            "lessons": (
                "Commencer par peu d’emplacements, très visibles (démo).",
                "Begin with few places, easy to see (demo).",
                "Mit wenigen, gut sichtbaren Plätzen beginnen (Demo).",
                "Begin met weinig, goed zichtbare plaatsen (demo).",
            ),
        },
    ),
    "icohup": Dossier(
        ("50.52810", "2.62940"),
        (
            "Dessin : un capteur et les cercles de son alerte",
            "Drawing: a sensor and the circles of its alert",
            "Zeichnung: ein Sensor und die Kreise seiner Warnung",
            "Tekening: een sensor en de cirkels van zijn waarschuwing",
        ),
        None,
        {
            "context": (
                "Une ville moyenne, des cours d’eau, un plan communal de sauvegarde : le risque d’inondation d’abord.",
                "A medium-sized town, watercourses, a municipal safety plan: flood risk first.",
                "Eine mittelgroße Stadt, Gewässer, ein kommunaler Schutzplan: zuerst das Hochwasserrisiko.",
                "Een middelgrote stad, waterlopen, een gemeentelijk rampenplan: eerst het overstromingsrisico.",
            ),
            "needs": (
                "- un plan communal de sauvegarde relu par ceux qui s’en servent\n- quelques capteurs bien placés (démo)",
                "- a municipal safety plan read again by those who use it\n- a few well-placed sensors (demo)",
                "- ein kommunaler Schutzplan, durchgesehen von denen, die ihn anwenden\n- einige gut platzierte Sensoren (Demo)",
                "- een gemeentelijk rampenplan, herlezen door wie het gebruikt\n- enkele goed geplaatste sensoren (demo)",
            ),
            "cost": (
                "À préciser après le premier capteur (démo).",
                "To be told after the first sensor (demo).",
                "Nach dem ersten Sensor zu beziffern (Demo).",
                "Te bepalen na de eerste sensor (demo).",
            ),
            "partners": (
                "La ville de Béthune et ENGIE.",
                "The city of Béthune and ENGIE.",
                "Die Stadt Béthune und ENGIE.",
                "De stad Béthune en ENGIE.",
            ),
            "lessons": (
                "L’outil ne vaut que par la procédure qu’il déclenche : l’écrire avant de poser le capteur (démo).",
                "The tool is worth the procedure it triggers: write it before placing the sensor (demo).",
                "Das Werkzeug taugt so viel wie das Verfahren, das es auslöst: erst schreiben, dann den Sensor setzen (Demo).",
                "Het hulpmiddel is zoveel waard als de procedure die het start: schrijf die voor u de sensor plaatst (demo).",
            ),
        },
    ),
}  # fmt: skip


def tell_cities(projects: list[Project], cast: Cast) -> None:
    """Place the projects on the map, show a picture of each and write its file; then a first city asks."""
    for project in projects:
        dossier = DOSSIERS[project.slug]
        with clock.at(paris(2018, 4, 10, 10)):
            latitude, longitude = dossier.place
            incubation.describe(project, by=cast.agent, latitude=Decimal(latitude), longitude=Decimal(longitude))
            _show(project, dossier, cast)
            texts = {
                f"{name}_{code}": text
                for name, part in dossier.parts.items()
                for code, text in zip(LANGUAGES, part, strict=True)
            }
            replication.write_file(project, by=cast.agent, is_public=project.slug != "icohup", **texts)
    _ask(projects, cast)


def _show(project: Project, dossier: Dossier, cast: Cast) -> None:
    hook = project.pillar.hook
    first = drawn_picture(hook)
    words = told("alt", dossier.alt)
    _give_credit(photos.send_photo(project, first, credit=CITY[0], by=cast.agent, **words), CITY, cast)
    if dossier.second:
        second, words = drawn_picture(hook, at_dusk=True), told("alt", dossier.second)
        by = project.structure.people.first()
        _give_credit(photos.send_photo(project, second, credit=STARTUP[0], by=by, **words), STARTUP, cast)


def _give_credit(photo: Photo, credit: Texts, cast: Cast) -> None:
    give(photo, "credit", credit, permission="projects.run_project", cast=cast, subject=photo.project)


def _ask(projects: list[Project], cast: Cast) -> None:
    """Two cities ask, one has its answer."""
    said = {"contact_name": "Service innovation (démo)", "country": "BE", "population": 60_000, "language": "nl"}
    with clock.at(paris(2018, 5, 14, 11)):
        asked = _received(
            projects[0], organisation="Ville voisine 1 (démo)", email="innovation@ville-1.example", **said
        )
    with clock.at(paris(2018, 5, 16, 9)):
        replication.answer_request(
            asked, reply="Dank u voor uw vraag: het dossier staat hieronder (démo).", by=cast.agent
        )
    with clock.at(paris(2018, 6, 4, 15)):
        _received(
            None,
            organisation="Ville voisine 2 (démo)",
            email="innovation@ville-2.example",
            **(said | {"country": "DE", "language": "de"}),
        )


def _received(project: Project | None, **said: object) -> ReplicationRequest:
    return replication.ask_for_replication(project, **said)
