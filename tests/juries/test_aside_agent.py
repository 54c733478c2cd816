"""An agent who sits on a jury and stands aside from an application: every path to it closes, those of an agent too."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import can
from bethune_smartcity.files.readers import readable_files
from calls.models import Attachment, Submission
from calls.queries import draft_overview, helped_by, screened_by, visible_submission, visible_submissions
from juries.models import (
    Assignment,
    Attendance,
    Award,
    Ballot,
    Declaration,
    Dissent,
    Juror,
    Mark,
    Minutes,
    Motion,
    Panel,
    Proposal,
    PublicVote,
    Recusal,
    Remark,
    Sheet,
    Slot,
    Standing,
    StandingLine,
)
from juries.operations import panels
from juries.operations.deliberation import Desk, write_content
from juries.queries.attendance import readable_decks
from juries.workflow import PanelState
from tests.admin.screens import address, rows_of
from tests.factories.accounts import owner_of
from tests.factories.calls import draft
from tests.factories.juries import disclosed, prepared, seat
from tests.juries.finale import a_finale
from tests.juries.test_attendance import with_deck

pytestmark = pytest.mark.django_db


def screen(name, submission):
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk})


def board(name, call):
    return reverse(f"calls:{name}", kwargs={"slug": call.slug})


def aside(jury, submission):
    """Let the agent, who has a seat, stand aside from `submission`."""
    own = Juror.objects.get(panel=jury.panel, user=jury.agent)
    return Recusal.objects.create(juror=own, submission=submission, category="family")


def read(client, pages):
    return [client.get(page).content.decode() for page in pages]


@pytest.fixture
def jury():
    """A jury of two applications on which its agent, who screens the call as well, has a seat."""
    made = prepared(jurors=1, applications=2)
    seat(made.panel, made.agent, made.agent)
    return made


class TestScreening:
    PAGES = ("screen", "submission-messages", "refuse", "extend")

    def answers(self, client, submission):
        found = {}
        for name in self.PAGES:
            found[name] = client.get(screen(name, submission)).status_code
        return found

    def test_its_pages_do_not_exist_any_more(self, client, jury):
        hidden, other = jury.submissions
        client.force_login(jury.agent)
        before = self.answers(client, hidden)
        assert 404 not in before.values()
        aside(jury, hidden)
        assert set(self.answers(client, hidden).values()) == {404}
        assert self.answers(client, other) == before
        # The pages that applicants have are no way round.
        assert client.get(reverse("calls:submission", kwargs={"pk": hidden.pk})).status_code == 404

    def test_lists_and_exports_leave_it_out(self, client, jury):
        hidden, other = jury.submissions
        client.force_login(jury.agent)
        lists = [board("board-submissions", jury.call), board("board-export", jury.call)]
        lists.append(f"{lists[0]}?q={hidden.title}")
        for url in lists:
            assert hidden.title in client.get(url).getvalue().decode("utf-8-sig")
        aside(jury, hidden)
        for url in lists:
            assert hidden.number not in client.get(url).getvalue().decode("utf-8-sig")
        assert other.title in client.get(lists[0]).content.decode()

    def test_rights_queries_and_files_say_the_same(self, jury):
        hidden, other = jury.submissions
        files = Attachment.objects.filter(submission=hidden).values("file")
        asked = ("calls.view_submission", "calls.screen_submission", "calls.extend_submission")

        def known(submission):
            queries = (screened_by, helped_by, visible_submissions)
            found = [query(jury.agent).filter(pk=submission.pk).exists() for query in queries]
            found.append(visible_submission(jury.agent, submission.pk) is not None)
            return {*found, *(can(jury.agent, name, submission) for name in asked)}

        assert known(hidden) == {True}
        count = readable_files(jury.agent).filter(pk__in=files).count()
        assert count == files.count()
        aside(jury, hidden)
        assert known(hidden) == {False}
        assert known(other) == {True}
        assert not readable_files(jury.agent).filter(pk__in=files).exists()

    def test_a_member_of_the_structure_who_stands_aside_keeps_their_own(self, jury):
        hidden = jury.submissions[0]
        owner = owner_of(hidden.structure)
        own = Juror.objects.create(panel=jury.panel, user=owner)
        Recusal.objects.create(juror=own, submission=hidden, category="member")
        assert visible_submission(owner, hidden.pk) == hidden

    def test_a_draft_is_left_out_as_well(self, jury):
        hidden = draft(jury.call)
        assert hidden in draft_overview(jury.agent, jury.call)
        aside(jury, hidden)
        assert hidden not in draft_overview(jury.agent, jury.call)

    def test_the_journal_of_the_panel_no_longer_names_it(self, client, jury):
        hidden, other = jury.submissions
        for one in jury.submissions:
            panels.assign(jury.jurors[0], one, by=jury.agent)
        client.force_login(jury.agent)
        pages = (address(Panel, "history", jury.panel.pk), reverse("admin:lifecycle_journalentry_changelist"))
        assert all(hidden.number in page for page in read(client, pages))
        aside(jury, hidden)
        for page in read(client, pages):
            assert (hidden.number in page, other.number in page) == (False, True)

    def test_it_takes_no_statement_more(self, client, jury):
        client.force_login(jury.agent)
        pages = (screen("screen", jury.submissions[1]), board("board-submissions", jury.call))

        def statements():
            found = []
            for page in pages:
                client.get(page)
                with CaptureQueriesContext(connection) as caught:
                    assert client.get(page).status_code == 200
                found.append(len(caught))
            return found

        before = statements()
        aside(jury, jury.submissions[0])
        assert statements() == before


class TestBackOffice:
    @pytest.fixture
    def told(self):
        """A disclosed jury with one row of everything about each of its applications."""
        made = disclosed(jurors=3, applications=2)
        Juror.objects.create(panel=made.panel, user=made.agent, has_voice=False)
        Panel.objects.filter(pk=made.panel.pk).update(state=PanelState.SIGNED)
        made.panel.refresh_from_db()
        own = made.jurors[1]
        for order, one in enumerate(made.submissions, start=1):
            Recusal.objects.create(juror=made.jurors[2], submission=one, category="family")
            Proposal.objects.create(panel=made.panel, submission=one, verdict="keep", reason=f"CANARY {one.title}")
            Remark.objects.create(panel=made.panel, submission=one, juror=own, text=f"CANARY {one.title}")
            Attendance.objects.create(panel=made.panel, submission=one)
            Slot.objects.create(panel=made.panel, submission=one, order=order, starts_at=clock.now(), minutes=10)
            Motion.objects.create(panel=made.panel, text=f"{one.title.upper()} first", votes_for=1, votes_against=0)
        Dissent.objects.create(panel=made.panel, juror=own, text=f"Not {made.submissions[0].number}.", at=clock.now())
        return made

    ABOUT = {
        Submission: "pk",
        Sheet: "submission",
        Mark: "sheet__submission",
        StandingLine: "submission",
        Proposal: "submission",
        Remark: "submission",
        Attendance: "submission",
        Slot: "submission",
        Assignment: "submission",
        Declaration: "submission",
        Recusal: "submission",
    }

    @pytest.mark.parametrize("model", ABOUT, ids=lambda model: model.__name__)
    def test_no_screen_lists_a_row_about_it(self, client, told, model):
        hidden, other = told.submissions
        path = self.ABOUT[model]
        row = rows_of(model, told.agent).filter(**{path: hidden.pk}).first()
        assert row is not None
        client.force_login(told.agent)
        page = address(model, "change", row.pk)
        assert client.get(page).status_code == 200
        aside(told, hidden)
        assert not rows_of(model, told.agent).filter(**{path: hidden.pk}).exists()
        assert rows_of(model, told.agent).filter(**{path: other.pk}).exists()
        assert client.get(page).status_code in (302, 404)

    def test_texts_that_name_it_are_left_out(self, told):
        hidden = told.submissions[0]
        assert (rows_of(Motion, told.agent).count(), rows_of(Dissent, told.agent).count()) == (2, 1)
        aside(told, hidden)
        assert [one.text for one in rows_of(Motion, told.agent)] == [f"{told.submissions[1].title.upper()} first"]
        assert not rows_of(Dissent, told.agent).exists()

    def test_the_minutes_are_read_without_it(self, client, told):
        hidden, other = told.submissions
        content = write_content(Desk.load(told.panel))
        minutes = Minutes.objects.create(panel=told.panel, content=content, digest="d", written_at=clock.now())
        client.force_login(told.agent)
        page = address(Minutes, "change", minutes.pk)
        assert hidden.number in client.get(page).content.decode()
        aside(told, hidden)
        shown = client.get(page).content.decode()
        assert hidden.number not in shown
        assert hidden.title not in shown
        assert other.number in shown

    def test_pages_with_tables_of_rows_leave_it_out(self, client, told):
        hidden = told.submissions[0]
        client.force_login(told.agent)
        standing = StandingLine.objects.filter(standing__panel=told.panel).first().standing
        pages = (address(Panel, "change", told.panel.pk), address(type(standing), "change", standing.pk))
        for page in pages:
            assert hidden.title in client.get(page).content.decode()
        aside(told, hidden)
        for page in pages:
            assert hidden.title not in client.get(page).content.decode()

    def test_the_public_vote_tells_nothing_of_it(self, client, told):
        hidden, other = told.submissions
        now = clock.now()
        rows = {str(one.pk): {"online": 1, "room": 0, "total": 1} for one in told.submissions}
        vote = PublicVote.objects.create(
            call=told.call,
            opens_at=told.call.closes_at,
            closes_at=now,
            counted_at=now,
            disclosed_at=now,
            winner=hidden,
            totals={"submissions": rows, "valid": 2, "void": 0, "digest": ""},
        )
        for one in told.submissions:
            Ballot.objects.create(vote=vote, submission=one, channel="online", voter_key=one.number, cast_at=now)
        client.force_login(told.agent)
        page = address(PublicVote, "change", vote.pk)
        assert str(hidden.pk) in client.get(page).content.decode()
        assert {row.choice_shown for row in rows_of(Ballot, told.agent)} == {hidden.title, other.title}
        aside(told, hidden)
        shown = client.get(page).content.decode()
        assert str(hidden.pk) not in shown
        assert hidden.title not in shown
        assert str(other.pk) in shown
        assert {row.choice_shown for row in rows_of(Ballot, told.agent)} == {None, other.title}
        assert client.get(address(Ballot, "list")).status_code == 200

    def test_an_award_waits_for_its_day_elsewhere(self, told):
        hidden, other = told.submissions
        for one, prize in zip(told.submissions, told.call.prizes.all(), strict=False):
            Award.objects.create(call=told.call, prize=prize, submission=one, publish_at=clock.now())
        assert rows_of(Award, told.agent).count() == 2
        aside(told, hidden)
        assert [one.submission for one in rows_of(Award, told.agent)] == [other]

    def test_the_journal_follows_the_screens(self, client, told):
        sheet = Sheet.objects.filter(submission=told.submissions[0], juror__panel=told.panel).first()
        client.force_login(told.agent)
        page = address(Sheet, "history", sheet.pk)
        assert client.get(page).status_code == 200
        aside(told, told.submissions[0])
        assert client.get(page).status_code in (302, 404)


class TestFinale:
    def test_decks_close(self):
        finale = a_finale(2, deck_due_at=clock.now() + timedelta(days=10))
        word = with_deck(finale)
        assert [key for (key,) in readable_decks(finale.agent).values_list("deck")] == [word.deck_id]
        own = Juror.objects.create(panel=finale.panel, user=finale.agent)
        Recusal.objects.create(juror=own, submission=finale.finalists[0], category="family")
        assert not readable_decks(finale.agent).exists()

    def test_the_outcome_is_known_at_its_hour(self):
        finale = a_finale(2)
        assert can(finale.agent, "juries.see_outcome", finale.call)
        own = Juror.objects.create(panel=finale.panel, user=finale.agent)
        Recusal.objects.create(juror=own, submission=finale.finalists[0], category="family")
        assert not can(finale.agent, "juries.see_outcome", finale.call)


def vote_beside(jury):
    """A public vote under way on the call of `jury`, with a ballot."""
    now = clock.now()
    vote = PublicVote.objects.create(call=jury.call, opens_at=now, closes_at=now + timedelta(hours=1))
    Ballot.objects.create(vote=vote, submission=jury.submissions[0], channel="room", voter_key="k", cast_at=now)
    return vote


class TestFromTheWholeSession:
    """Who stands aside from a whole session has nothing to do with its jury any more, as an agent either."""

    @pytest.fixture
    def recused(self):
        jury = disclosed("finale", jurors=3, applications=2)
        own = Juror.objects.create(panel=jury.panel, user=jury.agent, has_voice=False)
        assert can(jury.agent, "juries.organise_panel", jury.panel)
        panels.declare_recusal(own, None, "employment", by=jury.agent)
        return jury

    def test_every_page_of_the_jury_closes(self, client, recused):
        client.force_login(recused.agent)
        for name in ("organise", "chair", "room", "standing", "meeting", "chair-minutes", "panels"):
            key = {"slug": recused.call.slug} if name == "panels" else {"pk": recused.panel.pk}
            answer = client.get(reverse(f"juries:{name}", kwargs=key))
            if name == "panels":
                assert reverse("juries:organise", kwargs={"pk": recused.panel.pk}) not in answer.content.decode()
            else:
                assert answer.status_code == 404, name
        explanation = {"pk": recused.panel.pk, "submission": recused.submissions[0].pk}
        assert client.get(reverse("juries:explanation", kwargs=explanation)).status_code == 404

    @pytest.mark.parametrize(
        "permission", ["see_panel", "organise_panel", "see_board", "see_standing", "see_annex", "see_debate"]
    )
    def test_every_right_on_it_ends(self, recused, permission):
        assert not can(recused.agent, f"juries.{permission}", recused.panel)
        assert can(recused.chair, f"juries.{permission}", recused.panel)

    @pytest.mark.parametrize("model", [Panel, StandingLine, Standing, Sheet, Assignment, Juror])
    def test_no_screen_of_the_back_office_lists_a_row_of_it(self, recused, model):
        assert not rows_of(model, recused.agent).exists()

    def test_the_public_vote_beside_it_closes_as_well(self, client, recused):
        vote = vote_beside(recused)
        client.force_login(recused.agent)
        assert client.get(reverse("juries:vote-desk", kwargs={"slug": recused.call.slug})).status_code == 403
        assert not can(recused.agent, "juries.hold_vote", recused.call)
        assert not can(recused.agent, "juries.organise_vote", vote)
        for model in (PublicVote, Ballot):
            assert not rows_of(model, recused.agent).exists()

    def test_who_stands_aside_from_a_reading_holds_the_vote_all_the_same(self):
        jury = disclosed("reading", jurors=3, applications=2)
        own = Juror.objects.create(panel=jury.panel, user=jury.agent, has_voice=False)
        panels.declare_recusal(own, None, "employment", by=jury.agent)
        assert can(jury.agent, "juries.organise_vote", vote_beside(jury))

    def test_the_outcome_waits_for_its_hour(self, recused):
        assert not can(recused.agent, "juries.see_outcome", recused.call)

    def test_another_panel_of_the_call_stays_theirs(self, client, recused):
        other = panels.create_panel(recused.call, "reading", by=recused.agent)
        assert can(recused.agent, "juries.organise_panel", other)
        client.force_login(recused.agent)
        assert client.get(reverse("juries:organise", kwargs={"pk": other.pk})).status_code == 200
