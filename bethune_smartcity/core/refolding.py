"""Search columns folded again where the way of folding changed: for migrations, which know no code of their models."""

from typing import Any

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Replace

from .text import APOSTROPHE, APOSTROPHES


def fold_apostrophes(app: str, *models: str) -> migrations.RunPython:
    """The operation that makes one apostrophe of all in every search column of `models` of `app`.

    One statement a column, however many rows.
    """

    def fold(apps: Any, _schema_editor: Any) -> None:
        for name in models:
            model = apps.get_model(app, name)
            columns = [one.name for one in model._meta.get_fields() if one.name.startswith("search_text")]
            model.objects.update(**{column: _with_one(column) for column in columns})

    return migrations.RunPython(fold, migrations.RunPython.noop)


def _with_one(column: str) -> Any:
    text: Any = F(column)
    for sign in APOSTROPHES:
        text = Replace(text, Value(sign), Value(APOSTROPHE))
    return text
