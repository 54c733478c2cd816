"""What is told of a request before it is read: how large it is."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from bethune_smartcity.core.errors import TooLarge

from .uploads import too_large

Respond = Callable[[HttpRequest], HttpResponse]


def announced(request: HttpRequest) -> int:
    """How many octets the body is said to have; 0 when nothing sensible is said."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class AnnouncedSizeMiddleware:
    """Refuse a body that is announced larger than a page can take, before any of it is read.

    A page takes one document beside the words of its form; a view that takes more says how many in `documents`. It
    stands before the check of tokens, which is the first to read a form.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The refusal: for a script the sentence of the field, for a reader a page that says why."""
        documents = getattr(getattr(view, "view_class", None), "documents", 1)
        if announced(request) <= documents * settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return None
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"errors": [too_large()], "message": too_large()}, status=422)
        words = gettext("What you sent is too large: %(n)d MB at most for each document. Nothing was saved.")
        refusal = TooLarge("too_large", words % {"n": settings.UPLOAD_MAX_BYTES // 1_000_000})
        return render(request, "refused.html", {"error": refusal}, status=refusal.status)
