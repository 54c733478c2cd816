"""From an award to a deployed project, with its steps and payments, and what stands in the way."""

from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.texts import Words
from calls.operations import message_texts
from projects.models import Project
from projects.operations import incubation
from tests.factories import projects as make
from tests.factories.calls import CallFactory, agent_of

pytestmark = pytest.mark.django_db
OTHER = Words("Other", "{projet} {lien}")


def told(kind):
    """Who got a message of this kind."""
    return set(Message.objects.filter(kind=kind).values_list("recipient__name", flat=True))


@contextmanager
def refused(kind, code):
    """The operation refuses, for this reason."""
    with pytest.raises(kind) as refusal:
        yield
    assert refusal.value.code == code


@pytest.fixture
def given():
    """An award and the people around its laureate."""
    scene = make.cast()
    incubated = scene.project
    award = incubated.award
    Project.objects.all().delete()
    return award, scene


def test_each_is_led_to_the_follow_up_in_their_own_language(given):
    award, scene = given
    for person, language in ((scene["owner"], "fr"), (scene["mentor"], "nl")):
        type(person).objects.filter(pk=person.pk).update(language=language)
    mentor = type(scene["mentor"]).objects.get(pk=scene["mentor"].pk)
    incubation.open_incubation(award, by=scene["agent"], mentors=[mentor])
    paths = dict(Message.objects.filter(kind="projects.opened").values_list("recipient__name", "path"))
    assert paths["owner"] == "/projets/get-it-done/suivi/"
    assert paths["mentor"] == "/nl/projets/get-it-done/suivi/"


def test_a_stage_is_told_in_the_words_the_agents_of_its_call_wrote(given):
    award, scene = given
    configurer = agent_of(award.call)
    words = Words("Ours: {etape}", "{projet}, {nom}: {etape}\n\n{motif}\n\n{lien}")
    message_texts.word(award.call, "projects.stage", "en", words, seen="", by=configurer)
    message_texts.word(CallFactory(agent=configurer), "projects.opened", "en", OTHER, seen="", by=configurer)
    project = incubation.open_incubation(award, by=scene["agent"])
    incubation.advance(project, "agree", by=scene["agent"])
    message = Message.objects.get(kind="projects.stage", recipient__name="owner")
    assert message.subject == "Ours: Agreement"
    address = f"{settings.SITE_URL}{message.path}"
    assert message.body == f"{project.name}, owner: Agreement\n\n{address}\n"
    assert not Message.objects.filter(kind="projects.opened", subject="Other")


def test_from_award_to_deployment(given):
    award, scene = given
    agent, owner = scene["agent"], scene["owner"]
    opening = clock.now()
    project = incubation.open_incubation(award, by=agent, story="Au commencement.", mentors=[scene["mentor"]])
    assert (project.state, project.slug, project.name) == ("framing", "get-it-done", "Get It Done")
    assert told("projects.opened") == {"owner", "editor", "mentor"}

    step = incubation.add_milestone(project, "Sonder le bassin", due_on=opening.date() + timedelta(days=40), by=agent)
    payment = incubation.add_payment(project, "Études", Decimal(8000), by=agent, milestone=step)
    incubation.advance(project, "agree", by=agent)
    incubation.advance(project, "start_trial", by=agent)

    with refused(Conflict, "step_not_done"):
        incubation.request_payment(payment, by=owner)
    incubation.report_milestone(step, "Trois sondes posées.", by=owner)
    assert told("projects.reported") == {"agent", "mentor"}
    incubation.ask_milestone_again(step, reason="Joignez les relevés.", by=agent)
    assert (step.state, step.reported_at) == ("planned", None)
    incubation.report_milestone(step, "Trois sondes posées, relevés joints.", by=owner)
    assert Message.objects.filter(kind="projects.reported", recipient=agent).count() == 2
    incubation.accept_milestone(step, by=agent)
    payment.refresh_from_db()

    incubation.request_payment(payment, by=scene["editor"])
    assert told("projects.requested") == {"agent"}
    incubation.approve_payment(payment, by=agent)
    assert told("projects.approved") == {"owner", "editor"}
    incubation.pay_payment(payment, by=agent)
    assert payment.paid_on == clock.today()

    incubation.post_update(project, "C’est parti", "Un petit pas.", by=owner)
    incubation.advance(project, "evaluate", by=agent)
    with refused(Invalid, "reason_missing"):
        incubation.advance(project, "deploy", by=agent)
    incubation.advance(project, "deploy", reason="800 logements chauffés.", by=agent)
    assert Project.objects.get().state == "deployed"
    verbs = [*JournalEntry.objects.order_by("pk").filter(actor=agent).values_list("verb", flat=True)]
    assert verbs == [
        *("open", "plan", "plan", "agree", "start_trial", "ask_again", "accept", "approve", "pay", "evaluate", "deploy")
    ]


def test_a_project_opens_once_and_after_the_results(given):
    award, scene = given
    with clock.at(award.publish_at - timedelta(seconds=1)), refused(Conflict, "not_public"):
        incubation.open_incubation(award, by=scene["agent"])
    incubation.open_incubation(award, by=scene["agent"])
    second = make.award(award.call)
    second.submission = award.submission
    second.save()
    with refused(Conflict, "already_open"):
        incubation.open_incubation(second, by=scene["agent"], slug="ailleurs")
    with pytest.raises(Invalid) as refusal:
        incubation.open_incubation(make.award(award.call), by=scene["agent"], slug="get-it-done")
    assert refusal.value.field == "slug"


@pytest.mark.parametrize("who", ["owner", "mentor", "partner", "screener", "agent elsewhere", "conflicted agent"])
def test_only_the_agents_of_the_call_open_it(given, who):
    award, scene = given
    with pytest.raises(Forbidden):
        incubation.open_incubation(award, by=scene[who])


def test_payments_stay_within_all_that_was_awarded():
    scene = make.cast()
    project, agent = scene.project, scene["agent"]
    incubation.add_payment(project, "Un", Decimal(7000), by=agent)
    with pytest.raises(Invalid) as refusal:
        incubation.add_payment(project, "Deux", Decimal("1000.01"), by=agent)
    assert refusal.value.field == "amount"
    cancelled = incubation.add_payment(project, "Trois", Decimal(1000), by=agent)
    incubation.cancel_payment(cancelled, reason="Plus utile.", by=agent)
    incubation.add_payment(project, "Quatre", Decimal(1000), by=agent)
    public = make.award(project.award.call, amount="500")
    public.submission = project.award.submission
    public.save()
    incubation.add_payment(project, "Prix du public", Decimal(500), by=agent)
    with pytest.raises(Invalid):
        incubation.add_payment(project, "Rien", Decimal(0), by=agent)


def test_a_stopped_project_asks_for_nothing_more():
    scene = make.cast()
    project, agent, owner = scene.project, scene["agent"], scene["owner"]
    step, payment = make.milestone(project), make.payment(project)
    incubation.advance(project, "stop", reason="Le site n’est plus libre.", by=agent)
    step.refresh_from_db()
    payment.refresh_from_db()
    for refused in (
        lambda: incubation.report_milestone(step, "Fait.", by=owner),
        lambda: incubation.request_payment(payment, by=owner),
        lambda: incubation.add_milestone(project, "Encore", due_on=clock.today(), by=agent),
        lambda: incubation.add_payment(project, "Encore", Decimal(1), by=agent),
        lambda: incubation.advance(project, "agree", by=agent),
    ):
        with pytest.raises(Conflict):
            refused()
    incubation.cancel_payment(payment, reason="Projet arrêté.", by=agent)


def test_a_step_belongs_to_its_project_and_comes_after_its_opening():
    scene = make.cast()
    with pytest.raises(Invalid) as refusal:
        incubation.add_milestone(scene.project, "Hier", due_on=clock.today() - timedelta(days=1), by=scene["agent"])
    assert refusal.value.field == "due_on"
    elsewhere = make.milestone(make.project())
    with pytest.raises(Invalid) as refusal:
        incubation.add_payment(scene.project, "Un", Decimal(1), by=scene["agent"], milestone=elsewhere)
    assert refusal.value.field == "milestone"
    with pytest.raises(Invalid) as refusal:
        incubation.report_milestone(make.milestone(scene.project), "  ", by=scene["owner"])
    assert refusal.value.field == "report"
    with pytest.raises(Invalid):
        incubation.advance(scene.project, "fly", by=scene["agent"])


def test_the_story_is_the_agents_to_write():
    scene = make.cast()
    incubation.describe(scene.project, by=scene["agent"], story="Un bassin.", place="Gare d’eau", state="deployed")
    project = Project.objects.get()
    assert (project.story, project.state) == ("Un bassin.", "framing")
    assert "gare d'eau" in project.search_text
    with pytest.raises(Forbidden):
        incubation.describe(scene.project, by=scene["owner"], story="À nous.")


def test_a_mentor_is_appointed_once():
    scene = make.cast()
    incubation.appoint_mentor(scene.project, scene["citizen"], by=scene["agent"])
    with pytest.raises(Conflict):
        incubation.appoint_mentor(scene.project, scene["citizen"], by=scene["agent"])
