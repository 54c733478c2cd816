"""Who may read what this app's messages are about, as its pages say it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.functional import lazy

from bethune_smartcity.accounts.arrivals import arrived
from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.newcomers import register_anew, register_joined
from bethune_smartcity.notifications.readership import Readers, register_readers

from . import notices
from .audiences import audiences
from .models import Clarification, DeadlineMove, Letter, Submission
from .queries.corrections import labels_asked
from .queries.submissions import submissions_as
from .workflow import SubmissionState

PERSON = User._meta.pk

OF_APPLICANTS = Readers(
    Submission,
    Compiled(lambda user, about: submissions_as(user).filter(pk=about), user=PERSON, about=Submission._meta.pk),
)
"""The people of a structure read what is written to them about its application."""


def _letters(user: Any, about: Any) -> QuerySet[Letter]:
    reached = Q(pk__in=[])
    for audience in audiences():
        reached |= Q(audience.reach(user), audience=audience.name)
    return Letter.objects.filter(reached, pk=about)


OF_LETTERS = Readers(Letter, Compiled(_letters, user=PERSON, about=Letter._meta.pk))

TO_APPLICANTS = (
    notices.RECEIPT,
    notices.WITHDRAWN,
    notices.SCREENED,
    notices.CORRECTION,
    notices.CLOSING,
    notices.EXTENDED,
    notices.FORM_CHANGED,
)


def joined(submissions: Collection[str], since: datetime) -> Iterable[tuple[Any, int, datetime]]:
    """Who has joined the structures of the applications of those keys since then, or came back. One statement."""
    seats = Membership.objects.filter(structure__submissions__in=submissions)
    return arrived(seats, "structure__submissions", since)


def correction_to_newcomer(message: Message, user: User) -> None:
    """Ask someone who joined for a correction, as `message` asks the others."""
    submission = Submission.objects.select_related("call").get(pk=message.about_id)
    notices.correction_asked(submission, lazy(lambda: labels_asked(submission), list)(), to=[user])


def joined_while_moved(moves: Collection[str], since: datetime) -> Iterable[tuple[Any, int, datetime]]:
    """Who has joined, since then, the structures that a moved date of those keys concerns. One statement."""
    place, moved = "structure__submissions", "structure__submissions__call__moves"
    waiting = Q(**{f"{place}__state": SubmissionState.SUBMITTED})
    drafting = Q(**{f"{place}__state": SubmissionState.DRAFT, f"{place}__call__closes_at__gt": clock.now()})
    own_end = Q(**{f"{moved}__field": "closes_at", f"{place}__extended_until__gt": F(f"{moved}__after")})
    seats = Membership.objects.filter(waiting | (drafting & ~own_end), **{f"{moved}__in": moves})
    return arrived(seats, moved, since)


def joined_while_answered(answers: Collection[str], since: datetime) -> Iterable[tuple[Any, int, datetime]]:
    """Who has joined, since then, the writers of a draft on the calls of those questions. One statement."""
    asked = "structure__submissions__call__clarifications"
    drafting = {"structure__submissions__state": SubmissionState.DRAFT, f"{asked}__in": answers}
    return arrived(Membership.objects.filter(**drafting), asked, since)


def move_to_newcomer(message: Message, user: User) -> None:
    """Tell someone who joined that a date moved, as `message` tells the others."""
    for moved in DeadlineMove.objects.select_related("call").filter(pk=message.about_id):
        notices.tell_move(moved, [user])


def answer_to_newcomer(message: Message, user: User) -> None:
    """Tell someone who joined the answer to a question, as `message` tells the others."""
    for asked in Clarification.objects.select_related("call").filter(pk=message.about_id):
        notices.tell_answer(asked, [user])


def register() -> None:
    """Called when the portal starts. Answers and dates of a call are public: they leave to whom they were
    written, and to who joined them meanwhile.
    """
    register_joined(TO_APPLICANTS, joined)
    register_joined([notices.MOVED], joined_while_moved)
    register_joined([notices.ANSWERED], joined_while_answered)
    register_anew(notices.CORRECTION, correction_to_newcomer)
    register_anew(notices.MOVED, move_to_newcomer)
    register_anew(notices.ANSWERED, answer_to_newcomer)
    register_readers(TO_APPLICANTS, OF_APPLICANTS)
    register_readers([notices.LETTER], OF_LETTERS)
