"""Enrolment links: signed, for one person, void once a password was chosen with them."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

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
