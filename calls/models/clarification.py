"""A question asked in public about a call, and its answer."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.core.renderings import Rendered
from bethune_smartcity.core.search import folded
from bethune_smartcity.core.text import validate_plain

from .call import Call


class Clarification(Rendered):
    rendered = ("text", "answer")

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="clarifications")
    asker = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("asked by"), related_name="+")
    text = models.TextField(_("question"), max_length=2000, validators=[validate_plain])
    language = models.CharField(_("language"), max_length=5, default="fr")
    asked_at = models.DateTimeField(_("asked at"), default=clock.now)
    answer = models.TextField(_("answer"), max_length=4000, blank=True, validators=[validate_plain])
    answer_language = models.CharField(_("language of the answer"), max_length=5, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name=_("answered by"), related_name="+"
    )
    search_text = models.TextField(_("search text"), blank=True, editable=False)

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["-answered_at", "-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answer="")
                | models.Q(answered_at__isnull=False) & ~models.Q(answer=""),
                name="calls_answer_stamped",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_text = folded(self.text, self.answer)
        super().save(*args, **kwargs)
