"""What agents wrote in place of the portal's own words, call by call."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Words

from .call import Call


class MessageText(models.Model):
    """An agent's wording of one text of a call's messages, in one language; without a row the portal's own stands.

    `text` is the key of a declared text (`notifications.texts`). What was written under a text that no app declares
    any more is told to nobody.
    """

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="message_texts")
    text = models.CharField(_("message"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        ordering = ["call", "text", "language"]
        constraints = [models.UniqueConstraint(fields=["call", "text", "language"], name="calls_one_wording")]

    def __str__(self) -> str:
        return f"{self.call} : {self.text}, {self.language}"

    @property
    def words(self) -> Words:
        return Words(self.subject, self.body)
