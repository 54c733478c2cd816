"""Who may read what this app's messages are about, as its pages say it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import lazy

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.newcomers import register_anew, register_joined
from bethune_smartcity.notifications.readership import Readers, register_readers

from . import notices
from .audiences import audiences
from .models import Letter, Submission
from .queries.corrections import labels_asked
from .queries.submissions import submissions_as

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
    """Who has joined the structures of the applications of those keys since then. One statement."""
    seats = Membership.objects.filter(structure__submissions__in=submissions, since__gt=since, user__is_active=True)
    return seats.values_list("structure__submissions", "user", "since")


def correction_to_newcomer(message: Message, user: User) -> None:
    """Ask someone who joined for a correction, as `message` asks the others."""
    submission = Submission.objects.select_related("call").get(pk=message.about_id)
    notices.correction_asked(submission, lazy(lambda: labels_asked(submission), list)(), to=[user])


def register() -> None:
    """Called when the portal starts. Answers and dates of a call are public: they leave to whom they were written."""
    register_joined(TO_APPLICANTS, joined)
    register_anew(notices.CORRECTION, correction_to_newcomer)
    register_readers(TO_APPLICANTS, OF_APPLICANTS)
    register_readers([notices.LETTER], OF_LETTERS)
