"""Who may read what this app's messages are about, as its pages say it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import QuerySet

from bethune_smartcity.accounts.arrivals import arrived
from bethune_smartcity.accounts.models import Membership, User
from bethune_smartcity.accounts.reach import Someone
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.notifications.models import Message
from bethune_smartcity.notifications.newcomers import register_joined
from bethune_smartcity.notifications.readership import Readers, register_readers

from . import notices
from .models import Milestone, Payment, Photo, Project, ReplicationRequest
from .places import EDITORS
from .queries import followed_projects, visible_requests

PERSON = User._meta.pk
MOMENT = Message._meta.get_field("due_at")


def _followed(path: str, agent: bool, user: Any, about: Any, moment: Any) -> QuerySet[Project]:
    """The project of the row of that key, found by `path`, for those who may read its follow-up."""
    found = followed_projects(Someone(user, is_agent=agent), moment).select_related(None)
    return found.filter(**{path: about})


def readers_of(model: Any, path: str) -> Readers:
    slots: Any = {"user": PERSON, "about": model._meta.pk, "moment": MOMENT}
    anyone, agents = (Compiled(partial(_followed, path, agent), **slots) for agent in (False, True))
    return Readers(model, anyone, agents)


def _asked(user: Any, about: Any) -> QuerySet[ReplicationRequest]:
    return visible_requests(Someone(user, is_agent=True)).filter(pk=about)


OF_REQUESTS = Readers(ReplicationRequest, None, Compiled(_asked, user=PERSON, about=ReplicationRequest._meta.pk))
STEPS = (
    "projects.reported",
    "projects.accepted",
    "projects.asked_again",
    notices.STEP_DUE,
    notices.STEP_MISSING,
)
PAYMENTS = (
    "projects.requested",
    "projects.approved",
    "projects.cancelled",
    notices.PAYMENT_DUE,
    notices.PAYMENT_WAITS,
)


# Those of each kind of subject that are for the team.
TO_TEAMS = {
    "structure__projects": ("projects.opened", "projects.stage"),
    "structure__projects__milestones": (
        "projects.accepted",
        "projects.asked_again",
        notices.STEP_DUE,
        notices.STEP_MISSING,
    ),
    "structure__projects__payments": ("projects.approved", "projects.cancelled", notices.PAYMENT_DUE),
    "structure__projects__photos": ("projects.photo_judged",),
}


def _joined(path: str, keys: Collection[str], since: datetime) -> Iterable[tuple[Any, int, datetime]]:
    """Who has joined, or came back to, since then, the team of the projects whose rows of those keys `path` finds."""
    seats = Membership.objects.filter(**{f"{path}__in": keys}, role__in=EDITORS)
    return arrived(seats, path, since)


def register() -> None:
    """Called when the portal starts."""
    for path, kinds in TO_TEAMS.items():
        register_joined(kinds, partial(_joined, path))
    register_readers(("projects.opened", "projects.stage"), readers_of(Project, "pk"))
    register_readers(STEPS, readers_of(Milestone, "milestones"))
    register_readers(PAYMENTS, readers_of(Payment, "payments"))
    register_readers(("projects.photo_proposed", "projects.photo_judged"), readers_of(Photo, "photos"))
    register_readers(["projects.replication_asked"], OF_REQUESTS)
