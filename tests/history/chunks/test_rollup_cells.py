"""Cells say what their samples come to; a slow and simple reckoning stands beside them."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, coarsen, make_cells, replace
from history.chunks.samples import Samples, merge
from tests.history.chunks.blobs import SLOPED, STEPPED, T0_US, hour_of, samples

QUICKLY = settings(max_examples=40, deadline=None)
S = 1_000_000
SECONDS = st.integers(0, 3_599)
VALUES = st.one_of(st.integers(-5, 5).map(float), st.just(math.nan), st.just(math.inf))
ROWS = st.dictionaries(
    SECONDS, st.tuples(VALUES, st.sampled_from([0, 0, 0, 0x4000, 0x4090, 0x8005, 0xC000])), min_size=1
)
RULES = st.sampled_from([SLOPED, STEPPED, Rule(False, 20 * S), Rule(True, 2_000 * S)])


def made(rows: dict[int, tuple[float, int]]) -> Samples:
    times = sorted(rows)
    return samples(
        [T0_US + time * S for time in times], [rows[time][0] for time in times], [rows[time][1] for time in times]
    )


def minutes_of(found: Samples, rule: Rule = SLOPED) -> Cells:
    return make_cells(found, rule, MINUTE_US, T0_US, T0_US + HOUR_US)


def is_usable(value: float, quality: int) -> bool:
    return math.isfinite(value) and quality < 0x8000 and quality != 0x4090


def slowly(rows: dict[int, tuple[float, int]], rule: Rule, start_s: int, end_s: int) -> dict[str, float]:
    """Reckon a cell second by second; all times are whole seconds."""
    inside = [(time, *rows[time]) for time in sorted(rows) if start_s <= time < end_s]
    usable = [(time, value) for time, value, quality in inside if is_usable(value, quality)]
    n_good = len(usable)
    qualities = [quality for *_, quality in inside]
    area, good = 0.0, 0
    times = sorted(rows)
    for time, following in pairwise(times):
        value, quality = rows[time]
        if not is_usable(value, quality) or (following - time) * S > rule.hold_us:
            continue
        final = rows[following][0] if is_usable(*rows[following]) and not rule.is_stepped else value
        if rule.is_stepped and time < start_s < following:
            usable.insert(0, (start_s, value))
            qualities.append(quality)
        for second in range(max(time, start_s), min(following, end_s)):
            area += value + (final - value) * (second + 0.5 - time) / (following - time)
            good += 1
    smallest = min(usable, key=lambda row: row[1], default=(start_s, math.nan))
    largest = max(usable, key=lambda row: row[1], default=(start_s, math.nan))
    worst = max(qualities, key=lambda code: (min(code >> 14, 2), code), default=0)
    return {
        "t0_us": T0_US + start_s * S, "n": len(inside), "n_good": n_good,
        "min": smallest[1], "t_min_us": T0_US + smallest[0] * S, "max": largest[1], "t_max_us": T0_US + largest[0] * S,
        "first": usable[0][1] if usable else math.nan, "last": usable[-1][1] if usable else math.nan,
        "integral": area, "good_us": good * S, "worst": worst,
    }  # fmt: skip


def check(cells: Cells, expected: list[dict[str, float]]) -> None:
    assert len(cells) == len(expected)
    for cell, wish in zip(cells, expected, strict=True):
        for name, value in wish.items():
            assert cell[name] == pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True), name


@QUICKLY
@given(ROWS, RULES)
def test_cells_are_what_a_simple_reckoning_finds(rows: dict[int, tuple[float, int]], rule: Rule) -> None:
    expected = [slowly(rows, rule, start, start + 60) for start in range(0, 3_600, 60)]
    minutes = minutes_of(made(rows), rule)
    check(minutes, [cell for cell in expected if cell["n"] or cell["good_us"]])
    hour = slowly(rows, rule, 0, 3_600)
    check(hour_of(made(rows), rule), [hour])
    check(coarsen(minutes, HOUR_US), [hour])


def stale_span(merged: Samples, changed: Samples) -> tuple[int, int]:
    """Return start and end of the minutes that changed samples, and their neighbours, lie in."""
    before = int(np.searchsorted(merged.times_us, changed.times_us.min())) - 1
    after = int(np.searchsorted(merged.times_us, changed.times_us.max(), "right"))
    start, end = merged.times_us[max(before, 0)], merged.times_us[min(after, len(merged) - 1)]
    return int(start) // MINUTE_US * MINUTE_US, (int(end) // MINUTE_US + 1) * MINUTE_US


@QUICKLY
@given(ROWS, ROWS, RULES)
def test_late_samples_change_no_cell_outside_the_stale_span(
    early: dict[int, tuple[float, int]], late: dict[int, tuple[float, int]], rule: Rule
) -> None:
    before, changed = made(early), made(late)
    merged = merge([before, changed])
    start, end = stale_span(merged, changed)
    fresh = make_cells(merged, rule, MINUTE_US, start, end)
    renewed = replace(minutes_of(before, rule), fresh, start, end)
    assert renewed.tobytes() == minutes_of(merged, rule).tobytes()


def test_a_slope_is_divided_at_the_edge_of_a_minute() -> None:
    cells = minutes_of(samples([T0_US + 50 * S, T0_US + 70 * S], [0.0, 20.0]))
    assert cells["integral"].tolist() == pytest.approx([50.0, 150.0])
    assert cells["good_us"].tolist() == [10 * S, 10 * S]
    assert cells["n"].tolist() == [1, 1]


def test_a_step_holds_until_the_next_sample_and_longer_silence_is_missing_time() -> None:
    found = samples([T0_US, T0_US + 90 * S, T0_US + 181 * S], [3.0, 5.0, 7.0])
    (hour,) = hour_of(found, STEPPED)
    assert (hour["integral"], hour["good_us"]) == (270.0, 90 * S)


def test_a_minute_without_samples_keeps_the_time_that_a_value_holds() -> None:
    cells = make_cells(
        samples([T0_US, T0_US + 150 * S], [2.0, 4.0]), Rule(True, HOUR_US), MINUTE_US, T0_US, T0_US + HOUR_US
    )
    assert cells["n"].tolist() == [1, 0, 1]
    assert cells["good_us"].tolist() == [60 * S, 60 * S, 30 * S]
    assert cells["min"].tolist() == cells["first"].tolist() == [2.0, 2.0, 2.0]
    assert coarsen(cells, HOUR_US)["integral"].tolist() == [300.0]


def test_samples_beyond_the_edges_bring_the_time_up_to_them() -> None:
    around = samples([T0_US - 10 * S, T0_US + 10 * S, T0_US + 3_590 * S, T0_US + 3_610 * S], [1, 3, 3, 5])
    (hour,) = hour_of(around, Rule(False, HOUR_US))
    assert (hour["n"], hour["good_us"]) == (2, HOUR_US)
    assert hour["integral"] == pytest.approx(2.5 * 10 + 3 * 3_580 + 3.5 * 10)


def test_nothing_makes_no_cells() -> None:
    assert len(minutes_of(samples([], []))) == len(coarsen(minutes_of(samples([], [])), HOUR_US)) == 0


def test_the_earliest_of_equal_extremes_counts_and_enormous_values_do_no_harm() -> None:
    (hour,) = hour_of(samples(T0_US + np.arange(4) * S, [1e308, -1e308, 1e308, -1e308]))
    assert (hour["t_max_us"], hour["t_min_us"]) == (T0_US, T0_US + S)
