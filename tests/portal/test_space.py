"""One's own space: what is mine in each role, and nothing of anyone else's."""

from datetime import timedelta

import pytest
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM
from bethune_smartcity.notifications.models import Message
from calls.operations import decisions, screening
from juries.models import Assignment, Panel
from tests import personas
from tests.factories import projects
from tests.factories.accounts import StructureFactory, UserFactory, owner_of
from tests.factories.calls import CallFactory, admitted, agent_of, draft, submitted

pytestmark = pytest.mark.django_db
SPACE = "/espace/"


def space_of(client, user, at=None):
    client.force_login(user)
    with clock.at(at or clock.now()):
        answer = client.get(SPACE)
    assert answer.status_code == 200
    return answer


def message(user, subject="A receipt", **fields):
    """A message written for `user`, sent unless told otherwise."""
    values = {"state": Message.State.SENT, "sent_at": clock.now(), "address": user.email, "kind": "receipt"}
    key = f"{subject}-{user.pk}-{Message.objects.count()}"
    return Message.objects.create(recipient=user, subject=subject, body="Text", key=key, **values | fields)


def test_the_space_asks_to_sign_in(client):
    assert client.get(SPACE).headers["Location"] == "/connexion/?next=/espace/"


@pytest.mark.parametrize("persona", [name for name in personas.PERSONAS if name != "anonymous"])
def test_each_persona_finds_their_own(client, persona):
    cast = personas.cast()
    page = space_of(client, cast.people[persona])
    mine = {"owner", "editor", "reader", "member_agent"}
    assert (cast.submission.title in page.text) == (persona in mine)
    seated = {"juror", "recused_juror", "chair"}
    assert (reverse("juries:room", args=[cast.panel.pk]) in page.text) == (persona in seated)
    at_work = {"agent", "member_agent", "rival_agent"}
    assert (reverse("calls:board", args=[cast.call.slug]) in page.text) == (persona in at_work)


def test_a_draft_says_that_it_is_not_submitted_and_until_when(client):
    made = draft()
    line = space_of(client, owner_of(made.structure)).context["applications"][0]
    assert line.is_urgent
    assert line.tone == "draft"
    late = space_of(client, owner_of(made.structure), at=made.call.closes_at).context["applications"][0]
    assert not late.is_urgent


def test_each_state_has_a_next_sentence(client):
    call = CallFactory()
    agent, structure = agent_of(call), StructureFactory()
    made = submitted(call, structure)

    def sentence(at=None):
        return space_of(client, owner_of(structure), at=at).context["applications"][0].next

    told = [sentence(), sentence(call.closes_at)]
    with clock.at(call.closes_at):
        screening.admit(made, by=agent)
        told.append(sentence(call.closes_at))
        decisions.shortlist(made, by=SYSTEM, public_at=clock.now())
        told.append(sentence(call.closes_at))
        decisions.elect(made, by=SYSTEM, public_at=clock.now())
        told.append(sentence(call.closes_at))
    assert len(set(told)) == len(told)


def test_a_decision_shows_from_its_hour_only(client):
    made = admitted()
    at = made.call.closes_at + timedelta(days=1)
    with clock.at(at):
        decisions.decline(made, by=SYSTEM, public_at=at + timedelta(hours=1))
    owner = owner_of(made.structure)
    before = space_of(client, owner, at=at).context["applications"][0]
    after = space_of(client, owner, at=at + timedelta(hours=1)).context["applications"][0]
    assert before.state != after.state
    assert before.tone == "info"


def test_a_juror_sees_how_many_sheets_are_left(client):
    cast = personas.cast()
    Panel.objects.filter(pk=cast.panel.pk).update(state="open")
    seat = space_of(client, cast.juror).context["seats"][0]
    assert (seat.asked, seat.done, seat.is_due) == (1, 0, True)
    aside = space_of(client, cast.recused_juror).context["seats"][0]
    assert (aside.asked, aside.is_due) == (0, False)


def test_members_and_mentors_find_their_project(client):
    cast = projects.cast()
    link = reverse("projects:followup", args=[cast.project.slug])
    for name in ("owner", "reader", "mentor"):
        assert link in space_of(client, cast[name]).text
    assert link not in space_of(client, cast["rival"]).text


def test_statements_do_not_grow_with_what_is_mine(client, django_assert_max_num_queries):
    cast = personas.cast()
    user = cast.member_agent
    message(user)

    def statements():
        client.force_login(user)
        with django_assert_max_num_queries(13) as counted:
            assert client.get(SPACE).status_code == 200
        return len(counted)

    before = statements()
    for _number in range(2):
        message(user)
        submitted(CallFactory(agent=user), StructureFactory(owner=user))
    assert statements() == before


def test_statements_of_a_juror_stay_few(client, django_assert_max_num_queries):
    cast = personas.cast()
    for submission in [submitted(cast.call) for _number in range(2)]:
        Assignment.objects.create(juror=cast.panel.jurors.get(user=cast.juror), submission=submission)
    client.force_login(cast.juror)
    with django_assert_max_num_queries(13):
        client.get(SPACE)


class TestNotifications:
    PAGE = "/espace/notifications/"

    def test_mine_only_and_only_when_their_hour_has_come(self, client):
        user = UserFactory()
        message(user, "Mine")
        message(UserFactory(), "Theirs")
        message(user, "Tomorrow", due_at=clock.now() + timedelta(days=1), state="pending", sent_at=None)
        message(user, "Never", state="cancelled", sent_at=None)
        message(user, "")
        client.force_login(user)
        page = client.get(self.PAGE)
        assert [shown.subject for shown in page.context["notifications"]] == ["Mine"]
        assert space_of(client, user).context["unread"] == 1

    def test_one_or_all_are_marked_as_read(self, client):
        user, other = UserFactory(), UserFactory()
        first, second, theirs = message(user), message(user), message(other)
        client.force_login(user)
        client.post(self.PAGE, {"pk": first.pk})
        assert unread() == {second, theirs}
        client.post(self.PAGE, {"pk": theirs.pk})
        assert unread() == {second, theirs}
        client.post(self.PAGE)
        assert unread() == {theirs}

    @pytest.mark.parametrize("pk", ["x", "-1", "9" * 40, "٣"])
    def test_an_odd_number_marks_nothing(self, client, pk):
        user = UserFactory()
        message(user)
        client.force_login(user)
        assert client.post(self.PAGE, {"pk": pk}).status_code == 302
        assert len(unread()) == 1

    def test_statements_do_not_grow(self, client, django_assert_max_num_queries):
        user = UserFactory()
        client.force_login(user)
        for _number in range(3):
            message(user)
        with django_assert_max_num_queries(8):
            client.get(self.PAGE)


def unread():
    return set(Message.objects.filter(read_at__isnull=True))


def test_the_pages_of_a_structure_are_called_after_what_they_do(client):
    structure = StructureFactory(name="Navette")
    client.force_login(owner_of(structure))
    for address, title in (
        (reverse("accounts:structure-new"), "Créer une structure"),
        (reverse("accounts:structure", args=[structure.pk]), "Navette"),
    ):
        page = client.get(address).text
        trail = page.split('<nav class="crumbs')[1].split("</nav>")[0]
        assert f"<h1>{title}</h1>" in page
        assert f"<title>{title} –" in page
        assert SPACE in trail
        assert title in trail
