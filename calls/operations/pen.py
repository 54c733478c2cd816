"""Writing an application: its row is held, whoever writes may, and what was handed in is frozen again."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.statements import Compiled
from bethune_smartcity.lifecycle.moves import record
from calls.models import Submission
from calls.queries.submissions import with_role_of
from calls.workflow import SubmissionState

from .checks import check_complete, hold_form
from .closing import check_opened, check_writable
from .versions import freeze


def _held(user: Any, pk: Any) -> QuerySet[Submission]:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("call", "structure")
    return with_role_of(user, rows.filter(pk=pk))


HELD = Compiled(_held, user=User._meta.pk, pk=Submission._meta.pk)


def lock(submission: Submission, by: Any) -> Submission:
    """`submission` as it stands in the database, its row held until the end of the transaction, with the role that
    `by` has now in the structure that applies. Raises Submission.DoesNotExist.
    """
    held: Submission | None = HELD.first(user=getattr(by, "pk", None), pk=submission.pk)
    if held is None:
        raise Submission.DoesNotExist
    held.role_known_of = getattr(by, "pk", None)  # type: ignore[attr-defined]
    return held


def check_may_write(submission: Submission, fields: Collection[str], *, by: Any) -> None:
    """Raise Forbidden or Conflict where `fields` may not be written, as far as is known without holding the row.

    Only `writing` decides. This spares the portal work that takes a while, and who may not write an answer about it.
    """
    require(by, "calls.edit_submission", submission)
    check_writable(submission)
    check_opened(submission, fields)


class Pen:
    """The row of an application, held while it is written. `columns` are those to save; none when nothing changed."""

    def __init__(self, held: Submission) -> None:
        self.held = held
        self.columns: list[str] = []

    def touch(self, fields: Collection[str], *columns: str) -> None:
        """Let the instant of the last edit, and those columns, be saved.

        Raises Conflict at the first of `fields`, those that change, that a correction does not reopen.
        """
        check_opened(self.held, fields)
        self.held.edited_at = clock.now()
        self.columns += ["edited_at", *columns]


@contextmanager
def writing(submission: Submission, by: Any) -> Iterator[Pen]:
    """Hold the row while it is written; what was handed in stays complete and is frozen again."""
    with transaction.atomic():
        pen = Pen(lock(submission, by))
        require(by, "calls.edit_submission", pen.held)
        check_writable(pen.held)
        yield pen
        if pen.columns:
            pen.held.save(update_fields=pen.columns)
            if pen.held.state == SubmissionState.SUBMITTED:
                check_complete(pen.held)
                hold_form(pen.held)
                record_change(pen.held, by=by)
    for name in pen.columns:
        setattr(submission, name, getattr(pen.held, name))


def record_change(held: Submission, *, by: Any) -> None:
    """Freeze what was handed in as it is changed now, and write it in the journal. The caller holds the row."""
    record(held, "edit", by=by, data={"version": freeze(held, by=by).number})
