"""When something was last done, for rules that depend on it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Max, OuterRef, Subquery
from django.db.models.functions import Cast

from .models import JournalEntry


def last_done(model: Any, keys: Collection[Any], verb: str) -> dict[str, datetime]:
    """When the act `verb` was last done to the rows of `model` with those keys, by key as text. One statement."""
    if not keys:
        return {}
    kind = ContentType.objects.get_for_model(model)
    lines = JournalEntry.objects.filter(subject_type=kind, subject_id__in=[str(key) for key in keys], verb=verb)
    return dict(lines.order_by().values_list("subject_id").annotate(last=Max("at")))


def last_time(model: Any, *verbs: str) -> Subquery:
    """When one of the acts `verbs` was last done, to be read with each row of `model`; None where it never was."""
    kind = ContentType.objects.filter(app_label=model._meta.app_label, model=model._meta.model_name).values("pk")
    key = Cast(OuterRef("pk"), CharField())
    lines = JournalEntry.objects.filter(subject_type=Subquery(kind), subject_id=key, verb__in=verbs)
    return Subquery(lines.order_by("-at").values("at")[:1])
