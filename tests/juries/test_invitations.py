"""Jurors invited by a link: bound to an address and a panel, answered once, shut by the next one."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.operations import write_own_name
from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Conflict, Forbidden, Invalid, TooOften
from bethune_smartcity.lifecycle.models import JournalEntry
from bethune_smartcity.notifications.models import Message
from juries.link_sessions import PAGES
from juries.models import Juror, Panel, SeatInvitation
from juries.operations import panels
from juries.operations.panels import invitations
from juries.urls import urlpatterns
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import agent_of
from tests.factories.juries import opened, prepared
from tests.post import letters

pytestmark = pytest.mark.django_db
NEW, NAME = "new@town.example", "Ada Lovelace"


def token_of(message=None):
    return re.search(r"/jury/invitation/([^/\s]+)/", (message or links()[-1]).body)[1]


def links():
    """The mails that held a link to a seat."""
    return [one for one in letters() if "/jury/invitation/" in one.body]


def invited(jury, address=NEW, **facts):
    row = panels.invite_juror(jury.panel, address, by=jury.agent, **facts)
    return row, token_of()


def page(token):
    return reverse("juries:invitation", kwargs={"token": token})


def room(panel):
    return reverse("juries:room", kwargs={"pk": panel.pk})


def answered(token, answer="accept", client=None, **more):
    client = client or Client()
    return client, client.post(page(token), {"answer": answer, "name": NAME, **more})


def test_the_message_is_secret_and_the_row_holds_no_link():
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    row = Message.objects.get(kind="juries.seat")
    assert (row.address, row.body, row.subject) == (NEW, "", "")
    assert token not in invitation.link_digest
    assert links()[-1].to == [NEW]


def test_opening_the_link_answers_nothing():
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    for _again in range(2):
        assert Client().get(page(token)).status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == "pending"
    assert not User.objects.filter(email=NEW).exists()


def test_accepting_makes_an_account_a_seat_and_a_session():
    jury = prepared(jurors=1, applications=1)
    pillar = Pillar.objects.first()
    _row, token = invited(jury, capacity="Urbanist", half_time=True, language="nl", expertise={pillar: "primary"})
    client, answer = answered(token)
    juror = Juror.objects.get(panel=jury.panel, user__email=NEW)
    assert (juror.capacity, juror.half_time, juror.user.language) == ("Urbanist", True, "nl")
    assert juror.charter_accepted_at is not None
    assert list(juror.expertise.values_list("pillar", "level")) == [(pillar.pk, "primary")]
    assert not juror.user.has_usable_password()
    assert answer.url == room(jury.panel)
    assert client.get(answer.url).status_code == 200


def test_accepting_asks_for_a_name_where_no_account_says_it():
    jury = prepared(jurors=1, applications=1)
    _row, token = invited(jury)
    assert 'name="name"' in Client().get(page(token)).content.decode()
    for odd in ("", " ", "x" * 121, "Ada\u202eLovelace", "Ada\nLovelace"):
        _client, answer = answered(token, name=odd)
        assert answer.status_code == 422
        assert not User.objects.filter(email=NEW).exists()
    assert "x" * 121 in answered(token, name="x" * 121)[1].content.decode()
    answered(token, name=" Ada Lovelace ")
    person = User.objects.get(email=NEW)
    assert (person.name, str(Juror.objects.get(user=person))) == (NAME, NAME)
    line = JournalEntry.objects.get(verb="write_own_name")
    assert (line.subject_id, line.actor, NAME in str(line.data)) == (str(person.pk), person, False)


def test_the_operation_asks_for_the_name_as_well():
    jury = prepared(jurors=1, applications=1)
    invitation, _token = invited(jury)
    for odd in ("", "  ", "x" * 121, "Ada\u202eLovelace"):
        with pytest.raises(Invalid) as refusal:
            panels.accept_invitation(invitation, name=odd)
        assert refusal.value.field == "name"
    assert not User.objects.filter(email=NEW).exists()


def test_a_name_already_there_is_not_asked_again_and_stays():
    jury = prepared(jurors=1, applications=1)
    person = UserFactory(name="Grace Hopper")
    _row, token = invited(jury, person.email)
    assert 'name="name"' not in Client().get(page(token)).content.decode()
    assert answered(token, name="Mallory")[1].status_code == 302
    person.refresh_from_db()
    assert person.name == "Grace Hopper"


def test_who_came_without_a_name_writes_it_from_their_room():
    jury = prepared(jurors=1, applications=1)
    _row, token = invited(jury)
    client, answer = answered(token)
    where = reverse("juries:own-name", kwargs={"pk": jury.panel.pk})
    assert where not in client.get(answer.url).content.decode()
    User.objects.filter(email=NEW).update(name="")
    assert where in client.get(answer.url).content.decode()
    assert client.get(where).status_code == 200
    assert client.post(where, {"name": ""}).status_code == 422
    assert client.post(where, {"name": NAME}).url == answer.url
    assert User.objects.get(email=NEW).name == NAME
    client.post(where, {"name": "Mallory"})
    assert User.objects.get(email=NEW).name == NAME


def test_nobody_names_somebody_else():
    with pytest.raises(Forbidden):
        write_own_name(UserFactory(name=""), NAME, by=UserFactory())


def test_a_link_serves_once():
    jury = prepared(jurors=1, applications=1)
    _row, token = invited(jury)
    answered(token)
    client, answer = answered(token)
    assert answer.status_code == 409
    assert client.get(room(jury.panel)).status_code == 302


@pytest.mark.parametrize("answer", ["accept", "decline"])
def test_a_link_ends_after_14_days(answer, monkeypatch):
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    SeatInvitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())
    assert Client().get(page(token)).status_code == 409
    assert answered(token, answer)[1].status_code == 409
    assert invitation.expires_at - invitation.made_at >= timedelta(days=14) - timedelta(seconds=5)


def test_declining_is_noted_with_a_word_and_makes_no_account():
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    _client, answer = answered(token, "decline", word="Away that week.")
    invitation.refresh_from_db()
    assert answer.status_code == 200
    assert (invitation.state, invitation.word) == ("declined", "Away that week.")
    assert not User.objects.filter(email=NEW).exists()
    assert not Juror.objects.filter(user__email=NEW).exists()
    agent = Client()
    agent.force_login(jury.agent)
    assert b"Away that week." in agent.get(reverse("juries:organise", kwargs={"pk": jury.panel.pk})).content


@pytest.mark.parametrize("given", [{}, {"answer": "perhaps"}, {"answer": "decline", "word": "x" * 501}])
def test_odd_answers_are_422(given):
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    assert Client().post(page(token), given).status_code == 422
    invitation.refresh_from_db()
    assert invitation.state == "pending"


def test_a_new_link_voids_the_old_one_and_the_session_it_opened():
    jury = prepared(jurors=1, applications=1)
    first, old = invited(jury)
    client, _answer = answered(old)
    assert client.get(room(jury.panel)).status_code == 200
    first.refresh_from_db()
    panels.send_link_again(first, by=jury.agent)
    assert client.get(room(jury.panel)).status_code == 302
    again, _answer = answered(token_of(), client=Client())
    assert again.get(room(jury.panel)).status_code == 200
    assert Juror.objects.filter(user__email=NEW).count() == 1


def test_withdrawing_shuts_the_session_and_leaves_the_seat():
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    client, _answer = answered(token)
    invitation.refresh_from_db()
    panels.revoke_invitation(invitation, by=jury.agent)
    assert client.get(room(jury.panel)).status_code == 302
    assert Juror.objects.filter(user__email=NEW).exists()


def test_the_session_ends_with_the_stage():
    jury = opened(jurors=1, applications=1)
    _row, token = invited(jury)
    client, _answer = answered(token)
    Panel.objects.filter(pk=jury.panel.pk).update(state="proclaimed")
    assert client.get(room(jury.panel)).status_code == 302


def test_whom_a_link_let_in_finds_the_way_back_to_their_room_everywhere():
    jury = opened(jurors=1, applications=1)
    invitation, token = invited(jury)
    client, _answer = answered(token)
    back, doorstep = room(jury.panel), reverse("portal:jury")
    way = f'href="{back}">Ma salle</a>'
    for address in (reverse("portal:home"), reverse("calls:list"), back):
        shown = client.get(address).content.decode()
        assert way in shown, address
        assert reverse("portal:space") not in shown, address
        assert reverse("accounts:profile") not in shown, address
    assert client.get(doorstep).url == back
    assert way not in Client().get(reverse("portal:home")).content.decode()
    assert Client().get(doorstep).url.startswith(reverse("account_login"))
    member = Client()
    member.force_login(Juror.objects.get(user__email=NEW).user)
    assert member.get(doorstep).url == reverse("portal:space")
    assert "Ma salle" not in member.get(reverse("portal:home")).content.decode()
    panels.revoke_invitation(SeatInvitation.objects.get(pk=invitation.pk), by=jury.agent)
    assert way not in client.get(reverse("portal:home")).content.decode()
    assert client.get(doorstep).url.startswith(reverse("account_login"))


def test_a_link_opens_nothing_but_the_jury():
    jury = prepared(jurors=1, applications=1)
    owner = UserFactory(email="owner@town.example")
    _row, token = invited(jury, owner.email)
    client, _answer = answered(token)
    assert client.get(room(jury.panel)).status_code == 200
    for name in ("accounts:profile", "accounts:structure-new", "account_email", "account_change_password"):
        assert client.get(reverse(name)).status_code == 302, name
    owner.set_password("a longer word")
    owner.save()
    client.force_login(owner)
    assert client.get(reverse("accounts:profile")).status_code == 200


def test_whom_a_link_let_in_finds_every_page_of_the_room_open():
    room_names = {pattern.name for pattern in urlpatterns if str(pattern.pattern).startswith("jury/<int:pk>/")}
    closed = {name for name in room_names if f"juries:{name}" not in PAGES}
    assert closed == {name for name in room_names if name.startswith("chair")}


def test_whoever_is_signed_in_as_themselves_keeps_their_session():
    jury = prepared(jurors=1, applications=1)
    person = UserFactory(email="known@town.example")
    client = Client()
    client.force_login(person)
    _row, token = invited(jury, person.email)
    answered(token, client=client)
    assert client.get(reverse("accounts:profile")).status_code == 200


@pytest.mark.parametrize("role", ["is_chair", "is_secretary"])
def test_no_link_leads_to_a_seat_that_leads(role):
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    client, _answer = answered(token)
    Juror.objects.filter(panel=jury.panel, is_chair=True).update(is_chair=False)
    Juror.objects.filter(user__email=NEW).update(**{role: True})
    assert client.get(room(jury.panel)).status_code == 302
    invitation.refresh_from_db()
    with pytest.raises(Invalid):
        panels.send_link_again(invitation, by=jury.agent)


def test_no_link_is_sent_to_agents_nor_opens_for_who_became_one():
    jury = prepared(jurors=1, applications=1)
    with pytest.raises(Invalid):
        panels.invite_juror(jury.panel, AgentFactory().email, by=jury.agent)
    person = UserFactory(email="soon@town.example")
    _row, token = invited(jury, person.email)
    User.objects.filter(pk=person.pk).update(is_agent=True)
    assert answered(token)[1].status_code == 409
    assert not Juror.objects.filter(user=person).exists()


def test_only_organisers_invite():
    jury = prepared(jurors=1, applications=1)
    strangers = (UserFactory(), AgentFactory(), agent_of(jury.call, "screen"), jury.jurors[-1].user)
    for person in strangers:
        if person != jury.chair:
            with pytest.raises(Forbidden):
                panels.invite_juror(jury.panel, NEW, by=person)


def test_three_links_a_day():
    jury = prepared(jurors=1, applications=1)
    for _each in range(3):
        invited(jury)
    with pytest.raises(TooOften):
        invited(jury)
    assert SeatInvitation.objects.filter(state="pending").count() == 1


def test_nobody_new_sits_once_marks_are_locked():
    jury = opened(jurors=1, applications=1)
    _row, token = invited(jury)
    Panel.objects.filter(pk=jury.panel.pk).update(state="locked")
    assert answered(token)[1].status_code == 409
    assert not User.objects.filter(email=NEW).exists()
    with pytest.raises(Conflict):
        invited(jury, "late@town.example")


def test_a_link_waits_for_a_mail_server_that_is_away(monkeypatch):
    jury, now = prepared(jurors=1, applications=1), clock.now()
    with monkeypatch.context() as broken, clock.at(now):
        broken.setattr("django.core.mail.EmailMessage.send", lambda _mail: 1 / 0)
        panels.invite_juror(jury.panel, NEW, by=jury.agent)
        assert not links()
    with clock.at(now + timedelta(hours=1)):
        assert answered(token_of())[1].status_code == 302


def test_a_link_taken_back_before_it_left_never_leaves():
    jury = prepared(jurors=1, applications=1)
    first = panels.invite_juror(jury.panel, NEW, by=jury.agent)
    second = panels.send_link_again(first, by=jury.agent)
    assert len(links()) == 1
    panels.revoke_invitation(panels.send_link_again(second, by=jury.agent), by=jury.agent)
    assert len(links()) == 1
    assert not Message.objects.filter(kind="juries.seat").exclude(sealed="").exists()


def test_the_journal_tells_acts_and_no_address():
    jury = prepared(jurors=1, applications=1)
    invitation, token = invited(jury)
    answered(token)
    lines = JournalEntry.objects.filter(subject_id=str(invitation.pk), verb__in=["invite", "accept"])
    assert lines.count() == 2
    assert all(NEW not in f"{line.subject_label}{line.data}" for line in lines)


def test_what_seated_nobody_is_forgotten_after_a_month():
    jury = prepared(jurors=1, applications=1)
    _row, token = invited(jury)
    answered(token, "decline")
    _kept, second = invited(jury, "stays@town.example")
    answered(second)
    invitations.forget(clock.now() + timedelta(days=29))
    assert SeatInvitation.objects.count() == 2
    invitations.forget(clock.now() + timedelta(days=31))
    assert list(SeatInvitation.objects.values_list("email", flat=True)) == ["stays@town.example"]


def test_agents_invite_from_the_page_of_the_panel():
    jury = prepared(jurors=1, applications=1)
    client = Client()
    client.force_login(jury.agent)
    where = reverse("juries:invite", kwargs={"pk": jury.panel.pk})
    assert client.post(where, {"email": "no", "language": "fr"}).status_code == 422
    assert client.post(where, {"email": NEW, "language": "de", "has_voice": "on"}).status_code == 302
    row = SeatInvitation.objects.get()
    for name in ("send-link", "revoke-link"):
        keys = {"pk": jury.panel.pk, "invitation": SeatInvitation.objects.latest("pk").pk}
        assert client.post(reverse(f"juries:{name}", kwargs=keys)).status_code == 302
    row.refresh_from_db()
    assert set(SeatInvitation.objects.values_list("state", flat=True)) == {"revoked"}
