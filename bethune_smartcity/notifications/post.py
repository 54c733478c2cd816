"""The way to the mail server: one connection for several mails, opened anew after a fault."""

from types import TracebackType
from typing import Any

from django.core.mail import EmailMessage, get_connection


class Away(Exception):
    """The mail server does not answer, or lets nobody in."""


class Carrier:
    """A connection to the mail server, opened for the first mail it carries and closed at the end of the block."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    def __enter__(self) -> "Carrier":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def carry(self, mail: EmailMessage) -> None:
        """Hand `mail` over. Raises Away, or the fault that the server answered it with.

        After a fault the next mail is carried over a new connection: nobody knows what is left of this one.
        """
        try:
            self._connection.open()
        except Exception as fault:
            self._hang_up()
            raise Away(str(fault)) from fault
        try:
            mail.connection = self._connection
            mail.send()
        except Exception:
            self._hang_up()
            raise

    def _hang_up(self) -> None:
        try:
            self._connection.close()
        finally:
            self._connection = get_connection()
