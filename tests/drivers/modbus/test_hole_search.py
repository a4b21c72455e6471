"""The search for a hole in a refused block: right for every block, and short."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.modbus.holes import Hole, find_hole


class Asked:
    """A device in which `values` are refused and the gaps before `gaps` can't be read across."""

    def __init__(self, values: set[int], gaps: set[int]) -> None:
        self.values = values
        self.gaps = gaps
        self.questions: list[tuple[int, int]] = []

    def is_refused(self, first: int, stop: int) -> bool:
        self.questions.append((first, stop))
        asked = set(range(first, stop))
        return bool(self.values & asked or self.gaps & (asked - {first}))


@pytest.mark.parametrize("count", [2, 3, 64, 125])
@pytest.mark.parametrize("is_value", [True, False])
def test_every_single_hole_is_found_with_one_question_more_than_log2(count: int, is_value: bool) -> None:
    for place in range(0 if is_value else 1, count):
        asked = Asked({place}, set()) if is_value else Asked(set(), {place})
        assert find_hole(count, asked.is_refused) == Hole(place, is_value)
        assert len(asked.questions) <= math.ceil(math.log2(count)) + 1


@given(st.integers(2, 125), st.sets(st.integers(0, 124)), st.sets(st.integers(1, 124)))
def test_of_several_holes_the_first_is_found(count: int, values: set[int], gaps: set[int]) -> None:
    asked = Asked({place for place in values if place < count}, {place for place in gaps if place < count})
    if not asked.is_refused(0, count):
        return
    hole = find_hole(count, asked.is_refused)
    assert hole.place == min(asked.values | asked.gaps)
    assert hole.is_value is (hole.place in asked.values)


@given(st.integers(2, 125), st.data())
def test_all_before_the_hole_came_on_the_way(count: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, count - 1))
    asked = Asked({place}, set())
    find_hole(count, asked.is_refused)
    came = {value for first, stop in asked.questions for value in range(first, stop) if place not in range(first, stop)}
    assert set(range(place)) <= came
