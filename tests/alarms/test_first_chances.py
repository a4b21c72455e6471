"""A tag that nobody has had the time to read is not silent: at a start, after an outage, while a device connects."""

import math
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plant_models.alarm_definition import AlarmKind
from plant_models.quality import Quality
from tests.fakes.condition_bench import ConditionBench, alarm

COMM, SILENT = AlarmKind.COMMUNICATION, AlarmKind.NO_UPDATE
PLC = frozenset({"PLC"})
DEFINITIONS = [alarm(COMM), alarm(COMM, 1), alarm(SILENT, window_s=2.0), alarm(SILENT, 1, window_s=2.0)]


def bench_of(definitions: Iterable[object] = DEFINITIONS) -> ConditionBench:
    return ConditionBench(list(definitions))  # type: ignore[arg-type]


def patience_s(bench: ConditionBench) -> float:
    return bench.alarms[0].patience_s


@given(st.lists(st.floats(0.0, 0.1), max_size=3), st.lists(st.floats(0.0, 5.0), max_size=4))
def test_the_start_of_a_healthy_station_raises_no_alarm_of_communication(
    waits: list[float], connecting: list[float]
) -> None:
    bench = bench_of()
    bench.connecting = PLC
    events = [event for seconds in connecting for event in bench.wait(seconds)]
    bench.connecting = frozenset()
    for seconds in waits:
        events += bench.wait(seconds)
    events += bench.poll(0, [1.0], every_s=0.1) + bench.read((1, 1.0)) + bench.wait(0)
    for _ in range(5):
        events += bench.read((0, 1.0), (1, 1.0)) + bench.wait(1)
    assert events == []


@pytest.mark.parametrize("away", ["silent", "switched_off"])
def test_a_device_that_comes_back_is_waited_for_until_its_first_reading(away: str) -> None:
    bench = bench_of()
    bench.read((0, 1.0), (1, 1.0))
    bench.wait(0)
    setattr(bench, away, PLC)
    bench.wait(0)
    bench.read((0, math.nan), (1, math.nan), quality=Quality.BAD_NO_COMMUNICATION)
    bench.wait(10)
    told = len(bench.entries)
    setattr(bench, away, frozenset())
    bench.wait(0)
    bench.wait(0.3)
    bench.read((0, 1.0), (1, 1.0))
    bench.wait(0)
    raised = [entry.alarm for entry in bench.entries[told:] if entry.event == "ALM"]
    assert raised == []


def test_a_tag_that_says_nothing_though_its_device_can_be_read_is_silent_after_its_first_chance() -> None:
    bench = bench_of([alarm(COMM), alarm(COMM, 1)])
    bench.wait(0)
    bench.read((0, 1.0))
    assert bench.wait(patience_s(bench)) == []
    assert bench.wait(0.1) == ["ALM T1.comm"]
    assert bench.read((1, 1.0)) + bench.wait(0) == ["RTN T1.comm"]


def test_a_bad_first_sample_is_no_reason_to_wait_any_longer() -> None:
    bench = bench_of([alarm(COMM), alarm(COMM, 1)])
    bench.wait(0)
    bench.read((0, 1.0), (1, math.nan), quality=Quality.BAD_WAITING_FOR_INITIAL_DATA)
    assert bench.wait(0) == []
    bench.read((0, 1.0))
    bench.read((1, math.nan), quality=Quality.BAD_NODE_ID_UNKNOWN)
    assert bench.wait(0) == ["ALM T1.comm"]


def test_a_device_that_does_not_answer_is_silent_at_once() -> None:
    bench = bench_of([alarm(COMM)])
    bench.silent = PLC
    assert bench.wait(0) == ["ALM T0.comm"]


def test_a_new_engine_gives_those_it_does_not_hear_of_their_first_chance() -> None:
    bench = bench_of([alarm(COMM), alarm(COMM, 1)])
    bench.wait(0)
    bench.read((0, 1.0))
    assert bench.rebuild() == []
    assert bench.wait(patience_s(bench) + 0.1) == ["ALM T1.comm"]


def test_a_device_that_is_being_connected_to_has_not_come_back_yet() -> None:
    bench = bench_of([])
    bench.silent = PLC
    bench.wait(0)
    assert bench.wait(6) == ["ALM PLC.comm"]
    bench.silent, bench.connecting = frozenset(), PLC
    bench.wait(0)
    assert bench.wait(60) == []
    bench.connecting = frozenset()
    bench.wait(0)
    assert bench.wait(6) == ["RTN PLC.comm"]
