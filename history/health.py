"""How history is doing, for screens and alarms. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from plant_models.message import message

FUTURE: Final = "late, and from the future"
OUTSIDE: Final = "late, and not of the time asked for"
HELD: Final = "late, and a manual value stood"
"""Why a late sample isn't stored."""
FULL: Final = "queue full"
STOPPED: Final = "recorder stopped"
FAILED: Final = "error while recording"
"""Why there was no room for a sample, or none any more."""
COARSENED: Final = "coarsened"
SPOOL_FULL: Final = "spool full"
"""What a full disk or spool cost: one sample a minute and tag was left, or none."""
_NO_LOSS: Final = frozenset({FUTURE, OUTSIDE, HELD})
ALARM_SHARE: Final = 0.8
"""How full the room of the spool is when people must know."""
OUTAGE_S: Final = 60.0
"""How long history waits for its server before people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolHealth:
    """What waits in the data folder for the server.

    `bytes` of `room_bytes` are taken, by `frames` frames; `since_us` is when the oldest was written, None if none
    waits, and `delay_s` how long ago that was. At the present rate the room is full in `full_in_s`, None if it doesn't
    grow. `sent` and `rate` are samples since the start and a second. `coarsened` and `dropped` count samples that a
    full spool cost. `error` says why the server can't be reached, `standing_by` which other station writes; both are
    empty when frames flow. All these samples include history's own rows.
    """

    server: str
    bytes: int = 0
    room_bytes: int = 0
    frames: int = 0
    since_us: int | None = None
    delay_s: float = 0.0
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

    @property
    def warning(self) -> str:
        """What people must know, in words; empty while there is enough room and no outage that lasts."""
        if self.coarsened or self.dropped:
            return message(
                "History that waits for its server lost samples for want of room: {coarsened} were thinned out,"
                " {dropped} dropped; {percent:.0f} % of the room is taken",
                coarsened=self.coarsened,
                dropped=self.dropped,
                percent=self.share * 100,
            )
        if self.share >= ALARM_SHARE:
            return message(
                "{percent:.0f} % of the room for history that waits for its server is taken, {left}; bring the server"
                " back, or raise spool_gb in plant.toml",
                percent=self.share * 100,
                left=self._left,
            )
        if self.error and self.delay_s >= OUTAGE_S:
            return message(
                "History has waited for its server for {minutes:.0f} min, {left}: {reason}",
                minutes=self.delay_s / 60,
                left=self._left,
                reason=self.error,
            )
        return ""

    @property
    def _left(self) -> str:
        if self.full_in_s is None:
            return message("and what waits doesn't grow at present")
        return message("the room is full in {hours:.1f} h", hours=self.full_in_s / 3600)


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
