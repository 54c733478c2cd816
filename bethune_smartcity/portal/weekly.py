"""The letter of the week: what happened on an agent's calls and what waits on their projects, for who asked for it.

Numbers and links, never a name or an answer. One letter for each agent and week, none when there is nothing to say.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from bethune_smartcity.accounts.models import User
from bethune_smartcity.accounts.rules import is_agent
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.channels import hour_of, last_hour
from bethune_smartcity.notifications.groups import Channel, Group, register_group
from bethune_smartcity.notifications.kinds import Audience, Kind, kind_named, register_kind
from bethune_smartcity.notifications.layout import Link, layout_of
from bethune_smartcity.notifications.models import Broadcast, Message
from bethune_smartcity.notifications.operations import write_down
from bethune_smartcity.notifications.paths import path_of
from bethune_smartcity.notifications.planners import Foreseen
from bethune_smartcity.notifications.readership import register_readers
from bethune_smartcity.notifications.rendering import render
from calls.models import Call, CallAgent

from .queries.week import OfProjects, Rights, Week, projects_at, rights_of, week_of

LETTER = "portal.weekly"
A_WEEK = timedelta(days=7)
# A letter that could not leave for longer serves no more: the next one comes.
USEFUL = timedelta(days=2)
Right = CallAgent.Right
Line = tuple[str, str]


def register() -> None:
    """Name the letter, and let agents ask for it; called when the portal starts."""
    label = gettext_lazy("Letter of the week")
    register_kind(Kind(LETTER, label, "portal/emails/weekly", audience=Audience.AGENTS, group=LETTER))
    register_readers([LETTER], lambda _moment: Q(recipient__is_agent=True))
    by_mail, none = gettext_lazy("By e-mail, each Monday"), gettext_lazy("No letter")
    register_group(
        Group(
            LETTER,
            label,
            gettext_lazy(
                "On your calls: applications received, questions that wait, late examinations, late jurors, messages "
                "that failed. On the projects you run: late steps, payments to approve, requests of other cities. "
                "Nothing to say, no letter."
            ),
            Audience.AGENTS,
            channels=(Channel.NOW, Channel.PORTAL),
            default=Channel.PORTAL,
            words=((Channel.NOW, by_mail), (Channel.PORTAL, none)),
        )
    )


def _monday(moment: datetime) -> date:
    """The day of the last Monday's letter at the aware instant `moment`."""
    day, _hour = last_hour(moment)
    return day - timedelta(days=day.weekday())


def last_monday(moment: datetime) -> datetime:
    """The instant, at the hour of the day's mail, of the last Monday's letter at the aware instant `moment`."""
    return hour_of(_monday(moment))


def next_monday(moment: datetime) -> datetime:
    """The instant of the first letter after the aware instant `moment`."""
    return hour_of(_monday(moment) + A_WEEK)


def readers() -> QuerySet[User]:
    """The agents who asked for the letter."""
    chose = {"preferences__group": LETTER, "preferences__channel": Channel.NOW}
    return User.objects.filter(is_active=True, is_agent=True, **chose).order_by("pk")


def plan(until: datetime) -> int:
    """Write the letter of the week due at the aware instant `until`, to those who asked for it. Returns how many.

    One statement once it is written; a number that does not grow with agents, calls or applications when it is.
    """
    hour = last_monday(until)
    if until - hour > USEFUL:
        return 0
    key = f"{LETTER}:{hour:%Y%m%d}"
    asked = list(readers().filter(~Exists(Broadcast.objects.filter(key=key))))
    return _write(key, hour, asked) if asked else 0


def foresee(user: Any, since: datetime, until: datetime) -> Iterator[Foreseen]:
    """The first letter after the aware instant `since`, for any agent: one line, to look at. One statement.

    What each agent asked for is theirs: nobody holds it back.
    """
    hour = next_monday(since)
    count = readers().count() if is_agent(user) and hour <= until else 0
    if count:
        yield Foreseen(
            ref="weekly-letter",
            at=hour,
            what=kind_named(LETTER).label,
            to=ngettext("%(n)d agent", "%(n)d agents", count) % {"n": count},
            count=count,
            why=_("each Monday, to those who asked for it and for whom there is something to say"),
        )


@transaction.atomic
def _write(key: str, hour: datetime, asked: list[User]) -> int:
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
    rows = list(_letters(key, hour, asked))
    write_down(rows)
    Broadcast.objects.filter(pk=noted.pk).update(written=len(rows))
    return len(rows)


def _letters(key: str, hour: datetime, asked: list[User]) -> Iterator[Message]:
    rights = rights_of(asked)
    week = week_of({call for held in rights.values() for call in held.calls}, last_monday(hour - A_WEEK), hour)
    projects = projects_at(hour)
    for user in asked:
        with override(user.language):
            sections = list(_sections(rights[user.pk], week, projects))
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
        layout=layout_of(body),
        path=path_of("calls:boards", {}, user.language),
    )


def _sections(rights: Rights, week: Week, projects: OfProjects) -> Iterator[tuple[str, list[Line]]]:
    """What is said of each call, then of projects, in the language in force; nothing of what has nothing to say."""
    for key, call in rights.calls.items():
        screens = rights.has(Right.SCREEN, key)
        said = (_on_call(call, week, screens=screens), _on_juries(key, week, rights), _failed(key, week))
        if lines := list(chain.from_iterable(said)):
            yield call.title, lines
    if lines := list(_on_projects(*projects.for_(rights))):
        yield _("Projects"), lines


def _on_call(call: Call, week: Week, *, screens: bool) -> Iterator[Line]:
    """What is said of its applications and questions, each with its address: the board for who handles neither."""
    board = {"slug": call.slug}
    submissions = _address("calls:board-submissions" if screens else "calls:board", board)
    if n := week.received[call.pk]:
        words = ngettext("%(n)d application received this week", "%(n)d applications received this week", n)
        yield words % {"n": n}, submissions
    if n := week.questions[call.pk]:
        words = ngettext("%(n)d question waits for its answer", "%(n)d questions wait for their answer", n)
        yield words % {"n": n}, _address("calls:board-questions" if screens else "calls:board", board)
    if n := week.overdue[call.pk]:
        words = ngettext(
            "%(n)d application still to examine, past the date", "%(n)d applications still to examine, past the date", n
        )
        yield words % {"n": n}, submissions


def _on_juries(call: int, week: Week, rights: Rights) -> Iterator[Line]:
    """What is said of its panels to who organises them."""
    for late in week.late.get(call, ()) if rights.has(Right.JURY, call) else ():
        jurors = ngettext("%(n)d juror late", "%(n)d jurors late", late.jurors) % {"n": late.jurors}
        sheets = ngettext("%(n)d sheet expected", "%(n)d sheets expected", late.sheets) % {"n": late.sheets}
        yield f"{jurors}, {sheets}", _address("juries:organise", {"pk": late.panel})


def _failed(call: int, week: Week) -> Iterator[Line]:
    if n := week.failed[call]:
        words = ngettext("%(n)d message failed", "%(n)d messages failed", n)
        yield words % {"n": n}, _address("admin:notifications_message_changelist", then="?state__exact=failed")


def _on_projects(steps: int, payments: int, requests: int) -> Iterator[Line]:
    """What is said of projects to who runs them."""
    if n := steps:
        words = ngettext("%(n)d step of a project past its day", "%(n)d steps of projects past their day", n)
        yield words % {"n": n}, _address("projects:board", then="#steps")
    if n := payments:
        words = ngettext("%(n)d payment waits for approval", "%(n)d payments wait for approval", n)
        yield words % {"n": n}, _address("projects:board", then="#payments")
    if n := requests:
        words = ngettext(
            "%(n)d replication request waits for an answer", "%(n)d replication requests wait for an answer", n
        )
        yield words % {"n": n}, _address("projects:requests", then="?state=received")


def _address(page: str, keys: dict[str, Any] | None = None, *, then: str = "") -> Link:
    return Link(settings.SITE_URL + reverse(page, kwargs=keys) + then)
