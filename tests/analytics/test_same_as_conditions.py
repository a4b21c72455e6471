"""A back-test gives exactly the turns that the running station's engine gives for the same samples."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alarms.definitions import alarms_of
from alarms.engine import AlarmEngine
from alarms.entry import JournalEntry, Moment
from analytics.ground import Ground
from analytics.pages import Span
from analytics.replay import replay
from analytics.turning import turns_of
from history.queries.limits import PATIENT
from history.series import NO_DATA
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import samples
from plant_models.quality import Quality, bad_mask
from plant_models.tag import DataType
from tests.analytics.past import HOLD_S, SECOND_US, START_US, Past, ground, never_silent
from tests.fakes.small_plant import small_plant, tag

NEVER_SILENT = never_silent()
QUALITIES = (
    Quality.GOOD,
    Quality.GOOD,
    Quality.GOOD,
    Quality.UNCERTAIN,
    Quality.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED,
    Quality.UNCERTAIN_LAST_USABLE,
    Quality.BAD_NO_COMMUNICATION,
    Quality.BAD_NO_DATA,
)
VALUES = st.sampled_from([0.0, 4.9, 5.0, 5.1, 8.9, 9.0, 9.1, 9.9, 10.0, 10.1, 12.0, float("nan"), float("inf")])
STEPS = st.sampled_from([0.25, 0.5, 1.0, 1.0, 2.0, 5.0, 30.0])
SAMPLES = st.lists(st.tuples(STEPS, VALUES, st.sampled_from(QUALITIES)), min_size=1, max_size=60)
DELAYS = st.sampled_from([0.0, 0.25, 1.0, 2.0, 2.5, 7.0, 0.0000005])


@st.composite
def definitions(draw: st.DrawFn) -> AlarmDefinition:
    kind = draw(
        st.sampled_from([AlarmKind.HIGH, AlarmKind.HIGH_HIGH, AlarmKind.LOW, AlarmKind.LOW_LOW, AlarmKind.STATE])
    )
    return AlarmDefinition(
        tag="T0",
        kind=kind,
        limit=draw(st.sampled_from([5.0, 9.0, 10.0])),
        deadband=draw(st.sampled_from([0.0, 0.1, 1.0, 5.0])),
        on_delay_s=draw(DELAYS),
        off_delay_s=draw(DELAYS),
    )


Columns = tuple[list[int], list[float], list[int]]


def columns_of(drawn: list[tuple[float, float, int]]) -> Columns:
    """Return times (µs), values and qualities as the table of tags gives them: what isn't finite is never good."""
    times = (START_US + np.cumsum([step for step, _, _ in drawn]) * SECOND_US).astype(np.int64)
    values = np.array([value for _, value, _ in drawn])
    qualities = np.array([quality for _, _, quality in drawn], np.uint16)
    qualities[~np.isfinite(values) & ~bad_mask(qualities)] = Quality.BAD_OUT_OF_RANGE
    return times.tolist(), values.tolist(), qualities.tolist()


def live_turns(definition: AlarmDefinition, columns: Columns, end_us: int) -> list[tuple[bool, int]]:
    """Return how the alarm engine of a running station turns: raised or cleared, and when."""
    plant = small_plant([], [tag("T0", "", "", DataType.F32)], alarms=[definition])
    engine = AlarmEngine(alarms_of(plant), 1)
    entries: list[JournalEntry] = []
    for time, value, quality in zip(*columns, strict=True):
        entries += engine.evaluate(samples(0, value, quality, time, time * 1_000), Moment(time, time * 1_000))
    entries += engine.pass_time(Moment(end_us, end_us * 1_000))
    return [(entry.event == "ALM", entry.at_us) for entry in entries if entry.event in ("ALM", "RTN")]


def past_turns(
    definition: AlarmDefinition, columns: Columns, end_us: int, page: int, where: Ground = NEVER_SILENT
) -> list[tuple[bool, int]]:
    """Return how a back-test says that it turns, with so many samples in a page."""
    past = Past(page).write("T0", np.array(columns[0]), np.array(columns[1]), np.array(columns[2], np.uint16))
    (seen,), _ = replay([definition], Span(START_US, end_us), where, past, PATIENT)  # type: ignore[arg-type]
    turns = turns_of(seen.runs, definition)
    return [(number % 2 == 0, at_us) for number, at_us in enumerate(turns.at_us.tolist())]


@given(definitions(), SAMPLES, st.integers(1, 70), st.sampled_from([1, 1_000_000, 9_000_000]))
@example(
    AlarmDefinition(tag="T0", kind=AlarmKind.HIGH, limit=9.0, on_delay_s=2.0), [(1.0, 10.0, 0), (2.0, 0.0, 0)], 9, 1
)
def test_every_turn_is_the_same(
    definition: AlarmDefinition, drawn: list[tuple[float, float, int]], page: int, after_us: int
) -> None:
    columns = columns_of(drawn)
    end_us = columns[0][-1] + after_us
    assert past_turns(definition, columns, end_us, page) == live_turns(definition, columns, end_us)


@given(definitions(), SAMPLES, st.integers(1, 70))
def test_a_silence_is_a_sample_without_value_at_the_end_of_the_hold(
    definition: AlarmDefinition, drawn: list[tuple[float, float, int]], page: int
) -> None:
    where = replace(NEVER_SILENT, holds_us={"T0": 3 * SECOND_US})
    times, values, qualities = columns_of(drawn)
    end_us = times[-1] + 9 * SECOND_US
    told: Columns = ([], [], [])
    for number, time in enumerate(times):
        rows = [(time, values[number], qualities[number])]
        if [*times, end_us][number + 1] - time > 3 * SECOND_US:
            rows.append((time + 3 * SECOND_US, float("nan"), NO_DATA))
        for row in rows:
            for column, cell in zip(told, row, strict=True):
                column.append(cell)
    found = past_turns(definition, (times, values, qualities), end_us, page, where)
    assert found == live_turns(definition, told, end_us)


@pytest.mark.parametrize("page", [1, 7, 1_000_000])
def test_a_long_noisy_day(page: int) -> None:
    chance = np.random.default_rng(7)
    n = 3_000
    values = 9.7 + chance.normal(0.0, 1.0, n)
    qualities = np.where(chance.random(n) < 0.01, int(Quality.BAD_TIMEOUT), int(Quality.GOOD))
    columns = (START_US + np.arange(n) * SECOND_US).tolist(), values.tolist(), qualities.tolist()
    for on_delay_s, off_delay_s, deadband in ((0.0, 0.0, 0.0), (2.0, 3.0, 0.5), (0.0, 5.0, 0.2), (4.0, 0.0, 1.0)):
        definition = AlarmDefinition(
            tag="T0",
            kind=AlarmKind.HIGH,
            limit=10.0,
            deadband=deadband,
            on_delay_s=on_delay_s,
            off_delay_s=off_delay_s,
        )
        expected = live_turns(definition, columns, columns[0][-1] + 1)
        assert len(expected) > 5
        assert past_turns(definition, columns, columns[0][-1] + 1, page) == expected


def test_the_hold_here_is_that_of_history() -> None:
    assert set(ground().holds_us.values()) == {HOLD_S * SECOND_US}
