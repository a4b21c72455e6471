"""The chain that makes tampering with the audit visible: each row's hash covers the row and the hash before it.

Pure functions, any thread. A chain alone can be rewritten as a whole by whoever may write the database; see
`station/head.py` for what the checkpoint adds, and what it can't.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

GENESIS: Final = "0" * 64
"""What stands for the hash before the first row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """Something a person did, or that happened to the station; the audit adds place, time and hash.

    `value_seen` is what the person saw, `value_old` what the station had, `value_new` what was asked for, each in
    `unit`.
    """

    kind: str
    user: str
    seat: str
    roles: str = ""
    tag: str = ""
    title: str = ""
    value_seen: float | None = None
    value_old: float | None = None
    value_new: float | None = None
    unit: str = ""
    reason: str = ""
    command_id: str = ""
    state: str = ""
    readback: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the chain of a station: the row `seq` (from 1) of an epoch, and its hash. Row 0 is none yet."""

    station: str
    epoch: int
    seq: int
    hash: str


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
        row = orjson.dumps(dict(columns), option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from error
    return hashlib.sha256(bytes.fromhex(prev_hash) + row).hexdigest()
