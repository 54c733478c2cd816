"""What agents changed in the ladders of a call."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock

from .call import Call


class Reminder(models.Model):
    """A rung that was added to a ladder of a call, or taken out of it. A ladder nobody touched has no row.

    What was added leaves only where its instant came after `since`: adding it sends nothing that is past.
    """

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="reminders")
    ladder = models.CharField(_("ladder"), max_length=40)
    code = models.CharField(_("rung"), max_length=8)
    is_on = models.BooleanField(_("is sent"), default=True)
    since = models.DateTimeField(_("chosen at"), default=clock.now)

    class Meta:
        verbose_name = _("reminder chosen")
        verbose_name_plural = _("reminders chosen")
        ordering = ["call", "ladder", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "ladder", "code"], name="calls_one_reminder")]

    def __str__(self) -> str:
        return f"{self.ladder} {self.code}"
