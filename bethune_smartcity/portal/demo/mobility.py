"""A call open today, on mobility in medium-sized cities: its dates follow the day it is loaded."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from bethune_smartcity.accounts.models import Membership, Structure
from bethune_smartcity.accounts.operations import add_member, found_structure
from bethune_smartcity.core import clock
from calls.models import Call, CallAgent, CallDate, Criterion, Question
from calls.operations import clarifications, deadlines, publication, submissions
from juries.operations import panels, voting
from pillars.models import Pillar

from .applicants import Applicant
from .call_2017 import answers, write_prizes, write_rules
from .cast import Cast
from .days import midweek
from .jury_2017 import seat_everyone
from .questionnaire import write_criteria, write_form
from .rendered import ASKED, MOVED, give
from .wording import texts

SLUG = "mobilite"

TEXTS = {
    "title_fr": "Mobilité : penser autrement les déplacements d’une ville moyenne",
    "title_en": "Mobility: rethinking how a medium-sized city moves",
    "summary_fr": "Avec ENGIE : moins d’infrastructures, plus d’usages, entre la ville et ses alentours.",
    "summary_en": "With ENGIE: less about infrastructure than about uses, between the city and its surroundings.",
    "audience_fr": "Startups, entreprises et associations, de tous pays.",
    "audience_en": "Startups, companies and associations, from any country.",
    "purpose_fr": "Une solution à essayer à Béthune, plus par les usages que par l’infrastructure.",
    "purpose_en": "A solution to try out in Béthune, through uses rather than infrastructure.",
    "sought_fr": (
        "Une ville moyenne ne copie pas une grande ville. Nous cherchons des solutions qui changent les usages, relient "
        "la ville à ses alentours et se mettent à l’épreuve **par petits pas**. Trois questions guident l’appel."
    ),
    "sought_en": (
        "A medium-sized city does not copy a large one. We look for solutions that change uses, link the city to its "
        "surroundings and prove themselves **in small steps**. Three questions guide the call."
    ),
    "asks_fr": (
        "Comment penser la mobilité durable de demain dans les villes moyennes ?\n"
        "Quelle mobilité à l’échelle d’un territoire hétérogène ?\n"
        "Comment conduire le changement, et avec quelles solutions ?"
    ),
    "asks_en": (
        "How should medium-sized cities think about the sustainable mobility of tomorrow?\n"
        "What mobility suits an area as varied as this one?\n"
        "How can the change be led, and with which solutions?"
    ),
    "support_fr": "Un terrain d’essai, un référent en mairie et, pour le premier prix, une incubation de douze mois (démo).",
    "support_en": "A trial site, a contact at the town hall and, for the first prize, twelve months’ incubation (demo).",
    "jury_note_fr": "Dix juré·es : ville, ENGIE, monde économique, associations, habitants (démo). Chacun note seul, puis le jury délibère.",
    "jury_note_en": "Ten jurors: city, ENGIE, companies, associations, inhabitants (demo). Each marks alone, then the jury deliberates.",
    "tie_note_fr": (
        "Le critère le plus lourd départage, puis le suivant ; ensuite le nombre de juré·es qui préfèrent l’un à l’autre, "
        "un vote du jury, enfin la voix de la présidence. Jamais l’heure de dépôt, jamais un tirage."
    ),
    "tie_note_en": (
        "The heaviest criterion decides, then the next; then the number of jurors who prefer one to the other, a vote of "
        "the jury, and last the chair’s casting vote. Never the hour of submission, and never drawn by lot."
    ),
}  # fmt: skip


def midnight(days: int) -> datetime:
    """Midnight in Paris, `days` after today."""
    return datetime.combine(clock.today() + timedelta(days=days), time(0), tzinfo=clock.PARIS)


def open_call(cast: Cast) -> None:
    """The open call, with a draft, a submission, a moved date, three answered questions and its panels in preparation."""
    call = announce(cast)
    move_a_date(call, cast)
    apply(call, cast)
    ask(call, cast)
    prepare_jury(call, cast)
    prepare_next(cast)


def announce(cast: Cast) -> Call:
    with clock.at(midnight(-8) + timedelta(hours=10)):
        call = publication.create_call(
            by=cast.agent,
            slug=SLUG,
            opens_at=clock.start_of(clock.today() + timedelta(days=2)),
            closes_at=clock.start_of(clock.today() + timedelta(days=60)),
            questions_until=clock.start_of(clock.today() + timedelta(days=46)),
            screening_until=clock.start_of(midweek(clock.today() + timedelta(days=70))),
            number_prefix=f"SC{clock.today():%y}",
            envelope=Decimal(8500),
            feedback=Call.Feedback.COMMENTS,
            # A demonstration has no queue to make up for: a second after its close is late.
            grace_minutes=0,
            **texts(TEXTS),
        )
        call.pillars.set(Pillar.objects.filter(slug__in=["mobilite-transport", "habitat-environnement"]))
        call.partners.set([cast.partner])
        write_form(call)
        write_criteria(call)
        write_prizes(call)
        write_rules(call)
        for days, fr, en in (
            (84, "Jury : les finalistes sont choisis", "Jury: the finalists are chosen"),
            (112, "Pitchs publics à Béthune", "Public pitches in Béthune"),
            (120, "Résultats publiés", "Results published"),
            (140, "Début de l’incubation", "Incubation starts"),
        ):
            at = clock.start_of(midweek(clock.today() + timedelta(days=days)))
            CallDate.objects.create(call=call, at=at, **texts({"label_fr": fr, "label_en": en}))
        invite(call)
        publication.announce(call, by=cast.agent)
    return call


def invite(call: Call) -> None:
    """A meeting to follow online and a workshop to come to, places and addresses invented."""
    meeting = {"label_fr": "Réunion d’information (démo)", "label_en": "Information session (demo)"}
    workshop = {"label_fr": "Atelier de préparation des dossiers (démo)", "label_en": "Application workshop (demo)"}
    hall = {"place_fr": "Salle de démonstration, Béthune", "place_en": "Demonstration room, Béthune"}
    for days, hour, minutes, words, how in (
        (16, 18, 90, meeting, {"online_at": "https://visio.example/mobilite", "attendance": "open"}),
        (
            26,
            14,
            180,
            workshop | hall,
            {"register_at": "https://inscription.example/atelier", "attendance": "registration"},
        ),
    ):
        at = clock.start_of(midweek(clock.today() + timedelta(days=days))) + timedelta(hours=hour)
        lasts = {"ends_at": at + timedelta(minutes=minutes), "with_time": True}
        CallDate.objects.create(call=call, at=at, **lasts, **how, **texts(words))


def apply(call: Call, cast: Cast) -> None:
    """A submission by one startup, and the draft of another with one section still empty."""
    pillar = Pillar.objects.get(slug="mobilite-transport")
    line = "Une réservation partagée pour les derniers kilomètres, de la gare aux communes voisines."
    with clock.at(midnight(-3) + timedelta(hours=15)):
        structure = found_structure(by=cast.other, name="Autre startup (démo)", country="BE", kind="company")
        done = submissions.start_draft(
            call, structure, title="Derniers kilomètres (démo)", pillar=pillar, by=cast.other
        )
        submissions.describe(done, title=done.title, one_line=line, pillar=pillar, other_pillars=[], by=cast.other)
        invented = Applicant("candidat07", done.title, line, "BE", pillar.slug, 3.0, clock.now())
        submissions.save_answers(done, answers(call, invented), by=cast.other)
    with clock.at(midnight(-3) + timedelta(hours=17)):
        submissions.submit(done, by=cast.other)
    with clock.at(midnight(-1) + timedelta(hours=9)):
        draft(call, team(cast), pillar, cast)


def team(cast: Cast) -> Structure:
    structure = found_structure(by=cast.founder, name="Navette partagée (démo)", country="FR", kind="company")
    add_member(structure, cast.colleague, Membership.Role.EDITOR, by=cast.founder)
    return structure


def draft(call: Call, structure: Structure, pillar: Pillar, cast: Cast) -> None:
    """A draft whose first two sections are complete."""
    line = "Une navette à la demande, du dernier train aux communes voisines."
    begun = submissions.start_draft(call, structure, title="Navette du soir (démo)", pillar=pillar, by=cast.founder)
    submissions.describe(begun, title=begun.title, one_line=line, pillar=pillar, other_pillars=[], by=cast.founder)
    invented = Applicant("candidat08", begun.title, line, "FR", pillar.slug, 3.0, clock.now())
    written = answers(call, invented)
    last = Question.objects.filter(section__call=call).order_by("-section__order").first()
    kept = {question: value for question, value in written.items() if question.section_id != last.section_id}
    submissions.save_answers(begun, kept, by=cast.founder)


def ask(call: Call, cast: Cast) -> None:
    """Three questions asked and answered in public."""
    askers = (cast.founder, cast.other, cast.founder)
    for index, (asker, (question, reply)) in enumerate(zip(askers, ASKED, strict=True)):
        with clock.at(midnight(-5 + index) + timedelta(hours=11)):
            clarification = clarifications.ask(call, question[0], language="fr", by=asker)
        with clock.at(midnight(-4 + index) + timedelta(hours=16)):
            clarification = clarifications.answer(clarification, reply[0], by=cast.agent)
            for name, said in (("text", question), ("answer", reply)):
                give(clarification, name, said, permission="calls.answer_questions", cast=cast, subject=call)


def move_a_date(call: Call, cast: Cast) -> None:
    """One more week for questions, before anyone had begun a draft: nobody is written to."""
    with clock.at(midnight(-4) + timedelta(hours=10)):
        later = (call.questions_until or call.closes_at) + timedelta(days=7)
        moved = deadlines.move_deadline(call, "questions_until", later, reason=MOVED[0], by=cast.agent)
        give(moved, "reason", MOVED, permission="calls.configure_call", cast=cast, subject=call)


def prepare_jury(call: Call, cast: Cast) -> None:
    """The same jurors as in 2017, for the reading and for the finale; with few applications, everyone reads them all."""
    steps = {date.label: date.at for date in call.dates.all()}
    chosen = steps["Jury : les finalistes sont choisis"]
    finale_day = steps["Pitchs publics à Béthune"]
    for stage, readings, places, due in (
        (Criterion.Stage.READING, 10, 6, chosen - timedelta(days=2)),
        (Criterion.Stage.FINALE, 9, 3, finale_day + timedelta(hours=17)),
    ):
        panel = panels.create_panel(call, stage, by=cast.agent, readings=readings, places=places, quorum=1, due_at=due)
        seat_everyone(panel, cast, chair_marks=stage == Criterion.Stage.READING)
    voting.open_vote(
        call, opens_at=finale_day + timedelta(hours=14), closes_at=finale_day + timedelta(hours=17), by=cast.agent
    )


def prepare_next(cast: Cast) -> None:
    """A call still in preparation, run by another agent: nobody else sees it."""
    call = publication.create_call(
        by=cast.other_agent,
        slug="bien-vieillir",
        opens_at=midnight(90),
        closes_at=midnight(150),
        number_prefix="BV",
        **texts({"title_fr": "Bien vieillir à Béthune (démo)", "title_en": "Growing old well in Béthune (demo)"}),
    )
    call.pillars.set(Pillar.objects.filter(slug__in=["sante-bien-etre", "loisir-culture"]))
    publication.grant_right(call, cast.other_agent, CallAgent.Right.CONFIGURE, by=cast.other_agent)
