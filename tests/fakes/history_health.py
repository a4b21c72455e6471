"""What history says of itself in some situations, for tests of screens."""

from typing import Final

from history.health import OUTSIDE, BackupNote, HistoryHealth, SpoolHealth
from history.overview import HistoryOverview, PartSize, PartState
from history.store.months import month_of, month_span

DAY_US: Final = 86_400_000_000


def good_health(now_us: int) -> HistoryHealth:
    """Return what a station says that records, with a backup of yesterday."""
    return HistoryHealth(
        received=4_121_318,
        stored=4_090_000,
        queued=318,
        dropped={OUTSIDE: 30_900, "late, and from the future": 100},
        late=1_204,
        marks=812,
        rate=312.4,
        delay_s=0.6,
        size_bytes=2_400_000_000,
        backup=BackupNote(at_us=now_us - DAY_US, folder="/backups/netherby", size_bytes=2_310_000_000),
    )


def spool(now_us: int, **changed: object) -> SpoolHealth:
    """Return a spool in which five minutes wait."""
    known: dict[str, object] = {
        "server": "postgresql://db.example/clearwell",
        "bytes": 410_000_000,
        "room_bytes": 2_000_000_000,
        "frames": 301,
        "since_us": now_us - 301_000_000,
        "full_in_s": 86_400.0 * 3,
        "sent": 3_998_000,
        "rate": 318.0,
    }
    return SpoolHealth(**(known | changed))  # type: ignore[arg-type]


def overview(now_us: int, months: int = 13) -> HistoryOverview:
    """Return as many months as asked for, one of them damaged, one of a class of its own."""
    parts, at_us = [], now_us
    for number in range(months):
        start_us, end_us = month_span(at_us)
        damaged = number == 3
        state = PartState.DAMAGED if damaged else PartState.CLOSED if number else PartState.OPEN
        size = 40_000_000 + 9_000_000 * (number % 5)
        problem = "history-x.sqlite is damaged" if damaged else ""
        month = month_of(at_us)
        parts.append(
            PartSize(month=month, start_us=start_us, end_us=end_us, size_bytes=size, state=state, problem=problem)
        )
        at_us = start_us - 1
    parts.append(
        PartSize(
            month=parts[0].month,
            start_us=parts[0].start_us,
            end_us=parts[0].end_us,
            size_bytes=3_400_000,
            keeping="bacteria",
            state=PartState.OPEN,
        )
    )
    return HistoryOverview(
        folder="/home/mo/.local/share/clearwell/netherby",
        parts=tuple(parts),
        newest_bytes=31_000_000,
        oldest_us=min(part.start_us for part in parts),
        free_bytes=212_000_000_000,
        quarantined=2,
    )
