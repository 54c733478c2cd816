"""What people of the demonstration wrote in French, in the other languages of the portal."""

from typing import Any

from bethune_smartcity.lifecycle.renderings import render
from calls.models import Call, Submission
from juries.models import Award

from .cast import Cast
from .stories import LANGUAGES, STORIES, Texts

SOURCE: Texts = (
    "Relevé inventé (démo)",
    "Invented reading (demo)",
    "Erfundener Messwert (Demo)",
    "Verzonnen meting (demo)",
)
CITY: Texts = (
    "dessin de la ville (démo)",
    "drawing by the city (demo)",
    "Zeichnung der Stadt (Demo)",
    "tekening van de stad (demo)",
)
STARTUP: Texts = (
    "dessin de la startup (démo)",
    "drawing by the startup (demo)",
    "Zeichnung des Start-ups (Demo)",
    "tekening van de start-up (demo)",
)
REASON: Texts = (
    "Le jury réunit la dotation sur le premier prix et accompagne les deux suivants (démo).",
    "The jury puts the prize money together on the first prize and supports the next two (demo).",
    "Die Jury fasst das Preisgeld im ersten Preis zusammen und begleitet die beiden nächsten (Demo).",
    "De jury voegt het prijzengeld samen in de eerste prijs en begeleidt de twee volgende (demo).",
)
MOVED: Texts = (
    "Les congés d’hiver laissent peu de temps : une semaine de plus pour vos questions (démo).",
    "The winter holidays leave little time: one more week for your questions (demo).",
    "Die Winterferien lassen wenig Zeit: eine Woche mehr für Ihre Fragen (Demo).",
    "De wintervakantie laat weinig tijd: een week langer voor uw vragen (demo).",
)
# What a finalist without a project says in one line.
LINES: dict[str, Texts] = {
    "CulturMoov": (
        "La visite virtuelle de la ville : la culture redécouverte.",
        "A virtual visit of the city: culture rediscovered.",
        "Der virtuelle Stadtrundgang: Kultur neu entdeckt.",
        "Het virtuele stadsbezoek: cultuur herontdekt.",
    ),
    "Smiile": (
        "Un réseau social de voisinage.",
        "A social network between neighbours.",
        "Ein soziales Netzwerk für die Nachbarschaft.",
        "Een sociaal netwerk voor de buurt.",
    ),
    "ECHY": (
        "Capter la lumière du soleil pour éclairer l’intérieur des bâtiments.",
        "Capturing sunlight to light the inside of buildings.",
        "Sonnenlicht einfangen, um Gebäude innen zu beleuchten.",
        "Zonlicht opvangen om gebouwen van binnen te verlichten.",
    ),
}
# What was asked about the open call, and what the city answered.
ASKED: tuple[tuple[Texts, Texts], ...] = (
    (
        (
            "Faut-il une solution déjà en service ?",
            "Does the solution have to be in service already?",
            "Muss die Lösung bereits im Einsatz sein?",
            "Moet de oplossing al in gebruik zijn?",
        ),
        (
            "Non. Un prototype suffit, si un premier essai à Béthune est possible en six mois (démo).",
            "No. A prototype is enough, if a first trial in Béthune is possible within six months (demo).",
            "Nein. Ein Prototyp genügt, wenn innerhalb von sechs Monaten eine erste Erprobung in Béthune möglich ist (Demo).",
            "Nee. Een prototype volstaat, als een eerste proef in Béthune binnen zes maanden mogelijk is (demo).",
        ),
    ),
    (
        (
            "Les communes voisines font-elles partie du terrain d’essai ?",
            "Are the neighbouring towns part of the trial site?",
            "Gehören die Nachbargemeinden zum Testgelände?",
            "Horen de buurgemeenten bij het testterrein?",
        ),
        (
            "Oui : les liens entre la ville et ses alentours sont au cœur de l’appel (démo).",
            "Yes: the links between the city and its surroundings are at the heart of the call (demo).",
            "Ja: Die Verbindungen zwischen der Stadt und ihrem Umland stehen im Mittelpunkt des Aufrufs (Demo).",
            "Ja: de verbindingen tussen de stad en haar omgeving staan centraal in de oproep (demo).",
        ),
    ),
    (
        (
            "Peut-on candidater à plusieurs structures ?",
            "Can several organisations apply together?",
            "Können sich mehrere Organisationen gemeinsam bewerben?",
            "Kunnen meerdere organisaties samen een kandidatuur indienen?",
        ),
        (
            "Oui : une seule structure dépose la candidature et y nomme ses partenaires (démo).",
            "Yes: one organisation submits the application and names its partners in it (demo).",
            "Ja: Eine Organisation reicht die Bewerbung ein und nennt darin ihre Partner (Demo).",
            "Ja: één organisatie dient de kandidatuur in en noemt er haar partners in (demo).",
        ),
    ),
)


def give(row: Any, name: str, texts: Texts, *, permission: str, cast: Cast, subject: Any = None) -> None:
    """Give the text `name` of `row`, the first of `texts`, in the other languages."""
    told = {f"{name}_{code}": text for code, text in zip(LANGUAGES, texts, strict=True) if code != LANGUAGES[0]}
    render(row, permission=permission, by=cast.agent, subject=subject, **told)


def give_palmares(call: Call, cast: Cast) -> None:
    """What the results of 2017 show: the finalists in one line, the support and the reason of each prize."""
    lines = LINES | {name: story.line for name, story in STORIES.items()}
    for submission in Submission.objects.filter(call=call, title__in=lines):
        give(submission, "one_line", lines[submission.title], permission="calls.screen_submission", cast=cast)
    for award in Award.objects.filter(call=call).select_related("prize"):
        for name, texts in (("support", _support(award)), ("reason", REASON)):
            if getattr(award, name) == texts[0]:
                give(award, name, texts, permission="juries.create_panel", cast=cast, subject=call)


def _support(award: Award) -> Texts:
    """The support its prize announced, in each language."""
    fr, en, de, nl = (getattr(award.prize, f"support_{code}") or "" for code in LANGUAGES)
    return fr, en, de, nl
