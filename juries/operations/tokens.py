"""Secrets that leave by mail: what is kept of them."""

import hashlib


def digest_of(token: str) -> str:
    """What is kept of a link: 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
