"""Who may read what this app's messages are about, as its pages say it."""

from typing import Any

from django.db.models import F, QuerySet

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.newcomers import register_anew, register_joined
from bethune_smartcity.notifications.readership import Readers, register_readers
from calls.models import Submission
from calls.readership import OF_APPLICANTS, joined
from juries import notices
from juries.aside import apart
from juries.models import Juror, Panel, Recusal
from juries.queries.panels import panels_as
from juries.rules import seats

PERSON = User._meta.pk


def _answers(*, organising: bool) -> Compiled:
    """The application of a finalist, for those who see the panel of its finale and do not stand aside from it."""

    def seen(user: Any, about: Any) -> QuerySet[Submission]:
        panels = panels_as(user, organising=organising).filter(stage=Panel.Stage.FINALE)
        return Submission.objects.filter(apart(user), pk=about, call__in=panels.order_by().values("call"))

    return Compiled(seen, user=PERSON, about=Submission._meta.pk)


def _links(*, organising: bool) -> Compiled:
    """A link that was declared, for those who see a panel of its call and do not stand aside from its application."""

    def seen(user: Any, about: Any) -> QuerySet[Recusal]:
        panels = panels_as(user, organising=organising).order_by()
        own = F("juror__panel__call")
        declared = Recusal.objects.filter(apart(user, "submission"), pk=about).alias(of=own)
        return declared.filter(of__in=panels.values("call"))

    return Compiled(seen, user=PERSON, about=Recusal._meta.pk)


OF_ROOMS = Readers(
    Panel,
    Compiled(lambda user, about: seats(user).filter(panel=about), user=PERSON, about=Panel._meta.pk),
)
OF_SEATS = Readers(Juror, Compiled(lambda user, about: seats(user).filter(pk=about), user=PERSON, about=Juror._meta.pk))
OF_ANSWERS_TO_JURORS = Readers(
    Juror,
    Compiled(
        lambda user, about: Juror.objects.filter(pk=about, user=user, left_at__isnull=True),
        user=PERSON,
        about=Juror._meta.pk,
    ),
)
"""Who stands aside from a whole session is told so all the same."""
OF_FINALISTS = Readers(Submission, _answers(organising=False), _answers(organising=True))
OF_LINKS = Readers(Recusal, _links(organising=False), _links(organising=True))


def register() -> None:
    """Called when the portal starts. That a seat has ended is told to whoever held it."""
    register_readers((notices.SLOT, notices.DECISION, notices.EXPECTED, notices.FINALE_CHANGED), OF_APPLICANTS)
    register_readers((notices.OPENED, notices.REMINDER, notices.SECOND, notices.SESSION_CHANGED), OF_ROOMS)
    register_readers((notices.NUDGE, notices.GIVEN), OF_SEATS)
    register_readers([notices.ANSWERED], OF_ANSWERS_TO_JURORS)
    register_readers((notices.FINALIST, notices.DECK), OF_FINALISTS)
    register_readers([notices.LINK], OF_LINKS)
    register_joined((notices.SLOT, notices.DECISION, notices.EXPECTED, notices.FINALE_CHANGED), joined)
    register_anew(notices.SLOT, notices.hour_to_newcomer)
    register_anew(notices.DECISION, notices.decision_to_newcomer)
