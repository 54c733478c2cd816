"""What an agent may see of the juries they organise. Before a panel is disclosed no mark is in any of it."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from bethune_smartcity.accounts.rules import is_agent
from calls.rights import ORGANISED
from juries.models import Assignment, Panel, Recusal
from juries.queries.panels import unfinished
from juries.workflow import SCORES_KNOWN_TO_JURY, PanelState

SETTLED = (PanelState.SIGNED, PanelState.PROCLAIMED)


def organised_calls(user: Any) -> RawSQL:
    """The keys of the calls whose jury `user` organises, to compare with: never those to which they apply."""
    return ORGANISED.within(user=user.pk if is_agent(user) else None)


def organised_panels(user: Any, *, states: Any = None) -> QuerySet[Panel]:
    """The panels `user` organises, in `states` when given: not those whose whole session they stand aside from."""
    session = Recusal.objects.filter(juror__user=user.pk, juror__panel=OuterRef("pk"), submission__isnull=True)
    panels = Panel.objects.filter(~Exists(session), call__in=organised_calls(user)).select_related("call")
    return panels.filter(state__in=states) if states else panels


def disclosed_panels(user: Any) -> QuerySet[Panel]:
    """The panels `user` organises whose marks the jury knows."""
    return organised_panels(user, states=SCORES_KNOWN_TO_JURY)


def settled_panels(user: Any) -> QuerySet[Panel]:
    """The panels `user` organises whose minutes are signed."""
    return organised_panels(user, states=SETTLED)


def overdue_readings(user: Any, moment: datetime) -> QuerySet[Assignment]:
    """The readings of panels `user` organises, still expected and due before the aware instant `moment`."""
    return overdue_in(organised_panels(user), moment)


def overdue_in(panels: QuerySet[Panel], moment: datetime) -> QuerySet[Assignment, Any]:
    """The readings of `panels`, still expected and due before the aware instant `moment`."""
    late = panels.filter(state=PanelState.OPEN, due_at__lt=moment)
    asked = Assignment.objects.free().lasting().filter(juror__panel__in=late, juror__has_voice=True)
    return unfinished(asked)
