"""What a message with a secret says, made unreadable until it leaves: nobody reads it in the database or a backup."""

import base64
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "notifications.seal"


@dataclass(frozen=True)
class Letter:
    """What is mailed, and to which address; `layout` tells where the links of its text are."""

    to: str
    subject: str
    body: str
    layout: dict[str, Any] = field(default_factory=dict)


class BrokenSeal(Exception):
    """The text was sealed with a key that the portal no longer has."""


def seal(letter: Letter) -> str:
    """`letter`, unreadable without the portal's key."""
    return _keys().encrypt(json.dumps(asdict(letter)).encode()).decode()


def unseal(sealed: str) -> Letter:
    """The letter behind a seal. Raises BrokenSeal when the portal's key changed since."""
    try:
        return Letter(**json.loads(_keys().decrypt(sealed.encode())))
    except InvalidToken as error:
        raise BrokenSeal("sealed with another key") from error


def _keys() -> MultiFernet:
    """The key in force seals; former ones still open."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> Fernet:
    drawn = salted_hmac(SALT, "", secret=secret, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(drawn))
