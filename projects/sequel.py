"""What follows a call here: its laureates' projects, to open and to follow."""

from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.core import clock
from calls.models import Call
from calls.phases import Phase, phase_at
from calls.sequels import Link, NextStep, Sequel, Tab

from .queries import openable_awards

AFTER_THE_JURY = (Phase.PUBLISHED, Phase.ARCHIVED)


def tabs(call: Call, user: Any) -> list[Tab]:
    """The board of projects, once there are laureates to follow."""
    if phase_at(call, clock.now()) not in AFTER_THE_JURY:
        return []
    return [Tab(Link(_("Incubation"), reverse("projects:board")), partial(asked, call, user))]


def asked(call: Call, user: Any, moment: datetime) -> NextStep | None:
    """The laureates of `call` whose project is still to open."""
    waiting = openable_awards(user).filter(call=call).count()
    if not waiting:
        return None
    sentence = ngettext("%(n)d laureate waits for a project.", "%(n)d laureates wait for a project.", waiting)
    return NextStep(sentence % {"n": waiting}, Link(_("Open the incubation"), reverse("projects:board")))


def opens(call: Call, moment: datetime) -> list[Link]:
    """Nothing: the showcase belongs to no call."""
    return []


SEQUEL = Sequel(tabs=tabs, opens=opens)
