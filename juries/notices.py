"""What people are told about juries: one message kind and one function for each event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.core.text import hold_signs, one_line
from bethune_smartcity.notifications.groups import Group, register_group
from bethune_smartcity.notifications.kinds import Audience, Kind, Urgency, kind_named, register_kind
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import gathering, notify, supersede
from bethune_smartcity.notifications.paths import path_of
from bethune_smartcity.notifications.secrets import call_off, send_secret
from calls.models import CallAgent, Submission
from calls.workflow import SubmissionState
from juries.left_to_read import ToRead
from juries.models import Assignment, Attendance, Award, Juror, Mention, Panel, Recusal, SeatInvitation, Slot
from juries.workflow import PanelState

from .message_texts import TEXTS

# Written in the reader's language: the text is made when the message is.
deadline = lazy(wording.deadline, str)
instant = lazy(wording.instant, str)
amount = lazy(wording.amount, str)

OPENED = "juries.panel_opened"
LINK = "juries.link_declared"
ANSWERED = "juries.link_answered"
SLOT = "juries.slot"
DECISION = "juries.decision"
MENTIONED = "mention"
"""The outcome of a finalist without a prize to whom the jury gives a special mention."""
REMINDER = "juries.reminder"
BALLOT = "juries.ballot"
SEAT = "juries.seat"
SEAT_PLACE = "seat:"
BALLOT_PLACE = "ballot-link:"
NUDGE = "juries.nudge"
SECOND = "juries.second_reading"
GIVEN = "juries.readings_given"
ENDED = "juries.seat_ended"
EXPECTED = "juries.expected"
FINALIST = "juries.finalist"
DECK = "juries.deck"
SESSION_CHANGED = "juries.session_changed"
FINALE_CHANGED = "juries.finale_changed"
# What jurors choose about, and what they read of it.
REMINDERS = "juries.reminders"
REMINDED = (_("Reminders of sheets to hand in"), _("How many sheets are left, before the date and after it."))


def register_kinds() -> None:
    """Name the messages of this app; called when the portal starts."""
    told = {
        OPENED: (_("Sheets open"), Audience.JURORS, Urgency.ACT),
        LINK: (_("Link declared by a juror"), Audience.JURORS, Urgency.ACT),
        ANSWERED: (_("Answer to the link you declared"), Audience.JURORS, Urgency.PROOF),
        SLOT: (_("Hour of a pitch"), Audience.APPLICANTS, Urgency.ACT),
        DECISION: (_("Decision of the jury"), Audience.APPLICANTS, Urgency.PROOF),
        REMINDER: (_("Sheets to hand in"), Audience.JURORS, Urgency.ACT),
        NUDGE: (_("Reminder to a juror"), Audience.JURORS, Urgency.ACT),
        SECOND: (_("Second reading open"), Audience.JURORS, Urgency.ACT),
        GIVEN: (_("More applications to read"), Audience.JURORS, Urgency.ACT),
        ENDED: (_("Your seat on a jury has ended"), Audience.JURORS, Urgency.PROOF),
        EXPECTED: (_("Finalist: answer or deck awaited"), Audience.APPLICANTS, Urgency.ACT),
        SESSION_CHANGED: (_("Dates or place of a jury changed"), Audience.JURORS, Urgency.ACT),
        FINALE_CHANGED: (_("Dates or place of your finale changed"), Audience.APPLICANTS, Urgency.ACT),
        FINALIST: (_("A finalist answers"), Audience.AGENTS, Urgency.ACT),
        DECK: (_("The deck of a finalist is received"), Audience.AGENTS, Urgency.NEWS),
    }
    for name, (label, audience, urgency) in told.items():
        template = f"juries/emails/{name.split('.')[1]}"
        about: dict[str, Any] = {"audience": audience, "urgency": urgency, "texts": TEXTS.get(name, ())}
        group = REMINDERS if name == REMINDER else ""
        register_kind(Kind(name, label, template, group=group, waits=name in {SLOT, DECISION}, **about))
    register_group(Group(REMINDERS, *REMINDED, Audience.JURORS))
    register_kind(
        Kind(BALLOT, _("Link to the ballot"), template="juries/emails/ballot", sensitive=True, keeps_address=False)
    )
    register_kind(Kind(SEAT, _("Invitation of a juror"), template="juries/emails/seat", sensitive=True))


def seat_offered(invitation: SeatInvitation, token: str) -> Message:
    """Write someone the link to their seat, in their language; no copy is kept once it has left. Returns the row."""
    with translation.override(invitation.language):
        path = reverse("juries:invitation", kwargs={"token": token})
        until = wording.instant(invitation.expires_at)
        context = {"invitation": invitation, "call": invitation.panel.call, "until": until, "city": City.current()}
        context |= {"url": Link(settings.SITE_URL + path), "stage": invitation.panel.get_stage_display()}
        subject = render_to_string("juries/emails/seat.subject.txt", context)
        body = render_to_string("juries/emails/seat.txt", context)
    return send_secret(
        kind_named(SEAT),
        key=seat_key(invitation),
        good_until=invitation.expires_at,
        address=invitation.email,
        subject=one_line(hold_signs(subject) if invitation.language == "fr" else subject),
        body=hold_signs(body) if invitation.language == "fr" else body,
        user=invitation.juror.user if invitation.juror else None,
        language=invitation.language,
    )


def seat_withdrawn(invitation: SeatInvitation) -> None:
    """Keep a link that no longer opens anything from leaving, if it did not yet."""
    call_off(seat_key(invitation))


def seat_key(invitation: SeatInvitation) -> str:
    return f"{SEAT_PLACE}{invitation.pk}"


def opened(panel: Panel) -> None:
    """Tell the jurors who have something to read that their sheets are open, and until when."""
    readings = Assignment.objects.filter(juror__panel=panel)
    readers = User.objects.filter(juries__in=readings.values("juror"), is_active=True).distinct().order_by("pk")
    _tell_opened(panel, readers)


def _tell_opened(panel: Panel, readers: Iterable[User]) -> None:
    context = {"panel": panel, "call": panel.call, "due": deadline(panel.due_at) if panel.due_at else ""}
    notify(OPENED, subject=panel, recipients=readers, page="juries:room", keys={"pk": panel.pk}, context=context)


def called_up(panel: Panel, juror: Juror) -> None:
    """Tell a substitute who takes readings over that sheets are open, and until when."""
    _tell_opened(panel, [juror.user])


# So many of the applications left to read are named in a reminder.
NAMED = 5


def named(panel: Panel, left: Sequence[ToRead], language: str) -> dict[str, Any]:
    """What a text says of the applications `left` to a juror: how many, the first few with their sheets, the others."""
    first = [one for one in left[:NAMED] if one.name]
    keys = [{"pk": panel.pk, "submission": one.submission} for one in first]
    urls = [Link(settings.SITE_URL + path_of("juries:sheet", key, language)) for key in keys]
    told = [{"name": one.name, "url": url} for one, url in zip(first, urls, strict=True)]
    return {"left": len(left), "named": told, "others": len(left) - len(told)}


def sheets_left(panel: Panel, step: str, left: Mapping[User, Sequence[ToRead]], *, is_late: bool) -> int:
    """Tell each juror how many sheets they have still to hand in, by when, and of which applications.

    Returns how many messages.
    """
    due = deadline(panel.due_at) if panel.due_at else ""
    return sum(
        notify(
            REMINDER,
            subject=panel,
            recipients=[user],
            page="juries:room",
            keys={"pk": panel.pk},
            step=step,
            expires_at=None if is_late else panel.due_at,
            context={
                "panel": panel,
                "call": panel.call,
                "due": due,
                "is_late": is_late,
                **named(panel, readings, user.language),
            },
        )
        for user, readings in left.items()
    )


def nudged(juror: Juror, left: Sequence[ToRead]) -> None:
    """Remind a juror of the sheets they have `left`, of which applications, and until when."""
    panel = juror.panel
    due = deadline(panel.due_at) if panel.due_at else ""
    step = f"{juror.nudged_at:%Y%m%d%H%M}"
    is_late = panel.due_at is not None and panel.due_at <= clock.now()
    told = named(panel, left, juror.user.language)
    context = {"panel": panel, "call": panel.call, "due": due, "is_late": is_late, **told}
    notify(NUDGE, subject=juror, recipients=[juror.user], step=step, context=context, **_room(panel))


def second_reading(panel: Panel) -> None:
    """Tell the jurors who have something new to read that the second reading is open, and until when."""
    fresh = Assignment.objects.filter(juror__panel=panel, origin=Assignment.Origin.SECOND)
    readers = User.objects.filter(juries__in=fresh.values("juror"), is_active=True).distinct().order_by("pk")
    context = {"panel": panel, "call": panel.call, "due": deadline(panel.due_at) if panel.due_at else ""}
    notify(SECOND, subject=panel, recipients=readers, page="juries:room", keys={"pk": panel.pk}, context=context)


def readings_given(given: Mapping[int, int], step: str) -> None:
    """Tell jurors, by their keys, how many applications one act gave them once their sheets are open."""
    seats = Juror.objects.filter(pk__in=given, panel__state=PanelState.OPEN, left_at__isnull=True, user__is_active=True)
    with gathering():
        for seat in seats.select_related("panel__call", "user").order_by("pk"):
            panel = seat.panel
            due = deadline(panel.due_at) if panel.due_at else ""
            context = {"call": panel.call, "due": due, "given": given[seat.pk]}
            notify(GIVEN, subject=seat, recipients=[seat.user], step=step, context=context, **_room(panel))


def seat_ended(juror: Juror, *, is_replaced: bool) -> None:
    """Thank someone whose seat goes to a substitute, or who is taken off the panel, and say that their room is shut."""
    panel = juror.panel
    context = {"call": panel.call, "stage": panel.stage, "is_replaced": is_replaced}
    recipients = User.objects.filter(pk=juror.user_id, is_active=True)
    notify(ENDED, subject=panel, recipients=recipients, step=str(juror.pk), context=context, **_of_call(panel))


def link_declared(recusal: Recusal) -> None:
    """Tell who leads a panel on which a recusal is in force, and does not stand aside from its application as well,
    that it waits for their answer; where nobody is left who does, the agents with the jury's right.
    """
    for panel in recusal.panels().exclude(state=PanelState.PROCLAIMED):
        others = _in_charge(panel, recusal.submission).exclude(pk=recusal.juror.user_id)
        leads = _leading(panel).values("user")
        notify(
            LINK,
            subject=recusal,
            recipients=list(others.filter(pk__in=leads)) or others,
            page="juries:chair",
            keys={"pk": panel.pk},
            step=recusal.category,
            context={"recusal": recusal, "call": panel.call},
        )


def link_answered(recusal: Recusal, *, is_link: bool) -> None:
    """Tell a juror what became of the link they declared: it stands, or there is none. Not one who left.

    The application is named where their room shows it: among those they stand aside from, or may read again.
    """
    seat = _seat_told(recusal)
    if seat is None:
        return
    again = None if is_link else Assignment.objects.readable_by(seat.user).filter(submission=recusal.submission_id)
    reading = None if again is None else again.select_related("juror__panel__call", "juror__user").first()
    is_shut = seat.is_shut  # type: ignore[attr-defined]
    is_named = not is_shut if is_link else reading is not None
    seat = reading.juror if reading else seat
    title = recusal.submission.title if recusal.submission and is_named else ""
    told = {"call": seat.panel.call, "title": title, "is_link": is_link, "is_shut": is_shut}
    notify(
        ANSWERED,
        subject=seat,
        recipients=[seat.user],
        step=f"{recusal.pk}-{'link' if is_link else 'none'}",
        context={**told, "is_whole": recusal.submission_id is None},
        **(_of_call(seat.panel) if is_shut else _room(seat.panel)),
    )


def _seat_told(recusal: Recusal) -> Juror | None:
    """The seat at which the juror of `recusal` is told of the answer: one whose room is open, else with `is_shut`."""
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    seats = Juror.objects.filter(panel__in=recusal.panels().values("pk"), user=recusal.juror.user_id)
    seats = seats.filter(left_at__isnull=True, user__is_active=True)
    seats = seats.select_related("panel__call", "user").annotate(is_shut=Exists(aside))
    return seats.order_by("is_shut", "panel__stage").first()


def _room(panel: Panel) -> dict[str, Any]:
    return {"page": "juries:room", "keys": {"pk": panel.pk}}


def _of_call(panel: Panel) -> dict[str, Any]:
    """The page for those whose room is shut."""
    return {"page": "calls:detail", "keys": {"slug": panel.call.slug}}


def _tell(
    kind: str,
    submission: Submission,
    step: str,
    due_at: datetime | None,
    *,
    to: Iterable[User] | None = None,
    **context: Any,
) -> None:
    """Write to the people of the structure that applies, or `to` some of them."""
    members = User.objects.filter(memberships__structure=submission.structure_id, is_active=True)
    notify(
        kind,
        subject=submission,
        recipients=members if to is None else to,
        page="calls:submission",
        keys={"pk": submission.pk},
        step=step,
        context={"city": City.current(), **context},
        due_at=due_at,
    )


def pitch_hour(slot: Slot) -> None:
    """Tell a finalist when they pitch, once they may know that they are one, and that an hour told before is past use.

    To be called once a slot: another draw makes others.
    """
    is_moved = supersede(SLOT, slot.submission)
    tell_hour(slot, slot.submission.decision_public_at, is_moved=is_moved)


def tell_hour(slot: Slot, at: datetime | None, *, is_moved: bool = False, to: Iterable[User] | None = None) -> None:
    """Tell a finalist, or `to` some of its people, from that instant on, when they pitch."""
    panel = slot.panel
    due = deadline(panel.deck_due_at) if panel.deck_due_at else ""
    context = {"call": panel.call, "slot": slot, "starts": instant(slot.starts_at, weekday=True), "due": due}
    _tell(SLOT, slot.submission, f"slot-{slot.pk}", at, to=to, is_moved=is_moved, **context)


def finalist_reminded(panel: Panel, submission: Submission, step: str) -> int:
    """Remind a finalist (with `is_confirmed`) of what is still awaited of them, and by when. Returns how many."""
    due = deadline(panel.deck_due_at) if panel.deck_due_at else ""
    is_confirmed = submission.is_confirmed  # type: ignore[attr-defined]
    return notify(
        EXPECTED,
        subject=submission,
        recipients=User.objects.filter(memberships__structure=submission.structure_id, is_active=True),
        page="juries:attendance",
        keys={"pk": submission.pk},
        step=step,
        context={"call": panel.call, "due": due, "is_confirmed": is_confirmed, "city": City.current()},
        expires_at=panel.deck_due_at,
    )


def finalist_answered(word: Attendance) -> None:
    """Tell those who organise or lead a finale that a finalist comes, or does not, and why."""
    _tell_organisers(FINALIST, word, f"{word.state}-{word.answered_at:%Y%m%d%H%M%S}")


def deck_received(word: Attendance) -> None:
    """Tell them that the deck of a finalist is there."""
    _tell_organisers(DECK, word, "")


def _tell_organisers(kind: str, word: Attendance, step: str) -> None:
    panel, submission = word.panel, word.submission
    notify(
        kind,
        subject=submission,
        recipients=_in_charge(panel, submission),
        page="juries:organise",
        keys={"pk": panel.pk},
        step=step,
        context={"call": panel.call, "word": word},
    )


def _leading(panel: Panel) -> QuerySet[Juror]:
    """The seats from which `panel` is led, but one left, or whose holder stands aside from the whole session."""
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    led = Juror.objects.filter(Q(is_chair=True) | Q(is_secretary=True), panel=panel, left_at__isnull=True)
    return led.filter(~Exists(aside))


def _in_charge(panel: Panel, submission: Submission | None) -> QuerySet[User]:
    """The agents with the jury's right and those who lead the panel, without people of an applicant of the call and
    those who stand aside from `submission`, if any, or from the whole session.
    """
    rights = CallAgent.objects.filter(user=OuterRef("pk"), call=panel.call_id, right=CallAgent.Right.JURY)
    leads = _leading(panel).filter(user=OuterRef("pk"))
    applied = Submission.objects.filter(call=panel.call_id).exclude(state=SubmissionState.WITHDRAWN)
    members = Membership.objects.filter(user=OuterRef("pk"), structure__in=applied.values("structure"))
    aside = Recusal.objects.filter(juror__user=OuterRef("pk"), submission=submission, submission__isnull=False)
    session = Recusal.objects.filter(juror__user=OuterRef("pk"), juror__panel=panel, submission__isnull=True)
    in_charge = Exists(rights) & ~Exists(session) | Exists(leads)
    return User.objects.filter(in_charge, ~Exists(members), ~Exists(aside), is_active=True).order_by("pk")


def decision_step(panel: Panel) -> str:
    """The key under which the decisions of `panel` are told."""
    return f"panel-{panel.pk}"


def decided(
    panel: Panel, submission: Submission, outcome: str, public_at: datetime, *, to: Iterable[User] | None = None
) -> None:
    """Tell an applicant, or `to` some of its people, what was decided, at the aware instant it is public.

    `outcome`: keep (shortlisted), reserve, decline, elect (laureate) or `MENTIONED`.
    """
    awards = [
        {"prize": award.prize, "amount": amount(award.amount) if award.amount else "", "support": award.support}
        for award in Award.objects.filter(submission=submission).select_related("prize")
    ]
    context = {"call": panel.call, "stage": panel.stage, "outcome": str(outcome), "awards": awards}
    context["mention"] = Mention.objects.filter(submission=submission).values_list("words", flat=True).first() or ""
    _tell(DECISION, submission, decision_step(panel), public_at, to=to, **context)
