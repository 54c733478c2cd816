"""What a project is to change of an indicator."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pillars.models import Indicator

from .project import Project


class Target(models.Model):
    """The value an indicator has before a project, and the one the project aims at."""

    project = models.ForeignKey(Project, models.CASCADE, verbose_name=_("project"), related_name="targets")
    indicator = models.ForeignKey(Indicator, models.PROTECT, verbose_name=_("indicator"), related_name="+")
    baseline = models.DecimalField(_("value before the project"), max_digits=14, decimal_places=3)
    goal = models.DecimalField(_("value aimed at"), max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["project", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "indicator"], name="projects_one_target_an_indicator"),
            models.CheckConstraint(condition=~models.Q(baseline=models.F("goal")), name="projects_target_changes"),
        ]

    def __str__(self) -> str:
        return f"{self.project}, {self.indicator}"

    @property
    def goal_unit(self) -> str:
        """The unit of the indicator as it stands beside the value aimed at."""
        return self.indicator.unit_beside(self.goal)
