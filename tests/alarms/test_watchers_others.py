"""Silence, formulas, conditions that come often, and alarms that aren't enabled."""

import math
from dataclasses import replace
from typing import Any

import pytest

from alarms.definitions import alarms_of
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import failure
from plant_models.quality import Quality
from tests.fakes.condition_bench import ConditionBench, alarm
from tests.fakes.small_plant import modbus_device, small_plant, tag

SILENT, CALC, HIGH = AlarmKind.NO_UPDATE, AlarmKind.CALCULATED, AlarmKind.HIGH


def test_a_tag_is_silent_when_nothing_was_heard_of_it_for_the_window() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    assert bench.wait(10) == []
    assert bench.wait(0.1) == ["ALM T0.silent"]
    bench.clock.advance(1)
    assert bench.read((0, 1.0)) + bench.wait(0) == ["RTN T0.silent"]


def test_a_sign_of_life_and_a_bad_value_are_news_too() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    bench.clock.advance(8)
    bench.alive(0)
    assert bench.wait(8) == []
    bench.read((0, 1.0), quality=Quality.BAD)
    assert bench.wait(8) == []


def test_a_failure_is_no_news_and_staleness_does_not_freeze() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    bench.clock.advance(8)
    bench.apply(failure([0], Quality.BAD_NODE_ID_UNKNOWN, bench.now.wall_us, bench.now.mono_ns))
    assert bench.wait(2.1) == ["ALM T0.silent"]
    assert not bench.row("T0.silent").is_frozen


def test_a_tag_that_was_never_heard_of_is_silent_a_window_after_the_start() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    assert bench.wait(1000) == []
    assert bench.wait(10.1) == ["ALM T0.silent"]


def test_the_wall_clock_makes_nobody_silent() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    bench.clock.step_wall(86_400)
    assert bench.wait(9) == []


def test_while_its_device_does_not_answer_a_silent_tag_stays_as_it_is() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0), alarm(SILENT, 1, window_s=30.0)])
    bench.read((0, 1.0), (1, 1.0))
    assert bench.wait(11) == ["ALM T0.silent"]
    bench.silent = frozenset({"PLC"})
    bench.wait(20)
    assert bench.row("T0.silent").is_frozen
    assert bench.row("T0.silent").is_masked
    bench.read((0, 1.0), (1, 1.0))
    assert not any("silent" in event for event in bench.wait(0))
    bench.silent = frozenset()
    assert "RTN T0.silent" in bench.wait(0)


def test_when_its_device_answers_again_a_tag_has_its_whole_window() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    bench.silent = frozenset({"PLC"})
    bench.wait(60)
    bench.silent = frozenset()
    assert not any("silent" in event for event in bench.wait(0))
    assert not any("silent" in event for event in bench.wait(10))
    assert "ALM T0.silent" in bench.wait(0.1)


def test_nobody_is_silent_on_a_device_that_is_switched_off() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.wait(0)
    assert bench.wait(11) == ["ALM T0.silent"]
    bench.switched_off = frozenset({"PLC"})
    assert "RTN T0.silent" in bench.wait(1)
    assert not any("ALM" in event for event in bench.wait(60))


def test_news_just_before_the_delay_ends_stop_it_though_they_are_noticed_later() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0, on_delay_s=5.0)])
    bench.read((0, 1.0))
    bench.wait(10.1)
    bench.clock.advance(4.9)
    bench.read((0, 1.0))
    assert bench.wait(0.3) == []


def test_a_new_engine_still_knows_since_when_a_tag_is_silent() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.read((0, 1.0))
    assert bench.wait(20) == ["ALM T0.silent"]
    assert bench.rebuild() == []
    assert bench.wait(5) == []
    bench.read((0, 2.0))
    assert bench.wait(0) == ["RTN T0.silent"]


def test_a_formula_raises_while_it_is_true() -> None:
    bench = ConditionBench([alarm(CALC, expression="{T1} > 10 and not {T2}")])
    assert bench.read((0, 7), (1, 11), (2, 0)) == ["ALM T0.calc"]
    assert bench.entries[-1].value == 7
    assert bench.read((2, 1)) == ["RTN T0.calc"]
    assert bench.read((1, 12), (2, 0)) == ["ALM T0.calc"]


@pytest.mark.parametrize(("value", "quality"), [(0.0, Quality.GOOD), (5.0, Quality.BAD), (math.nan, Quality.GOOD)])
def test_a_formula_without_a_result_freezes(value: float, quality: Quality) -> None:
    bench = ConditionBench([alarm(CALC, expression="{T1} / {T2} > 1", on_delay_s=5.0)])
    bench.read((1, 10), (2, 5))
    assert bench.wait(5) == ["ALM T0.calc"]
    assert bench.read((2, value), quality=quality) == ["BADQ T0.calc"]
    assert bench.row("T0.calc").is_frozen
    assert bench.read((1, 0)) == []
    assert bench.read((2, 5)) == ["RTN T0.calc", "GOODQ T0.calc"]


def test_a_formula_does_not_need_its_own_tag() -> None:
    bench = ConditionBench([alarm(CALC, expression="{T1} > 10")])
    assert bench.read((0, 7), quality=Quality.BAD) == []
    assert bench.read((1, 11)) == ["ALM T0.calc"]
    assert bench.read((0, 8), quality=Quality.BAD) == []
    assert not bench.row("T0.calc").is_frozen


def often(**settings: Any) -> ConditionBench:
    """High above 10, after a minute or when it came three times within 20 s."""
    return ConditionBench(
        [alarm(HIGH, **{"limit": 10.0, "deadband": 1.0, "on_delay_s": 60.0, "count": 3, "count_s": 20.0, **settings})]
    )


def bump(bench: ConditionBench, pause_s: float = 5.0, low: float = 5.0) -> list[str]:
    """Over the limit for 2 s, then under it for `pause_s`."""
    events = bench.read((0, 11)) + bench.wait(2) + bench.read((0, low))
    return events + bench.wait(pause_s)


def test_a_condition_that_comes_often_is_raised_before_its_delay() -> None:
    bench = often()
    assert bump(bench) + bump(bench) == []
    assert bench.read((0, 12)) == ["ALM T0.H"]
    assert bench.entries[-1].value == 12


def test_a_condition_that_holds_is_raised_after_its_delay() -> None:
    bench = often()
    bench.read((0, 11))
    assert bench.wait(59.9) == []
    assert bench.wait(0.1) == ["ALM T0.H"]
    assert bench.read((0, 5)) == ["RTN T0.H"]


def test_a_condition_that_comes_too_rarely_is_not_raised() -> None:
    bench = often()
    assert [bump(bench, 9.0) for _ in range(10)] == [[]] * 10


def test_noise_within_the_deadband_is_not_counted() -> None:
    bench = often()
    assert [bump(bench, 1.0, low=9.5) for _ in range(10)] == [[]] * 10


def test_one_that_came_often_clears_when_it_is_over_for_as_long_as_was_counted() -> None:
    bench = often(off_delay_s=5.0)
    for _ in range(3):
        bump(bench, 4.0)
    assert bench.wait(15.9) == []
    assert bump(bench, 19.9) == []
    assert bench.wait(0.1) == ["RTN T0.H"]


def test_an_off_delay_that_is_longer_counts_more() -> None:
    bench = often(off_delay_s=50.0)
    for _ in range(3):
        bump(bench, 4.0)
    assert bench.wait(45.9) == []
    assert bench.wait(0.1) == ["RTN T0.H"]


def test_after_it_cleared_an_alarm_is_counted_anew() -> None:
    bench = often()
    for _ in range(3):
        bump(bench, 4.0)
    assert bench.wait(60) == ["RTN T0.H"]
    assert bump(bench, 4.0) + bump(bench, 4.0) == []
    assert bench.read((0, 11)) == ["ALM T0.H"]


def test_the_first_of_what_is_counted_may_have_come_just_a_span_ago() -> None:
    bench = often()
    assert bump(bench, 8.0) + bump(bench, 8.0) == []
    assert bench.read((0, 11)) == ["ALM T0.H"]


def test_one_that_was_raised_by_its_delay_clears_by_its_delay_though_it_was_counted_before() -> None:
    bench = often()
    for _ in range(3):
        bump(bench, 4.0)
    assert bench.wait(60) == ["RTN T0.H"]
    bench.read((0, 11))
    assert bench.wait(60) == ["ALM T0.H"]
    assert bench.read((0, 5)) == ["RTN T0.H"]


def test_a_condition_that_freezes_and_thaws_has_not_come_again() -> None:
    bench = often()
    for _ in range(5):
        bench.read((0, 11))
        bench.read((0, 11), quality=Quality.BAD)
    assert bench.wait(1) == []
    assert bench.read((0, 5)) == []
    assert bump(bench, 1.0) == []
    assert bench.read((0, 11)) == ["ALM T0.H"]


@pytest.mark.parametrize(
    "definition",
    [
        alarm(HIGH, limit=10.0),
        alarm(HIGH, limit_tag="NOWHERE"),
        alarm(AlarmKind.RATE, limit=1.0, window_s=1.0),
        alarm(SILENT, window_s=1.0),
        alarm(CALC, expression="{T0} > 0"),
        alarm(AlarmKind.COMMUNICATION),
    ],
)
def test_what_is_not_enabled_is_never_judged(definition: AlarmDefinition) -> None:
    bench = ConditionBench([replace(definition, enabled=False)])
    bench.poll(0, [100.0 * second for second in range(5)])
    bench.read((0, 99), quality=Quality.BAD)
    bench.wait(60)
    assert [entry for entry in bench.entries if entry.tag] == []


def test_a_device_whose_communication_alarm_is_not_enabled_gets_one() -> None:
    plant = small_plant(
        [modbus_device("PLC", 1)],
        [tag("T0", "PLC", "hr:0")],
        alarms=[AlarmDefinition(tag="T0", kind=AlarmKind.COMMUNICATION, enabled=False)],
    )
    assert [(alarm.name, alarm.is_of_device) for alarm in alarms_of(plant)] == [("T0.comm", False), ("PLC.comm", True)]


def test_an_alarm_that_names_a_tag_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"T0\.H names the tag NOWHERE, which doesn't exist"):
        ConditionBench([alarm(HIGH, limit_tag="NOWHERE")])


def test_an_engine_without_a_table_knows_only_what_batches_say() -> None:
    bench = ConditionBench([alarm(SILENT, window_s=10.0)])
    bench.engine = type(bench.engine)(bench.alarms, 3)
    bench.read((0, 1.0))
    bench.wait(9)
    bench.read((0, 2.0))
    assert bench.wait(9) == []
    bench.alive(0)
    assert bench.wait(2) == ["ALM T0.silent"]


def test_a_new_engine_that_is_given_every_tag_judges_every_kind_as_it_stands() -> None:
    bench = ConditionBench(
        [
            alarm(HIGH, limit_tag="T1"),
            alarm(AlarmKind.DEVIATION, reference="T1", limit=5.0, on_delay_s=10.0),
            alarm(AlarmKind.DISCREPANCY, reference="T1"),
            alarm(AlarmKind.STATE, limit=50.0),
            alarm(CALC, expression="{T0} > {T1} and {T2} > 0"),
            alarm(AlarmKind.RATE, limit=1.0, window_s=10.0),
            alarm(AlarmKind.STUCK, window_s=100.0),
            alarm(SILENT, window_s=100.0),
        ]
    )
    bench.read((0, 50), (1, 10), (2, 1))
    bench.wait(9)
    standing = {row.name for row in bench.engine.rows}
    assert standing == {"T0.H", "T0.disc", "T0.state", "T0.calc"}
    assert bench.rebuild() == []
    assert {row.name for row in bench.engine.rows if not row.is_frozen} == standing
    assert bench.wait(1) == ["ALM T0.dev"]
    assert bench.read((0, 10)) == ["RTN T0.dev", "RTN T0.disc", "RTN T0.state", "RTN T0.calc"]
    assert bench.read((0, 9)) == ["RTN T0.H", "ALM T0.disc"]
