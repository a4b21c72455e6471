"""Samples that come late: merged by tag and time, beside what the outage left, wherever they are asked for."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from history.columns import Columns, concatenate
from history.health import FUTURE, OUTSIDE
from history.late import place
from history.pixels import draw
from history.series import Gap, HistoryQuery, HistorySeries
from history.stamping import HEARTBEAT_US
from plant_models.batch import failure, samples
from plant_models.quality import Quality
from plant_models.recovered import Recovered
from tests.fakes.clock import ManualClock
from tests.fakes.recording import SECOND, Recording
from tests.fakes.samples import columns

DEAD = Quality.BAD_NO_COMMUNICATION
COLUMNS = ("min", "max", "first", "last", "mean", "quality")
Row = tuple[int, int, float]
"""Tag, time, value."""


def put_away(recording: Recording, minutes: int) -> tuple[int, int]:
    """Let A and B be good, then away for some minutes, then good again; return when the outage began and ended."""
    recording.put({"A": 1.0, "B": 1.0})
    recording.tick(10)
    began_us = recording.clock.wall_us()
    recording.put({"A": 1.0, "B": 1.0}, DEAD)
    for _ in range(minutes * 2):
        recording.tick(30)
    ended_us = recording.clock.wall_us()
    recording.put({"A": 50.0, "B": 50.0})
    recording.tick(10)
    return began_us, ended_us


def every(step_s: int, gap: tuple[int, int]) -> list[tuple[int, float]]:
    """Return a value each few seconds of a gap, the first a step after its begin."""
    return [(at, float(number)) for number, at in enumerate(range(gap[0] + step_s * SECOND, gap[1], step_s * SECOND))]


def gaps(recording: Recording, tag: str = "A") -> tuple[Gap, ...]:
    return recording.ask(tag, 7_300).gaps[1:]  # the first is the time before the recorder began


def test_a_trend_of_the_outage_shows_what_was_recovered_and_the_mark_of_its_begin(recording: Recording) -> None:
    gap = put_away(recording, 30)
    assert gaps(recording) == (Gap(*gap, DEAD),)
    late = every(7, gap)
    assert recording.recover("A", late, gap)
    recording.tick()
    assert gaps(recording) == (Gap(gap[0], late[0][0], DEAD),)
    assert gaps(recording, "B") == (Gap(*gap, DEAD),)
    raw = recording.reader.answer(HistoryQuery(("A",), late[0][0], gap[1], (gap[1] - late[0][0]) // SECOND))[0]
    assert raw.first[::7].tolist() == [value for _, value in late]
    assert (recording.health.late, recording.health.lost) == (len(late), 0)


def test_what_was_not_recovered_stays_bad(recording: Recording) -> None:
    gap = put_away(recording, 30)
    late = [row for row in every(5, gap) if not gap[0] + 600 * SECOND < row[0] < gap[0] + 1_200 * SECOND]
    recording.recover("A", late, gap, unbroken_us=gap[1])
    recording.tick()
    begin, hole = gaps(recording)
    assert begin == Gap(gap[0], late[0][0], DEAD)
    assert gap[0] + 600 * SECOND < hole.start_us <= gap[0] + 660 * SECOND
    assert (hole.end_us, hole.quality) == (gap[0] + 1_200 * SECOND, DEAD)


def test_a_quiet_value_holds_where_the_source_was_watching(recording: Recording) -> None:
    gap = put_away(recording, 60)
    late = [(gap[0] + 5 * SECOND, 3.0), (gap[1] - 5 * SECOND, 4.0)]
    recording.recover("A", late, gap, unbroken_us=gap[0])
    recording.recover("B", late, gap, unbroken_us=gap[0] + 10 * SECOND)
    recording.tick()
    assert gaps(recording) == (Gap(gap[0], late[0][0], DEAD),)
    assert [gap.quality for gap in gaps(recording, "B")] == [DEAD, DEAD]
    assert recording.ask("A", 3_000).max.tolist() == [50.0]
    assert recording.health.marks > 59


def test_what_was_recovered_survives_a_kill_and_a_second_time_doubles_nothing(
    tmp_path: Path, clock: ManualClock
) -> None:
    recording = Recording(tmp_path, clock).start()
    gap = put_away(recording, 20)
    late = every(7, gap)
    recording.recover("A", late[:90], gap)
    recording.tick()
    query = HistoryQuery(("A",), gap[0], gap[1], 600)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tmp_path.glob("history.sqlite*"):  # what a kill leaves
        (copy / file.name).write_bytes(file.read_bytes())
    recording.recover("A", late[89:], gap)
    recording.tick()
    whole = recording.reader.answer(query)[0]
    recording.stop()
    again = Recording(copy, clock).start()
    again.tick(0.0)
    half = again.reader.answer(query)[0]
    assert half.gaps[-1].end_us == gap[1]
    assert half.first[:200].tobytes() == whole.first[:200].tobytes()
    for _ in range(2):
        again.recover("A", late, gap)
        again.tick(0.0)
        assert_same(again.reader.answer(query)[0], whole)
    again.stop()


@pytest.mark.parametrize(
    ("at_s", "reason"), [(-20, OUTSIDE), (-(10**9), OUTSIDE), (1_205, OUTSIDE), (10**6, FUTURE), (2**42, FUTURE)]
)
def test_times_of_the_future_and_nonsense_are_refused_and_counted(recording: Recording, at_s: int, reason: str) -> None:
    gap = put_away(recording, 20)
    before = recording.ask("A", 1_300, 100)
    recording.recover("A", [(gap[0] + at_s * SECOND, 9.0)], gap)
    recording.tick(0.0)
    assert recording.health.dropped == {reason: 1}
    assert (recording.health.late, recording.health.lost) == (0, 0)
    assert_same(recording.ask("A", 1_300, 100), before)


def test_late_samples_never_take_the_room_of_live_ones(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock, capacity=10)
    gap = clock.wall_us() - 100 * SECOND, clock.wall_us()
    assert recording.recover("A", every(20, gap), gap)
    assert not recording.recover("A", every(20, gap), gap)
    for number in range(6):
        recording.put({"A": float(number)})
    assert (recording.health.received, recording.health.queued, recording.health.dropped) == (10, 10, {})
    recording.start()
    recording.tick()
    assert recording.recover("A", every(20, gap), gap)
    recording.stop()
    assert recording.health.stored == 14
    assert not recording.recover("A", every(20, gap), gap)
    assert recording.health.received == 14


def test_a_late_batch_that_cannot_be_recorded_is_counted_and_ends_nothing(recording: Recording) -> None:
    gap = put_away(recording, 1)
    recording.recorder.recover(Recovered(failure([0], DEAD, gap[0], 0), *gap, gap[1], 0))
    recording.tick()
    assert recording.health.dropped == {"error while recording": 1}
    recording.put({"A": 2.0})
    recording.tick()
    assert recording.ask("A", 0.5).last.tolist() == [2.0]


def test_a_value_that_is_not_finite_is_never_good() -> None:
    late = samples([0, 0, 0], [np.nan, np.inf, np.nan], [Quality.GOOD, Quality.UNCERTAIN, DEAD], [1, 2, 3], 0)
    placed = place(Recovered(late, 0, 0, 9, 9), 10)
    assert placed.columns.qualities.tolist() == [Quality.BAD_OUT_OF_RANGE, Quality.BAD_OUT_OF_RANGE, DEAD]


def test_before_the_values_were_marked_bad_nothing_is_confirmed() -> None:
    minute = HEARTBEAT_US
    late = samples([0, 0], [1.0, 2.0], 0, [minute // 2, 5 * minute], 0)
    placed = place(Recovered(late, 0, 3 * minute, 6 * minute, 0), 10 * minute)
    assert (placed.marks, placed.columns.time_us[2:].tolist()) == (1, [4 * minute])


ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 600), st.integers(0, 9)).map(
        lambda row: (row[0], row[1] * SECOND, float(row[2]))
    ),
    max_size=30,
)


@given(live=ROWS, late=st.lists(ROWS, max_size=4), cuts=st.lists(st.integers(0, 30), max_size=4))
def test_any_interleaving_of_late_and_live_is_what_sorting_makes_of_it(
    live: list[Row], late: list[list[Row]], cuts: list[int]
) -> None:
    """Live rows rise in time; pages of late ones come at any moment between them."""
    live = sorted(live, key=lambda row: row[1])
    stored: list[Columns] = []
    begin = 0
    for page, cut in zip(late, sorted([*cuts, 0, 0, 0, 0])[-4:], strict=False):
        stored.append(as_columns(live[begin : max(begin, cut)]))
        begin = max(begin, cut)
        stored.append(place(recovered_of(page), 10**9).columns)
    stored.append(as_columns(live[begin:]))
    newest = dict[tuple[int, int], tuple[float, int]]()
    for part in stored:
        for tag, at, value, quality in zip(part.ids, part.time_us, part.values, part.qualities, strict=True):
            newest[int(tag), int(at)] = float(value), int(quality)
    for tag in (0, 1):
        times = sorted(at for each, at in newest if each == tag)
        values, qualities = zip(*(newest[tag, at] for at in times), strict=True) if times else ((), ())
        merged = concatenate(stored)
        assert_same(
            drawn(merged.take(merged.ids == tag)), drawn(columns([tag] * len(times), values, times, list(qualities)))
        )


def as_columns(rows: Sequence[Row]) -> Columns:
    return columns([tag for tag, _, _ in rows], [value for _, _, value in rows], [at for _, at, _ in rows])


def recovered_of(rows: Sequence[Row]) -> Recovered:
    tags, times, values = zip(*rows, strict=True) if rows else ((), (), ())
    return Recovered(samples(list(tags), list(values), 0, list(times), 0), 0, 60 * SECOND, 10**9, 300 * SECOND)


def drawn(rows: Columns) -> HistorySeries:
    return draw("T", rows, HistoryQuery(("T",), 10 * SECOND, 590 * SECOND, 97), 10**9, 90 * SECOND)


def assert_same(left: HistorySeries, right: HistorySeries) -> None:
    for name in COLUMNS:
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
    assert left.gaps == right.gaps
