"""What an operation raises when it refuses. The doors turn it into a page, a field error or an API answer."""

from typing import ClassVar


class DomainError(Exception):
    """An operation refused.

    `code` is stable and for programs, `message` a translated sentence for people, `field` the input it concerns
    (empty when it concerns none).
    """

    status: ClassVar[int] = 400

    def __init__(self, code: str, message: object, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says beside its status."""
        return {}


class Invalid(DomainError):
    """A value that cannot be accepted."""

    status = 400


class Forbidden(DomainError):
    """Visible to this person, but not theirs to do."""

    status = 403


class Conflict(DomainError):
    """Not now, or already changed by someone else."""

    status = 409


class TooLarge(DomainError):
    """More than the portal takes."""

    status = 413


class Unmeasured(DomainError):
    """Sent without saying how large it is."""

    status = 411


class TooOften(DomainError):
    """Asked for too many times; `retry_after` is how many seconds to wait."""

    status = 429

    def __init__(self, code: str, message: object, *, retry_after: int, field: str = "") -> None:
        super().__init__(code, message, field=field)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}
