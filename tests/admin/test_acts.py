"""Acts of the back office run the operations: one row from its page, several from their list, told row by row."""

from datetime import timedelta

import pytest
import rules
from django.core import mail
from django.test import Client

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.models import Call, CallAgent, Clarification, Criterion, Prize, RulesVersion, Section, Submission
from calls.operations import clarifications
from juries.models import Assignment, Juror, Panel, PublicVote
from pillars.models import Objective, Pillar
from projects.models import Milestone, Payment, Project
from tests.admin.screens import act_on, acts_page, address, said
from tests.factories import projects as made
from tests.factories.accounts import AgentFactory, StructureFactory, UserFactory, join
from tests.factories.calls import CallFactory, agent_of, give_rights, submitted
from tests.factories.juries import opened, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return UserFactory(is_administrator=True)


def as_typed(moment):
    return f"{moment.astimezone(clock.PARIS):%Y-%m-%dT%H:%M}"


# --- Applications ---


@pytest.fixture
def closed():
    call = CallFactory(closed=True)
    return call, agent_of(call), [submitted(call, StructureFactory()) for _n in range(3)]


def test_several_applications_are_admitted_and_each_refusal_is_told(signed_in, closed):
    _call, agent, (one, two, three) = closed
    client = signed_in(agent)
    act_on(client, Submission, "refuse", two, reason="Outside the rules.")
    answer = acts_page(client, Submission, "admit", [one, two, three])
    states = dict(Submission.objects.values_list("pk", "state"))
    assert [states[row.pk] for row in (one, two, three)] == ["admissible", "inadmissible", "admissible"]
    assert any(str(two.number) in sentence for sentence in said(answer))
    assert len(said(answer)) == 2


def test_a_refusal_asks_its_reason_and_keeps_what_was_typed(signed_in, closed):
    _call, agent, (one, *_rest) = closed
    client = signed_in(agent)
    answer = act_on(client, Submission, "refuse", one)
    assert answer.status_code == 422
    assert answer.context["form"].errors["reason"]
    act_on(client, Submission, "refuse", one, reason="Outside the rules.")
    one.refresh_from_db()
    assert one.state == "inadmissible"
    line = JournalEntry.objects.filter(verb="refuse").get()
    assert (line.actor, line.reason) == (agent, "Outside the rules.")


def test_an_operation_that_refuses_one_row_answers_in_its_form(signed_in):
    call = CallFactory()
    one = submitted(call, StructureFactory())
    answer = act_on(signed_in(agent_of(call)), Submission, "admit", one)
    assert answer.status_code == 409
    assert answer.context["form"].non_field_errors()


def test_an_act_that_is_no_longer_possible_says_so(signed_in, closed):
    _call, agent, (one, *_rest) = closed
    client = signed_in(agent)
    act_on(client, Submission, "admit", one)
    assert client.get(address(Submission, "act", one.pk, "admit")).status_code == 409
    assert client.get(address(Submission, "act", one.pk, "unknown")).status_code == 404


def test_a_correction_is_asked_for_until_an_instant(signed_in, closed):
    _call, agent, (one, *_rest) = closed
    client, until = signed_in(agent), clock.now() + timedelta(days=2)
    past = as_typed(clock.now() - timedelta(days=1))
    asked = {"request": "Add the budget.", "fields": "title"}
    answer = act_on(client, Submission, "ask_for_correction", one, **asked, until=past)
    assert answer.context["form"].errors["until"]
    act_on(client, Submission, "ask_for_correction", one, **asked, until=as_typed(until))
    one.refresh_from_db()
    assert one.correction_fields == ["title"]
    assert one.correction_request == "Add the budget."


def test_nobody_acts_on_what_is_not_theirs(signed_in, closed):
    call, _agent, (one, *_rest) = closed
    others = [agent_of(CallFactory(closed=True)), agent_of(call, CallAgent.Right.CONFIGURE)]
    others.append(join(one.structure, "reader", agent_of(call)))
    for stranger in others:
        client = signed_in(stranger)
        assert act_on(client, Submission, "admit", one).status_code == 404
        ticked = {"action": "admit", "_selected_action": [str(one.pk)], "confirmed": "1"}
        client.post(address(Submission, "list"), ticked)
    one.refresh_from_db()
    assert one.state == "submitted"


def test_rows_that_cannot_exist_are_passed_over(signed_in, closed):
    _call, agent, _rows = closed
    ticked = {"action": "admit", "_selected_action": ["x", "\x00", "9" * 60], "index": "0"}
    assert signed_in(agent).post(address(Submission, "list"), ticked, follow=True).status_code == 200


# --- Calls ---


def typed_call(**changed):
    """A call as its form sends it."""
    now = clock.now()
    blank = ("summary", "audience", "purpose", "sought", "asks", "support", "jury_note", "tie_note")
    values = {f"{name}_{language}": "" for name in blank for language in ("fr", "en", "de", "nl")}
    values |= {f"title_{language}": "" for language in ("en", "de", "nl")}
    values |= {
        "title_fr": "Bouger autrement",
        "slug": "bouger",
        "number_prefix": "BG26",
        "feedback": "nothing",
        "grace_minutes": "1",
        "pillars": [str(Pillar.objects.first().pk)],
        "opens_at": as_typed(now + timedelta(days=10)),
        "closes_at": as_typed(now + timedelta(days=40)),
        "one_per_structure": "on",
    }
    return values | inlines("prizes", "criteria", "sections", "dates") | changed


def inlines(*prefixes):
    return {f"{prefix}-{count}": "0" for prefix in prefixes for count in ("TOTAL_FORMS", "INITIAL_FORMS")}


def test_a_call_is_created_edited_and_made_public_through_operations(signed_in):
    agent = AgentFactory()
    client = signed_in(agent)
    answer = client.post(address(Call, "add"), typed_call(), follow=True)
    assert answer.status_code == 200, answer.context and answer.context["errors"]
    call = Call.objects.get(slug="bouger")
    assert call.agent_rights.filter(user=agent).count() == len(CallAgent.Right.values)
    client.post(address(Call, "change", call.pk), typed_call(title_fr="Bouger mieux"))
    call.refresh_from_db()
    assert call.title == "Bouger mieux"
    lines = JournalEntry.objects.filter(subject_id=str(call.pk), actor=agent)
    assert list(lines.order_by("pk").values_list("verb", flat=True)) == ["create", "edit"]
    assert "title_fr" in lines.get(verb="edit").data["fields"]
    answer = act_on(client, Call, "announce", call)
    assert answer.context["form"].non_field_errors(), "a call without a question is not announced"


def test_a_call_that_closes_before_it_opens_comes_back_at_its_field(signed_in):
    typed = typed_call(closes_at=as_typed(clock.now()))
    answer = signed_in(AgentFactory()).post(address(Call, "add"), typed)
    form = answer.context["adminform"].form
    assert form.errors["closes_at"]
    assert form["title_fr"].value() == "Bouger autrement"
    assert not Call.objects.exists()


def test_dates_of_a_public_call_move_by_their_act_only(signed_in):
    call = CallFactory()
    client, before = signed_in(agent_of(call)), call.closes_at
    forged = typed_call(closes_at=as_typed(clock.now() + timedelta(days=90)), slug="forged", announced_at="2017-01-01")
    client.post(address(Call, "change", call.pk), forged)
    call.refresh_from_db()
    assert (call.closes_at, call.slug) == (before, Call.objects.get().slug)
    assert call.slug != "forged"
    later = clock.start_of((call.closes_at + timedelta(days=7)).date())
    act_on(client, Call, "move_deadline", call, field="closes_at", to=as_typed(later), reason="More time.")
    call.refresh_from_db()
    assert call.closes_at == later
    act_on(client, Call, "close_early", call, reason="Enough.")
    call.refresh_from_db()
    assert call.phase == "closed"


def test_pillars_that_applications_chose_stay(signed_in):
    call = CallFactory()
    chosen = submitted(call, StructureFactory()).pillar
    others = [str(pillar.pk) for pillar in call.pillars.exclude(pk=chosen.pk)]
    answer = signed_in(agent_of(call)).post(address(Call, "change", call.pk), typed_call(pillars=others))
    assert answer.status_code == 409
    assert answer.context["adminform"].form.errors["pillars"]
    assert chosen in call.pillars.all()


def typed_section(call, **changed):
    texts = {f"{name}_{language}": "" for name in ("title", "intro") for language in ("fr", "en", "de", "nl")}
    return texts | {"call": call.pk, "order": "7", "title_fr": "Budget"} | inlines("questions") | changed


def test_the_form_of_a_call_changes_until_it_opens(signed_in):
    call = CallFactory(coming=True)
    client = signed_in(agent_of(call))
    client.post(address(Section, "add"), typed_section(call))
    section = call.sections.get(order=7)
    client.post(address(Section, "change", section.pk), typed_section(call, title_fr="Le budget"))
    section.refresh_from_db()
    assert section.title == "Le budget"
    with clock.at(call.opens_at):
        answer = client.post(address(Section, "change", section.pk), typed_section(call, title_fr="Trop tard"))
        assert answer.status_code == 409
        assert answer.context["adminform"].form["title_fr"].value() == "Trop tard"
        answer = client.post(address(Section, "delete", section.pk), {"post": "yes"}, follow=True)
        assert said(answer)
        assert client.get(address(Section, "change", section.pk)).context["locks"]
    section.refresh_from_db()
    assert section.title == "Le budget"
    client.post(address(Section, "delete", section.pk), {"post": "yes"})
    assert not call.sections.filter(order=7).exists()
    assert JournalEntry.objects.filter(verb="edit_form", subject_id=str(call.pk)).count() == 3


def test_a_part_of_a_call_one_does_not_configure_is_neither_added_nor_changed(signed_in):
    mine, other = CallFactory(coming=True), CallFactory(coming=True)
    agent = agent_of(mine)
    give_rights(other, agent, CallAgent.Right.SCREEN)
    client = signed_in(agent)
    assert client.post(address(Section, "add"), typed_section(other)).context["adminform"].form.errors["call"]
    part = other.sections.first()
    assert client.post(address(Section, "change", part.pk), typed_section(other)).status_code == 403
    assert client.post(address(Criterion, "delete", other.criteria.first().pk), {"post": "yes"}).status_code == 403


def test_prizes_are_edited_on_the_page_of_their_call(signed_in):
    call = CallFactory(draft=True, coming=True)
    client = signed_in(agent_of(call))
    prize = call.prizes.get(rank=2, kind="jury")
    names = {f"prizes-0-{name}_{lang}": "" for name in ("name", "support") for lang in ("fr", "en", "de", "nl")}
    row = names | {"prizes-0-id": prize.pk, "prizes-0-call": call.pk, "prizes-0-kind": "jury", "prizes-0-rank": "2"}
    row |= {"prizes-0-name_fr": "Deuxième prix", "prizes-0-amount": "2500"}
    counts = {"prizes-TOTAL_FORMS": "1", "prizes-INITIAL_FORMS": "1"}
    answer = client.post(address(Call, "change", call.pk), typed_call(**row, **counts), follow=True)
    prize.refresh_from_db()
    assert (prize.name, prize.amount) == ("Deuxième prix", 2500), answer.context.get("errors")
    assert JournalEntry.objects.filter(verb="edit_form").exists()
    call.refresh_from_db()
    with clock.at(call.opens_at + timedelta(hours=1)):
        Call.objects.filter(pk=call.pk).update(announced_at=call.opens_at)
        row["prizes-0-amount"] = "9999"
        client.post(address(Call, "change", call.pk), typed_call(**row, **counts))
    assert Prize.objects.get(pk=prize.pk).amount == 2500


def test_rules_in_force_never_change(signed_in):
    call = CallFactory()
    client = signed_in(agent_of(call))
    texts = {"text_fr": "Article 1.", "text_en": "", "text_de": "", "text_nl": ""}
    client.post(address(RulesVersion, "add"), texts | {"call": call.pk, "in_force_from": "2017-05-01"})
    version = call.rules_versions.get()
    assert version.number == 1
    answer = client.post(
        address(RulesVersion, "change", version.pk), texts | {"text_fr": "Article 2.", "in_force_from": "2017-05-01"}
    )
    assert answer.status_code == 409
    version.refresh_from_db()
    assert version.text == "Article 1."


def test_a_question_is_answered_for_all(signed_in):
    call = CallFactory()
    asked = clarifications.ask(call, "May an association apply?", by=UserFactory())
    client = signed_in(agent_of(call))
    assert act_on(client, Clarification, "answer", asked).status_code == 422
    act_on(client, Clarification, "answer", asked, text="Yes.")
    asked.refresh_from_db()
    assert asked.answer == "Yes."
    assert client.get(address(Clarification, "act", asked.pk, "answer")).status_code == 409


def test_administrators_give_and_take_back_rights(signed_in, administrator):
    call, agent = CallFactory(agent=AgentFactory()), AgentFactory()
    client = signed_in(administrator)
    given = {"call": call.pk, "user": agent.pk, "right": "configure"}
    client.post(address(CallAgent, "add"), given)
    first, second = call.agent_rights.filter(right="configure").order_by("pk")
    client.post(address(CallAgent, "delete", second.pk), {"post": "yes"})
    assert not call.agent_rights.filter(user=agent).exists()
    answer = client.post(address(CallAgent, "delete", first.pk), {"post": "yes"}, follow=True)
    assert call.agent_rights.filter(pk=first.pk).exists(), "a call keeps someone who configures it"
    assert said(answer)


# --- Juries ---


def test_a_panel_is_planned_and_opened_from_its_page(signed_in):
    jury = prepared(jurors=3, applications=2)
    client = signed_in(jury.agent)
    answer = act_on(client, Panel, "open", jury.panel)
    assert answer.status_code == 409, "nothing is assigned"
    act_on(client, Panel, "plan", jury.panel, seed="7")
    act_on(client, Panel, "open", jury.panel)
    jury.panel.refresh_from_db()
    assert (jury.panel.state, jury.panel.seed) == ("open", 7)


def test_what_the_chair_decides_is_no_act_of_agents(signed_in):
    jury = opened(jurors=2, applications=1)
    for act in ("lock", "disclose", "reopen", "proclaim"):
        assert signed_in(jury.agent).get(address(Panel, "act", jury.panel.pk, act)).status_code == 404


def test_seats_and_readings_change_through_operations(signed_in):
    jury = prepared(jurors=2, applications=1)
    client, person, pillar = signed_in(jury.agent), agent_of(jury.call), Pillar.objects.first()
    seat = {"panel": jury.panel.pk, "user": person.pk, "has_voice": "on", "capacity": "Habitant"}
    known = {"expertise-0-pillar": pillar.pk, "expertise-0-level": "primary"}
    counts = {"expertise-TOTAL_FORMS": "1", "expertise-INITIAL_FORMS": "0"}
    answer = client.post(address(Juror, "add"), seat | known | counts)
    juror = Juror.objects.get(user=person)
    assert list(juror.expertise.values_list("pillar", "level")) == [(pillar.pk, "primary")], answer.context
    client.post(address(Assignment, "add"), {"juror": juror.pk, "submission": jury.submissions[0].pk})
    reading = Assignment.objects.get(juror=juror)
    assert reading.origin == "hand"
    client.post(address(Assignment, "delete", reading.pk), {"post": "yes"})
    client.post(address(Juror, "delete", juror.pk), {"post": "yes"})
    assert not Juror.objects.filter(user=person).exists()
    verbs = set(JournalEntry.objects.filter(subject_id=str(jury.panel.pk)).values_list("verb", flat=True))
    assert verbs >= {"seat", "assign", "unassign", "unseat"}


def test_forged_states_change_nothing(signed_in):
    jury = prepared(jurors=1, applications=1)
    forged = {"state": "proclaimed", "seed": "99", "publish_at": "2017-01-01", "call": "1", "stage": "finale"}
    settings = {"readings": "2", "places": "3", "quorum": "1", "basis": "mean"}
    typed = settings | forged | inlines("jurors", "slots")
    answer = signed_in(jury.agent).post(address(Panel, "change", jury.panel.pk), typed, follow=True)
    assert answer.status_code == 200
    jury.panel.refresh_from_db()
    assert (jury.panel.state, jury.panel.stage, jury.panel.seed) == ("preparation", "reading", 0)
    assert (jury.panel.readings, jury.panel.basis) == (2, "mean")


def test_a_vote_is_held_from_the_back_office(signed_in):
    call = CallFactory(closed=True)
    client, now = signed_in(agent_of(call)), clock.now()
    typed = {"call": call.pk, "opens_at": as_typed(now + timedelta(days=2)), "closes_at": as_typed(now)}
    answer = client.post(address(PublicVote, "add"), typed)
    assert answer.context["adminform"].form.errors["closes_at"]
    client.post(address(PublicVote, "add"), typed | {"closes_at": as_typed(now + timedelta(days=3))})
    vote = PublicVote.objects.get(call=call)
    with clock.at(vote.opens_at + timedelta(hours=1)):
        act_on(client, PublicVote, "close", vote, reason="The room is empty.")
        vote.refresh_from_db()
        assert vote.closes_at == clock.now()


# --- Projects ---


def test_projects_steps_and_payments_move_by_acts(signed_in):
    project = made.project()
    agent = AgentFactory()
    give_rights(project.award.call, agent, CallAgent.Right.FOLLOW)
    client = signed_in(agent)
    act_on(client, Project, "agree", project)
    assert act_on(client, Project, "stop", project).status_code == 422
    step, payment = made.milestone(project, state="reported"), made.payment(project, state="requested")
    acts_page(client, Milestone, "accept", [step])
    acts_page(client, Payment, "approve", [payment])
    for row in (project, step, payment):
        row.refresh_from_db()
    assert (project.state, step.state, payment.state) == ("agreement", "accepted", "approved")
    over = {"project": project.pk, "label": "Too much", "amount": "999999", "milestone": ""}
    assert client.post(address(Payment, "add"), over).context["adminform"].form.errors["amount"]
    planned = {"project": project.pk, "title_fr": "Measure", "due_on": (clock.today() + timedelta(days=30)).isoformat()}
    client.post(address(Milestone, "add"), planned)
    assert project.milestones.filter(title="Measure").exists()


def test_a_project_opens_from_a_public_award(signed_in):
    award = made.award()
    agent = AgentFactory()
    give_rights(award.call, agent, CallAgent.Right.FOLLOW)
    typed = {"award": award.pk, "name_fr": "Chaleur", "slug": "chaleur", "pillar": award.submission.pillar_id}
    signed_in(agent).post(address(Project, "add"), typed | {"is_public": "on"})
    assert Project.objects.get(slug="chaleur").structure == award.submission.structure


# --- People and messages ---


def test_administrators_enrol_end_and_close(signed_in, administrator, django_capture_on_commit_callbacks):
    client = signed_in(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(User, "add"), {"email": "Nouvel.Agent@demo.example"})
    agent = User.objects.get(email="nouvel.agent@demo.example")
    assert agent.is_agent
    assert "/inscription/agent/" in mail.outbox[-1].body
    assert not Message.objects.get(recipient=agent).body, "the outbox keeps no copy of the link"
    citizen = UserFactory()
    acts_page(client, User, "enrol", [citizen, agent])
    act_on(client, User, "deactivate", agent)
    act_on(client, User, "dismiss", citizen)
    for person in (agent, citizen):
        person.refresh_from_db()
    assert (agent.is_active, citizen.is_agent) == (False, False)
    answer = act_on(client, User, "deactivate", administrator)
    assert answer.status_code == 409
    assert act_on(client, User, "dismiss", administrator).status_code == 409, "the portal keeps an administrator"
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_administrator


def test_agents_read_accounts_and_change_none(signed_in):
    agent, stranger = AgentFactory(), UserFactory()
    person = agent_of(CallFactory(agent=agent))
    client = signed_in(agent)
    assert client.get(address(User, "change", person.pk)).status_code == 200
    assert client.get(address(User, "change", stranger.pk)).status_code == 404
    assert act_on(client, User, "deactivate", person).status_code == 403
    assert client.post(address(User, "change", person.pk), {"is_agent": "on"}).status_code == 403
    assert client.get(address(User, "add")).status_code == 403


def test_failed_messages_leave_again_and_waiting_ones_are_cancelled(signed_in, django_capture_on_commit_callbacks):
    about = {"address": "a@demo.example", "body": "Text."}
    failed = Message.objects.create(key="a", kind="calls.receipt", state="failed", **about)
    waiting = Message.objects.create(key="b", kind="calls.moved", **about)
    secret = Message.objects.create(key="c", kind="account", state="failed", address="c@demo.example")
    client = signed_in(UserFactory(is_administrator=True))
    with django_capture_on_commit_callbacks(execute=True):
        answer = acts_page(client, Message, "resend", [failed, secret])
    assert len(said(answer)) == 2
    act_on(client, Message, "cancel", waiting)
    for row in (failed, waiting, secret):
        row.refresh_from_db()
    assert (failed.state, waiting.state, secret.state) == ("sent", "cancelled", "failed")


def told(**columns):
    """A call, its agent, and a message about one of its applications whose subject is a canary."""
    call = CallFactory()
    agent = agent_of(call)
    with clock.at(call.opens_at + timedelta(days=1)):
        done = submitted(call, StructureFactory())
    message = Message.objects.filter(kind="calls.receipt", about_id=done.pk).first()
    Message.objects.filter(pk=message.pk).update(subject="CANARY-TITLE", body="CANARY-TEXT", **columns)
    return agent, message


def test_a_message_shows_to_those_who_may_see_what_it_is_about(signed_in):
    agent, message = told()
    pages = [address(Message, "list"), address(Message, "change", message.pk), address(Message, "history", message.pk)]
    shown = [signed_in(agent).get(page) for page in pages]
    assert [page.status_code for page in shown] == [200, 200, 200]
    assert "CANARY-TEXT" in shown[1].content.decode()
    elsewhere = signed_in(agent_of(CallFactory()))
    assert [elsewhere.get(page).status_code for page in pages] == [200, 404, 404]
    assert elsewhere.get(pages[0]).context["cl"].result_count == 0


def test_what_waits_for_its_hour_is_neither_read_nor_stopped_by_strangers(signed_in, administrator):
    """A decision written for Friday says on Monday who has won."""
    _agent, message = told(state="pending", sent_at=None, due_at=clock.now() + timedelta(days=5))
    for stranger in (agent_of(CallFactory()), administrator):
        client = signed_in(stranger)
        assert act_on(client, Message, "cancel", message).status_code == 404
        assert client.get(address(Message, "change", message.pk)).status_code == 404
        assert client.get(address(Message, "list")).context["cl"].result_count == 0
        assert client.get("/admin/").context["tasks"][-1].count == 0
    assert Message.objects.get(pk=message.pk).state == "pending"


def test_administrators_watch_over_delivery_without_reading(signed_in, administrator):
    _agent, message = told(state="failed", sent_at=None)
    client = signed_in(administrator)
    page = client.get(address(Message, "change", message.pk)).content.decode()
    assert "CANARY" not in page + client.get(address(Message, "list")).content.decode()
    act_on(client, Message, "cancel", message)
    assert Message.objects.get(pk=message.pk).state == "cancelled"
    line = JournalEntry.objects.get(subject_id=str(message.pk), verb="cancel")
    assert "CANARY" not in line.subject_label


def test_configuration_without_an_operation_is_journalled(signed_in, administrator):
    agent, pillar = AgentFactory(), Pillar.objects.first()
    texts = {f"text_{language}": "" for language in ("en", "de", "nl")}
    client = signed_in(agent)
    client.post(address(Objective, "add"), texts | {"pillar": pillar.pk, "text_fr": "Moins de voitures", "order": "1"})
    objective = Objective.objects.get(text="Moins de voitures")
    client.post(address(Objective, "delete", objective.pk), {"post": "yes"})
    verbs = JournalEntry.objects.filter(subject_id=str(objective.pk), actor=agent).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["create", "delete"]
    assert client.post("/admin/core/city/1/change/", {"name": "Ailleurs"}).status_code == 403
    told = {"name": "Béthune", "siret": "21620119100018", "accessibility": "none"}
    signed_in(administrator).post("/admin/core/city/1/change/", told)
    assert JournalEntry.objects.filter(subject_type__model="city", actor=administrator).exists()


# --- Nobody stands above the rules ---


@pytest.mark.parametrize("permission", ["accounts.see_accounts", "accounts.manage_accounts"])
def test_a_rule_that_says_never_stops_the_administrator(signed_in, administrator, permission):
    kept, person = rules.permissions.permissions[permission], UserFactory()
    client = signed_in(administrator)
    rules.set_perm(permission, rules.always_deny)
    try:
        assert act_on(client, User, "deactivate", person).status_code == 403
        opens = 403 if permission == "accounts.see_accounts" else 200
        assert client.get(address(User, "list")).status_code == opens
        assert client.get(address(User, "add")).status_code == 403
    finally:
        rules.set_perm(permission, kept)
    person.refresh_from_db()
    assert person.is_active


def test_the_back_office_itself_asks_a_rule(administrator):
    kept = rules.permissions.permissions["accounts.use_back_office"]
    client = Client()
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    rules.set_perm("accounts.use_back_office", rules.always_deny)
    try:
        assert client.get("/admin/").status_code == 404
        assert client.get(address(User, "list")).status_code == 404
    finally:
        rules.set_perm("accounts.use_back_office", kept)
