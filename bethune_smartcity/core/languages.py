"""Forms whose texts are written in each language of the portal."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.conf import settings

from .context import own_name
from .language import page_language


@dataclass(frozen=True)
class Fold:
    """The fields of one more language: `is_open` where one of them is to correct, `is_written` once all are filled."""

    language: str
    fields: list[forms.BoundField]
    is_open: bool
    is_written: bool


class InEachLanguage(forms.ModelForm):
    """A form that asks each of `told` in every language: the first one with the rest, the others folded below.

    Its Meta names the columns (`core.language.in_each`). `first` is the code of the first language: empty for the
    page's own. Those of `told` that the model needs are required there and nowhere else.
    """

    told: ClassVar[tuple[str, ...]] = ()
    first: ClassVar[str] = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = self.first or page_language()
        for name in self.told:
            self._dress(name)

    def _dress(self, name: str) -> None:
        """Give the fields of a text the label, help and widget of the model's own, in each language."""
        meta: Any = self._meta
        column = meta.model._meta.get_field(name)
        widget = (meta.widgets or {}).get(name)
        for code in self.codes():
            field = self.fields[f"{name}_{code}"]
            label = str((meta.labels or {}).get(name) or column.verbose_name)
            field.label = label if code == page_language() else f"{label} ({own_name(code)})"
            field.label = field.label[:1].upper() + field.label[1:]
            field.required = code == self.language and not column.blank
            if code == self.language:
                field.help_text = (meta.help_texts or {}).get(name) or column.help_text
            else:
                field.help_text = ""
            if widget is not None:
                field.widget = type(widget)(attrs=widget.attrs)
            field.widget.attrs["lang"] = code

    @staticmethod
    def codes() -> Iterable[str]:
        return [code for code, _label in settings.LANGUAGES]

    def _of(self, code: str) -> list[str]:
        return [f"{name}_{code}" for name in self.told]

    def unfolded(self) -> list[forms.BoundField]:
        """The fields of the first language and those of no language."""
        folded = {column for code in self.codes() if code != self.language for column in self._of(code)}
        return [bound for bound in self.visible_fields() if bound.name not in folded]

    def folds(self) -> list[Fold]:
        """The other languages, in the portal's order."""
        return [self._fold(code) for code in self.codes() if code != self.language]

    def _fold(self, code: str) -> Fold:
        fields = [self[column] for column in self._of(code)]
        pairs = zip(fields, self.told, strict=True)
        needed = [bound.value() for bound, name in pairs if self[f"{name}_{self.language}"].value()]
        return Fold(
            language=own_name(code),
            fields=fields,
            is_open=any(bound.errors for bound in fields),
            is_written=bool(needed) and all(needed),
        )
