"""The tables on a server are those of the file, row for row; what goes to either is written by the same statements."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from database.errors import DatabaseError
from history.manual_change import ManualChange
from history.rebuild import ask_server_for_rebuild
from tests.fakes.packing_bench import shift
from tests.fakes.tables_bench import TablesBench, tables_bench, tables_plant

NUMBERS = "name, unit, min, max, first, last, average, integral, n, n_good, good_us, good_percent, worst, quality"
WHOLE = (
    "site",
    "area",
    "equipment",
    "equipment_type",
    "connection",
    "hour",
    "stale_day",
    "manual_value",
    "water_source",
)
QUERIES = (
    *(f"SELECT * FROM {name}" for name in (*WHOLE, "water_source", "pump", "tank", "treatment_plant", "sensor")),
    "SELECT name, description, unit, type, low, high, device, equipment, member, is_present FROM tag",
    f"SELECT utc, local, t0_us, {NUMBERS} FROM hourly_named",
    f"SELECT date, start_utc, end_utc, start_local, end_local, start_us, end_us, {NUMBERS} FROM daily_named",
    "SELECT t_min_us, t_max_us FROM hourly",
)
"""All but ids, which a server gives by itself."""
CHANGE = ManualChange(
    station="s", epoch=1, seq=2, tag="A", at_us=5, value=1.5, unit="m³/h", user="ada", reason="sensor cleaned"
)


def changes(after: tuple[int, int]) -> tuple[list[ManualChange], tuple[int, int]]:
    return ([CHANGE] if after < (1, 2) else []), (1, 2)


def everything(one: TablesBench) -> dict[str, list[tuple[Any, ...]]]:
    return {query: sorted(one.rows(query), key=repr) for query in QUERIES}


def test_a_server_and_a_file_have_the_same_rows(tmp_path: Path, pg_database: str) -> None:
    found = []
    for address in ("", pg_database):
        with tables_bench(tmp_path / (address and "server"), address=address) as one:
            one.begin(tables_plant(), changes)
            one.classes[1] = "short"
            shift(one, 3, 120)
            one.go_on(30)
            found.append(everything(one))
            one.tables.begin_anew()
            one.pack()
            found.append(everything(one))
    assert all(found[0][query] for query in QUERIES[-3:])
    for each in found:
        assert {name for name in each if each[name] != found[0][name]} == set()


def test_a_station_that_may_not_write_any_more_leaves_the_tables_as_they_are(tmp_path: Path, pg_database: str) -> None:
    with tables_bench(tmp_path, address=pg_database) as one:
        one.pack()
        shift(one, 2, 120)
        one.clock.advance(7200)
        one.record((2, one.clock.wall_us(), 1.0, 0))
        one.writer.refusal = DatabaseError("another station writes")
        with pytest.raises(DatabaseError, match="another station writes"):
            one.pack()
        assert one.rows("SELECT 1 FROM hourly") == []
        one.writer.refusal = None
        one.pack()
        one.check()
        assert len(one.rows("SELECT 1 FROM hour")) >= 2


def test_a_server_is_filled_again_at_the_next_start_after_it_was_asked_for(tmp_path: Path, pg_database: str) -> None:
    with tables_bench(tmp_path, address=pg_database) as one:
        shift(one, 2, 120)
        one.go_on(30)
        before = everything(one)
        with one.home.place().writing() as connection:
            connection.execute(text("UPDATE clearwell.hourly SET max = 1e9"))
        ask_server_for_rebuild(pg_database)
        one.begin(tables_plant())
        one.pack()
        assert everything(one) == before
