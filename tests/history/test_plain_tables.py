"""What other programs read: hours and days are those that the product answers, whatever was cut short or came late."""

from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US, MINUTE_US, coarsen, make_cells
from history.site_time import SiteTime
from tests.fakes.packing_bench import LAST_HOUR, RULE, shift
from tests.fakes.tables_bench import TablesBench, tables_bench, tables_plant

NUMBERS = ("n", "n_good", "min", "t_min_us", "max", "t_max_us", "first", "last", "integral", "good_us", "worst")


def hourly(one: TablesBench, row: int) -> list[tuple[Any, ...]]:
    tag = int(one.frames.place().ids[row])
    return one.rows(f"SELECT t0_us, {', '.join(NUMBERS)} FROM hourly WHERE tag = {tag} ORDER BY t0_us")


def check_hours(one: TablesBench) -> None:
    """Every hour that is packed stands in the table, with the numbers of its cell."""
    for row in range(3):
        cells = one.cells(row, HOUR_US)
        found = hourly(one, row)
        assert [each[0] for each in found] == cells["t0_us"].tolist()
        for place, name in enumerate(NUMBERS, 1):
            wanted = [None if np.isnan(value) else value for value in cells[name].tolist()]
            if name in ("t_min_us", "t_max_us"):
                wanted = [at if n else None for at, n in zip(wanted, ~np.isnan(cells["min"]), strict=True)]
            if name == "integral":
                wanted = [value if good else None for value, good in zip(wanted, cells["good_us"], strict=True)]
            assert [each[place] for each in found] == wanted, name


def check_days(one: TablesBench, site: SiteTime) -> None:
    """Every day that is over has what all samples of it come to."""
    for row in range(3):
        tag = int(one.frames.place().ids[row])
        whole = one.samples(row)
        found = one.rows(f"SELECT date, start_us, end_us, n, min, integral, good_us FROM daily WHERE tag = {tag}")
        for date, start_us, end_us, n, lowest, integral, good_us in found:
            cell = coarsen(make_cells(whole, RULE, MINUTE_US, start_us, end_us), 2**62)[0]
            assert date == site.local(start_us)[:10]
            assert (n, good_us) == (int(cell["n"]), int(cell["good_us"]))
            assert lowest == (None if np.isnan(cell["min"]) else float(cell["min"]))
            assert (integral is None) == (good_us == 0)
            assert integral is None or integral == pytest.approx(float(cell["integral"]))


def test_each_packed_hour_and_each_day_that_is_over_stands_in_the_tables(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 60)
        one.go_on(30)
        check_hours(one)
        site = SiteTime(ZoneInfo("Europe/Berlin"))
        check_days(one, site)
        dates = one.rows("SELECT DISTINCT date, start_local, end_local FROM daily ORDER BY date")
        assert dates == [
            ("2023-11-30", "2023-11-30T00:00:00+01:00", "2023-12-01T00:00:00+01:00"),
            ("2023-12-01", "2023-12-01T00:00:00+01:00", "2023-12-02T00:00:00+01:00"),
        ]
        assert not one.packer.step()
        assert one.rows("SELECT date FROM stale_day WHERE end_us <= " + str(one.clock.wall_us() - HOUR_US)) == []


def test_a_day_waits_until_all_its_hours_are_packed(tmp_path: Path) -> None:
    with tables_bench(tmp_path, tables_plant("Asia/Kolkata")) as one:  # its days begin at half past the hour
        shift(one, 2, 60)
        one.clock.advance((LAST_HOUR + 18.5 * HOUR_US + 60e6 - one.clock.wall_us()) / 1e6)
        one.record((2, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert ("2023-12-01",) not in one.rows("SELECT DISTINCT date FROM daily")
        one.go_on(0.6)
        assert ("2023-12-01",) in one.rows("SELECT DISTINCT date FROM daily")
        check_days(one, SiteTime(ZoneInfo("Asia/Kolkata")))


@pytest.mark.parametrize(("summer", "hours"), [(False, 25), (True, 23)])
def test_the_days_on_which_clocks_are_moved_have_23_and_25_hours(tmp_path: Path, summer: bool, hours: int) -> None:
    noon = 1_711_882_800_000_000 if summer else 1_698_577_200_000_000  # 31 March 2024, 29 October 2023, 11:00 UTC
    with tables_bench(tmp_path) as one:
        one.clock.advance((noon - one.clock.wall_us()) / 1e6)
        one.record((0, noon, 5.0, 0))
        one.go_on(40)
        day = one.rows("SELECT DISTINCT end_us - start_us, good_percent FROM daily WHERE tag = 1 AND n > 0")
        assert day == [(hours * HOUR_US, pytest.approx(0))]
        check_days(one, SiteTime(ZoneInfo("Europe/Berlin")))


def test_late_samples_change_their_hour_and_their_day(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 60)
        one.go_on(60)
        before = one.rows("SELECT max FROM daily WHERE tag = 1 ORDER BY date")
        one.record((0, LAST_HOUR - HOUR_US + 30_000_000, 1e6, 0))
        one.go_on(0.1)
        check_hours(one)
        check_days(one, SiteTime(ZoneInfo("Europe/Berlin")))
        after = one.rows("SELECT max FROM daily WHERE tag = 1 ORDER BY date")
        assert [a for a, b in zip(after, before, strict=True) if a != b] == [(1e6,)]


@pytest.mark.parametrize("place", ["before the tables", "before the minutes are let go of", "before the day"])
def test_what_was_cut_short_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 60)
        one.clock.advance(30 * 3600)
        one.record((2, one.clock.wall_us(), 1.0, 0))

        def fail(*_: object) -> None:
            raise DatabaseError("cut short")

        targets: dict[str, tuple[Any, str]] = {
            "before the tables": (one.tables, "packed"),
            "before the minutes are let go of": (one.segments, "done"),
        }
        with monkeypatch.context() as patch:
            if place in targets:
                patch.setattr(*targets[place], fail)
            else:
                patch.setattr("history.plain_tables.write_day", fail)
            with pytest.raises(DatabaseError):
                one.pack()
        one.pack()
        check_hours(one)
        check_days(one, SiteTime(ZoneInfo("Europe/Berlin")))
        assert len(one.rows("SELECT DISTINCT date FROM daily")) == 2


def test_what_is_not_known_is_null_and_never_a_number(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        start_us = one.clock.wall_us()
        one.record((0, start_us, 5.0, 0x8000), (1, start_us, float("nan"), 0))
        one.go_on(30)
        row = one.rows("SELECT n, n_good, min, t_min_us, max, t_max_us, first, last, average, integral FROM hourly")
        assert row[0] == (1, 0, None, None, None, None, None, None, None, None)
        assert one.rows("SELECT good_percent, worst, quality FROM hourly_named WHERE name = 'A'") == [
            (0, 0x8000, "bad")
        ]
        assert one.rows("SELECT integral, average, quality FROM daily_named WHERE name = 'A'") == [(None, None, "bad")]


def test_views_name_tags_and_tell_both_times(tmp_path: Path) -> None:
    with tables_bench(tmp_path, tables_plant(day_starts=time(6))) as one:
        start_us = one.clock.wall_us()
        one.record(*((0, start_us + second * 60_000_000, 360.0, 0) for second in range(60)))
        one.go_on(40)
        query = "SELECT utc, local, name, unit, average, integral, quality FROM hourly_named WHERE name = 'A'"
        assert one.rows(query)[0] == (
            *("2023-11-30T22:00:00Z", "2023-11-30T23:00:00+01:00", "A", "m³/h"),
            *(360.0, pytest.approx(360.0 * 59 * 60), "good"),  # how long the last sample held isn't known
        )
        query = "SELECT date, start_utc, start_local, end_local, unit, max FROM daily_named WHERE name = 'A'"
        assert one.rows(query) == [
            (
                "2023-11-30",
                "2023-11-30T05:00:00Z",
                "2023-11-30T06:00:00+01:00",
                "2023-12-01T06:00:00+01:00",
                "m³/h",
                360,
            )
        ]


def test_another_beginning_of_the_day_works_all_days_out_anew(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 60)
        one.go_on(60)
        one.tables.close()
        one.begin(tables_plant(day_starts=time(6)))
        one.pack()
        site = SiteTime(ZoneInfo("Europe/Berlin"), time(6))
        check_days(one, site)
        starts = one.rows("SELECT DISTINCT start_us FROM daily")
        assert all(site.local(start)[11:19] == "06:00:00" for (start,) in starts)
