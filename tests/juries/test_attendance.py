"""Finalists answer and send their deck: who may, until when, what is kept, who is told and who reads it."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid
from bethune_smartcity.files.invariants import no_orphan_file
from bethune_smartcity.files.models import StoredFile
from bethune_smartcity.files.readers import readable_files
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from calls.models import Submission
from calls.operations.ladders import plan
from juries.models import Attendance, Panel
from juries.operations import attendance, panels, session
from juries.operations.expecting import DATED, FINALISTS, finalists_by_panel, still_awaited, targets
from juries.queries.attendance import own_attendance
from juries.queries.finalists import before_finale, finalists_of
from tests.factories.accounts import UserFactory, join, owner_of
from tests.factories.calls import pdf
from tests.factories.juries import prepared, ready
from tests.files.test_hostile import CLEAN, HOSTILE
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
COMES = {"pitched_by": "Anna Martin", "people": 2}


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def finale():
    return a_finale(2, deck_due_at=clock.now() + 10 * DAY)


def word_of(finale, place=0):
    one = finale.finalists[place]
    return own_attendance(owner_of(one.structure), one.pk, clock.now())


def team(finale, place=0):
    return owner_of(finale.finalists[place].structure)


def with_deck(finale, place=0):
    attendance.confirm(word_of(finale, place), **COMES, by=team(finale, place))
    return attendance.send_deck(word_of(finale, place), pdf("deck.pdf"), by=team(finale, place))


class TestAnswering:
    def test_coming_is_kept_journalled_and_told_once(self, finale):
        kept = attendance.confirm(word_of(finale), **COMES, needs="A lift.", by=team(finale))
        attendance.confirm(word_of(finale), pitched_by="Anna and Bo", people=3, by=team(finale))
        kept = Attendance.objects.get(pk=kept.pk)
        assert (kept.state, kept.pitched_by, kept.people, kept.needs) == ("coming", "Anna and Bo", 3, "")
        lines = JournalEntry.objects.filter(verb="confirm")
        assert [line.data for line in lines.order_by("pk")] == [{"people": 2}, {"people": 3}]
        told = Message.objects.filter(kind="juries.finalist")
        assert {message.recipient for message in told} == {finale.agent, finale.chair, finale.secretary}
        assert all("A lift" not in message.body for message in told)

    def test_declining_says_why_changes_nothing_else_and_may_be_taken_back(self, finale):
        kept = attendance.decline(word_of(finale), word="Our team is abroad.", by=team(finale))
        assert (kept.state, kept.word) == ("declined", "Our team is abroad.")
        assert Submission.objects.get(pk=kept.submission_id).state == "shortlisted"
        assert JournalEntry.objects.get(verb="decline").reason == "Our team is abroad."
        assert "Our team is abroad." in Message.objects.filter(kind="juries.finalist").first().body
        with pytest.raises(Conflict):
            attendance.send_deck(word_of(finale), pdf(), by=team(finale))
        with pytest.raises(Conflict):
            attendance.decline(word_of(finale), word="Again.", by=team(finale))
        again = attendance.confirm(word_of(finale), **COMES, by=team(finale))
        assert (again.state, again.word) == ("coming", "")

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"people": 0}, "people"),
            ({"people": 21}, "people"),
            ({"pitched_by": "x" * 201}, "pitched_by"),
            ({"pitched_by": "Anna\nBo"}, "pitched_by"),
            ({"needs": "\u202etfil"}, "needs"),
        ],
    )
    def test_odd_answers_are_refused_at_their_field(self, finale, said, field):
        with pytest.raises(Invalid) as refused:
            attendance.confirm(word_of(finale), **COMES | said, by=team(finale))
        assert refused.value.field == field
        assert not Attendance.objects.exists()

    def test_a_refusal_without_a_word_is_refused(self, finale):
        with pytest.raises(Invalid):
            attendance.decline(word_of(finale), word="  ", by=team(finale))

    def test_it_is_for_owners_and_editors_of_the_finalist_alone(self, finale):
        structure = finale.finalists[0].structure
        attendance.confirm(word_of(finale), **COMES, by=join(structure, Membership.Role.EDITOR))
        others = (join(structure, Membership.Role.READER), team(finale, 1), finale.agent, finale.chair, UserFactory())
        for person in others:
            with pytest.raises(Forbidden):
                attendance.confirm(word_of(finale), **COMES, by=person)
            with pytest.raises(Forbidden):
                attendance.decline(word_of(finale), word="No.", by=person)
            with pytest.raises(Forbidden):
                attendance.send_deck(word_of(finale), pdf(), by=person)

    def test_nothing_is_asked_before_one_may_know_nor_once_the_marks_are_locked(self, finale):
        known = word_of(finale)
        Submission.objects.filter(pk=known.submission_id).update(decision_public_at=clock.now() + DAY)
        assert own_attendance(team(finale), known.submission_id, clock.now()) is None
        with pytest.raises(Conflict):
            attendance.confirm(known, **COMES, by=team(finale))
        other = word_of(finale, 1)
        Panel.objects.filter(pk=finale.panel.pk).update(state="locked")
        with pytest.raises(Conflict):
            attendance.confirm(other, **COMES, by=team(finale, 1))

    def test_what_people_need_is_erased_once_the_finale_is_over(self, finale):
        attendance.confirm(word_of(finale), **COMES, needs="A lift.", by=team(finale))
        attendance.forget_needs(finale.panel)
        assert Attendance.objects.get().needs == ""


class TestDeck:
    def test_one_replaces_the_other_and_the_journal_keeps_their_digests(
        self, finale, django_capture_on_commit_callbacks
    ):
        first = with_deck(finale)
        former = first.deck
        with django_capture_on_commit_callbacks(execute=True):
            second = attendance.send_deck(word_of(finale), pdf("final.pdf"), by=team(finale))
        assert (second.deck_number, second.deck.name) == (2, "final.pdf")
        assert not StoredFile.objects.filter(pk=former.pk).exists()
        assert not default_storage.exists(former.blob.name)
        lines = list(JournalEntry.objects.filter(verb="send_deck").order_by("pk"))
        assert [(line.data["version"], line.data["file"]) for line in lines] == [(1, "deck.pdf"), (2, "final.pdf")]
        assert lines[0].data["digest"] == former.digest
        assert Message.objects.filter(kind="juries.deck").count() == 3

    def test_what_is_no_pdf_is_refused_and_nothing_is_kept(self, finale):
        orphans = list(no_orphan_file())
        pictures = {kind: ("deck.pdf", content, "") for kind, content in CLEAN.items() if kind != "application/pdf"}
        for name, content, _sentence in (*HOSTILE.values(), *pictures.values()):
            with pytest.raises(Invalid) as refused:
                attendance.send_deck(word_of(finale), SimpleUploadedFile(name, content), by=team(finale))
            assert refused.value.field == "file"
            damaged = content.startswith(b"%PDF")
            codes = {"unreadable", "locked"} if damaged else {"not_a_pdf"}
            assert refused.value.code in codes
        assert not StoredFile.objects.exists()
        assert not Attendance.objects.exists()
        assert list(no_orphan_file()) == orphans

    def test_one_that_is_too_large_is_refused(self, finale, settings):
        settings.UPLOAD_MAX_BYTES = 100
        with pytest.raises(Invalid) as refused:
            attendance.send_deck(word_of(finale), pdf(), by=team(finale))
        assert refused.value.code == "too_large"

    def test_the_instant_it_reached_the_server_decides(self, finale):
        due = finale.panel.deck_due_at
        with clock.at(due - SECOND):
            attendance.send_deck(word_of(finale), pdf(), by=team(finale))
        with clock.at(due), pytest.raises(Conflict) as refused:
            attendance.send_deck(word_of(finale), pdf(), by=team(finale))
        assert "Your request arrived on" in str(refused.value)
        assert Attendance.objects.get().deck_number == 1
        with clock.at(due):
            attendance.confirm(word_of(finale), **COMES, by=team(finale))

    def test_without_a_date_decks_are_taken_until_the_pitches(self):
        finale = a_finale(1)
        with_deck(finale)
        finale.reach("open")
        with pytest.raises(Conflict):
            attendance.send_deck(word_of(finale), pdf(), by=team(finale))


class TestReading:
    def test_who_reads_a_deck(self):
        jury = prepared("finale", jurors=4, applications=2)
        submission = jury.submissions[0]
        chair, juror, recused, undeclared = jury.jurors
        own = own_attendance(owner_of(submission.structure), submission.pk, clock.now())
        deck = attendance.send_deck(own, pdf(), by=owner_of(submission.structure)).deck
        member = join(submission.structure, Membership.Role.READER)
        for each in (chair, juror, recused):
            ready(each, jury.submissions)
        panels.accept_charter(undeclared, by=undeclared.user)
        panels.declare_recusal(recused, submission, "partnership", by=recused.user)
        people = {
            "owner": owner_of(submission.structure),
            "member": member,
            "rival": owner_of(jury.submissions[1].structure),
            "agent": jury.agent,
            "chair": chair.user,
            "juror": juror.user,
            "recused": recused.user,
            "undeclared": undeclared.user,
            "citizen": UserFactory(),
        }

        def reading():
            return {who for who, person in people.items() if readable_files(person).filter(pk=deck.pk).exists()}

        assert reading() == {"owner", "member", "agent", "chair"}
        panels.plan_assignments(jury.panel, seed=1, by=jury.agent)
        panels.open_panel(jury.panel, by=jury.agent)
        assert reading() == {"owner", "member", "agent", "chair", "juror"}
        panels.declare_recusal(chair, submission, "family", by=chair.user)
        assert reading() == {"owner", "member", "agent", "juror"}
        assert submission not in [told.submission for told in finalists_told(jury.panel, chair.user)]
        assert submission in [told.submission for told in finalists_told(jury.panel, jury.agent)]

    def test_finalists_are_told_in_the_running_order(self, finale):
        session.draw_slots(finale.panel, seed=3, starts_at=clock.now() + 20 * DAY, minutes=10, by=finale.agent)
        with_deck(finale, 1)
        told = finalists_told(finale.panel, finale.agent)
        assert [one.slot.order for one in told] == [1, 2]
        assert [one.word is not None and one.word.deck is not None for one in told].count(True) == 1


def finalists_told(panel, viewer):
    return finalists_of(before_finale(panel, viewer))


class TestMessages:
    def test_the_hour_of_a_pitch_asks_for_an_answer_by_the_date(self, finale):
        session.draw_slots(finale.panel, seed=3, starts_at=clock.now() + 20 * DAY, minutes=10, by=finale.agent)
        for message in Message.objects.filter(kind="juries.slot"):
            assert "send the deck of your pitch" in message.body
            assert "at the latest" in message.body

    def reminded(self):
        return {message.recipient for message in Message.objects.filter(kind="juries.expected")}

    def test_a_week_then_two_days_before_those_who_lack_something_are_reminded(self, finale):
        with_deck(finale, 0)
        due = finale.panel.deck_due_at
        with clock.at(due - 7 * DAY):
            plan(FINALISTS, due - 7 * DAY)
            assert self.reminded() == {team(finale, 1)}
            attendance.confirm(word_of(finale, 1), **COMES, by=team(finale, 1))
        with clock.at(due - 2 * DAY):
            plan(FINALISTS, due - 2 * DAY)
        first, second = Message.objects.filter(kind="juries.expected").order_by("pk")
        assert "not said yet whether you come" in first.body
        assert "has not arrived yet" in second.body
        assert second.expires_at == due
        with clock.at(due):
            assert plan(FINALISTS, due) == 0

    def test_who_declined_is_left_alone_and_a_reminder_in_hand_serves_no_more(self, finale):
        due = finale.panel.deck_due_at
        with clock.at(due - 7 * DAY):
            plan(FINALISTS, due - 7 * DAY)
            waiting = list(Message.objects.filter(kind="juries.expected"))
            assert still_awaited(waiting) == {message.pk for message in waiting}
            attendance.decline(word_of(finale), word="Abroad.", by=team(finale))
            assert still_awaited(waiting) == {one.pk for one in waiting if one.recipient == team(finale, 1)}

    def test_those_who_may_not_know_yet_are_not_told_and_the_other_panel_counts_nobody(self, finale):
        Panel.objects.create(call=finale.call, stage="reading")
        Submission.objects.filter(pk=finale.finalists[0].pk).update(decision_public_at=clock.now() + 9 * DAY)
        due = finale.panel.deck_due_at
        with clock.at(due - 7 * DAY):
            (target,) = targets(DATED.rows(type(finale.call).objects.all(), clock.now()), clock.now())
            assert finalists_by_panel([target]) == {target.place: 1}
            plan(FINALISTS, due - 7 * DAY)
        assert self.reminded() == {team(finale, 1)}


def test_the_portal_itself_answers_for_finalists_alone():
    finale = a_finale(1)
    Submission.objects.filter(pk=finale.finalists[0].pk).update(state="declined")
    word = Attendance(panel=finale.panel, submission=finale.finalists[0])
    with pytest.raises(Conflict):
        attendance.confirm(word, **COMES, by=SYSTEM)
