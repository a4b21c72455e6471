"""Sending rows of a feed: they and how far it has come change in one transaction of the server. Forwarder's thread."""

from typing import Any, Final

from sqlalchemy import Connection, column, select, table
from sqlalchemy.dialects.postgresql import insert

from history.forward.feed import Feed, Place
from history.store.tables import FORWARDED

ROWS: Final = 500
_NUL: Final = "\0"


def send_rows(connection: Connection, feed: Feed, node: str) -> tuple[int, Place]:
    """Send the oldest rows of a feed that the server doesn't have; return how many, and up to where it has them.

    The transaction is the caller's. PostgreSQL keeps no NUL in a text: U+FFFD stands in its place.

    Raises:
        DatabaseError: the rows can't be read.
    """
    mine = (FORWARDED.c.node == node, FORWARDED.c.feed == feed.table)
    query = select(FORWARDED.c.epoch, FORWARDED.c.seq).where(*mine).with_for_update()
    epoch, seq = connection.execute(query).first() or (0, 0)
    found = feed.after((epoch, seq), ROWS)
    if not found:
        return 0, (epoch, seq)
    rows = [{"node": node} | {name: _storable(value) for name, value in row.items()} for row in found]
    target = table(feed.table, *(column(name) for name in rows[0]))
    keys = [target.c[name] for name in ("node", "epoch", "seq")]
    connection.execute(insert(target).on_conflict_do_nothing(index_elements=keys), rows)
    place: dict[str, Any] = {name: rows[-1][name] for name in ("epoch", "seq")}
    note = insert(FORWARDED).values(node=node, feed=feed.table, **place)
    connection.execute(note.on_conflict_do_update(index_elements=["node", "feed"], set_=place))
    return len(rows), (place["epoch"], place["seq"])


def _storable(value: object) -> object:
    return value.replace(_NUL, "\ufffd") if isinstance(value, str) else value
