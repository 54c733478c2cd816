"""A panel, its settings, its jurors, and the opening of its sheets."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import move, record
from calls.models import Call
from juries import notices
from juries.models import Assignment, Expertise, Juror, Panel, Recusal, Sheet
from juries.operations.checks import checked, held, require_seating
from juries.operations.dates import carry_reminders
from juries.queries.panels import criteria_of
from juries.rules import is_applicant_of
from juries.session_notices import session_changed
from juries.workflow import PanelState
from pillars.models import Pillar

from .bounds import check_bounds, check_quorum

FINALE = ("occasion", "held_from", "held_until", "place", "access", "deck_due_at")
SETTINGS = ("readings", "places", "due_at", "quorum", "basis", *FINALE)
RULES_OF_THE_SCORE = ("basis", "places")


@transaction.atomic
def create_panel(call: Call, stage: str, *, by: Any, **fields: Any) -> Panel:
    """Create the panel of a stage of `call`.

    `fields`: readings (of each application), places (to give), due_at (aware instant), quorum, basis ("adjusted" or
    "mean"), and of a finale what its programme tells: occasion, held_from and held_until (days), place, access
    (Markdown), and deck_due_at (aware instant) by which its finalists answer and send decks; what they may be is in
    `bounds`. Returns the panel, in preparation. Raises Forbidden, Invalid, or Conflict when the stage has its panel.
    """
    require(by, "juries.create_panel", call)
    if Panel.objects.filter(call=call, stage=stage).exists():
        raise Conflict("panel_exists", _("This stage has its panel already."))
    panel = Panel(call=call, stage=stage, **_settings(fields))
    checked(panel)
    check_bounds(panel, fields)
    panel.save()
    record(panel, "create", by=by)
    return panel


def _settings(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(fields) - set(SETTINGS)
    if unknown:
        raise TypeError(f"not settings of a panel: {', '.join(sorted(unknown))}")
    return dict(fields)


@transaction.atomic
def configure_panel(panel: Panel, *, by: Any, **fields: Any) -> Panel:
    """Change the settings of `panel` (those of create_panel).

    What the score depends on is settled once sheets open. Those who sit, and finalists, are told of what changes for
    their days. Returns the panel. Raises Forbidden, Invalid or Conflict.
    """
    require(by, "juries.organise_panel", panel)
    fresh = require_seating(panel)
    before = {name: getattr(fresh, name) for name in SETTINGS}
    changed = {name: value for name, value in _settings(fields).items() if before[name] != value}
    if fresh.state != PanelState.PREPARATION and set(changed) & set(RULES_OF_THE_SCORE):
        raise Conflict("rules_settled", _("Sheets are open: the official score and the places no longer change."))
    for name, value in changed.items():
        setattr(fresh, name, value)
    checked(fresh)
    check_bounds(fresh, changed)
    for name, value in changed.items():
        setattr(panel, name, value)
    if changed:
        fresh.save(update_fields=list(changed))
        line = record(panel, "configure", by=by, data={name: str(value) for name, value in changed.items()})
        carry_reminders(fresh, changed, by=by)
        session_changed(fresh, before, step=str(line.pk), by=by)
    return panel


@transaction.atomic
def seat(
    panel: Panel,
    user: User,
    *,
    by: Any,
    capacity: str = "",
    has_voice: bool = True,
    is_chair: bool = False,
    is_secretary: bool = False,
    half_time: bool = False,
    is_substitute: bool = False,
    expertise: Mapping[Pillar, str] | None = None,
) -> Juror:
    """Give `user` a seat, or change the one they have. A substitute has no voice until called up (see call_up).

    `expertise` maps pillars to "primary" or "secondary"; None leaves it as it is. The journal keeps the seat as it was
    and as it is. Returns the juror. Raises Forbidden, Invalid (a chair or secretary from an applicant or who is a
    substitute), or Conflict (locked marks, a second chair, the last who leads an open panel, someone who left, or the
    voice of who began a sheet).
    """
    require(by, "juries.organise_panel", panel)
    require_seating(panel)
    _check_lead(panel, user, is_chair=is_chair, is_secretary=is_secretary)
    juror = Juror.objects.filter(panel=panel, user=user).first() or Juror(panel=panel, user=user)
    _check_substitute(juror, is_substitute, leads=is_chair or is_secretary)
    _check_voice(juror, has_voice=has_voice, is_substitute=is_substitute)
    if not (is_chair or is_secretary):
        _check_led_without(juror, field="is_chair")
    before = None if juror.pk is None else _facts(juror)
    juror.capacity, juror.half_time = capacity, half_time
    juror.has_voice, juror.is_substitute = has_voice and not is_substitute, is_substitute
    juror.is_chair, juror.is_secretary = is_chair, is_secretary
    checked(juror, validate_constraints=False)
    juror.save()
    if expertise is not None:
        _know(juror, expertise)
    lead = {"chair": is_chair, "secretary": is_secretary}
    record(panel, "seat", by=by, data={"user": user.pk, **lead, "before": before, "after": _facts(juror)})
    return juror


def _facts(juror: Juror) -> dict[str, Any]:
    """What the journal keeps of a seat: whatever decides who reads, and whose sheets count."""
    known = juror.expertise.order_by("pillar").values_list("pillar", "level")
    return {
        "voice": juror.has_voice,
        "substitute": juror.is_substitute,
        "half_share": juror.half_time,
        "expertise": {str(pillar): level for pillar, level in known},
    }


def _check_lead(panel: Panel, user: User, *, is_chair: bool, is_secretary: bool) -> None:
    if (is_chair or is_secretary) and is_applicant_of(user, panel.call):
        raise Invalid("applicant", _("Someone of an applicant neither chairs nor keeps the minutes."), field="user")
    if is_chair and Juror.objects.filter(panel=panel, is_chair=True).exclude(user=user).exists():
        raise Conflict("second_chair", _("This panel has a chair already."))


def _check_substitute(juror: Juror, is_substitute: bool, *, leads: bool) -> None:
    if juror.left_at is not None:
        raise Conflict("has_left", _("This member has left the panel."))
    if is_substitute and leads:
        sentence = _("A substitute neither chairs nor keeps the minutes.")
        raise Invalid("substitute_leads", sentence, field="is_substitute")


def _check_voice(juror: Juror, *, has_voice: bool, is_substitute: bool) -> None:
    """Sheets count with their juror's voice: taking it away would drop them without a trace."""
    keeps = has_voice and not is_substitute
    if juror.pk is None or keeps or not juror.has_voice or not Sheet.objects.filter(juror=juror).exists():
        return
    sentence = _(
        "This juror has begun a sheet and keeps the vote. Seat a substitute and call them up in this juror’s place: "
        "the sheets handed in still count."
    )
    raise Conflict("has_begun", sentence, field="is_substitute" if is_substitute else "has_voice")


def _check_led_without(juror: Juror, *, field: str = "") -> None:
    """An open panel keeps someone who leads it: without them nobody could lock it."""
    panel = juror.panel
    if juror.pk is None or not (juror.is_chair or juror.is_secretary) or panel.state != PanelState.OPEN:
        return
    aside = Recusal.objects.filter(submission__isnull=True).values("juror")
    led = Q(is_chair=True) | Q(is_secretary=True)
    others = panel.jurors.filter(led, left_at__isnull=True).exclude(pk=juror.pk).exclude(pk__in=aside)
    if any(not is_applicant_of(other.user, panel.call) for other in others.select_related("user")):
        return
    sentence = _(
        "The sheets are open and nobody else leads this jury. First seat a secretary, who acts for the chair; "
        "then this seat can change."
    )
    raise Conflict("last_to_lead", sentence, field=field)


def _know(juror: Juror, expertise: Mapping[Pillar, str]) -> None:
    if not set(expertise.values()) <= set(Expertise.Level.values):
        raise Invalid("unknown_level", _("An expertise is primary or secondary."), field="expertise")
    juror.expertise.all().delete()
    Expertise.objects.bulk_create(
        Expertise(juror=juror, pillar=pillar, level=level) for pillar, level in expertise.items()
    )


@transaction.atomic
def unseat(juror: Juror, *, by: Any) -> None:
    """Take a juror off the panel: they are told. Raises Forbidden, or Conflict once a sheet was begun or a recusal
    declared, or for the last who leads an open panel.
    """
    panel = juror.panel
    require(by, "juries.organise_panel", panel)
    require_seating(panel)
    if Sheet.objects.filter(juror=juror).exists() or juror.recusals.exists():
        raise Conflict("has_history", _("This juror has begun: take readings away instead, nothing is erased."))
    _check_led_without(juror)
    record(panel, "unseat", by=by, data={"user": juror.user_id})
    notices.seat_ended(juror, is_replaced=False)
    juror.delete()


@transaction.atomic
def accept_charter(juror: Juror, *, by: Any) -> Juror:
    """Note that the juror accepts the charter; a second time changes nothing. Returns the juror. Raises Forbidden."""
    require(by, "juries.accept_charter", juror)
    now = clock.now()
    if Juror.objects.filter(pk=juror.pk, charter_accepted_at__isnull=True).update(charter_accepted_at=now):
        record(juror, "accept_charter", by=by)
        juror.charter_accepted_at = now
    else:
        juror.refresh_from_db(fields=["charter_accepted_at"])
    return juror


@transaction.atomic
def open_panel(panel: Panel, *, by: Any) -> Panel:
    """Open the sheets and tell the jurors who have something to read.

    Returns the panel. Raises Forbidden, or Conflict: nothing assigned, no criterion that counts, fewer voting
    members than the quorum.
    """
    held(panel)
    move(panel, "open", by=by, guard=_ready_to_open)
    notices.opened(panel)
    return panel


def _ready_to_open(panel: Panel) -> None:
    if not Assignment.objects.filter(juror__panel=panel).exists():
        raise Conflict("nothing_assigned", _("Nothing is assigned yet: plan who reads what first."))
    check_quorum(panel)
    if not criteria_of(panel).filter(counted=True).exists():
        raise Conflict("no_criterion", _("No criterion counts yet: add criteria to the call first."))
