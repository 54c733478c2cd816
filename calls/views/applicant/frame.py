"""What surrounds every page of an application: where it stands, its sections, its people."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bethune_smartcity.accounts.models import Membership, Structure
from bethune_smartcity.core import wording
from bethune_smartcity.core.access import or_404
from bethune_smartcity.core.statements import Compiled
from calls.models import Section, Submission
from calls.operations.closing import is_corrected, is_writable
from calls.queries import Filled, filled_form, visible_submission
from calls.queries.completeness import Missing, lacking_words, lacks
from calls.queries.corrections import DESCRIPTION as CORRECTED
from calls.queries.corrections import opened_fields
from calls.workflow import SubmissionState

DESCRIPTION = 0


@dataclass(frozen=True)
class Step:
    """A line of the list of sections."""

    place: int
    name: str
    url: str
    lacks: int
    # The place as people count, those not asked passed over; none for these.
    number: int
    # Whether a correction reopens something in it; None when nothing is closed.
    is_opened: bool | None = None

    @property
    def words(self) -> str:
        if self.is_opened is not None:
            return _("to correct") if self.is_opened else _("stays as submitted")
        return lacking_words(self.lacks) if self.number else _("not asked with your present answers")


def url_of(submission: Submission, name: str, **kwargs: Any) -> str:
    return reverse(f"calls:{name}", kwargs={"pk": submission.pk, **kwargs})


class Frame:
    """The list of sections of one application, what it lacks, and its people."""

    def __init__(self, submission: Submission, filled: Filled | None = None) -> None:
        self.submission = submission
        self.filled: Filled = filled or filled_form(submission, written=True)
        self.asked = self.filled.asked_keys()
        self.lacks = list(lacks(submission, self.filled))
        self._places = {section.pk: place for place, section in enumerate(self.filled.sections, start=1)}
        self.opened = opened_fields(submission, self.filled)
        self._lacking = Counter(self.place_of(lack) for lack in self.lacks)

    @property
    def sections(self) -> list[Section]:
        return self.filled.sections

    def place_of(self, lack: Missing) -> int:
        """The place of the section in which something lacks."""
        return self._places[lack.section.pk] if lack.section else DESCRIPTION

    def is_unanswered(self, name: str) -> bool:
        """Whether nothing answers the field `name`, which is needed before handing in."""
        return any(lack.field == name and not self._answer_to(lack) for lack in self.lacks)

    def _answer_to(self, lack: Missing) -> str:
        """The answer in which something lacks: too long a one, or none."""
        answer = self.filled.answers.get(lack.question.pk) if lack.question else None
        return answer.value if answer else ""

    def is_asked(self, section: Section) -> bool:
        """Whether `section` asks something with the present answers."""
        return any(question.pk in self.asked for question in self.filled.questions[section.pk])

    def is_open(self, name: str) -> bool:
        """Whether the field `name` may be changed."""
        return self.opened is None or name in self.opened

    def _opens_in(self, place: int) -> bool | None:
        """Whether a correction reopens something at that place; None when nothing is closed."""
        if self.opened is None:
            return None
        here = self.filled.questions[self.sections[place - 1].pk] if place else []
        names = [question.field_name for question in here] if place else list(CORRECTED)
        return not self.opened.isdisjoint(names)

    @cached_property
    def steps(self) -> list[Step]:
        """Every section at its place, with the count of those asked."""
        names = [_("Your project"), *(section.title for section in self.sections)]
        shown = [True, *(self.is_asked(section) for section in self.sections)]
        return [
            Step(
                place,
                name,
                url_of(self.submission, "section", order=place),
                self._lacking[place],
                sum(shown[: place + 1]) if shown[place] else 0,
                self._opens_in(place),
            )
            for place, name in enumerate(names)
        ]

    def first_lacking(self) -> str:
        """The address of the first section that lacks something, or of the last page when none does."""
        lacking = next((step for step in self.steps if step.lacks), None)
        return lacking.url if lacking else url_of(self.submission, "check")

    def first_opened(self) -> str:
        """The address of the first section in which something may be changed; that of the structure when none is."""
        opened = next((step for step in self.steps if step.is_opened is not False), None)
        return opened.url if opened else reverse("accounts:structure", kwargs={"pk": self.submission.structure_id})

    def around(self, place: int) -> tuple[Step | None, Step, Step | None]:
        """The step asked before, the step itself, the one asked after. Raises LookupError for an unknown place."""
        before = [step for step in self.steps[:place] if step.number]
        after = [step for step in self.steps[place + 1 :] if step.number]
        return (before[-1] if before else None), self.steps[place], (after[0] if after else None)

    def summary(self) -> str:
        """How complete the application is, in words."""
        if not self.lacks:
            return _("everything is complete")
        done = sum(not step.lacks for step in self.steps if step.number)
        complete = ngettext("%(n)d complete", "%(n)d complete", done) % {"n": done}
        return f"{complete}, {lacking_words(len(self.lacks))}"


def _members(structure: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(structure=structure, user__is_active=True).select_related("user")


MEMBERS = Compiled(_members, structure=Structure._meta.pk)


def people_of(submission: Submission) -> list[Membership]:
    """Those who write or read this application, owners first."""
    order = [Membership.Role.OWNER, Membership.Role.EDITOR, Membership.Role.READER]
    members = MEMBERS.fetch(structure=submission.structure_id)
    return sorted(members, key=lambda m: (order.index(m.role), m.since))


class OwnSubmission:
    """A view of one application, fetched among those its viewer may see."""

    request: HttpRequest
    kwargs: dict[str, Any]
    object: Submission

    def fetch(self) -> Submission:
        return or_404(visible_submission(self.request.user, self.kwargs["pk"]))

    def crumbs(self) -> list[tuple[str, str]]:
        home = (_("My space"), resolve_url(settings.LOGIN_REDIRECT_URL))
        act = getattr(self, "title", "")
        own = (self.object.title, self.object.get_absolute_url() if act else "")
        return [home, own, *([(act, "")] if act else [])]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submission = self.object
        corrected = is_corrected(submission) and submission.state == SubmissionState.SUBMITTED
        until = submission.correction_until
        return {
            "submission": submission,
            "crumbs": self.crumbs(),
            "writable": is_writable(submission),
            "corrected": corrected,
            "call_deadline": wording.deadline(submission.closes_at),
            "call_closes": wording.day_and_hour(wording.last_minute(submission.closes_at)),
            "correction_deadline": wording.deadline(until) if corrected and until else "",
            "may_write": True,
            **super().get_context_data(**kwargs),  # type: ignore[misc]
        }
