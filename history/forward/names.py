"""Which source of a server a station is, and which of its tags an id in a frame means. Thread of the forwarder."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from history.store.series import Series
from history.store.tables import ALIAS, RECEIVED, SOURCE, TAG


def source_of(connection: Connection, node: str) -> tuple[int, int]:
    """Return the id of a source, which is made if need be, and its newest frame; nobody else changes that meanwhile."""
    mine = select(SOURCE.c.id).where(SOURCE.c.node == node)
    src: int | None = connection.execute(mine).scalar()
    if src is None:
        connection.execute(insert(SOURCE).values(node=node).on_conflict_do_nothing())
        src = int(connection.execute(mine).scalar_one())
    newest = select(RECEIVED.c.last_seq).where(RECEIVED.c.src == src).with_for_update()
    last: int | None = connection.execute(newest).scalar()
    if last is None:
        connection.execute(insert(RECEIVED).values(src=src, last_seq=0).on_conflict_do_nothing())
        last = int(connection.execute(newest).scalar_one())
    return src, last


def bring_names(connection: Connection, src: int, series: Mapping[int, Series]) -> None:
    """Let the server know what every id of a source means."""
    there = _ids(connection)
    new = {each.key: each for each in series.values() if each.key not in there}
    if new:
        rows: list[dict[str, Any]] = [asdict(each) for _, each in sorted(new.items())]
        connection.execute(insert(TAG).on_conflict_do_nothing(), rows)
        there = _ids(connection)
    rows = [{"src": src, "local": local, "tag": there[each.key]} for local, each in series.items()]
    connection.execute(insert(ALIAS).on_conflict_do_nothing(), rows)


def _ids(connection: Connection) -> dict[tuple[str, str], int]:
    return {(name, kind): number for number, name, kind in connection.execute(select(TAG.c.id, TAG.c.name, TAG.c.kind))}
