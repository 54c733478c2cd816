"""allauth, speaking through the portal's own messages and pages."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.crypto import get_random_string

from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.secrets import send_secret

from .models import User


class PortalAccountAdapter(DefaultAccountAdapter):
    """Codes and links are sent as secret messages: the outbox shows that they were, never what they said."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(template_prefix, email, {**context, "site_name": "Béthune Smart City"})
        send_secret(
            kind_named("account"),
            key=f"account:{template_prefix}:{get_random_string(20)}",
            address=email,
            subject=mail.subject,
            body=mail.body,
            user=User.objects.filter(email=email.lower()).first(),
        )

    def format_email_subject(self, subject: str) -> str:
        return f"Béthune Smart City – {subject}"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """Accounts have no user name."""
