"""Words that someone wrote in one language, given by the city in others: what was written is what counts."""

from typing import Any, ClassVar

from django.db import models

OF = "of"


class Rendered(models.Model):
    """A row some of whose texts are kept in the language they were written in and may be read in others.

    `rendered` names those texts. `renderings` holds {name: {language: text, "of": what was written}} and is kept by
    `lifecycle.renderings.render` alone: once the text changes, what was made of it is shown no more.
    """

    rendered: ClassVar[tuple[str, ...]] = ()

    renderings = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


def rendering(thing: Any, name: str, code: str) -> str:
    """The attribute `name` of `thing` as it was put into the language `code`; empty where it was not."""
    kept = (getattr(thing, "renderings", None) or {}).get(name, {})
    return str(kept.get(code, "")) if kept and kept.get(OF) == getattr(thing, name) else ""
