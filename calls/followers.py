"""What followers of a call, or of a pillar's calls, are told: it opens, its dates move, its results are public."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.broadcasts import Bulletin, register_bulletin, tell_each
from bethune_smartcity.notifications.topics import Topic, Wish, register_topic
from pillars.queries import names_of

from . import notices
from .models import Call, DeadlineMove
from .queries import announced

OPENING = "calls.opening"
# An opening or a publication older than that is no news: after a long stop it is not told.
STALE_AFTER = timedelta(days=30)


def call_names(keys: Collection[int] | None) -> dict[int, str]:
    """The titles of the calls of those keys that are public, or of all for None."""
    calls = announced(clock.now())
    return {call.pk: call.title for call in (calls if keys is None else calls.filter(pk__in=keys))}


def wishes_about(call: Call) -> list[Wish]:
    return [(Call.TOPIC, call.pk)]


def wishes_opening(call: Call) -> list[Wish]:
    """Its own followers, those of its pillars' calls, and those of all calls."""
    pillars = call.pillars.values_list("pk", flat=True)
    return [*wishes_about(call), (OPENING, 0), *((OPENING, pillar) for pillar in pillars)]


def page_of(call: Call) -> tuple[str, dict[str, Any]]:
    return "calls:detail", {"slug": call.slug}


def opening_context(call: Call) -> dict[str, Any]:
    pillars = ", ".join(pillar.name for pillar in call.pillars.all())
    return {"call": call, "closes": notices.deadline(call.closes_at), "pillars": pillars}


def register() -> None:
    """Declare what is followed and what followers are told; called when the portal starts."""
    label = _("The coming calls for projects")
    register_topic(Topic(OPENING, label, names_of, parts=_("Pillars"), whole=_("All the pillars")))
    register_topic(Topic(Call.TOPIC, _("The call for projects"), call_names))
    register_bulletin(
        notices.OPENS,
        Bulletin(wishes_opening, page_of, opening_context, holds=lambda call: call.is_open),
    )
    register_bulletin(notices.PUBLISHED, Bulletin(wishes_about, page_of, lambda call: {"call": call}))
    register_bulletin(
        notices.DATE_MOVED,
        Bulletin(
            lambda moved: wishes_about(moved.call),
            lambda moved: page_of(moved.call),
            notices.moved_context,
            besides=_told_as_draft_holders,
        ),
    )


def _told_as_draft_holders(moved: DeadlineMove) -> Any:
    return notices.draft_holders(moved.call)


def plan_news(until: datetime) -> int:
    """Ask for what the dates made true up to the aware instant `until`: calls that opened, results that are public.

    Returns how many were asked for.
    """
    recent, public = until - STALE_AFTER, announced(until)
    unpublished = public.filter(archived_at__isnull=True).exclude(results_at__lte=until)
    opened = unpublished.filter(opens_at__lte=until, opens_at__gt=recent, closes_at__gt=until)
    published = public.filter(results_at__lte=until, results_at__gt=recent)
    return tell_each(notices.OPENS, opened, since=_open_since) + tell_each(
        notices.PUBLISHED, published, since=lambda call: call.results_at
    )


def _open_since(call: Call) -> datetime:
    return max(call.opens_at, call.announced_at or call.opens_at)
