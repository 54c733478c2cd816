"""Rows found by their texts in each language of the portal."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from .search import folded_in_each


class Searched(models.Model):
    """A translated row that keeps one search column for each language, folded again whenever it is saved.

    `searched` names its texts, the title first. Its `translation.py` names `search_text` among the fields.
    """

    searched: ClassVar[tuple[str, ...]]

    search_text = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        columns = self.fold()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = [*kwargs["update_fields"], *columns]
        super().save(*args, **kwargs)

    def searched_beside(self) -> tuple[str, ...]:
        """What it is found by beside its texts, alike in each language."""
        return ()

    def fold(self) -> list[str]:
        """Write the search columns as the texts are now. Returns their names."""
        title, *names = self.searched
        columns = folded_in_each(self, title, names, *self.searched_beside())
        for column, text in columns.items():
            setattr(self, column, text)
        return list(columns)
