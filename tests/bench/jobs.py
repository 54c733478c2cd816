"""What is measured: each job of the portal beside the same job of the floor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A page or an act. `who` names the session; `fields` is set for a POST; `limit` is the ratio not to exceed,
    `most` its statements, `form` the page that carries a POST's token."""

    name: str
    path: str
    floor: str
    who: str = "anonymous"
    fields: dict[str, str] | None = None
    limit: float | None = 5.0
    rows_shown: int = 50
    most: int = 12
    form: str = ""


WARMING = 2
"""How often each job was run by the count of statements, before it is timed."""


def at_step(fields: dict[str, str] | None, step: int) -> dict[str, str] | None:
    """A save's fields at its `step`-th repetition: another value, and the version moved on by one each time."""
    if fields is None:
        return None
    if "version" in fields:
        return fields | {"version": str(int(fields["version"]) + step), "value": "3.5" if step % 2 else "4.0"}
    return fields | {"value": f"{fields['value']} {step}"}
