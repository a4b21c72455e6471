"""Hours that were thinned: late samples, packing that is cut short, and what a trend shows of them."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US, MINUTE_US, Rule, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import MEASURED, Samples
from history.late_hours import rejoin
from history.memory import Memory
from history.packer import Packer
from history.query import HistoryReader
from history.series import HistoryQuery
from history.store.packed import read_hours
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, Bench, bench
from tests.history.test_packing import assert_equal

FAN = Rule(True, HOLD_US, deviation=0.5)
DEADBAND = Rule(True, HOLD_US, deadband=0.5)
BAND = {0: FAN, 1: DEADBAND, 2: Rule(True, HOLD_US)}
START = LAST_HOUR - 2 * HOUR_US
SECOND = 1_000_000


@pytest.fixture
def one(tmp_path: Path, address: str) -> Iterator[Bench]:
    """An hour of three tags: the first thinned by lines, the second by its deadband."""
    with bench(tmp_path, address) as made:
        made.packer = Packer(
            made.segments, made.parts, lambda tag: BAND[made.home.row_of(tag) or 0], HOLD_US, made.clock
        )
        random = np.random.default_rng(5)
        for number in range(360):
            swing = 20 * np.sin(number / 60)
            made.record(*((row, START + number * 10 * SECOND, swing + random.normal(0, 0.1), 0) for row in range(3)))
            made.clock.advance(10)
        yield made


def settle(one: Bench, seconds: float = 3700) -> None:
    one.clock.advance(seconds)
    one.record((2, one.clock.wall_us(), 1.0, 0))
    one.pack()


def hour(one: Bench, row: int) -> Samples:
    return one.samples(row).between(START, START + HOUR_US)


def at_rest(one: Bench, row: int) -> Samples:
    """Return the hour as it is read from its file."""
    tag = one.tag(row)
    (month,) = one.parts.between(START, START + 1)
    with one.parts.reading(month) as connection:
        (chunk,) = read_hours(connection, tag, START, START + HOUR_US)
    assert isinstance(chunk, Chunk)
    return chunk.samples


def stored(one: Bench, row: int) -> Samples:
    """Return what stands in the file."""
    samples = at_rest(one, row)
    return samples if samples.filled is None else samples.take(samples.filled == MEASURED)


def raw(one: Bench, row: int) -> Samples:
    found = sorted(
        (at, *rest) for (tag, at), rest in one.expected.items() if tag == row and START <= at < LAST_HOUR - HOUR_US
    )
    times, values, qualities = zip(*found, strict=True)
    return Samples(np.array(times), np.array(values), np.array(qualities, np.uint16))


def off(one: Bench, row: int) -> float:
    """Return how far from what was recorded history shows a tag at the same times."""
    shown, wanted = hour(one, row), raw(one, row)
    at = np.searchsorted(shown.times_us, wanted.times_us, "right") - 1
    return float(np.abs(shown.values[at] - wanted.values).max())


def test_what_is_read_of_a_thinned_hour_has_all_its_samples_within_the_bound(one: Bench) -> None:
    settle(one)
    for row in (0, 1):
        assert len(hour(one, row)) == 360
        assert len(stored(one, row)) < 230
        assert off(one, row) <= 0.5 * 1.000001
    assert len(stored(one, 2)) == 360


def test_sums_are_those_of_all_samples(one: Bench) -> None:
    settle(one)
    for row in range(3):
        whole = raw(one, row)
        minutes = make_cells(whole, BAND[row], MINUTE_US, START, START + 59 * MINUTE_US)
        assert_equal(one.cells(row, MINUTE_US)[:59], minutes)


def test_a_late_sample_leaves_all_else_as_it_was(one: Bench) -> None:
    settle(one)
    before = {row: (hour(one, row), one.cells(row, MINUTE_US)) for row in (0, 1)}
    late = START + 30 * MINUTE_US + 7 * SECOND
    one.record(*((row, late, 99.0, 0) for row in (0, 1)))
    settle(one, 120)
    for row, (samples, cells) in before.items():
        after, minutes = hour(one, row), one.cells(row, MINUTE_US)
        others = after.take(after.times_us != late)
        assert others.times_us.tolist() == samples.times_us.tolist()
        np.testing.assert_allclose(others.values, samples.values, rtol=0, atol=1e-9)
        is_elsewhere = minutes["t0_us"][: len(cells)] != START + 30 * MINUTE_US
        assert minutes[: len(cells)][is_elsewhere].tolist() == cells[is_elsewhere].tolist()
        assert minutes["max"][30] == 99.0
        assert off(one, row) <= 0.5 * 1.000001


def test_a_late_sample_beside_the_hour_changes_its_border_alone(one: Bench) -> None:
    settle(one)
    before = one.cells(0, MINUTE_US)
    one.record((0, START - 20 * SECOND, 55.0, 0))
    settle(one, 120)
    after = one.cells(0, MINUTE_US)
    within = after[after["t0_us"] >= START][: len(before)]
    assert within[1:59].tolist() == before[1:59].tolist()


@pytest.mark.parametrize("times", [1, 3])
def test_packing_that_is_cut_short_ends_with_the_same_hour(
    one: Bench, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("cut short")

    one.clock.advance(3700)
    one.record((2, one.clock.wall_us(), 1.0, 0))
    found = []
    for _ in range(times):
        with monkeypatch.context() as patch:
            patch.setattr(one.segments, "done", fail)
            with pytest.raises(DatabaseError):
                one.pack()
        found.append(stored(one, 0))
    one.pack()
    found.append(stored(one, 0))
    assert len({tuple(each.times_us.tolist()) for each in found}) == 1
    assert len(found[0]) < 200
    test_sums_are_those_of_all_samples(one)


def test_all_of_an_hour_that_comes_once_more_changes_nothing(one: Bench) -> None:
    settle(one)
    before = stored(one, 0)
    whole = raw(one, 0)
    one.record(*((0, at, value, 0) for at, value in zip(whole.times_us.tolist(), whole.values.tolist(), strict=True)))
    settle(one, 120)
    after = stored(one, 0)
    assert after.times_us.tolist() == before.times_us.tolist()
    assert after.values.tolist() == before.values.tolist()


def test_the_same_thinned_hour_twice_is_that_hour(one: Bench) -> None:
    settle(one)
    hours = [at_rest(one, row) for row in (0, 1)]
    for found in hours:
        joined = rejoin(found, found)
        assert joined.times_us.tolist() == found.times_us.tolist()
        assert joined.filled is not None
        assert found.filled is not None
        assert joined.filled.tolist() == found.filled.tolist()


def test_late_samples_again_and_again_let_the_hour_drift_nowhere(one: Bench) -> None:
    settle(one)
    random = np.random.default_rng(8)
    for _ in range(12):
        late = START + int(random.integers(0, HOUR_US))
        near = hour(one, 0)
        value = float(np.interp(late - START, near.times_us - START, near.values))
        one.record((0, late, value, 0))
        settle(one, 120)
    assert off(one, 0) <= 0.5 * 1.000001


def test_a_trend_of_a_thinned_hour_is_within_the_bound_and_has_no_gap(one: Bench) -> None:
    settle(one)
    holds = np.full(3, HOLD_US)
    reader = HistoryReader({"A": 0, "B": 1, "C": 2}, holds, Memory(), one.archive, one.clock)
    end = START + 3_600 * SECOND
    for row, name in enumerate("AB"):
        series = reader.answer(HistoryQuery((name,), START, end, 360))[0]
        wanted = raw(one, row)
        assert series.gaps == ()
        assert float(np.abs(series.first - wanted.values).max()) <= 0.5 * 1.000001
        minutes = reader.answer(HistoryQuery((name,), START, end, 30))[0]
        assert minutes.gaps == ()
        assert minutes.max.max() == wanted.values.max()
