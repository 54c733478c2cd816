"""What an application must be before it is kept or handed in, and what searches find it by."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.text import normalise
from calls.models import Call, Question, Submission
from calls.queries import form_written, missing
from pillars.models import Pillar


def search_text(submission: Submission) -> str:
    """What agents' searches look into, folded."""
    structure = submission.structure
    parts = (submission.number or "", submission.title, submission.one_line, structure.name, structure.city)
    return normalise(" ".join(parts))


def check_pillars(call: Call, pillars: list[Pillar], field: str) -> None:
    """Raise Invalid unless the call is about all of `pillars`."""
    known = set(call.pillars.values_list("pk", flat=True))
    if any(pillar.pk not in known for pillar in pillars):
        raise Invalid("unknown_pillar", _("Choose among the pillars of this call."), field=field)


def check_columns(submission: Submission, *columns: str) -> None:
    """Raise Invalid at the first of `columns` whose value its model refuses."""
    untouched = {f.name for f in submission._meta.fields} - set(columns)
    try:
        submission.clean_fields(exclude=untouched)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise Invalid("odd_value", sentences[0], field=name) from None


def check_asked(submission: Submission, questions: list[Question]) -> None:
    """Raise Invalid unless the form of the call asks all of `questions`."""
    if any(question.section.call_id != submission.call_id for question in questions):
        raise Invalid("unknown_question", _("This question is not part of the form."))


def check_complete(submission: Submission) -> None:
    """Raise Invalid, at the first field that lacks, unless `submission` has all its call asks for."""
    lacks = missing(submission)
    if lacks:
        raise Invalid("incomplete", lacks[0].sentence, field=lacks[0].field)


def hold_form(submission: Submission) -> None:
    """Hold the form of its call to the end of the transaction.

    Raises Conflict when it changed since `submission` was held: what was found complete may lack something now.
    """
    if form_written(submission) is None:
        held = Call.objects.select_for_update(no_key=True).values_list("form_number", flat=True)
        check_same_form(submission.call.form_number, held.get(pk=submission.call_id))


def check_same_form(seen: int, now: int) -> None:
    """Raise Conflict unless the form checked, by its number, is the one there is now."""
    if seen != now:
        raise Conflict("form_changed", _("The form has just changed: look at what it asks now, then try again."))
