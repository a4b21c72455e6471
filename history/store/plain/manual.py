"""Manual values as plain rows, taken from the audit. Packer thread; the caller gives the transaction.

Writing the same changes again changes nothing.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, tuple_, update

from history.manual_change import ManualChange
from history.store.packed import upsert
from history.store.plain.schema import MANUAL_VALUE


def write_manual(connection: Connection, changes: Iterable[ManualChange]) -> None:
    """Write values that were given, and until when they held."""
    for change in changes:
        before = tuple_(MANUAL_VALUE.c.epoch, MANUAL_VALUE.c.seq) < tuple_(change.epoch, change.seq)
        held = (MANUAL_VALUE.c.station == change.station, MANUAL_VALUE.c.tag_name == change.tag, before)
        ended = {"until_us": change.at_us, "ended_by": change.user}
        connection.execute(update(MANUAL_VALUE).where(*held, MANUAL_VALUE.c.until_us.is_(None)).values(ended))
        if change.value is not None:
            upsert(connection, MANUAL_VALUE, [_row(change)])


def _row(change: ManualChange) -> dict[str, object]:
    names = ("station", "epoch", "seq", "at_us", "value", "unit", "user", "reason")
    return {"tag_name": change.tag, **{name: getattr(change, name) for name in names}}
