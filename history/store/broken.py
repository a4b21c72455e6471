"""Blobs that can't be read: told in the log, kept as they are, and shown as a gap. Any thread."""

from dataclasses import asdict, dataclass
from typing import Any

import structlog
from sqlalchemy import Connection, insert

from history.store.tables import QUARANTINE

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class BrokenBlob:
    """What it was ("frame 1/7"), why it can't be read, and from when on nothing is known (µs UTC)."""

    what: str
    reason: str
    t0_us: int
    body: bytes

    def tell(self) -> "BrokenBlob":
        """Name it in the log."""
        _log.error("history: a blob can't be read", what=self.what, t0_us=self.t0_us, reason=self.reason)
        return self


def quarantine(connection: Connection, broken: list[BrokenBlob]) -> None:
    """Keep blobs that are about to be removed or replaced."""
    rows: list[dict[str, Any]] = [asdict(each) for each in broken]
    if rows:
        connection.execute(insert(QUARANTINE), rows)
