"""Packing frames to minutes, hours, days and months: nothing is lost, doubled or changed, wherever it is cut short."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US, MINUTE_US, Cells, coarsen, make_cells
from history.packer import DAY_US
from history.series import NO_DATA
from history.store.tables import CHUNK, FRAME, QUARANTINE, ROLLUP, SEGMENT
from tests.fakes.packing_bench import BEGIN, HOLD_US, LAST_HOUR, RULE, Bench, bench, shift


def test_frames_become_minutes_hours_days_and_months(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 3, 60)
        assert one.pack() > 0
        one.check()
        one.clock.advance(DAY_US / 1e6)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        assert one.pack() > 0
        one.check()
        assert one.count(FRAME) == 1  # the newest says where the run ended
        assert one.count(SEGMENT) == 0
        assert one.parts.between(0, LAST_HOUR + DAY_US) == ["2023-11", "2023-12"]
        assert one.pack() == 0


def test_cells_are_those_of_all_samples_at_once(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 3, 60 if address else 20)
        for hours in (0, 30, 24 * 32):
            one.clock.advance(hours * 3600.0)
            one.record((0, one.clock.wall_us(), 1.0, 0))
            one.pack()
            for row in range(3):
                whole = one.samples(row)
                packed_us = (one.clock.wall_us() - HOLD_US) // HOUR_US * HOUR_US
                minutes = make_cells(whole, RULE, MINUTE_US, BEGIN, packed_us)
                assert_equal(one.cells(row, MINUTE_US), minutes)
                assert_equal(one.cells(row, HOUR_US), coarsen(minutes, HOUR_US))


def test_late_samples_change_the_cells_of_their_hour_and_of_its_neighbours(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 2, 60)
        one.clock.advance(3 * DAY_US / 1e6)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        start_us = LAST_HOUR - 2 * HOUR_US
        one.record((0, start_us + HOUR_US - 5_000_000, 99.0, 0), (0, start_us + HOUR_US + 1, -99.0, 0))
        one.record((0, start_us + 60_000_000, 7.0, 0x8000), (2, start_us - 30_000_000, 3.0, 0))
        one.clock.advance(120)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        one.check()
        for row in range(3):
            whole = one.samples(row)
            minutes = make_cells(whole, RULE, MINUTE_US, BEGIN, LAST_HOUR)
            assert_equal(one.cells(row, MINUTE_US), minutes)
            assert_equal(one.cells(row, HOUR_US), coarsen(minutes, HOUR_US))


def assert_equal(found: Cells, wanted: Cells) -> None:
    found = found[found["t0_us"] <= wanted["t0_us"][-1]]
    assert found["t0_us"].tolist() == wanted["t0_us"].tolist()
    for name in found.dtype.names or ():
        np.testing.assert_allclose(found[name], wanted[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_an_hour_that_comes_late_as_a_whole_lengthens_what_stood_at_the_end_of_the_hour_before(
    tmp_path: Path, address: str
) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 1, 60)
        one.clock.advance(5 * 3600)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        first_us = LAST_HOUR - HOUR_US + 1_000_000
        one.record(*((row, first_us + 60_000_000 * step, 5.0, 0) for step in range(30) for row in range(3)))
        one.clock.advance(120)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        for row in range(3):
            before = one.cells(row, MINUTE_US)
            wanted = make_cells(one.samples(row), RULE, MINUTE_US, BEGIN, LAST_HOUR)
            assert_equal(before[before["t0_us"] < LAST_HOUR], wanted)


@pytest.mark.parametrize("place", ["before the minutes are let go of", "before the month is written", "while merging"])
def test_a_packing_that_is_cut_short_is_done_once_more(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 3, 60)
        one.clock.advance(2 * DAY_US / 1e6)
        one.record((0, one.clock.wall_us(), 1.0, 0))

        def fail(*_: object, **__: object) -> None:
            raise DatabaseError("cut short")

        targets: dict[str, tuple[Any, str]] = {
            "before the minutes are let go of": (one.segments, "done"),
            "before the month is written": (one.parts, "writing"),
        }
        with monkeypatch.context() as patch:
            if place in targets:
                patch.setattr(*targets[place], fail)
            else:
                patch.setattr("history.packer.merge_rows", fail)
            with pytest.raises(DatabaseError):
                one.pack()
        one.check()
        one.pack()
        one.check()
        minutes = make_cells(one.samples(0), RULE, MINUTE_US, BEGIN, LAST_HOUR + HOUR_US)
        assert_equal(one.cells(0, MINUTE_US), minutes)


TIMES = st.integers(LAST_HOUR - 3 * HOUR_US, LAST_HOUR + HOUR_US - 1)
VALUES = st.floats(allow_nan=True, allow_infinity=True, width=64)
ACTIONS = st.one_of(
    st.lists(
        st.tuples(st.integers(0, 2), TIMES, VALUES, st.sampled_from([0, 0x8000, 0x40D2])),
        min_size=1,
        max_size=4,
        unique_by=lambda sample: sample[:2],
    ),
    st.sampled_from([1.0, 70.0, 3700.0, 90_000.0]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, min_size=1, max_size=8))
def test_any_order_of_recording_and_packing_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory, actions: list[Any]
) -> None:
    with bench(tmp_path_factory.mktemp("history")) as one:
        act(one, actions)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, min_size=1, max_size=8))
def test_any_order_of_recording_and_packing_reads_the_same_from_a_server(
    tmp_path_factory: pytest.TempPathFactory, pg_bench: str, actions: list[Any]
) -> None:
    with bench(tmp_path_factory.mktemp("history"), pg_bench) as one:
        act(one, actions)


def act(one: Bench, actions: list[Any]) -> None:
    for action in actions:
        if isinstance(action, float):
            one.clock.advance(action)
            one.pack()
        else:
            one.record(*action)
        one.check()


def spoil(connection: Any, table: Any, **key: Any) -> bytes:
    """Turn a byte of every blob with this key, and return the last one."""
    where = [table.c[name] == value for name, value in key.items()]
    spoilt = b""
    for row in connection.execute(table.select().where(*where)).all():
        spoilt = row.body[:-1] + bytes([row.body[-1] ^ 1])
        mine = [table.c[column.name] == getattr(row, column.name) for column in table.primary_key]
        connection.execute(table.update().where(*mine).values(body=spoilt))
    assert spoilt
    return spoilt


def quarantined(one: Bench) -> list[tuple[str, bytes]]:
    with one.home.place().reading() as connection:
        return [(row.what, row.body) for row in connection.execute(QUARANTINE.select())]


def test_a_minute_that_cannot_be_read_is_a_gap_and_kept_in_quarantine(tmp_path: Path, address: str) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 1, 60)
        one.pack()
        with one.home.place().writing() as connection:
            first = connection.execute(SEGMENT.select().order_by(SEGMENT.c.id)).first()
            assert first is not None
            body = spoil(connection, SEGMENT, id=first.id)
        before = one.samples(0)
        assert NO_DATA in before.qualities
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert quarantined(one) == [(f"segment {first.id}", body)]
        after = one.samples(0).between(0, int(before.times_us[-1]) + 1)
        assert after.times_us.tolist() == before.times_us.tolist()
        assert after.qualities.tolist() == before.qualities.tolist()


def test_an_hour_that_cannot_be_read_is_kept_in_quarantine_when_late_samples_replace_it(
    tmp_path: Path, address: str
) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 2, 60)
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        start_us = LAST_HOUR - 2 * HOUR_US
        tag = one.tag(0)
        with one.parts.writing(start_us) as connection:
            body = spoil(connection, CHUNK, tag=tag, t0_us=start_us)
        assert one.samples(0).qualities[one.samples(0).times_us == start_us].tolist() == [NO_DATA]
        one.record((0, start_us + 5_000_000, 42.0, 0))
        one.clock.advance(120)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert quarantined(one) == [(f"hour of tag {tag}", body)]
        within = one.samples(0).between(start_us, start_us + HOUR_US)
        assert within.values.tolist() == [42.0]


@pytest.mark.parametrize("level_us", [MINUTE_US, HOUR_US])
def test_a_roll_up_that_cannot_be_read_keeps_nothing_from_being_packed(
    tmp_path: Path, address: str, level_us: int
) -> None:
    with bench(tmp_path, address) as one:
        shift(one, 2, 60)
        one.clock.advance(3 * DAY_US / 1e6)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        start_us = LAST_HOUR - 2 * HOUR_US
        tag = one.tag(0)
        with one.parts.writing(start_us) as connection:
            spoil(connection, ROLLUP, tag=tag, level_us=level_us)
        one.record((0, start_us + HOUR_US + 1, 42.0, 0))
        one.clock.advance(120)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        one.check()
        assert one.pack() == 0
        hours = one.cells(0, level_us)
        assert 42.0 in hours["max"]
