"""How the journal is doing, for people. Immutable, any thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """The queue before the journal, in events, and why nothing can be written now; "" if it can.

    `offered` = `written` + `dropped` + `depth` at any moment. `damage` says what this start found missing or changed,
    `unread` why nobody knows how alarms stood before it; "" if that is known.
    """

    depth: int = 0
    peak: int = 0
    offered: int = 0
    written: int = 0
    dropped: int = 0
    error: str = ""
    damage: str = ""
    unread: str = ""
