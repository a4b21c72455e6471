"""The recorder in good times: one frame a second, heartbeats, restarts, and memory and disk as one."""

from pathlib import Path

import numpy as np
import pytest

from history.series import NO_DATA, Gap, HistoryQuery
from plant_models.quality import Quality
from tests.fakes.clock import ManualClock
from tests.fakes.recording import SECOND, Recording
from tests.fakes.waiting import wait_until


def test_one_frame_a_second_holds_all_that_changed(recording: Recording) -> None:
    for second in range(3):
        recording.put({"A": second, "B": 10.0 + second})
        recording.put({"A": second + 0.5})
        recording.tick()
    recording.tick()
    assert recording.frames("seq, n") == [(1, 3), (2, 3), (3, 3)]
    assert (recording.health.received, recording.health.stored, recording.health.queued) == (9, 9, 0)


def test_a_frame_is_written_when_its_second_is_over_without_being_asked(recording: Recording) -> None:
    recording.tick()
    recording.put({"A": 1.0})
    recording.clock.advance(1.0)
    wait_until(lambda: recording.health.stored == 1)
    assert recording.frames() == [(1,)]
    assert recording.health.rate == pytest.approx(1.0)
    assert recording.health.size_bytes > 4_096


def test_a_sample_can_be_asked_for_before_it_is_on_disk(recording: Recording) -> None:
    recording.tick()
    recording.put({"A": 7.0})
    wait_until(lambda: recording.ask("A", 1.0).last[0] == 7.0 or recording.clock.advance(0.001))
    assert recording.frames() == []
    assert recording.health.queued == 1


def test_a_quiet_value_has_heartbeats_and_so_differs_from_no_data(recording: Recording) -> None:
    recording.put({"A": 1.0, "B": 2.0})
    for _ in range(300):
        recording.clock.advance(1.0)
        recording.read_again("A")
    recording.tick(0.0)
    for _ in range(5):
        recording.clock.advance(30.0)
        recording.read_again("A")
        recording.tick(30.0)
    now_us = recording.clock.wall_us()
    assert recording.ask("A", 250.0).gaps == ()
    assert recording.ask("B", 250.0).gaps == (Gap(now_us - 250 * SECOND, now_us, NO_DATA),)
    assert recording.health.marks >= 5
    assert recording.health.stored == 2


def test_a_dead_device_is_a_gap_and_stays_one(recording: Recording) -> None:
    recording.put({"A": 1.0})
    recording.tick(10)
    recording.put({"A": 1.0}, Quality.BAD_NO_COMMUNICATION)
    for _ in range(5):
        recording.tick(60)
    now_us = recording.clock.wall_us()
    assert recording.ask("A", 305).gaps == (Gap(now_us - 300 * SECOND, now_us, Quality.BAD_NO_COMMUNICATION),)


def test_what_stands_on_disk_is_what_was_in_memory(tmp_path: Path, clock: ManualClock) -> None:
    """The same query before and after a restart, over a span that memory holds only in part."""
    recording = Recording(tmp_path, clock).start()
    random = np.random.default_rng(1)
    for _ in range(700):
        recording.put({"A": float(random.normal()), "B": float(random.integers(0, 3))})
        recording.clock.advance(1.0)
        if random.random() < 0.5:
            recording.tick(0.0)
    recording.tick(0.0)
    end_us = clock.wall_us()
    query = HistoryQuery(("A", "B"), end_us - 690 * SECOND, end_us, 217)
    before = recording.reader.answer(query)
    assert before[0].gaps == ()
    recording.stop()
    again = Recording(tmp_path, clock).start()
    again.tick(5)
    after = again.reader.answer(query)
    again.stop()
    for left, right in zip(before, after, strict=True):
        for name in ("t0_us", "min", "max", "first", "last", "mean", "quality"):
            assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
        assert left.gaps == right.gaps


def test_the_time_between_two_runs_is_a_gap(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock).start()
    recording.put({"A": 1.0})
    recording.tick()
    ended_us = clock.wall_us()
    recording.stop()
    clock.advance(30.0)
    again = Recording(tmp_path, clock).start()
    again.put({"A": 1.0})
    again.tick()
    assert again.ask("A", 32.0).gaps == (Gap(ended_us + 1, ended_us + 30 * SECOND, NO_DATA),)
    again.stop()


def test_ids_stay_with_names_when_the_plant_changes(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock, ("A", "B", "C")).start()
    recording.put({"A": 1.0, "B": 2.0, "C": 3.0})
    recording.tick()
    recording.stop()
    changed = Recording(tmp_path, clock, ("NEW", "C", "A")).start()
    changed.tick()
    answers = changed.reader.answer(HistoryQuery(("A", "NEW", "C"), clock.wall_us() - 3 * SECOND, clock.wall_us(), 1))
    assert [answer.first[0] for answer in answers][::2] == [1.0, 3.0]
    assert np.isnan(answers[1].first[0])
    changed.stop()


def test_samples_of_two_hours_are_two_frames(recording: Recording) -> None:
    hour = 3_600 * SECOND
    recording.clock.advance((hour - 1 - recording.clock.wall_us() % hour) / SECOND)
    recording.put({"A": 1.0})
    recording.clock.advance(2 / SECOND)
    recording.put({"A": 2.0})
    recording.tick()
    assert [end // hour - start // hour for start, end in recording.frames("t0_us, t1_us")] == [0, 0]
    assert recording.ask("A", 5.0).max.tolist() == [2.0]
    assert recording.ask("A", 5.0).min.tolist() == [1.0]


def test_the_stop_writes_what_waits_and_refuses_what_comes_after(tmp_path: Path, clock: ManualClock) -> None:
    recording = Recording(tmp_path, clock).start()
    recording.put({"A": 1.0})
    recording.stop()
    recording.put({"A": 2.0})
    assert recording.frames() == [(1,)]
    assert (recording.health.stored, recording.health.dropped) == (1, {"recorder stopped": 1})
    assert recording.health.lost == 1


def test_a_tag_that_does_not_exist(recording: Recording) -> None:
    with pytest.raises(KeyError, match="NOWHERE"):
        recording.ask("NOWHERE", 1.0)
    assert recording.reader.answer(HistoryQuery((), 0, 1, 1)) == ()


def test_a_batch_that_cannot_be_recorded_is_counted_and_ends_nothing(recording: Recording) -> None:
    from plant_models.batch import keep_alive

    recording.recorder.offer(keep_alive([0, 1], 5))
    recording.put({"A": 1.0})
    recording.tick()
    assert recording.health.dropped == {"error while recording": 2}
    assert recording.health.stored == 1
