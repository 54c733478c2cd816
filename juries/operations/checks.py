"""What several operations of a panel check in the same way."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.errors import Conflict, Invalid
from juries.models import Panel
from juries.workflow import SCORES_KNOWN_TO_JURY, PanelState

SEATING = (PanelState.PREPARATION, PanelState.OPEN)


def checked(row: models.Model, **options: Any) -> None:
    """Raise Invalid, with the field and its sentence, when `row` breaks its own model's rules."""
    try:
        row.full_clean(**options)
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Invalid("invalid", sentences[0], field="" if field == "__all__" else field) from error


def held(panel: Panel) -> Panel:
    """The panel as it is now, held until the transaction ends: acts on one panel follow one another."""
    return Panel.objects.select_for_update().get(pk=panel.pk)


def require_state(panel: Panel, states: Collection[str], sentence: Any) -> None:
    """Raise Conflict with `sentence` unless the panel is in one of `states`."""
    if panel.state not in states:
        raise Conflict("wrong_state", sentence)


def require_disclosed(panel: Panel) -> None:
    """Raise Conflict, which says when, until the marks are locked and the standing is disclosed to the jury."""
    if panel.state == PanelState.LOCKED:
        sentence = _("The marks are locked. This page opens to the jury once the chair discloses the standing.")
    else:
        sentence = _("This page opens to the jury once the marks are locked and the chair discloses the standing.")
    require_state(panel, SCORES_KNOWN_TO_JURY, sentence)


def require_seating(panel: Panel) -> Panel:
    """The panel held, while its jury and its readings may still change. Raises Conflict once marks are locked."""
    fresh = held(panel)
    check_seating(fresh)
    return fresh


def check_seating(panel: Panel) -> None:
    """Raise Conflict once the marks of `panel` are locked. Nothing is held."""
    require_state(panel, SEATING, _("The marks are locked: the jury and its readings no longer change."))
