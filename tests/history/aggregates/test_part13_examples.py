"""The example tables of OPC UA Part 13 (1.04), Annex A: four historians, whose settings and data stand in A.1.

Times are seconds after noon. Data ends a millisecond after the last sample, as in the tables of the durations.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from history.aggregates.part13 import aggregate
from history.aggregates.results import Aggregate, Bits
from history.aggregates.samples import TagSamples
from history.aggregates.settings import AggregateSettings
from plant_models.quality import Quality, Severity, severity

NOON = 1_325_678_400_000_000
NAN = float("nan")
G, U, B = Quality.GOOD, Quality.UNCERTAIN_DATA_SUB_NORMAL, Quality.BAD_NO_DATA
CALC, INTER, PART, MULTI = Bits.CALCULATED, Bits.INTERPOLATED, Bits.PARTIAL, Bits.MULTIPLE_VALUES
Row = tuple[float, int, int]


@dataclass(frozen=True)
class Historian:
    samples: TagSamples
    settings: AggregateSettings


def historian(rows: list[tuple[int, float, int]], settings: AggregateSettings, is_stepped: bool = False) -> Historian:
    seconds, values, qualities = zip(*rows, strict=True)
    times = NOON + np.array(seconds, np.int64) * 1_000_000
    known_until = int(times[-1]) + 1_000
    samples = TagSamples(times, np.array(values), np.array(qualities, np.uint16), is_stepped, known_until)
    return Historian(samples, settings)


FIRST = [(10 * n, 10.0 * n, Quality.GOOD) for n in range(1, 10)]
FIRST[3] = (40, 40.0, Quality.BAD)
FIRST[6] = (70, 70.0, Quality.UNCERTAIN)
SECOND = [
    (2, 10.0, G), (25, 20.0, G), (28, 25.0, G), (39, 30.0, G), (42, NAN, Quality.BAD), (48, 40.0, G), (52, 50.0, G),
    (72, 60.0, G), (77, 70.0, Quality.UNCERTAIN), (83, 70.0, G), (86, 80.0, G), (90, 90.0, G),
]  # fmt: skip
SWITCH = [
    (time, float(on), code) for (time, _, code), on in zip(SECOND, [1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1], strict=True)
]
HISTORIANS = {
    1: historian(FIRST, AggregateSettings(treat_uncertain_as_bad=False)),
    2: historian(SECOND, AggregateSettings()),
    3: historian(SECOND, AggregateSettings(percent_data_good=50, percent_data_bad=50), is_stepped=True),
    4: historian(SWITCH, AggregateSettings(), is_stepped=True),
}


def rows(number: int, wanted: Aggregate, step_s: int) -> tuple[list[Row], list[float]]:
    edges = NOON + np.array([*range(0, 100, step_s), 100], np.int64) * 1_000_000
    source = HISTORIANS[number]
    result = aggregate(source.samples, edges, [wanted], source.settings)[wanted]
    shown = zip(result.values.tolist(), result.qualities.tolist(), result.bits.tolist(), strict=True)
    return list(shown), ((result.times_us - NOON) / 1e6).tolist()


def check(found: list[Row], expected: list[Row]) -> None:
    assert [row[1:] for row in found] == [row[1:] for row in expected]
    np.testing.assert_allclose([row[0] for row in found], [row[0] for row in expected], rtol=0, atol=0.0006)


NOTHING = (NAN, B, 0)
TIME_AVERAGES = {
    1: [
        NOTHING, NOTHING, (12.5, G, CALC), (17.5, G, CALC), (22.5, G, CALC), (27.5, G, CALC), (30, U, CALC),
        (30, U, CALC), NOTHING, NOTHING, (52.5, G, CALC), (57.5, G, CALC), (62.5, U, CALC), (67.5, U, CALC),
        (72.5, U, CALC), (77.5, U, CALC), (82.5, G, CALC), (87.5, G, CALC), (90, U, CALC | PART), NOTHING,
    ],
    2: [
        (10.652, U, CALC | PART), (12.391, G, CALC), (14.565, G, CALC), (16.739, G, CALC), (18.913, G, CALC),
        (23.682, G, CALC), (27.046, G, CALC), (29.273, U, CALC), (30, U, CALC), (42.5, U, CALC), (49.45, G, CALC),
        (52.75, G, CALC), (55.25, G, CALC), (57.75, G, CALC), (59.8, U, CALC), (60, U, CALC), (73.333, U, CALC),
        (83.667, G, CALC), (90, U, CALC | PART), NOTHING,
    ],
}  # fmt: skip


@pytest.mark.parametrize("number", [1, 2])
def test_time_average_2(number: int) -> None:
    """A.5. The last five rows of the second historian are worked out by hand."""
    found, times = rows(number, Aggregate.TIME_AVERAGE_2, 5)
    check(found, TIME_AVERAGES[number])
    assert times == [5.0 * n for n in range(20)]


def test_time_average_2_of_a_stepped_tag() -> None:
    """A.5, the third historian: an interval is good or bad, and never uncertain."""
    found, _ = rows(3, Aggregate.TIME_AVERAGE_2, 5)
    values = [10, 10, 10, 10, 10, 22, 25, 26, NAN, NAN, 46, 50, 50, 50, 56, NAN, NAN, 78, 90, NAN]
    np.testing.assert_allclose([row[0] for row in found], values)
    assert {severity(row[1]) for row in found} == {Severity.GOOD, Severity.BAD}


@pytest.mark.parametrize("number", [1, 2])
def test_total_2(number: int) -> None:
    """5.4.3.9: the time average times the seconds of data that isn't bad."""
    found, _ = rows(number, Aggregate.TOTAL_2, 5)
    seconds = np.full(20, 5.0)
    seconds[[0, 8, 9, 15, 16, 18]] = [3, 2, 2, 2, 2, 0.001] if number == 2 else [0, 0, 0, 5, 5, 0.001]
    expected = [(value * s, code, bits) for (value, code, bits), s in zip(TIME_AVERAGES[number], seconds, strict=True)]
    assert [row[1:] for row in found] == [row[1:] for row in expected]
    np.testing.assert_allclose([row[0] for row in found], [row[0] for row in expected], rtol=0, atol=0.003)


MINIMA = {
    1: [
        (10, U, CALC | PART), (16, U, INTER), (30, U, INTER), (50, U, CALC), (64, U, INTER), (80, U, PART), NOTHING,
    ],
    2: [
        (10, U, CALC | PART), (16.087, G, INTER), (26.818, U, INTER), (40, G, 0), (56, U, INTER), (70, U, CALC | PART),
        NOTHING,
    ],
    3: [
        (10, G, CALC | PART), (10, G, INTER), (25, G, INTER), (40, G, 0), (50, G, INTER), (70, G, CALC | PART), NOTHING,
    ],
}  # fmt: skip
MAXIMA = {
    1: [
        (16, U, INTER | PART), (30, U, CALC | MULTI), (30, U, INTER), (64, U, INTER), (80, U, CALC),
        (90, U, CALC | PART), NOTHING,
    ],
    2: [
        (16.087, U, INTER | PART), (26.818, G, INTER), (40, U, CALC), (56, G, INTER), (60, U, CALC),
        (90, U, CALC | PART), NOTHING,
    ],
    3: [
        (10, G, CALC | PART), (25, G, CALC), (30, G, CALC), (50, G, CALC), (60, G, CALC), (90, G, CALC | PART), NOTHING,
    ],
}  # fmt: skip


@pytest.mark.parametrize("number", [1, 2, 3])
def test_minimum_2(number: int) -> None:
    """A.13."""
    check(rows(number, Aggregate.MINIMUM_2, 16)[0], MINIMA[number])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_maximum_2(number: int) -> None:
    """A.14."""
    check(rows(number, Aggregate.MAXIMUM_2, 16)[0], MAXIMA[number])


LAST_US = 1e-6
MINIMUM_TIMES = {1: [10, 16, 32, 50, 64, 80, 96], 2: [2, 16, 32, 48, 64, 83, 96], 3: [2, 16, 32, 48, 64, 83, 96]}
MAXIMUM_TIMES = {
    1: [16 - LAST_US, 30, 32, 64 - LAST_US, 80 - LAST_US, 90, 96],
    2: [16 - LAST_US, 32 - LAST_US, 48 - LAST_US, 64 - LAST_US, 72, 90, 96],
    3: [2, 28, 39, 52, 72, 90, 96],
}
ACTUAL_BITS = {
    (Aggregate.MINIMUM_ACTUAL_TIME_2, 1): [PART, INTER, INTER, 0, INTER, PART, 0],
    (Aggregate.MINIMUM_ACTUAL_TIME_2, 2): [PART, INTER, INTER, 0, INTER, PART, 0],
    (Aggregate.MINIMUM_ACTUAL_TIME_2, 3): [PART, INTER, INTER, 0, INTER, PART, 0],
    (Aggregate.MAXIMUM_ACTUAL_TIME_2, 1): [INTER | PART, MULTI, INTER, INTER, INTER, PART, 0],
    (Aggregate.MAXIMUM_ACTUAL_TIME_2, 2): [INTER | PART, INTER, INTER, INTER, 0, PART, 0],
    (Aggregate.MAXIMUM_ACTUAL_TIME_2, 3): [PART, 0, 0, 0, 0, PART, 0],
}


@pytest.mark.parametrize("number", [1, 2, 3])
def test_extremes_at_their_own_times(number: int) -> None:
    """A.15 and A.16; the last instant of an interval is a µs before its end, the resolution of history."""
    for wanted, times, table in (
        (Aggregate.MINIMUM_ACTUAL_TIME_2, MINIMUM_TIMES, MINIMA),
        (Aggregate.MAXIMUM_ACTUAL_TIME_2, MAXIMUM_TIMES, MAXIMA),
    ):
        found, at = rows(number, wanted, 16)
        bits = ACTUAL_BITS[wanted, number]
        check(found, [(value, code, bit) for (value, code, _), bit in zip(table[number], bits, strict=True)])
        np.testing.assert_allclose(at, times[number], rtol=0, atol=1e-9)


GOOD_MS = {1: [6000, 16000, 0, 14000, 0, 10001]} | {
    number: [14000, 16000, 10000, 16000, 13000, 7001] for number in (2, 3, 4)
}
BAD_MS = {1: [10000, 0, 8000, 2000, 0, 0]} | {number: [2000, 0, 6000, 0, 3000, 3000] for number in (2, 3, 4)}
DATA_BITS = [CALC | PART, CALC, CALC, CALC, CALC, CALC | PART]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_durations(number: int) -> None:
    """A.29; for DurationBad and PercentGood the rules of 5.4.3.32 and 5.4.3.33 on the same data."""
    widths = np.array([16000.0] * 5 + [10001.0])
    for wanted, values in (
        (Aggregate.DURATION_GOOD, GOOD_MS[number]),
        (Aggregate.DURATION_BAD, BAD_MS[number]),
        (Aggregate.PERCENT_GOOD, (100 * np.array(GOOD_MS[number]) / widths).tolist()),
    ):
        found, _ = rows(number, wanted, 16)
        check(found, [*((value, G, bit) for value, bit in zip(values, DATA_BITS, strict=True)), NOTHING])


@pytest.mark.parametrize(
    ("number", "variances", "codes"),
    [(1, [0, 50, 0, 0, 50], [G, G, U, U, G]), (2, [0, 25, 50, 0, 100], [G, G, U, U, G])],
)
def test_standard_deviation(number: int, variances: list[float], codes: list[int]) -> None:
    """A.36, whose variances are the squares."""
    found, _ = rows(number, Aggregate.STANDARD_DEVIATION, 20)
    bits = [CALC | PART, CALC, CALC, CALC, CALC | PART]
    expected = [(value**0.5, code, bit) for value, code, bit in zip(variances, codes, bits, strict=True)]
    check(found, expected)


def test_transitions_of_a_switch() -> None:
    """5.4.3.24 on the fourth historian: bad samples don't count, and the first one of all is a transition."""
    found, _ = rows(4, Aggregate.NUMBER_OF_TRANSITIONS, 16)
    codes = [G, G, U, G, U, G]
    check(found, [*zip([1, 2, 0, 1, 0, 3], codes, DATA_BITS, strict=True), NOTHING])
