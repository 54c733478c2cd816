"""What is measured: each job of the portal beside the same job of the floor."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """A page or an act. `who` names the session; `fields` is set for a POST; `limit` is the ratio not to exceed,
    `form` the page that carries a POST's token."""

    name: str
    path: str
    floor: str
    who: str = "anonymous"
    fields: dict[str, str] | None = None
    limit: float | None = 5.0
    rows_shown: int = 50
    form: str = ""
