"""Pixels from cells and samples: the same as from samples alone, where no cell lies across an edge."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from history.aggregates.pixels import draw_spans, is_across
from history.aggregates.spans import Spans, Stretch, spans_of_cells, spans_of_samples
from history.pixels import draw
from history.series import NO_DATA, Gap, HistoryQuery, HistorySeries
from plant_models.quality import Quality, is_bad, severity
from tests.fakes.samples import columns
from tests.history.aggregates.slow import Row, tag_samples

GOOD, UNSURE, DEAD = Quality.GOOD, Quality.UNCERTAIN, Quality.BAD_NO_COMMUNICATION
STALE, DOUBT = Quality.UNCERTAIN_LAST_USABLE, Quality.UNCERTAIN_DATA_SUB_NORMAL
HOLD, LEVEL = 40, 10
FLOATS = ("min", "max", "first", "last", "integral")
TIMES = ("t0_us", "t_min_us", "t_max_us", "good_us")
CELL = np.dtype(
    [*((name, "f8") for name in FLOATS), *((name, "i8") for name in TIMES), ("n_good", "u4"), ("worst", "u2")]
)
SAMPLES = st.dictionaries(
    st.integers(-60, 200),
    st.tuples(st.integers(-9, 9).map(float), st.sampled_from([GOOD, GOOD, UNSURE, STALE, DEAD])),
    max_size=14,
).map(lambda rows: [(at, *rows[at]) for at in sorted(rows)])


def state(rows: list[Row], at: int, ends: int) -> tuple[float, int]:
    before = [row for row in rows if row[0] <= at]
    if not before or at - before[-1][0] >= HOLD or at >= ends:
        return math.nan, NO_DATA
    return before[-1][1], before[-1][2]


def slow_cells(rows: list[Row], ends: int, start: int, end: int, is_held: bool) -> NDArray[Any]:
    """Cells µs by µs. Those of a station know samples alone; with `is_held` their values hold, as pixels draw them."""
    cells = []
    for t0 in range(start, end, LEVEL):
        states = [(*state(rows, at, ends), at) for at in range(t0, t0 + LEVEL)]
        used = [(value, at) for value, code, at in states if not is_bad(code) and code != STALE]
        inside = used if is_held else [each for each in used if each[1] in [row[0] for row in rows]]
        if not used and (t0 >= ends or all(code == NO_DATA for _, code, _ in states)):
            continue
        cell = np.zeros(1, CELL)
        cell["t0_us"], cell["n_good"], cell["good_us"] = t0, len(inside), len(used)
        cell["integral"] = sum(value for value, _ in used) / 1e6
        has_been = [code for _, code, at in states if at < ends]
        cell["worst"] = max(has_been, key=lambda code: (severity(code), code))
        for name in ("min", "max", "first", "last"):
            cell[name] = np.nan
        if inside:
            cell["min"], cell["t_min_us"] = min(inside)
            cell["max"], cell["t_max_us"] = max(inside)
            cell["first"], cell["last"] = inside[0][0], inside[-1][0]
        cells.append(cell)
    return np.concatenate([np.zeros(0, CELL), *cells])


def mixed(rows: list[Row], query: HistoryQuery, ends: int, choice: list[bool]) -> list[Spans]:
    """A plan by choice: cells where they lie within a pixel, samples elsewhere."""
    samples, edges = tag_samples(rows, True, max(ends, rows[-1][0] + 1) if rows else None), query.edges_us()
    parts = []
    for n, t0 in enumerate(range(query.start_us // LEVEL * LEVEL, query.end_us, LEVEL)):
        stretch = Stretch(t0, t0 + LEVEL)
        is_over = not t0 <= ends < t0 + LEVEL
        if choice[n % len(choice)] and is_over and not is_across(np.array([t0]), LEVEL, edges)[0]:
            parts.append(spans_of_cells(slow_cells(rows, ends, t0, t0 + LEVEL, is_held=True), LEVEL, stretch))
        else:
            parts.append(spans_of_samples(samples, HOLD, stretch))
    return parts


@settings(max_examples=40, deadline=None)
@given(
    SAMPLES,
    st.integers(0, 6),
    st.integers(3, 15),
    st.integers(1, 12),
    st.integers(1, 250),
    st.lists(st.booleans(), min_size=1),
)
def test_any_mixture_of_cells_and_samples_draws_what_samples_alone_draw(
    rows: list[Row], start: int, width: int, pixels: int, now: int, choice: list[bool]
) -> None:
    query = HistoryQuery(("T",), start * LEVEL, (start + width) * LEVEL, pixels)
    times, values, codes = zip(*rows, strict=True) if rows else ((), (), ())
    alone = draw("T", columns([1] * len(rows), values, times, list(codes)), query, now, HOLD)
    newest = max([now, *(time + 1 for time in times if time < query.end_us)])
    known = [row for row in rows if row[0] < query.end_us]
    answer = draw_spans("T", mixed(known, query, newest, choice), query, newest)
    check_same(answer, alone)


def check_same(answer: HistorySeries, expected: HistorySeries) -> None:
    """A cell may hide a gap within it, which then tells in the quality of its pixel."""
    for name in ("t0_us", "min", "max", "first", "last", "mean"):
        np.testing.assert_allclose(getattr(answer, name), getattr(expected, name), rtol=0, atol=1e-6, err_msg=name)
    for found, wanted in zip(answer.quality.tolist(), expected.quality.tolist(), strict=True):
        assert found == wanted or (found, severity(wanted)) == (DOUBT, severity(DOUBT))
    for gap in answer.gaps:
        assert any(wider.start_us <= gap.start_us and gap.end_us <= wider.end_us for wider in expected.gaps)


@settings(max_examples=20, deadline=None)
@given(SAMPLES, st.integers(1, 60))
def test_a_cell_across_an_edge_leaves_its_extremes_on_the_side_on_which_they_were(rows: list[Row], pixels: int) -> None:
    cells = slow_cells(rows, 400, 0, 130, is_held=True)
    query = query_of(0, 130, pixels)
    answer = draw_spans("T", [spans_of_cells(cells, LEVEL, Stretch(0, 130))], query, 400)
    edges = query.edges_us()
    for cell in cells[cells["n_good"] > 0]:
        lowest, highest = np.searchsorted(edges, [cell["t_min_us"], cell["t_max_us"]], "right") - 1
        assert answer.min[lowest] <= cell["min"]
        assert answer.max[highest] >= cell["max"]
    drawn = answer.min[~np.isnan(answer.min)].tolist() + answer.max[~np.isnan(answer.max)].tolist()
    assert {*drawn} <= {
        *cells["min"].tolist(),
        *cells["max"].tolist(),
        *cells["first"].tolist(),
        *cells["last"].tolist(),
    }


def query_of(start: int, end: int, pixels: int) -> HistoryQuery:
    return HistoryQuery(("T",), start, end, pixels)


def test_a_cell_without_usable_time_and_a_missing_one_are_gaps_and_never_a_line() -> None:
    rows = [(0, 1.0, GOOD), (9, 1.0, DEAD), (30, 2.0, GOOD)]
    cells = slow_cells(rows, 400, 0, 40, is_held=False)
    spans = spans_of_cells(cells[[0, 1, 3]], LEVEL, Stretch(0, 40))
    answer = draw_spans("T", [spans], query_of(0, 40, 4), 400)
    assert answer.gaps == (Gap(10, 30, DEAD),)
    assert answer.quality.tolist() == [DEAD, DEAD, NO_DATA, GOOD]
    np.testing.assert_array_equal(answer.last, [1, np.nan, np.nan, 2])


def test_a_cell_without_a_sample_has_the_value_that_holds_in_it() -> None:
    cells = slow_cells([(5, 4.0, GOOD), (25, 7.0, GOOD)], 400, 10, 40, is_held=False)
    assert cells["n_good"].tolist() == [0, 1, 0]
    answer = draw_spans("T", [spans_of_cells(cells, LEVEL, Stretch(10, 40))], query_of(10, 40, 3), 400)
    assert answer.max.tolist() == pytest.approx([4, 7, 7])
    assert answer.last.tolist() == pytest.approx([4, 7, 7])
    assert answer.gaps == ()


def test_a_cell_that_silence_cuts_short_is_no_better_than_uncertain() -> None:
    cells = slow_cells([(0, 1.0, GOOD)], 45, 30, 50, is_held=True)
    answer = draw_spans("T", [spans_of_cells(cells, LEVEL, Stretch(30, 50))], query_of(30, 50, 2), 50)
    assert answer.quality.tolist() == [GOOD, NO_DATA]
    cells["worst"], cells["good_us"] = GOOD, 5
    answer = draw_spans("T", [spans_of_cells(cells, LEVEL, Stretch(30, 50))], query_of(30, 50, 2), 50)
    assert answer.quality.tolist() == [DOUBT, NO_DATA]


def test_edges_are_exact_where_pixels_are_fractions_of_a_microsecond_apart() -> None:
    start = 1_700_000_000_000_001
    edges = query_of(start, start + 10_000_000_000_007, 1_920).edges_us()
    assert edges.tolist() == [start + n * 10_000_000_000_007 // 1_920 for n in range(1_921)]


def test_only_cells_with_an_edge_inside_lie_across() -> None:
    assert is_across(np.array([0, 10, 20, 30]), 10, np.array([0, 10, 25, 40])).tolist() == [False, False, True, False]


def test_stretches_that_leave_a_hole_or_do_not_cover_the_query() -> None:
    samples = tag_samples([(0, 1.0, GOOD)], True)
    first, third = (spans_of_samples(samples, HOLD, Stretch(at, at + 10)) for at in (0, 20))
    with pytest.raises(ValueError, match="without a hole"):
        draw_spans("T", [first, third], query_of(0, 30, 3), 30)
    with pytest.raises(ValueError, match="don't cover"):
        draw_spans("T", [first], query_of(0, 30, 3), 30)
    with pytest.raises(ValueError, match="no stretches"):
        draw_spans("T", [], query_of(0, 30, 3), 30)
    with pytest.raises(ValueError, match="don't fill"):
        spans_of_cells(np.zeros(0, CELL), LEVEL, Stretch(5, 20))
