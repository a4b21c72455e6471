"""Deviations, limits held by tags, counted alarms and rates turn in a back-test as in a running station's engine."""

import numpy as np
import pytest

from alarms.definitions import alarms_of
from alarms.engine import AlarmEngine
from alarms.entry import JournalEntry, Moment
from analytics.pages import Span
from analytics.replay import replay
from analytics.turning import turns_of
from history.queries.limits import PATIENT
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import merge, samples
from plant_models.quality import Quality, bad_mask
from plant_models.tag import DataType
from tests.analytics.past import SECOND_US, START_US, Past, never_silent
from tests.analytics.slow import Row
from tests.analytics.test_same_as_one_by_one import HELD_KINDS, some_definition, some_rows
from tests.fakes.small_plant import small_plant, tag

TAGS = ("T0", "T1", "T2")
SEEDS = 15


def live_turns(definition: AlarmDefinition, past: dict[str, list[Row]], end_us: int) -> list[tuple[bool, int]]:
    """Return how the engine turns the alarm: raised or cleared, and when. Samples of one time come together."""
    plant = small_plant([], [tag(name, "", "", DataType.F32) for name in TAGS], alarms=[definition])
    engine = AlarmEngine(alarms_of(plant), len(TAGS))
    entries: list[JournalEntry] = []
    for at_us in sorted({row[0] for rows in past.values() for row in rows}):
        batch = [
            samples(number, value, quality, at_us, at_us * 1_000)
            for number, name in enumerate(TAGS)
            for time, value, quality in past[name]
            if time == at_us
        ]
        entries += engine.evaluate(merge(batch), Moment(at_us, at_us * 1_000))
    entries += engine.pass_time(Moment(end_us, end_us * 1_000))
    return [(entry.event == "ALM", entry.at_us) for entry in entries if entry.event in ("ALM", "RTN")]


def past_turns(definition: AlarmDefinition, past: dict[str, list[Row]], end_us: int) -> list[tuple[bool, int]]:
    """Return how a back-test turns it."""
    reader = Past()
    for name, rows in past.items():
        times, values, qualities = zip(*rows, strict=True)
        reader.write(name, np.array(times), np.array(values), np.array(qualities, np.uint16))
    (seen,), _ = replay([definition], Span(START_US, end_us), never_silent(), reader, PATIENT)  # type: ignore[arg-type]
    at_us = turns_of(seen.runs, definition).at_us.tolist()
    return [(number % 2 == 0, each) for number, each in enumerate(at_us)]


def as_the_table_has_it(rows: list[Row]) -> list[Row]:
    """Return samples of which none is good that isn't a number."""
    qualities = np.array([row[2] for row in rows], np.uint16)
    values = np.array([row[1] for row in rows])
    qualities[~np.isfinite(values) & ~bad_mask(qualities)] = Quality.BAD_OUT_OF_RANGE
    return [(row[0], row[1], int(quality)) for row, quality in zip(rows, qualities, strict=True)]


@pytest.mark.parametrize("kind", [*HELD_KINDS, AlarmKind.STATE])
def test_every_turn_is_the_same(kind: AlarmKind) -> None:
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        definition = some_definition(chance, kind)
        past = {name: as_the_table_has_it(some_rows(chance, n)) for name, n in zip(TAGS, (80, 8, 20), strict=True)}
        end_us = max(rows[-1][0] for rows in past.values()) + 3 * SECOND_US
        assert past_turns(definition, past, end_us) == live_turns(definition, past, end_us), f"seed {seed}"


def test_a_rate_of_regular_readings_is_the_same() -> None:
    for seed in range(SEEDS):
        chance = np.random.default_rng(seed)
        definition = some_definition(chance, AlarmKind.RATE)
        values = np.round(np.cumsum(chance.normal(0.0, 1.0, 200)), 2).tolist()
        rows: list[Row] = [(START_US + (n + 1) * SECOND_US, value, 0) for n, value in enumerate(values)]
        past = {"T0": rows, "T1": rows[:1], "T2": rows[:1]}
        end_us = rows[-1][0] + 3 * SECOND_US
        assert past_turns(definition, past, end_us) == live_turns(definition, past, end_us), f"seed {seed}"
