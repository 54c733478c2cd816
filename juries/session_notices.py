"""What people are told when a session changes: the dates, days and place they planned their own days by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.models import City
from bethune_smartcity.notifications.operations import gathering, notify
from calls.models import Submission
from calls.workflow import SubmissionState
from juries.models import Juror, Panel, Recusal

from .notices import FINALE_CHANGED, SESSION_CHANGED, deadline, pitch_hour

days = lazy(wording.days, str)

LABELS = {
    "due_at": _("When sheets are due"),
    "days": _("Day"),
    "place": _("Place"),
    "access": _("How to come and get in"),
    "deck_due_at": _("When your answer and your deck are due"),
}
# Days, place and access are a finale's: no page tells those of a reading.
OF_A_READING = ("due_at",)
TO_JURORS = (*OF_A_READING, "days", "place", "access")
TO_FINALISTS = ("days", "place", "access", "deck_due_at")


@dataclass(frozen=True)
class Change:
    """Something that changed: its name, what was told before and what holds now, empty where it is not set."""

    label: Any
    before: Any
    after: Any


def session_changed(panel: Panel, before: Mapping[str, Any], *, step: str, by: Any) -> None:
    """Tell those who sit on `panel`, and the finalists of a finale, what one act of `by` changed of its settings, which
    were `before`; nobody what changes nothing for them.
    """
    after = {name: getattr(panel, name) for name in before}
    is_finale = panel.stage == Panel.Stage.FINALE
    with gathering():
        _tell_jurors(panel, changes(before, after, TO_JURORS if is_finale else OF_A_READING), step, by)
        if is_finale:
            _tell_finalists(panel, changes(before, after, TO_FINALISTS), step, by)
    if is_finale and before["deck_due_at"] != after["deck_due_at"]:
        _tell_hours_again(panel)


def changes(before: Mapping[str, Any], after: Mapping[str, Any], names: tuple[str, ...]) -> list[Change]:
    """What differs between those settings, of what is named, in that order. Access is told where the programme is."""
    has_page = bool(after["held_from"] or after["place"])
    told = [name for name in names if has_page or name != "access"]
    facts = [(name, _fact(name, before), _fact(name, after)) for name in told]
    return [Change(LABELS[name], _words(name, old), _words(name, new)) for name, old, new in facts if old != new]


def _fact(name: str, settings: Mapping[str, Any]) -> Any:
    if name != "days":
        return settings[name]
    first = settings["held_from"]
    return first and (first, settings["held_until"] or first)


def _words(name: str, fact: Any) -> Any:
    """The fact in the reader's language, written where the message is."""
    if not fact or name in {"place", "access"}:
        return fact
    return days(*fact) if name == "days" else deadline(fact)


def _tell_jurors(panel: Panel, changed: list[Change], step: str, by: Any) -> None:
    aside = Recusal.objects.filter(juror=OuterRef("pk"), submission__isnull=True)
    seats = Juror.objects.filter(~Exists(aside), panel=panel, left_at__isnull=True)
    readers = User.objects.filter(juries__in=seats.values("pk"), is_active=True).exclude(pk=by.pk).order_by("pk")
    context = {"call": panel.call, "stage": panel.stage, "changes": changed}
    room: dict[str, Any] = {"page": "juries:room", "keys": {"pk": panel.pk}}
    if changed:
        notify(SESSION_CHANGED, subject=panel, recipients=readers, step=step, context=context, **room)


def _tell_finalists(panel: Panel, changed: list[Change], step: str, by: Any) -> None:
    """Those who know that they are finalists. Those who do not yet were told nothing that changes: with the decision
    they read the day and the place as they are then, on their page.
    """
    if not changed:
        return
    known = _finalists(panel).filter(Q(decision_public_at__isnull=True) | Q(decision_public_at__lte=clock.now()))
    context = {"call": panel.call, "changes": changed, "city": City.current()}
    for one in known:
        members = User.objects.filter(memberships__structure=one.structure_id, is_active=True).exclude(pk=by.pk)
        page: dict[str, Any] = {"page": "juries:attendance", "keys": {"pk": one.pk}}
        notify(FINALE_CHANGED, subject=one, recipients=members, step=step, context=context, **page)


def _tell_hours_again(panel: Panel) -> None:
    """The hour of a pitch, which waits for the decision to be public, says by when the deck is due."""
    waiting = _finalists(panel).filter(decision_public_at__gt=clock.now())
    for slot in panel.slots.filter(submission__in=waiting).select_related("submission", "panel__call"):
        pitch_hour(slot)


def _finalists(panel: Panel) -> Any:
    return Submission.objects.filter(call=panel.call_id, state=SubmissionState.SHORTLISTED).order_by("number")
