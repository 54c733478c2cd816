"""Changes of the form of an open call: prepared question by question, then published together."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.accounts.models import User
from bethune_smartcity.core import clock

from .call import Call
from .form import Question, Section


class FormChange(models.Model):
    """A change of the form, published: applicants were told of it, with its reason."""

    call = models.ForeignKey(Call, models.CASCADE, verbose_name=_("call"), related_name="form_changes")
    number = models.PositiveSmallIntegerField(_("number"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("at"), default=clock.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("change of a form")
        verbose_name_plural = _("changes of forms")
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="calls_one_form_change"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="calls_form_change_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.call}, {self.number}"


class QuestionEdit(models.Model):
    """What is prepared for one question, told to nobody until it is published: other columns, a withdrawal, or a new
    question (`question` is then empty).
    """

    section = models.ForeignKey(Section, models.CASCADE, verbose_name=_("section"), related_name="edits")
    question = models.OneToOneField(
        Question, models.CASCADE, null=True, blank=True, verbose_name=_("question"), related_name="edit"
    )
    columns = models.JSONField(_("columns"), default=dict)
    withdraws = models.BooleanField(_("withdraws it"), default=False)
    edited_at = models.DateTimeField(_("last edited at"), default=clock.now)
    by = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("change being prepared")
        verbose_name_plural = _("changes being prepared")
        ordering = ["section__order", "question__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(withdraws=False) | models.Q(question__isnull=False),
                name="calls_what_exists_is_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return str(self.question or self.columns.get("label_fr") or "")
