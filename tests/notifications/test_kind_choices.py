"""Within a group of messages, one kind may reach its reader by another way."""

import pytest

from bethune_smartcity.notifications import channels
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.models import Message, Preference
from bethune_smartcity.notifications.tasks import sweep
from tests.factories import projects as made
from tests.factories.accounts import AgentFactory, UserFactory, join

pytestmark = pytest.mark.django_db
LIFE, STAGE, ACCEPTED = "projects.life", "projects.stage", "projects.accepted"
PREFERENCES = "/espace/notifications/choix/"


@pytest.fixture
def person():
    return UserFactory()


def tell(person, kind):
    """A message of that kind, and what becomes of it."""
    key = f"{kind}-{Message.objects.count()}"
    return Message.objects.create(key=key, kind=kind, recipient=person, address=person.email, subject="S", body="B")


def fates(*messages):
    sweep()
    return [Message.objects.get(pk=message.pk).state for message in messages]


@pytest.mark.parametrize(
    ("group", "own", "expected"),
    [
        (None, "portal", ["sent", "shown"]),
        ("portal", "now", ["shown", "sent"]),
        ("daily", "portal", ["gathered", "shown"]),
        ("portal", "daily", ["shown", "gathered"]),
        ("portal", "", ["shown", "shown"]),
    ],
)
def test_a_kind_chosen_for_itself_goes_its_way_and_the_others_the_groups(person, group, own, expected):
    if group:
        channels.choose(person, {LIFE: group})
    channels.choose_kinds(person, {ACCEPTED: own})
    assert fates(tell(person, STAGE), tell(person, ACCEPTED)) == expected


def test_what_waits_follows_the_choice_of_its_kind_and_not_that_of_the_group(person):
    channels.choose(person, {LIFE: "daily"})
    channels.choose_kinds(person, {ACCEPTED: "daily"})
    told = [tell(person, STAGE), tell(person, ACCEPTED)]
    assert fates(*told) == ["gathered", "gathered"]
    channels.choose(person, {LIFE: "portal"})
    assert fates(*told) == ["shown", "gathered"]
    channels.choose_kinds(person, {ACCEPTED: ""})
    assert fates(*told) == ["shown", "shown"]
    assert not channels.own_choices_of(person)


def test_what_cannot_be_chosen_is_passed_over(person):
    channels.choose_kinds(person, {"calls.receipt": "portal", "unknown": "portal", ACCEPTED: "pigeon"})
    assert not Preference.objects.exists()


def test_one_click_ends_the_mails_of_the_group_those_chosen_apart_included(client, person, mailoutbox):
    channels.choose(person, {LIFE: "portal"})
    channels.choose_kinds(person, {ACCEPTED: "now", STAGE: "now", "projects.reported": "now"})
    assert fates(tell(person, ACCEPTED)) == ["sent"]
    stop = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>").removeprefix("https://portail.example")
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert fates(tell(person, ACCEPTED), tell(person, STAGE)) == ["shown", "shown"]
    assert channels.own_choices_of(person) == {"projects.reported": "now"}


def test_ending_the_days_mail_ends_what_of_it_was_chosen_apart(person):
    channels.choose(person, {LIFE: "now"})
    channels.choose_kinds(person, {ACCEPTED: "daily"})
    channels.quiet(person, channels.DAY_MAIL)
    assert fates(tell(person, STAGE), tell(person, ACCEPTED)) == ["sent", "shown"]


def test_the_page_offers_each_kind_of_a_group_of_several_and_keeps_the_choice(client):
    project = made.project()
    owner = join(project.structure, "owner")
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    form = client.get(PREFERENCES).context["form"]
    assert {STAGE, ACCEPTED, "projects.report_missing"} <= set(form.fields)
    assert "calls.closing" not in form.fields
    whole = {group.name: "now" for group in form.groups}
    assert client.post(PREFERENCES, whole | {ACCEPTED: "portal"}).status_code == 302
    assert channels.own_choices_of(owner) == {ACCEPTED: "portal"}
    page = client.get(PREFERENCES).content.decode()
    assert page.count('<details class="more" open>') == 1
    assert client.post(PREFERENCES, whole | {ACCEPTED: "pigeon"}).status_code == 422
    assert client.post(PREFERENCES, whole | {"projects.requested": "portal"}).status_code == 302
    assert not channels.own_choices_of(owner)


def test_the_back_office_says_of_which_kind_a_choice_is(client, person):
    channels.choose(person, {LIFE: "daily"})
    channels.choose_kinds(person, {ACCEPTED: "portal"})
    client.force_login(AgentFactory(is_administrator=True), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/notifications/preference/").content.decode()
    assert str(kind_named(ACCEPTED).label) in page
