"""What a project aims to change of the pillars' indicators."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.access import require
from bethune_smartcity.core.errors import Conflict, Invalid
from bethune_smartcity.lifecycle.moves import record
from pillars.models import Indicator
from projects.models import Project, Target


@transaction.atomic
def add_target(project: Project, indicator: Indicator, baseline: Decimal, goal: Decimal, *, by: Any) -> Target:
    """Say what `project` is to change of `indicator`: from `baseline` to `goal`, in its unit.

    Returns the target. Raises Forbidden, Invalid (goal equal to the baseline) or Conflict (there is one already).
    """
    require(by, "projects.run_project", project)
    _check_change(baseline, goal)
    Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if Target.objects.filter(project=project, indicator=indicator).exists():
        raise Conflict("has_target", _("This project has a target for this indicator already."), field="indicator")
    target = Target.objects.create(project=project, indicator=indicator, baseline=baseline, goal=goal)
    record(target, "create", by=by)
    return target


@transaction.atomic
def edit_target(target: Target, baseline: Decimal, goal: Decimal, *, by: Any) -> Target:
    """Change the values of `target`. Returns it. Raises Forbidden or Invalid (goal equal to the baseline)."""
    require(by, "projects.run_project", target)
    _check_change(baseline, goal)
    new = {"baseline": baseline, "goal": goal}
    changed = [name for name, value in new.items() if getattr(target, name) != value]
    if changed:
        target.baseline, target.goal = baseline, goal
        target.save(update_fields=changed)
        record(target, "edit", by=by, data={"fields": changed})
    return target


@transaction.atomic
def drop_target(target: Target, *, by: Any) -> None:
    """Forget a target. Raises Forbidden."""
    require(by, "projects.run_project", target)
    record(target, "delete", by=by)
    target.delete()


def _check_change(baseline: Decimal, goal: Decimal) -> None:
    if baseline == goal:
        raise Invalid("no_change", _("Give a goal that differs from the value before the project."), field="goal")
