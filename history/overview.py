"""What history takes on the disk, month by month, for screens. Immutable, any thread."""

from dataclasses import dataclass
from enum import StrEnum


class PartState(StrEnum):
    """Whether a month still grows, is over, or can't be read."""

    OPEN = "open"
    CLOSED = "closed"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSize:
    """The packed hours of a month (UTC, "2026-11") and keeping class ("" is the standard one), over [start, end) in µs.

    `problem` says in words why it can't be read.
    """

    month: str
    start_us: int
    end_us: int
    size_bytes: int
    keeping: str = ""
    state: PartState = PartState.CLOSED
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOverview:
    """Months in order. `newest_bytes` is what isn't packed yet takes, `oldest_us` the hour of the oldest sample.

    `oldest_us` is None if there is none, or it can't be told. `free_bytes` are left on the disk of `folder`, None if
    nobody knows; `quarantined` blobs can't be read and were put aside.
    """

    folder: str
    parts: tuple[PartSize, ...] = ()
    newest_bytes: int = 0
    oldest_us: int | None = None
    free_bytes: int | None = None
    quarantined: int = 0

    @property
    def size_bytes(self) -> int:
        """What all of it takes."""
        return self.newest_bytes + sum(part.size_bytes for part in self.parts)
