"""What followers of a call, or of a pillar's calls, are told: it opens, its dates move, its results are public."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.broadcasts import Bulletin, register_bulletin, tell_each, untold
from bethune_smartcity.notifications.following import among, followers_of
from bethune_smartcity.notifications.planners import Edit
from bethune_smartcity.notifications.readership import Key
from bethune_smartcity.notifications.tidings import Tidings
from bethune_smartcity.notifications.topics import Topic, Wish, register_topic
from pillars.queries import names_of

from . import notices
from .models import Call, CallAgent, DeadlineMove
from .queries import announced, rights_on_calls
from .queries.message_texts import edits_of_text

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
    return opening_wishes(call, call.pillars.values_list("pk", flat=True))


def opening_wishes(call: Call, pillars: Iterable[int]) -> list[Wish]:
    return [*wishes_about(call), (OPENING, 0), *((OPENING, pillar) for pillar in pillars)]


def count_told(call: Call) -> dict[str, str]:
    """How many would be told at this moment that a date of `call` moved: those it concerns, and followers who are not
    among them; in words. Two statements.
    """
    moved = DeadlineMove(call=call, field="closes_at", before=call.closes_at, after=call.closes_at)
    people = notices.concerned_by(moved)
    followers = followers_of(wishes_about(call), since=clock.now(), besides=people)
    return {"people": wording.number(people.count()), "followers": wording.number(followers.count())}


def page_of(call: Call) -> tuple[str, dict[str, Any]]:
    return "calls:detail", {"slug": call.slug}


def opening_context(call: Call) -> dict[str, Any]:
    pillars = ", ".join(pillar.name for pillar in call.pillars.all())
    return {"call": call, "closes": notices.deadline(call.closes_at), "pillars": pillars}


RUN = "calls.configure_call"


def _run_by(user: Any) -> Q:
    """The condition on what followers are told of a call that `user` may hold it back."""
    run = rights_on_calls(user).filter(right=CallAgent.Right.CONFIGURE)
    return Q(Exists(run.filter(call=Key(OuterRef("subject_id"), model=Call))))


def _moved_run_by(user: Any) -> Q:
    """The same of a date that moved."""
    moved = DeadlineMove.objects.filter(pk=Key(OuterRef("subject_id"), model=DeadlineMove))
    run = rights_on_calls(user).filter(right=CallAgent.Right.CONFIGURE, call=OuterRef("call"))
    return Q(Exists(moved.filter(Exists(run))))


def register() -> None:
    """Declare what is followed and what followers are told; called when the portal starts."""
    label = _("The coming calls for projects")
    register_topic(Topic(OPENING, label, names_of, parts=_("Pillars"), whole=_("All the pillars")))
    register_topic(Topic(Call.TOPIC, _("The call for projects"), call_names))
    register_bulletin(
        notices.OPENS,
        Bulletin(
            wishes_opening,
            page_of,
            opening_context,
            holds=lambda call: call.is_open,
            told=_told_of_opening,
            permission=RUN,
            run_by=_run_by,
        ),
    )
    register_bulletin(
        notices.PUBLISHED,
        Bulletin(
            wishes_about,
            page_of,
            lambda call: {"call": call},
            told=lambda call: among(wishes_about(call)),
            permission=RUN,
            run_by=_run_by,
        ),
    )
    register_bulletin(
        notices.DATE_MOVED,
        Bulletin(
            lambda moved: wishes_about(moved.call),
            lambda moved: page_of(moved.call),
            notices.moved_context,
            besides=notices.concerned_by,
            permission=RUN,
            owner=lambda moved: moved.call,
            run_by=_moved_run_by,
            related=("call",),
        ),
    )


def opens(moment: Any, until: Any, stale: Any) -> Q:
    """Calls that open by the aware instant `until`, and are not over at `moment`; opened before `stale` left out."""
    unpublished = Q(results_at__isnull=True) | Q(results_at__gt=moment)
    fresh = Q(opens_at__lte=until, opens_at__gt=stale, closes_at__gt=moment)
    return fresh & unpublished & Q(archived_at__isnull=True)


def publishes(until: Any, stale: Any) -> Q:
    """Calls whose results are public by the aware instant `until`; what was by `stale` left out."""
    return Q(results_at__lte=until, results_at__gt=stale)


# What says since when something is told.
DATES = ("opens_at", "announced_at", "results_at", "closes_at")


def _opened(moment: Any, stale: Any) -> QuerySet[Call]:
    return untold(notices.OPENS, announced(moment).filter(opens(moment, moment, stale))).only(*DATES)


def _published(moment: Any, stale: Any) -> QuerySet[Call]:
    return untold(notices.PUBLISHED, announced(moment).filter(publishes(moment, stale))).only(*DATES)


MOMENT = Call._meta.get_field("opens_at")
OPENED, PUBLISHED = (Compiled(build, moment=MOMENT, stale=MOMENT) for build in (_opened, _published))


def plan_news(until: datetime) -> int:
    """Ask for what the dates made true up to the aware instant `until`: calls that opened, results that are public.

    Returns how many were asked for.
    """
    opened = tell_each(notices.OPENS, OPENED.fetch(moment=until, stale=until - STALE_AFTER), since=open_since)
    published = PUBLISHED.fetch(moment=until, stale=until - STALE_AFTER)
    return opened + tell_each(notices.PUBLISHED, published, since=_published_at)


def expect(user: Any, since: datetime, until: datetime) -> Iterator[Tidings]:
    """What followers may be told of the calls on which `user` has a right. One statement."""
    rights = rights_on_calls(user)
    mine = announced(since).filter(pk__in=rights.values("call"))
    run = Exists(rights.filter(right=CallAgent.Right.CONFIGURE, call=OuterRef("pk")))
    stale = since - STALE_AFTER
    opening, publishing = opens(since, until, stale), publishes(until, stale)
    told = mine.filter(opening | publishing).annotate(is_opening=opening, is_publishing=publishing, is_run=run)
    for call in told:
        if call.is_opening:
            yield _tidings(notices.OPENS, call, open_since(call), _("the call opens"))
        if call.is_publishing:
            yield _tidings(notices.PUBLISHED, call, _published_at(call), _("the results are public"))


def _tidings(kind: str, call: Any, at: datetime, why: Any) -> Tidings:
    return Tidings(
        kind=kind,
        subject=call,
        at=at,
        told=_told_of_opening(call) if kind == notices.OPENS else among(wishes_about(call)),
        why=str(why),
        about=call.title,
        url=reverse("calls:board", kwargs={"slug": call.slug}),
        permission=RUN if call.is_run else "",
        owner=call,
        edits=_edits(kind, call, at) if call.is_run else (),
    )


def _told_of_opening(call: Call) -> Q:
    """What is followed of who is told that `call` opens, without asking which its pillars are."""
    pillars = Call.pillars.through.objects.filter(call=call).values("pillar")
    return among(opening_wishes(call, ())) | Q(topic=OPENING, about__in=pillars)


def _edits(kind: str, call: Call, at: datetime) -> tuple[Edit, ...]:
    """The words of what followers are told, and the day of an opening to come. The jury decides when results are
    public.
    """
    words = edits_of_text(call, kind)
    if kind != notices.OPENS or at <= clock.now():
        return words
    dates = reverse("calls:move-deadline", kwargs={"slug": call.slug})
    return (*words, Edit(_("Change the opening"), f"{dates}?field=opens_at"))


def open_since(call: Call) -> datetime:
    """Since when followers may be told that `call` is open: never before it is public."""
    return max(call.opens_at, call.announced_at or call.opens_at)


def _published_at(call: Call) -> datetime:
    return call.results_at or call.closes_at
