"""What asks a person in, by a link, leaves for as long as it can be answered: to mere addresses too."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from bethune_smartcity.accounts import inviting
from bethune_smartcity.accounts.models import Invitation, Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications import delivery, following
from bethune_smartcity.notifications.inbox import inbox
from bethune_smartcity.notifications.models import Message, Subscription
from bethune_smartcity.notifications.tasks import deliver, sweep
from juries.models import BallotLink, Juror, Panel, PublicVote
from juries.operations import panels, voting
from tests.factories.accounts import StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory
from tests.factories.juries import prepared
from tests.juries.finale import a_finale

pytestmark = pytest.mark.django_db
NEW = "colleague@startup.example"
HOUR = timedelta(hours=1)
State = Message.State


def reader_of(address, **fields):
    """An account whose owner proved that they read `address`."""
    person = UserFactory(email=address, **fields)
    EmailAddress.objects.create(user=person, email=address, verified=True, primary=True)
    return person


def withdrawn(invitation):
    inviting.withdraw(invitation, by=invitation.invited_by)


def accepted(invitation):
    person = User.objects.filter(email=NEW).first() or reader_of(NEW)
    inviting.accept(invitation, by=person)


def declined(invitation):
    person = User.objects.filter(email=NEW).first() or reader_of(NEW)
    inviting.decline(invitation, by=person)


def expired(invitation):
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now() + HOUR)


def outlived(invitation):
    """Whoever made it may invite nobody any more: it can no longer be accepted."""
    Membership.objects.filter(user=invitation.invited_by).update(role="reader")


def closed(invitation):
    """So may nobody whose account is closed."""
    User.objects.filter(pk=invitation.invited_by_id).update(is_active=False)


ENDS = [withdrawn, accepted, declined, expired, outlived, closed]


@pytest.fixture(params=[False, True], ids=["an address", "an account"])
def invitation(request):
    if request.param:
        reader_of(NEW)
    structure = StructureFactory(name="Navette (démo)")
    return inviting.invite(structure, NEW, "editor", by=owner_of(structure))


def round_later(end, invitation, mailoutbox):
    """Let `end` happen to an invitation before a worker comes to its message; the message."""
    message = Message.objects.get(kind="accounts.invited")
    Message.objects.exclude(pk=message.pk).delete()
    end(invitation)
    Message.objects.exclude(pk=message.pk).delete()
    mailoutbox.clear()
    with clock.at(clock.now() + 2 * HOUR):
        deliver(message.pk)
        sweep()
    message.refresh_from_db()
    return message


@pytest.mark.parametrize("end", ENDS)
def test_an_invitation_that_is_over_never_leaves(end, invitation, mailoutbox):
    told = round_later(end, invitation, mailoutbox)
    assert (told.state, mailoutbox) == (State.WITHHELD, [])
    assert "Navette" in told.body
    assert JournalEntry.objects.filter(verb="withhold", subject_id=str(told.pk)).count() == 1


def test_one_that_stands_leaves(invitation, mailoutbox):
    told = round_later(lambda _invitation: None, invitation, mailoutbox)
    assert told.state == State.SENT
    assert [mail.to for mail in mailoutbox] == [[NEW]]


@pytest.mark.parametrize("end", ENDS)
def test_without_the_guard_it_would_leave(end, invitation, mailoutbox, monkeypatch):
    """The control."""
    monkeypatch.setattr(delivery, "withhold", set)
    told = round_later(end, invitation, mailoutbox)
    assert told.state == State.SENT
    assert "Navette" in mailoutbox[0].body


def test_an_account_reads_it_for_as_long_as_its_page_shows_something():
    person, structure = reader_of(NEW), StructureFactory()
    first = inviting.invite(structure, NEW, "editor", by=owner_of(structure))
    assert inbox(person).count() == 1
    inviting.withdraw(first, by=owner_of(structure))
    assert not inbox(person).exists()
    again = inviting.invite(structure, NEW, "editor", by=owner_of(structure))
    inviting.accept(again, by=person)
    # Who acts for it is led there by whichever of its invitations they open.
    assert inbox(person).filter(kind="accounts.invited").count() == 2
    User.objects.filter(pk=person.pk).update(email="other@startup.example")
    Membership.objects.filter(user=person).delete()
    assert not inbox(person).filter(kind="accounts.invited").exists()


# --- Links to a seat ---


def seat_link(jury, **facts):
    offered = panels.invite_juror(jury.panel, NEW, by=jury.agent, **facts)
    return offered, Message.objects.get(key=f"seat:{offered.pk}")


def left(message, mailoutbox):
    mailoutbox.clear()
    with clock.at(clock.now() + HOUR):
        deliver(message.pk)
        sweep()
    message.refresh_from_db()
    return [mail for mail in mailoutbox if mail.to == [NEW]]


def test_a_link_to_a_seat_leaves_while_it_seats(mailoutbox):
    _offered, told = seat_link(prepared(jurors=1, applications=1))
    assert len(left(told, mailoutbox)) == 1


@pytest.mark.parametrize("state", ["locked", "proclaimed"])
@pytest.mark.parametrize("is_guarded", [True, False])
def test_one_that_seats_nobody_any_more_never_does(state, is_guarded, mailoutbox, monkeypatch):
    if not is_guarded:
        # The control.
        monkeypatch.setattr(delivery, "withhold", set)
    jury = prepared(jurors=1, applications=1)
    _offered, told = seat_link(jury)
    Panel.objects.filter(pk=jury.panel.pk).update(state=state)
    assert len(left(told, mailoutbox)) == (0 if is_guarded else 1)
    assert told.state == (State.WITHHELD if is_guarded else State.SENT)
    assert not told.sealed


def test_one_to_someone_seated_meanwhile_opens_their_seat(mailoutbox):
    jury = prepared(jurors=1, applications=1)
    _offered, told = seat_link(jury)
    panels.seat(jury.panel, reader_of(NEW), by=jury.agent)
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    assert Juror.objects.filter(panel=jury.panel).count() == 2
    assert len(left(told, mailoutbox)) == 1


@pytest.mark.parametrize("state", [State.FAILED, State.HELD])
def test_a_void_link_is_not_tried_again(state, mailoutbox):
    jury = prepared(jurors=1, applications=1)
    offered, told = seat_link(jury)
    Message.objects.filter(pk=told.pk).update(state=state)
    panels.revoke_invitation(offered, by=jury.agent)
    told.refresh_from_db()
    assert (told.state, told.sealed) == (State.CANCELLED, "")


# --- Links to the ballot ---


@pytest.fixture
def vote():
    """A vote open since an hour, for an hour, and who holds it."""
    finale = a_finale(3)
    dates = {"opens_at": clock.now() - HOUR, "closes_at": clock.now() + HOUR}
    return voting.open_vote(finale.call, **dates, by=finale.agent), finale.agent


def closed_early(vote, agent):
    voting.close_vote(vote, reason="Salle évacuée", by=agent)


def already_used(vote, _agent):
    BallotLink.objects.filter(vote=vote).update(used_at=clock.now())


def moved_on(vote, _agent):
    """The vote is opened anew for another day: links of the former hours are not of it."""
    PublicVote.objects.filter(pk=vote.pk).update(opens_at=clock.now() + HOUR / 2)


@pytest.mark.parametrize("end", [closed_early, already_used, moved_on])
@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "control"])
def test_a_link_that_votes_no_more_never_leaves(end, vote, is_guarded, mailoutbox, monkeypatch):
    """The mail server was away for some minutes, and the vote closed meanwhile."""
    if not is_guarded:
        monkeypatch.setattr(delivery, "withhold", set)
    voting.request_ballot(vote[0], NEW)
    told = Message.objects.get(kind="juries.ballot")
    end(*vote)
    mailoutbox.clear()
    with clock.at(clock.now() + timedelta(minutes=5)):
        deliver(told.pk)
        sweep()
    told.refresh_from_db()
    assert len([mail for mail in mailoutbox if mail.to == [NEW]]) == (0 if is_guarded else 1)
    assert (told.state, told.sealed) == (State.WITHHELD if is_guarded else State.SENT, "")
    lines = JournalEntry.objects.filter(verb="withhold", subject_id=str(told.pk))
    assert len(lines) == (1 if is_guarded else 0)
    assert NEW not in str(list(lines.values()))


def test_a_link_leaves_while_it_votes(vote, mailoutbox):
    voting.request_ballot(vote[0], NEW)
    mailoutbox.clear()
    with clock.at(clock.now() + timedelta(minutes=5)):
        sweep()
    assert [mail.to for mail in mailoutbox] == [[NEW]]


# --- Confirmations of a subscription ---


def asked():
    CallFactory()
    following.ask(NEW, [("calls.opening", 0)], language="fr")
    return Message.objects.get(kind=following.CONFIRM)


def confirmed():
    Subscription.objects.update(confirmed_at=clock.now())


def ended():
    Subscription.objects.update(ended_at=clock.now())


@pytest.mark.parametrize(("end", "n"), [(confirmed, 0), (ended, 0), (lambda: None, 1)])
def test_a_mail_that_has_nothing_to_confirm_any_more_never_leaves(end, n, mailoutbox):
    told = asked()
    end()
    assert len(left(told, mailoutbox)) == n
    assert told.state == (State.SENT if n else State.WITHHELD)


def test_nor_does_one_whose_link_is_too_old(mailoutbox):
    told = asked()
    mailoutbox.clear()
    with clock.at(clock.now() + timedelta(days=7)):
        sweep()
    told.refresh_from_db()
    assert (told.state, mailoutbox) == (State.EXPIRED, [])


def test_one_that_says_there_is_nothing_to_confirm_leaves(mailoutbox):
    asked()
    confirmed()
    with clock.at(clock.now() + HOUR):
        following.ask(NEW, [("calls.opening", 0)], language="fr")
        told = Message.objects.filter(kind=following.CONFIRM).latest("pk")
        assert told.key.endswith(following.TOLD)
        assert len(left(told, mailoutbox)) == 1
