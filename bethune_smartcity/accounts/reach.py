"""One row by its key, for those who may open it: the read behind most pages, compiled for each of the two shapes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet

from bethune_smartcity.core.statements import Compiled

from .models import User
from .rules import is_agent, is_signed_in

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Someone:
    """A person known by their key alone, or by the slot of one: what queries about a person are compiled with."""

    pk: Any
    is_agent: bool = False
    is_active: bool = True
    is_authenticated: bool = True


class OneVisible(Generic[Row]):
    """What gives the row of a key to those who may open it.

    Args:
        model: what the rows are.
        seen: the rows a person may open, from their key (or its slot) and whether they are an agent.
    """

    def __init__(self, model: type[Row], seen: Callable[[Any, bool], QuerySet[Row]]) -> None:
        slots = {"user": User._meta.pk, "pk": model._meta.pk}
        self._agent, self._other = (Compiled(partial(self._build, seen, agent), **slots) for agent in (True, False))

    def __call__(self, user: Any, pk: Any) -> Row | None:
        """The row, None when there is none that `user` may open. One statement."""
        return next(iter(self.rows(user, pk)), None)

    def rows(self, user: Any, pk: Any) -> list[Row]:
        """The same, once for each of those rows that `seen` joins to it; none when `user` may not open it."""
        if not is_signed_in(user):
            return []
        found: list[Row] = (self._agent if is_agent(user) else self._other).fetch(user=user.pk, pk=pk)
        return found

    @staticmethod
    def _build(seen: Callable[[Any, bool], QuerySet[Row]], agent: bool, user: Any, pk: Any) -> QuerySet[Row]:
        return seen(user, agent).filter(pk=pk)
