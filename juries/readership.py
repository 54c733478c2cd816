"""Who may read what this app's messages are about, as its pages say it."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.newcomers import register_anew, register_joined
from bethune_smartcity.notifications.operations import step_of
from bethune_smartcity.notifications.readership import Key, Readers, register_readers, register_standing
from calls.models import Submission
from calls.readership import OF_APPLICANTS, joined
from juries import notices
from juries.aside import apart
from juries.models import Award, BallotLink, Juror, Mention, Panel, Proposal, Recusal, SeatInvitation, Slot
from juries.queries.panels import panels_as
from juries.rules import seats
from juries.workflow import PanelState, SeatInvitationState

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


def _offered(about: Any) -> QuerySet[SeatInvitation]:
    """The offer of a seat of that key, if following its link still seats someone, or opens the seat they have."""
    seated = Juror.objects.filter(panel=OuterRef("panel"), user__email__iexact=OuterRef("email"))
    seats_still = Q(panel__state__in=(PanelState.PREPARATION, PanelState.OPEN))
    is_theirs = Q(juror__isnull=False) | Exists(seated)
    offered = SeatInvitation.objects.filter(seats_still | is_theirs, pk=about, state=SeatInvitationState.PENDING)
    return offered.exclude(panel__state=PanelState.PROCLAIMED)


OFFERED = Compiled(_offered, about=SeatInvitation._meta.pk)


def _seat_stands(_moment: Any) -> Q:
    """Its row says what it is about in its key alone: a link is nobody's to look at."""
    key = Substr("key", len(notices.SEAT_PLACE) + 1)
    return Q(OFFERED.holds(about=Key(key, model=SeatInvitation)))


def _voting(about: Any, moment: Any) -> QuerySet[BallotLink]:
    """The link to a ballot of that key, if following it still votes: it is not used, and its vote takes ballots."""
    live = BallotLink.objects.filter(pk=about, used_at__isnull=True, expires_at__gt=moment)
    return live.filter(vote__opens_at__lte=moment, vote__closes_at__gt=moment, vote__counted_at__isnull=True)


VOTING = Compiled(_voting, about=BallotLink._meta.pk, moment=Message._meta.get_field("due_at"))


def _ballot_stands(moment: Any) -> Q:
    """Its row says in its key alone which link it carries, and nothing of whom it goes to."""
    key = Substr("key", len(notices.BALLOT_PLACE) + 1)
    return Q(VOTING.holds(about=Key(key, model=BallotLink), moment=moment))


OF_FINALISTS = Readers(Submission, _answers(organising=False), _answers(organising=True))
OF_LINKS = Readers(Recusal, _links(organising=False), _links(organising=True))


def hour_to_newcomer(message: Message, user: User) -> None:
    """Tell someone who joined a finalist when it pitches, as `message` tells the others; no hour of a former draw."""
    slots = Slot.objects.filter(pk=step_of(message).removeprefix("slot-"))
    for slot in slots.select_related("panel__call", "submission"):
        notices.tell_hour(slot, message.due_at, to=[user])


def decision_to_newcomer(message: Message, user: User) -> None:
    """Tell someone who joined an applicant what was decided, as `message` tells the others."""
    panel = Panel.objects.select_related("call").filter(pk=step_of(message).removeprefix("panel-")).first()
    submission = Submission.objects.select_related("call").get(pk=message.about_id)
    if panel and (outcome := outcome_of(panel, submission)):
        notices.decided(panel, submission, outcome, message.due_at, to=[user])


def outcome_of(panel: Panel, submission: Submission) -> str:
    """What `panel` decided of an application, in the words of `notices.decided`; empty when it did not."""
    if panel.stage == Panel.Stage.FINALE:
        if Award.objects.filter(submission=submission).exists():
            return "elect"
        is_mentioned = Mention.objects.filter(submission=submission).exists()
        return notices.MENTIONED if is_mentioned else Proposal.Verdict.DECLINE
    proposed = Proposal.objects.filter(panel=panel, submission=submission)
    return proposed.values_list("verdict", flat=True).first() or ""


def register() -> None:
    """Called when the portal starts. That a seat has ended is told to whoever held it."""
    register_readers((notices.SLOT, notices.DECISION, notices.EXPECTED, notices.FINALE_CHANGED), OF_APPLICANTS)
    register_readers((notices.OPENED, notices.REMINDER, notices.SECOND, notices.SESSION_CHANGED), OF_ROOMS)
    register_readers((notices.NUDGE, notices.GIVEN), OF_SEATS)
    register_readers([notices.ANSWERED], OF_ANSWERS_TO_JURORS)
    register_readers((notices.FINALIST, notices.DECK), OF_FINALISTS)
    register_readers([notices.LINK], OF_LINKS)
    register_standing(notices.SEAT, _seat_stands)
    register_standing(notices.BALLOT, _ballot_stands)
    register_joined((notices.SLOT, notices.DECISION, notices.EXPECTED, notices.FINALE_CHANGED), joined)
    register_anew(notices.SLOT, hour_to_newcomer)
    register_anew(notices.DECISION, decision_to_newcomer)
