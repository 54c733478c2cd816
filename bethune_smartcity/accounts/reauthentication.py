"""Asking who is signed in whether it is still them, before an act that commits them."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse


@reauthentication_required
def _confirmed(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def require_confirmation(request: HttpRequest) -> None:
    """Lead a person who has not confirmed lately (5 minutes) to the page that asks; the act resumes after it.

    It leaves by the exception that allauth's middleware turns into that page. Someone without a password has no other
    way to confirm than signing in by a code, and passes.
    """
    _confirmed(request)
