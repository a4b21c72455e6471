"""A month file that can't be read: it is named, its month is a gap, everything else is read and nothing is lost."""

from pathlib import Path

import numpy as np
import pytest

from history.memory import Memory
from history.query import HistoryReader
from history.series import NO_DATA, HistoryQuery
from history.store.file_faults import FileFaults
from history.store.months import month_span
from history.store.packed import HOUR_US
from history.store.tables import ROLLUP
from tests.fakes.kept_history import DECEMBER, NOVEMBER, closed, reopened
from tests.fakes.packing_bench import BEGIN, HOLD_US, LAST_HOUR, Bench, bench, shift
from tests.fakes.spoiling import DAMAGES, garble_foreign, garble_pages


def gap_then_rest(one: Bench, row: int) -> tuple[list[int], list[int]]:
    """Return the times at which nothing is known, and those of the values."""
    found = one.archive.read([row], BEGIN, 2**60, 2**60)
    is_gap = found.qualities == NO_DATA
    return found.time_us[is_gap].tolist(), sorted(found.time_us[~is_gap].tolist())


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_month_is_a_gap_and_named_and_the_rest_is_read(tmp_path: Path, damage: str) -> None:
    kept = closed(tmp_path)
    DAMAGES[damage](tmp_path / NOVEMBER)
    before = (tmp_path / NOVEMBER).read_bytes()
    one = reopened(tmp_path, kept)
    try:
        gap, rest = gap_then_rest(one, 0)
        assert gap == [max(month_span(BEGIN)[0], BEGIN)]
        assert rest == sorted(time for row, time in kept.expected if row == 0 and time >= LAST_HOUR)
        assert one.archive.cells(0, HOUR_US, BEGIN, 2**60)["t0_us"].min() >= LAST_HOUR
        assert NOVEMBER in one.places.faults.notice
        assert (tmp_path / NOVEMBER).read_bytes() == before
    finally:
        one.close()


@pytest.mark.parametrize("damage", DAMAGES)
def test_it_is_put_aside_when_something_is_to_be_written_and_nothing_is_lost(tmp_path: Path, damage: str) -> None:
    kept = closed(tmp_path)
    DAMAGES[damage](tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        late_us = LAST_HOUR - HOUR_US + 5_000_000
        one.record((0, late_us, 42.0, 0))
        one.clock.advance(120)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        (aside,) = tmp_path.glob("history-2023-11.damaged-*.sqlite")
        assert aside.name in one.places.faults.notice
        of_december = {key: each for key, each in one.expected.items() if key[1] >= LAST_HOUR or key[1] == late_us}
        one.expected = of_december
        one.check()
        assert one.pack() == 0
    finally:
        one.close()


def test_a_damaged_month_to_which_nothing_is_written_keeps_no_other_from_being_packed(tmp_path: Path) -> None:
    kept = closed(tmp_path)
    garble_pages(tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        one.clock.advance(3 * 86_400)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        with one.parts.reading("2023-12") as connection:
            widths = {row.t1_us - row.t0_us for row in connection.execute(ROLLUP.select())}
        assert 24 * HOUR_US in widths
        assert not list(tmp_path.glob("*damaged*"))
    finally:
        one.close()


def test_another_programs_file_in_its_place_is_a_gap_and_never_put_aside(tmp_path: Path) -> None:
    kept = closed(tmp_path)
    garble_foreign(tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        assert len(gap_then_rest(one, 0)[0]) == 1
        assert "belongs to another program" in one.places.faults.notice
        assert not one.parts.is_damaged("2023-11")
    finally:
        one.close()


def test_a_month_that_disappears_is_missed_and_not_begun_anew_in_silence(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 2, 60)
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        for path in tmp_path.glob(f"{NOVEMBER}*"):
            path.unlink()
        assert "is missing" in one.places.faults.notice
        assert not (tmp_path / NOVEMBER).exists()
        late_us = LAST_HOUR - HOUR_US
        one.record((0, late_us, 42.0, 0))
        one.clock.advance(120)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert "has been begun anew" in one.places.faults.notice
        assert one.samples(0).values[one.samples(0).times_us == late_us].tolist() == [42.0]


def test_a_file_that_was_put_back_counts_without_a_restart(tmp_path: Path) -> None:
    kept = closed(tmp_path)
    whole = (tmp_path / NOVEMBER).read_bytes()
    garble_pages(tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        assert gap_then_rest(one, 0)[0]
        for path in tmp_path.glob(f"{NOVEMBER}*"):
            path.rename(tmp_path / f"spoilt{path.suffix}")
        (tmp_path / NOVEMBER).write_bytes(whole)
        one.check()
        assert one.places.faults.notice == ""
    finally:
        one.close()


def test_what_is_removed_on_purpose_is_not_missed(tmp_path: Path) -> None:
    kept = closed(tmp_path)
    one = reopened(tmp_path, kept)
    try:
        one.check()
        one.parts.drop("2023-11")
        assert one.places.faults.notice == ""
        assert one.places.faults.known == {DECEMBER}
    finally:
        one.close()


def test_a_roll_up_that_cannot_be_read_is_worked_out_anew_from_its_hours(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 3, 60)
        one.clock.advance(3 * 86_400)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        before = {level: one.cells(0, level) for level in (60_000_000, HOUR_US)}
        with one.parts.writing(BEGIN) as connection:
            connection.execute(ROLLUP.update().values(body=b"C rubbish"))
        one.record((0, LAST_HOUR - HOUR_US + 1, 42.0, 0))
        one.clock.advance(120)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        for level, cells in before.items():
            after = one.cells(0, level)
            assert after["t0_us"].tolist() == cells["t0_us"].tolist()
            is_other = (cells["t0_us"] < LAST_HOUR - HOUR_US - level) | (cells["t0_us"] > LAST_HOUR + level)
            np.testing.assert_array_equal(after[is_other], cells[is_other])


def test_a_query_over_a_damaged_month_answers(tmp_path: Path) -> None:
    kept = closed(tmp_path)
    garble_pages(tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        query = HistoryQuery(("A",), LAST_HOUR - HOUR_US, LAST_HOUR + HOUR_US, 10)
        found = one.archive.read([0], query.start_us, query.end_us, 2**60)
        assert found.time_us[0] == query.start_us
        assert found.qualities[0] == NO_DATA
    finally:
        one.close()


def test_faults_end_when_a_file_can_be_used_again(tmp_path: Path) -> None:
    faults = FileFaults(tmp_path)
    assert faults.notice == ""
    faults.expect([NOVEMBER])
    assert "is missing" in faults.notice
    (tmp_path / NOVEMBER).write_bytes(b"x")
    assert faults.notice == ""


@pytest.mark.parametrize("width_us", [1_000_000, 60_000_000, HOUR_US])
def test_a_trend_of_any_width_shows_the_gap_and_what_is_after_it(tmp_path: Path, width_us: int) -> None:
    kept = closed(tmp_path)
    garble_pages(tmp_path / NOVEMBER)
    one = reopened(tmp_path, kept)
    try:
        reader = HistoryReader({"A": 0}, np.array([HOLD_US]), Memory(), one.archive, one.clock)
        start_us = LAST_HOUR - 2 * HOUR_US
        pixels = min(3 * HOUR_US // width_us, 16_384)
        (series,) = reader.answer(HistoryQuery(("A",), start_us, LAST_HOUR + HOUR_US, pixels))
        gap = series.gaps[0]
        assert gap.start_us == start_us
        assert LAST_HOUR <= gap.end_us < LAST_HOUR + 180_000_000
        assert gap.quality == NO_DATA
        assert np.isnan(series.mean[series.t0_us < LAST_HOUR]).all()
        assert np.isfinite(series.last[-1])
    finally:
        one.close()
