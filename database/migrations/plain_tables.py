"""The tables for other programs as they were first made: in tables.sqlite (t0001) and on a server (s0003) alike.

Part of those two migrations, so it is never changed. Views differ between the databases only in how they write a time.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

_TYPES: Final = {
    "water_source": ("water_source",),
    "treatment_plant": ("treatment_plant",),
    "tank": ("tank", "clearwell"),
    "pump": ("pump", "dosing_pump"),
    "sensor": ("analyser", "flow_meter", "pressure_point"),
}
_QUALITY: Final = "CASE WHEN worst < 16384 THEN 'good' WHEN worst < 32768 THEN 'uncertain' ELSE 'bad' END"


def make_tables() -> None:
    """Make all tables, then the views on them."""
    _make_site()
    _make_plant()
    _make_values()
    _make_entered()
    _make_views()


def _table(name: str, keys: tuple[str, ...], *columns: Any, is_narrow: bool = True) -> None:
    key = sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}")
    op.create_table(name, *columns, key, sqlite_with_rowid=not is_narrow)


def _text(name: str) -> Any:
    return sa.Column(name, sa.Text, nullable=False)


def _count(name: str) -> Any:
    return sa.Column(name, sa.Integer, nullable=False)


def _number(name: str) -> Any:
    return sa.Column(name, sa.Double)


def _time(name: str, *, is_known: bool = True) -> Any:
    return sa.Column(name, sa.BigInteger, nullable=not is_known)


def _id(name: str) -> Any:
    return sa.Column(name, sa.Integer, nullable=False, autoincrement=False)


def _make_site() -> None:
    _table("site", ("id",), _id("id"), _text("name"), _text("time_zone"), _text("day_starts"))
    _table("refill", ("part",), _text("part"), _count("tag"), _time("t0_us"))


def _make_plant() -> None:
    _table(
        "tag",
        ("id",),
        _id("id"),
        *map(_text, ("name", "description", "unit", "type")),
        *map(_number, ("low", "high")),
        *map(_text, ("device", "address", "area", "equipment", "member")),
        _count("is_present"),
        is_narrow=False,
    )
    op.create_index("ix_tag_name", "tag", ["name"])
    _table("area", ("name",), _text("name"), _text("title"), _count("is_present"))
    _table("equipment_type", ("name",), _text("name"), _text("title"), _text("symbol"), _count("is_present"))
    _table(
        "equipment",
        ("name",),
        *map(_text, ("name", "type", "description", "area", "parent", "zone")),
        *map(_number, ("elevation", "x", "y")),
        *map(_text, ("device", "address")),
        _count("is_present"),
    )
    ends = ("from_equipment", "to_equipment", "kind")
    _table("connection", ends, *map(_text, ends), _count("is_present"))


def _cell() -> tuple[Any, ...]:
    return (
        _count("n"),
        _count("n_good"),
        _number("min"),
        _time("t_min_us", is_known=False),
        _number("max"),
        _time("t_max_us", is_known=False),
        *map(_number, ("first", "last", "average", "integral")),
        _time("good_us"),
        sa.Column("good_percent", sa.Double, nullable=False),
        _count("worst"),
    )


def _make_values() -> None:
    _table("hour", ("t0_us",), sa.Column("t0_us", sa.BigInteger, nullable=False, autoincrement=False), _text("local"))
    _table("hourly", ("tag", "t0_us"), _count("tag"), _time("t0_us"), *_cell())
    _table(
        "daily",
        ("tag", "date"),
        _count("tag"),
        _text("date"),
        _time("start_us"),
        _time("end_us"),
        _text("start_local"),
        _text("end_local"),
        *_cell(),
    )
    op.create_index("ix_daily_date", "daily", ["date"])
    _table("stale_day", ("date", "grp"), _text("date"), _count("grp"), _time("start_us"), _time("end_us"))


def _make_entered() -> None:
    _table(
        "manual_value",
        ("station", "epoch", "seq"),
        _text("station"),
        _count("epoch"),
        _count("seq"),
        _text("tag_name"),
        _time("at_us"),
        _number("value"),
        *map(_text, ("unit", "user", "reason")),
        _time("until_us", is_known=False),
        sa.Column("ended_by", sa.Text),
        is_narrow=False,
    )
    op.create_index("ix_manual_value_tag_name_at_us", "manual_value", ["tag_name", "at_us"])
    sample = ("parameter", "equipment", "location", "method")
    _table(
        "lab_value",
        (*sample, "sampled_at_us", "entered_at_us"),
        *map(_text, sample),
        _time("sampled_at_us"),
        _time("entered_at_us"),
        _text("sampled_at_local"),
        _text("tag_name"),
        sa.Column("value", sa.Double, nullable=False),
        *map(_text, ("qualifier", "unit", "user", "note")),
        is_narrow=False,
    )
    op.create_index("ix_lab_value_sampled_at_us", "lab_value", ["sampled_at_us"])


def _utc(column: str) -> str:
    if op.get_bind().dialect.name == "sqlite":
        return f"strftime('%Y-%m-%dT%H:%M:%SZ', {column} / 1000000, 'unixepoch')"
    return f"to_char(to_timestamp({column} / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"


def _make_views() -> None:
    numbers = ("min", "max", "first", "last", "average", "integral", "n", "n_good", "good_us", "good_percent", "worst")
    named = ["t.name", "t.description", "t.unit", *(f"v.{name}" for name in numbers), f"{_QUALITY} AS quality", "v.tag"]
    utc = f"{_utc('v.t0_us')} AS utc"
    tables = "hourly v JOIN tag t ON t.id = v.tag JOIN hour h ON h.t0_us = v.t0_us"
    _view("hourly_named", tables, utc, "h.local AS local", *named, "v.t0_us")
    ends = (f"{_utc('v.start_us')} AS start_utc", f"{_utc('v.end_us')} AS end_utc", "v.start_local", "v.end_local")
    _view("daily_named", "daily v JOIN tag t ON t.id = v.tag", "v.date", *ends, *named, "v.start_us", "v.end_us")
    key = ("parameter", "equipment", "location", "method", "sampled_at_us")
    same = " AND ".join(f"w.{name} = v.{name}" for name in key)
    later = f"lab_value w WHERE {same} AND w.entered_at_us > v.entered_at_us"
    _view("lab_value_newest", f"lab_value v WHERE NOT EXISTS (SELECT 1 FROM {later})", "v.*")  # noqa: S608 - our words
    for view, types in _TYPES.items():
        words = ", ".join(f"'{name}'" for name in types)
        _view(view, f"equipment WHERE type IN ({words})", "*")


def _view(name: str, tables: str, *columns: str) -> None:
    op.execute(f"CREATE VIEW {name} AS SELECT {', '.join(columns)} FROM {tables}")  # noqa: S608 - our words
