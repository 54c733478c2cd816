"""Sign-up, sign-in, sign-out and one's own account. allauth's views under French addresses."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path

from .views import own, people


def public(view):  # type: ignore[no-untyped-def]
    """allauth's pages for people who are not signed in yet."""
    return login_not_required(view)


account_urls = (
    [
        path("inscription/agent/<uid>/<token>/", own.Enrol.as_view(), name="enrol"),
        path("espace/profil/", own.Profile.as_view(), name="profile"),
        path("espace/structures/nouvelle/", own.FoundStructure.as_view(), name="structure-new"),
        path("espace/structures/<int:pk>/", own.EditStructure.as_view(), name="structure"),
        path("espace/structures/<int:pk>/personnes/", people.People.as_view(), name="people"),
        path(
            "espace/structures/<int:pk>/personnes/<int:member>/role/", people.ChangeRole.as_view(), name="change-role"
        ),
        path(
            "espace/structures/<int:pk>/personnes/<int:member>/retirer/",
            people.EndMembership.as_view(),
            name="end-membership",
        ),
        path(
            "espace/structures/<int:pk>/invitations/<int:invitation>/retirer/",
            people.WithdrawInvitation.as_view(),
            name="withdraw-invitation",
        ),
        path("espace/invitations/<int:pk>/", people.Answer.as_view(), name="invitation"),
    ],
    "accounts",
)

urlpatterns = [
    path("", include(account_urls)),
    path("connexion/", public(allauth.login), name="account_login"),
    path("connexion/code/", public(allauth.request_login_code), name="account_request_login_code"),
    path("connexion/code/confirmer/", public(allauth.confirm_login_code), name="account_confirm_login_code"),
    path("deconnexion/", public(allauth.logout), name="account_logout"),
    path("inscription/", public(allauth.signup), name="account_signup"),
    path(
        "inscription/confirmer/",
        public(allauth.email_verification_sent),
        name="account_email_verification_sent",
    ),
    path("espace/adresse/", allauth.email, name="account_email"),
    path("espace/mot-de-passe/", allauth.password_change, name="account_change_password"),
    path("espace/mot-de-passe/choisir/", allauth.password_set, name="account_set_password"),
    path("espace/verification/", allauth.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", public(allauth.password_reset), name="account_reset_password"),
    path("mot-de-passe/envoye/", public(allauth.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",  # the key holds dashes too
        public(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        public(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("compte-inactif/", public(allauth.account_inactive), name="account_inactive"),
]
