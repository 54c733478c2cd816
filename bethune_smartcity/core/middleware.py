"""What every request passes through: its arrival noted, odd input out, refusals into pages, the demo's clock in."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from . import clock, demo
from .errors import DomainError
from .refusals import refusal

Respond = Callable[[HttpRequest], HttpResponse]


class OddInputMiddleware:
    """Refuse what no field of ours can hold before it reaches a database that would answer with an error.

    SQLite keeps NUL characters, PostgreSQL fails on them; form fields refuse them with a sentence, addresses and
    query strings are refused here.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            request.path_info = request.path_info.replace("\x00", "\ufffd")
        if "\x00" in "".join(value for values in request.GET.lists() for value in (values[0], *values[1])):
            request.GET = QueryDict()  # the page would quote what was asked
            return refusal(request, 400)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            answer = render(request, "refused.html", {"error": error}, status=error.status)
            for name, value in error.headers.items():
                answer[name] = value
            return answer
        # A number no column holds: SQLite fails on it where PostgreSQL finds nothing.
        if isinstance(error, UnicodeEncodeError | OverflowError):
            raise Http404
        return None


class DemoClockMiddleware:
    """Follow the demonstration's clock, where there is a demonstration."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO:
            demo.apply_demo_clock()
        return self.get_response(request)


class ArrivalMiddleware:
    """Note when the request reached the server: deadlines are judged by that instant, however long the answer takes.

    It stands before everything that may wait: the body of the request, the session, the database.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.arriving():
            return self.get_response(request)
