"""What someone sends once their session has ended: kept sealed for an hour, offered back when they are signed in again.

The session of the browser that sent it holds the key, and nothing else does: what the cache holds is read by no one
without it. It is shown by the page it was sent to alone, to whoever that page then opens for; where its field `person`
holds someone's key, to them alone. Views say so with `keeps_unreceived = True`. It was not received: nothing of it
counts until it is sent again.

The same goes for a form whose token is old, since one signed in again in another tab, when the browser says that it
comes from a page of the portal: no other site puts words there.
"""

import base64
import hashlib
import json
import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from . import clock
from .errors import DomainError
from .limits import check_rate
from .same_site import is_from_here

log = logging.getLogger(__name__)
IN_SESSION = "unreceived"
PERSON = "person"
# What programs read of a form whose token is old: the same with the page's new token may be taken.
FORM_EXPIRED = "form_expired"
LASTS = timedelta(hours=1)
LARGEST = 256 * 1024
# Pages of one browser, and forms of one network within an hour.
MOST_PAGES = 5
MOST_IN_AN_HOUR = 60


@dataclass(frozen=True)
class Unreceived:
    """A form as it was sent to `path`, at an aware instant written as text; its documents are not in it."""

    path: str
    sent_at: str
    values: dict[str, list[str]]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.sent_at)

    def holds(self, name: str) -> bool:
        """Whether the field `name` was sent, even without a value: a box that is not ticked sends its version alone."""
        return name in self.values or f"{name}-version" in self.values

    def without(self, name: str) -> "Unreceived":
        return replace(self, values={n: v for n, v in self.values.items() if n not in {name, f"{name}-version"}})


class SignInMiddleware(LoginRequiredMiddleware):
    """Lead to the sign-in page; what was sent to a page that keeps it comes back afterwards, and the page says so."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponseRedirect:
        if _keeps(view_func) and request.method == "POST":
            messages.warning(request, _told(request, keep(request)))
        answer: HttpResponseRedirect = super().handle_no_permission(request, view_func)
        return answer


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old: its page is asked for anew, with what was sent where it keeps that.

    Programs read `FORM_EXPIRED`, which tells it from what is refused.
    """
    accepted = request.headers.get("Accept", "")
    if "application/json" in accepted and "text/html" not in accepted:
        return JsonResponse({"code": FORM_EXPIRED, "message": _("This form has expired")}, status=403)
    view = request.resolver_match.func if request.resolver_match else None
    if _keeps(view) and request.method == "POST" and _says_from_here(request) and keep(request):
        messages.warning(request, _told_again(request) if request.user.is_authenticated else _told(request, True))
        return redirect(request.path)
    return csrf_failure(request, reason)


def _keeps(view: Any) -> bool:
    return bool(getattr(getattr(view, "view_class", None), "keeps_unreceived", False))


def _says_from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says that the form comes from a page of the portal."""
    return bool(request.headers.keys() & {"Sec-Fetch-Site", "Origin"}) and is_from_here(request)


def _told_again(request: HttpRequest) -> str:
    words = [_("What you sent was not received yet: you had signed in again since that page was opened. Here it is.")]
    return " ".join([*words, _("Documents are to be chosen again.")] if request.FILES else words)


def _told(request: HttpRequest, is_kept: bool) -> str:
    words = [_("What you sent was not received: your session had ended.")]
    if is_kept:
        words.append(_("Sign in again: what you wrote is then shown to you, to be taken up."))
    else:
        words.append(_("Go back in your browser and copy what you wrote before you sign in again."))
    if request.FILES:
        words.append(_("Documents are to be chosen again."))
    return " ".join(words)


def keep(request: HttpRequest) -> bool:
    """Keep what was sent for the session of this browser. Returns whether it is: not a large one, nor one too many."""
    values = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    sent = Unreceived(request.path, clock.now().isoformat(), values)
    if len(_text(sent)) > LARGEST:
        return False
    try:
        network = get_adapter(request).get_client_ip(request) or ""
        check_rate(IN_SESSION, network, most=MOST_IN_AN_HOUR, window=LASTS, sentence="")
        key = get_random_string(40)
        _put(key, sent)
    except DomainError:
        return False
    except Exception as error:
        # Whatever the server of the cache does, one is led to sign in.
        log.warning("The cache keeps nothing: %s", type(error).__name__)
        return False
    kept = list(request.session.get(IN_SESSION, {}).items())[1 - MOST_PAGES :]
    request.session[IN_SESSION] = dict(kept) | {request.path: key}
    return True


def kept_for(request: HttpRequest) -> Unreceived | None:
    """What this browser sent to this page and was not received; None for nothing, for someone else than the one it
    names, and once it is lost.
    """
    sent = _kept(request)
    named = sent.values.get(PERSON, []) if sent else []
    return sent if not named or named == [str(request.user.pk)] else None


def _kept(request: HttpRequest) -> Unreceived | None:
    key = request.session.get(IN_SESSION, {}).get(request.path)
    if not key:
        return None
    try:
        sent = Unreceived(**json.loads(_seal(key).decrypt(cache.get(_slot(key)) or b"")))
    except (InvalidToken, ValueError, TypeError):
        return None
    return sent if sent.path == request.path and clock.now() - sent.at < LASTS else None


def is_lost(request: HttpRequest) -> bool:
    """Whether something was sent to this page by this browser of which nothing is left; it is then forgotten."""
    waits = request.path in request.session.get(IN_SESSION, {})
    if not waits or _kept(request) is not None:
        return False
    _forget(request)
    return True


def tell_lost(request: HttpRequest) -> None:
    """Say that what was sent could not be kept until one was signed in again."""
    if is_lost(request):
        messages.warning(
            request, _("What you sent while you were signed out could not be kept: please write it again.")
        )


def forget(request: HttpRequest) -> None:
    """Keep nothing any longer of what one's own browser sent to this page."""
    if kept_for(request) is not None:
        cache.delete(_slot(request.session[IN_SESSION][request.path]))
        _forget(request)


def settle(request: HttpRequest, name: str) -> None:
    """The writer chose what becomes of the field `name`: it is kept no longer."""
    sent = kept_for(request)
    if sent is None:
        return
    left = sent.without(name)
    if any(not other.endswith("-version") for other in left.values):
        _put(request.session[IN_SESSION][request.path], left)
    else:
        forget(request)


def _forget(request: HttpRequest) -> None:
    kept = {path: key for path, key in request.session[IN_SESSION].items() if path != request.path}
    request.session[IN_SESSION] = kept


def _put(key: str, sent: Unreceived) -> None:
    left = LASTS - (clock.now() - sent.at)
    cache.set(_slot(key), _seal(key).encrypt(_text(sent)), max(left.total_seconds(), 0))


def _text(sent: Unreceived) -> bytes:
    return json.dumps(asdict(sent), ensure_ascii=False).encode("utf-8", "replace")


def _slot(key: str) -> str:
    return f"{IN_SESSION}:{hashlib.sha256(key.encode()).hexdigest()}"


def _seal(key: str) -> Fernet:
    """Made of the browser's key and the portal's: neither opens it alone."""
    drawn = salted_hmac("core.unreceived", key, secret=settings.SECRET_KEY, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(drawn))
