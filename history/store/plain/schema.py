"""The tables that other programs read. Import only, any thread; database/migrations/plain_tables.py makes them.

They stand in `tables.sqlite` of the data folder (branch TABLES), or on the server beside history (branch SERVER).
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Double, Index, Integer, Table, Text

from database.metadata import METADATA
from database.migrate import SERVER, TABLES

TABLES_NAME: Final = "tables.sqlite"
_INFO: Final[dict[str, Any]] = {"branches": (TABLES, SERVER)}


def _key(name: str, kind: Any) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _texts(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[Column[Any]]:
    return [Column(name, Double) for name in names]


def _counts(*names: str) -> list[Column[Any]]:
    return [Column(name, Integer, nullable=False) for name in names]


def _times(*names: str, is_known: bool = True) -> list[Column[Any]]:
    return [Column(name, BigInteger, nullable=not is_known) for name in names]


def _cell() -> list[Column[Any]]:
    """What the samples of a span come to."""
    return [
        *_counts("n", "n_good"),
        *_numbers("min"),
        *_times("t_min_us", is_known=False),
        *_numbers("max"),
        *_times("t_max_us", is_known=False),
        *_numbers("first", "last", "average", "integral"),
        *_times("good_us"),
        Column("good_percent", Double, nullable=False),
        *_counts("worst"),
    ]


SITE: Final = Table("site", METADATA, _key("id", Integer), *_texts("name", "time_zone", "day_starts"), info=_INFO)
"""One row, id 1: whose tables these are, and by which rule their local times and days are."""

REFILL: Final = Table("refill", METADATA, _key("part", Text), *_counts("tag"), *_times("t0_us"), info=_INFO)
"""Parts of packed history that are being worked out anew, and the row of `hist_chunk` up to which that is done."""

TAG_ROW: Final = Table(
    "tag",
    METADATA,
    _key("id", Integer),
    *_texts("name", "description", "unit", "type"),
    *_numbers("low", "high"),
    *_texts("device", "address", "area", "equipment", "member"),
    *_counts("is_present"),
    Index(None, "name"),
    info=_INFO,
)
AREA: Final = Table("area", METADATA, _key("name", Text), *_texts("title"), *_counts("is_present"), info=_INFO)
EQUIPMENT_TYPE: Final = Table(
    "equipment_type", METADATA, _key("name", Text), *_texts("title", "symbol"), *_counts("is_present"), info=_INFO
)
EQUIPMENT: Final = Table(
    "equipment",
    METADATA,
    _key("name", Text),
    *_texts("type", "description", "area", "parent", "zone"),
    *_numbers("elevation", "x", "y"),
    *_texts("device", "address"),
    *_counts("is_present"),
    info=_INFO,
)
CONNECTION: Final = Table(
    "connection",
    METADATA,
    *(_key(name, Text) for name in ("from_equipment", "to_equipment", "kind")),
    *_counts("is_present"),
    info=_INFO,
)
"""Water flows from the one to the other; `kind` is the column of equipment.csv that says so."""

HOUR: Final = Table("hour", METADATA, _key("t0_us", BigInteger), *_texts("local"), info=_INFO)
"""The local time at which an hour begins, with its offset."""

HOURLY: Final = Table("hourly", METADATA, _key("tag", Integer), _key("t0_us", BigInteger), *_cell(), info=_INFO)
DAILY: Final = Table(
    "daily",
    METADATA,
    _key("tag", Integer),
    _key("date", Text),
    *_times("start_us", "end_us"),
    *_texts("start_local", "end_local"),
    *_cell(),
    Index(None, "date"),
    info=_INFO,
)
STALE_DAY: Final = Table(
    "stale_day", METADATA, _key("date", Text), _key("grp", Integer), *_times("start_us", "end_us"), info=_INFO
)
"""Days of 64 tags (ids 64 × `grp` and on) that must be worked out anew."""

MANUAL_VALUE: Final = Table(
    "manual_value",
    METADATA,
    _key("station", Text),
    _key("epoch", Integer),
    _key("seq", Integer),
    *_texts("tag_name"),
    *_times("at_us"),
    *_numbers("value"),
    *_texts("unit", "user", "reason"),
    *_times("until_us", is_known=False),
    Column("ended_by", Text),
    Index(None, "tag_name", "at_us"),
    info=_INFO,
)
"""A value that a person gave a tag, by the row of the audit that says so, and until when it held."""

LAB_VALUE: Final = Table(
    "lab_value",
    METADATA,
    *(_key(name, Text) for name in ("parameter", "equipment", "location", "method")),
    *(_key(name, BigInteger) for name in ("sampled_at_us", "entered_at_us")),
    *_texts("sampled_at_local", "tag_name"),
    Column("value", Double, nullable=False),
    *_texts("qualifier", "unit", "user", "note"),
    Index(None, "sampled_at_us"),
    info=_INFO,
)
"""A value of a laboratory. One that was entered later for the same sample corrects it; both stay."""
