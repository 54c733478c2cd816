"""A message that agents write to many people of a call at once."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock
from bethune_smartcity.lifecycle.models import Stateful
from bethune_smartcity.notifications.texts import Words
from calls.workflow import LETTER, LetterState

from .call import Call

# The language everyone can be written to in.
FIRST = "fr"


class Letter(Stateful):
    """What it says, in French and perhaps in other languages; to whom, and when.

    `audience` and `part` name whom it is for (`calls.audiences`): they are looked for when it leaves. `cursor` is the
    last person written to: what was interrupted goes on from there. `foreseen` is to how many it was confirmed.
    """

    workflow = LETTER

    call = models.ForeignKey(Call, models.PROTECT, verbose_name=_("call"), related_name="letters")
    audience = models.CharField(_("for whom"), max_length=40)
    part = models.CharField(_("those among them"), max_length=40, blank=True)
    texts = models.JSONField(_("texts by language"), default=dict)
    state = models.CharField(_("state"), max_length=10, choices=LetterState.choices, default=LetterState.DRAFT)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("written by"), related_name="+")
    created_at = models.DateTimeField(_("written at"), default=clock.now)
    edited_at = models.DateTimeField(_("last edited at"), default=clock.now)
    foreseen = models.PositiveIntegerField(_("people it was confirmed for"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    cursor = models.PositiveBigIntegerField(_("last person written to"), default=0)
    written = models.PositiveIntegerField(_("messages written"), default=0)

    class Meta:
        verbose_name = _("bulk message")
        verbose_name_plural = _("bulk messages")
        ordering = ["-edited_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], name="letter_waiting", condition=models.Q(state__in=["planned", "leaving"]))
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "cancelled"]) | models.Q(due_at__isnull=False),
                name="calls_letter_has_its_instant",
            )
        ]

    def __str__(self) -> str:
        # Never what it says, nor to whom: lists and the journal print this.
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def words(self) -> Mapping[str, Words]:
        """What it says, by language."""
        return {language: Words(text["subject"], text["body"]) for language, text in self.texts.items()}

    @property
    def title(self) -> str:
        """Its subject in French."""
        return str(self.texts.get(FIRST, {}).get("subject", ""))

    @property
    def ref(self) -> str:
        """What stands for it in an address of the plan."""
        return f"l{self.pk}"


def texts_of(words: Mapping[str, Words]) -> dict[str, Any]:
    """`words`, by language, as a row keeps them."""
    return {language: {"subject": each.subject, "body": each.body} for language, each in words.items()}
