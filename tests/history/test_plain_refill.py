"""Tables that are damaged, missing or half made are worked out anew from packed history, and that is told."""

import multiprocessing
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from database.errors import DamagedError, DatabaseError
from history.chunks.cells import HOUR_US
from history.store.packed import PackedHour
from history.store.plain import refill
from history.store.plain.schema import TABLES_NAME
from tests.fakes.packing_bench import LAST_HOUR, shift
from tests.fakes.tables_bench import TablesBench, tables_bench, tables_plant

ALL = ("SELECT * FROM hourly ORDER BY 1, 2", "SELECT * FROM daily ORDER BY 1, 2", "SELECT * FROM hour ORDER BY 1")


def everything(one: TablesBench) -> list[list[tuple[object, ...]]]:
    return [one.rows(query) for query in ALL]


def record_two_months(one: TablesBench) -> None:
    """Record three hours across the end of a month, and go on for two days."""
    shift(one, 3, 120)
    one.go_on(30)
    one.go_on(30)


def two_months(one: TablesBench) -> list[list[tuple[object, ...]]]:
    """Do that, and return the tables of it."""
    record_two_months(one)
    return everything(one)


def broken_table(path: Path) -> bytes:
    """Return the bytes of the file with the first page of `hourly` spoilt."""
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'hourly'").fetchone()[0]
    whole = bytearray(path.read_bytes())
    whole[(root - 1) * 4096 : root * 4096] = b"\xff" * 4096
    return bytes(whole)


@pytest.mark.parametrize("how", ["missing", "empty", "no database", "broken pages", "broken table"])
def test_damaged_or_missing_tables_are_filled_again_and_it_is_told(tmp_path: Path, how: str) -> None:
    path = tmp_path / TABLES_NAME
    with tables_bench(tmp_path) as one:
        before = two_months(one)
        one.tables.close()
        for part in tmp_path.glob(f"{TABLES_NAME}-*"):
            part.unlink()
        whole = path.read_bytes()
        if how == "missing":
            path.unlink()
        else:
            spoilt = {
                "empty": b"",
                "no database": b"x" * 5000,
                "broken pages": whole[:4096] + b"\xff" * (len(whole) - 4096),
                "broken table": broken_table(path),
            }
            path.write_bytes(spoilt[how])
        one.begin(tables_plant())
        if how == "broken table":  # found only when it is used
            one.tables.begin_anew()
            with pytest.raises(DamagedError):
                one.pack()
        one.pack()
        assert everything(one) == before
        is_aside = how in ("no database", "broken pages", "broken table")
        assert ("were damaged" in one.tables.notice) == is_aside
        assert len(list(tmp_path.glob("tables.damaged-*.sqlite"))) == is_aside


def test_filling_goes_on_where_it_was_and_says_how_much_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refill, "HOURS", 2)
    with tables_bench(tmp_path) as one:
        before = two_months(one)
        one.tables.close()
        (tmp_path / TABLES_NAME).unlink()
        one.begin(tables_plant())
        for _ in range(3):
            assert one.packer.step()
        assert "months left: 2" in one.tables.notice
        position = one.rows("SELECT tag, t0_us FROM refill WHERE part = '2023-12'")
        one.tables.close()
        one.begin(tables_plant())
        assert one.rows("SELECT tag, t0_us FROM refill WHERE part = '2023-12'") == position
        one.pack()
        assert everything(one) == before
        assert one.tables.notice == ""


def test_beginning_anew_puts_right_what_somebody_changed(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        before = two_months(one)
        with closing(sqlite3.connect(tmp_path / TABLES_NAME)) as connection, connection:
            connection.execute("UPDATE hourly SET max = 1e9")
            connection.execute("DELETE FROM daily")
        one.tables.begin_anew()
        one.pack()
        assert everything(one) == before


def test_a_month_that_cannot_be_read_keeps_no_other_from_being_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tables_bench(tmp_path) as one:
        two_months(one)
        one.tables.close()
        (tmp_path / TABLES_NAME).unlink()
        reading = one.parts.reading

        def refuse(month: str) -> object:
            if month == "2023-12":
                raise DatabaseError("broken")
            return reading(month)

        monkeypatch.setattr(one.parts, "reading", refuse)
        one.begin(tables_plant())
        one.packer.step = lambda: one.tables.step(LAST_HOUR + 48 * HOUR_US)  # type: ignore[method-assign]
        one.pack()
        assert one.rows("SELECT max(t0_us) FROM hourly") == [(LAST_HOUR - HOUR_US,)]
        assert one.rows("SELECT part FROM refill") == [("2023-12",)]


def test_tables_that_another_program_locks_keep_the_minutes_where_they_are(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        one.pack()
        shift(one, 2, 120)
        one.clock.advance(7200)
        one.record((2, one.clock.wall_us(), 1.0, 0))
        with closing(sqlite3.connect(tmp_path / TABLES_NAME, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(DatabaseError, match="locked"):
                one.pack()
            one.check()
        one.pack()
        one.check()
        assert len(one.rows("SELECT DISTINCT t0_us FROM hourly")) >= 2


def test_a_full_disk_keeps_the_minutes_where_they_are(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        one.pack()
        engine = one.place._engine()[0]  # type: ignore[attr-defined]
        with engine.begin() as connection:  # leave no page free within the file
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        shift(one, 3, 60)
        one.tables.packed = _many_rows(one)  # type: ignore[method-assign]
        with pytest.raises(DatabaseError, match="disk is full"):
            one.go_on(2)
        one.check()
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        one.pack()
        one.check()
        assert len(one.rows("SELECT DISTINCT t0_us FROM hourly WHERE tag = 1")) == 4


def _many_rows(one: TablesBench) -> Callable[[Sequence[PackedHour]], None]:
    """Let an hour take more room than its tables have left in their last pages."""

    def packed(hours: Sequence[PackedHour]) -> None:
        others = [replace(hour.chunk, tag=1000 + number) for hour in hours for number in range(200)]
        type(one.tables).packed(one.tables, [*hours, *(PackedHour(chunk, hours[0].minutes) for chunk in others)])

    return packed


def _pack_and_die(folder: str, deaths: int) -> None:
    """Pack in a process that is killed in the middle of its n-th transaction on the tables."""
    import os
    import signal

    from sqlalchemy import event

    with tables_bench(Path(folder)) as one:
        one.clock.advance((LAST_HOUR + 60 * HOUR_US - one.clock.wall_us()) / 1e6)
        one.tables._prepare()
        left = [deaths]

        def commit(_: object) -> None:
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(one.place._engine()[0], "commit", commit)  # type: ignore[attr-defined]
        one.pack()


@pytest.mark.parametrize("deaths", [1, 3, 5])
def test_a_kill_in_any_step_loses_and_doubles_nothing(tmp_path: Path, deaths: int) -> None:
    check_kill(tmp_path, deaths)


@pytest.mark.soak
def test_kills_in_each_of_many_steps_lose_and_double_nothing(tmp_path: Path) -> None:
    for deaths in range(1, 17):
        check_kill(tmp_path / str(deaths), deaths)


def check_kill(folder: Path, deaths: int) -> None:
    with tables_bench(folder / "whole") as one:
        wanted = two_months(one)
    with tables_bench(folder / "killed") as one:
        one.pack = lambda: 0  # type: ignore[method-assign]
        record_two_months(one)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_pack_and_die, args=(str(folder / "killed"), deaths))
    process.start()
    process.join(60)
    assert process.exitcode == -9
    with tables_bench(folder / "killed") as one:
        one.clock.advance((LAST_HOUR + 60 * HOUR_US - one.clock.wall_us()) / 1e6)
        one.pack()
        assert everything(one) == wanted
