"""Where what finalists and laureates will be told is still changed, by those who may, once its messages are written."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.planners import Edit
from calls.models import Submission, applying
from juries.models import Panel, Slot
from juries.queries.organised import organised_calls
from juries.rules import seats
from juries.workflow import BEFORE_THE_LOCK, PanelState

ByApplication = dict[str, tuple[Edit, ...]]


def decision_edits(user: Any, keys: Collection[str]) -> ByApplication:
    """Where `user`, who leads the panel, brings the publication of its decisions forward. One statement."""
    hidden = Panel.objects.filter(_leads(user), state=PanelState.PROCLAIMED, publish_at__gt=clock.now())
    hour = F("call__panels__publish_at")
    told = Submission.objects.filter(Q(decision_public_at=hour) | Q(reserve_public_at=hour))
    return _edits(told, keys, hidden, _("Change the publication date"), "juries:chair-publish")


def slot_edits(user: Any, keys: Collection[str]) -> ByApplication:
    """Where `user`, who organises or leads the finale, draws the hours of its pitches again. One statement."""
    run = Q(call__in=organised_calls(user)) | _leads(user)
    begun = Slot.objects.filter(panel=OuterRef("pk"), began_at__isnull=False)
    drawn = Panel.objects.filter(~Exists(begun), run, stage=Panel.Stage.FINALE, state__in=BEFORE_THE_LOCK)
    return _edits(Submission.objects.all(), keys, drawn, _("Change the running order"), "juries:chair-order")


def _leads(user: Any) -> Q:
    """Panels whose chair or secretary is `user`; never someone of an applicant."""
    led = seats(user).filter(Q(is_chair=True) | Q(is_secretary=True), panel=OuterRef("pk"))
    return Q(Exists(led)) & ~Q(call__in=applying(user).values("call"))


def _edits(
    told: QuerySet[Submission], keys: Collection[str], panels: QuerySet[Panel], label: Any, page: str
) -> ByApplication:
    rows = told.filter(pk__in=keys, call__panels__in=panels).values_list("pk", "call__panels")
    return {str(pk): (Edit(label, reverse(page, kwargs={"pk": panel})),) for pk, panel in rows}
