"""When the pages of what a jury knows open to those who may read them."""

from juries.models import Panel
from juries.operations.checks import require_disclosed


class OnceDisclosed:
    """A page of what the jury knows once the standing is disclosed: until then it says so to those whom it awaits."""

    object: Panel

    def check_time(self) -> None:
        require_disclosed(self.object)
