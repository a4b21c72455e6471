"""The chain that makes tampering with a table visible: each row's hash covers the row and the hash before it.

Pure functions, any thread. A chain alone can be rewritten as a whole by whoever may write the database.
"""

import hashlib
import math
from collections.abc import Mapping
from typing import Any, Final

import orjson

GENESIS: Final = "0" * 64
"""What stands for the hash before the first row."""


def storable(value: object) -> object:
    """Return what a database gives back unchanged: no NaN or Inf, no negative zero, no broken surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value + 0.0 if math.isfinite(value) else None
    return value


def digest(prev_hash: str, columns: Mapping[str, Any]) -> str:
    """Return SHA-256 over the previous hash (32 bytes) and the row as canonical JSON: sorted keys, no spaces, UTF-8.

    Raises:
        ValueError: `prev_hash` is not hexadecimal, or a column can't stand in JSON.
    """
    try:
        row = orjson.dumps(columns if type(columns) is dict else dict(columns), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from error
    return hashlib.sha256(bytes.fromhex(prev_hash) + row).hexdigest()
