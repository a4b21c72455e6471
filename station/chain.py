"""What the audit chains (see `database/chain.py`), and a place in that chain. Immutable, any thread.

A chain alone can be rewritten as a whole by whoever may write the database; see `station/head.py` for what the
checkpoint adds, and what it can't.
"""

from dataclasses import dataclass


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
