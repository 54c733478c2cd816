"""What will leave, when, to how many and why: agents hold it back, let it go, hasten it or call it off."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import clock
from bethune_smartcity.core.views import ActionView, GuardedPage

from .leaving import gathered, under_way, waiting
from .models import Message
from .planners import Foreseen, foresee

SEE = "notifications.see_plan"
AHEAD = timedelta(days=366)


def leaving(request: HttpRequest, ahead: timedelta = AHEAD) -> list[Foreseen]:
    """What will leave within that time, a year by default, as the visitor may know it, the first at the top."""
    since = clock.now()
    until = since + ahead
    screen: Any = admin.site.get_model_admin(Message)
    told = screen.told_to(request)
    found = [
        *foresee(request.user, since, until),
        *waiting(request.user, told, since, until),
        *gathered(told, since),
        *under_way(request.user, screen.tidings_to(request), since),
    ]
    return sorted(found, key=lambda one: (one.at, str(one.what), one.about))


@dataclass(frozen=True)
class Day:
    """A day in Paris and what leaves on it."""

    day: date
    lines: list[Foreseen]

    @property
    def count(self) -> int:
        return sum(line.count for line in self.lines)


def by_day(found: list[Foreseen]) -> list[Day]:
    """What leaves, day by day in Paris; what leaves at midnight leaves on the day that begins."""
    days: dict[date, list[Foreseen]] = defaultdict(list)
    for one in found:
        days[one.at.astimezone(clock.PARIS).date()].append(one)
    return [Day(day, lines) for day, lines in sorted(days.items())]


class Leaving(GuardedPage):
    """Everything that will leave, by day; what is held back first."""

    permission = SEE
    template_name = "notifications/leaving.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = leaving(self.request)
        return super().get_context_data(
            held=[one for one in found if one.is_held],
            days=by_day([one for one in found if not one.is_held]),
            crumbs=[(_("What will leave"), "")],
            **kwargs,
        )


@dataclass(frozen=True)
class Words:
    """An act as its page tells it."""

    title: Any
    consequence: Any
    done: Any
    tone: str = ""


ACTS = {
    "hold": Words(
        gettext_lazy("Hold back"),
        gettext_lazy(
            "It does not leave until someone lets it go. A later reminder takes its place when its turn comes."
        ),
        gettext_lazy("It is held back."),
    ),
    "release": Words(
        gettext_lazy("Let go"),
        gettext_lazy("It leaves at its instant, or within the minute when that is past."),
        gettext_lazy("It will leave."),
    ),
    "send": Words(
        gettext_lazy("Send now"),
        gettext_lazy("It leaves within the minute. What has left cannot be taken back."),
        gettext_lazy("It leaves within the minute."),
    ),
    "cancel": Words(
        gettext_lazy("Never send"),
        gettext_lazy("It will never leave. This cannot be undone."),
        gettext_lazy("It will never leave."),
        tone="danger",
    ),
}


# What the same acts mean once some of it is written.
OF_THE_REST = {
    "hold": Words(
        gettext_lazy("Hold the rest back"),
        gettext_lazy("Nobody else is written to until someone lets it go. What is written already leaves."),
        gettext_lazy("The rest is held back."),
    ),
    "release": Words(
        gettext_lazy("Let the rest go"),
        gettext_lazy("The others are written to within the minute."),
        gettext_lazy("The rest will leave."),
    ),
    "cancel": Words(
        gettext_lazy("Never send the rest"),
        gettext_lazy("Nobody else is ever written to. What is written already leaves. This cannot be undone."),
        gettext_lazy("The rest will never leave."),
        tone="danger",
    ),
}


class Act(ActionView):
    """One of ACTS on something that will leave, confirmed on a page of its own."""

    permission = SEE
    form_class = forms.Form
    kwargs: dict[str, Any]
    how_far = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if kwargs["act"] not in ACTS:
            raise Http404
        try:
            return super().dispatch(request, *args, **kwargs)
        except Gone:
            return self.gone()

    def fetch(self) -> Foreseen:
        """What the address names among all that leaves. Raises Http404, Gone or PermissionDenied."""
        if not self.request.user.is_agent:  # type: ignore[union-attr]
            raise PermissionDenied
        one = next((one for one in leaving(self.request) if one.ref == self.kwargs["ref"]), None)
        if one is None:
            raise Gone if self.request.method == "POST" else Http404
        if one.handle is None or (self.kwargs["act"] == "send" and not one.hastens):
            raise PermissionDenied
        return one

    def gone(self) -> HttpResponse:
        """Said when a button was pressed about something that is in the plan no more, or never was."""
        messages.warning(self.request, _("This is no longer in the plan: it has left, or someone decided otherwise."))
        return redirect("notifications:leaving")

    @property
    def words(self) -> Words:
        acts = OF_THE_REST if self.object.has_begun else ACTS
        return acts[self.kwargs["act"]]

    @property
    def done_message(self) -> Any:  # type: ignore[override]
        return f"{self.words.done} {self.how_far}".strip()

    def act(self, form: Any) -> None:
        self.how_far = getattr(self.object.handle, self.kwargs["act"])(by=self.request.user) or ""

    def get_success_url(self) -> str:
        """The page whose button was pressed, or the plan."""
        back = self.request.POST.get("next", "")
        return back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else reverse("notifications:leaving")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        one: Foreseen = self.object
        parts = (one.what, one.about, one.to, one.why if one.has_begun else "")
        told = ", ".join(str(part) for part in parts if part)
        self.title, self.tone = self.words.title, self.words.tone
        self.consequence = f"{told}, {one.when}. {self.words.consequence}"
        crumbs = [(_("What will leave"), self.get_success_url()), (str(self.title), "")]
        return super().get_context_data(crumbs=crumbs, **kwargs)


class Gone(Exception):
    """What an address named is in the plan no more."""
