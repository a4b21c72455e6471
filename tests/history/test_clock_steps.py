"""The wall clock of a station is set while it records: nothing is lost, and what comes later counts."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from history.chunks.cells import HOUR_US, MINUTE_US
from history.clock_watch import ClockWatch
from history.series import HistoryQuery
from history.store.tables import FRAME
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.packing_bench import bench
from tests.fakes.recording import SECOND, Recording

STEPS_S = (3_600, -3_600, 86_400, -86_400)


def events(recording: Recording) -> list[tuple[int, int, int]]:
    with closing(sqlite3.connect(recording.path)) as connection:
        return connection.execute("SELECT before_us, after_us, mono_ns FROM clock_event ORDER BY id").fetchall()


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_step_of_the_clock_loses_no_sample_and_is_noted(recording: Recording, step_s: int) -> None:
    for value in range(5):
        recording.put({"A": float(value)})
        recording.tick()
    before_us, mono_ns = recording.clock.wall_us(), recording.clock.mono_ns()
    recording.clock.step_wall(step_s)
    for value in range(5, 10):
        recording.put({"A": float(value)})
        recording.tick()
    assert recording.health.stored == 10
    assert recording.health.dropped == {}
    ((expected_us, found_us, at_ns),) = events(recording)
    assert found_us - expected_us == step_s * SECOND
    assert (expected_us, at_ns) == (before_us + SECOND, mono_ns + 10**9)
    found = recording.store.read([0], 0, 2**62, 2**62)
    assert found.values.tolist() == [float(value) for value in range(10)]


@pytest.mark.parametrize("step_s", STEPS_S)
def test_a_question_over_the_seam_gives_what_was_recorded_on_both_sides(recording: Recording, step_s: int) -> None:
    seen = []
    for value in range(10):
        if value == 5:
            recording.clock.step_wall(step_s)
        recording.put({"A": float(value)})
        seen.append(recording.clock.wall_us())
        recording.tick()
    now_us = recording.clock.wall_us()
    for value, at_us in enumerate(seen):
        series = recording.reader.answer(HistoryQuery(("A",), at_us, at_us + SECOND, 1))[0]
        assert series.first.tolist() == [float(value)]
        assert series.gaps == () or at_us > now_us  # of a time to come nothing is known but what was recorded


def test_of_equal_times_the_value_that_was_recorded_later_counts(recording: Recording) -> None:
    start_us = recording.clock.wall_us()
    for value in (1.0, 2.0):
        recording.put({"A": value})
        recording.tick()
    recording.clock.step_wall(-3_602)
    recording.put({"A": 3.0})
    recording.tick(3_600)
    assert recording.clock.wall_us() == start_us
    recording.put({"A": 9.0})
    recording.tick()
    series = recording.reader.answer(HistoryQuery(("A",), start_us, start_us + SECOND, 1))[0]
    assert series.last.tolist() == [9.0]


def test_a_quiet_value_goes_on_after_the_clock_was_set_back(recording: Recording) -> None:
    recording.put({"A": 5.0})
    recording.tick()
    recording.clock.step_wall(-86_400)
    for _ in range(3):
        recording.read_again("A")
        recording.tick(40)
    series = recording.ask("A", 100)
    assert series.gaps == ()
    assert series.mean.tolist() == [5.0]


def test_a_bad_value_goes_on_after_the_clock_was_set_back(recording: Recording) -> None:
    recording.put({"A": 5.0}, Quality.BAD_SENSOR_FAILURE)
    recording.tick()
    recording.clock.step_wall(-86_400)
    recording.tick(90)
    assert recording.ask("A", 30).quality.tolist() == [int(Quality.BAD_SENSOR_FAILURE)]


def test_a_step_waits_for_a_file_that_takes_nothing(recording: Recording) -> None:
    recording.put({"A": 1.0})
    recording.tick()
    with closing(sqlite3.connect(recording.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        recording.clock.step_wall(7_200)
        recording.tick()
        assert recording.health.error
        other.rollback()
    recording.tick()
    assert recording.health.error == ""
    assert [after - before for before, after, _ in events(recording)] == [7_200 * SECOND]


def test_a_clock_that_is_steered_makes_no_event(clock: ManualClock) -> None:
    watch = ClockWatch(clock)
    for _ in range(10):
        clock.advance(1)
        clock.step_wall(0.9)
        assert watch.look() is None
    clock.step_wall(-1.1)
    step = watch.look()
    assert step is not None
    assert step.after_us - step.before_us == -1_100_000
    assert watch.look() is None


@pytest.mark.parametrize("back_s", [45, 3_600, 90_000])
def test_frames_from_before_the_clock_was_set_back_are_packed_and_none_with_them(
    tmp_path: Path, address: str, back_s: int
) -> None:
    with bench(tmp_path, address) as one:
        for number in range(400):
            if number == 150:
                one.clock.step_wall(-back_s)
            one.record((0, one.clock.wall_us() + number, float(number), 0))
            if number % 20 == 7:
                one.pack()
            one.clock.advance(1)
        one.check()
        one.clock.advance(200)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert one.count(FRAME) == 1
        one.check()


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_of_23_or_25_hours_is_recorded_without_a_seam(tmp_path: Path, address: str, day: str, hours: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone).astimezone(UTC)
    start_us = round(midnight.timestamp()) * SECOND
    with bench(tmp_path, address) as one:
        one.clock.step_wall((start_us - one.clock.wall_us()) / 1e6)
        for _ in range(hours):
            now_us = one.clock.wall_us()
            one.record(*((0, now_us + minute * MINUTE_US, float(minute), 0) for minute in range(60)))
            one.clock.advance(3_600)
        end = datetime.fromtimestamp(one.clock.wall_us() / 1e6, zone)
        assert (end.hour, end.minute) == (0, 0)
        one.clock.advance(200)
        one.record((1, one.clock.wall_us(), 1.0, 0))
        one.pack()
        found = one.samples(0)
        assert np.diff(found.times_us).tolist() == [MINUTE_US] * (hours * 60 - 1)
        assert one.cells(0, HOUR_US)["n"].tolist() == [60] * hours
