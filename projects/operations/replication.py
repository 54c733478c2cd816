"""Another city asks how to do the same: its request is received, answered, closed, and forgotten in time."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import SYSTEM, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.limits import check_rate
from bethune_smartcity.core.text import check_plain
from bethune_smartcity.lifecycle.moves import move, record
from projects import notices
from projects.models import Project, ReplicationFile, ReplicationRequest
from projects.workflow import ReplicationState

WINDOW = timedelta(hours=1)
PER_ADDRESS = 3
PER_NETWORK = 20
KEPT_FOR = timedelta(days=730)
FILE_FIELDS = ("context", "needs", "cost", "partners", "lessons", "is_public")


def _count(what: str, address: str, most: int) -> None:
    sentence = _("Several requests were sent within the hour: try again in a while, or write to the city.")
    check_rate(f"replication:{what}", address, most=most, window=WINDOW, sentence=sentence, code="too_many_requests")


def ask_for_replication(project: Project | None, *, network: str = "", **said: Any) -> ReplicationRequest:
    """Receive the request of a city: `said` names the columns of ReplicationRequest that its contact fills.

    `network` is the client's address, for the limit it shares with its neighbours. Returns the request; its contact
    gets a receipt, the agents who run the project a message. Raises TooOften (an hour: 3 from one address, 20 from one
    network).
    """
    _count("network", network, PER_NETWORK)
    _count("address", said["email"], PER_ADDRESS)
    with transaction.atomic():
        asked = ReplicationRequest.objects.create(project=project, received_at=clock.now(), **said)
        record(asked, "receive", by=SYSTEM, to_state=asked.state)
        notices.replication_received(asked)
    return asked


def _not_forgotten(asked: ReplicationRequest) -> None:
    if asked.forgotten_at is not None:
        raise Conflict("forgotten", _("The personal data of this request were erased: nobody can be written to."))


@transaction.atomic
def answer_request(asked: ReplicationRequest, *, reply: str, by: Any) -> ReplicationRequest:
    """Write to the contact of a request, the address of the project’s replication file below the words of `reply`.

    Returns it. Raises Forbidden, Invalid (reply) or Conflict (answered already, personal data erased).
    """
    require(by, "projects.answer_replication", asked)
    if not reply.strip():
        raise Invalid("reply_missing", _("Write your answer."), field="reply")
    check_plain(reply, field="reply")
    move(asked, "answer", by=by, guard=_not_forgotten, reply=reply, answered_at=clock.now())
    notices.replication_answered(asked)
    return asked


@transaction.atomic
def close_request(asked: ReplicationRequest, *, reason: str, by: Any) -> ReplicationRequest:
    """Close a request: what came of it is the reason. Returns it. Raises Forbidden, Invalid (reason) or Conflict."""
    return move(asked, "close", by=by, reason=reason, closed_at=clock.now())


@transaction.atomic
def erase_contact(asked: ReplicationRequest, *, by: Any) -> ReplicationRequest:
    """Erase the personal data of a request at the person’s wish. Returns it. Raises Forbidden or Conflict."""
    require(by, "projects.answer_replication", asked)
    _not_forgotten(asked)
    _forget(asked, by=by)
    return asked


def _forget(asked: ReplicationRequest, *, by: Any) -> None:
    """Erase who asked and what was written; that a city asked, where and when stays."""
    blank = {"contact_name": "", "email": "", "message": "", "reply": "", "forgotten_at": clock.now()}
    ReplicationRequest.objects.filter(pk=asked.pk).update(**blank)
    for column, value in blank.items():
        setattr(asked, column, value)
    notices.forget_messages(asked)
    record(asked, "forget", by=by)


def forget_old_requests() -> int:
    """Erase the personal data of requests closed two years ago or more. Returns how many."""
    old = ReplicationRequest.objects.filter(
        state=ReplicationState.CLOSED, closed_at__lte=clock.now() - KEPT_FOR, forgotten_at__isnull=True
    )
    done = 0
    for asked in old:
        with transaction.atomic():
            _forget(asked, by=SYSTEM)
        done += 1
    return done


@transaction.atomic
def write_file(project: Project, *, by: Any, **fields: Any) -> ReplicationFile:
    """Write the replication file of a project, or write it anew (`FILE_FIELDS`, or one language’s: `needs_de`).

    Returns it. Raises Forbidden.
    """
    require(by, "projects.run_project", project)
    file, _made = ReplicationFile.objects.get_or_create(project=project)
    for name, value in fields.items():
        setattr(file, name, value)
    file.changed_at = clock.now()
    file.save()
    record(project, "write_file", by=by, data={"fields": sorted(fields)})
    return file
