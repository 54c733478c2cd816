"""What members of a panel say of an application in deliberation: for them alone, and gone once minutes are signed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core import clock
from bethune_smartcity.core.text import validate_plain
from calls.models import Submission

from .panel import DutyQuerySet, Juror, Panel


class Remark(models.Model):
    """Said in the debate on one application. No agent and no applicant reads it, and the minutes do not hold it.

    What a member said is heard no more once they stand aside: `free()`.
    """

    panel = models.ForeignKey(Panel, models.CASCADE, verbose_name=_("panel"), related_name="remarks")
    submission = models.ForeignKey(Submission, models.CASCADE, verbose_name=_("application"), related_name="remarks")
    juror = models.ForeignKey(Juror, models.CASCADE, verbose_name=_("juror"), related_name="remarks")
    text = models.TextField(_("remark"), max_length=2000, validators=[validate_plain])
    at = models.DateTimeField(_("at"), default=clock.now)

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark in the debate")
        verbose_name_plural = _("remarks in the debate")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["panel", "submission"], name="juries_remark_of_debate")]

    def __str__(self) -> str:
        return f"{self.juror} : {self.submission}"
