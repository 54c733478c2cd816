"""Answers that refuse, as pages in the visitor's language."""

import sys
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language_from_request, override

Respond = Callable[[HttpRequest], HttpResponse]
# Answers that come without words of their own.
WORDLESS = (405, 410)
RETRY_AFTER = 30
# The limits on what one address may ask are counted by the minute.
TOO_OFTEN_FOR = 60
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


def refusal(request: HttpRequest, status: int) -> HttpResponse:
    """The page of a status, in the language of the address, even before anything has chosen one."""
    with override(get_language_from_request(request, check_path=True)):
        return render(request, f"{status}.html", status=status)


class WordsMiddleware:
    """Give words to refusals that have none, for those who read pages."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code == 429 and "Retry-After" not in answer:
            answer["Retry-After"] = str(TOO_OFTEN_FOR)
        wants_page = "text/html" in request.headers.get("Accept", "") and request.method != "HEAD"
        if answer.status_code not in WORDLESS or answer.streaming or answer.content or not wants_page:
            return answer
        told = refusal(request, answer.status_code)
        if "Allow" in answer:
            told["Allow"] = answer["Allow"]
        return told

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        """Let a public page that takes no such request say so: a form's token is asked by what takes forms."""
        page: Any = getattr(view, "view_class", None)
        method = str(request.method)
        if method in SAFE or getattr(page, "access", "") != "public":
            return
        if method.lower() not in page.http_method_names or not hasattr(page, method.lower()):
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400. Django's own answer reads the form for its token, and fails again on what could not be read."""
    return refusal(request, 400)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer. Neither page asks it anything."""
    # What failed may have come before any language was chosen: the last visitor's would be shown.
    with override(get_language_from_request(request, check_path=True)):
        if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
            return HttpResponseServerError(loader.get_template("500.html").render())
        answer = HttpResponse(loader.get_template("503.html").render(), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
