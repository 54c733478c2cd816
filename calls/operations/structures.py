"""What an application makes of the structure that applies."""

from typing import Any

from django.utils.translation import gettext as _

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.uses import Use
from bethune_smartcity.core import clock
from calls.models import Submission
from calls.queries.corrections import STRUCTURE
from calls.workflow import SubmissionState

from .checks import search_text
from .closing import corrects
from .pen import lock as lock_row
from .pen import record_change

UNDER_EXAMINATION = (SubmissionState.SUBMITTED, SubmissionState.ADMISSIBLE, SubmissionState.SHORTLISTED)


def lock(structure: Structure) -> Any:
    """Why `structure` keeps the identity it applied under: a call it applied to has closed and not yet decided."""
    judged = Submission.objects.filter(
        structure=structure, state__in=UNDER_EXAMINATION, call__closes_at__lte=clock.now()
    )
    if all(corrects(submission, STRUCTURE) for submission in judged):
        return ""
    return _("An application of this structure is under examination: its identity stays until the decision.")


def follow(structure: Structure, by: Any) -> None:
    """Let its applications be found under the name it has now, and those of which the city asked to correct the
    structure be frozen again.
    """
    made = list(Submission.objects.filter(structure=structure).select_related("structure", "call"))
    for submission in made:
        submission.search_text = search_text(submission)
    Submission.objects.bulk_update(made, ["search_text"])
    for submission in made:
        if corrects(submission, STRUCTURE):
            record_change(lock_row(submission, by), by=by)


USE = Use(lock, follow)
