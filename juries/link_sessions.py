"""Sessions opened by a juror's link: good for the jury's own pages, until the stage ends or another link is sent.

Everywhere else whoever holds one is nobody: a link of fourteen days in a mailbox opens no structure and no account.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user, login
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from juries.models import Juror, SeatInvitation
from juries.rights import seats
from juries.workflow import PanelState, SeatInvitationState

KEY = "juror_link"
BACKEND = "django.contrib.auth.backends.ModelBackend"
# A stage ends by an act; a session that nobody ended does not outlive this.
LONGEST = timedelta(days=180)
ROOM = (
    *("room", "own-name", "charter", "links", "leave", "sheet", "mark", "take-back", "abstain", "declare-link"),
    *("wishes", "standing", "explanation", "what-if", "meeting", "debate", "debate-link", "take-back-remark"),
    "dissent",
)
PAGES = {*(f"juries:{name}" for name in ROOM), "files:download", "account_logout"}


def open_page(name: str) -> None:
    """Let whoever holds a link open a page of an upper app, which leads to the jury."""
    PAGES.add(name)


def open_session(request: HttpRequest, juror: Juror, invitation: SeatInvitation) -> None:
    """Let the browser of `request` act as `juror` from now on; someone signed in as themselves keeps their session."""
    if request.user.is_authenticated and request.user.pk == juror.user_id:
        return
    login(request, juror.user, backend=BACKEND)
    request.session[KEY] = invitation.pk
    request.session.set_expiry(LONGEST)


def panel_behind(request: HttpRequest, user: Any) -> int | None:
    """The key of the panel that the link of `request`, where there is one, still lets `user` into: the last one sent, a
    plain juror's, the stage not over. One statement for a link, once.
    """
    if "panel_behind" not in request.__dict__:
        request.__dict__["panel_behind"] = _panel(request.session.get(KEY), user)
    return request.__dict__["panel_behind"]  # type: ignore[no-any-return]


def _panel(key: Any, user: Any) -> int | None:
    if key is None or not user.is_authenticated or user.is_staff:
        return None
    rows = SeatInvitation.objects.filter(
        pk=key, state=SeatInvitationState.ACCEPTED, juror__user=user, juror__is_chair=False, juror__is_secretary=False
    ).filter(juror__left_at__isnull=True)
    return rows.exclude(panel__state=PanelState.PROCLAIMED).values_list("panel", flat=True).first()


def person_of(request: HttpRequest, page: str) -> Any:
    """Who asks for `page`: nobody, when all they hold is a link that does not open it. One statement for a link."""
    user = get_user(request)
    if not user.is_authenticated or request.session.get(KEY) is None:
        return user
    return user if page in PAGES and panel_behind(request, user) is not None else AnonymousUser()


def room_of(request: HttpRequest) -> str:
    """The address of the room a link opened to this browser, as long as it does; empty for everyone else."""
    if request.session.get(KEY) is None:
        return ""
    panel = panel_behind(request, get_user(request))
    return reverse("juries:room", kwargs={"pk": panel}) if panel else ""


def juries_of(request: HttpRequest) -> dict[str, str]:
    """Where a juror whom a page refuses goes on: `room`, of the panel asked for where they sit on it, else `juries`,
    all of theirs; nothing for who has no seat. It depends on their own seats alone. One statement for who is signed in.
    """
    if not request.user.is_authenticated:
        return {}
    own = set(seats(request.user.pk).order_by().values_list("panel", flat=True))
    asked = request.resolver_match.kwargs.get("pk") if request.resolver_match else None
    if asked in own:
        return {"room": reverse("juries:room", kwargs={"pk": asked})}
    room = room_of(request)
    if room:
        return {"room": room}
    return {"juries": resolve_url(settings.LOGIN_REDIRECT_URL)} if own else {}


def _signed_in(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Who signs in as themselves holds more than a link."""
    if request.session.pop(KEY, None) is not None:
        request.session.set_expiry(None)


user_logged_in.connect(_signed_in, dispatch_uid="juries.link_sessions")


class LinkSessionMiddleware:
    """Say who asks, once the page asked for is known; nothing is read until someone looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *args: Any) -> None:
        page = request.resolver_match.view_name if request.resolver_match else ""
        request.user = SimpleLazyObject(lambda: person_of(request, page))
        # What the header of every page leads back to (templates/components/chrome/header.html).
        request.own_room = SimpleLazyObject(lambda: room_of(request))  # type: ignore[attr-defined]
        is_public = getattr(getattr(view, "view_class", None), "access", "") == "public"
        if page.startswith("juries:") and not is_public:
            # What a page of the jury that refuses leads back to (templates/error.html).
            request.own_juries = SimpleLazyObject(lambda: juries_of(request))  # type: ignore[attr-defined]
