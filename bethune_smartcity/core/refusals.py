"""Answers that refuse, as pages in the visitor's language."""

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import get_language_from_request, override

Respond = Callable[[HttpRequest], HttpResponse]
# Answers that come without words of their own.
WORDLESS = (405, 410)
RETRY_AFTER = 30


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
        wants_page = "text/html" in request.headers.get("Accept", "") and request.method != "HEAD"
        if answer.status_code not in WORDLESS or answer.streaming or answer.content or not wants_page:
            return answer
        told = refusal(request, answer.status_code)
        if "Allow" in answer:
            told["Allow"] = answer["Allow"]
        return told


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database does not answer. Neither page asks it anything."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponseServerError(loader.get_template("500.html").render())
    answer = HttpResponse(loader.get_template("503.html").render(), status=503)
    answer["Retry-After"] = str(RETRY_AFTER)
    return answer
