"""The planner against brute force that knows nothing of its cost: the fewest requests, nothing forbidden touched."""

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.planning import Case, planned_requests_vs_optimum
from drivers.modbus.planner import Span


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Up to seven values that don't overlap, and ranges in the gaps between them that nothing may touch."""
    spans, forbidden = [], []
    offset = draw(st.integers(0, 50))
    for _ in range(draw(st.integers(1, 7))):
        gap = draw(st.one_of(st.just(0), st.integers(0, 12), st.integers(0, 200)))
        if gap and draw(st.integers(0, 3)) == 0:
            first = draw(st.integers(offset, offset + gap - 1))
            forbidden.append((first, draw(st.integers(first, offset + gap - 1))))
        spans.append(Span(offset + gap, draw(st.sampled_from((1, 2, 4, 8)))))
        offset = spans[-1].end
    return Case(tuple(draw(st.permutations(spans))), draw(st.integers(8, 125)), tuple(forbidden))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_no_plan_has_more_requests_than_the_best_of_all(case: Case) -> None:
    assert len(case.plan()) == case.fewest()


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_value_is_read_whole_once_and_nothing_forbidden_is_touched(case: Case) -> None:
    blocks = case.plan()
    assert sorted(span for block in blocks for span in block.spans) == sorted(case.spans)
    assert all(case.is_allowed(block.spans) for block in blocks)


def test_registers_between_values_are_read_rather_than_asked_for_apart() -> None:
    """Four requests would read 24 registers, three read 363; a request costs more than 125 registers."""
    case = Case(tuple(Span(offset, 1) for offset in (0, 120, 130, 250, 260, 380)), 125)
    assert len(case.plan()) == case.fewest() == 3


def test_the_figure_of_the_benchmark() -> None:
    assert 1.0 <= planned_requests_vs_optimum(cases=60) <= 1.05
