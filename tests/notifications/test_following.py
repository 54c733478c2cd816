"""Following with or without an account: nobody learns who is known, nothing is in force before its mailbox agrees."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bethune_smartcity.core import clock
from bethune_smartcity.core.errors import Invalid, TooOften
from bethune_smartcity.notifications import following, forgetting, outbox
from bethune_smartcity.notifications.forgetting import forgotten_in_time
from bethune_smartcity.notifications.holders import GOOD_FOR, holder_of, key_of_holder
from bethune_smartcity.notifications.models import Message, Subscription
from bethune_smartcity.notifications.seals import unseal
from bethune_smartcity.notifications.tasks import sweep
from pillars.models import Pillar
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory
from tests.factories.news import article

pytestmark = pytest.mark.django_db
ADDRESS = "reader@town.example"
ALL_CALLS = ("calls.opening", 0)
FORM = {"topic": "calls.opening", "address": ADDRESS}


@pytest.fixture(autouse=True)
def _alone():
    """No limit is reached by another test, and no request leaves its language behind."""
    cache.clear()
    with translation.override("fr"):
        yield


def asked(address=ADDRESS, *wishes, **options):
    following.ask(address, wishes or [ALL_CALLS], language="fr", **options)
    return Message.objects.filter(kind="notifications.confirm", address=address.strip().lower()).latest("pk")


def text_of(message):
    """What the mail will say: its row keeps it sealed."""
    return unseal(message.sealed).body


def link_in(message, words="confirmer"):
    return re.search(rf"https://portail\.example(/\S*{words}\S*)", text_of(message))[1]


def confirmed(client, address=ADDRESS, *wishes):
    page = link_in(asked(address, *wishes))
    assert client.post(page).status_code == 200


def in_force(address=ADDRESS):
    return {(row.topic, row.about) for row in following.live().filter(holder=holder_of(address))}


def manage(address=ADDRESS):
    return f"/suivi/{key_of_holder(holder_of(address))}/"


def test_an_address_follows_once_its_mailbox_confirmed_by_a_post(client):
    answer = client.post("/suivre/", FORM)
    assert (answer.status_code, answer["Location"]) == (302, "/suivre/merci/")
    page = link_in(Message.objects.get())
    assert "Les prochains appels à projets" in client.get(page).text
    assert not in_force()
    assert client.post(page).status_code == 200
    assert in_force() == {ALL_CALLS}
    assert client.post(page).status_code == 200
    assert "Plus rien à confirmer" in client.get(page).text


def test_pillars_limit_what_is_followed(client):
    pillars = list(Pillar.objects.all()[:2])
    keys = [pillar.pk for pillar in pillars]
    client.post("/suivre/", FORM | {"topic": ["calls.opening", "portal.news"], "about": keys})
    client.post(link_in(Message.objects.get()))
    assert in_force() == {(topic, key) for topic in ("calls.opening", "portal.news") for key in keys}


def test_pillars_to_follow_are_drawn_as_on_the_front_page(client):
    drawn = re.compile(r'<label class="check (p-[\w-]+)"[^>]*><input[^>]*>(<svg.*?</svg>)<span>([^<]+)')
    shown = drawn.findall(client.get("/suivre/").text)
    assert len(shown) == 7
    assert shown == drawn.findall(client.get("/").text)


def shape(statements):
    return [re.sub(r"'[^']*'|\d+|x'[^']*'", "?", statement["sql"].split(" WHERE ")[0][:60]) for statement in statements]


def test_a_known_address_an_account_and_an_unknown_one_get_the_same_answer_by_the_same_statements(client):
    person = UserFactory(email="known@town.example")
    confirmed(client)
    following.follow([ALL_CALLS], by=person)
    Message.objects.all().delete()
    client.post("/suivre/", FORM | {"address": "warm-up@town.example"})
    found = []
    for address in (ADDRESS, person.email, "stranger@town.example"):
        with CaptureQueriesContext(connection) as statements:
            answer = Client().post("/suivre/", FORM | {"address": address})
        found.append((answer.status_code, answer["Location"], dict(answer.cookies), shape(statements)))
    assert found[0] == found[1] == found[2]
    assert found[0][2] == {}
    bodies = {row.address: text_of(row) for row in Message.objects.filter(kind="notifications.confirm")}
    assert "est déjà prévenue" not in bodies["stranger@town.example"]
    assert all(
        "déjà prévenue" in bodies[known] and "/confirmer/" not in bodies[known] for known in (ADDRESS, person.email)
    )


def test_the_page_of_thanks_offers_to_ask_once_more(client):
    page = client.get("/suivre/merci/").text
    assert "Refaire la demande" in page
    assert "complément" not in page


def test_the_page_of_thanks_and_the_forms_set_no_cookie():
    client = Client()
    call = CallFactory()
    for path in ("/", "/suivre/", "/suivre/merci/", call.get_absolute_url(), "/piliers/mobilite-transport/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not answer.cookies
        assert "csrfmiddlewaretoken" not in answer.text
    assert not client.post("/suivre/", FORM).cookies
    assert not client.post("/suivre/", FORM | {"address": "no address"}).cookies


def test_a_form_needs_no_token_and_is_refused_from_another_site():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/suivre/", FORM, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 302
    assert client.post("/suivre/", FORM, headers={"Origin": "https://portail.example"}).status_code == 302
    Message.objects.all().delete()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://portail.example"},
    ):
        assert client.post("/suivre/", FORM, headers=headers).status_code == 403
    assert not Message.objects.exists()


def test_someone_signed_in_is_not_made_to_follow_by_another_site(client):
    person = UserFactory()
    client.force_login(person)
    page = {"topic": "calls.opening", "next": "/appels/"}
    assert client.post("/suivre/", page, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Subscription.objects.exists()


def test_a_robot_that_fills_everything_is_thanked_and_nothing_is_sent(client):
    assert client.post("/suivre/", FORM | {"website": "https://spam.example"})["Location"] == "/suivre/merci/"
    assert not Message.objects.exists()
    assert not Subscription.objects.exists()


def test_a_double_click_sends_one_mail(client):
    with clock.at(clock.now()):
        for _click in range(2):
            assert client.post("/suivre/", FORM).status_code == 302
    assert Message.objects.count() == 1
    assert Subscription.objects.count() == 1


def test_an_address_gets_three_mails_an_hour_and_a_network_sixty(monkeypatch):
    now = clock.now()
    for minutes in (0, 11, 22):
        with clock.at(now + timedelta(minutes=minutes)):
            asked()
    with clock.at(now + timedelta(minutes=33)), pytest.raises(TooOften) as refusal:
        asked()
    assert 0 < refusal.value.retry_after <= 27 * 60 + 1
    with clock.at(now + timedelta(minutes=61)):
        asked()
    monkeypatch.setattr(following, "MAILS_PER_NETWORK", 2)
    for name in ("a", "b"):
        asked(f"{name}@town.example", network="192.0.2.7")
    with pytest.raises(TooOften):
        asked("c@town.example", network="192.0.2.7")
    asked("c@town.example", network="192.0.2.8")


@pytest.mark.parametrize(
    "data",
    [
        {"address": "no address"},
        {"address": ""},
        {"address": "a" * 250 + "@town.example"},
        {"address": "x@town.example\nBcc: all@town.example"},
        {"address": "x@town.example\x00"},
        {"topic": ""},
        {"topic": "unknown.topic"},
        {"about": "9" * 40},
        {"about": "٣"},
        {"about": "-1"},
        {"about": "999999"},
        {"topic": "calls.call", "about": "999999"},
        {"topic": "calls.call"},
    ],
)
def test_odd_input_is_refused_at_its_field(client, data):
    answer = client.post("/suivre/", FORM | data)
    assert answer.status_code == 422
    assert "errors-title" in answer.text
    assert not Subscription.objects.exists()


def test_a_call_in_preparation_is_as_unknown_as_one_that_is_not():
    hidden = CallFactory(draft=True)
    with pytest.raises(Invalid) as unknown:
        asked(ADDRESS, ("calls.call", 999_999))
    with pytest.raises(Invalid) as secret:
        asked(ADDRESS, ("calls.call", hidden.pk))
    assert str(secret.value) == str(unknown.value)


def test_an_expired_link_confirms_nothing_and_says_so(client):
    page = link_in(asked())
    with clock.at(clock.now() + GOOD_FOR):
        assert client.get(page).status_code == client.post(page).status_code == 409
    assert not in_force()


def test_a_forged_or_borrowed_key_opens_nothing(client):
    page, own = link_in(asked()), manage()
    holder, _colon, signature = own.removeprefix("/suivi/").rstrip("/").partition(":")
    other = holder_of("other@town.example")
    for path in (
        page[:-4] + "xxx/",
        f"/suivi/{other}:{signature}/",
        f"/suivi/{holder}/",
        f"/suivi/{holder}:{signature}/"[:-3] + "/",
        f"/suivi/{other}:{signature}/arreter/calls.opening/0/",
        page.replace("confirmer/", "confirmer/" + own.removeprefix("/suivi/").rstrip("/")),
    ):
        assert client.get(path).status_code == client.post(path).status_code == 404


def test_no_link_says_whose_it_is(client):
    confirmed(client)
    message = Message.objects.get()
    for text in (text_of(message), manage(), link_in(message)):
        assert "reader" not in text.replace("nobody reads it", "")
        assert "town.example" not in text


def test_links_come_from_the_settings_never_from_the_host_header(client):
    client.post("/suivre/", FORM, headers={"host": "localhost"})
    assert set(re.findall(r"https?://([^/\s]+)", text_of(Message.objects.get()))) == {"portail.example"}


def test_a_mail_is_written_in_the_language_of_the_page(client):
    client.post("/de/suivre/", FORM)
    message = Message.objects.get()
    assert message.language == "de"
    assert unseal(message.sealed).subject == "Bestätigen Sie, worüber Sie benachrichtigt werden möchten"
    assert "Sie" in text_of(message)
    assert "/de/suivre/confirmer/" in text_of(message)


def kept():
    """All that the rows of messages say, but what no one reads without the portal's key."""
    return str(list(Message.objects.values()))


@pytest.mark.parametrize("is_known", [False, True], ids=["asks", "told"])
def test_its_links_are_in_no_row_before_it_left_nor_after(client, mailoutbox, is_known):
    if is_known:
        confirmed(client)
        Message.objects.all().delete()
    message = asked()
    token = re.search(r"https://portail\.example\S*/([\w:-]{40,})/", text_of(message))[1]
    assert token not in kept()
    assert message.address == ADDRESS, "who answers for the mails sees to whom one went"
    assert sweep() == 1
    assert token in mailoutbox[0].body
    assert token not in kept()
    message.refresh_from_db()
    assert (message.state, message.sealed) == ("sent", "")


def test_one_that_failed_is_sent_again_while_its_link_serves_and_is_emptied_after(client, mailoutbox):
    administrator, message = AgentFactory(is_administrator=True), asked()
    Message.objects.filter(pk=message.pk).update(state="failed")
    client.force_login(administrator)
    page = client.get(f"/admin/notifications/message/{message.pk}/change/").text
    assert "lien personnel (masqué)" in page
    outbox.resend(Message.objects.get(pk=message.pk), by=administrator)
    assert sweep() == 1
    assert client.post(link_of(mailoutbox[0])).status_code == 200
    assert in_force()
    late = asked("other@town.example")
    Message.objects.filter(pk=late.pk).update(state="failed")
    with clock.at(clock.now() + timedelta(days=7)):
        sweep()
    late.refresh_from_db()
    assert (late.state, late.sealed) == ("expired", "")


def link_of(mail):
    return re.search(r"https://portail\.example(/\S*confirmer\S*)", mail.body)[1]


def test_what_was_stopped_since_is_not_taken_up_again_by_an_old_link(client):
    page = link_in(asked())
    client.post(page)
    stop = f"{manage()}arreter/calls.opening/0/"
    assert "Ne plus recevoir" in client.get(stop).text
    assert in_force() == {ALL_CALLS}
    for _again in range(2):
        assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        assert not in_force()
    client.post(page)
    assert not in_force()
    confirmed(client, ADDRESS, ALL_CALLS)
    assert in_force() == {ALL_CALLS}


@pytest.mark.parametrize("place", ["nope/0", "calls.opening/99", "portal.news/0"])
def test_where_nothing_of_the_kind_is_followed_the_page_says_so(client, place):
    confirmed(client, ADDRESS, ALL_CALLS)
    stop = f"{manage()}arreter/{place}/"
    for answer in (client.get(stop), client.post(stop, {"List-Unsubscribe": "One-Click"})):
        assert answer.status_code == 200
        assert "Vous ne suivez rien de tel" in answer.text
        assert "C’est arrêté" not in answer.text
    assert in_force() == {ALL_CALLS}


def test_one_click_ends_a_whole_topic_and_nothing_else(client):
    pillar, call = Pillar.objects.first(), CallFactory()
    confirmed(client, ADDRESS, ALL_CALLS, ("calls.opening", pillar.pk), ("portal.news", 0), ("calls.call", call.pk))
    client.post(f"{manage()}arreter/calls.opening/0/")
    assert in_force() == {("portal.news", 0), ("calls.call", call.pk)}


def test_a_mailbox_ticks_and_unticks_without_an_account(client):
    pillar, call = Pillar.objects.first(), CallFactory(title="Mobilité")
    confirmed(client, ADDRESS, ALL_CALLS, ("calls.call", call.pk))
    page = client.get(manage())
    assert "Mobilité" in page.text
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    client.post(manage(), {"wanted": [f"calls.opening:{pillar.pk}", "portal.news:0", "odd", "x:y", "calls.call:99999"]})
    assert in_force() == {("calls.opening", pillar.pk), ("portal.news", 0)}
    client.post(manage(), {"wanted": [f"calls.call:{call.pk}"]})
    assert in_force() == {("calls.call", call.pk)}
    client.post(manage(), {"nothing": "1", "wanted": ["portal.news:0"]})
    assert not in_force()


def test_a_mailbox_that_never_confirmed_gets_nothing_by_its_page(client):
    asked()
    client.post(manage(), {"wanted": ["calls.opening:0", "portal.news:0"]})
    assert not in_force()
    stranger = manage("nobody@town.example")
    assert client.get(stranger).status_code == client.post(stranger, {"wanted": "portal.news:0"}).status_code == 200
    assert not in_force("nobody@town.example")


def test_a_signed_in_person_follows_a_call_in_one_click_and_stops(client):
    person, call = UserFactory(language="fr"), CallFactory()
    client.force_login(person)
    page = {"topic": "calls.call", "about": call.pk, "next": call.get_absolute_url()}
    assert client.post("/suivre/", page)["Location"] == call.get_absolute_url()
    assert in_force(person.email) == {("calls.call", call.pk)}
    assert "Vous suivez cet appel" in client.get(call.get_absolute_url()).text
    client.post("/suivre/", page | {"stop": "1"})
    assert not in_force(person.email)
    assert not Message.objects.exists()
    assert client.post("/suivre/", page | {"next": "https://evil.example/"})["Location"] == "/espace/suivis/"


def test_an_account_and_its_address_are_one_follower(client):
    confirmed(client)
    person = UserFactory(email=ADDRESS)
    following.follow([ALL_CALLS], by=person)
    assert Subscription.objects.count() == 1
    client.force_login(person)
    assert client.get("/espace/suivis/").text.count(" checked") == 1
    client.post("/espace/suivis/", {"wanted": ["portal.news:0"]})
    assert in_force() == {("portal.news", 0)}


def test_what_nobody_confirmed_and_what_ended_is_forgotten_by_the_clock(client):
    confirmed(client, "kept@town.example")
    confirmed(client, "ended@town.example")
    client.post(manage("ended@town.example"), {"nothing": "1"})
    asked("silent@town.example")
    left = lambda: set(Subscription.objects.values_list("address", flat=True))  # noqa: E731
    with clock.at(clock.now() + GOOD_FOR):
        sweep()
    assert left() == {"kept@town.example", "ended@town.example"}
    later = clock.now() + forgetting.AFTER_END + timedelta(minutes=1)
    with clock.at(later + timedelta(days=2)):
        assert len(list(forgotten_in_time())) == 1
    with clock.at(later):
        sweep()
        assert left() == {"kept@town.example"}
        assert not list(forgotten_in_time())
        assert not Message.objects.filter(address="ended@town.example").exists()
        assert client.post(f"{manage('ended@town.example')}arreter/calls.opening/0/").status_code == 200


@pytest.mark.parametrize("path", ["/suivre/", "/suivre/merci/"])
def test_pages_ask_the_database_as_little_whatever_is_followed(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        client.get(path)
    assert len(statements) <= 4


def test_someone_s_page_asks_the_same_whatever_they_follow(client):
    person = UserFactory()
    client.force_login(person)
    counts = []
    for number in (1, 3, 30):
        following.follow([("calls.call", CallFactory().pk) for _n in range(number)], by=person)
        client.get("/espace/suivis/")
        with CaptureQueriesContext(connection) as statements:
            client.get("/espace/suivis/")
        counts.append(len(statements))
    assert len(set(counts)) == 1


def told_in(address=ADDRESS):
    """The languages in which a mailbox is told of what it follows."""
    return set(Subscription.objects.filter(holder=holder_of(address)).values_list("language", flat=True))


@pytest.mark.parametrize("code", ["fr", "en", "de", "nl"])
def test_a_mailbox_without_account_chooses_the_language_of_its_mails(client, code):
    confirmed(client, ADDRESS, ALL_CALLS, ("portal.news", 0))
    Subscription.objects.filter(topic="portal.news").update(ended_at=clock.now())
    confirmed(client, "other@town.example")
    assert '<option value="fr" lang="fr" selected>' in client.get(manage()).text
    answer = client.post(manage(), {"language": code})
    assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert f'<option value="{code}" lang="{code}" selected>' in answer.text
    assert told_in() == {code}
    assert told_in("other@town.example") == {"fr"}
    assert in_force() == {ALL_CALLS}


def test_what_is_followed_later_on_the_same_page_is_in_the_language_chosen(client):
    confirmed(client)
    client.post(manage(), {"language": "nl"})
    client.post(manage(), {"wanted": ["calls.opening:0", "portal.news:0"]})
    assert in_force() == {ALL_CALLS, ("portal.news", 0)}
    assert told_in() == {"nl"}


def test_what_is_written_afterwards_leaves_in_the_language_chosen(client):
    confirmed(client, ADDRESS, ("portal.news", 0))
    Subscription.objects.update(confirmed_at=clock.now() - timedelta(days=60))
    article(title_fr="Avant", title_de="Vorher")
    sweep()
    sweep()
    client.post(manage(), {"language": "de"})
    article(title_fr="Après", title_de="Nachher")
    sweep()
    sweep()
    written = Message.objects.filter(kind="portal.newsletter").order_by("pk")
    assert list(written.values_list("subject", "language")) == [("Avant", "fr"), ("Nachher", "de")]
    assert "Diese Nachrichten" in written.last().body


@pytest.mark.parametrize("code", ["", "es", "xx", "fr-be", "\U0001f1eb"])
def test_a_language_the_portal_does_not_speak_is_refused_and_changes_nothing(client, code):
    confirmed(client)
    answer = client.post(manage(), {"language": code})
    assert answer.status_code == 422
    assert "Choisissez l’une des langues du portail." in answer.text
    assert told_in() == {"fr"}


def test_what_an_account_follows_stays_in_the_language_of_the_account(client):
    person = UserFactory(email="known@town.example", language="de")
    following.follow([ALL_CALLS], by=person)
    assert "<select" not in client.get(manage(person.email)).text.split("<main")[1]
    client.post(manage(person.email), {"language": "nl"})
    assert {row.reads for row in following.live()} == {"de"}


def test_a_mailbox_that_never_confirmed_is_offered_no_language(client):
    asked()
    assert 'name="language"' not in client.get(manage()).text
