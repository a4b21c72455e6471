"""What the audit chains (see `database/chain.py`). Immutable, any thread.

A chain alone can be rewritten as a whole by whoever may write the database; see `database/head.py` for what the
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
