"""Few reads, no value split, no hole read across; checked against brute force on small cases."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.modbus.planner import BIT_COST, REGISTER_COST, Block, Span, plan
from drivers.modbus.points import point_of
from drivers.modbus.scan_plan import ScanPlan
from plant_models.tag import DataType
from tests.fakes.small_plant import modbus_device, tag


def ranges(blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    return [(block.offset, block.count) for block in blocks]


def test_no_tags_need_no_request() -> None:
    assert plan([], 125) == ()


def test_neighbours_share_a_request() -> None:
    assert ranges(plan([Span(0, 2), Span(2, 1), Span(10, 4)], 125)) == [(0, 14)]


def test_bits_of_one_register_are_read_once() -> None:
    assert ranges(plan([Span(5, 1), Span(5, 1), Span(5, 2)], 125)) == [(5, 2)]


def test_a_gap_that_costs_more_than_a_request_is_not_read() -> None:
    assert ranges(plan([Span(0, 1), Span(240, 1)], 1000, item_cost=0.004)) == [(0, 241)]
    assert ranges(plan([Span(0, 1), Span(260, 1)], 1000, item_cost=0.004)) == [(0, 1), (260, 1)]


def test_a_gap_within_one_request_is_always_read() -> None:
    assert ranges(plan([Span(0, 1), Span(124, 1)], 125)) == [(0, 125)]
    assert ranges(plan([Span(0, 1), Span(1999, 1)], 2000, item_cost=BIT_COST)) == [(0, 2000)]


@pytest.mark.parametrize(
    ("transport", "addresses", "found"),
    [
        ("tcp", ["hr:0", "hr:60"], [(0, 61)]),
        ("rtu", ["hr:0", "hr:15"], [(0, 16)]),
        ("rtu", ["hr:0", "hr:60"], [(0, 1), (60, 1)]),
        ("rtu-over-tcp", ["hr:0", "hr:60"], [(0, 1), (60, 1)]),
        ("rtu", ["co:0", "co:300"], [(0, 301)]),
        ("rtu", ["co:0", "co:400"], [(0, 1), (400, 1)]),
    ],
)
def test_on_a_slow_line_a_gap_is_read_only_while_that_takes_less_than_a_request(
    transport: str, addresses: list[str], found: list[tuple[int, int]]
) -> None:
    device = modbus_device("P", 502, transport=transport)
    kind = DataType.BOOL if addresses[0].startswith("co") else DataType.U16
    points = [point_of(row, tag(f"T{row}", "P", address, kind), device) for row, address in enumerate(addresses)]
    assert ranges(tuple(block.block for block in ScanPlan(device, points, 1.0).blocks)) == found


def test_a_block_never_exceeds_the_limit_and_never_splits_a_value() -> None:
    spans = [Span(offset, 4) for offset in range(0, 400, 4)]
    blocks = plan(spans, 10)
    assert all(block.count <= 10 for block in blocks)
    assert sorted(span for block in blocks for span in block.spans) == spans


def test_nothing_is_read_across_a_cut() -> None:
    spans = [Span(0, 1), Span(1, 1), Span(5, 1), Span(9, 1)]
    assert ranges(plan(spans, 125, cuts={3})) == [(0, 2), (5, 5)]
    assert ranges(plan(spans, 125, cuts={5})) == [(0, 2), (5, 5)]


def test_a_value_longer_than_the_limit_stands_alone() -> None:
    assert ranges(plan([Span(0, 4), Span(4, 1)], 2)) == [(0, 4), (4, 1)]


def test_a_part_of_a_block_reads_what_lies_between_its_values() -> None:
    (block,) = plan([Span(0, 1), Span(3, 2), Span(6, 1)], 125)
    assert ranges((block.part(0, 1), block.part(1, 3))) == [(0, 1), (3, 4)]


def cost(blocks: list[list[Span]], item_cost: float) -> float:
    return sum(1 + item_cost * (max(s.end for s in block) - min(s.offset for s in block)) for block in blocks)


def brute_force(spans: list[Span], limit: int, item_cost: float) -> float:
    """The least cost over every way to cut the sorted spans into runs."""
    best = float("inf")
    n = len(spans)
    for parts in range(n):
        for cuts in combinations(range(1, n), parts):
            edges = [0, *cuts, n]
            runs = [spans[a:b] for a, b in pairwise(edges)]
            sizes = [max(s.end for s in run) - run[0].offset for run in runs]
            if all(size <= limit or len(run) == 1 for size, run in zip(sizes, runs, strict=True)):
                best = min(best, cost(runs, item_cost))
    return best


@settings(max_examples=150, deadline=None)
@given(
    spans=st.lists(st.builds(Span, st.integers(0, 600), st.integers(1, 4)), min_size=1, max_size=8, unique=True),
    limit=st.integers(4, 300),
    item_cost=st.sampled_from([REGISTER_COST, BIT_COST, 0.004, 0.05]),
)
def test_the_plan_costs_no_more_than_the_best_of_all_plans(spans: list[Span], limit: int, item_cost: float) -> None:
    blocks = plan(spans, limit, item_cost=item_cost)
    found = cost([list(block.spans) for block in blocks], item_cost)
    assert found == pytest.approx(brute_force(sorted(spans), limit, item_cost))
