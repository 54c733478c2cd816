"""The messages a project's life sends, and to whom."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.functional import SimpleLazyObject, lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.groups import Group, register_group
from bethune_smartcity.notifications.kinds import Audience, Kind, Urgency, register_kind
from bethune_smartcity.notifications.layout import Link
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.operations import UNSENT, Mailbox, notify
from calls.models import Call, CallAgent

from .message_texts import TEXTS
from .models import Milestone, Payment, Photo, Project, ReplicationFile, ReplicationRequest
from .workflow import PaymentState, PhotoState

# Written in the reader's language: the text is made when the message is.
amount = lazy(wording.amount, str)
day = lazy(wording.day, str)

# What teams and agents choose about, and what they read of it.
STEP_DUE, STEP_MISSING = "projects.step_due", "projects.report_missing"
PAYMENT_DUE, PAYMENT_WAITS = "projects.payment_due", "projects.payment_waits"
LIFE, REMINDERS, WORK = "projects.life", "projects.reminders", "projects.work"
GROUPS = (
    Group(
        REMINDERS,
        _("Reminders of small steps"),
        _("Which step of your project is to be reported, which payment to be requested, and by which day."),
        Audience.TEAMS,
    ),
    Group(
        LIFE,
        _("Life of the project"),
        _("It opens or changes stage, a step is accepted, a payment approved, a photograph judged."),
        Audience.TEAMS,
    ),
    Group(
        WORK,
        _("Work on projects"),
        _("A step is reported, a payment requested, a photograph proposed, a city asks how to do the same."),
        Audience.AGENTS,
    ),
)


def _kind(name: str, label: Any, audience: Audience, *, group: str = "", urgency: Urgency = Urgency.NEWS) -> Kind:
    template = f"projects/emails/{name.split('.')[1]}"
    return Kind(name, label, template, audience=audience, group=group, urgency=urgency, texts=TEXTS.get(name, ()))


KINDS = (
    _kind("projects.opened", _("A project opens"), Audience.TEAMS, group=LIFE),
    _kind("projects.stage", _("A project changes stage"), Audience.TEAMS, group=LIFE),
    _kind("projects.reported", _("A step is reported as reached"), Audience.AGENTS, group=WORK, urgency=Urgency.ACT),
    _kind("projects.accepted", _("A step is accepted"), Audience.TEAMS, group=LIFE),
    _kind("projects.asked_again", _("A step is asked for again"), Audience.TEAMS, urgency=Urgency.ACT),
    _kind("projects.requested", _("A payment is requested"), Audience.AGENTS, group=WORK, urgency=Urgency.ACT),
    _kind("projects.approved", _("A payment is approved"), Audience.TEAMS, group=LIFE),
    _kind("projects.cancelled", _("A payment is cancelled"), Audience.TEAMS, urgency=Urgency.PROOF),
    _kind("projects.photo_proposed", _("A photograph is proposed"), Audience.AGENTS, group=WORK, urgency=Urgency.ACT),
    _kind("projects.photo_judged", _("A photograph is shown or not"), Audience.TEAMS, group=LIFE),
    _kind(
        "projects.replication_asked",
        _("A city asks how to do the same"),
        Audience.AGENTS,
        group=WORK,
        urgency=Urgency.ACT,
    ),
    _kind("projects.replication_receipt", _("A replication request is received"), Audience.CITIES),
    _kind("projects.replication_answer", _("A replication request is answered"), Audience.CITIES),
    _kind(STEP_DUE, _("A step is due"), Audience.TEAMS, group=REMINDERS, urgency=Urgency.ACT),
    _kind(STEP_MISSING, _("The report of a step is missing"), Audience.TEAMS, group=REMINDERS, urgency=Urgency.ACT),
    _kind(PAYMENT_DUE, _("A payment is to be requested"), Audience.TEAMS, group=REMINDERS, urgency=Urgency.ACT),
    _kind(PAYMENT_WAITS, _("A payment is to be approved"), Audience.AGENTS, group=WORK, urgency=Urgency.ACT),
)


def register() -> None:
    """Tell the portal about these kinds of messages."""
    for kind in KINDS:
        register_kind(kind)
    for group in GROUPS:
        register_group(group)


def team(project: Project) -> QuerySet[User]:
    """Owners and editors of the project's structure."""
    roles = (Membership.Role.OWNER, Membership.Role.EDITOR)
    seats = Membership.objects.filter(user=OuterRef("pk"), structure=project.structure_id, role__in=roles)
    return User.objects.filter(Exists(seats), is_active=True)


def runners(project: Project) -> QuerySet[User]:
    """The agents who follow the project's call and do not belong to its structure."""
    call = project.award.call_id if project.award else None
    rights = CallAgent.objects.filter(user=OuterRef("pk"), call=call, right=CallAgent.Right.FOLLOW)
    own = Membership.objects.filter(user=OuterRef("pk"), structure=project.structure_id)
    return User.objects.filter(Exists(rights), is_active=True, is_agent=True).exclude(Exists(own))


def mentors(project: Project) -> QuerySet[User]:
    return project.mentors.filter(is_active=True)


def tell(
    kind: str, subject: Any, project: Project, recipients: Iterable[User], *, by: Any, step: str, **context: Any
) -> None:
    """Write one message to each of `recipients` but the person who acted. `step` tells one occurrence from the next."""
    others = {user for user in recipients if user.pk != getattr(by, "pk", None)}
    notify(
        kind,
        subject=subject,
        recipients=sorted(others, key=lambda user: user.pk),
        page="projects:followup",
        keys={"slug": project.slug},
        step=step,
        context={"project": project, "call": SimpleLazyObject(lambda: call_of(project)), **context},
    )


def call_of(project: Project) -> Call | None:
    """The call that the project came from, in whose agents' words it is told; None for a project from elsewhere."""
    return project.award.call if project.award else None


def project_opened(project: Project, *, by: Any) -> None:
    tell("projects.opened", project, project, [*team(project), *mentors(project)], by=by, step="")


def stage_changed(project: Project, reason: str, *, by: Any, step: str) -> None:
    people = [*team(project), *mentors(project)]
    tell("projects.stage", project, project, people, by=by, step=step, stage=project.get_state_display, reason=reason)


def milestone_reported(milestone: Milestone, *, by: Any) -> None:
    project = milestone.project
    people = [*runners(project), *mentors(project)]
    tell("projects.reported", milestone, project, people, by=by, step=f"{milestone.reported_at:%Y%m%dT%H%M%S%f}")


def end_of(due_on: date) -> datetime:
    """The exclusive instant at which that day ends in Paris."""
    return clock.start_of(due_on + timedelta(days=1))


def milestone_due(milestone: Milestone, payments: list[Payment], *, step: str, is_late: bool) -> int:
    """Tell the team which step is to be reported, by which day, or, once it is past, what is missing of it, and the
    payments that wait for it. Returns how many.
    """
    project, due = milestone.project, day(milestone.due_on, weekday=True)
    waiting = [{"label": payment.label, "amount": amount(payment.amount)} for payment in payments]
    return notify(
        STEP_MISSING if is_late else STEP_DUE,
        subject=milestone,
        recipients=team(project).order_by("pk"),
        page="projects:report",
        keys={"slug": project.slug, "pk": milestone.pk},
        step=step,
        expires_at=None if is_late else end_of(milestone.due_on),
        context={
            "project": project,
            "call": SimpleLazyObject(lambda: call_of(project)),
            "due": due,
            "payments": waiting,
            "is_asked_again": bool(milestone.report),
        },
    )


def payment_due(payment: Payment, due_on: date, *, step: str, is_late: bool) -> int:
    """Remind whoever is to act on a payment, planned for that day: its team until it is requested, then the agents.

    Returns how many messages.
    """
    project = payment.project
    is_planned = payment.state == PaymentState.PLANNED
    keys = {"slug": project.slug, "pk": payment.pk}
    return notify(
        PAYMENT_DUE if is_planned else PAYMENT_WAITS,
        subject=payment,
        recipients=(team(project) if is_planned else runners(project)).order_by("pk"),
        page="projects:request" if is_planned else "projects:payment",
        keys=keys if is_planned else keys | {"act": "approve"},
        step=step,
        expires_at=None if is_late else end_of(due_on),
        context={
            "project": project,
            "call": SimpleLazyObject(lambda: call_of(project)),
            "due": day(due_on, weekday=True),
            "amount": amount(payment.amount),
        },
    )


def milestone_accepted(milestone: Milestone, *, by: Any) -> None:
    project = milestone.project
    tell("projects.accepted", milestone, project, [*team(project), *mentors(project)], by=by, step="")


def milestone_asked_again(milestone: Milestone, reason: str, *, by: Any, step: str) -> None:
    project = milestone.project
    tell("projects.asked_again", milestone, project, team(project), by=by, step=step, reason=reason)


def payment_requested(payment: Payment, *, by: Any) -> None:
    tell("projects.requested", payment, payment.project, runners(payment.project), by=by, step="")


def payment_approved(payment: Payment, *, by: Any) -> None:
    tell("projects.approved", payment, payment.project, team(payment.project), by=by, step="")


def payment_cancelled(payment: Payment, reason: str, *, by: Any) -> None:
    tell("projects.cancelled", payment, payment.project, team(payment.project), by=by, step="", reason=reason)


def photo_proposed(photo: Photo, *, by: Any) -> None:
    tell("projects.photo_proposed", photo, photo.project, runners(photo.project), by=by, step="")


def photo_judged(photo: Photo, reason: str, *, by: Any) -> None:
    step = f"{clock.now():%Y%m%dT%H%M%S%f}"
    shown = photo.state == PhotoState.ACCEPTED
    tell(
        "projects.photo_judged", photo, photo.project, team(photo.project), by=by, step=step, shown=shown, reason=reason
    )


def answerers(asked: ReplicationRequest) -> QuerySet[User]:
    """The agents who run the project asked about; for the programme as a whole, those who follow some call."""
    if asked.project is not None:
        return runners(asked.project)
    rights = CallAgent.objects.filter(user=OuterRef("pk"), right=CallAgent.Right.FOLLOW)
    return User.objects.filter(Exists(rights), is_active=True, is_agent=True)


def contact(asked: ReplicationRequest) -> Mailbox:
    return Mailbox(asked.email, asked.language, "contact")


def _call_asked_about(asked: ReplicationRequest) -> Call | None:
    """The call in whose agents' words a city is answered; None where it asks about the programme as a whole."""
    return call_of(asked.project) if asked.project else None


def replication_received(asked: ReplicationRequest) -> None:
    """A receipt for the contact, and a message for those who answer."""
    notify(
        "projects.replication_receipt",
        subject=asked,
        recipients=[contact(asked)],
        page="projects:list",
        keys={},
        context={"asked": asked, "call": _call_asked_about(asked), "city": City.current()},
    )
    notify(
        "projects.replication_asked",
        subject=asked,
        recipients=answerers(asked).order_by("pk"),
        page="projects:replication",
        keys={"pk": asked.pk},
        context={"asked": asked},
    )


def replication_answered(asked: ReplicationRequest) -> None:
    """The answer, with the address of the file when the project has one."""
    file = ReplicationFile.objects.filter(project=asked.project_id).select_related("project").first()
    with translation.override(asked.language):
        address = Link(settings.SITE_URL + file.get_absolute_url()) if file else ""
    notify(
        "projects.replication_answer",
        subject=asked,
        recipients=[contact(asked)],
        page="projects:list",
        keys={},
        context={"asked": asked, "call": _call_asked_about(asked), "file": address},
    )


def forget_messages(asked: ReplicationRequest) -> None:
    """Erase the address and the text of what was written about a request."""
    kind = ContentType.objects.get_for_model(asked)
    about = Message.objects.filter(about_type=kind, about_id=str(asked.pk))
    about.filter(state__in=UNSENT).update(state=Message.State.CANCELLED)
    about.update(address="", body="", subject="")
