"""A call from its creation to its archive: who runs it, what it asks, when it is public."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.access import is_system, require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.core.language import translated_names
from bethune_smartcity.lifecycle.moves import record
from bethune_smartcity.notifications.steps import carry
from calls.conditions import faults
from calls.models import Call, CallAgent, Criterion, Question, Section
from calls.notices import PUBLISHED
from calls.phases import Phase, days_before, phase_at
from calls.settled import settled_stages

# Dates that move by `move_deadline` once the call is public.
DATES = ("opens_at", "closes_at", "questions_until", "screening_until")


def with_end_of_questions(fields: dict[str, Any], call: Call | None = None) -> dict[str, Any]:
    """The columns `fields` of a call, new or changed, with the end of questions that follows from them: an instant
    given is one of its own, else so many days before the close. Raises Invalid when these lead to before the opening.
    """
    known: dict[str, Any] = {
        name: getattr(call, name, None) for name in ("opens_at", "closes_at", "questions_days")
    } | fields
    if fields.get("questions_until") is not None or ("questions_until" in fields and "questions_days" not in fields):
        return fields | {"questions_days": None}
    if not known["questions_days"] or {"questions_days", "closes_at"}.isdisjoint(fields):
        return fields
    until = days_before(known["closes_at"], known["questions_days"])
    if until <= known["opens_at"]:
        sentence = _("Questions would end before the call opens: give fewer days.")
        raise Invalid("questions_first", sentence, field="questions_days")
    return fields | {"questions_until": until}


@transaction.atomic
def create_call(*, by: Any, pillars: Any = (), partners: Any = (), **fields: Any) -> Call:
    """A call in preparation, all of whose rights its creator holds. `fields` are Call's own columns, dates aware.

    Returns it. Raises Forbidden or Invalid.
    """
    require(by, "calls.create_call")
    if fields["closes_at"] <= fields["opens_at"]:
        raise Invalid("closes_first", _("A call closes after it opens."), field="closes_at")
    call = Call.objects.create(**with_end_of_questions(fields))
    call.pillars.set(pillars)
    call.partners.set(partners)
    if not is_system(by):
        CallAgent.objects.bulk_create(CallAgent(call=call, user=by, right=right) for right in CallAgent.Right.values)
    record(call, "create", by=by)
    return call


def fixed_columns(call: Call) -> dict[str, Any]:
    """The columns of `call` that no longer change at this instant, each with the sentence that says why."""
    phase = call.phase
    fixed: dict[str, Any] = {}
    if phase != Phase.DRAFT:
        fixed |= dict.fromkeys((*DATES, "questions_days"), _("This date is public: move it with a reason."))
    if phase not in {Phase.DRAFT, Phase.ANNOUNCED}:
        fixed["sealed"] = _("The call has opened: its seal no longer changes.")
    if phase not in {Phase.DRAFT, Phase.ANNOUNCED, Phase.OPEN}:
        fixed["grace_minutes"] = _("The call is closed: its grace no longer changes.")
    return fixed


def check_changeable(call: Call, names: Iterable[str]) -> None:
    """Raise Conflict, at its field, when one of the columns `names` of `call` no longer changes."""
    fixed = fixed_columns(call)
    for name in names:
        if name in fixed:
            raise Conflict("fixed", fixed[name], field=name)


@transaction.atomic
def edit_call(call: Call, *, by: Any, **fields: Any) -> Call:
    """Change a call's own columns. Its dates change here only while it is in preparation, its seal until it opens, its
    grace until it closes.

    Returns it. Raises Forbidden, Invalid or Conflict.
    """
    require(by, "calls.configure_call", call)
    changed = with_end_of_questions({n: value for n, value in fields.items() if getattr(call, n) != value}, call)
    changed = {name: value for name, value in changed.items() if getattr(call, name) != value}
    check_changeable(call, changed)
    rules: dict[str, Any] = {
        name: [getattr(call, name), changed[name]] for name in ("grace_minutes", "sealed") if name in changed
    }
    for name, value in changed.items():
        setattr(call, name, value)
    if call.closes_at <= call.opens_at:
        raise Invalid("closes_first", _("A call closes after it opens."), field="closes_at")
    if changed:
        call.save(update_fields=list(changed))
        record(call, "edit", by=by, data={"fields": sorted(changed), **rules})
    return call


def check_form_unlocked(call: Call) -> None:
    """Raise Conflict once applicants may write: what is asked, marked and promised then stays."""
    if call.phase not in {Phase.DRAFT, Phase.ANNOUNCED}:
        raise Conflict("form_locked", _("The call has opened: its form and prizes no longer change."))


def check_questions_unlocked(call: Call) -> None:
    """Raise Conflict once applicants may write: questions then change by publication, which tells them."""
    if call.phase == Phase.OPEN:
        sentence = _(
            "The call has opened: its questions now change from its board, on the page “Form”, and those who apply are "
            "told."
        )
        raise Conflict("form_open", sentence)
    check_form_unlocked(call)


def check_criteria_unlocked(call: Call) -> None:
    """Raise Conflict once the sheets of every stage are open: what they are marked by stays."""
    if settled_stages(call).issuperset(Criterion.Stage.values):
        raise _settled()


def check_stage_unlocked(call: Call, stage: str) -> None:
    """Raise Conflict once the sheets of `stage` are open; until the transaction ends, none opens."""
    if stage in settled_stages(call, hold=True):
        raise _settled()


def _settled(field: str = "") -> Conflict:
    sentence = _("The sheets are open: the criteria that they are marked by no longer change.")
    return Conflict("criteria_locked", sentence, field=field)


def _check_criterion_unlocked(criterion: Criterion, *, hold: bool = False) -> None:
    """Raise Conflict, at the first field that would change, once the sheets of its stage, before or after, are open."""
    stored = Criterion.objects.filter(pk=criterion.pk).first()
    stages = {criterion.stage, stored.stage if stored else criterion.stage}
    if stages & settled_stages(criterion.call, hold=hold):
        raise _settled(_first_changed(criterion, stored))


def _first_changed(criterion: Criterion, stored: Criterion | None) -> str:
    """The name of the first field of `criterion` that is no longer as `stored`."""
    texts = translated_names(Criterion)
    names = (field.name for field in Criterion._meta.concrete_fields if field.name not in texts)
    return next((n for n in names if stored is None or getattr(stored, n) != getattr(criterion, n)), "weight")


def check_part_unlocked(part: models.Model, *, hold: bool = False) -> None:
    """Raise Conflict when a section, question, criterion or prize no longer changes by a plain edit.

    `hold`: within a transaction, what would settle criteria waits for its end.
    """
    if isinstance(part, Criterion):
        _check_criterion_unlocked(part, hold=hold)
        return
    check = check_questions_unlocked if isinstance(part, Question) else check_form_unlocked
    check(call_of(part))


def call_of(part: models.Model) -> Call:
    """The call that a section, question, criterion or prize belongs to."""
    return part.section.call if isinstance(part, Question) else part.call  # type: ignore[attr-defined]


def check_form(call: Call) -> None:
    """Raise Invalid, at the field where it is put right, when something of the form of `call` makes no sense."""
    questions: dict[int, list[Question]] = defaultdict(list)
    for question in Question.objects.filter(section__call=call).order_by("order", "pk"):
        questions[question.section_id].append(question)
    fault = next(faults(call.sections.order_by("order", "pk"), questions), None)
    if fault:
        raise Invalid("odd_form", fault.sentence, field=fault.field)


def check_choices_stay(question: Question) -> None:
    """Raise Conflict when a choice that a condition names would go, or take the place of another."""
    stored = Question.objects.filter(pk=question.pk).first()
    if stored is None or not decides(stored):
        return
    before, after = stored.option_lines, question.option_lines
    moved = any(line in after and after.index(line) != place for place, line in enumerate(before))
    if moved or len(after) < len(before):
        sentence = _("Other parts of the form are asked according to these choices: add new ones after them.")
        raise Conflict("choices_named", sentence, field="options")


def decides(question: Question) -> bool:
    """Whether a section or question is asked according to the answer to `question`, or eligibility depends on it."""
    others = (Section.objects.filter(shown_if=question), Question.objects.filter(shown_if=question))
    return bool(question.eligible_values) or any(parts.exists() for parts in others)


@transaction.atomic
def save_part(part: models.Model, *, by: Any) -> models.Model:
    """Keep a section, question or prize of a call that has not opened, a criterion until the sheets of its stage open.

    Returns it. Raises Forbidden, Conflict, or Invalid (a form that makes no sense).
    """
    call = call_of(part)
    require(by, "calls.configure_call", call)
    check_part_unlocked(part, hold=True)
    if isinstance(part, Question):
        check_choices_stay(part)
    part.save()
    if isinstance(part, Question | Section):
        check_form(call)
    record(call, "edit_form", by=by, data={"part": part._meta.model_name, "id": part.pk})
    return part


@transaction.atomic
def remove_part(part: models.Model, *, by: Any) -> None:
    """Delete a section, question or prize of a call that has not opened, a criterion until the sheets of its stage
    open. Raises Forbidden or Conflict.
    """
    call = call_of(part)
    require(by, "calls.configure_call", call)
    check_part_unlocked(part, hold=True)
    record(call, "edit_form", by=by, data={"part": part._meta.model_name, "removed": part.pk})
    try:
        part.delete()
    except models.RestrictedError:
        sentence = _("Another part of the form is asked according to an answer given here: change it first.")
        raise Conflict("decides", sentence) from None


@transaction.atomic
def grant_right(call: Call, user: User, right: str, *, by: Any) -> CallAgent:
    """Give an agent a right on `call`; giving it again changes nothing. Returns it. Raises Forbidden or Invalid."""
    require(by, "calls.manage_agents", call)
    if right not in CallAgent.Right.values:
        raise Invalid("unknown_right", _("Choose a right."), field="right")
    if not user.is_agent:
        raise Invalid("not_an_agent", _("Only an agent of the city can be given this right."), field="user")
    held, created = CallAgent.objects.get_or_create(call=call, user=user, right=right)
    if created:
        record(call, "grant_right", by=by, data={"user": user.pk, "right": right})
    return held


@transaction.atomic
def revoke_right(held: CallAgent, *, by: Any) -> None:
    """Take a right back. Someone keeps the right to configure the call. Raises Forbidden or Conflict."""
    require(by, "calls.manage_agents", held.call)
    rights = held.call.agent_rights.select_for_update().filter(right=CallAgent.Right.CONFIGURE).order_by("pk")
    if {right.pk for right in rights} == {held.pk}:
        raise Conflict("last_right", _("A call keeps at least one agent who configures it."))
    record(held.call, "revoke_right", by=by, data={"user": held.user_id, "right": held.right})
    held.delete()


def check_ready(call: Call) -> None:
    """Raise Invalid when `call` lacks what applicants need."""
    if not call.pillars.exists():
        raise Invalid("no_pillar", _("Choose at least one pillar before announcing the call."))
    if not Question.objects.filter(section__call=call).exists():
        raise Invalid("no_question", _("Write at least one question of the form before announcing the call."))
    check_form(call)
    if call.closes_at <= clock.now():
        raise Invalid("closed_already", _("The closing date is past: change it before announcing the call."))


@transaction.atomic
def announce(call: Call, *, by: Any) -> Call:
    """Make `call` public now; it opens and closes by its dates. Returns it. Raises Forbidden, Invalid or Conflict."""
    require(by, "calls.configure_call", call)
    check_ready(call)
    _stamp(call, "announced_at", clock.now(), _("This call is already public."))
    record(call, "announce", by=by, from_state=Phase.DRAFT, to_state=call.phase)
    return call


@transaction.atomic
def set_results_at(call: Call, at: datetime, *, by: Any) -> Call:
    """Let the results of `call` be public from the aware instant `at`. Returns it. Raises Forbidden or Conflict."""
    require(by, "calls.organise_jury", call)
    if call.announced_at is None or at < call.closes_at:
        raise Conflict("not_closed", _("Results are published after the close."))
    if call.results_at is not None and call.results_at <= clock.now():
        raise Conflict("published", _("The results are already public."))
    Call.objects.filter(pk=call.pk).update(results_at=at)
    call.results_at = at
    record(call, "set_results_at", by=by, data={"at": at.isoformat()})
    carry(PUBLISHED, call, before=None, to=at, by=by)
    return call


@transaction.atomic
def archive(call: Call, *, by: Any) -> Call:
    """Put away a call whose results are public. Returns it. Raises Forbidden or Conflict."""
    require(by, "calls.configure_call", call)
    now = clock.now()
    seen = phase_at(call, now)
    if seen != Phase.PUBLISHED:
        raise Conflict("not_published", _("A call is archived once its results are public."))
    _stamp(call, "archived_at", now, _("This call is already archived."))
    record(call, "archive", by=by, from_state=seen, to_state=Phase.ARCHIVED)
    return call


def _stamp(call: Call, column: str, moment: datetime, too_late: Any) -> None:
    """Write a date that is not set yet; Conflict with `too_late` when someone was faster."""
    if not Call.objects.filter(pk=call.pk, **{f"{column}__isnull": True}).update(**{column: moment}):
        raise Conflict("already_changed", too_late)
    setattr(call, column, moment)
