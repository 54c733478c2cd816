"""The demonstration's clock and letter box, which exist in a demonstration and nowhere else."""

from datetime import timedelta

import pytest
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse

from bethune_smartcity.core import clock
from bethune_smartcity.core.demo import MOMENTS
from bethune_smartcity.notifications.delivery import send_due
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.mails import mail_of
from bethune_smartcity.notifications.secrets import send_secret
from bethune_smartcity.portal import mailbox
from bethune_smartcity.portal.moments import moments_of, walked_call
from juries.models import Panel, PublicVote, Slot
from tests.factories.accounts import AgentFactory, UserFactory
from tests.factories.calls import CallFactory, submitted

pytestmark = pytest.mark.django_db

CLOCK = "/demo/horloge/"
BOX = "/demo/mails/"


@pytest.fixture
def demo(settings, tmp_path):
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = str(tmp_path)
    yield tmp_path
    clock.shift(timedelta(0))


@pytest.fixture
def agent(client):
    user = AgentFactory()
    client.force_login(user)
    return user


class TestMoments:
    def test_each_comes_after_the_one_before_and_all_are_named(self):
        moments = moments_of(CallFactory())
        assert ["present", *moments] == list(MOMENTS)
        assert sorted(moments.values()) == list(moments.values())

    def test_they_are_the_dates_of_the_call_where_it_has_some(self):
        call = CallFactory()
        due = call.closes_at + timedelta(days=15)
        Panel.objects.create(call=call, stage="reading", due_at=due)
        finale = Panel.objects.create(call=call, stage="finale")
        starts = call.closes_at + timedelta(days=40)
        Slot.objects.create(panel=finale, submission=submitted(call), order=1, starts_at=starts)
        call.results_at = call.closes_at + timedelta(days=45)
        moments = moments_of(call)
        assert moments["after-close"] > call.closes_at
        assert moments["reading-due"] < due
        assert moments["finale-day"] < starts
        assert moments["publication"] > call.results_at

    def test_a_vote_says_when_the_finale_is(self):
        call = CallFactory()
        opens = call.closes_at + timedelta(days=30)
        PublicVote.objects.create(call=call, opens_at=opens, closes_at=opens + timedelta(days=1))
        assert moments_of(call)["finale-day"] == opens

    def test_the_call_walked_through_is_the_demonstration_s_or_the_latest(self):
        assert moments_of(walked_call()) == {}
        CallFactory(draft=True)
        latest = CallFactory()
        assert walked_call() == latest
        walked = CallFactory(slug="mobilite", closed=True)
        assert walked_call() == walked


class TestClock:
    def test_an_agent_moves_the_portal_and_brings_it_back(self, client, demo, agent):
        call = CallFactory()
        answer = client.post(CLOCK, {"moment": "after-close", "next": "/appels/"})
        assert answer.headers["Location"] == "/appels/"
        page = client.get(reverse("calls:detail", args=[call.slug]))
        assert page.context["phase"] == "closed"
        assert page.context["portal"].clock.shifted
        client.post(CLOCK, {"moment": "present"})
        assert client.get(reverse("calls:detail", args=[call.slug])).context["phase"] == "open"

    def test_it_lands_on_the_moment_and_never_before(self, client, demo, agent):
        call = CallFactory()
        opens = call.closes_at + timedelta(days=30)
        PublicVote.objects.create(call=call, opens_at=opens, closes_at=opens + timedelta(days=1))
        client.post(CLOCK, {"moment": "finale-day"})
        assert opens <= clock.now() < opens + timedelta(seconds=30)
        assert reverse("juries:vote", args=[call.slug]) in client.get("/").text

    def test_its_page_shows_every_moment_with_its_instant(self, client, demo, agent):
        CallFactory()
        assert len(client.get(CLOCK).context["moments"]) == len(MOMENTS)

    def test_its_bar_proposes_the_moment_after_the_present_one(self, client, demo, agent):
        CallFactory()

        def proposed():
            return client.get("/").context["portal"].clock.following

        assert proposed() == "after-close"
        client.post(CLOCK, {"moment": "finale-day"})
        assert proposed() == "publication"
        assert '<option value="publication" selected>' in client.get("/").text
        client.post(CLOCK, {"moment": "in-six-months"})
        assert proposed() == "in-six-months"
        client.post(CLOCK, {"moment": "present"})
        assert proposed() == "after-close"

    def test_agents_have_the_bar_and_nobody_else(self, client, demo, agent):
        assert 'action="/demo/horloge/"' in client.get("/").text
        client.force_login(UserFactory())
        assert 'action="/demo/horloge/"' not in client.get("/").text
        assert client.post(CLOCK, {"moment": "present"}).status_code == 403

    @pytest.mark.parametrize(("moment", "status"), [("tomorrow", 422), ("", 422), ("after-close", 409)])
    def test_an_odd_moment_is_refused_and_so_is_one_of_no_call(self, client, demo, agent, moment, status):
        assert client.post(CLOCK, {"moment": moment}).status_code == status
        assert not clock.is_shifted()

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x", ""])
    def test_it_never_leads_elsewhere(self, client, demo, agent, target):
        answer = client.post(CLOCK, {"moment": "present", "next": target})
        assert answer.headers["Location"] == "/espace/"

    def test_without_demonstration_there_is_no_clock(self, client, agent):
        assert client.get(CLOCK).status_code == 404
        assert client.post(CLOCK, {"moment": "present"}).status_code == 404
        assert 'action="/demo/horloge/"' not in client.get("/").text


def write(folder, subject="Votre code", text="Le code est 123456.\nhttps://portail.example/x", to="a@demo.example"):
    """A mail written to the folder, as the portal does."""
    connection = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(folder))
    EmailMessage(subject, text, to=[to], connection=connection).send()
    return mailbox.names(1)[0]


class TestLetterBox:
    def test_mails_are_listed_and_read(self, client, demo):
        name = write(demo, "Votre candidature est déposée")
        page = client.get(BOX)
        assert "Votre candidature est déposée" in page.text
        mail = client.get(f"{BOX}{name}/")
        assert "123456" in mail.text
        assert 'href="https://portail.example/x"' in mail.text

    def test_they_are_dated_by_the_portal_s_clock(self, client, demo, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = str(demo)
        with clock.at(clock.paris(2027, 3, 4, 10)):
            later = clock.now() + timedelta(minutes=15)
            letter = {"address": "a@demo.example", "subject": "Code", "body": "123456"}
            send_secret(kind_named("account"), key="k", **letter, good_until=later)
            send_due()
        (sent,) = client.get(BOX).context["mails"]
        assert sent.at == clock.paris(2027, 3, 4, 10)
        assert "4 mars 2027 à 10 h 00 (heure de Paris)" in client.get(BOX).text.replace("\u00a0", " ")

    def test_mails_of_one_file_are_told_apart(self, demo):
        name = write(demo)
        path = demo / name
        path.write_bytes(path.read_bytes() * 2)
        assert len(mailbox.read(name)) == 2

    def test_what_a_mail_says_is_never_markup(self, client, demo):
        name = write(demo, "<b>Gras</b>", "<script>alert(1)</script>")
        assert "<script>alert" not in client.get(f"{BOX}{name}/").text
        assert "<b>Gras" not in client.get(BOX).text

    def test_a_mail_is_shown_laid_out_in_a_box_of_its_own(self, client, demo, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        mail_of("<script>alert(1)</script>", "Bonjour", to="a@demo.example", language="fr", headers={}).send()
        name = mailbox.names(1)[0]
        page = client.get(f"{BOX}{name}/")
        assert f'src="{BOX}{name}/0/"' in page.text
        assert "allow-scripts" not in page.text
        assert "allow-same-origin" not in page.text
        laid = client.get(f"{BOX}{name}/0/")
        assert "<main>" in laid.text
        assert "<script" not in laid.text
        policy = laid.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "sandbox" in policy
        assert "script" not in policy.replace("allow-scripts", "")
        assert laid.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]

    def test_a_mail_without_that_part_has_no_box(self, client, demo):
        name = write(demo)
        assert "<iframe" not in client.get(f"{BOX}{name}/").text
        assert client.get(f"{BOX}{name}/0/").status_code == 404
        assert client.get(f"{BOX}{name}/7/").status_code == 404
        assert client.get(f"{BOX}{name}/0/", REMOTE_ADDR="192.0.2.1").status_code == 404

    @pytest.mark.parametrize("name", ["../secret_key", "..%2Fsecret_key", "x.log", "secret_key", "%00.log"])
    def test_no_other_file_is_read(self, client, demo, name):
        (demo.parent / "secret_key").write_text("secret")
        (demo / "secret_key").write_text("secret")
        assert client.get(f"{BOX}{name}/").status_code in {404, 301}
        assert mailbox.read("../secret_key") == []

    def test_it_answers_on_this_machine_only(self, client, demo):
        assert client.get(BOX, REMOTE_ADDR="192.0.2.1").status_code == 404
        assert client.get(BOX, HTTP_X_FORWARDED_FOR="192.0.2.1").status_code == 404
        assert client.get(BOX, REMOTE_ADDR="::1").status_code == 200

    def test_without_demonstration_there_is_no_letter_box(self, client):
        assert client.get(BOX).status_code == 404
        assert client.get(f"{BOX}x.log/").status_code == 404
