"""What the audit chains (see `database/chain.py`). Immutable, any thread.

A chain alone can be rewritten as a whole by whoever may write the database; see `database/head.py` for what the
checkpoint adds, and what it can't.
"""

from dataclasses import dataclass
from typing import Final

from station.session import Session

LOGGED_ON: Final = "logged on"
NO_LOG_ON: Final = "no log-on"
"""The states of a row that says who is there: a person who proved it, or the account that the program runs under."""


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


def personal_entry(kind: str, session: Session, message: str = "") -> AuditEntry:
    """Return a row that says who is where; its state tells whether they logged on."""
    return AuditEntry(
        kind=kind,
        user=session.user,
        seat=session.seat,
        roles=",".join(sorted(session.roles)),
        state=LOGGED_ON if session.is_logged_on else NO_LOG_ON,
        message=message,
    )
