"""Discrepancies, formulas, stuck tags and rates with a limit held by a tag turn in a back-test as in the engine."""

from typing import Any

import numpy as np
import pytest

from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.pages import Span
from analytics.replay import replay
from analytics.stuck import extent
from analytics.turning import turns_of
from analytics.watched import MOST_RESULTS
from history.queries.limits import PATIENT, AbandonedError, Patience
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.quality import Quality
from tests.analytics.past import HOLD_S, SECOND_US, START_US, Past, at_us, ground, never_silent
from tests.analytics.slow import Row
from tests.analytics.test_same_as_the_engine import as_the_table_has_it, live_turns

SEEDS = 10
FORMULAS = (
    "{T0} > 5",
    "{T1} > 1 and {T2} < {T0}",
    "{T0} / {T1} > 2 or {T2} == 3",
    "max({T0}, {T2}) - {T1} if {T1} > 0 else {T0} == 2",
)


def rows(chance: np.random.Generator, n: int, values: list[float], bad: float = 0.04, step: int = 0) -> list[Row]:
    """Return samples at whole seconds, a few of them useless."""
    times = START_US + np.cumsum(np.full(n, step) if step else chance.choice([1, 1, 2, 5, 20], n)) * SECOND_US
    chosen = chance.choice(values, n)
    chosen[chance.random(n) < bad / 2] = np.nan
    qualities = np.where(chance.random(n) < bad, int(Quality.BAD_TIMEOUT), int(Quality.GOOD))
    qualities[chance.random(n) < bad / 2] = int(Quality.UNCERTAIN_LAST_USABLE)
    return as_the_table_has_it(list(zip(times.tolist(), chosen.tolist(), qualities.tolist(), strict=True)))


def definition(chance: np.random.Generator, kind: AlarmKind, **more: Any) -> AlarmDefinition:
    def one_of(*choices: Any) -> Any:
        return choices[int(chance.integers(len(choices)))]

    fields: dict[str, Any] = {
        "on_delay_s": one_of(0.0, 1.0, 4.0, 30.0), "off_delay_s": one_of(0.0, 2.0, 6.0),
        "count": one_of(0, 0, 2, 3), "count_s": one_of(4.0, 20.0),
    }  # fmt: skip
    return AlarmDefinition(tag="T0", kind=kind, **(fields | more))


def past_turns(alarm: AlarmDefinition, past: dict[str, list[Row]], end_us: int, page: int) -> list[tuple[bool, int]]:
    reader = Past(page)
    for name, each in past.items():
        times, values, qualities = zip(*each, strict=True)
        reader.write(name, np.array(times), np.array(values), np.array(qualities, np.uint16))
    (seen,), _ = replay([alarm], Span(START_US, end_us), never_silent(), reader, PATIENT)  # type: ignore[arg-type]
    at = turns_of(seen.runs, alarm).at_us.tolist()
    return [(number % 2 == 0, each) for number, each in enumerate(at)]


def compare(alarm: AlarmDefinition, past: dict[str, list[Row]], page: int) -> int:
    """Hold a back-test to the engine; return how often the alarm turned."""
    end_us = max(each[-1][0] for each in past.values()) + 40 * SECOND_US
    found = past_turns(alarm, past, end_us, page)
    assert found == live_turns(alarm, past, end_us), f"{alarm} by pages of {page}"
    return len(found)


def test_a_discrepancy_turns_as_in_the_engine_also_when_the_command_changes_meanwhile() -> None:
    turned = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        past = {
            "T0": rows(chance, 80, [0.0, 1.0, 2.0]),
            "T1": rows(chance, 60, [0.0, 1.0, 2.0]),
            "T2": rows(chance, 2, [0.0]),
        }
        alarm = definition(chance, AlarmKind.DISCREPANCY, reference="T1", deadband=0.5)
        turned += compare(alarm, past, int(chance.integers(1, 60)))
    assert turned > SEEDS


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_turns_as_in_the_engine(text: str) -> None:
    turned = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        past = {name: rows(chance, 40, [0.0, 1.0, 2.0, 3.0, 8.0]) for name in ("T0", "T1", "T2")}
        alarm = definition(chance, AlarmKind.CALCULATED, expression=text)
        turned += compare(alarm, past, int(chance.integers(1, 60)))
    assert turned > SEEDS / 3


@pytest.mark.parametrize("limit_tag", ["", "T1"])
def test_a_stuck_tag_turns_as_in_the_engine_where_readings_are_regular(limit_tag: str) -> None:
    turned = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        limits = rows(chance, 12, [0.0, 0.5, 2.0], bad=0.1, step=9)
        past = {"T0": rows(chance, 120, [0.0, 0.0, 0.0, 0.4, 1.0], 0.01, 1), "T1": limits, "T2": limits[:1]}
        limit = None if limit_tag else [None, 0.0, 0.4, 1.0][int(chance.integers(4))]
        alarm = definition(
            chance, AlarmKind.STUCK, limit=limit, limit_tag=limit_tag, deadband=[0.0, 0.5][seed % 2], window_s=3.0
        )
        turned += compare(alarm, past, int(chance.integers(1, 130)))
    assert turned > SEEDS


def test_a_rate_with_a_limit_held_by_a_tag_turns_as_in_the_engine_where_readings_are_regular() -> None:
    turned = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        limits = rows(chance, 12, [-60.0, 30.0, 90.0], bad=0.1, step=9)
        past = {"T0": rows(chance, 120, [0.0, 1.0, 2.0, 4.0], 0.01, 1), "T1": limits, "T2": limits[:1]}
        alarm = definition(chance, AlarmKind.RATE, limit_tag="T1", window_s=3.0, deadband=10.0)
        turned += compare(alarm, past, int(chance.integers(1, 130)))
    assert turned > SEEDS


def ask(past: Past, alarm: AlarmDefinition, until_s: float = 600.0, patience: Patience = PATIENT) -> BackTest:
    request = BackTestRequest(alarm, START_US, at_us(until_s))
    return back_test(request, ground(), past, patience)  # type: ignore[arg-type]


def test_a_fall_beyond_a_limit_that_a_tag_holds_has_its_rate_below_0() -> None:
    falling = [(float(second), 100.0 - max(second - 50, 0)) for second in range(100)]
    past = Past().put("T0", falling).put("T1", [(0.0, -30.0), (60.0, -30.0)])
    (found,) = ask(
        past, AlarmDefinition(tag="T0", kind=AlarmKind.RATE, limit_tag="T1", window_s=4.0), 100.0
    ).proposed.activations
    assert found.peak == -60.0


def test_what_has_no_worst_value_says_none() -> None:
    past = Past().put("T0", [(0.0, 1.0), (60.0, 1.0)]).put("T1", [(0.0, 1.0), (30.0, 0.0), (50.0, 1.0)])
    found = ask(past, AlarmDefinition(tag="T0", kind=AlarmKind.DISCREPANCY, reference="T1"), 100.0)
    (activation,) = found.proposed.activations
    assert (activation.start_us, activation.end_us) == (at_us(30), at_us(50))
    assert np.isnan(activation.peak)


def test_a_tag_is_stuck_though_history_keeps_only_what_changed_and_a_heartbeat() -> None:
    past = Past().put("T0", [(0.0, 1.0), (10.0, 2.0), (60.0, 2.0), (100.0, 3.0), (160.0, 3.0)])
    found = ask(past, AlarmDefinition(tag="T0", kind=AlarmKind.STUCK, window_s=40.0), 160.0)
    (activation,) = found.proposed.activations
    assert (activation.start_us, activation.end_us) == (at_us(50), at_us(100)), "and 3.0 not before the last sample"


def test_a_silence_of_one_tag_is_no_time_that_is_known() -> None:
    past = Past().put("T0", [(float(at), 1.0) for at in range(0, 600, 30)]).put("T1", [(0.0, 1.0)])
    found = ask(past, AlarmDefinition(tag="T0", kind=AlarmKind.CALCULATED, expression="{T0} > {T1}"))
    assert (found.coverage.usable_us, found.coverage.unknown_us) == (HOLD_S * SECOND_US, (600 - HOLD_S) * SECOND_US)
    nothing = ask(Past().put("T0", [(0.0, 1.0)]), AlarmDefinition(tag="T0", kind=AlarmKind.DISCREPANCY, reference="T1"))
    assert nothing.words() == "History has no usable value of T0, T1 in this time, so nothing can be said"


def test_the_tag_that_history_thins_most_is_named() -> None:
    past = Past().put("T0", [(0.0, 1.0)]).put("T1", [(0.0, 1.0)])
    alarm = AlarmDefinition(tag="T2", kind=AlarmKind.CALCULATED, expression="{T0} > {T1}")
    where = ground(T0={"deadband": 0.1}, T1={"deadband": 0.5})
    found = back_test(BackTestRequest(alarm, START_US, at_us(10)), where, past)  # type: ignore[arg-type]
    assert (found.coverage.tag, found.coverage.within) == ("T1", 0.5)
    assert "History keeps T1 only to within 0.5" in found.words()


def test_a_formula_is_worked_out_once_for_what_its_tags_said_together(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_RESULTS > 100_000
    monkeypatch.setattr("analytics.watched.MOST_RESULTS", 3)
    alarm = AlarmDefinition(tag="T2", kind=AlarmKind.CALCULATED, expression="{T0} > 1")
    few = Past(2).put("T0", [(float(at), float(at % 3)) for at in range(100)])
    assert ask(few, alarm, 100.0).proposed.count == 33
    many = Past(2).put("T0", [(float(at), float(at)) for at in range(100)])
    with pytest.raises(
        ValueError, match="would have to be worked out for more than 3 sets of values; choose a shorter"
    ):
        ask(many, alarm, 100.0)


def test_who_stops_waiting_ends_a_long_formula() -> None:
    asked = iter([True])
    alarm = AlarmDefinition(tag="T0", kind=AlarmKind.CALCULATED, expression="{T0} > 1")
    with pytest.raises(AbandonedError):
        ask(Past().put("T0", [(0.0, 1.0)]), alarm, 10.0, Patience(lambda: next(asked, False)))


def test_how_far_values_lie_apart_in_parts_of_a_column() -> None:
    chance = np.random.default_rng(1)
    values = chance.normal(0.0, 1.0, 200)
    first = chance.integers(0, 200, 500)
    last = np.minimum(first + chance.integers(0, 150, 500), 199)
    expected = [np.ptp(values[begin : end + 1]) for begin, end in zip(first.tolist(), last.tolist(), strict=True)]
    assert extent(values, first, last).tolist() == expected
    assert extent(values, first[:0], last[:0]).tolist() == []
