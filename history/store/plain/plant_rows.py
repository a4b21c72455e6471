"""The plant as rows, in step with its folder: a changed row is updated, a vanished one stays with `is_present` = 0.

Packer thread, once for each start of a station; one transaction of the caller. Rows are handed over some at a time: a
large plant as a whole, with a dict for each row, would take memory that the process never gives back.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from history.store.packed import upsert
from history.store.plain.schema import AREA, CONNECTION, EQUIPMENT, EQUIPMENT_TYPE, TAG_ROW
from plant_models.equipment import Equipment
from plant_models.plant import Plant

_TAG: Final = ("name", "description", "unit", "type", "low", "high", "device", "address", "area", "equipment", "member")
_EQUIPMENT: Final = (
    *("name", "type", "description", "area", "parent", "zone"),
    *("elevation", "x", "y", "device", "address"),
)
_PRESENT: Final = 1
_AT_ONCE: Final = 1_000
"""Rows; about 1 MB."""
Row = tuple[Any, ...]
"""The columns of a table in their order; `is_present` is the last."""


def write_plant(connection: Connection, plant: Plant, names: Mapping[int, str]) -> int:
    """Bring the tables in step with a plant; return how many rows changed.

    `names` has the name of each id that history ever gave. One that the plant doesn't have keeps what was known of it.
    """
    return sum(_update(connection, table, rows) for table, rows in _wanted(plant, names))


def _wanted(plant: Plant, names: Mapping[int, str]) -> Iterator[tuple[Table, Iterable[Row]]]:
    yield TAG_ROW, _tags(plant, names)
    yield AREA, ((area.name, area.title, _PRESENT) for area in plant.areas)
    yield EQUIPMENT_TYPE, ((kind.name, kind.title, kind.symbol, _PRESENT) for kind in plant.types.values())
    columns = attrgetter(*_EQUIPMENT)
    yield EQUIPMENT, ((*columns(each), _PRESENT) for each in plant.equipment.values())
    yield CONNECTION, (row for each in plant.equipment.values() for row in _connections(each))


def _tags(plant: Plant, names: Mapping[int, str]) -> Iterator[Row]:
    """Return a row for each id; a name with two ids means the later one."""
    tags = {tag.name: tag for tag in plant.tags}
    newest = {name: number for number, name in sorted(names.items())}
    columns = attrgetter(*_TAG)
    for number, name in names.items():
        if name in tags and newest[name] == number:
            yield number, *columns(tags[name]), _PRESENT
        else:
            yield number, *(name if each == "name" else None if each in ("low", "high") else "" for each in _TAG), 0


def _connections(each: Equipment) -> Iterator[Row]:
    yield from ((each.name, other, "connects_to", _PRESENT) for other in each.connects_to)
    yield from ((other, each.name, "fed_by", _PRESENT) for other in each.fed_by)


def _update(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Write the rows that differ from what stands there, and say of those that are missing that they are gone."""
    n_keys = len(table.primary_key)
    stored = {row[:n_keys]: row for row in map(tuple, connection.execute(select(table)))}
    wanted = {row[:n_keys]: row for row in rows}
    changed = [
        row
        for key, row in wanted.items()
        if (row != stored.get(key) if row[-1] else key not in stored)  # one that is gone keeps what was known of it
    ]
    gone = [(*row[:-1], 0) for key, row in stored.items() if row[-1] and not wanted.get(key, (0,))[-1]]
    names = [column.name for column in table.columns]
    due = chain(changed, gone)
    while some := list(islice(due, _AT_ONCE)):
        upsert(connection, table, [dict(zip(names, row, strict=True)) for row in some])
    return len(changed) + len(gone)
