"""Public pages drawn once and framed for each visitor: what stands around a page depends on who asks, its middle not.

The page is drawn as a stranger is shown it (or as someone signed in is, without being anyone), with holes in the place
of its frame. The middle is kept with the pages (`core.kept`), as long as they are, and until the portal writes a line
(`register_edition`): who changed a page sees it at once. Whatever the address says besides what the page reads is left
to the frame. A page that holds a form's token, sets a cookie or fails is drawn anew for each.
"""

import copy
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from . import clock
from .access import PublicPage
from .changes import next_change
from .kept import KeptPages, asks_plainly, holds_anyones, page_shown, release

# What depends on the visitor, in the order of components/chrome/frame.html, and what stands for it in a middle: signs
# that no text of the portal holds.
PARTS = ("addresses", "top", "messages")
HOLE, BETWEEN = "\x1f{}\x1f", "\x1e"
# What a page itself leaves to its visitor: the name of who draws it, and the slug of what it is about.
OWN = re.compile(r"own:([a-z_.]+):([-\w]+)")
HOLES = re.compile(f"\x1f({'|'.join(PARTS)}|own:[a-z_.]+:[-\\w]+)\x1f")

Draws = Callable[[HttpRequest, str], str]
_owns: dict[str, Draws] = {}
_editions: dict[str, Callable[[], object]] = {}


def register_edition(name: str, edition: Callable[[], object]) -> None:
    """Add something that is another each time the portal writes; the same name again replaces it."""
    _editions[name] = edition


def register_own(name: str, draws: Draws) -> None:
    """Add a part within a page that depends on its visitor, drawn as `draws(request, slug)`; the same name again
    replaces it. It asks one statement at most, and none for who is not signed in.
    """
    _owns[name] = draws


def own(request: HttpRequest, name: str, slug: str) -> SafeString:
    """The part `name` about `slug` as the visitor who asks is shown it, or what stands for it in a middle."""
    if getattr(request, "framed", False):
        return hole(f"own:{name}:{slug}")
    return mark_safe(_owns[name](request, slug))  # noqa: S308 (drawn from a template)


class Somebody(AnonymousUser):
    """Someone signed in of whom nothing else is known."""

    is_authenticated = True  # type: ignore[assignment]
    is_anonymous = False  # type: ignore[assignment]


@dataclass(frozen=True)
class Middle:
    """A page with holes: its texts and the names of its holes by turns, and the instants between which it is true."""

    headers: tuple[tuple[str, str], ...]
    pieces: tuple[str, ...]
    made_at: datetime
    good_until: datetime
    page_shown: int | None = None

    def is_good(self, moment: datetime) -> bool:
        return self.made_at <= moment < self.good_until

    def framed(self, request: HttpRequest) -> HttpResponse:
        """The page as the visitor who asks is shown it."""
        parts = dict(zip(PARTS, _frame(request), strict=True))
        parts |= {piece: own(request, *found.groups()) for piece in self.pieces[1::2] if (found := OWN.match(piece))}
        text = "".join(parts[piece] if n % 2 else piece for n, piece in enumerate(self.pieces))
        response = HttpResponse(text, headers=dict(self.headers))
        # Kept as a whole, it is as old as its middle.
        response.drawn_at = self.made_at  # type: ignore[attr-defined]
        response.page_shown = self.page_shown  # type: ignore[attr-defined]
        return response


_pages = KeptPages(Middle)


def hole(part: str) -> SafeString:
    """What stands for `part` of the frame in a page that is drawn to be framed."""
    return mark_safe(HOLE.format(part))  # noqa: S308 (a name of ours)


def _frame(request: HttpRequest) -> list[str]:
    return render_to_string("components/chrome/frame.html", {}, request).split(BETWEEN)


def _middle_of(response: HttpResponse, moment: datetime) -> Middle:
    return Middle(
        headers=tuple(response.items()),
        pieces=tuple(HOLES.split(response.content.decode())),
        made_at=moment,
        good_until=next_change(moment, timedelta(seconds=settings.PAGES_KEPT_FOR)),
        page_shown=page_shown(response),
    )


class Framed(PublicPage):
    """A public page drawn once and framed for each visitor without a session, and `alike` for all who are signed in.

    `kept_by` names what it is kept by, `asked_by` what else it reads in its address: with these it is drawn anew.
    """

    kept_by: ClassVar[tuple[str, ...] | None] = ()
    asked_by: ClassVar[tuple[str, ...]] = ()
    alike: ClassVar[bool] = False
    args: Any
    kwargs: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        middle = self._middle(request) if self._is_framed(request) else None
        return middle.framed(request) if middle else super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def _is_framed(self, request: HttpRequest) -> bool:
        if not settings.PAGES_KEPT_FOR or request.method not in {"GET", "HEAD"} or hasattr(request, "framed"):
            return False
        return not request.GET.keys() & set(self.asked_by) and (self.alike or not request.user.is_authenticated)

    def _middle(self, request: HttpRequest) -> Middle | None:
        """The page's middle, kept or drawn; None when it is not the same for all."""
        key, moment = self._key(request), clock.now()
        found = _pages.get(key)
        if found and found.is_good(moment):
            return found
        response = self._drawn(request)
        if response.status_code != 200 or response.streaming or holds_anyones(response):
            return None
        middle = _middle_of(response, moment)
        if asks_plainly(request, response):
            _pages.set(key, middle, settings.PAGES_KEPT_FOR)
        return middle

    def _key(self, request: HttpRequest) -> str:
        editions = [edition() for edition in _editions.values()]
        known = self._known(request).urlencode()
        who = request.user.is_authenticated
        parts = (request.scheme, request.get_host(), request.path_info, known, who, get_language(), release(), editions)
        return "middle:1:" + hashlib.sha256("\n".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()

    def _known(self, request: HttpRequest) -> Any:
        known = request.GET.copy()
        for name in set(known) - set(self.kept_by or ()):
            del known[name]
        return known

    def _drawn(self, request: HttpRequest) -> HttpResponse:
        """The page as nobody in particular is shown it, with holes."""
        nobody: Any = copy.copy(request)
        known = self._known(request)
        nobody.META = {k: v for k, v in request.META.items() if k != "HTTP_COOKIE"}
        nobody.META["QUERY_STRING"] = known.urlencode()
        nobody.GET, nobody.COOKIES = known, {}
        nobody.user = Somebody() if request.user.is_authenticated else AnonymousUser()
        nobody.session, nobody._messages, nobody.framed = {}, [], True
        view: Any = type(self)()
        view.setup(nobody, *self.args, **self.kwargs)
        response = view.dispatch(nobody, *self.args, **self.kwargs)
        return response.render() if hasattr(response, "render") else response
