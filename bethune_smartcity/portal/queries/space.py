"""What is a person's own on the portal, in each of the roles they may have."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from bethune_smartcity.accounts.models import Membership
from juries.models import Assignment, Juror, Sheet
from juries.queries.panels import without_abstentions
from juries.rules import seats
from juries.workflow import PanelState, SheetState

SHOWN = 20


@dataclass(frozen=True)
class Seat:
    """A seat on a jury at work, with how many applications it was given and how many sheets it handed in."""

    juror: Juror
    asked: int
    done: int

    @property
    def is_due(self) -> bool:
        """Whether sheets are open and some are missing."""
        return self.juror.panel.state == PanelState.OPEN and self.juror.has_voice and self.done < self.asked


def my_structures(user: Any) -> QuerySet[Membership]:
    """The structures `user` acts for, each with the role."""
    return user.memberships.select_related("structure").order_by("structure__name")[:SHOWN]


def my_seats(user: Any) -> list[Seat]:
    """The seats of `user` on juries that have not proclaimed yet, the first due at the top."""
    jurors = list(
        seats(user)
        .exclude(panel__state=PanelState.PROCLAIMED)
        .select_related("panel__call")
        .order_by("panel__due_at", "pk")[:SHOWN]
    )
    if not jurors:
        return []
    asked = _per_seat(without_abstentions(Assignment.objects.listed_for(user)))
    done = _per_seat(Sheet.objects.listed_for(user).filter(state=SheetState.HANDED_IN))
    return [Seat(juror, asked.get(juror.pk, 0), done.get(juror.pk, 0)) for juror in jurors]


def _per_seat(duties: Any) -> dict[int, int]:
    return dict(duties.order_by().values_list("juror").annotate(count=Count("pk")))
