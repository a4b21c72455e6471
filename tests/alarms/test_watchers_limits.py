"""Limits that a tag holds, deviations and discrepancies: several tags judged as they stood together."""

import math
from dataclasses import replace

import pytest

from plant_models.alarm_definition import AlarmKind
from plant_models.quality import Quality
from tests.fakes.condition_bench import ConditionBench, alarm

HIGH, LOW, DEV, DISC = AlarmKind.HIGH, AlarmKind.LOW, AlarmKind.DEVIATION, AlarmKind.DISCREPANCY
BAD = [Quality.BAD, Quality.UNCERTAIN_LAST_USABLE]


def test_a_limit_that_a_tag_holds_is_judged_by_and_its_deadband_goes_with_it() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1", deadband=1.0)])
    assert bench.read((0, 11), (1, 10)) == ["ALM T0.H"]
    assert bench.read((0, 9.5)) == []
    assert bench.read((0, 8.9)) == ["RTN T0.H"]


def test_a_limit_that_moves_alone_raises_and_clears() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1", deadband=1.0), alarm(LOW, limit_tag="T1")])
    bench.read((0, 11), (1, 11))
    assert bench.read((1, 10)) == ["ALM T0.H"]
    assert bench.read((1, 11.5)) == ["ALM T0.L"]
    assert bench.read((1, 12.5)) == ["RTN T0.H"]


def test_the_limit_in_force_is_known() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1"), alarm(HIGH, 2, limit=7.0), alarm(AlarmKind.NO_UPDATE, 2)])
    assert math.isnan(bench.limit("T0.H"))
    bench.read((1, 10))
    assert math.isnan(bench.limit("T0.H"))  # nothing has been judged by it
    bench.read((0, 1))
    assert bench.limit("T0.H") == 10
    bench.read((1, 12))
    assert bench.limit("T0.H") == 12
    bench.read((1, math.nan), quality=Quality.BAD)
    assert bench.limit("T0.H") == 12
    assert bench.limit("T2.H") == 7
    assert math.isnan(bench.limit("T2.silent"))


def test_a_row_is_made_anew_when_its_limit_moves() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1")])
    bench.read((0, 11), (1, 10))
    before = bench.engine.revision
    bench.read((1, 9))
    assert bench.engine.revision > before
    assert bench.row("T0.H").limit == 9
    bench.read((0, 1))
    assert [entry.limit for entry in bench.entries] == [10, 9]


@pytest.mark.parametrize("quality", BAD)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_input_that_nobody_can_judge_by_freezes_the_alarm(number: int, quality: Quality) -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit_tag="T2", on_delay_s=5.0)])
    bench.read((0, 20), (1, 10), (2, 5))
    assert bench.wait(5) == ["ALM T0.dev"]
    assert bench.read((number, 0), quality=quality) == ["BADQ T0.dev"]
    assert bench.row("T0.dev").is_frozen
    others = [(each, 0.0) for each in range(3) if each != number]
    assert bench.read(*others) == []
    assert bench.wait(60) == []
    assert bench.read((0, 10), (1, 10), (2, 5)) == ["RTN T0.dev", "GOODQ T0.dev"]


def test_a_limit_that_is_no_number_stops_the_delay() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1", on_delay_s=5.0)])
    bench.read((0, 11), (1, 10))
    bench.wait(4)
    bench.read((1, math.inf))
    assert bench.wait(60) == []
    bench.read((1, 10))
    assert bench.wait(4.9) == []
    assert bench.wait(0.1) == ["ALM T0.H"]


def test_a_deviation_clears_on_the_other_side_of_its_deadband() -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=5.0, deadband=1.0)])
    assert bench.read((0, 15), (1, 10)) == []
    assert bench.read((0, 4.9)) == ["ALM T0.dev"]
    assert bench.read((0, 6.0)) == []
    assert bench.read((0, 6.1)) == ["RTN T0.dev"]
    assert bench.read((1, 0.0)) == ["ALM T0.dev"]


def test_setpoint_and_value_of_one_reading_never_meet_as_new_and_old() -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=5.0), alarm(DISC, reference="T1")])
    bench.read((0, 10), (1, 10))
    assert bench.read((0, 50), (1, 50)) == []


def test_what_is_calculated_meets_what_it_is_calculated_from() -> None:
    bench = ConditionBench([alarm(DEV, reference="SUM", limit=5.0)], formulas=[("SUM", "{T0} + {T1}")])
    bench.read((1, 0.0))
    bench.clock.advance(30)
    bench.read((0, 10.0))
    bench.clock.advance(30)
    assert bench.read((0, 90.0)) == []
    assert bench.read((1, 6.0)) == ["ALM T0.dev"]


def test_what_was_read_later_is_judged_later_though_it_is_applied_together() -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=5.0)])
    bench.read((0, 10), (1, 10))
    bench.clock.advance(10)
    earlier, later = bench.reading((0, 50), ago_s=1.0), bench.reading((1, 50))
    assert bench.apply(earlier, later) == ["ALM T0.dev", "RTN T0.dev"]
    assert [bench.entries[-1].at_us - entry.at_us for entry in bench.entries[-2:]] == [1_000_000, 0]


def test_each_of_several_samples_of_one_reading_counts() -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=5.0)])
    bench.read((1, 10), (0, 10))
    assert bench.read((0, 50), (0, 10), (0, 90), (1, 90)) == ["ALM T0.dev", "RTN T0.dev"]


def test_turns_of_all_kinds_are_in_the_order_of_the_batch() -> None:
    bench = ConditionBench(
        [alarm(DEV, 2, reference="T1", limit=5.0), alarm(HIGH, 0, limit=10.0), alarm(HIGH, 2, limit=0.0)]
    )
    bench.read((0, 0), (1, 0), (2, 0))
    assert bench.read((0, 11), (2, 6), (0, 9)) == ["ALM T0.H", "ALM T2.dev", "ALM T2.H", "RTN T0.H"]


def test_a_good_reference_just_before_the_delay_ends_stops_it_however_late_it_is_applied() -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=5.0, on_delay_s=10.0)])
    bench.read((0, 20), (1, 10))
    bench.clock.advance(10.2)
    assert bench.read((1, 20), ago_s=0.3) == []
    assert bench.wait(60) == []


def test_a_good_value_that_is_applied_after_the_alarm_was_raised_clears_it_at_its_own_time() -> None:
    """It was received before the delay ended, but nobody knew: the alarm doesn't stay."""
    bench = ConditionBench([alarm(HIGH, limit=10.0, on_delay_s=10.0, off_delay_s=1.0)])
    bench.read((0, 11))
    assert bench.wait(10.1) == ["ALM T0.H"]
    assert bench.read((0, 9), ago_s=0.4) == []
    assert bench.wait(0.7) == ["RTN T0.H"]
    assert bench.wait(60) == []


def test_a_good_value_of_a_later_batch_with_an_older_time_stops_the_delay() -> None:
    bench = ConditionBench([alarm(HIGH, limit=10.0, on_delay_s=10.0), alarm(HIGH, 1, limit=10.0)])
    bench.read((0, 11))
    bench.clock.advance(10.2)
    assert bench.read((1, 11)) == ["ALM T1.H"]
    assert bench.read((0, 9), ago_s=0.4) == []
    assert bench.wait(60) == []


def test_a_discrepancy_has_its_delay_for_each_command() -> None:
    bench = ConditionBench([alarm(DISC, reference="T1", on_delay_s=10.0)])
    bench.read((0, 0), (1, 0))
    bench.read((1, 1))
    bench.wait(8)
    bench.read((1, 2))
    assert bench.wait(8) == []
    assert bench.wait(2) == ["ALM T0.disc"]
    assert bench.read((1, 3)) == []
    assert bench.read((0, 3)) == ["RTN T0.disc"]


def test_a_discrepancy_is_not_delayed_by_a_value_that_only_moves() -> None:
    bench = ConditionBench([alarm(DISC, reference="T1", on_delay_s=10.0)])
    bench.read((0, 0), (1, 1))
    bench.wait(6)
    bench.read((0, 0.5))
    assert bench.wait(4) == ["ALM T0.disc"]


def test_a_command_that_changes_with_its_value_does_not_hold_up_the_clearing() -> None:
    bench = ConditionBench([alarm(DISC, reference="T1", off_delay_s=10.0)])
    bench.read((0, 0), (1, 1))
    bench.read((0, 1))
    bench.wait(6)
    bench.read((0, 0), (1, 0))
    assert bench.wait(4) == ["RTN T0.disc"]


def test_a_command_that_was_not_known_for_a_while_is_still_the_same() -> None:
    bench = ConditionBench([alarm(DISC, reference="T1", off_delay_s=5.0)])
    assert bench.read((0, 0), (1, 1)) == ["ALM T0.disc"]
    assert bench.read((1, 1), quality=Quality.BAD) == ["BADQ T0.disc"]
    assert bench.read((1, 1)) == ["GOODQ T0.disc"]


def test_a_calculated_reference_begins_a_delay_when_it_changed_and_not_with_its_oldest_input() -> None:
    bench = ConditionBench(
        [alarm(DEV, 2, reference="SUM", limit=5.0, on_delay_s=10.0)], formulas=[("SUM", "{T0} + {T1}")]
    )
    bench.read((0, 0), (1, 0), (2, 0))
    bench.wait(60)
    bench.read((0, 20))
    assert bench.wait(9.9) == []
    assert bench.wait(0.1) == ["ALM T2.dev"]


def test_a_calculated_tag_begins_its_delay_when_it_changed_and_not_with_its_oldest_input() -> None:
    high = replace(alarm(HIGH, limit=10.0, on_delay_s=10.0), tag="SUM")
    bench = ConditionBench([high], formulas=[("SUM", "{T0} + {T1}")])
    bench.read((0, 0), (1, 1))
    bench.wait(60)
    bench.read((0, 20))
    assert bench.wait(9.9) == []
    assert bench.wait(0.1) == ["ALM SUM.H"]


@pytest.mark.parametrize(("value", "deviation"), [(14.0, 4.0), (6.0, -4.0)])
def test_a_deviation_shows_how_far_it_lies_from_its_reference(value: float, deviation: float) -> None:
    bench = ConditionBench([alarm(DEV, reference="T1", limit=3.0)])
    bench.read((0, value), (1, 10))
    row, (entry,) = bench.row("T0.dev"), bench.entries
    assert (row.trip_value, row.limit, row.unit) == (deviation, 3.0, "m")
    assert (entry.value, entry.limit, entry.unit) == (deviation, 3.0, "m")
    assert bench.engine.measured == {"T0.dev": deviation}
    bench.read((1, math.nan), quality=Quality.BAD)
    assert bench.engine.measured == {}


def test_a_limit_that_a_tag_holds_is_shown_with_the_value_of_its_tag() -> None:
    bench = ConditionBench([alarm(HIGH, limit_tag="T1")])
    bench.read((0, 11), (1, 10))
    assert (bench.row("T0.H").trip_value, bench.row("T0.H").limit) == (11.0, 10.0)
    assert bench.engine.measured == {}
