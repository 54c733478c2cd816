"""Saying that two structures which look like one are two, and taking that back. Nothing else follows from either."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.lifecycle.moves import record
from calls.models import Distinction, Submission
from calls.queries.resemblance import count_anew


def _place(one: Submission, other: Submission, by: Any) -> dict[str, Any]:
    """What stands for the two structures, once `by` may say of both applications. Raises Forbidden or Invalid."""
    for submission in (one, other):
        require(by, "calls.screen_submission", submission)
    if one.call_id != other.call_id or one.structure_id == other.structure_id:
        raise Invalid("not_two", _("Choose two applications of different structures to the same call."))
    first, second = sorted((one.structure_id, other.structure_id))
    return {"call_id": one.call_id, "first_id": first, "second_id": second}


def _write_down(verb: str, one: Submission, other: Submission, by: Any) -> None:
    for submission, twin in ((one, other), (other, one)):
        record(submission, verb, by=by, data={"submission": str(twin.pk)})
    transaction.on_commit(partial(count_anew, one.call))


@transaction.atomic
def tell_apart(one: Submission, other: Submission, *, by: Any) -> None:
    """Say that the structures of two applications are not the same: they are no longer shown as if they may be.

    Said already, nothing changes. Raises Forbidden or Invalid.
    """
    _row, made = Distinction.objects.get_or_create(**_place(one, other, by))
    if made:
        _write_down("tell_apart", one, other, by)


@transaction.atomic
def take_back(one: Submission, other: Submission, *, by: Any) -> None:
    """Let two structures that were told apart be shown again as perhaps the same. Raises Forbidden or Invalid."""
    gone, _rows = Distinction.objects.filter(**_place(one, other, by)).delete()
    if gone:
        _write_down("take_back_apart", one, other, by)
