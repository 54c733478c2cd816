"""The application form and the criteria of the demonstration's calls. Their wording is invented."""

from dataclasses import dataclass
from typing import Any

from calls.models import Call, Criterion, Question, Section

from .wording import texts

K = Question.Kind


@dataclass(frozen=True)
class Ask:
    kind: str
    fr: str
    en: str
    help_fr: str = ""
    help_en: str = ""
    options_fr: str = ""
    options_en: str = ""
    required: bool = True
    max_words: int | None = None
    # The place of an earlier question among all, from 0, and the answers to it for which this one is asked.
    after: int | None = None
    shown_values: str = ""

    def fields(self) -> dict[str, Any]:
        wording = {
            "label_fr": self.fr,
            "label_en": self.en,
            "help_fr": self.help_fr,
            "help_en": self.help_en,
            "options_fr": self.options_fr,
            "options_en": self.options_en,
        }
        columns = {"kind": self.kind, "required": self.required, "max_words": self.max_words}
        return columns | {"shown_values": self.shown_values, **texts(wording)}


SECTIONS: list[tuple[str, str, str, str, list[Ask]]] = [
    (
        "Le projet en bref",
        "The project in short",
        "Ce que vous proposez, en quelques phrases que tout le monde comprend.",
        "What you propose, in a few sentences anyone understands.",
        [
            Ask(
                K.LONG,
                "Que proposez-vous ?",
                "What do you propose?",
                "Dites-le comme à une voisine. 150 mots au plus.",
                "Say it as you would to a neighbour. 150 words at most.",
                max_words=150,
            ),
            Ask(
                K.CHOICE,
                "Où en êtes-vous ?",
                "How far along are you?",
                options_fr="Une idée\nUn prototype\nUn premier essai réel\nDéjà en service ailleurs",
                options_en="An idea\nA prototype\nA first real trial\nAlready in service elsewhere",
            ),
            Ask(
                K.LONG,
                "Où, et qu’en avez-vous appris ?",
                "Where, and what did you learn from it?",
                "Un lieu, une durée, un résultat. 80 mots au plus.",
                "A place, a length of time, a result. 80 words at most.",
                max_words=80,
                after=1,
                shown_values="2\n3",
            ),
        ],
    ),
    (
        "Usages et habitants",
        "Uses and inhabitants",
        "Dites ce qui change dans une journée.",
        "Tell us what changes in a day.",
        [
            Ask(
                K.LONG,
                "À quel besoin des habitants répondez-vous ?",
                "Which need of the inhabitants do you answer?",
                "Une situation vécue. 150 mots au plus.",
                "A lived situation. 150 words at most.",
                max_words=150,
            ),
            Ask(
                K.NUMBER,
                "Combien d’habitants la première année ?",
                "How many inhabitants in the first year?",
                "Un nombre entier, par exemple 800.",
                "A whole number, for example 800.",
            ),
            Ask(
                K.LONG,
                "Quel est votre premier petit pas ?",
                "What is your first small step?",
                "Ce qui peut commencer en trois mois. 80 mots au plus.",
                "What can start within three months. 80 words at most.",
                max_words=80,
            ),
            Ask(
                K.CHOICES,
                "Avec qui, sur place ?",
                "With whom, locally?",
                "Une case au moins.",
                "One box at least.",
                options_fr="Des habitants\nDes associations\nDes entreprises\nLes services de la ville",
                options_en="Inhabitants\nAssociations\nCompanies\nThe city’s departments",
            ),
        ],
    ),
    (
        "Déploiement et budget",
        "Deployment and budget",
        "Ce qu’il vous faut pour commencer ici, et ce que cela coûte.",
        "What you need to start here, and what it costs.",
        [
            Ask(
                K.LONG,
                "De quoi avez-vous besoin de la ville ?",
                "What do you need from the city?",
                "100 mots au plus.",
                "100 words at most.",
                max_words=100,
            ),
            Ask(
                K.AMOUNT,
                "Coût de la première année",
                "Cost of the first year",
                "En euros, par exemple 61 000.",
                "In euros, for example 61000.",
            ),
            Ask(
                K.YES_NO,
                "Une autre ville pourrait-elle reprendre votre projet tel quel ?",
                "Could another city take up your project as it is?",
            ),
            Ask(
                K.LINK,
                "Une page à lire",
                "A page to read",
                "Commence par https://",
                "Starts with https://",
                required=False,
            ),
            Ask(
                K.FILE,
                "Un document de présentation",
                "A presentation document",
                "PDF ou image, 20 Mo au plus.",
                "PDF or picture, 20 MB at most.",
                required=False,
            ),
        ],
    ),
]

ANCHORS_FR = (
    "Ne répond pas au critère.\nRépond très partiellement, sans élément concret.\nIntention claire, preuves minces.\n"
    "Crédible ; un point important reste à lever.\nConvaincant, avec des éléments vérifiables.\n"
    "Exemplaire, prêt à être montré à d’autres villes."
)
ANCHORS_EN = (
    "Does not meet the criterion.\nMeets it in small part, nothing concrete.\nClear intention, thin evidence.\n"
    "Credible; one important point is open.\nConvincing, with facts that can be checked.\n"
    "Exemplary, ready to be shown to other cities."
)
CRITERIA = [
    ("Utilité pour les habitants", "Usefulness to inhabitants", 30),
    ("Faisabilité à Béthune, par petits pas", "Feasibility in Béthune, in small steps", 25),
    ("Sobriété et durabilité", "Restraint and sustainability", 20),
    ("Reprise possible par d’autres villes", "Can be taken up by other cities", 15),
    ("Équipe et partenaires", "Team and partners", 10),
]


def write_form(call: Call) -> list[Question]:
    """Give `call` the sections and questions above. Returns the questions in order."""
    questions: list[Question] = []
    for order, (fr, en, intro_fr, intro_en, asks) in enumerate(SECTIONS, start=1):
        section = Section.objects.create(
            call=call,
            order=order,
            **texts({"title_fr": fr, "title_en": en, "intro_fr": intro_fr, "intro_en": intro_en}),
        )
        for place, ask in enumerate(asks, start=1):
            deciding = None if ask.after is None else questions[ask.after]
            questions.append(Question.objects.create(section=section, order=place, shown_if=deciding, **ask.fields()))
    return questions


def write_criteria(call: Call) -> None:
    """Give `call` the criteria above, for the reading and for the finale alike."""
    for stage in Criterion.Stage.values:
        for order, (fr, en, weight) in enumerate(CRITERIA, start=1):
            Criterion.objects.create(
                call=call,
                stage=stage,
                order=order,
                weight=weight,
                **texts({"label_fr": fr, "label_en": en, "anchors_fr": ANCHORS_FR, "anchors_en": ANCHORS_EN}),
            )
