"""The plant as rows, in step with its folder: a changed row is updated, a vanished one stays with `is_present` = 0.

Packer thread, once for each start of a station; one transaction of the caller.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from history.store.packed import upsert
from history.store.plain.schema import AREA, CONNECTION, EQUIPMENT, EQUIPMENT_TYPE, TAG_ROW
from plant_models.equipment import Equipment
from plant_models.plant import Plant
from plant_models.tag import Tag

_TAG: Final = ("name", "description", "unit", "low", "high", "device", "address", "area", "equipment", "member")
_EQUIPMENT: Final = (
    *("name", "type", "description", "area", "parent", "zone"),
    *("elevation", "x", "y", "device", "address"),
)
Row = dict[str, Any]


def write_plant(connection: Connection, plant: Plant, names: Mapping[int, str]) -> int:
    """Bring the tables in step with a plant; return how many rows changed.

    `names` has the name of each id that history ever gave. One that the plant doesn't have keeps what was known of it.
    """
    return sum(_update(connection, table, rows) for table, rows in _wanted(plant, names))


def _wanted(plant: Plant, names: Mapping[int, str]) -> Iterator[tuple[Table, list[Row]]]:
    tags = {tag.name: tag for tag in plant.tags}
    newest = {name: number for number, name in sorted(names.items())}  # a name with two ids means the later one
    present = [(number, tags[name]) for name, number in newest.items() if name in tags]
    known = {number for number, _ in present}
    yield (
        TAG_ROW,
        [
            *(_tag_row(number, tag) for number, tag in present),
            *(_unknown(number, name) for number, name in names.items() if number not in known),
        ],
    )
    yield AREA, [{"name": area.name, "title": area.title, "is_present": 1} for area in plant.areas]
    types = plant.types.values()
    yield EQUIPMENT_TYPE, [{"name": t.name, "title": t.title, "symbol": t.symbol, "is_present": 1} for t in types]
    equipment = plant.equipment.values()
    yield EQUIPMENT, [{name: getattr(each, name) for name in _EQUIPMENT} | {"is_present": 1} for each in equipment]
    yield CONNECTION, list({tuple(row.values()): row for each in equipment for row in _connections(each)}.values())


def _tag_row(number: int, tag: Tag) -> Row:
    return {"id": number, "type": str(tag.type), **{name: getattr(tag, name) for name in _TAG}, "is_present": 1}


def _unknown(number: int, name: str) -> Row:
    """Return the row of a tag that history knows and the plant doesn't; what was known of it stays, if anything was."""
    return {"id": number, "type": "", **dict.fromkeys(_TAG, ""), "name": name, "low": None, "high": None} | {
        "is_present": 0
    }


def _connections(each: Equipment) -> Iterable[Row]:
    ends = [(each.name, other, "connects_to") for other in each.connects_to]
    ends += [(other, each.name, "fed_by") for other in each.fed_by]
    for first, second, kind in ends:
        yield {"from_equipment": first, "to_equipment": second, "kind": kind, "is_present": 1}


def _update(connection: Connection, table: Table, rows: list[Row]) -> int:
    """Write the rows that differ from what stands there, and say of those that are missing that they are gone."""
    columns = [column.name for column in table.columns]
    keys = [column.name for column in table.primary_key]
    stored = {tuple(row[name] for name in keys): row for row in connection.execute(select(table)).mappings()}
    wanted = {tuple(row[name] for name in keys): row for row in rows}
    changed = [
        {name: row[name] for name in columns}
        for key, row in wanted.items()
        if row["is_present"] and (key not in stored or any(row[name] != stored[key][name] for name in columns))
    ]
    changed += [row for key, row in wanted.items() if not row["is_present"] and key not in stored]
    gone = [
        {**row, "is_present": 0}
        for key, row in stored.items()
        if row["is_present"] and not wanted.get(key, {}).get("is_present")
    ]
    upsert(connection, table, [*changed, *gone])
    return len(changed) + len(gone)
