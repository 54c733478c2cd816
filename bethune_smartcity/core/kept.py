"""Answers kept for everyone: what a visitor without a session was shown is shown to the next one, a minute at most.

Only pages that declare `kept_by` are kept, as answered to a request that carries nothing of a person: no session, no
waiting message, no credentials. An answer that sets a cookie or holds a form's token is never kept, and none outlives
the next instant at which public pages change (`core.changes`). Without a cache to ask, pages are drawn as if nothing
were kept.
"""

import gzip
import hashlib
import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from . import clock
from .changes import next_change

log = logging.getLogger(__name__)
Respond = Callable[[HttpRequest], HttpResponse]

# What the answer to a visitor without a session depends on, beside its address.
VARY = "Accept-Encoding, Cookie"
TOKEN = b"csrfmiddlewaretoken"
LONGEST_QUERY = 200
UNWANTED = re.compile(r"q=0(\.0*)?")
# How long a cache that does not answer is left alone, and for how many pages a drawing in progress is waited for.
LEFT_ALONE = timedelta(seconds=5)
WAITED_FOR = 5.0
PAGES_KNOWN = 1000


@dataclass(frozen=True)
class Kept:
    """An answer: its headers, its text plain and packed, and the instants between which it is true."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes
    etag: str
    made_at: datetime
    good_until: datetime

    def is_good(self, moment: datetime) -> bool:
        """Whether it may be shown at `moment`. The demonstration's clock may also go back."""
        return self.made_at <= moment < self.good_until


class KeptPages:
    """The cache of pages, or of what else they are made of (`kind`), which may fail: it is then left alone for a
    while.
    """

    def __init__(self, kind: type = Kept) -> None:
        self.kind = kind
        self.silent_until: datetime | None = None
        self.drawing: OrderedDict[str, Lock] = OrderedDict()

    def get(self, key: str) -> Any:
        found = self._ask(lambda cache: cache.get(key))
        return found if isinstance(found, self.kind) else None

    def set(self, key: str, kept: Any, seconds: float) -> None:
        self._ask(lambda cache: cache.set(key, kept, seconds))

    def _ask(self, question: Callable[[Any], Any]) -> Any:
        if self.silent_until is not None and clock.now() < self.silent_until <= clock.now() + LEFT_ALONE:
            return None
        try:
            return question(caches["pages"])
        except Exception as error:
            # Whatever the server of the cache does, pages are drawn.
            log.warning("The cache of pages does not answer: %s", type(error).__name__)
            self.silent_until = clock.now() + LEFT_ALONE
            return None

    @contextmanager
    def one_at_a_time(self, key: str) -> Iterator[None]:
        """Among the threads of this process, one draws a page known to be kept while the others wait for it."""
        lock = self.drawing.get(key)
        held = lock.acquire(timeout=WAITED_FOR) if lock else False
        try:
            yield
        finally:
            if lock and held:
                lock.release()

    def know(self, key: str) -> None:
        """Remember that this page is kept, so that the next drawing of it is waited for."""
        self.drawing.setdefault(key, Lock())
        while len(self.drawing) > PAGES_KNOWN:
            self.drawing.popitem(last=False)


def key_of(request: HttpRequest) -> str | None:
    """Where the answer to this request is kept; None when it must not be shared."""
    if not settings.PAGES_KEPT_FOR or request.method not in {"GET", "HEAD"}:
        return None
    query = request.META.get("QUERY_STRING", "")
    if len(query) > LONGEST_QUERY or is_personal(request):
        return None
    try:
        parts = (request.scheme, request.get_host(), request.path_info, query, release())
    except DisallowedHost:
        return None
    return "page:1:" + hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()


def is_personal(request: HttpRequest) -> bool:
    """Whether a request carries something of a person: a session, credentials."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or "HTTP_AUTHORIZATION" in request.META


def release() -> str:
    """What tells the style sheets of this release from those of another: pages name them."""
    return str(getattr(staticfiles_storage, "manifest_hash", ""))


def is_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether the answer to a request that may share one is the same for all."""
    kept_by = parameters_of(request)
    if kept_by is None or not set(request.GET) <= set(kept_by) or response.status_code != 200 or response.streaming:
        return False
    if not asks_plainly(request, response):
        return False
    return response.get("Content-Type", "").startswith("text/html") and not is_someones(request, response)


def asks_plainly(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an address says each thing once, and no other page of a list than the one it is answered with.

    What is typed there would otherwise be as many pages kept.
    """
    if any(len(values) > 1 for _name, values in request.GET.lists()):
        return False
    return "page" not in request.GET or request.GET["page"] == str(page_shown(response))


def page_shown(response: HttpResponse) -> int | None:
    """The number of the page of a list that an answer shows; None where it shows no list."""
    parts = (getattr(response, "context_data", None) or {}).values()
    pages = (part.number for part in parts if isinstance(part, Page))
    return getattr(response, "page_shown", None) or next(pages, None)


def is_someones(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer was drawn for one person: it gives a cookie, holds a form's token, or they are signed in."""
    return holds_anyones(response) or bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def holds_anyones(response: HttpResponse) -> bool:
    """Whether an answer holds what is given to one person alone: a cookie, a form's token."""
    return bool(response.cookies) or TOKEN in response.content


def parameters_of(request: HttpRequest) -> tuple[str, ...] | None:
    """The parameters the page of this request is kept by; None for one that is not."""
    match = request.resolver_match
    return getattr(getattr(match.func, "view_class", None), "kept_by", None) if match else None


def kept_from(response: HttpResponse, moment: datetime) -> Kept:
    """`response`, drawn at `moment` or from what was drawn before it (`drawn_at`), as it is kept."""
    moment = getattr(response, "drawn_at", moment)
    body = bytes(response.content)
    return Kept(
        headers=tuple((dict(response.items()) | {"Vary": VARY}).items()),
        body=body,
        packed=gzip.compress(body, 6, mtime=0),
        etag=f'W/"{hashlib.sha256(body).hexdigest()[:32]}"',
        made_at=moment,
        good_until=next_change(moment, timedelta(seconds=settings.PAGES_KEPT_FOR)),
    )


def answer(request: HttpRequest, kept: Kept, moment: datetime) -> HttpResponse:
    """The answer of what was kept: nothing new to those who have it, packed for those who can unpack it."""
    if kept.etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response: HttpResponse = HttpResponseNotModified()
        del response["Content-Type"]
        response["Vary"] = VARY
    else:
        packs = accepts_gzip(request)
        response = HttpResponse(kept.packed if packs else kept.body)
        for name, value in kept.headers:
            response.headers[name] = value
        if packs:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
    response.headers["ETag"] = kept.etag
    response.headers["Cache-Control"] = freshness(kept, moment)
    return response


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether who asks can unpack an answer: it says so, and does not say that it would rather not (`q=0`)."""
    for said in request.META.get("HTTP_ACCEPT_ENCODING", "").lower().split(","):
        coding, _semicolon, weight = said.replace(" ", "").partition(";")
        if coding in {"gzip", "x-gzip"}:
            return not UNWANTED.fullmatch(weight)
    return False


def freshness(kept: Kept, moment: datetime) -> str:
    """How long a browser may show what was kept: as long as the portal does. A demonstration's clock moves any time."""
    left = int((kept.good_until - moment).total_seconds())
    return "no-cache" if settings.DEMO or left < 1 else f"public, max-age={left}"


class KeptPagesMiddleware:
    """Answer with what is kept, keep what may be, and tell everyone else's caches to ask first."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.pages = KeptPages()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request)
        if key is None:
            return self.asked_anew(request, self.get_response(request))
        return self.found(request, key) or self.drawn(request, key)

    def found(self, request: HttpRequest, key: str) -> HttpResponse | None:
        moment = clock.now()
        kept = self.pages.get(key)
        return answer(request, kept, moment) if kept and kept.is_good(moment) else None

    def drawn(self, request: HttpRequest, key: str) -> HttpResponse:
        with self.pages.one_at_a_time(key):
            if key in self.pages.drawing and (found := self.found(request, key)):
                return found
            # Read before the page is drawn: a date that passes meanwhile makes the page old, never early.
            moment = clock.now()
            response = self.get_response(request)
            if not is_kept(request, response):
                return self.asked_anew(request, response)
            kept = kept_from(response, moment)
            self.pages.know(key)
            self.pages.set(key, kept, settings.PAGES_KEPT_FOR)
        return answer(request, kept, moment)

    def asked_anew(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """What is drawn for one visitor is shown by no cache without asking; files say by themselves.

        What carries something of a person is not stored at all: the back button would show a form as it was before
        it was filled in, and a page of theirs after they signed out.
        """
        if response.get("Content-Type", "").startswith("text/html") and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store" if is_personal(request) else "private, no-cache"
            patch_vary_headers(response, ["Cookie"])
        return response
