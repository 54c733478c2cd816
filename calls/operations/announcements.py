"""What a call announces beside its form and deadlines: pillars, partners, calendar steps, rules."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import Partner
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.instants import check_near
from bethune_smartcity.core.language import in_each
from bethune_smartcity.lifecycle.moves import record
from calls.models import Call, CallDate, RulesVersion, Submission
from calls.phases import Phase
from pillars.models import Pillar

ENDS_FIRST = _("A step ends after it begins.")
# What a step of a calendar moves by; what else it says changes without a move.
MOVES_BY = ("at", "ends_at", "with_time", "online_at", *in_each("place"))


def check_pillars_unused(call: Call, dropped: set[Pillar]) -> None:
    """Raise Conflict when an application to `call` has one of `dropped` as its main pillar, or when the call has opened
    and is sealed: then which ones were chosen is nobody's to know.
    """
    if dropped and call.is_under_seal and call.phase not in {Phase.DRAFT, Phase.ANNOUNCED}:
        sentence = _("Applications to this call are sealed: its pillars stay.")
        raise Conflict("pillar_sealed", sentence, field="pillars")
    if Submission.objects.filter(call=call, pillar__in=dropped).exists():
        raise Conflict("pillar_used", _("An application has chosen this pillar: it stays."), field="pillars")


@transaction.atomic
def set_scope(call: Call, *, pillars: Iterable[Pillar], partners: Iterable[Partner], by: Any) -> Call:
    """Say which pillars `call` is about and which partners carry it. Returns it.

    Raises Forbidden, Invalid (no pillar left on a public call) or Conflict (a pillar applications have chosen).
    """
    require(by, "calls.configure_call", call)
    wanted: dict[str, set[Any]] = {"pillars": set(pillars), "partners": set(partners)}
    before: dict[str, set[Any]] = {name: set(getattr(call, name).all()) for name in wanted}
    changed = sorted(name for name in wanted if wanted[name] != before[name])
    if not wanted["pillars"] and call.phase != Phase.DRAFT:
        raise Invalid("no_pillar", _("A public call is about one pillar at least."), field="pillars")
    check_pillars_unused(call, before["pillars"] - wanted["pillars"])
    for name in changed:
        getattr(call, name).set(wanted[name])
    if changed:
        record(call, "edit", by=by, data={"fields": changed})
    return call


def check_step(step: CallDate) -> None:
    """Raise Invalid when `step` is too far off, ends before it begins, says who may come and not where, or where to
    register though one does not.
    """
    check_near(step.at, field="at")
    if step.ends_at is not None:
        check_near(step.ends_at, field="ends_at")
        if step.ends_at <= step.at:
            raise Invalid("ends_first", ENDS_FIRST, field="ends_at")
    on_registration = step.attendance == CallDate.Attendance.REGISTRATION
    if step.register_at and not on_registration:
        sentence = _("An address for registration goes with “on registration”.")
        raise Invalid("no_registration", sentence, field="register_at")
    if step.attendance and not step.is_somewhere:
        raise Invalid("no_place", _("Say where one comes: a place, or an address online."), field="attendance")


@transaction.atomic
def keep_step(step: CallDate, *, by: Any) -> CallDate:
    """Keep a step of a call's calendar, new or changed; what calendars are told of it follows. Returns it.

    Raises Forbidden or Invalid.
    """
    require(by, "calls.configure_call", step.call)
    check_step(step)
    _count_changes(step)
    step.save()
    until = {"until": step.ends_at.isoformat()} if step.ends_at else {}
    record(step.call, "edit_calendar", by=by, data={"id": step.pk, "at": step.at.isoformat()} | until)
    return step


def _count_changes(step: CallDate) -> None:
    """Say on `step` how often it moved, and when it last became what it is, seen from how it is kept."""
    kept = CallDate.objects.select_for_update(no_key=True).filter(pk=step.pk).first()
    if kept is None:
        step.changed_at = clock.now()
        return
    changed = {
        field.attname
        for field in CallDate._meta.concrete_fields
        if field.editable and (getattr(kept, field.attname) or "") != (getattr(step, field.attname) or "")
    }
    step.sequence = kept.sequence + (not changed.isdisjoint(MOVES_BY))
    step.changed_at = clock.now() if changed else kept.changed_at


@transaction.atomic
def remove_step(step: CallDate, *, by: Any) -> None:
    """Take a step out of a call's calendar. Raises Forbidden."""
    require(by, "calls.configure_call", step.call)
    record(step.call, "edit_calendar", by=by, data={"removed": step.pk})
    step.delete()


def is_in_force(version: RulesVersion) -> bool:
    """Whether applicants have been able to rely on that version of the rules."""
    return version.call.phase != Phase.DRAFT and version.in_force_from <= clock.today()


def check_not_in_force(version: RulesVersion) -> None:
    """Raise Conflict when the version, as it is kept, is in force."""
    kept = RulesVersion.objects.select_related("call").filter(pk=version.pk).first()
    if kept is not None and is_in_force(kept):
        raise Conflict("rules_in_force", _("This version of the rules is in force: it never changes. Write the next."))


@transaction.atomic
def keep_rules(version: RulesVersion, *, by: Any) -> RulesVersion:
    """Keep a version of a call's rules that is not in force yet; a new one takes the next number.

    Returns it. Raises Forbidden or Conflict.
    """
    call = version.call
    require(by, "calls.configure_call", call)
    check_not_in_force(version)
    if version.pk is None:
        version.number = (call.rules_versions.aggregate(last=models.Max("number"))["last"] or 0) + 1
    version.save()
    record(call, "edit_rules", by=by, data={"version": version.number})
    return version


@transaction.atomic
def remove_rules(version: RulesVersion, *, by: Any) -> None:
    """Delete a version of the rules that never was in force. Raises Forbidden or Conflict."""
    require(by, "calls.configure_call", version.call)
    check_not_in_force(version)
    record(version.call, "edit_rules", by=by, data={"removed": version.number})
    version.delete()
