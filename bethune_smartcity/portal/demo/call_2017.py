"""The city's first call, from its announcement to the shortlist, replayed with the clock held at each date."""

from datetime import timedelta
from decimal import Decimal

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.operations import found_structure
from bethune_smartcity.core import clock
from bethune_smartcity.core.clock import paris
from calls.models import Call, CallDate, Prize, Question, RulesVersion, Submission
from calls.operations import publication, screening, submissions
from pillars.models import Pillar

from . import papers
from .applicants import Applicant, applicants
from .cast import Cast, person
from .questionnaire import write_criteria, write_form
from .wording import texts

SLUG = "smart-city-2017"

TEXTS = {
    "title_fr": "Master Smart City 2017 : des solutions innovantes pour Béthune",
    "title_en": "Master Smart City 2017: innovative solutions for Béthune",
    "summary_fr": "Le premier appel à projets de la ville, lancé avec ENGIE, sur les sept piliers.",
    "summary_en": "The city’s first call for projects, launched with ENGIE, on all seven pillars.",
    "audience_fr": "Startups, entreprises et associations, de tous pays.",
    "audience_en": "Startups, companies and associations, from any country.",
    "purpose_fr": "Une solution innovante appuyée sur les nouvelles technologies, au service des habitants.",
    "purpose_en": "An innovative solution based on new technologies, in the service of inhabitants.",
    "sought_fr": (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions à son échelle, sur l’un des "
        "sept piliers du Master Smart City, et qui avancent **par petits pas**."
    ),
    "sought_en": (
        "A medium-sized city does not copy a large one. We look for solutions at its scale, on one of the seven "
        "pillars of the Master Smart City, that move forward **in small steps**."
    ),
    "support_fr": (
        "Le premier prix reçoit l’offre d’incubation sur le territoire. La ville et ENGIE accompagnent ensemble les "
        "lauréats dans leurs premiers pas."
    ),
    "support_en": (
        "The first prize receives the local incubation offer. The city and ENGIE support the laureates together in "
        "their first steps."
    ),
    "jury_note_fr": (
        "Dix juré·es lisent, neuf notent la finale (démo). Chacun note seul, puis le jury délibère. "
        "Le jury peut répartir la dotation autrement que prévu."
    ),
    "jury_note_en": (
        "Ten jurors read, nine mark the finale (demo). Each marks alone, then the jury deliberates. "
        "The jury may split the prizes otherwise than announced."
    ),
    "tie_note_fr": (
        "Le critère le plus lourd départage, puis le suivant ; ensuite le nombre de juré·es qui préfèrent l’un à "
        "l’autre, un vote du jury, enfin la voix de la présidence. Jamais l’heure de dépôt, jamais un tirage."
    ),
    "tie_note_en": (
        "The heaviest criterion decides, then the next; then the number of jurors who prefer one to the other, a vote "
        "of the jury, and last the chair’s casting vote. Never the hour of submission, and never drawn by lot."
    ),
}
PRIZES = [
    (Prize.Kind.JURY, 1, "1er prix", "1st prize", 5000, "Incubation sur le territoire", "Local incubation"),
    (Prize.Kind.JURY, 2, "2e prix", "2nd prize", 2000, "Premiers pas accompagnés par la ville et ENGIE", "First steps with the city and ENGIE"),
    (Prize.Kind.JURY, 3, "3e prix", "3rd prize", 1500, "Premiers pas accompagnés par la ville et ENGIE", "First steps with the city and ENGIE"),
    (Prize.Kind.PUBLIC, 1, "Prix du public", "Public prize", None, "", ""),
]  # fmt: skip


def write_prizes(call: Call) -> None:
    for kind, rank, fr, en, amount, support_fr, support_en in PRIZES:
        Prize.objects.create(
            call=call,
            kind=kind,
            rank=rank,
            amount=Decimal(amount) if amount else None,
            **texts({"name_fr": fr, "name_en": en, "support_fr": support_fr, "support_en": support_en}),
        )


def write_rules(call: Call) -> None:
    """Invented rules, in force from the opening, or from the beginning of its month where its day is not known."""
    opens = call.opens_at.astimezone(clock.PARIS).date()
    RulesVersion.objects.create(
        call=call,
        number=1,
        in_force_from=opens.replace(day=1) if call.opening_is_approximate else opens,
        **texts(
            {
                "text_fr": (
                    "## Objet\n\nRèglement de démonstration, inventé.\n\n## Notes\n\nChaque critère est noté de 0 à 5 par "
                    "demi-point. Le total est sur 20. Le score officiel est la note ajustée de la sévérité des juré·es.\n\n"
                    f"## Égalités\n\n{call.tie_note_fr}\n\n## Vote du public\n\nUn choix par personne, jusqu’à la clôture."
                ),
                "text_en": (
                    "## Purpose\n\nDemonstration rules, invented.\n\n## Marks\n\nEach criterion is marked from 0 to 5 by "
                    "halves. The total is out of 20. The official score is adjusted for jurors’ severity.\n\n"
                    f"## Ties\n\n{call.tie_note_en}\n\n"
                    "## Public vote\n\nOne choice for each person, until the close."
                ),
                "text_de": (
                    "## Zweck\n\nDemonstrationsregeln, erfunden.\n\n## Noten\n\nJedes Kriterium wird in halben Punkten "
                    "von 0 bis 5 bewertet. Die Gesamtnote reicht bis 20. Die amtliche Note ist um die Strenge der "
                    "Jurymitglieder bereinigt.\n\n"
                    f"## Gleichstand\n\n{call.tie_note_de}\n\n"
                    "## Publikumsabstimmung\n\nEine Wahl pro Person, bis zum Ende der Abstimmung."
                ),
                "text_nl": (
                    "## Doel\n\nDemonstratiereglement, verzonnen.\n\n## Cijfers\n\nElk criterium krijgt een cijfer van 0 "
                    "tot 5, per half punt. Het totaal staat op 20. De officiële score is gecorrigeerd voor de strengheid "
                    "van de juryleden.\n\n"
                    f"## Gelijke stand\n\n{call.tie_note_nl}\n\n"
                    "## Publieksstemming\n\nEén keuze per persoon, tot de sluiting."
                ),
            }
        ),
    )


def create(cast: Cast) -> Call:
    """The call as announced at the end of June 2017."""
    with clock.at(paris(2017, 6, 26, 10)):
        call = publication.create_call(
            by=cast.agent,
            slug=SLUG,
            opens_at=paris(2017, 6, 29, 9),
            opening_is_approximate=True,
            closes_at=paris(2017, 9, 13),
            questions_until=paris(2017, 9, 6),
            screening_until=paris(2017, 9, 15),
            number_prefix="SC17",
            envelope=Decimal(8500),
            feedback=Call.Feedback.COMMENTS,
            kept_as_archive=True,
            grace_minutes=0,
            **texts(TEXTS),
        )
        call.pillars.set(Pillar.objects.all())
        call.partners.set([cast.partner])
        write_form(call)
        write_criteria(call)
        write_prizes(call)
        write_rules(call)
        for at, fr, en in (
            (paris(2017, 9, 19), "Six projets retenus pour la finale", "Six projects selected for the finale"),
            (
                paris(2017, 9, 22),
                "Finale « Ma vie, ma ville demain », premier jour",
                "Finale “Ma vie, ma ville demain”, first day",
            ),
            (paris(2017, 9, 23), "Finale, second jour, et palmarès", "Finale, second day, and awards"),
        ):
            CallDate.objects.create(call=call, at=at, **texts({"label_fr": fr, "label_en": en}))
    with clock.at(paris(2017, 6, 28, 10)):
        publication.announce(call, by=cast.agent)
    return call


def answers(call: Call, applicant: Applicant) -> dict[Question, str]:
    """Invented answers to every question that must be answered whatever the others say."""
    written = {
        Question.Kind.SHORT: "Réponse de démonstration.",
        Question.Kind.LONG: f"{applicant.one_line} Texte de démonstration, inventé pour ce rejeu.",
        Question.Kind.NUMBER: "800",
        Question.Kind.AMOUNT: str(20000 + 1000 * (int(applicant.code[-2:]) % 60)),
        Question.Kind.CHOICE: "1",
        Question.Kind.CHOICES: "0\n3",
        Question.Kind.YES_NO: "yes",
    }
    questions = Question.objects.filter(section__call=call, required=True, shown_if__isnull=True)
    questions = questions.exclude(kind=Question.Kind.FILE)
    return {question: written[Question.Kind(question.kind)] for question in questions}


def hand_in(call: Call, applicant: Applicant, pillars: dict[str, Pillar]) -> Submission:
    """One application, started a while before it is handed in, at the applicant's own instant."""
    with clock.at(applicant.submits_at - timedelta(hours=20)):
        owner = person(applicant.code, applicant.name)
        structure = found_structure(by=owner, name=applicant.name, country=applicant.country, kind="company")
        submission = submissions.start_draft(
            call, structure, title=applicant.name, pillar=pillars[applicant.pillar], by=owner
        )
        submissions.describe(
            submission,
            title=applicant.name,
            one_line=applicant.one_line,
            pillar=pillars[applicant.pillar],
            other_pillars=[],
            by=owner,
        )
        submissions.save_answers(submission, answers(call, applicant), by=owner)
        if "(démo)" not in applicant.name:
            papers.attach_presentation(submission, by=owner)
    with clock.at(applicant.submits_at):
        submissions.submit(submission, by=owner)
    return submission


def receive(call: Call) -> list[Submission]:
    """The 67 applications, over the opening weeks."""
    pillars = {pillar.slug: pillar for pillar in Pillar.objects.all()}
    return [hand_in(call, applicant, pillars) for applicant in applicants()]


def screen(received: list[Submission], agent: User) -> None:
    """Every application examined in the two days after the close."""
    begins = paris(2017, 9, 13, 9)
    for index, submission in enumerate(received):
        with clock.at(begins + timedelta(minutes=7 * index)):
            screening.admit(submission, by=agent)
