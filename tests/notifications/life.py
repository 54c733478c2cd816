"""What goes on in a portal until it has written a message of every kind: act by act, as people and the clock do it."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts import inviting
from bethune_smartcity.accounts.models import Invitation, Membership, Structure
from bethune_smartcity.accounts.operations import name_owner
from bethune_smartcity.core import clock
from bethune_smartcity.notifications import channels, following, groups, planners
from bethune_smartcity.notifications.kinds import Audience
from bethune_smartcity.notifications.tasks import sweep
from bethune_smartcity.portal import weekly
from calls.models import Call, Clarification, Letter, Submission
from calls.operations import clarifications, deadlines, extensions, form_changes, letters, screening, submissions
from calls.queries.letters import people_of
from calls.workflow import SubmissionState
from juries.models import Assignment, Award, Panel, PublicVote, Recusal
from juries.operations import attendance, deliberation, panels, session, voting
from juries.queries.attendance import own_attendance
from projects.models import Milestone, Payment, Photo, Project
from projects.operations import incubation, photos, replication
from projects.operations.reminders import morning_of
from tests.factories import news, projects
from tests.factories.accounts import StructureFactory, UserFactory, owner_of
from tests.factories.calls import pdf, submitted
from tests.factories.juries import prepared, ready, write
from tests.juries.finale import a_finale
from tests.scene import Scene

DAY = timedelta(days=1)
MONDAY = 0
# Typed by those who act, where the portal takes several lines.
TYPED = "First of all.\n\nThen the rest."

ACTS: list[Callable[[Scene], None]] = []


def act(does: Callable[[Scene], None]) -> Callable[[Scene], None]:
    ACTS.append(does)
    return does


def go_on(scene: Scene, after: Callable[[], Any] = lambda: None) -> None:
    """Let everything happen around `scene`, in turn; `after` each act that is called."""
    for does in ACTS:
        does(scene)
        after()


def row(scene: Scene, model: Any, prefix: str) -> Any:
    return model.objects.get(pk=scene.values[prefix]["pk"])


def of_project(scene: Scene, model: Any, part: str) -> Any:
    return row(scene, model, f"gestion/projets/<slug:slug>/{part}/")


# --- Accounts ---


@act
def someone_asks_for_a_code(scene: Scene) -> None:
    address = scene.people["citizen"].email
    EmailAddress.objects.get_or_create(user=scene.people["citizen"], email=address, verified=True, primary=True)
    Client().post(reverse("account_request_login_code"), {"email": address})


@act
def someone_is_invited(scene: Scene) -> None:
    structure = Structure.objects.get(pk=scene.values["espace/structures/"]["pk"])
    for address in ("colleague@town.example", UserFactory().email):
        inviting.invite(structure, address, Membership.Role.EDITOR, by=scene.people["owner"])


@act
def the_invited_one_joins(scene: Scene) -> None:
    inviting.accept(row(scene, Invitation, "espace/invitations/"), by=scene.people["citizen"])


@act
def the_city_names_an_owner(scene: Scene) -> None:
    left = StructureFactory()
    Membership.objects.filter(structure=left).delete()
    name_owner(left, UserFactory(), by=scene.people["admin"], reason=TYPED)


# --- Calls ---


def call_of(name: str) -> Call:
    return Call.objects.get(slug=f"scene-{name}")


@act
def a_question_is_answered(scene: Scene) -> None:
    asked = row(scene, Clarification, "gestion/questions/")
    clarifications.answer(asked, "Yes, any may apply.", by=scene.people["agent"])


@act
def the_form_changes(scene: Scene) -> None:
    form_changes.publish_changes(call_of("open"), reason=TYPED, by=scene.people["agent"])


@act
def the_close_moves(scene: Scene) -> None:
    following.follow([(Call.TOPIC, call_of("open").pk)], by=UserFactory(name="Follower of the call"))
    call = call_of("open")
    deadlines.move_deadline(call, "closes_at", call.closes_at + DAY, reason=TYPED, by=scene.people["agent"])


@act
def someone_gets_more_time(scene: Scene) -> None:
    begun = row(scene, Submission, "candidatures/")
    until = begun.call.closes_at + 2 * DAY
    extensions.extend(begun, until=until, reason=TYPED, by=scene.people["agent"])


@act
def the_close_comes_near(_scene: Scene) -> None:
    with clock.at(call_of("open").closes_at - DAY):
        planners.plan(clock.now())


@act
def the_draft_is_handed_in(scene: Scene) -> None:
    submissions.submit(row(scene, Submission, "candidatures/"), by=scene.people["owner"])


@act
def agents_write_to_applicants(scene: Scene) -> None:
    letter, agent = row(scene, Letter, "gestion/courriers/"), scene.people["agent"]
    number = people_of(letter, clock.now()).count()
    letters.confirm(letter, number=number, seen=letters.stamp_of(letter), by=agent)
    planners.plan(clock.now())


@act
def one_is_withdrawn(scene: Scene) -> None:
    rival = scene.people["rival"]
    theirs = Submission.objects.get(call=call_of("open"), structure__memberships__user=rival)
    submissions.withdraw(theirs, by=rival, reason=TYPED)


@act
def a_correction_is_asked_for(scene: Scene) -> None:
    done = row(scene, Submission, "gestion/candidatures/")
    until = clock.now() + 5 * DAY
    screening.ask_for_correction(done, request=TYPED, fields=["one_line"], until=until, by=scene.people["agent"])


@act
def one_is_found_inadmissible(scene: Scene) -> None:
    done = submitted(Submission.objects.get(pk=scene.values["gestion/candidatures/"]["pk"]).call)
    screening.refuse(done, reason=TYPED, by=scene.people["agent"])


# --- Followers ---


@act
def someone_asks_to_follow(_scene: Scene) -> None:
    following.ask("other@town.example", [("calls.opening", 0), ("portal.news", 0)], language="en")


@act
def followers_hear_of_what_is_public(scene: Scene) -> None:
    """A call opens, an article and the results of another are published."""
    follower, published = UserFactory(name="Follower of all"), call_of("published")
    with clock.at(published.results_at - DAY):
        following.follow([("calls.opening", 0), ("portal.news", 0), (Call.TOPIC, published.pk)], by=follower)
    with clock.at(published.results_at + timedelta(hours=1)):
        planners.plan(clock.now())
    news.article("mobilite")
    planners.plan(clock.now())


# --- Juries ---


def reading_of(scene: Scene) -> Panel:
    return row(scene, Panel, "jury/")


@act
def a_juror_is_invited(scene: Scene) -> None:
    panels.invite_juror(reading_of(scene), "another@town.example", language="en", by=scene.people["agent"])


@act
def a_link_is_declared(scene: Scene) -> None:
    seat = reading_of(scene).jurors.get(user=scene.people["juror"])
    read = Assignment.objects.filter(juror=seat).last().submission
    panels.declare_recusal(seat, read, "unsure", by=seat.user)


@act
def a_link_is_answered(scene: Scene) -> None:
    panels.confirm_recusal(Recusal.objects.filter(category="unsure").first(), by=scene.people["chair"])


@act
def sessions_change(scene: Scene) -> None:
    moved = {"place": "Town hall, second floor", "access": TYPED, "held_from": date(2031, 5, 6)}
    for panel in Panel.objects.filter(state__in=("preparation", "open")):
        due_at = clock.now() + 9 * DAY
        panels.configure_panel(panel, due_at=due_at, deck_due_at=due_at, by=scene.people["agent"], **moved)


@act
def readings_are_given_and_a_seat_ends(scene: Scene) -> None:
    reading, agent = reading_of(scene), scene.people["agent"]
    read = Assignment.objects.filter(juror__panel=reading).first().submission
    panels.assign(panels.seat(reading, UserFactory(), by=agent), read, by=agent)
    panels.unseat(panels.seat(reading, UserFactory(), by=agent), by=agent)


@act
def jurors_are_reminded(scene: Scene) -> None:
    panels.nudge_late(reading_of(scene), by=scene.people["agent"])
    with clock.at(reading_of(scene).due_at - DAY + timedelta(minutes=1)):
        planners.plan(clock.now())


@act
def a_second_reading_begins(_scene: Scene) -> None:
    jury = prepared(jurors=5, applications=4, readings=2)
    for juror in jury.jurors:
        ready(juror, jury.submissions)
    panels.plan_assignments(jury.panel, seed=3, by=jury.agent)
    panels.open_panel(jury.panel, by=jury.agent)
    note = "A word of a juror, for nobody else."
    for each in Assignment.objects.filter(juror__panel=jury.panel).select_related("juror__user", "juror__panel"):
        write(each, 3, private_note=note)
    panels.begin_second_reading(jury.panel, leading=2, readings=1, by=jury.agent)


@act
def finalists_are_awaited_and_answer(scene: Scene) -> None:
    finale = Panel.objects.get(call=call_of("voted"))
    with clock.at(finale.deck_due_at - DAY + timedelta(minutes=1)):
        planners.plan(clock.now())
    one = Submission.objects.filter(call=finale.call, state=SubmissionState.SHORTLISTED).first()
    team = owner_of(one.structure)

    def word() -> Any:
        return own_attendance(team, one.pk, clock.now())

    attendance.confirm(word(), pitched_by="Anna Martin", people=2, needs="A lift for a wheelchair.", by=team)
    attendance.send_deck(word(), pdf("deck.pdf"), by=team)


@act
def the_running_order_is_drawn(scene: Scene) -> None:
    finale = Panel.objects.get(call=call_of("voted"))
    starts_at = clock.now() + 20 * DAY
    session.draw_slots(finale, seed=3, starts_at=starts_at, minutes=10, by=scene.people["agent"])


@act
def someone_asks_for_a_ballot(_scene: Scene) -> None:
    voting.request_ballot(PublicVote.objects.get(call=call_of("voted")), "voter@town.example")


@act
def a_jury_decides(_scene: Scene) -> None:
    """What it decided is public in an hour: that is when it leaves."""
    for stage in Panel.Stage.values:
        made = a_finale(4, stage=stage)
        made.reach("deliberate")
        made.attend()
        with translation.override("en"):
            deliberation.propose_ranking(made.panel, by=made.chair)
            deliberation.decide(made.panel, by=made.chair)
            deliberation.sign(made.panel, by=made.chair)
        deliberation.proclaim(made.panel, publish_at=clock.now() + timedelta(hours=1), by=made.chair)


# --- Projects ---


@act
def a_project_opens_and_advances(scene: Scene) -> None:
    award, agent = row(scene, Award, "gestion/projets/ouvrir/"), scene.people["agent"]
    made = incubation.open_incubation(award, mentors=[UserFactory(name="Mentor")], by=agent)
    incubation.advance(made, "agree", by=agent, reason=TYPED)


@act
def steps_are_reported_and_judged(scene: Scene) -> None:
    agent, owner = scene.people["agent"], scene.people["owner"]
    incubation.ask_milestone_again(of_project(scene, Milestone, "etapes"), reason=TYPED, by=agent)
    step = row(scene, Milestone, "projets/<slug:slug>/suivi/etapes/")
    incubation.report_milestone(step, TYPED, by=owner)
    incubation.accept_milestone(step, by=agent)


@act
def a_step_comes_due(_scene: Scene) -> None:
    project = Project.objects.get(slug="scene-project")
    step = projects.milestone(project, days=30, title="A step to come")
    projects.payment(project, step=step)
    with clock.at(clock.now() + 25 * DAY):
        planners.plan(clock.now())


@act
def a_report_does_not_come(scene: Scene) -> None:
    project, agent = Project.objects.get(slug="scene-project"), scene.people["agent"]
    step = incubation.add_milestone(project, "A step to report", due_on=clock.today() + 3 * DAY, by=agent)
    incubation.add_payment(project, "What waits for its report", Decimal(310), milestone=step, by=agent)
    with clock.at(morning_of(step.due_on) + DAY):
        planners.plan(clock.now())


@act
def payments_come_due(scene: Scene) -> None:
    """One is still to be requested on its day, another to be approved."""
    project, agent, due_on = Project.objects.get(slug="scene-project"), scene.people["agent"], clock.today() + 9 * DAY
    incubation.add_payment(project, "A payment to request", Decimal(320), due_on=due_on, by=agent)
    asked = incubation.add_payment(project, "A payment to approve", Decimal(330), due_on=due_on, by=agent)
    incubation.request_payment(asked, by=scene.people["owner"])
    with clock.at(morning_of(due_on)):
        planners.plan(clock.now())


@act
def payments_are_requested_and_judged(scene: Scene) -> None:
    agent, owner = scene.people["agent"], scene.people["owner"]
    incubation.approve_payment(of_project(scene, Payment, "versements"), by=agent)
    paid = row(scene, Payment, "projets/<slug:slug>/suivi/versements/")
    incubation.request_payment(paid, by=owner)
    incubation.cancel_payment(paid, reason=TYPED, by=agent)


@act
def photographs_are_proposed_and_judged(scene: Scene) -> None:
    project, agent = Project.objects.get(slug="scene-project"), scene.people["agent"]
    photos.send_photo(project, projects.picture(), alt="Two probes", by=scene.people["owner"])
    photos.hide_photo(of_project(scene, Photo, "photos"), reason=TYPED, by=agent)


@act
def a_city_asks_and_is_answered(scene: Scene) -> None:
    said = {"organisation": "Ville voisine", "contact_name": "Anna", "email": UserFactory().email}
    project = Project.objects.get(slug="scene-project")
    asked = replication.ask_for_replication(project, **said, message=TYPED, language="en")
    replication.answer_request(asked, reply=TYPED, by=scene.people["agent"])


# --- What gathers others ---


@act
def someone_reads_once_a_day(scene: Scene) -> None:
    reader = scene.people["owner"]
    every = groups.groups_for(list(Audience))
    daily = {group.name: "daily" for group in every if "daily" in group.channels}
    channels.choose(reader, daily)
    asked = clarifications.ask(call_of("open"), "When is the day?", language="en", by=scene.people["citizen"])
    clarifications.answer(asked, "On a Monday.", by=scene.people["agent"])
    sweep()
    with clock.at(channels.next_hour(clock.now()) + timedelta(minutes=1)):
        planners.plan(clock.now())


@act
def the_letter_of_the_week_leaves(scene: Scene) -> None:
    channels.choose(scene.people["agent"], {weekly.LETTER: "now"})
    with clock.at(weekly.next_monday(clock.now()) + timedelta(minutes=1)):
        planners.plan(clock.now())
