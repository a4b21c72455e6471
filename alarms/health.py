"""How the journal is doing, for people. Immutable, any thread."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JournalHealth:
    """The queue before the journal, in events, and why the newest could not be written; "" if they were.

    `offered` = `written` + `dropped` + `depth` at any moment.
    """

    depth: int = 0
    peak: int = 0
    offered: int = 0
    written: int = 0
    dropped: int = 0
    error: str = ""
