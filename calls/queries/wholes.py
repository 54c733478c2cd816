"""To which call the things belong that messages are about."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.urls import reverse

from bethune_smartcity.notifications.leaving import Whole
from calls.models import Call, Clarification, DeadlineMove, Letter, Submission


def whole(key: Any, title: str, slug: str) -> Whole:
    """A call as what several messages are about."""
    return Whole(f"call-{key}", title, reverse("calls:board", kwargs={"slug": slug}))


def wholes_of(model: Any, path: str, keys: Collection[str]) -> dict[str, Whole]:
    """The calls of the rows of `model` with those keys, as texts; `path` leads from a row to its call."""
    key, title, slug = (f"{path}{name}" for name in ("pk", "title", "slug"))
    rows = model.objects.filter(pk__in=keys).values("pk", key, title, slug)
    return {str(row["pk"]): whole(row[key], row[title], row[slug]) for row in rows}


WHOLES = {
    Call._meta.label_lower: partial(wholes_of, Call, ""),
    **{
        model._meta.label_lower: partial(wholes_of, model, "call__")
        for model in (Submission, DeadlineMove, Clarification, Letter)
    },
}
