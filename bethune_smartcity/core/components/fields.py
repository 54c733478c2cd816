"""Forms: fields with help, errors and counters, error summary, save state, marks laid like bricks."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    Field,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core import wording

from . import declared
from .marks import icon

# What to do with a field left empty, by its control; the first that fits.
LACKING: tuple[tuple[tuple[type, ...], Any], ...] = (
    ((CheckboxInput,), gettext_lazy("Tick “%(label)s”.")),
    ((FileInput,), gettext_lazy("Choose a file for “%(label)s”.")),
    ((RadioSelect, CheckboxSelectMultiple, Select), gettext_lazy("Choose an answer for “%(label)s”.")),
    ((object,), gettext_lazy("Fill in “%(label)s”.")),
)


def _said(bound: BoundField, error: ValidationError) -> str:
    """The sentence of `error`; for a field left empty whose form has no words for that, which one and what to do."""
    if error.code != "required" or error.message != Field.default_error_messages["required"] or bound.is_hidden:
        return str(error.messages[0])
    sentence = next(words for controls, words in LACKING if isinstance(bound.field.widget, controls))
    return str(sentence % {"label": bound.label})


def errors_of(bound: BoundField) -> list[tuple[str, bool]]:
    """What is wrong with a field: each sentence, and whether it says by itself which field it is about."""
    single = isinstance(bound.field.widget, CheckboxInput)
    return [(_said(bound, error), single or error.code == "required") for error in bound.errors.as_data()]


def field(
    field: BoundField,
    missing: bool = False,
    saved_at: dt.datetime | None = None,
    version: int | None = None,
    warning: str = "",
) -> dict[str, Any]:
    """One question: label, help, control, errors, save state, counter.

    Args:
        field: the bound field. `data-words-max` among its widget's attributes gives it a word counter,
            `data-letters-max`, or `maxlength` on a text area, a counter of characters; `data-short` keeps the control
            short. A field that its form asks for by itself (one of two, say) has `needed`: it is not called optional.
        missing: say that an answer is still lacking.
        saved_at: aware instant of the last save, when the answer is saved alone.
        version: of the answer kept, so that a save can tell whether someone else changed it meanwhile.
        warning: what follows from an answer that is taken all the same; said where errors are, when there is none.
    """
    declared("field", field=field)
    widget = field.field.widget
    # As it is kept: a browser sends two signs for the end of a line.
    text = str(field.value() or "").replace("\r\n", "\n").strip()
    needed = getattr(field.field, "needed", False)
    words, letters = widget.attrs.get("data-words-max"), widget.attrs.get("data-letters-max")
    if letters is None and isinstance(widget, Textarea):
        letters = widget.attrs.get("maxlength")
    errors = [sentence for sentence, _names in errors_of(field)]
    return {
        "field": field,
        "errors": errors,
        "optional": not (field.field.required or needed or isinstance(widget, CheckboxInput)),
        "single": isinstance(widget, CheckboxInput),
        "file": isinstance(widget, FileInput),
        "missing": missing,
        "saved_at": saved_at,
        "version": version,
        "warning": "" if errors else warning,
        "words_max": int(words) if words else None,
        "letters_max": int(letters) if letters else None,
        "words": len(text.split()),
        "letters": len(text),
        "short": "data-short" in widget.attrs,
    }


def form(form: BaseForm) -> dict[str, Any]:
    """A whole form: the summary of its errors, then its fields."""
    declared("form", form=form)
    return {"form": form}


def error_summary(form: BaseForm, before: BaseForm | None = None, head: str = "") -> dict[str, Any]:
    """What is to correct, with a link to each field; the page opens on it.

    Args:
        form: the form.
        before: another one sent with it, whose fields stand above.
        head: what became of what was sent, said first.
    """
    declared("error_summary", form=form)
    bound_forms = [one for one in (before, form) if one is not None and one.is_bound]
    general = [error for one in bound_forms for error in one.non_field_errors()]
    faulty = [(bound, *error) for one in bound_forms for bound in one for error in errors_of(bound)]
    return {"faulty": faulty, "general": general, "count": len(faulty) + len(general), "head": head}


def submit_bar(label: str, back_url: str = "", back_label: str = "", shape: str = "", tone: str = "") -> dict[str, Any]:
    """The foot of a form: its one main act, and a way back. Tone "danger" for what cannot be undone."""
    declared("submit_bar", label=label)
    return {"label": label, "back_url": back_url, "back_label": back_label or _("Back"), "shape": shape, "tone": tone}


def save_state(moment: dt.datetime | None = None) -> SafeString:
    """The line that says when an answer was last saved; scripts keep it up to date."""
    if moment is None:
        return mark_safe('<p class="save" role="status" data-save></p>')
    words = _("Saved at %(hour)s") % {"hour": wording.hour(moment)}
    return format_html('<p class="save" role="status" data-save>{} {}</p>', icon("check-circle-fill"), words)


def _among(choices: Sequence[tuple[Any, str, str]], value: Any) -> tuple[Any, str, str] | None:
    """The choice that `value` means; None for none, and for whatever else a form was sent."""
    try:
        meant = None if value is None else float(value)
    except (TypeError, ValueError):
        return None
    return next((choice for choice in choices if float(choice[0]) == meant), None)


def mark_pad(
    name: str,
    legend: str,
    choices: Sequence[tuple[Any, str, str]],
    value: Any = None,
    weight: Any = None,
    hint: str = "",
    saved_at: dt.datetime | None = None,
    disabled: bool = False,
) -> dict[str, Any]:
    """One criterion's marks: wholes above, halves below between their neighbours; radios in ascending order.

    Args:
        name: of the radios.
        legend: the criterion.
        choices: (value, label, sentence that anchors it) in ascending order, wholes and halves alternating, or
            wholes only.
        value: the mark chosen, or None.
        weight: of the criterion in the total.
        hint: what the criterion asks, in one sentence.
        saved_at: aware instant of the last save.
        disabled: the sheet is closed.
    """
    choices = list(choices)
    declared("mark_pad", name=name, legend=legend, choices=choices or None)
    chosen = _among(choices, value)
    whole = all(float(choice[0]).is_integer() for choice in choices)
    return {
        "name": name,
        "legend": legend,
        "choices": choices,
        "chosen": chosen,
        "weight": weight,
        "hint": hint,
        "saved_at": saved_at,
        "disabled": disabled,
        "whole": whole,
    }
