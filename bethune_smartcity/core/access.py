"""Permissions, asked in one way by every door.

A permission is a name and a predicate registered in some `rules.py`. It says *who*; states and dates are the business
of workflows and guards. Nobody short-circuits it: there is no superuser.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import rules
from django.contrib.auth.mixins import AccessMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from .errors import Forbidden


class System:
    """The portal itself acting: a scheduled task, or the consequence of a recorded decision.

    `on_behalf_of` names the person whose decision is being carried out; the journal prints it.
    """

    is_active = True
    is_authenticated = True
    is_system = True
    pk = None

    def __init__(self, on_behalf_of: Any = None) -> None:
        self.on_behalf_of = on_behalf_of

    def __str__(self) -> str:
        return str(self.on_behalf_of or _("the portal"))


SYSTEM = System()


def acting_for(user: Any) -> System:
    """The portal carrying out a decision taken by `user` (whose right to it was checked by the caller)."""
    return System(on_behalf_of=user)


def is_system(user: Any) -> bool:
    return isinstance(user, System)


def can(user: Any, permission: str, obj: Any = None) -> bool:
    """Whether `user` holds `permission` on `obj`.

    Raises LookupError for a permission nobody registered, so that a misspelt name never opens or closes a door.
    """
    if not rules.perm_exists(permission):
        raise LookupError(f"unknown permission {permission}")
    return is_system(user) or bool(rules.has_perm(permission, user, obj))


def remembered(request: Any, permission: str, subject: Any) -> bool:
    """Whether the visitor holds `permission` on `subject`, asked once per request by a page that asks many times."""
    answers: dict[Any, bool] = request.__dict__.setdefault("_rights", {})
    key = (permission, type(subject), getattr(subject, "pk", None))
    if key not in answers:
        answers[key] = can(request.user, permission, subject)
    return answers[key]


def require(user: Any, permission: str, obj: Any = None) -> None:
    """Raise Forbidden unless `user` holds `permission` on `obj`."""
    if not can(user, permission, obj):
        raise Forbidden("forbidden", _("This action is not open to you."))


def or_404(found: Any) -> Any:
    """`found`, which its query limits to what the viewer may see. Raises Http404 for None."""
    if found is None:
        raise Http404
    return found


class PublicPage:
    """A class-based view that anyone may open, signed in or not.

    `kept_by` names the parameters of the address its page depends on, none being `()`: then what a visitor without a
    session is shown is kept for the next one (`core.kept`). None: each answer is drawn anew.
    """

    access: ClassVar[str] = "public"
    http_method_names: Sequence[str] = ("get", "post", "head", "options")
    kept_by: ClassVar[tuple[str, ...] | None] = None

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        view = super().as_view(**initkwargs)  # type: ignore[misc]
        view.login_required = False
        return view


class Guarded(AccessMixin):
    """A class-based view behind a permission.

    `fetch()` returns the object the permission is asked on, from a queryset already limited to what the user may
    see (so that unknown and hidden are the same 404), or None when the permission is about no object.
    """

    permission: ClassVar[str] = ""

    def fetch(self) -> Any:
        return None

    def check_time(self) -> None:
        """Raise Conflict, with a sentence that says when, where it is too early or too late for whoever may."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.object = self.fetch()
        if not can(request.user, self.permission, self.object):
            raise PermissionDenied
        self.check_time()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class SignedIn:
    """A page of one's own: any signed-in person may open it, and it shows nothing but what is theirs."""

    access: ClassVar[str] = "signed-in"
