"""Who a voter is to a vote: a key that nobody can turn back into an address.

The key is HMAC-SHA256(pepper of this vote, normalised address). The pepper lies in a file outside the database and its
backups, and is destroyed with the keys.
"""

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from bethune_smartcity.core.errors import Conflict, Invalid
from juries.models import PublicVote

DOTS_MEAN_NOTHING = frozenset({"gmail.com", "googlemail.com"})


def normalise(address: str) -> str:
    """The one spelling of a mailbox: trimmed, lower case, domain in IDNA, no +tag, no dots for Gmail.

    Raises Invalid for what is not an address.
    """
    text = unicodedata.normalize("NFKC", address).strip().lower()
    refusal = Invalid("bad_address", _("Write an e-mail address, such as name@city.example."), field="address")
    try:
        validate_email(text)
        local, _at, domain = text.rpartition("@")
        domain = domain.encode("idna").decode()
    except (ValidationError, UnicodeError) as fault:
        raise refusal from fault
    local = local.split("+", 1)[0]
    if domain in DOTS_MEAN_NOTHING:
        local, domain = local.replace(".", ""), "gmail.com"
    if not local:
        raise refusal
    return f"{local}@{domain}"


def _file_of(vote: PublicVote) -> Path:
    return Path(settings.VOTE_PEPPERS_DIR) / str(vote.pk)


def make_pepper(vote: PublicVote) -> None:
    """Draw the pepper of a vote that has no ballot yet. The file is readable by the portal alone."""
    target = _file_of(vote)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    fresh.replace(target)


def pepper_of(vote: PublicVote) -> bytes:
    """The vote's pepper. Raises Conflict when it is gone: a new one would let everyone vote again."""
    try:
        return _file_of(vote).read_bytes()
    except FileNotFoundError as fault:
        raise Conflict("vote_sealed", _("This vote takes no ballot any more.")) from fault


def destroy_pepper(vote: PublicVote) -> None:
    _file_of(vote).unlink(missing_ok=True)


def keyed(pepper: bytes, text: str) -> str:
    """HMAC-SHA256 of `text` under `pepper`, 64 hexadecimal digits."""
    return hmac.new(pepper, text.encode(), hashlib.sha256).hexdigest()
