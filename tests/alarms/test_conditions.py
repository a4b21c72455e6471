"""When a condition becomes true and false: limits, deadbands, delays, states, and inputs nobody can judge by."""

import math

import numpy as np
import pytest

from alarms.conditions import Conditions
from alarms.definitions import Alarm
from alarms.entry import Moment
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import keep_alive, samples
from plant_models.quality import Quality
from tests.fakes.alarm_bench import AlarmBench, high


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (AlarmKind.HIGH, (10.0, 10.1, 10.0, 9.0, 8.99), [None, "ALM", None, None, "RTN"]),
        (AlarmKind.HIGH_HIGH, (10.0, 11.0, 8.0), [None, "ALM", "RTN"]),
        (AlarmKind.LOW, (10.0, 9.9, 10.0, 11.0, 11.01), [None, "ALM", None, None, "RTN"]),
        (AlarmKind.LOW_LOW, (-5.0, 12.0), ["ALM", "RTN"]),
        (AlarmKind.STATE, (9.0, 10.0, 10.5), [None, "ALM", "RTN"]),
    ],
)
def test_the_deadband_lies_on_the_clearing_side(
    kind: AlarmKind, values: tuple[float, ...], expected: list[str | None]
) -> None:
    bench = AlarmBench([high(kind=kind, deadband=1.0)])
    name = f"T0.{kind}"
    assert [bench.put((0, value)) for value in values] == [[f"{event} {name}"] if event else [] for event in expected]


def test_every_sample_of_a_merged_batch_counts_in_its_order() -> None:
    bench = AlarmBench([high(0), high(1), high(1, 20.0, kind=AlarmKind.HIGH_HIGH)])
    assert bench.put((1, 11), (0, 11), (1, 5), (1, 25), (0, 9), (2, 99)) == [
        "ALM T1.H",
        "ALM T0.H",
        "RTN T1.H",
        "ALM T1.H",
        "ALM T1.HH",
        "RTN T0.H",
    ]


def test_an_alarm_is_raised_after_its_delay_and_not_before() -> None:
    bench = AlarmBench([high(on_delay_s=10.0, off_delay_s=5.0)])
    assert bench.put((0, 11)) == []
    begun_us = bench.now.wall_us
    assert bench.wait(9.99) == []
    assert bench.wait(0.02) == ["ALM T0.H"]
    assert bench.entries[-1].at_us == begun_us + 10_000_000
    assert bench.entries[-1].value == 11
    assert bench.put((0, 5)) == []
    assert bench.wait(4.9) == []
    assert bench.wait(0.2) == ["RTN T0.H"]


def test_a_short_excursion_starts_the_delay_anew() -> None:
    bench = AlarmBench([high(on_delay_s=10.0)])
    bench.put((0, 11))
    bench.wait(9)
    bench.put((0, 9))
    bench.put((0, 12))
    assert bench.wait(9) == []
    assert bench.wait(1) == ["ALM T0.H"]


def test_a_good_value_just_before_the_delay_ends_stops_it_however_late_it_is_applied() -> None:
    """The sample was received at 9.9 s and is applied at 10.2 s: the condition never held for 10 s."""
    bench = AlarmBench([high(on_delay_s=10.0)])
    bench.put((0, 11))
    bench.clock.advance(9.9)
    received = bench.now
    bench.clock.advance(0.3)
    late = samples(0, 9.0, Quality.GOOD, received.wall_us, received.mono_ns)
    assert bench.engine.evaluate(late, bench.now) == []
    assert bench.wait(60) == []


def test_a_good_value_just_after_the_delay_ended_comes_after_the_alarm() -> None:
    """The sample was received at 10.1 s, before anybody looked at the delay that ended at 10 s."""
    bench = AlarmBench([high(on_delay_s=10.0)])
    bench.put((0, 11))
    bench.clock.advance(10.1)
    assert bench.put((0, 9), (1, 1)) == ["ALM T0.H", "RTN T0.H"]
    assert [entry.value for entry in bench.entries] == [11, 9]


def test_delays_run_on_the_monotonic_clock() -> None:
    bench = AlarmBench([high(on_delay_s=10.0)])
    bench.put((0, 11))
    bench.clock.step_wall(86_400)
    assert bench.wait(5) == []
    bench.clock.step_wall(-172_800)
    assert bench.wait(5) == ["ALM T0.H"]


@pytest.mark.parametrize("quality", [Quality.BAD_NO_COMMUNICATION, Quality.UNCERTAIN_LAST_USABLE, Quality.BAD])
def test_a_bad_or_stale_input_freezes_the_condition(quality: Quality) -> None:
    bench = AlarmBench([high()])
    assert bench.put((0, 99), quality=quality) == []
    assert bench.put((0, 99)) == ["ALM T0.H"]
    assert "RTN T0.H" not in bench.put((0, 1), quality=quality)
    assert bench.row("T0.H").is_frozen
    assert "RTN T0.H" in bench.put((0, 1))


def test_a_value_outside_its_range_is_judged() -> None:
    bench = AlarmBench([high()])
    assert bench.put((0, 99), quality=Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED) == ["ALM T0.H"]


def test_a_bad_input_stops_the_delay() -> None:
    bench = AlarmBench([high(on_delay_s=10.0)])
    bench.put((0, 11))
    bench.wait(5)
    bench.put((0, 11), quality=Quality.BAD)
    assert bench.wait(60) == []
    bench.put((0, 11))
    assert bench.wait(9) == []
    assert bench.wait(1) == ["ALM T0.H"]


def test_nothing_that_is_not_a_number_raises_or_clears() -> None:
    bench = AlarmBench([high(), high(kind=AlarmKind.STATE, limit=1)])
    assert bench.put((0, math.nan), quality=Quality.BAD_OUT_OF_RANGE) == []
    assert bench.states() == {}


def test_delays_that_end_together_end_in_their_order() -> None:
    bench = AlarmBench([high(0, on_delay_s=5.0), high(1, on_delay_s=3.0), high(2, on_delay_s=4.0)])
    bench.put((0, 11), (1, 11), (2, 11))
    assert bench.wait(60) == ["ALM T1.H", "ALM T2.H", "ALM T0.H"]


def test_vectors_agree_with_a_plain_loop() -> None:
    """Random samples against the definition of a limit alarm, written out for one alarm at a time."""
    chance = np.random.default_rng(1)
    definitions = [
        high(int(chance.integers(20)), float(chance.normal()), kind=kind, deadband=float(chance.random()))
        for kind in (AlarmKind.HIGH, AlarmKind.LOW)
        for _ in range(40)
    ]
    rows = [int(definition.tag[1:]) for definition in definitions]
    alarms = [Alarm(name=each.name, definition=each, row=row) for each, row in zip(definitions, rows, strict=True)]
    conditions = Conditions(alarms, 20)
    plain = [False] * 80
    for _ in range(200):
        tags, values = chance.integers(20, size=30), chance.normal(size=30)
        turns, _ = conditions.evaluate(samples(tags, values, Quality.GOOD, 0, 0))
        expected = []
        for tag, value in zip(tags.tolist(), values.tolist(), strict=True):
            for number, definition in enumerate(definitions):
                sign = 1 if definition.kind is AlarmKind.HIGH else -1
                assert definition.limit is not None
                over = sign * (value - definition.limit)
                if rows[number] == tag and (over > 0 if not plain[number] else over < -definition.deadband):
                    plain[number] = not plain[number]
                    expected.append((number, plain[number]))
        assert sorted(zip(turns.alarms.tolist(), turns.is_raised.tolist(), strict=True)) == sorted(expected)
        assert conditions.active.tolist() == plain


def test_only_samples_can_be_judged() -> None:
    bench = AlarmBench([high()])
    with pytest.raises(ValueError, match="only samples"):
        bench.engine.evaluate(keep_alive([0], 0), Moment(0, 0))


def test_a_plant_without_alarms_or_tags() -> None:
    bench = AlarmBench([], n_tags=0)
    assert [alarm.name for alarm in bench.alarms] == ["PLC.comm"]
    assert bench.wait(60) == []
    assert AlarmDefinition(tag="T0", kind=AlarmKind.STATE).name == "T0.state"
