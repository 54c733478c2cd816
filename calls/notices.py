"""What people are told about calls and applications: one message kind and one function for each event."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db.models import Model, Q, QuerySet
from django.urls import get_script_prefix, reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.broadcasts import tell_followers
from bethune_smartcity.notifications.following import FOLLOWED
from bethune_smartcity.notifications.groups import Group, register_group
from bethune_smartcity.notifications.kinds import Audience, Kind, Urgency, kind_named, register_kind
from bethune_smartcity.notifications.layout import Link, Told
from bethune_smartcity.notifications.operations import gathering, notify
from bethune_smartcity.notifications.paths import MARK, path_of
from bethune_smartcity.notifications.rendering import render
from bethune_smartcity.notifications.texts import own_words

from .instants import to_the_second
from .message_placeholders import NAME
from .message_texts import REMINDER, TEXTS
from .models import Call, Clarification, DeadlineMove, FormChange, Question, Submission
from .wordings import Change, change_by
from .workflow import SubmissionState

# Written in the reader's language: the text is made when the message is.
instant = lazy(wording.instant, str)
deadline = lazy(wording.deadline, str)
opening = lazy(partial(wording.instant, weekday=True), str)
exact = lazy(to_the_second, str)

RECEIPT = "calls.receipt"
WITHDRAWN = "calls.withdrawn"
SCREENED = "calls.screened"
CORRECTION = "calls.correction"
ANSWERED = "calls.answered"
MOVED = "calls.moved"
CLOSING = "calls.closing"
EXTENDED = "calls.extended"
FORM_CHANGED = "calls.form_changed"
OPENS = "calls.opens"
PUBLISHED = "calls.published"
DATE_MOVED = "calls.date_moved"
LETTER = "calls.letter"
# What applicants choose about, and what they read of it.
REMINDERS, ANSWERS = "calls.reminders", "calls.answers"
REMINDED = (_("Reminders before a call closes"), _("What your draft still lacks, as the close comes near."))
TOLD = (_("Answers to questions"), _("A question about a call you prepare an application for has its public answer."))
# The dates of a call that its followers live by.
FOLLOWED_DATES = frozenset({"opens_at", "closes_at"})


def register_kinds() -> None:
    """Name the messages of this app; called when the portal starts."""
    groups = {CLOSING: REMINDERS, ANSWERED: ANSWERS}
    told = {
        RECEIPT: (_("Application handed in"), Urgency.PROOF),
        WITHDRAWN: (_("Application withdrawn"), Urgency.PROOF),
        SCREENED: (_("Application examined"), Urgency.PROOF),
        CORRECTION: (_("Correction asked for"), Urgency.ACT),
        ANSWERED: (_("Question answered"), Urgency.NEWS),
        MOVED: (_("Date of a call moved"), Urgency.ACT),
        CLOSING: (REMINDER, Urgency.ACT),
        EXTENDED: (_("More time to apply"), Urgency.ACT),
        FORM_CHANGED: (_("Form changed while one applies"), Urgency.ACT),
    }
    for name, (label, urgency) in told.items():
        template = f"calls/emails/{name.split('.')[1]}"
        about: dict[str, Any] = {"audience": Audience.APPLICANTS, "urgency": urgency, "texts": TEXTS.get(name, ())}
        register_kind(Kind(name, label, template, group=groups.get(name, ""), **about))
    why = _("The city writes to you about what you take part in")
    register_kind(Kind(LETTER, _("Message from the city’s agents"), audience=Audience.PERSON, why=why))
    register_group(Group(REMINDERS, *REMINDED, Audience.APPLICANTS))
    register_group(Group(ANSWERS, *TOLD, Audience.APPLICANTS))
    followed = {
        OPENS: (_("To followers: a call opens"), "opens"),
        PUBLISHED: (_("To followers: results published"), "published"),
        DATE_MOVED: (_("To followers: date of a call moved"), "moved"),
    }
    for name, (label, texts) in followed.items():
        template = f"calls/emails/{texts}"
        about = {"audience": Audience.FOLLOWERS, "texts": TEXTS.get(name, ())}
        register_kind(Kind(name, label, template, to_followers=True, group=FOLLOWED, **about))


def members(submission: Submission) -> QuerySet[User]:
    """The people of the structure that applies."""
    return User.objects.filter(memberships__structure_id=submission.structure_id, is_active=True)


def draft_holders(call: Call, ending_by: datetime | None = None) -> QuerySet[User]:
    """Everyone with a draft on `call`, once each; drafts that end on their own after `ending_by` do not count."""
    drafts = Submission.objects.filter(call=call, state=SubmissionState.DRAFT)
    if ending_by is not None:
        drafts = drafts.exclude(extended_until__gt=ending_by)
    holders = User.objects.filter(memberships__structure__in=drafts.values("structure"), is_active=True)
    return holders.distinct().order_by("pk")


def _write(
    kind: str,
    subject: Model,
    recipients: Iterable[User],
    page: str,
    step: str = "",
    *,
    expires_at: datetime | None = None,
    **context: Any,
) -> int:
    """Write to each person, with the address of `page` of the application or of the call. Returns how many.

    Nothing of it is sent any more from the aware instant `expires_at` on.
    """
    keys = {"pk": subject.pk} if isinstance(subject, Submission) else {"slug": context["call"].slug}
    told = {"page": f"calls:{page}", "keys": keys, "step": step, "context": context}
    return notify(kind, subject=subject, recipients=recipients, expires_at=expires_at, **told)


def _tell(
    kind: str,
    submission: Submission,
    step: str,
    page: str = "submission",
    *,
    to: Iterable[User] | None = None,
    **context: Any,
) -> None:
    """Write to the people of the structure that applies, or `to` some of them."""
    people = members(submission) if to is None else to
    _write(kind, submission, people, page, step, call=submission.call, city=City.current(), **context)


def _dates(submission: Submission) -> dict[str, Any]:
    received = submission.submitted_at or clock.now()
    return {"closes": deadline(submission.closes_at), "received": exact(received)}


def receipt(submission: Submission, digest: str) -> None:
    """Acknowledge an application: number, instant, digest, service and contact."""
    _tell(RECEIPT, submission, submission.number or "", page="receipt", digest=digest, **_dates(submission))


def withdrawn(submission: Submission) -> None:
    """Confirm that an application is withdrawn."""
    _tell(WITHDRAWN, submission, clock.now().isoformat())


def screened(submission: Submission, reason: str = "") -> None:
    """Say whether an application is admissible, and why when it is not."""
    _tell(SCREENED, submission, submission.state, reason=reason)


def correction_asked(submission: Submission, fields: Any, *, to: Iterable[User] | None = None) -> None:
    """Say what is to be corrected, in which `fields`, lazily named in the reader's language, and until when."""
    until = submission.correction_until
    if until is not None:
        _tell(CORRECTION, submission, f"{until:%Y%m%d%H%M%S}", to=to, until=deadline(until), reopened=fields)


def extended(submission: Submission) -> None:
    """Say until when this application alone may still be written and handed in, and why."""
    until = submission.extended_until
    if until is not None:
        _tell(EXTENDED, submission, f"{until:%Y%m%d%H%M%S}", until=deadline(until))


def question_answered(clarification: Clarification) -> None:
    """Tell those who prepare an application, and whoever asked, that a question has its public answer."""
    call = clarification.call
    people = {user.pk: user for user in draft_holders(call)}
    if clarification.asker_id and clarification.asker and clarification.asker.is_active:
        people.setdefault(clarification.asker_id, clarification.asker)
    tell_answer(clarification, people.values())


def tell_answer(clarification: Clarification, people: Iterable[User]) -> None:
    """Tell `people` that a question of a call they prepare an application for has its public answer."""
    call = clarification.call
    until = call.closes_at if call.closes_at > clock.now() else None
    _write(ANSWERED, clarification, people, "questions", expires_at=until, call=call)


def moved_context(moved: DeadlineMove) -> dict[str, Any]:
    """What the texts about a moved date need. An opening is no deadline: midnight is told as it is."""
    told = opening if moved.field == "opens_at" else deadline
    return {"call": moved.call, "before": told(moved.before), "after": told(moved.after)}


def concerned_by(moved: DeadlineMove) -> QuerySet[User]:
    """Those a date that moved concerns: whose application waits for an answer and, until the close, who writes a draft.

    A close that moves is none of theirs who have their own end, later still.
    """
    call = moved.call
    waiting = Submission.objects.filter(call=call, state=SubmissionState.SUBMITTED)
    people = Q(memberships__structure__in=waiting.values("structure"))
    ending_by = max(moved.before, moved.after) if moved.field == "closes_at" else None
    if (ending_by or call.closes_at) > clock.now():
        people |= Q(pk__in=draft_holders(call, ending_by).order_by().values("pk"))
    return User.objects.filter(people, is_active=True).distinct().order_by("pk")


def tell_move(moved: DeadlineMove, people: Iterable[User]) -> None:
    """Tell `people` that a date of the call changed, and why."""
    _write(MOVED, moved, people, "detail", **moved_context(moved))


def deadline_moved(moved: DeadlineMove) -> None:
    """Tell those it concerns that a date of the call changed, and why; its followers as well."""
    tell_move(moved, concerned_by(moved))
    if moved.field in FOLLOWED_DATES:
        tell_followers(DATE_MOVED, subject=moved)


@dataclass(frozen=True)
class QuestionTold:
    """A question that changed, as one application's people are told of it, with the address of its field."""

    change: Change
    submission: Submission
    place: int

    @property
    def url(self) -> str:
        keys = {"pk": self.submission.pk, "order": self.place}
        anchor = f"#{self.change.question.anchor}" if self.change.after else ""
        return Link(settings.SITE_URL + reverse("calls:section", kwargs=keys) + anchor)


def questions_changed(change: FormChange) -> list[tuple[Change, int]]:
    """What a change of a form made of each question, in the form's order, and the place of its section."""
    asked = Question.everything.filter(section__call=change.call_id).select_related("section", "shown_if")
    every = list(asked.order_by("section__order", "section", "order", "pk"))
    places = {pk: place for place, pk in enumerate(dict.fromkeys(q.section_id for q in every), start=1)}
    return [(made, places[q.section_id]) for q in every if (made := change_by(q, change.number))]


def form_changed(change: FormChange) -> None:
    """Tell everyone who applies what a change of the form made different, once for each application."""
    made = questions_changed(change)
    told = {SubmissionState.DRAFT, SubmissionState.SUBMITTED}
    people = defaultdict(list)
    applying = Submission.objects.filter(call=change.call, state__in=told).select_related("structure")
    roles = Membership.objects.filter(structure__in=applying.values("structure"), user__is_active=True)
    for member in roles.select_related("user"):
        people[member.structure_id].append(member.user)
    with gathering():
        for submission in applying:
            _tell_form(change, submission, people[submission.structure_id], made)


def _tell_form(change: FormChange, submission: Submission, people: list[User], made: list[tuple[Change, int]]) -> None:
    told = [QuestionTold(one, submission, place) for one, place in made]
    keys: dict[str, Any] = {"pk": submission.pk}
    page = "calls:submission"
    if submission.is_draft:
        page, keys = "calls:section", keys | {"order": made[0][1]}
    context = {"call": change.call, "change": change, "told": told, "closes": deadline(submission.closes_at)}
    notify(
        FORM_CHANGED,
        subject=submission,
        recipients=people,
        page=page,
        keys=keys,
        step=str(change.number),
        context=context,
    )


def sample_of_change(call: Call, made: list[Change], reason: str, language: str) -> tuple[str, Told]:
    """The subject and the text, in that language, that the writers of a draft would get of the changes `made`."""
    subject = SimpleNamespace(title=_("Your project"), is_draft=True)
    told = [SimpleNamespace(change=one, url=Link(f"{settings.SITE_URL}/…")) for one in made]
    context = {"call": call, "subject": subject, "change": SimpleNamespace(reason=reason), "told": told}
    context |= {"url": Link(f"{settings.SITE_URL}/…"), "user": NAME.sample}
    kind = kind_named(FORM_CHANGED)
    return render(kind, language, context, own_words(kind.texts, context))


@dataclass(frozen=True, slots=True)
class LackTold:
    """Something a draft lacks, with the address of its field."""

    section: Any
    question: Any
    sentence: str
    url: str


# Stands for the place of a section while its address is drawn.
PLACE = 987654321


@lru_cache(maxsize=16)
def _section_path(language: str, _prefix: str) -> str:
    return path_of("calls:section", {"pk": MARK, "order": PLACE}, language)


def lacks_in(submission: Submission, lacks: Iterable[Any], places: Mapping[Any, int], language: str) -> list[LackTold]:
    """What `submission` lacks, as its people are told in that language; `places` are those of sections, by key.

    The address of a section is drawn once: a ladder tells thousands.
    """
    drawn = settings.SITE_URL + _section_path(language, get_script_prefix()).replace(str(MARK), str(submission.pk))
    before, after = drawn.split(str(PLACE))
    return [
        LackTold(
            lack.section,
            lack.question,
            lack.sentence,
            Link(f"{before}{places[lack.section.pk] if lack.section else 0}{after}#{lack.anchor}"),
        )
        for lack in lacks
    ]


def closing_soon(submission: Submission, step: str, recipients: Iterable[User], lacks: list[LackTold]) -> int:
    """Say that the close is near and what this draft still lacks, each with a link straight to its field.

    Returns how many messages were asked for.
    """
    closes = submission.closes_at
    context = {"call": submission.call, "lacks": lacks, "closes": deadline(closes)}
    return _write(CLOSING, submission, recipients, "check", step, expires_at=closes, **context)
