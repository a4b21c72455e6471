"""What a station finds in its audit when it starts: where the chain ends, and which commands were never closed.

Runs in the thread that opens the audit, inside its transaction.
"""

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

from sqlalchemy import Connection, and_, exists, func, select

from database.head import Position
from plant_models.message import Message, message
from station.chain import AuditEntry, personal_entry
from station.kept import KeptValue
from station.protocol import CommandState
from station.session import operating_system_session
from station.store.tables import AUDIT

_ENDS: Final = [state.value for state in CommandState if state.is_end]
_ENTRY_FIELDS: Final = tuple(field.name for field in fields(AuditEntry))
_WORDS: Final = {
    CommandState.SENT: (CommandState.UNKNOWN, "The station ended after it was sent; the device may have acted on it."),
    CommandState.PENDING: (CommandState.NOT_SENT, "The station ended before it was sent."),
}
"""A SENT row is on the disk before the frame leaves, so PENDING alone proves that nothing left."""
STOP: Final = "stop"
"""The kind of the last row of a run that ends in order."""
ENDED: Final = message("The last run ended in order")
NOT_ENDED: Final = message("The last run has no recorded end: it was killed, or could not record it")


def last_position(connection: Connection) -> Position | None:
    """Return the end of the chain, None if there is no row."""
    newest = select(AUDIT.c.station, AUDIT.c.epoch, AUDIT.c.seq, AUDIT.c.hash)
    row = connection.execute(newest.order_by(AUDIT.c.epoch.desc(), AUDIT.c.seq.desc()).limit(1)).first()
    return None if row is None else Position(*row)


def hash_at(connection: Connection, place: Position) -> str | None:
    """Return the hash of the row at a place, None if there is none."""
    query = select(AUDIT.c.hash).where(AUDIT.c.epoch == place.epoch, AUDIT.c.seq == place.seq)
    return connection.execute(query).scalar()


def start_entries(connection: Connection, damage: str) -> Iterator[AuditEntry]:
    """Give the row of the start, which tells how the last run ended, and, if the checkpoint doesn't fit the table, one
    that says so for good."""
    session = operating_system_session()
    yield personal_entry("start", session, _last_end(connection))
    if damage:
        yield AuditEntry(kind="damage", user=session.user, seat=session.seat, message=damage)


def _last_end(connection: Connection) -> Message | str:
    """Return how the last run ended, "" if there was none."""
    newest = select(AUDIT.c.kind).order_by(AUDIT.c.epoch.desc(), AUDIT.c.seq.desc()).limit(1)
    kind = connection.execute(newest).scalar()
    if kind is None:
        return ""
    return ENDED if kind == STOP else NOT_ENDED


def restored_entry(error: str) -> AuditEntry:
    """Give the row whose commit proves that rows can be written again; it tells what was wrong."""
    session = operating_system_session()
    return AuditEntry(kind="gap", user=session.user, seat=session.seat, message=error)


def closing_entries(connection: Connection) -> Iterator[AuditEntry]:
    """Give the end of each command that the last run left open; none is ever sent again."""
    newer = AUDIT.alias()
    is_closed = exists().where(and_(newer.c.command_id == AUDIT.c.command_id, newer.c.state.in_(_ENDS)))
    opened = select(AUDIT).where(AUDIT.c.state.in_([state.value for state in _WORDS]), ~is_closed)
    newest: dict[str, AuditEntry] = {}
    for row in connection.execute(opened.order_by(AUDIT.c.epoch, AUDIT.c.seq)).mappings():
        newest[row["command_id"]] = AuditEntry(**{name: row[name] for name in _ENTRY_FIELDS})
    for entry in newest.values():
        state, message = _WORDS[CommandState(entry.state)]
        yield replace(entry, state=state.value, message=message)


def kept_values(connection: Connection, before: int, kind: str, state: str = "") -> tuple[KeptValue, ...]:
    """Return the newest row of each tag among those of a kind (and a state, if one is given), oldest first, of the
    epochs before one."""
    wanted = [AUDIT.c.epoch < before, AUDIT.c.kind == kind, *([AUDIT.c.state == state] if state else [])]
    epochs = select(AUDIT.c.tag, func.max(AUDIT.c.epoch).label("epoch")).where(*wanted).group_by(AUDIT.c.tag).subquery()
    is_newest_epoch = and_(AUDIT.c.tag == epochs.c.tag, AUDIT.c.epoch == epochs.c.epoch)
    query = select(AUDIT).join(epochs, is_newest_epoch).where(*wanted).order_by(AUDIT.c.epoch, AUDIT.c.seq)
    newest: dict[str, KeptValue] = {}
    for row in connection.execute(query).mappings():
        newest.pop(row["tag"], None)
        newest[row["tag"]] = KeptValue(
            tag=row["tag"],
            value=math.nan if row["value_new"] is None else row["value_new"],
            state=row["state"],
            user=row["user"],
            reason=row["reason"],
            at_us=row["at_us"],
        )
    return tuple(newest.values())
