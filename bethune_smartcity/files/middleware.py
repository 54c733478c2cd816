"""What is told of a request before it is read: how large it is. What comes is that large, or is not taken."""

from collections.abc import Callable
from io import IOBase
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext

from bethune_smartcity.core.errors import DomainError, Invalid, TooLarge, Unmeasured

from .uploads import too_large

Respond = Callable[[HttpRequest], HttpResponse]


def announced(request: HttpRequest) -> int:
    """How many octets the body is said to have; 0 when nothing sensible is said."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def is_unmeasured(request: HttpRequest) -> bool:
    """Whether the body comes piece by piece, without an end that is known at its beginning."""
    return not request.META.get("CONTENT_LENGTH") and bool(request.META.get("HTTP_TRANSFER_ENCODING"))


class WholeBody(IOBase):
    """The body of a request: its reading fails where it ends before the size that was announced.

    A server hands over what came before a line was cut as if it were all; a form that lacks its end would empty the
    answers that were in it.
    """

    def __init__(self, stream: Any, size: int) -> None:
        self.stream, self.left = stream, size

    def read(self, size: int | None = -1, /) -> bytes:
        """So many octets, or all that are left. Raises OSError when they will not all come."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        pieces = []
        while wanted > 0:
            pieces.append(self._counted(self.stream.read(wanted)))
            wanted -= len(pieces[-1])
        return b"".join(pieces)

    def readline(self, size: int | None = -1, /) -> bytes:  # type: ignore[override]
        """One line of at most `size` octets. Raises OSError when the rest will not come."""
        return self._counted(self.stream.readline(size)) if self.left > 0 and size != 0 else b""

    def _counted(self, data: bytes) -> bytes:
        if not data:
            raise OSError("the body ended before the size that was announced")
        self.left -= len(data)
        return data


class AnnouncedSizeMiddleware:
    """Refuse a body that is announced larger than a page can take, or not at all, before any of it is read; and one of
    which not all comes.

    A page takes one document beside the words of its form; a view that takes more says how many in `documents`. It
    stands before the check of tokens, which is the first to read a form. A body without a size would be taken for an
    empty form: what it answers would be lost.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if stream := getattr(request, "_stream", None):
            request._stream = WholeBody(stream, announced(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """The refusal: for a script the sentence of the field, for a reader a page that says why."""
        if is_unmeasured(request):
            words = gettext(
                "What you sent did not say how large it is, so it was not read. Nothing was saved: try again with "
                "another browser."
            )
            return self.refused(request, Unmeasured("unmeasured", words), words)
        documents = getattr(getattr(view, "view_class", None), "documents", 1)
        if announced(request) > documents * settings.UPLOAD_MAX_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            words = gettext("What you sent is too large: %(n)d MB at most for each document. Nothing was saved.")
            refusal = TooLarge("too_large", words % {"n": settings.UPLOAD_MAX_BYTES // 1_000_000})
            return self.refused(request, refusal, too_large())
        try:
            request.POST  # noqa: B018 - the form is read here, before what would take half of one for an empty one
        except UnreadablePostError:
            for handler in request.upload_handlers:
                handler.upload_interrupted()
            words = gettext("Not all of what you sent arrived. Nothing was saved: send it again.")
            return self.refused(request, Invalid("cut", words), words)
        return None

    def refused(self, request: HttpRequest, refusal: DomainError, sentence: str) -> HttpResponse:
        """The answer: `sentence` at the field of a script, a page for a reader."""
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"errors": [sentence], "message": sentence}, status=422)
        return render(request, "refused.html", {"error": refusal}, status=refusal.status)
