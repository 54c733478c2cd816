"""A call as anyone reads it: what shows in each phase, to whom, and what the button offers."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags

from bethune_smartcity.core import clock, wording
from calls.models import Call, CallAgent, CallDate, Criterion, Prize, RulesVersion
from calls.operations import clarifications, deadlines, submissions
from calls.queries.page import calendar_of, grids_of, shares_of
from tests.factories.accounts import StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, agent_of, draft, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def page(client, call, name="detail", at=None, **query):
    with clock.at(at or clock.now()):
        answer = client.get(reverse(f"calls:{name}", args=[call.slug]), query)
    assert answer.status_code == 200
    return answer


def page_of_list(client):
    return client.get(reverse("calls:list")).text


def side(answer):
    return answer.text.split('<aside class="call__side"')[1].split("</aside>")[0]


def answered(call, agent, text="May an association apply?"):
    asked = clarifications.ask(call, text, by=UserFactory())
    return clarifications.answer(asked, "Yes, with a **startup** or without.", by=agent)


def test_when_to_apply_is_read_before_the_call_at_length(client):
    text = page(client, CallFactory()).text
    assert text.index("call__head") < text.index("call__side") < text.index("call__body")


class TestVisibility:
    def test_a_draft_call_exists_for_its_agents_only(self, client):
        call = CallFactory(draft=True)
        address = reverse("calls:detail", args=[call.slug])
        assert client.get(address).status_code == 404
        client.force_login(agent_of(CallFactory()))
        assert client.get(address).status_code == 404
        client.force_login(agent_of(call))
        preview = client.get(address)
        assert preview.status_code == 200
        assert 'content="noindex"' in preview.text

    @pytest.mark.parametrize("name", ["questions", "rules"])
    def test_so_do_its_other_pages(self, client, name):
        call = CallFactory(draft=True)
        assert client.get(reverse(f"calls:{name}", args=[call.slug])).status_code == 404

    def test_the_list_tells_open_coming_and_past_apart(self, client):
        made = {name: CallFactory(**fields) for name, fields in KINDS.items()}
        calls = client.get(reverse("calls:list")).context["calls"]
        assert (calls.open, calls.coming) == ([made["open"]], [made["coming"]])
        assert (calls.judged, calls.past) == ([made["closed"]], [made["published"]])

    def test_a_call_before_its_jury_is_not_said_to_be_past(self, client):
        judged = CallFactory(**KINDS["closed"])
        read = page_of_list(client)
        assert read.index("Being examined") < read.index(judged.title)
        assert 'id="calls-past"' not in read
        published = CallFactory(**KINDS["published"])
        read = page_of_list(client)
        assert read.index(judged.title) < read.index('id="calls-past"') < read.index(published.title)
        Call.objects.filter(pk=judged.pk).update(results_at=clock.now() - timedelta(days=1))
        read = page_of_list(client)
        assert "Being examined" not in read
        assert read.index('id="calls-past"') < read.index(judged.title)

    def test_each_card_says_what_one_may_do(self, client):
        made = {name: CallFactory(**fields) for name, fields in KINDS.items()}
        page = client.get(reverse("calls:list")).text
        assert reverse("calls:apply", args=[made["open"].slug]) in page
        assert page.count("Submit an application<") == 1
        assert page.count("Read the call<") == 4
        assert f"Opens on {wording.day(made['coming'].opens_at)}" in page
        assert f"Closed on {wording.day(made['published'].last_day)} · No prize was given." in strip_tags(page)
        assert page.count("See the results<") == 1

    def test_the_list_asks_as_much_whatever_it_holds(self, client, django_assert_max_num_queries):
        for fields in (*KINDS.values(), *KINDS.values(), KINDS["published"]):
            CallFactory(**fields)
        with django_assert_max_num_queries(4):
            client.get(reverse("calls:list"))


@pytest.mark.parametrize("is_over", [False, True])
def test_a_call_whose_results_are_out_speaks_of_the_past(client, is_over):
    fields = KINDS["published"] if is_over else {}
    call = CallFactory(sought="Des vélos.", jury_note="Cinq personnes.", **fields)
    page = client.get(call.get_absolute_url()).text
    for coming, past in (
        ("How we will choose", "How the laureates were chosen"),
        ("What we are looking for", "What we were looking for"),
        ("What you can win", "What there was to win"),
        ("The jury may share", "The jury could share"),
    ):
        assert (coming in page, past in page) == (not is_over, is_over), coming
    assert "without money" in page
    assert "unranked" in page


def test_the_cards_of_calls_bear_the_marks_of_their_pages(client):
    CallFactory(closed=True)
    CallFactory(closed=True, results_at=clock.now() - timedelta(hours=1))
    listed = client.get("/appels/").text
    marks = re.findall(r'class="badge[^>]*><svg[^>]*><use href="[^"]*#i-([\w-]+)', listed)
    assert sorted(marks) == ["lock-fill", "trophy-fill"]


KINDS = {
    "open": {},
    "coming": {"coming": True},
    "closed": {"closed": True},
    "published": {"closed": True, "results_at": clock.now() - timedelta(hours=1)},
    "draft": {"draft": True},
}


def side_of_agent(client, call):
    client.force_login(agent_of(call))
    return side(page(client, call))


class TestButton:
    def test_a_visitor_may_apply_while_the_call_is_open(self, client):
        call = CallFactory()
        apply = reverse("calls:apply", args=[call.slug])
        assert apply in side(page(client, call))
        assert apply not in side(page(client, call, at=call.closes_at))
        assert apply not in side(page(client, CallFactory(coming=True)))

    def test_a_draft_is_resumed_then_only_read(self, client):
        made = draft()
        client.force_login(owner_of(made.structure))
        assert "Resume my draft" in side(page(client, made.call))
        assert "See my draft" in side(page(client, made.call, at=made.call.closes_at))

    def test_a_calendar_is_offered_while_something_is_to_come(self, client):
        offered = [kind for kind, made in KINDS.items() if ".ics" in side_of_agent(client, CallFactory(**made))]
        assert offered == ["open", "coming", "closed"]

    def test_an_application_is_seen(self, client):
        made = submitted()
        client.force_login(owner_of(made.structure))
        assert "See my application" in side(page(client, made.call))
        assert made.get_absolute_url() in side(page(client, made.call))
        client.force_login(UserFactory())
        assert made.get_absolute_url() not in page(client, made.call).text

    def test_after_withdrawing_one_may_apply_again(self, client):
        made = submitted()
        owner = owner_of(made.structure)
        submissions.withdraw(made, by=owner)
        client.force_login(owner)
        assert reverse("calls:apply", args=[made.call.slug]) in side(page(client, made.call))

    def test_results_are_offered_from_their_hour(self, client):
        call = CallFactory(closed=True, results_at=clock.now() + timedelta(hours=1))
        assert "resultats" not in page(client, call).text
        assert f'href="{call.get_absolute_url()}resultats/"' in side(page(client, call, at=call.results_at))


class TestCalendar:
    def test_a_moved_date_keeps_what_was_told_and_why(self, client):
        call = CallFactory(questions_until=clock.now() + timedelta(days=5))
        told = call.closes_at
        deadlines.move_deadline(call, "closes_at", told + timedelta(days=7), reason="Strike", by=agent_of(call))
        deadlines.move_deadline(call, "questions_until", told - timedelta(days=2), reason="Holiday", by=agent_of(call))
        lines = {line.name: line for line in calendar_of(call, clock.now())}
        assert [moved.before for moved in lines["closes_at"].moves] == [told]
        text = page(client, call).text
        assert text.count("<del>") == 2
        assert "Strike" in text
        assert "Holiday" in text

    def test_dates_come_in_order_with_the_past_ones_marked(self):
        call = CallFactory(questions_until=clock.now() + timedelta(days=5))
        CallDate.objects.create(call=call, label="Finale", at=call.closes_at + timedelta(days=40), with_time=True)
        lines = calendar_of(call, clock.now())
        assert [line.name for line in lines] == ["opens_at", "questions_until", "closes_at", ""]
        assert [line.is_past for line in lines] == [True, False, False, False]

    def test_a_step_without_an_hour_lasts_its_whole_day(self):
        call = CallFactory(closed=True)
        at = clock.paris(2027, 3, 24, 14)
        CallDate.objects.create(call=call, label="Pitches", at=at)
        CallDate.objects.create(call=call, label="Prizes", at=at + timedelta(hours=6), with_time=True)

        def passed(moment):
            return [line.label for line in calendar_of(call, moment) if line.label and line.is_past]

        assert passed(at + timedelta(hours=1)) == []
        assert passed(at + timedelta(hours=7)) == ["Prizes"]
        assert passed(clock.paris(2027, 3, 25)) == ["Pitches", "Prizes"]

    def test_an_early_close_ends_the_questions_and_says_so(self, client):
        call = CallFactory(questions_until=clock.now() + timedelta(days=20))
        told = call.questions_until
        deadlines.close_early(call, reason="Enough", by=agent_of(call))
        (line,) = [line for line in calendar_of(call, clock.now()) if line.name == "questions_until"]
        assert line.at == call.closes_at
        assert line.is_past
        assert [(moved.before, moved.reason) for moved in line.moves] == [(told, "Enough")]

    def test_a_midnight_is_told_as_the_last_minute_before(self):
        day = clock.today() + timedelta(days=20)
        call = CallFactory(closes_at=clock.start_of(day), opens_at=clock.start_of(clock.today()))
        lines = {line.name: line for line in calendar_of(call, clock.now())}
        assert lines["closes_at"].shown == clock.start_of(day) - timedelta(minutes=1)
        assert "23:59" in lines["closes_at"].words
        assert lines["opens_at"].shown == call.opens_at


class TestStateAfterTheClose:
    def test_it_follows_the_dates(self, client):
        call = CallFactory(closes_at=clock.paris(2027, 1, 13), screening_until=clock.paris(2027, 1, 28))
        read = side(page(client, call, at=clock.paris(2027, 1, 20)))
        assert "Closed since 12 January 2027, applications being examined" in read
        read = side(page(client, call, at=clock.paris(2027, 2, 20)))
        assert "Closed since 12 January 2027, applications before the jury" in read

    def test_it_says_no_more_than_the_dates_do(self, client):
        call = CallFactory(closes_at=clock.paris(2027, 1, 13), screening_until=None)
        assert "Closed since 12 January 2027</" in side(page(client, call, at=clock.paris(2027, 1, 20)))
        assert "Jury at work" not in client.get(reverse("calls:list")).text


class TestCriteria:
    def test_stages_marked_alike_are_told_once(self):
        call = CallFactory()
        assert [(grid.stage, [line.share for line in grid.shares]) for grid in grids_of(call)] == [("", [50, 33, 17])]
        Criterion.objects.filter(call=call, stage="finale", order=0).update(weight=9)
        assert len(grids_of(call)) == 2

    def test_shares_add_up_to_a_hundred(self):
        weights = [Decimal(1), Decimal(1), Decimal(1)]
        criteria = [Criterion(pk=n, label=str(n), weight=weight) for n, weight in enumerate(weights)]
        criteria.append(Criterion(pk=9, label="aside", weight=5, counted=False))
        assert [line.share for line in shares_of(criteria)] == [34, 33, 33, None]
        assert shares_of([]) == []

    def test_a_call_without_anything_to_tell_still_has_its_page(self, client):
        call = CallFactory(form=False, grid=False, prizes=False, summary="")
        text = page(client, call).text
        assert 'id="call-prizes"' not in text
        assert 'id="call-choice"' not in text
        assert 'id="call-brief"' in text

    def test_prizes_add_up_in_short(self, client):
        call = CallFactory()
        assert page(client, call).context["promised"] == Decimal(8500)
        assert "8,500" in page(client, call).text
        Prize.objects.filter(call=call).update(amount=None)
        assert page(client, call).context["promised"] == 0


class TestRules:
    def test_the_version_in_force_is_shown_the_coming_one_is_not(self, client):
        call = CallFactory()
        for number, days in ((1, -9), (2, -1), (3, 5)):
            day = clock.today() + timedelta(days=days)
            RulesVersion.objects.create(call=call, number=number, text=f"Text {number}", in_force_from=day)
        assert "Text 2" in page(client, call, "rules").text
        assert "version 2" in page(client, call).text
        old = page(client, call, "rules", version="1")
        assert "Text 1" in old.text
        assert "no longer in force" in old.text
        for odd in ("3", "x", "9" * 30):
            assert client.get(reverse("calls:rules", args=[call.slug]), {"version": odd}).status_code == 404

    def test_a_call_without_rules_has_no_page_of_them(self, client):
        call = CallFactory()
        assert client.get(reverse("calls:rules", args=[call.slug])).status_code == 404
        assert "reglement" not in page(client, call).text


class TestQuestions:
    def ask(self, client, call, text="May an association apply?"):
        return client.post(reverse("calls:questions", args=[call.slug]), {"text": text})

    def test_the_last_three_answers_are_on_the_page_and_all_on_theirs(self, client):
        call = CallFactory()
        agent = agent_of(call)
        for number in range(4):
            answered(call, agent, f"Question {number}?")
        text = page(client, call).text
        assert [n for n in range(4) if f"Question {n}?" in text] == [1, 2, 3]
        assert "All answers (4)" in text
        assert "Question 0?" in page(client, call, "questions").text

    def test_a_question_waits_where_its_asker_alone_sees_it(self, client):
        call, user = CallFactory(), UserFactory()
        client.force_login(user)
        assert self.ask(client, call).status_code == 302
        assert "May an association apply?" in page(client, call, "questions").text
        client.force_login(UserFactory())
        assert "May an association apply?" not in page(client, call, "questions").text
        assert "May an association apply?" not in page(client, call).text

    def test_nobody_s_name_is_shown(self, client):
        call = CallFactory()
        asked = answered(call, agent_of(call))
        text = page(client, call, "questions").text
        assert asked.asker.name not in text
        assert asked.asker.email not in text
        assert asked.answered_by.name not in text

    def test_visitors_are_asked_to_sign_in(self, client):
        call = CallFactory()
        assert "/connexion/?next=/" in self.ask(client, call).headers["Location"]
        assert "<textarea" not in page(client, call, "questions").text

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\u202eb", "a\x00b"])
    def test_odd_questions_are_refused_and_kept_on_the_page(self, client, text):
        call = CallFactory()
        client.force_login(UserFactory())
        answer = self.ask(client, call, text)
        assert answer.status_code in {400, 422}
        assert answer.context["form"].errors["text"]
        assert not call.clarifications.exists()

    def test_after_their_last_day_questions_are_refused(self, client):
        call = CallFactory(questions_until=clock.now() + timedelta(days=5))
        client.force_login(UserFactory())
        with clock.at(call.questions_until):
            assert self.ask(client, call).status_code == 409
        assert "<textarea" not in page(client, call, "questions", at=call.questions_until).text

    def test_a_closed_form_says_since_when(self, client):
        call = CallFactory(questions_until=clock.now() + timedelta(days=5))
        last = wording.day(wording.last_minute(call.questions_until))
        said = f"Questions are no longer taken: the last day was {last}."
        assert "no longer taken" not in page(client, call, "questions").text
        assert said in page(client, call, "questions", at=call.questions_until).text
        assert said in page(client, call, "questions", at=call.closes_at + timedelta(days=1)).text

    def test_a_form_that_is_not_open_yet_says_from_when(self, client):
        call = CallFactory(draft=True)
        client.force_login(agent_of(call))
        assert "Questions will be taken once the call is announced." in page(client, call, "questions").text
        call.announced_at = clock.now() + timedelta(days=3)
        call.save()
        day = wording.day(call.announced_at)
        assert f"Questions will be taken from {day}." in page(client, call, "questions").text

    def test_a_call_archived_before_its_last_day_tells_no_day_to_come(self, client):
        call = CallFactory(archived_at=clock.now())
        text = page(client, call, "questions").text
        assert "Questions are no longer taken." in text


@pytest.mark.parametrize("name", ["detail", "questions", "rules"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_statements_stay_few_whatever_the_rows(client, django_assert_max_num_queries, name, signed_in):
    call = CallFactory()
    agent, user = agent_of(call), UserFactory()
    submitted(call, StructureFactory(owner=user))
    RulesVersion.objects.create(call=call, number=1, text="Text", in_force_from=clock.today())
    answered(call, agent)
    if signed_in:
        client.force_login(user)

    def statements():
        with django_assert_max_num_queries(12 if signed_in else 8) as counted:
            page(client, call, name)
        return len(counted)

    before = statements()
    for number in range(2):
        answered(call, agent, f"Question {number}?")
        CallDate.objects.create(call=call, label="Step", at=clock.now() + timedelta(days=number))
        RulesVersion.objects.create(call=call, number=number + 2, text="Text", in_force_from=clock.today())
    assert statements() == before


def test_questions_say_which_languages_they_and_their_answers_are_in(client):
    call = CallFactory()
    agent = agent_of(call)

    def page(language):
        with translation.override(language):
            return client.get(reverse("calls:questions", kwargs={"slug": call.slug})).text

    clarifications.answer(clarifications.ask(call, "Peut-on ?", by=UserFactory()), "Oui.", by=agent)
    assert "told-in" not in page("fr")
    assert '<p class="told-in">Text auf Französisch</p>' in page("de")
    asked = clarifications.ask(call, "Dürfen wir?", by=UserFactory(), language="de")
    clarifications.answer(asked, "Oui.", by=agent)
    assert '<p class="told-in">Texte en allemand</p>' in page("fr")
    assert '<p class="told-in">Text auf Französisch</p>' in page("de")
    assert '<p class="told-in">Text in German, Text in French</p>' in page("en")


@pytest.mark.parametrize(
    ("typed", "kept"), [({"language": "de"}, "de"), ({}, "en"), ({"language": "xx"}, "")], ids=["said", "silent", "odd"]
)
def test_an_answer_is_in_the_language_its_writer_says_else_in_that_of_the_page(client, typed, kept):
    call = CallFactory()
    asked = clarifications.ask(call, "Dürfen wir?", by=UserFactory(), language="de")
    client.force_login(agent_of(call, CallAgent.Right.SCREEN))
    with translation.override("en"):
        path = reverse("calls:answer", kwargs={"pk": asked.pk})
    answer = client.post(path, {"text": "Ja, gern.", **typed})
    asked.refresh_from_db()
    assert (asked.answer_language, bool(asked.answer)) == (kept, bool(kept))
    if not kept:
        assert "language" in answer.context["form"].errors
