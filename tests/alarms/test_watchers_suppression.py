"""Formulas that suppress alarms by design: when they begin and end to, and when nobody can say."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from alarms.definitions import Alarm
from alarms.watchers.suppression import PATIENCE_NS, Suppression
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import keep_alive, samples
from plant_models.quality import Quality
from tests.fakes.condition_bench import ConditionBench, alarm

TAGS = {f"T{row}": row for row in range(4)}


def suppression(*rules: str, **settings: bool) -> Suppression:
    """The rules of one alarm each."""
    alarms = [
        Alarm(
            name=f"A{number}",
            definition=AlarmDefinition(tag="T0", kind=AlarmKind.HIGH, limit=1.0, suppress_when=rule, **settings),
            row=0,
            others=TAGS,
        )
        for number, rule in enumerate(rules)
    ]
    return Suppression(alarms, len(TAGS))


def put(rules: Suppression, *pairs: tuple[int, float], quality: int = Quality.GOOD) -> dict[int, bool]:
    tags, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    alarms, is_suppressed = rules.evaluate(samples(tags, values, quality, 0, 0))
    return dict(zip(alarms.tolist(), is_suppressed.tolist(), strict=True))


def test_an_alarm_is_suppressed_while_its_formula_is_true() -> None:
    rules = suppression("{T1} == 0", "", "{T2} > 5")
    assert put(rules, (1, 0), (2, 1)) == {0: True}
    assert put(rules, (1, 0), (2, 2)) == {}
    assert put(rules, (2, 6), (1, 1)) == {0: False, 2: True}
    assert rules.is_suppressed.tolist() == [False, False, True]


def test_alarms_that_share_a_formula_go_together() -> None:
    rules = suppression("{T1}", "{T2}", "{T1}")
    assert put(rules, (1, 1)) == {0: True, 2: True}


def test_the_last_of_several_samples_counts() -> None:
    rules = suppression("{T1}")
    assert put(rules, (1, 1), (1, 0)) == {}
    assert put(rules, (1, 0), (1, 1)) == {0: True}


@pytest.mark.parametrize(
    ("values", "quality"),
    [
        ([(1, 1.0)], Quality.BAD),
        ([(1, 1.0)], Quality.UNCERTAIN_LAST_USABLE),
        ([(1, math.nan)], Quality.GOOD),
        ([(2, 0.0)], Quality.GOOD),
    ],
)
def test_what_can_not_be_worked_out_does_not_suppress(values: Sequence[tuple[int, float]], quality: Quality) -> None:
    rules = suppression("{T1} / {T2} > 0")
    assert put(rules, (1, 1), (2, 1)) == {0: True}
    assert put(rules, *values, quality=quality) == {0: False}
    assert put(rules, (1, 1), (2, 1)) == {0: True}


def test_until_all_its_tags_were_heard_of_a_rule_leaves_alarms_as_they_were() -> None:
    """After a restart the journal says how they stood; what one device says first must not end that."""
    rules = suppression("{T1} and {T2}", "{T3}")
    rules.is_suppressed[:] = True
    assert put(rules, (1, 1)) == {}
    assert put(rules, (2, 1), (3, 0)) == {1: False}
    assert rules.is_suppressed.tolist() == [True, False]


def test_a_device_that_fails_from_the_start_ends_a_suppression() -> None:
    rules = suppression("{T1}")
    rules.is_suppressed[:] = True
    assert put(rules, (1, math.nan), quality=Quality.BAD_NO_COMMUNICATION) == {0: False}


def test_a_formula_without_tags_is_worked_out_with_the_first_batch() -> None:
    rules = suppression("1 > 0", "1 > 2")
    assert put(rules) == {0: True}
    assert put(rules) == {}


def test_the_rules_of_what_is_not_enabled_are_not_worked_out() -> None:
    rules = suppression("{T1}", enabled=False)
    assert put(rules, (1, 1)) == {}


def test_only_samples_can_be_judged() -> None:
    with pytest.raises(ValueError, match="only samples"):
        suppression("{T1}").evaluate(keep_alive([1], 0))


def test_a_plant_without_rules() -> None:
    rules = Suppression([], 0)
    alarms, is_suppressed = rules.evaluate(samples((), (), (), (), ()))
    assert (len(alarms), len(is_suppressed), rules.is_suppressed.dtype) == (0, 0, np.bool_)


def low_flow(**settings: Any) -> ConditionBench:
    """A low flow T0 that means nothing while the pump T1 stands."""
    return ConditionBench([alarm(AlarmKind.LOW, limit=5.0, suppress_when="{T1} == 0", **settings)])


def test_what_is_suppressed_by_the_batch_that_raises_it_is_not_annunciated() -> None:
    bench = low_flow()
    bench.read((0, 10.0), (1, 1))
    assert bench.read((0, 0.0), (1, 0)) == ["DS+ T0.L", "ALM T0.L"]
    assert bench.row("T0.L").state == "DSUPR"
    assert bench.row("T0.L").rule == "{T1} == 0"


def test_what_is_cleared_by_the_batch_that_ends_its_suppression_is_normal() -> None:
    bench = low_flow()
    bench.read((0, 0.0), (1, 0))
    assert bench.read((0, 10.0), (1, 1)) == ["RTN T0.L", "DS- T0.L"]
    assert list(bench.engine.rows) == []


def test_what_is_still_active_when_its_suppression_ends_is_annunciated() -> None:
    bench = low_flow()
    bench.read((0, 0.0), (1, 0))
    assert bench.read((1, 1)) == ["DS- T0.L"]
    assert bench.row("T0.L").state == "UNACK"


def test_a_new_engine_goes_on_suppressing() -> None:
    bench = low_flow()
    bench.read((0, 0.0), (1, 0))
    assert bench.rebuild() == []
    assert bench.read((1, 1)) == ["DS- T0.L"]


def test_a_tag_that_says_nothing_for_a_minute_after_the_start_suppresses_nothing() -> None:
    rules = suppression("{T1}", "{T2}")
    rules.is_suppressed[:] = True  # as the journal left them
    assert put(rules, (2, 1)) == {}
    assert rules.pass_time(5)[0].tolist() == []
    assert rules.pass_time(5 + PATIENCE_NS - 1)[0].tolist() == []
    alarms, is_suppressed = rules.pass_time(5 + PATIENCE_NS)
    assert (alarms.tolist(), is_suppressed.tolist()) == ([0], [False])
    assert rules.pass_time(5 + 2 * PATIENCE_NS)[0].tolist() == []
    assert put(rules, (1, 1)) == {0: True}
