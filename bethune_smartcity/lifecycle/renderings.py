"""Giving in other languages what was written in one: an operation, and the act of the back office that calls it."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bethune_smartcity.core.access import require
from bethune_smartcity.core.admin_acts import Act
from bethune_smartcity.core.context import own_name
from bethune_smartcity.core.errors import Invalid
from bethune_smartcity.core.language import in_each, written_in
from bethune_smartcity.core.renderings import OF, rendering
from bethune_smartcity.core.text import check_plain, validate_plain

from .moves import record

MOST = 4000


@transaction.atomic
def render(row: Any, *, permission: str, by: Any, subject: Any = None, **texts: str) -> Any:
    """Give texts of `row` in other languages than the one they were written in, in place of what was given before.

    Args:
        row: a `core.renderings.Rendered`; what was written on it stays as it is.
        permission: the right asked about `subject`, or about `row`.
        by: who gives them.
        subject: what the right is asked about.
        texts: `<name>_<language>`, for names the row says are `rendered`; an empty one takes a text back.

    Returns the row. Raises Forbidden, or Invalid (no such text, odd characters, too long).
    """
    require(by, permission, row if subject is None else subject)
    held = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    kept = {name: {**said} for name, said in held.renderings.items() if said[OF] == getattr(held, name)}
    for column, text in texts.items():
        _put(kept, held, column, (text or "").replace("\r\n", "\n").strip())
    kept = {name: said for name, said in kept.items() if len(said) > 1}
    if kept != held.renderings:
        row.renderings = held.renderings = kept
        held.save(update_fields=["renderings"])
        record(held, "render", by=by, data={"fields": sorted(texts)})
    return row


def _put(kept: dict[str, dict[str, str]], row: Any, column: str, text: str) -> None:
    name, _line, code = column.rpartition("_")
    if column not in in_each(*row.rendered):
        raise Invalid("no_such_text", _("This text is not given in other languages."), field=column)
    if len(text) > MOST:
        raise Invalid("too_long", _("This text is too long: %(n)s characters at most.") % {"n": MOST}, field=column)
    check_plain(text, field=column)
    kept.setdefault(name, {OF: getattr(row, name)}).pop(code, None)
    if text and code != written_in(row, name):
        kept[name][code] = text


class RenderingForm(forms.Form):
    """The texts of one row, in each language but the one they were written in."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in row.rendered:
            label = capfirst(str(row._meta.get_field(name).verbose_name))
            for code, _label in settings.LANGUAGES:
                if getattr(row, name) and code != written_in(row, name):
                    self.fields[f"{name}_{code}"] = forms.CharField(
                        label=f"{label} ({own_name(code)})",
                        initial=rendering(row, name, code),
                        required=False,
                        max_length=MOST,
                        validators=[validate_plain],
                        widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
                    )


def rendering_act(permission: str, *, subject: str = "", offered: Callable[[Any], bool] | None = None) -> Act:
    """The act that gives the texts of a `Rendered` row in other languages, in the terms of `Act`."""

    def run(row: Any, *, by: Any, **texts: str) -> Any:
        return render(row, permission=permission, by=by, subject=attrgetter(subject)(row) if subject else None, **texts)

    return Act(
        "render",
        gettext_lazy("Give it in other languages"),
        run,
        permission,
        form=RenderingForm,
        consequence=gettext_lazy("Whoever reads the portal in that language reads this at once; the original counts."),
        subject=subject,
        alone=True,
        offered=offered,
        given=lambda row: {"row": row},
    )
