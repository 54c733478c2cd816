"""What a palmarès makes of a structure that won."""

from typing import Any

from bethune_smartcity.accounts.models import Structure
from bethune_smartcity.accounts.uses import Use
from juries.models import Award


def follow(structure: Structure, _by: Any) -> None:
    """Let its prizes be found under the name it has now."""
    won = Award.objects.filter(submission__structure=structure)
    for award in won.select_related("submission__structure", "prize", "call"):
        award.save(update_fields=["search_text"])


USE = Use(lambda _structure: "", follow)
