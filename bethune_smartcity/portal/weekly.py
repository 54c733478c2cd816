"""The letter of the week: what happened on the calls an agent holds a right on, for who asked for it.

Numbers and links, never a name or an answer. One letter for each agent and week, none when there is nothing to say.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.channels import hour_of, last_hour
from bethune_smartcity.notifications.groups import Channel, Group, register_group
from bethune_smartcity.notifications.kinds import Audience, Kind, kind_named, register_kind
from bethune_smartcity.notifications.models import Broadcast, Message
from bethune_smartcity.notifications.operations import write_down
from bethune_smartcity.notifications.paths import path_of
from bethune_smartcity.notifications.rendering import render
from calls.models import Call, CallAgent, Clarification, Submission
from calls.queries.wholes import WHOLES, wholes_of
from calls.workflow import SubmissionState
from juries.models import Panel

LETTER = "portal.weekly"
A_WEEK = timedelta(days=7)
# A letter that could not leave for longer serves no more: the next one comes.
USEFUL = timedelta(days=2)
ABOUT = {**WHOLES, Panel._meta.label_lower: partial(wholes_of, Panel, "call__")}


@dataclass(frozen=True)
class Week:
    """What is counted of calls, each by the key of the call."""

    received: Counter[int] = field(default_factory=Counter)
    questions: Counter[int] = field(default_factory=Counter)
    overdue: Counter[int] = field(default_factory=Counter)
    failed: Counter[int] = field(default_factory=Counter)


def register() -> None:
    """Name the letter, and let agents ask for it; called when the portal starts."""
    register_kind(Kind(LETTER, _("Letter of the week"), "portal/emails/weekly", audience=Audience.AGENTS, group=LETTER))
    register_group(
        Group(
            LETTER,
            _("Letter of the week"),
            _(
                "On your calls: applications received, questions that wait, late examinations, messages that failed. "
                "Nothing to say, no letter."
            ),
            Audience.AGENTS,
            channels=(Channel.NOW, Channel.PORTAL),
            default=Channel.PORTAL,
            words=((Channel.NOW, _("By e-mail, each Monday")), (Channel.PORTAL, _("No letter"))),
        )
    )


def last_monday(moment: datetime) -> datetime:
    """The instant, at the hour of the day's mail, of the last Monday's letter at the aware instant `moment`."""
    day, _hour = last_hour(moment)
    return hour_of(day - timedelta(days=day.weekday()))


def plan(until: datetime) -> int:
    """Write the letter of the week due at the aware instant `until`, to those who asked for it. Returns how many.

    Two statements once it is written; a number that does not grow with agents, calls or applications when it is.
    """
    hour = last_monday(until)
    if until - hour > USEFUL:
        return 0
    chose = {"preferences__group": LETTER, "preferences__channel": Channel.NOW}
    readers = list(User.objects.filter(is_active=True, is_agent=True, **chose).order_by("pk"))
    key = f"{LETTER}:{hour:%Y%m%d}"
    if not readers or Broadcast.objects.filter(key=key).exists():
        return 0
    return _write(key, hour, readers)


@transaction.atomic
def _write(key: str, hour: datetime, readers: list[User]) -> int:
    """Write the letters, and note that they were: both or neither, once."""
    city = City.current()
    noted, made = Broadcast.objects.get_or_create(
        key=key,
        defaults={
            "kind": LETTER,
            "subject_type": ContentType.objects.get_for_model(City),
            "subject_id": str(city.pk),
            "due_at": hour,
            "ended_at": clock.now(),
        },
    )
    if not made:
        return 0
    rows = list(_letters(key, hour, readers))
    write_down(rows)
    Broadcast.objects.filter(pk=noted.pk).update(written=len(rows))
    return len(rows)


def _letters(key: str, hour: datetime, readers: list[User]) -> Iterator[Message]:
    calls = calls_of(readers)
    week = week_of({call.pk for found in calls.values() for call in found}, hour)
    for user in readers:
        with override(user.language):
            sections = [(call.title, lines) for call in calls[user.pk] if (lines := list(_lines(call, week)))]
            context = {"sections": sections, "day": wording.day(hour)}
        if sections:
            yield _letter(key, user, context)


def _letter(key: str, user: User, context: dict[str, Any]) -> Message:
    subject, body = render(kind_named(LETTER), user.language, context)
    return Message(
        key=f"{key}:{user.pk}",
        kind=LETTER,
        recipient=user,
        address=user.email,
        language=user.language,
        subject=subject,
        body=body,
        path=path_of("calls:boards", {}, user.language),
    )


def calls_of(users: Collection[User]) -> dict[int, list[Call]]:
    """The calls on which each of `users`, agents, holds a right, by their key: never those their structures apply to.

    Two statements.
    """
    seats = Membership.objects.filter(user__in=users, structure__submissions__call__isnull=False)
    applied = set(
        seats.exclude(structure__submissions__state=SubmissionState.WITHDRAWN).values_list(
            "user", "structure__submissions__call"
        )
    )
    found: dict[int, list[Call]] = defaultdict(list)
    for right in CallAgent.objects.filter(user__in=users).select_related("call").order_by("-call__opens_at", "pk"):
        if (right.user_id, right.call_id) not in applied and right.call not in found[right.user_id]:
            found[right.user_id].append(right.call)
    return found


def week_of(calls: Collection[int], hour: datetime) -> Week:
    """What happened on `calls`, by key, in the week before the aware instant `hour`, and what waits there then."""
    handed_in = Submission.objects.filter(call__in=calls, number__isnull=False)
    waiting = handed_in.filter(state=SubmissionState.SUBMITTED, call__screening_until__lt=hour)
    return Week(
        received=_per_call(handed_in.filter(submitted_at__gte=last_monday(hour - A_WEEK), submitted_at__lt=hour)),
        questions=_per_call(Clarification.objects.filter(call__in=calls, answered_at__isnull=True)),
        overdue=_per_call(waiting),
        failed=_failed(hour),
    )


def _per_call(rows: QuerySet[Any]) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("call").annotate(n=Count("pk"))))


def _failed(hour: datetime) -> Counter[int]:
    """How many messages about each call failed and wait for an agent."""
    types = {ContentType.objects.get_by_natural_key(*label.split(".")).pk: label for label in ABOUT}
    failed = Message.objects.filter(state=Message.State.FAILED, about_type__in=types, due_at__lt=hour, stop_path="")
    keys: dict[int, list[str]] = defaultdict(list)
    for about_type, about in failed.order_by().values_list("about_type", "about_id"):
        keys[about_type].append(about)
    found: Counter[int] = Counter()
    for about_type, abouts in keys.items():
        wholes = ABOUT[types[about_type]](set(abouts))
        found.update(int(str(wholes[one].key).removeprefix("call-")) for one in abouts if one in wholes)
    return found


def _lines(call: Call, week: Week) -> Iterator[tuple[str, str]]:
    """What is said of a call, in the language in force, each with its address."""
    board = {"slug": call.slug}
    if n := week.received[call.pk]:
        words = ngettext("%(n)d application received this week", "%(n)d applications received this week", n)
        yield words % {"n": n}, _address("calls:board-submissions", board)
    if n := week.questions[call.pk]:
        words = ngettext("%(n)d question waits for its answer", "%(n)d questions wait for their answer", n)
        yield words % {"n": n}, _address("calls:board-questions", board)
    if n := week.overdue[call.pk]:
        words = ngettext(
            "%(n)d application still to examine, past the date", "%(n)d applications still to examine, past the date", n
        )
        yield words % {"n": n}, _address("calls:board-submissions", board)
    if n := week.failed[call.pk]:
        words = ngettext("%(n)d message failed", "%(n)d messages failed", n)
        yield words % {"n": n}, f"{_address('admin:notifications_message_changelist')}?state__exact=failed"


def _address(page: str, keys: dict[str, str] | None = None) -> str:
    return settings.SITE_URL + reverse(page, kwargs=keys)
