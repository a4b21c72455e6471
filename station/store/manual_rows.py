"""What the audit says of manual values, for the tables that other programs read. Any thread; the caller's snapshot."""

from sqlalchemy import Connection, select, tuple_

from history.manual_change import ManualChange, Position
from station.kept import MANUAL
from station.store.tables import AUDIT


def manual_rows(connection: Connection, after: Position, until: Position) -> list[ManualChange]:
    """Return the rows about manual values after a position, up to another, in order."""
    place = tuple_(AUDIT.c.epoch, AUDIT.c.seq)
    query = select(AUDIT).where(AUDIT.c.kind == MANUAL, place > tuple_(*after), place <= tuple_(*until))
    query = query.order_by(AUDIT.c.epoch, AUDIT.c.seq)
    return [
        ManualChange(
            station=row.station,
            epoch=row.epoch,
            seq=row.seq,
            tag=row.tag,
            at_us=row.at_us,
            value=row.value_new,
            unit=row.unit,
            user=row.user,
            reason=row.reason,
        )
        for row in connection.execute(query)
    ]
