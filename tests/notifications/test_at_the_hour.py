"""Between writing and leaving people come and go: a message leaves to who may read it at that hour, and to them all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import acting_for
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import channels, delivery, digests, outbox, readership
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.kinds import kinds
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.tasks import deliver, sweep
from calls import notices as calls_notices
from calls.models import Letter, Submission
from calls.operations import decisions, screening
from calls.queries import visible_submissions
from juries import notices as jury_notices
from juries.models import Panel, Proposal, Slot
from juries.operations import panels
from juries.queries.panels import visible_panels
from projects import notices as project_notices
from projects.models import Project
from projects.queries import followed_projects
from tests import scene
from tests.factories import projects
from tests.factories.accounts import AgentFactory, UserFactory, join, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, submitted
from tests.factories.juries import opened, prepared

from .leaving import browser, lines

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
EVENING = clock.paris(2026, 3, 10, 20, 0)
State = Message.State


@pytest.fixture(autouse=True)
def _in_the_evening():
    """What leaves once a day leaves at seven in the morning."""
    with clock.at(EVENING):
        yield


class People:
    """Those of a structure: one who stays, one who is taken off, one whose account is closed, one who joins."""

    def __init__(self, structure):
        self.structure, self.stays = structure, owner_of(structure) or join(structure, "owner")
        self.removed, self.closed = (join(structure, "editor") for _n in range(2))
        self.joins = UserFactory(name="Ada Joins", language="de")
        # What was written before is none of this.
        Message.objects.all().delete()

    def change(self):
        Membership.objects.filter(user=self.removed, structure=self.structure).delete()
        User.objects.filter(pk=self.closed.pk).update(is_active=False)
        join(self.structure, "editor", self.joins)


def a_decision():
    """A reading proclaimed now, public in three days."""
    call = CallFactory(closed=True)
    submission, agent = admitted(call), agent_of(call)
    people, at = People(submission.structure), clock.now() + 3 * DAY
    panel = panels.create_panel(call, Panel.Stage.READING, by=agent)
    Proposal.objects.create(panel=panel, submission=submission, verdict=Proposal.Verdict.DECLINE)
    decisions.decline(submission, by=acting_for(agent), public_at=at)
    jury_notices.decided(panel, submission, "decline", at)
    return people, jury_notices.DECISION, at


def a_slot():
    """The hour of a pitch, told when its finalist may know that it is one."""
    call = CallFactory(closed=True)
    submission, agent = admitted(call), agent_of(call)
    people, at = People(submission.structure), clock.now() + 3 * DAY
    panel = panels.create_panel(call, Panel.Stage.FINALE, by=agent)
    decisions.shortlist(submission, by=acting_for(agent), public_at=at)
    slot = Slot.objects.create(panel=panel, submission=submission, order=1, starts_at=at + 9 * DAY)
    jury_notices.pitch_hour(slot)
    return people, jury_notices.SLOT, at


def the_mail_of_the_day():
    """What happens to a project, which its team reads once a day."""
    project = projects.project()
    people = People(project.structure)
    for person in (people.stays, people.removed, people.closed):
        channels.choose(person, {project_notices.LIFE: "daily"})
    project_notices.project_opened(project, by=None)
    sweep()
    assert set(Message.objects.values_list("state", flat=True)) == {State.GATHERED}
    return people, "projects.opened", clock.paris(2026, 3, 11, 7, 0)


def an_outage():
    """A correction asked while the mail server is away."""
    done = submitted(CallFactory(closed=True))
    people, agent = People(done.structure), agent_of(done.call)
    until = clock.now() + 5 * DAY
    screening.ask_for_correction(done, request="Please.", fields=["one_line"], until=until, by=agent)
    return people, calls_notices.CORRECTION, clock.now() + 2 * HOUR


OCCASIONS = [a_decision, a_slot, the_mail_of_the_day, an_outage]


def whole_round(at):
    """The mails of the rounds of a few minutes."""
    for minute in range(3):
        with clock.at(at + timedelta(minutes=minute)):
            sweep()


def recipients(mails):
    return sorted(address for mail in mails for address in mail.to)


def states(kind):
    return dict(Message.objects.filter(kind=kind).values_list("recipient", "state"))


@pytest.fixture(params=OCCASIONS)
def occasion(request, mailoutbox):
    people, kind, at = request.param()
    mailoutbox.clear()
    with clock.at(clock.now() + HOUR):
        people.change()
    return people, kind, at


def test_it_leaves_to_who_may_read_it_at_that_hour_and_to_them_all(occasion, mailoutbox):
    people, kind, at = occasion
    whole_round(at)
    assert recipients(mailoutbox) == sorted([people.stays.email, people.joins.email])
    found = states(kind)
    assert found[people.removed.pk] == found[people.closed.pk] == State.WITHHELD
    assert {found[people.stays.pk], found[people.joins.pk]} <= {State.SENT, State.SHOWN}
    withheld = Message.objects.filter(state=State.WITHHELD).values_list("pk", flat=True)
    told = JournalEntry.objects.filter(verb="withhold").values_list("subject_id", flat=True)
    assert sorted(told) == sorted(str(pk) for pk in withheld)


def test_nor_is_it_shown_to_whoever_may_not_read_it(occasion):
    people, _kind, at = occasion
    whole_round(at)
    with clock.at(at + HOUR):
        assert inbox(people.stays).count() == inbox(people.joins).count() == 1
        assert not inbox(people.removed).exists()


def test_each_gets_it_once_whatever_wakes_the_workers(occasion, mailoutbox):
    people, kind, at = occasion
    for minute in range(4):
        with clock.at(at + timedelta(minutes=minute)):
            for pk in Message.objects.values_list("pk", flat=True):
                deliver(pk)
            sweep()
    assert recipients(mailoutbox) == sorted([people.stays.email, people.joins.email])
    assert Message.objects.filter(kind=kind).count() == 4


def test_without_the_guard_it_would_leave_to_them(occasion, mailoutbox, monkeypatch):
    """The control."""
    monkeypatch.setattr(delivery, "withhold", set)
    monkeypatch.setattr(delivery, "write_to_newcomers", lambda _keys: [])
    monkeypatch.setattr(digests, "barred_among", lambda _keys: set())
    monkeypatch.setattr(digests, "write_beside", lambda _found: [])
    people, _kind, at = occasion
    whole_round(at)
    assert people.removed.email in recipients(mailoutbox)
    assert people.joins.email not in recipients(mailoutbox)


@pytest.mark.parametrize("made", [a_decision, a_slot])
def test_the_plan_counts_those_it_would_leave_to(made):
    people, _kind, _at = made()
    agent = agent_of(Submission.objects.get().call)
    before, after = [], []
    for counts, change in ((before, people.change), (after, lambda: None)):
        counts += [line.count for line in lines(browser(agent)) if line.ref.startswith("m")]
        with clock.at(clock.now() + HOUR):
            change()
    assert (before, after) == ([3], [2])


@pytest.mark.parametrize("made", OCCASIONS)
def test_who_joins_reads_it_in_their_language_where_it_is_written_anew(made, mailoutbox):
    people, kind, at = made()
    with clock.at(clock.now() + HOUR):
        people.change()
    whole_round(at)
    told = Message.objects.get(kind=kind, recipient=people.joins)
    assert told.language == ("en" if kind == "projects.opened" else "de")
    assert told.path.startswith(f"/{told.language}/")
    assert (told.about_id, told.address) == (Message.objects.filter(kind=kind)[0].about_id, people.joins.email)


def test_a_text_that_names_its_reader_is_given_to_nobody_else(mailoutbox):
    people, kind, at = an_outage()
    Message.objects.filter(kind=kind).update(kind=calls_notices.SCREENED)
    for told in Message.objects.filter(kind=calls_notices.SCREENED):
        key = told.key.replace(kind, calls_notices.SCREENED)
        Message.objects.filter(pk=told.pk).update(key=key, body=f"Good day {told.recipient}.")
    with clock.at(clock.now() + HOUR):
        people.change()
    whole_round(at)
    assert people.joins.email not in recipients(mailoutbox)


def test_who_is_back_at_the_hour_gets_it(mailoutbox):
    people, _kind, at = a_decision()
    people.change()
    join(people.structure, "reader", people.removed)
    User.objects.filter(pk=people.closed.pk).update(is_active=True)
    mailoutbox.clear()
    whole_round(at)
    assert {people.removed.email, people.closed.email} <= set(recipients(mailoutbox))


def test_what_was_called_off_is_written_to_nobody_who_joins(mailoutbox):
    people, kind, at = a_decision()
    with clock.at(clock.now() + HOUR):
        people.change()
        for message in Message.objects.filter(kind=kind):
            outbox.cancel(message, by=AgentFactory(is_administrator=True))
    mailoutbox.clear()
    whole_round(at)
    assert not mailoutbox


def test_what_was_read_is_shown_no_more_once_its_subject_is_closed_to_its_reader():
    people, _kind, at = a_decision()
    whole_round(at)
    with clock.at(at + DAY):
        assert inbox(people.removed).count() == 1
        people.change()
        assert not inbox(people.removed).exists()
        assert inbox(people.stays).count() == 1


def test_a_mail_of_the_day_that_leaves_late_leaves_out_what_is_closed_by_then(mailoutbox, monkeypatch):
    people, _kind, at = the_mail_of_the_day()
    other = projects.project(name="Another", slug="another")
    join(other.structure, "editor", people.removed)
    with clock.at(EVENING + HOUR):
        project_notices.project_opened(other, by=None)
        sweep()
    mailoutbox.clear()
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "mail_for", lambda _message: 1 / 0)
        whole_round(at)
    with clock.at(at + HOUR):
        people.change()
    whole_round(at + 3 * HOUR)
    mails = {mail.to[0]: mail.body for mail in mailoutbox}
    assert people.closed.email not in mails
    assert f"/{other.slug}/" in mails[people.removed.email]
    assert f"/{Project.objects.exclude(pk=other.pk).get().slug}/" not in mails[people.removed.email]


@pytest.mark.parametrize("n", [1, 3, 60])
def test_a_batch_asks_so_many_statements_whatever_its_length(n):
    done = submitted(CallFactory())
    for _n in range(n):
        join(done.structure, "editor")
    Message.objects.all().delete()
    calls_notices.screened(done)
    keys = list(Message.objects.values_list("pk", flat=True))
    Membership.objects.filter(role="editor").delete()
    readership.barred_among(keys)
    with CaptureQueriesContext(connection) as asked:
        delivery.write_to_newcomers(keys)
        left = readership.withhold(keys)
    assert left == {Message.objects.get(recipient=owner_of(done.structure)).pk}
    verbs = [one["sql"].split()[0] for one in asked if "SAVEPOINT" not in one["sql"]]
    assert verbs == ["SELECT"] * 5 + ["UPDATE", "INSERT"]


def test_nothing_is_asked_in_a_round_with_nothing_due(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert (readership.withhold([]), delivery.write_to_newcomers([])) == (set(), [])


# --- The rules are those of the pages ---


RULES = (
    (Submission, calls_notices.SCREENED, lambda user: visible_submissions(user).filter(structure__people=user)),
    (Panel, jury_notices.OPENED, lambda user: visible_panels(user).filter(jurors__user=user, jurors__left_at=None)),
    (Project, "projects.stage", followed_projects),
)


def test_each_may_be_told_of_what_their_pages_show():
    scene.build()
    people = list(User.objects.filter(is_active=True))
    for model, kind, shown in RULES:
        Message.objects.all().delete()
        rows = [(one, person) for one in model.objects.all() for person in people]
        facts = {"kind": kind, "body": "x"}
        Message.objects.bulk_create(
            Message(key=f"{kind}:{one.pk}:{person.pk}", about_id=str(one.pk), recipient=person, **facts)
            for one, person in rows
        )
        barred = readership.barred_among(list(Message.objects.values_list("pk", flat=True)))
        told = set(Message.objects.exclude(pk__in=barred).values_list("about_id", "recipient"))
        assert told == {(str(one.pk), person.pk) for person in people for one in shown(person)}
        assert 0 < len(told) < len(rows)


OPEN_TO_ALL = {
    # What is public, or the very person's own.
    "account",
    "calls.answered",
    "calls.moved",
    "juries.ballot",
    "juries.seat",
    "juries.seat_ended",
    "notifications.confirm",
    "notifications.digest",
    # To an address that is nobody's account.
    "projects.replication_receipt",
    "projects.replication_answer",
}


def test_each_kind_says_who_may_read_it():
    told = {kind.name for kind in kinds() if not kind.to_followers}
    assert told - set(readership._readers) == OPEN_TO_ALL
    assert not readership._readers.keys() - told


def test_a_letter_by_hand_leaves_to_who_still_belongs_there():
    jury, stranger = opened(), UserFactory()
    letters = [
        Letter.objects.create(call=jury.call, audience=audience, part="", texts={})
        for audience in ("juries.jurors", "calls.applicants", "projects.teams")
    ]
    owner = owner_of(jury.submissions[0].structure)
    people = {"juror": jury.jurors[1].user, "owner": owner, "stranger": stranger}
    Message.objects.bulk_create(
        Message(key=f"{who}-{one.audience}", kind="calls.letter", about_id=str(one.pk), recipient=person, body="x")
        for one in letters
        for who, person in people.items()
    )
    mine = Message.objects.filter(kind="calls.letter")
    barred = readership.barred_among(list(mine.values_list("pk", flat=True)))
    left = set(mine.exclude(pk__in=barred).values_list("key", flat=True))
    assert left == {"juror-juries.jurors", "owner-calls.applicants"}


def test_who_leads_no_more_is_told_of_no_link_nor_of_finalists():
    jury = prepared("finale", jurors=2, applications=1)
    facts = {"kind": jury_notices.DECK, "about_id": str(jury.submissions[0].pk), "body": "x"}
    people = (jury.agent, jury.jurors[0].user, AgentFactory(), owner_of(jury.submissions[0].structure))
    Message.objects.bulk_create(Message(key=f"deck-{one.pk}", recipient=one, **facts) for one in people)
    mine = Message.objects.filter(key__startswith="deck-")
    barred = readership.barred_among(list(mine.values_list("pk", flat=True)))
    assert set(mine.exclude(pk__in=barred).values_list("recipient", flat=True)) == {one.pk for one in people[:2]}
