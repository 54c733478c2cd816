"""The five steps from a call to a project, and where a call stands on them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bethune_smartcity.core import wording
from calls.models import Call
from calls.phases import Phase, phase_at


@dataclass(frozen=True)
class Step:
    """A step: its name, whether it is done, under way (now) or to come (next), and a sentence about it."""

    name: str
    state: str
    note: str


# The rank of the step under way in each phase.
UNDER_WAY = {Phase.ANNOUNCED: 0, Phase.OPEN: 1, Phase.CLOSED: 2, Phase.PUBLISHED: 4, Phase.ARCHIVED: 4}


def general_steps() -> list[Step]:
    """The steps as they go for any call, all to come."""
    return [
        Step(_("Call"), "next", _("The city says what it is looking for.")),
        Step(_("Applications"), "next", _("Startups, companies and associations answer.")),
        Step(_("Jury"), "next", _("Jurors read and mark; finalists pitch in public.")),
        Step(_("Laureates"), "next", _("The jury decides, the public gives its prize.")),
        Step(_("Incubation"), "next", _("The project is tried out locally, in small steps.")),
    ]


def steps_of(call: Call, moment: datetime) -> list[Step]:
    """The steps with where `call` stands at the aware instant `moment`. Nothing that is not public shows through."""
    now = UNDER_WAY[phase_at(call, moment)]
    notes = (_opening(call, now), _applications(call, now), _jury(now), _laureates(call, now), _incubation(now))
    return [
        Step(step.name, "done" if rank < now else "now" if rank == now else "next", notes[rank])
        for rank, step in enumerate(general_steps())
    ]


def _opening(call: Call, now: int) -> str:
    if call.opening_is_approximate:
        return pgettext("about", "Opened around %(when)s") % {"when": call.opens_when}
    sentence = _("Opened on %(day)s") if now else _("Opens on %(day)s")
    return sentence % {"day": call.opens_when}


def _applications(call: Call, now: int) -> str:
    if now > 1:
        return pgettext("applications", "Closed on %(day)s") % {"day": wording.day(call.last_day)}
    sentence = _("We are here: until %(day)s") if now else _("Until %(day)s")
    return sentence % {"day": wording.day(call.last_day)}


def _jury(now: int) -> str:
    if now == 2:
        return _("We are here: reading, then pitches in public")
    return _("Reading, then pitches in public") if now < 2 else _("Applications read, finalists heard")


def _laureates(call: Call, now: int) -> str:
    if now < 4 or call.results_at is None:
        return _("After the finale")
    return pgettext("laureates", "Published on %(day)s") % {"day": wording.day(call.results_at)}


def _incubation(now: int) -> str:
    return _("We are here: first local steps") if now == 4 else _("With the town hall, in small steps")
