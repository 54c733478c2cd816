"""The people of an application: who has it open now, in which section, and what each saved last."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from bethune_smartcity.accounts.models import Membership
from bethune_smartcity.core import clock, wording
from bethune_smartcity.core.access import Guarded
from calls import presence

from .frame import DESCRIPTION, Frame, OwnSubmission, people_of

# Beside the places of the sections: the page where all is checked and submitted.
CHECK = -1


@dataclass(frozen=True)
class Person:
    """A line of the list of people; `here` and `saved` are sentences, empty where there is nothing to say."""

    name: str
    is_you: bool
    role: str
    here: str = ""
    saved: str = ""


@dataclass(frozen=True)
class Together:
    """The people of an application as one of them sees them; `sentence` tells who is in the same section."""

    people: list[Person]
    sentence: str


def together(frame: Frame, viewer: Any, place: int) -> Together:
    """Who is on the application, once it is noted that `viewer` has it open at `place`. One statement."""
    members = people_of(frame.submission)
    others = [m for m in members if m.user_id != viewer.pk]
    # Who is alone on an application looks out for nobody, and nobody for them.
    here = presence.note(frame.submission.pk, viewer.pk, place) if others else {}
    names, saves = (names_of(frame), last_saves(frame)) if others else ({}, {})
    beside = [m for m in others if place != CHECK and m.user_id in here and here[m.user_id].place == place]
    return Together([_line(member, viewer, here, saves, names) for member in members], beside_words(beside))


def _line(member: Membership, viewer: Any, here: Any, saves: Any, names: dict[int, str]) -> Person:
    pk, role = member.user_id, member.get_role_display()
    if pk == viewer.pk:
        return Person(str(member.user), True, role)
    open_at = names.get(here[pk].place, "") if pk in here else ""
    told = _("Here now: “%(section)s”") % {"section": open_at} if open_at else ""
    return Person(str(member.user), False, role, told, saved_words(names, *saves[pk]) if pk in saves else "")


def beside_words(members: list[Membership]) -> str:
    """Who has the same section open, in words; empty for nobody."""
    if not members:
        return ""
    words = ngettext(
        "%(who)s is in this section too. If you change the same answer, both texts are shown: nothing is lost.",
        "%(who)s are in this section too. If you change the same answer, both texts are shown: nothing is lost.",
        len(members),
    )
    return words % {"who": ", ".join(str(member.user) for member in members)}


def saved_words(names: dict[int, str], at: datetime, place: int) -> str:
    """What someone saved last, and when: the hour for today, the day before."""
    told = {"section": names.get(place, ""), "time": wording.hour(at), "day": wording.day(at)}
    if at.astimezone(clock.PARIS).date() == clock.today():
        return _("Saved “%(section)s” at %(time)s") % told
    return _("Saved “%(section)s” on %(day)s") % told


def names_of(frame: Frame) -> dict[int, str]:
    """What the pages of an application are called, by their places."""
    return {step.place: step.name for step in frame.steps} | {CHECK: _("Check and submit")}


def last_saves(frame: Frame) -> dict[Any, tuple[datetime, int]]:
    """When each person saved last, and at which place, by the key of the person."""
    found: dict[Any, tuple[datetime, int]] = {}
    for person, *save in _saves(frame):
        found[person] = max(found.get(person, (save[0], save[1])), (save[0], save[1]))
    return found


def _saves(frame: Frame) -> Iterator[tuple[Any, datetime, int]]:
    """(key of the person, instant, place) of all that is kept."""
    for edit in frame.submission.description_edits.values():
        yield edit["by"], datetime.fromisoformat(edit["at"]), DESCRIPTION
    filled = frame.filled
    for place, section in enumerate(filled.sections, start=1):
        for question in filled.questions[section.pk]:
            if answer := filled.answers.get(question.pk):
                yield answer.saved_by_id, answer.saved_at, place
            for document in filled.attachments.get(question.pk, ()):
                yield document.file.owner_id, document.attached_at, place


class Presence(OwnSubmission, Guarded, View):
    """Who is here, asked for again by a page that is looked at: the list of people, and who is in the same section."""

    permission = "calls.edit_submission"
    http_method_names = ["get"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        frame = Frame(self.object)
        stated = request.GET.get("place", "")
        place = int(stated) if stated in map(str, names_of(frame)) else DESCRIPTION
        seen = together(frame, request.user, place)
        people = render_to_string("calls/applicant/_people.html", {"together": seen}, request)
        answer = JsonResponse({"people": people, "together": seen.sentence})
        answer["Cache-Control"] = "private, no-store"
        return answer
