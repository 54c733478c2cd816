"""Copying the application form of an earlier call, and its criteria."""

from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import in_each
from bethune_smartcity.lifecycle.moves import record
from calls.models import Call, Question, Section
from calls.queries import visible_calls

from .publication import check_criteria_unlocked, check_form, check_form_unlocked, check_stage_unlocked


class Copied(NamedTuple):
    """The copy of a question, and the new key of each of its choices by the former one."""

    question: Question
    keys: dict[str, str]


@transaction.atomic
def copy_form(call: Call, *, source: str, by: Any) -> Call:
    """Give `call`, which has no form yet, the sections, questions and conditions of the call at the address `source`.

    Returns it. Raises Forbidden, Conflict (the call has a form, or has opened) or Invalid (no such call, no form).
    """
    require(by, "calls.configure_call", call)
    check_form_unlocked(call)
    if call.sections.exists():
        raise Conflict("has_form", _("This call already has a form: remove its sections first."))
    earlier = visible_calls(by).filter(slug=source.strip()).exclude(pk=call.pk).first()
    if earlier is None or not earlier.sections.exists():
        raise Invalid("no_form", _("There is no call with a form at this address."), field="source")
    copied = _copy(earlier, call)
    check_form(call)
    record(call, "copy_form", by=by, data={"from": earlier.slug, "questions": copied})
    return call


@transaction.atomic
def copy_criteria(call: Call, *, source: str, by: Any) -> Call:
    """Give `call`, which has no criterion yet, those of the call at the address `source`, in every language.

    Returns it. Raises Forbidden, Conflict (the call has criteria, or its sheets are open) or Invalid (no such call, or
    none there).
    """
    require(by, "calls.configure_call", call)
    check_criteria_unlocked(call)
    if call.criteria.exists():
        raise Conflict("has_criteria", _("This call already has criteria: remove them first."))
    earlier = visible_calls(by).filter(slug=source.strip()).exclude(pk=call.pk).first()
    found = [] if earlier is None else list(earlier.criteria.all())
    if not found:
        raise Invalid("no_criteria", _("There is no call with criteria at this address."), field="source")
    for criterion in found:
        criterion.pk, criterion._state.adding, criterion.call = None, True, call
        criterion.save()
    record(call, "copy_criteria", by=by, data={"from": source.strip(), "criteria": len(found)})
    return call


@transaction.atomic
def copy_stage(call: Call, stage: str, *, source: Call, from_stage: str, by: Any) -> int:
    """Give `stage` of `call`, which has no criterion yet, those of a stage of `source`: of another call or of the same.

    Returns how many. Raises Forbidden, Conflict (the stage has criteria, or its sheets are open) or Invalid (no such
    call, or none there).
    """
    require(by, "calls.configure_call", call)
    check_stage_unlocked(call, stage)
    if call.criteria.filter(stage=stage).exists():
        raise Conflict("has_criteria", _("This stage already has criteria: remove them first."))
    visible = visible_calls(by).filter(pk=source.pk).exists()
    found = list(source.criteria.filter(stage=from_stage)) if visible else []
    if not found:
        raise Invalid("no_criteria", _("There is no call with criteria at this address."), field="source")
    for criterion in found:
        criterion.pk, criterion._state.adding, criterion.call, criterion.stage = None, True, call, stage
        criterion.save()
    record(call, "copy_criteria", by=by, data={"from": source.slug, "criteria": len(found)})
    return len(found)


def _copy(earlier: Call, call: Call) -> int:
    """Copy every part of a form in its order, so that a condition names the copy of its question. Returns how many."""
    copies: dict[int, Copied] = {}
    for section in list(earlier.sections.order_by("order", "pk")):
        asks = list(Question.objects.filter(section=section).order_by("order", "pk"))
        _again(section, copies, call=call)
        for question in asks:
            former, keys = question.pk, _without_withdrawn(question)
            copies[former] = Copied(_again(question, copies, section=section), keys)
    return len(copies)


def _without_withdrawn(question: Question) -> dict[str, str]:
    """Let `question`, about to be copied, be as new: it forgets its changes and the choices it no longer offers.

    Returns the new key of each answer that stays, by its former one.
    """
    stay = {key: str(place) for place, (key, _text) in enumerate(question.offered_pairs)} if question.is_chosen else {}
    for name in in_each("options") if question.withdrawn_keys else ():
        lines = [line.strip() for line in (getattr(question, name) or "").splitlines() if line.strip()]
        kept = [line for place, line in enumerate(lines) if str(place) not in question.withdrawn_keys]
        setattr(question, name, "\n".join(kept))
    question.eligible_values = _renamed(question.eligible_keys, stay)
    question.withdrawn_options, question.history = "", []
    return stay


def _renamed(keys: list[str], names: dict[str, str]) -> str:
    return "\n".join(names.get(key, key) for key in keys)


def _again(part: Any, copies: dict[int, Copied], **owner: Call | Section) -> Any:
    """`part` kept as a new row of `owner`, its condition on the copy of what it named."""
    for name, value in owner.items():
        setattr(part, name, value)
    if part.shown_if_id is not None:
        copied = copies[part.shown_if_id]
        part.shown_values = _renamed(part.shown_keys, copied.keys)
        part.shown_if = copied.question
    part.pk, part._state.adding = None, True
    part.save()
    return part
