"""The way in: by password, by code, by a link for those who forgot, on pages that need no script."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.sentences import TOLD_POLITELY
from tests.factories.accounts import UserFactory
from tests.post import letters

pytestmark = pytest.mark.django_db

PASSWORD = "un-mot-de-passe-assez-long"
CODE = re.compile(r"^([A-Z0-9]{4}-?[A-Z0-9]{4})$", re.MULTILINE)
LINK = re.compile(r"https?://[^\s]+")
STRANGERS = (
    "account_login",
    "account_signup",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
    "account_inactive",
)
OWN = (
    "accounts:profile",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "accounts:structure-new",
)


@pytest.fixture(autouse=True)
def _nobody_asked_too_often():
    cache.clear()


@pytest.fixture
def person():
    """Someone with a password and a confirmed address."""
    user = UserFactory(email="ada@portail.example")
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client, person):
    """A browser in which this person came in by the door, which some pages ask for."""
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    return client


def check_page(response):
    """A page of ours: one title, one h1, the header, and nothing the content policy refuses."""
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert 'class="brand"' in html
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)", html)
    return html


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_s_pages_are_ours(client, name, language):
    with translation.override(language):
        check_page(client.get(reverse(name)))


@pytest.mark.parametrize("name", OWN)
def test_one_s_own_pages_are_ours(signed_in, name):
    check_page(signed_in.get(reverse(name)))


def test_a_password_opens_one_s_space_or_the_page_asked_for(client, person):
    answer = client.post(
        reverse("account_login"), {"login": person.email, "password": PASSWORD, "next": "/espace/profil/"}
    )
    assert answer["Location"] == "/espace/profil/"


def test_a_wrong_password_is_said_without_telling_who_exists(client, person):
    pages = [
        check_page(client.post(reverse("account_login"), {"login": address, "password": "une-autre-chose"}))
        for address in (person.email, "nobody@portail.example")
    ]
    assert all('id="errors"' in page for page in pages)


def test_a_code_received_by_mail_opens_the_space(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    check_page(client.get(reverse("account_confirm_login_code")))
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "AAAA-AAAA"})
    assert 'aria-invalid="true"' in check_page(wrong)
    code = CODE.search(letters()[-1].body)[1]
    answer = client.post(reverse("account_confirm_login_code"), {"code": code})
    assert answer["Location"] == "/espace/"


def test_an_account_opens_once_its_address_is_confirmed(client):
    answer = client.post(reverse("account_signup"), {"email": "grace@portail.example", "password1": PASSWORD})
    assert answer["Location"] == reverse("account_email_verification_sent")
    check_page(client.get(answer["Location"]))
    code = CODE.search(letters()[-1].body)[1]
    client.post(answer["Location"], {"code": code})
    assert EmailAddress.objects.get(email="grace@portail.example").verified
    check_page(client.get(reverse("accounts:profile")))


def test_a_forgotten_password_is_chosen_anew(client, person):
    client.post(reverse("account_reset_password"), {"email": person.email})
    link = LINK.search(letters()[-1].body)[0]
    form = client.get(link, follow=True)
    check_page(form)
    client.post(
        form.request["PATH_INFO"],
        {"password1": "encore-un-autre-assez-long", "password2": "encore-un-autre-assez-long"},
    )
    person.refresh_from_db()
    assert person.check_password("encore-un-autre-assez-long")


def test_a_used_or_made_up_link_says_so(client):
    html = check_page(client.get(reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "no-such"})))
    assert reverse("account_reset_password") in html


def test_what_is_missing_is_said_at_its_field(client):
    html = check_page(client.post(reverse("account_signup"), {"email": "not an address", "password1": "123"}))
    assert 'href="#id_email"' in html
    assert 'id="id_password1_error"' in html
    assert 'value="not an address"' in html


def test_mails_speak_to_people(client, person):
    client.post(reverse("account_request_login_code"), {"email": person.email})
    body = letters()[-1].body
    assert body.startswith("Bonjour,")
    assert "ne faites rien" in body
    assert "example.com" not in body


def test_links_of_mails_lead_to_the_portal_whatever_the_request_claims(client, person, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": person.email}, headers={"host": "elsewhere.example"})
    client.post(
        reverse("account_signup"),
        {"email": person.email, "password1": PASSWORD},
        headers={"host": "elsewhere.example"},
    )
    assert len(letters()) == 2
    for sent in letters():
        assert "elsewhere" not in sent.body
        assert LINK.search(sent.body)[0].startswith(f"{settings.SITE_URL}/mot-de-passe/")


def test_whoever_has_an_account_already_is_told_with_which_address(client, person):
    client.post(reverse("account_signup"), {"email": person.email, "password1": PASSWORD})
    assert f"avec {person.email}, qui en a déjà un" in letters()[-1].body


@pytest.mark.parametrize(("language", "prefix"), [("fr", ""), ("de", "/de"), ("nl", "/nl")])
def test_who_comes_in_a_language_stays_in_it(client, language, prefix):
    """Signed up, written to, signed in and out: no step falls back to French."""
    client.post(f"{prefix}/inscription/", {"email": "grace@portail.example", "password1": PASSWORD})
    user = User.objects.get(email="grace@portail.example")
    assert user.language == language
    code = CODE.search(letters()[-1].body)[1]
    answer = client.post(f"{prefix}/inscription/confirmer/", {"code": code})
    assert answer["Location"] == f"{prefix}/espace/"
    answer = client.post(f"{prefix}/deconnexion/")
    assert answer["Location"] == f"{prefix}/"
    answer = client.post(f"{prefix}/connexion/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == f"{prefix}/espace/"


@pytest.mark.parametrize(
    ("language", "familiar"), [("de", r"\b[Dd](u|ein\w*|ir|ich)\b"), ("nl", r"\b[Jj](e|ij|ouw)\b")]
)
def test_the_library_s_sentences_are_told_politely(language, familiar):
    with translation.override(language):
        told = [translation.gettext(sentence) for sentence in TOLD_POLITELY]
    assert not [sentence for sentence in told if re.search(familiar, sentence)]
    assert not set(told) & set(TOLD_POLITELY)
