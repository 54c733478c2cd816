"""What stands behind the template tags of `ui`: one module per kind of component."""

from typing import Any

from django.conf import settings


class MissingInput(Exception):
    """A component was drawn without something it declares as needed."""


def declared(component: str, **inputs: Any) -> None:
    """Check a component's needed inputs where `STRICT_COMPONENTS` is set; a page in service is never stopped by it.

    Args:
        component: its name, for the message.
        inputs: the values that may be neither None nor an empty text.

    Raises:
        MissingInput: one of them is.
    """
    if not getattr(settings, "STRICT_COMPONENTS", False):
        return
    missing = [name for name, value in inputs.items() if value is None or value == ""]
    if missing:
        raise MissingInput(f"{component}: {', '.join(missing)}")
