"""Deviations, limits held by tags, rates and counted alarms come to the same as judging each sample by itself."""

from typing import Any

import numpy as np
import pytest

from analytics.pages import Span
from analytics.replay import replay
from analytics.turning import turns_of
from history.queries.limits import PATIENT
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.quality import Quality
from tests.analytics.past import SECOND_US, START_US, Past, never_silent
from tests.analytics.slow import Row, turns, verdicts

SEEDS = 80
HELD_KINDS = (*LIMIT_KINDS, AlarmKind.DEVIATION)


def some_rows(chance: np.random.Generator, n: int) -> list[Row]:
    """Return samples that wander up and down, a few of them useless."""
    times = START_US + np.cumsum(chance.choice([1, 1, 1, 2, 3, 10], n)) * SECOND_US
    values = chance.choice([0.0, 4.0, 5.0, 6.0, 9.5, 10.0, 11.0, 20.0], n)
    values[chance.random(n) < 0.03] = np.nan
    qualities = np.where(chance.random(n) < 0.04, int(Quality.BAD_TIMEOUT), int(Quality.GOOD))
    qualities[chance.random(n) < 0.03] = int(Quality.UNCERTAIN_LAST_USABLE)
    return list(zip(times.tolist(), values.tolist(), qualities.tolist(), strict=True))


def some_definition(chance: np.random.Generator, kind: AlarmKind) -> AlarmDefinition:
    def one_of(*choices: Any) -> Any:
        return choices[int(chance.integers(len(choices)))]

    is_held = kind in HELD_KINDS
    return AlarmDefinition(
        tag="T0",
        kind=kind,
        limit=one_of(5.0, 10.0) if is_held else one_of(5.0, 10.0, -60.0, 60.0),
        limit_tag=one_of("", "T1") if is_held else "",
        reference="T2" if kind is AlarmKind.DEVIATION else "",
        window_s=one_of(1.0, 3.0, 7.0),
        deadband=one_of(0.0, 1.0),
        on_delay_s=one_of(0.0, 1.0, 2.0, 30.0),
        off_delay_s=one_of(0.0, 1.0, 2.0, 30.0),
        count=one_of(0, 1, 2, 3),
        count_s=one_of(0.0, 4.0, 9.0),
    )


@pytest.mark.parametrize("kind", [*HELD_KINDS, AlarmKind.RATE, AlarmKind.STATE])
def test_every_turn_is_the_same(kind: AlarmKind) -> None:
    n_turns = 0
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        definition = some_definition(chance, kind)
        past = {"T0": some_rows(chance, 80), "T1": some_rows(chance, 8), "T2": some_rows(chance, 20)}
        end_us = max(each[-1][0] for each in past.values()) + 3 * SECOND_US
        reader = Past(int(chance.integers(1, 100)))
        for name, each in past.items():
            times, values, qualities = zip(*each, strict=True)
            reader.write(name, np.array(times), np.array(values), np.array(qualities, np.uint16))
        span = Span(START_US, end_us)
        (seen,), _ = replay([definition], span, never_silent(), reader, PATIENT)  # type: ignore[arg-type]
        at_us = turns_of(seen.runs, definition).at_us.tolist()
        found = [(number % 2 == 0, each) for number, each in enumerate(at_us)]
        assert found == turns(definition, verdicts(definition, past), end_us), f"{definition} with seed {seed}"
        n_turns += len(found)
    assert n_turns > SEEDS, "most of them did something"
