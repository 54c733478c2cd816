"""The ladder of a call's close: each draft is told what it still lacks."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.lifecycle.history import last_done
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import gathering, key_of
from bethune_smartcity.notifications.planners import so_many
from bethune_smartcity.notifications.rungs import HOURS, Rung
from bethune_smartcity.notifications.serving import at_their_date
from bethune_smartcity.notifications.steps import carry
from calls import notices
from calls.ladders import Dated, Due, Ladder, Target
from calls.models import Call, Submission
from calls.phases import end_told
from calls.queries import Filled, filled_forms, in_brief, lacks, rights_on_calls
from calls.queries.ladders import configured_by
from calls.workflow import SubmissionState

from .ladders import plan

# Drafts read and written to at once.
BATCH = 1000

Waiting = tuple[Submission, list[User]]


def _closing(calls: QuerySet[Call], since: Any) -> QuerySet[Call]:
    own = Exists(extended().filter(call=OuterRef("pk")))
    return in_brief(calls).filter(closes_at__gt=since).annotate(has_own_ends=own)


CLOSING = Dated(_closing, Call._meta.get_field("closes_at"))


def targets(near: list[Any], moment: datetime) -> list[Target]:
    """The ends that drafts are reminded of, at the aware instant `moment`: the close of each call of CLOSING, and the
    later ends that some drafts were given. Two statements where there are such drafts.
    """
    common = [Target(call, call, call.closes_at, call.opens_at, is_over=call.closes_at <= moment) for call in near]
    apart: dict[Any, Call] = {call.pk: call for call in near if call.has_own_ends}
    return [*common, *own_ends(apart, moment)] if apart else common


def extended() -> QuerySet[Submission]:
    """The drafts that were given an end of their own."""
    return Submission.objects.filter(state=SubmissionState.DRAFT, extended_until__isnull=False)


def own_ends(calls: Mapping[Any, Call], moment: datetime) -> list[Target]:
    """The ends of the drafts that were given more time; what was due before it was given never was to be sent."""
    drafts = list(extended().filter(call__in=calls).only("call", "extended_until"))
    given = last_done(Submission, [draft.pk for draft in drafts], "extend")
    since: dict[tuple[Any, datetime], datetime] = {}
    for draft in drafts:
        call = calls[draft.call_id]
        place, at = (call.pk, end_told(call, draft.extended_until)), given.get(str(draft.pk), call.closes_at)
        if place[1] > call.closes_at:
            since[place] = min(at, since.get(place, at))
    return [_own_end(calls[pk], end, at, moment) for (pk, end), at in since.items()]


def _own_end(call: Call, end: datetime, since: datetime, moment: datetime) -> Target:
    name = gettext("%(call)s, with more time") % {"call": call.title}
    return Target(call, call, end, since, is_over=end <= moment, name=name, is_apart=True)


def carry_own_end(call: Call, *, before: datetime, to: datetime, by: Any) -> None:
    """Let what agents decided on the reminders of an own end go on at the end that takes its place, once no draft has
    the former any more.
    """
    if before > call.closes_at and not extended().filter(call=call, extended_until=before).exists():
        carry(DRAFTS.name, call, before=before, to=to, by=by)


def drafts_led_to(target: Target) -> QuerySet[Submission]:
    """The drafts for which `target` is the end: the close of their call, or the one they alone were given."""
    if target.is_apart:
        return _drafts(target.call).filter(extended_until=target.anchor)
    return _drafts(target.call).exclude(extended_until__gt=target.call.closes_at)


def _drafts(call: Any) -> QuerySet[Submission]:
    return Submission.objects.filter(call=call, state=SubmissionState.DRAFT)


def _joined_since(after: Any) -> Q:
    """Drafts that someone joined since the aware instant `after`: found from the few who joined, not draft by draft."""
    return Q(structure__in=Membership.objects.filter(since__gt=after).values("structure"))


def _joined(call: Any, closes_at: Any, at: Any, after: Any) -> Any:
    common = _drafts(call).exclude(extended_until__gt=closes_at).filter(_joined_since(after), created_at__lte=at)
    return common.order_by("pk").values_list("pk", flat=True)


INSTANT = Submission._meta.get_field("created_at")
JOINED = Compiled(_joined, call=Call._meta.pk, closes_at=INSTANT, at=INSTANT, after=INSTANT)
"""The drafts that end with their call and that someone joined: each round asks for them once a step has left."""


def drafts_by_end(aimed: Collection[Target]) -> dict[Any, int]:
    """How many drafts each end has. One statement."""
    calls = {target.call.pk: target.call for target in aimed}
    drafts = Submission.objects.filter(call__in=calls, state=SubmissionState.DRAFT).order_by()
    counts: Counter[Any] = Counter()
    for call, until, n in drafts.values_list("call", "extended_until").annotate(n=Count("pk")):
        counts[call, end_told(calls[call], until)] += n
    return counts


def words_of_drafts(count: int) -> str:
    return so_many(count, ngettext("%(n)d draft", "%(n)d drafts", count) % {"n": count})


def write_closing(due: Due) -> int:
    """Write a step to the drafts with that end that were started before it came due. Returns how many messages.

    The number of statements grows with the batches.
    """
    keys = _keys(due)
    return sum(_tell(due, keys[start : start + BATCH]) for start in range(0, len(keys), BATCH))


def _keys(due: Due) -> list[Any]:
    """The drafts to write a step to. One statement."""
    call = due.target.call
    if due.after is not None and due.at <= due.after and not due.target.is_apart:
        return JOINED.fetch(call=call.pk, closes_at=call.closes_at, at=due.at, after=due.after)
    drafts = drafts_led_to(due.target).filter(created_at__lte=due.at)
    if due.after is not None:
        drafts = drafts.filter(Q(created_at__gt=due.after) | _joined_since(due.after))
    return list(drafts.order_by("pk").values_list("pk", flat=True))


def _tell(due: Due, keys: Sequence[Any]) -> int:
    """Write a step to the drafts of those keys, all at once."""
    drafts = list(Submission.objects.filter(pk__in=keys))
    for draft in drafts:
        draft.call = due.target.call
    waiting = waiting_for(drafts, due.step)
    if not waiting:
        return 0
    filled = filled_forms(due.target.call.pk, [draft for draft, _users in waiting], checked=True)
    languages = sorted({user.language for _draft, users in waiting for user in users})
    with gathering():
        return sum(_tell_in(language, waiting, filled, due.step) for language in languages)


def people_of(drafts: Sequence[Submission]) -> dict[int, list[User]]:
    """The people of the structures behind `drafts`, by structure."""
    structures = {draft.structure_id for draft in drafts}
    seated = User.objects.filter(is_active=True, memberships__structure__in=structures)
    people: dict[int, list[User]] = defaultdict(list)
    for user in seated.annotate(acts_for=F("memberships__structure")).order_by("memberships__pk"):
        people[user.acts_for].append(user)
    return people


def waiting_for(drafts: Sequence[Submission], step: str) -> list[Waiting]:
    """Each of `drafts` with those of its people to whom `step` was not written yet, where there are any."""
    people = people_of(drafts)
    asked = {
        key_of(notices.CLOSING, draft, step, str(user.pk)): (draft, user)
        for draft in drafts
        for user in people[draft.structure_id]
    }
    written = set(Message.objects.filter(key__in=asked).values_list("key", flat=True))
    left: dict[Submission, list[User]] = defaultdict(list)
    for key, (draft, user) in asked.items():
        if key not in written:
            left[draft].append(user)
    return list(left.items())


def drafts_at_their_date(messages: list[Message]) -> set[int]:
    """The keys of those of `messages`, about drafts, whose draft is one still and closes when they say.

    One statement.
    """
    about = Submission.objects.filter(pk__in={message.about_id for message in messages}, state=SubmissionState.DRAFT)
    ends = {str(draft.pk): draft.closes_at for draft in about.select_related("call")}
    return at_their_date(ends, messages)


def _tell_in(language: str, waiting: list[Waiting], filled: Mapping[Any, Filled], step: str) -> int:
    """Write a step to those who read that language, which is put in force once for all of them."""
    with translation.override(language):
        apart = [(draft, [user for user in users if user.language == language]) for draft, users in waiting]
        return sum(
            notices.closing_soon(draft, step, readers, _lacks_told(draft, filled[draft.pk], language))
            for draft, readers in apart
            if readers
        )


def _lacks_told(draft: Submission, filled: Filled, language: str) -> list[notices.LackTold]:
    """What a draft lacks, as it is told in that language."""
    places = {section.pk: place for place, section in enumerate(filled.sections, start=1)}
    return notices.lacks_in(draft, lacks(draft, filled), places, language)


DRAFTS = Ladder(
    name="calls.drafts",
    kind=notices.CLOSING,
    title=_("Drafts to finish"),
    told=_("The people of each structure are told what their draft still lacks, with a link to it."),
    before=_("%(length)s before the close"),
    upon="",
    after="",
    defaults=(Rung(-30), Rung(-7), Rung(-2), Rung(-24, HOURS), Rung(-3, HOURS)),
    permission="calls.configure_call",
    seen="calls.see_call_board",
    seen_by=lambda user: rights_on_calls(user).values("call"),
    run_by=configured_by,
    dated=CLOSING,
    targets=targets,
    counts=drafts_by_end,
    people=words_of_drafts,
    write=write_closing,
    text=lambda _rung: notices.CLOSING,
)

plan_closing = partial(plan, DRAFTS)
