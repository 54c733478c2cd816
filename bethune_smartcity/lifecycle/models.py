"""The journal: who did what, when, from which state to which, and why. Lines are added, never edited."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock

from .workflow import Workflow


class JournalEntry(models.Model):
    subject_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name=_("kind"), related_name="+")
    subject_id = models.CharField(_("identifier"), max_length=36)
    subject_label = models.CharField(_("subject"), max_length=250)
    verb = models.CharField(_("act"), max_length=60)
    from_state = models.CharField(_("from"), max_length=30, blank=True)
    to_state = models.CharField(_("to"), max_length=30, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("by"),
        related_name="+",
    )
    actor_label = models.CharField(_("by (as written)"), max_length=250)
    at = models.DateTimeField(_("at"), default=clock.now, db_index=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        verbose_name = _("journal line")
        verbose_name_plural = _("journal lines")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id", "at"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.subject_label} : {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("a journal line is never rewritten")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a journal line is never deleted")


class Stateful(models.Model):
    """A model whose `state` changes through `lifecycle.moves.move()` and by nothing else: `save()` leaves it alone.

    Subclasses give `workflow` and a `state` field.
    """

    workflow: ClassVar[Workflow]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            if self.state != self.workflow.initial:  # type: ignore[attr-defined]
                raise ValueError(f"a new {type(self).__name__} starts as {self.workflow.initial}")
        elif kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                f.name for f in self._meta.concrete_fields if not f.primary_key and f.name != "state"
            ]
        elif "state" in kwargs["update_fields"]:
            raise ValueError("states change through move()")
        super().save(*args, **kwargs)
