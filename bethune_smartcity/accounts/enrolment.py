"""Enrolment links: signed, for one person, void once a password was chosen with them."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.kinds import kind_named
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.secrets import send_secret

from .models import User


class EnrolmentTokens(PasswordResetTokenGenerator):
    key_salt = "accounts.enrolment"


tokens = EnrolmentTokens()


def enrolment_path(user: User) -> str:
    """The address, without host, on which `user` chooses a password. Valid as long as PASSWORD_RESET_TIMEOUT says."""
    return reverse(
        "accounts:enrol",
        kwargs={"uid": urlsafe_base64_encode(str(user.pk).encode()), "token": tokens.make_token(user)},
    )


def enrolled_by(uid: str, token: str) -> User | None:
    """The person a link belongs to, or None when it is unknown, used or too old."""
    try:
        pk = int(force_str(urlsafe_base64_decode(uid)))
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user and tokens.check_token(user, token) else None


def mail_enrolment(user: User) -> Message:
    """Send `user` their link, in their language; the outbox keeps no copy of it. Returns the outbox's row."""
    context = {"user": user, "url": Link(settings.SITE_URL + enrolment_path(user)), "site_url": Link(settings.SITE_URL)}
    with translation.override(user.language):
        subject = render_to_string("accounts/emails/enrolment.subject.txt", context)
        body = render_to_string("accounts/emails/enrolment.txt", context)
    return send_secret(
        kind_named("account"),
        key=f"account:enrolment:{get_random_string(20)}",
        address=user.email,
        subject=" ".join(subject.split()),
        body=body.strip() + "\n",
        good_until=clock.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        user=user,
        language=user.language,
    )
