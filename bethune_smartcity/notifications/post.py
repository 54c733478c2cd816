"""The way to the mail server: one connection for several mails, opened anew after a fault."""

from functools import cached_property
from types import TracebackType
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email

from bethune_smartcity.core.models import City
from bethune_smartcity.core.text import one_line, without_odd


def answers_to() -> list[str]:
    """Where answers to mails go: the city's contact address, if it has one and that is an address and nothing else."""
    address = City.current().contact_email
    try:
        validate_email(address)
    except ValidationError:
        return []
    return [address] if address == without_odd(one_line(address)) else []


class Away(Exception):
    """The mail server does not answer, or lets nobody in."""


class Carrier:
    """A connection to the mail server, opened for the first mail it carries and closed at the end of the block."""

    def __init__(self) -> None:
        self._connection: Any = get_connection()

    @cached_property
    def _answers_to(self) -> list[str]:
        """Read once for all the mails of one round."""
        return answers_to()

    def __enter__(self) -> "Carrier":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()

    def carry(self, mail: EmailMessage) -> None:
        """Hand `mail` over, with where its answers go. Raises Away, or the fault that the server answered it with.

        After a fault the next mail is carried over a new connection: nobody knows what is left of this one.
        """
        try:
            self._connection.open()
        except Exception as fault:
            self._hang_up()
            raise Away(str(fault)) from fault
        try:
            mail.reply_to = self._answers_to
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
