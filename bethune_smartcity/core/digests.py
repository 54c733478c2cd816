"""One way to write data down so that the same data always has the same digest."""

import hashlib
import json
from typing import Any


def canonical(data: Any) -> str:
    """`data` (JSON types only) as JSON with sorted keys and no spaces (after RFC 8785, without its number rules)."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(data: Any) -> str:
    """SHA-256 of `canonical(data)`, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()
