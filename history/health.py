"""How history is doing, for screens and alarms. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FUTURE: Final = "late, and from the future"
OUTSIDE: Final = "late, and not of the time asked for"
HELD: Final = "late, and a manual value stood"
"""Why a late sample isn't stored."""
_NO_LOSS: Final = frozenset({FUTURE, OUTSIDE, HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolHealth:
    """What waits in the data folder for the server.

    `bytes` of `room_bytes` are taken, by `frames` frames; `since_us` is when the oldest was written, None if none
    waits. At the present rate the room is full in `full_in_s`, None if it doesn't grow. `sent` and `rate` are samples
    since the start and a second. `coarsened` and `dropped` count samples that a full spool cost. `error` says why the
    server can't be reached, `standing_by` which other station writes; both are empty when frames flow.
    """

    server: str
    bytes: int = 0
    room_bytes: int = 0
    frames: int = 0
    since_us: int | None = None
    full_in_s: float | None = None
    sent: int = 0
    rate: float = 0.0
    coarsened: int = 0
    dropped: int = 0
    error: str = ""
    standing_by: str = ""

    @property
    def share(self) -> float:
        """How full the room is, 0 to 1 and beyond."""
        return self.bytes / self.room_bytes if self.room_bytes else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupNote:
    """The newest backup that was read back: when (µs UTC), where, and how large."""

    at_us: int
    folder: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryHealth:
    """received = stored + sum of `dropped` + queued, in samples, at any moment.

    `late` of those received are older than what was written of their tag; when it grows, the past has changed.
    `marks` are rows of history's own (heartbeats, beginnings). `rate` is in stored samples per s. `delay_s` is how long
    the oldest sample that isn't on disk has waited. `error` says why nothing can be stored now, `notice` what a person
    should look at (a damaged file that was put aside, frames that can't be read); both are empty when all is well.
    `spool` is None without a server, `backup` if there never was one.
    """

    received: int = 0
    stored: int = 0
    queued: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)
    late: int = 0
    marks: int = 0
    rate: float = 0.0
    delay_s: float = 0.0
    size_bytes: int = 0
    error: str = ""
    notice: str = ""
    spool: SpoolHealth | None = None
    backup: BackupNote | None = None

    @property
    def lost(self) -> int:
        """Samples that were dropped for want of room; those that were refused are no loss."""
        return sum(count for reason, count in self.dropped.items() if reason not in _NO_LOSS)
