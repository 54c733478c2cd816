"""The one way a state changes, and the one way an act is written down."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.access import is_system, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import check_plain

from .models import JournalEntry, Stateful

S = TypeVar("S", bound=Stateful)


def record(
    subject: models.Model,
    verb: str,
    *,
    by: Any,
    reason: str = "",
    data: dict[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
) -> JournalEntry:
    """Write a journal line about `subject` at the present instant. Returns the line.

    Raises Invalid for a reason that holds characters nobody sees.
    """
    line = _line(subject, verb, by=by, reason=reason, data=data, from_state=from_state, to_state=to_state)
    line.save(force_insert=True)
    return line


def record_each(subjects: Iterable[models.Model], verb: str, *, by: Any, data: dict[str, Any] | None = None) -> None:
    """Write the same journal line about each of `subjects` at the present instant, all at once."""
    JournalEntry.objects.bulk_create(_line(subject, verb, by=by, data=data) for subject in subjects)


def _line(
    subject: models.Model,
    verb: str,
    *,
    by: Any,
    reason: str = "",
    data: dict[str, Any] | None = None,
    from_state: str = "",
    to_state: str = "",
) -> JournalEntry:
    check_plain(reason, field="reason")
    person = getattr(by, "on_behalf_of", None) if is_system(by) else by
    return JournalEntry(
        subject_type=ContentType.objects.get_for_model(subject),
        subject_id=str(subject.pk),
        subject_label=str(subject)[:250],
        verb=verb,
        from_state=from_state,
        to_state=to_state,
        actor=person,
        actor_label=str(by)[:250],
        at=clock.now(),
        reason=reason,
        data=data or {},
    )


def move(
    obj: S,
    name: str,
    *,
    by: Any,
    guard: Callable[[S], None] | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
    **stamps: Any,
) -> S:
    """Carry out the act `name` on `obj`: state checked, permission asked, guard applied, row compared and set, journal
    line written, in one transaction.

    `guard(obj)` raises a DomainError when the world forbids the act now; `stamps` are columns written in the same
    statement as the state. Returns `obj` with its new state and stamps. Raises Forbidden, Invalid (no reason given
    where one is due) or Conflict (wrong state, or someone was faster).
    """
    act = obj.workflow[name]
    require(by, act.permission, obj)
    seen = obj.state  # type: ignore[attr-defined]
    if seen not in act.sources:
        raise Conflict("wrong_state", _("This is no longer possible: the state has changed."))
    if act.needs_reason and not reason.strip():
        raise Invalid("reason_missing", _("Give a reason."), field="reason")
    if guard is not None:
        guard(obj)
    with transaction.atomic():
        changed = type(obj)._base_manager.filter(pk=obj.pk, state=seen).update(state=act.target, **stamps)
        if changed != 1:
            raise Conflict("already_changed", _("Someone has just changed this: reload the page."))
        for column, value in {"state": act.target, **stamps}.items():
            setattr(obj, column, value)
        record(obj, name, by=by, reason=reason, data=data, from_state=seen, to_state=act.target)
    return obj
