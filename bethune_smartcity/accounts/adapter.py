"""allauth, speaking through the portal's own messages and pages."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.crypto import get_random_string
from django.utils.translation import get_language

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.secrets import send_secret

from .models import User


def on_site(url: str) -> str:
    """`url` on the portal's own address: the library builds it on the one the request claims to be for."""
    return settings.SITE_URL + urlunsplit(("", "", *urlsplit(url)[2:]))


def lifetime_of(template_prefix: str) -> timedelta:
    """How long what that mail of the library holds is good for."""
    seconds = {
        "account/email/login_code": app_settings.LOGIN_BY_CODE_TIMEOUT,
        "account/email/email_confirmation": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
        "account/email/email_confirmation_signup": app_settings.EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
    }
    return timedelta(seconds=seconds.get(template_prefix, settings.PASSWORD_RESET_TIMEOUT))


class PortalAccountAdapter(DefaultAccountAdapter):
    """Codes and links leave as secret messages: the outbox shows that they do, never what they say."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        links = {name: Link(on_site(value)) for name, value in context.items() if name.endswith("_url")}
        told = {**context, **links, "email": email}
        mail = self.render_mail(template_prefix, email, told)
        send_secret(
            kind_named("account"),
            key=f"account:{template_prefix}:{get_random_string(20)}",
            address=email,
            subject=mail.subject,
            body=mail.body,
            good_until=clock.now() + lifetime_of(template_prefix),
            user=User.objects.filter(email=email.lower()).first(),
        )

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SITE_NAME} – {subject}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """A new account is written to in the language it was asked for in."""
        user.language = get_language() or settings.LANGUAGE_CODE
        return super().save_user(request, user, form, commit)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Accounts have no user name."""
