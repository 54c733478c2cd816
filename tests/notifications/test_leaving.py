"""What will leave: what the dates will make the portal say and what waits written, as each agent may know it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import planners, tidings
from bethune_smartcity.notifications.broadcasts import tell_followers
from bethune_smartcity.notifications.channels import next_hour
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.models import Broadcast, Message, Step
from bethune_smartcity.notifications.operations import release, supersede
from bethune_smartcity.notifications.tasks import sweep
from calls.ladders import ladders
from calls.models import CallAgent
from calls.operations.reminders import DRAFTS
from tests.factories.accounts import StructureFactory
from tests.factories.calls import CallFactory, agent_of, draft, submitted
from tests.factories.news import article
from tests.personas import PERSONAS, cast

from .leaving import DAY, PAGE, browser, lines, waiting_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return CallFactory(closes_at=clock.now() + 20 * DAY)


@pytest.fixture
def agent(call):
    return agent_of(call)


def act(client, line, name, **data):
    return client.post(reverse("notifications:leaving-act", kwargs={"ref": line.ref, "act": name}), data)


def test_the_page_tells_kind_call_instant_number_and_reason(call, agent):
    draft(call)
    page = browser(agent).get(PAGE).text
    assert "7 jours avant la clôture" in page.replace("\u00a0", " ")
    assert "1 brouillon" in page.replace("\u00a0", " ")
    assert call.title in page
    assert f"/gestion/appels/{call.slug}/rappels/" in page


def test_each_persona_sees_their_own_calls_or_no_page():
    everyone = cast(draft)
    other = CallFactory.create(agent=everyone.other_agent)
    for persona in PERSONAS:
        answer = browser(everyone.people[persona]).get(PAGE)
        if persona == "anonymous":
            assert answer.status_code == 302
        elif persona in {"agent", "member_agent", "rival_agent", "other_agent", "administrator"}:
            mine = persona in {"agent", "member_agent", "rival_agent"}
            assert (everyone.call.title in answer.text) == mine
            assert (other.title in answer.text) == (persona == "other_agent")
        else:
            assert answer.status_code == 403


def test_an_agent_holds_back_lets_go_and_calls_off_from_the_page(call, agent):
    draft(call)
    client = browser(agent)
    step = next(line for line in lines(client) if line.why.startswith("7"))
    assert act(client, step, "hold").status_code == 302
    assert [line.ref for line in client.get(PAGE).context["held"]] == [step.ref]
    assert act(client, step, "release", next=f"/gestion/appels/{call.slug}/rappels/")["Location"].endswith("/rappels/")
    assert not client.get(PAGE).context["held"]
    shown = client.get(reverse("notifications:leaving-act", kwargs={"ref": step.ref, "act": "cancel"}))
    assert "définitif" in shown.text
    act(client, step, "cancel")
    assert step.ref not in {line.ref for line in lines(client)}
    verbs = JournalEntry.objects.filter(subject_id=str(call.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["hold_reminder", "release_reminder", "cancel_reminder"]


def test_a_button_pressed_too_late_says_so(call, agent):
    draft(call)
    client = browser(agent)
    step = next(line for line in lines(client) if line.why.startswith("7"))
    step.handle.cancel(by=agent)
    answer = client.post(reverse("notifications:leaving-act", kwargs={"ref": step.ref, "act": "hold"}), follow=True)
    assert "n’est plus prévu" in answer.text


def test_the_way_back_leads_to_no_other_site(call, agent):
    draft(call)
    client = browser(agent)
    assert act(client, lines(client)[0], "hold", next="//evil.example/")["Location"] == PAGE


def test_an_agent_who_may_only_read_has_no_button_and_another_s_plan_is_unknown(call, agent):
    draft(call)
    step = next(line for line in lines(browser(agent)) if line.why.startswith("7"))
    reader, stranger = agent_of(call, CallAgent.Right.SCREEN), agent_of(CallFactory())
    address = reverse("notifications:leaving-act", kwargs={"ref": step.ref, "act": "cancel"})
    assert browser(reader).get(address).status_code == 403
    assert browser(reader).post(address).status_code == 403
    assert browser(stranger).get(address).status_code == 404
    assert address not in browser(reader).get(PAGE).text
    browser(stranger).post(address)
    assert not Step.objects.exists()


# --- What is written and waits ---


def test_messages_written_for_later_are_one_line_for_each_call_and_instant(call, agent):
    later = clock.now() + 3 * DAY
    other = CallFactory(agent=agent)
    for where in (call, call, other):
        waiting_message(submitted(where, StructureFactory()), later)
    found = [line for line in lines(browser(agent)) if line.ref.startswith("m")]
    assert sorted((line.count, line.about) for line in found) == [(1, other.title), (2, call.title)]


def test_a_message_about_a_call_itself_is_told_with_its_call(call, agent):
    about = {"about_type": ContentType.objects.get_for_model(call), "about_id": str(call.pk)}
    later = clock.now() + DAY
    Message.objects.create(key="call", kind="calls.moved", body="x", recipient=agent, due_at=later, **about)
    [line] = [line for line in lines(browser(agent)) if line.ref.startswith("m")]
    assert (line.about, line.url) == (call.title, f"/gestion/appels/{call.slug}/")


def test_held_messages_are_shown_to_nobody_until_they_are_let_go(call, agent, mailoutbox):
    message = waiting_message(submitted(call), clock.now() + DAY)
    client = browser(agent)
    line = next(line for line in lines(client) if line.ref.startswith("m"))
    act(client, line, "hold")
    with clock.at(clock.now() + 2 * DAY):
        mailoutbox.clear()
        sweep()
        assert not [mail for mail in mailoutbox if mail.subject == message.subject]
        assert message not in inbox(message.recipient)
        held = client.get(PAGE).context["held"]
        assert [one.count for one in held] == [1]
        act(client, held[0], "release")
        sweep()
        assert [mail.to for mail in mailoutbox if mail.subject == message.subject] == [[message.address]]
        assert message in inbox(message.recipient)
    verbs = JournalEntry.objects.filter(subject_id=str(message.pk)).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["hold_reminder", "release_reminder"]


def test_waiting_messages_are_sent_now_or_never(call, agent, mailoutbox, django_capture_on_commit_callbacks):
    now_, never = (waiting_message(submitted(call, StructureFactory()), clock.now() + n * DAY) for n in (1, 2))
    client = browser(agent)
    first, second = (line for line in lines(client) if line.ref.startswith("m"))
    with django_capture_on_commit_callbacks(execute=True):
        act(client, first, "send")
        act(client, second, "cancel")
    now_.refresh_from_db()
    never.refresh_from_db()
    assert (now_.state, never.state) == ("sent", "cancelled")
    with clock.at(clock.now() + 3 * DAY):
        sweep()
    never.refresh_from_db()
    assert never.state == "cancelled"


def test_what_an_act_takes_back_is_taken_back_even_when_held(call, agent):
    kept, gone = submitted(call, StructureFactory()), submitted(call, StructureFactory())
    for each in (kept, gone):
        waiting_message(each, clock.now() + DAY)
    client = browser(agent)
    act(client, next(line for line in lines(client) if line.ref.startswith("m")), "hold")
    assert not supersede("calls.screened", gone)
    assert Message.objects.filter(kind="calls.screened").count() == 1
    assert release("calls.screened", subjects=[kept]) == 1
    assert Message.objects.get(kind="calls.screened").state == "held"


def test_an_agent_of_another_call_sees_none_of_it(call, agent):
    waiting_message(submitted(call), clock.now() + DAY)
    assert not [line for line in lines(browser(agent_of(CallFactory()))) if line.ref.startswith("m")]


# --- What is gathered, and what is being told ---


def test_the_day_s_mail_is_one_line_to_look_at_with_its_instant_and_its_people(call, agent):
    for structure in (StructureFactory(), StructureFactory()):
        message = waiting_message(submitted(call, structure), clock.now())
        Message.objects.filter(pk=message.pk).update(state=Message.State.GATHERED)
    client = browser(agent)
    [line] = [line for line in lines(client) if line.ref == "day-mail"]
    assert (line.count, line.at, line.handle) == (2, next_hour(clock.now()), None)
    assert "Réunit 2 messages" in client.get(PAGE).text.replace("\u00a0", " ")
    assert act(client, line, "cancel").status_code == 403
    assert not [line for line in lines(browser(agent_of(CallFactory()))) if line.ref == "day-mail"]


def test_what_followers_are_being_told_is_one_line_until_it_is_written(call, agent):
    told = tell_followers("calls.opens", subject=call)
    [line] = [line for line in lines(browser(agent)) if line.ref.startswith("broadcast-")]
    assert (line.about, line.url) == (call.title, f"/gestion/appels/{call.slug}/")
    assert not [line for line in lines(browser(agent_of(CallFactory()))) if line.ref.startswith("broadcast-")]
    sweep()
    told.refresh_from_db()
    assert told.ended_at
    assert not [line for line in lines(browser(agent)) if line.ref.startswith("broadcast-")]


def test_news_on_their_way_to_followers_are_named_and_lead_to_their_article():
    editor = agent_of(CallFactory())
    news = article()
    told = tell_followers("portal.newsletter", subject=news)
    client = browser(editor)
    [line] = [line for line in lines(client) if line.ref.startswith("broadcast-")]
    desk = f"/admin/portal/article/{news.pk}/change/"
    assert (line.about, line.url, [edit.url for edit in line.edits]) == (news.title, desk, [desk])
    page = client.get(PAGE).text
    assert "aux abonnés" in page
    assert "Aucun message écrit pour l’instant" in page
    Broadcast.objects.filter(pk=told.pk).update(written=2)
    assert "2 écrits jusqu’ici" in client.get(PAGE).text


def test_what_leaves_at_midnight_is_told_on_the_day_that_begins(call, agent):
    """It is no deadline: only those are told as the last minute before them."""
    midnight = clock.start_of(clock.today() + 3 * DAY)
    waiting_message(submitted(call), midnight)
    context = browser(agent).get(PAGE).context
    [(day, line)] = [(day.day, line) for day in context["days"] for line in day.lines if line.at == midnight]
    assert day == midnight.date()
    with translation.override("en"):
        assert line.hour == "00:00"
        assert line.when.endswith("at 00:00")


# --- Solidity ---


def test_the_page_asks_the_same_whatever_there_is(agent, call):
    client = browser(agent)

    def statements():
        ContentType.objects.clear_cache()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    def grow():
        more = CallFactory(agent=agent)
        draft(more)
        waiting_message(submitted(more, StructureFactory()), clock.now() + DAY)
        gathered = waiting_message(submitted(more, StructureFactory()), clock.now())
        Message.objects.filter(pk=gathered.pk).update(state=Message.State.GATHERED)
        tell_followers("calls.opens", subject=more)

    grow()
    once = statements()
    for _n in range(3):
        grow()
    assert statements() == once <= 24


def test_the_agenda_of_the_back_office_tells_the_same_plan(agent, call):
    draft(call)
    with clock.at(call.closes_at - 8 * DAY):
        page = browser(agent).get("/admin/").text.replace("\u00a0", " ")
    assert "7 jours avant la clôture, 1 brouillon" in page


def test_registering_a_planner_without_foresight_is_enough(monkeypatch):
    monkeypatch.setattr(planners, "_planners", {})
    monkeypatch.setattr(planners, "_foresee", {})
    planners.register_planner("quiet", lambda _until: 0)
    assert planners.foresee(None, clock.now(), clock.now()) == []
    assert planners.plan(clock.now()) == 0


# Planners that tell nothing of what they will write, and why.
WITHOUT_FORESIGHT = {
    "accounts.invitations": "forgets, and writes nothing",
    "juries.invitations": "forgets, and writes nothing",
    "notifications.forget": "forgets, and writes nothing",
    "notifications.broadcasts": "the page tells what followers are being told (under_way)",
    "notifications.digests": "the page tells the next day's mail (gathered)",
}


def test_every_planner_tells_what_it_will_write_or_is_known_not_to():
    told = set(planners._foresee) | set(tidings._expected) | {ladder.name for ladder in ladders()}
    assert "calls.drafts" in planners._foresee, "the one foresight of all ladders"
    assert "notifications.tidings" in planners._foresee, "the one foresight of what followers are told"
    assert set(planners._planners) - told == set(WITHOUT_FORESIGHT)
    assert not told & set(WITHOUT_FORESIGHT)


def test_every_rung_of_the_ladder_is_on_the_page_of_the_call(agent, call):
    draft(call)
    page = browser(agent).get(f"/gestion/appels/{call.slug}/rappels/")
    board = page.context["boards"][0]
    assert [line.code for line in board.lines] == [rung.code for rung in DRAFTS.defaults]
