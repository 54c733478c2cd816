"""Keys that stand for a mailbox in links: nobody reads it in them, and nobody makes one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

from bethune_smartcity.core import clock

SALT = "notifications.holder"
LINK_SALT = "notifications.link"
CONFIRM_SALT = "notifications.confirm"
# Stands for a reader's key in what is kept of their messages: it is set in when they leave.
KEY_MARK = ":key-of-its-reader:"
# What waits for its confirmation is kept as long.
GOOD_FOR = timedelta(days=7)
# How many signs stand for a mailbox.
HOLDER = 40

_signer = signing.Signer(salt=LINK_SALT)


def mailbox_of(address: str) -> str:
    """The address as it is compared and kept."""
    return address.strip().lower()


def holder_of(address: str) -> str:
    """What stands for the mailbox `address`: the same at each call, and not to be turned back."""
    return salted_hmac(SALT, mailbox_of(address), algorithm="sha256").hexdigest()[:HOLDER]


def key_of_holder(holder: str) -> str:
    """The key that its links carry. It lasts: the link of an old mail still ends what it began."""
    return _signer.sign(holder)


def with_key(text: str, holder: str) -> str:
    """`text` with the key of `holder` in the place of what stands for it."""
    return text.replace(KEY_MARK, key_of_holder(holder)) if KEY_MARK in text else text


def holder_behind(key: str) -> str | None:
    """The holder of a link's key, or None for a text that is no key of ours."""
    try:
        return _signer.unsign(key)
    except signing.BadSignature:
        return None


@dataclass(frozen=True)
class Asked:
    """What a confirmation link says: whose subscriptions were asked for, which, and when."""

    holder: str
    rows: list[int]
    at: datetime

    @property
    def is_late(self) -> bool:
        return clock.now() >= self.at + GOOD_FOR


def confirmation_of(holder: str, rows: list[int]) -> str:
    """The token that confirms the subscriptions `rows` of `holder` for seven days from now."""
    # Not compressed: that begins with a dot, and servers are often told to refuse such addresses.
    return signing.dumps([holder, rows, clock.now().isoformat()], salt=CONFIRM_SALT)


def asked_behind(token: str) -> Asked | None:
    """What a confirmation link says, late or not; None for a text that is no token of ours."""
    try:
        holder, rows, at = signing.loads(token, salt=CONFIRM_SALT)
    except signing.BadSignature:
        return None
    return Asked(holder, rows, datetime.fromisoformat(at))
