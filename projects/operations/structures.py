"""What a project makes of the structure that carries it."""

from typing import Any

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.uses import Use
from projects.models import Project


def follow(structure: Structure, _by: Any) -> None:
    """Let its projects be found in the showcase under the name it has now."""
    for project in Project.objects.filter(structure=structure).select_related("structure"):
        project.save(update_fields=["search_text"])


USE = Use(lambda _structure: "", follow)
