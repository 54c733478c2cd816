"""What agents wrote in place of the portal's own words, call by call."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.notifications.texts import LONGEST_BODY, LONGEST_SUBJECT, Words

from .call import Call


class MessageText(models.Model):
    """An agent's wording of one text of a call's messages, in one language; without a row the portal's own stands.

    Without a call it is of what the portal writes about the programme as a whole.

    `text` is the key of a declared text (`notifications.texts`). What was written under a text that no app declares
    any more is told to nobody.
    """

    call = models.ForeignKey(
        Call, models.CASCADE, null=True, blank=True, verbose_name=_("call"), related_name="message_texts"
    )
    text = models.CharField(_("message"), max_length=80)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    body = models.TextField(_("text"), max_length=LONGEST_BODY)
    changed_at = models.DateTimeField(_("changed at"), default=clock.now)

    class Meta:
        verbose_name = _("wording of a message")
        verbose_name_plural = _("wordings of messages")
        ordering = ["call", "text", "language"]
        constraints = [
            models.UniqueConstraint(fields=["call", "text", "language"], name="calls_one_wording"),
            models.UniqueConstraint(
                fields=["text", "language"],
                condition=models.Q(call__isnull=True),
                name="calls_one_wording_of_the_programme",
            ),
        ]

    def __str__(self) -> str:
        place = self.call or _("The programme as a whole")
        return f"{place} : {self.text}, {self.language}"

    @property
    def words(self) -> Words:
        return Words(self.subject, self.body)
