"""What is worked out only from changes equals what is worked out from everything, whatever changes."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from alarms.snapshot import PRIORITIES, AlarmRow
from alarms.states import AlarmState
from hmi.alarms.looks import glyph_of
from hmi.alarms.model import rank
from hmi.alarms.sorted_rows import Delta, RowSet, SortedRows, difference
from hmi.alarms.tally import Tally

STATES = tuple(state for state in AlarmState if state is not AlarmState.NORM)


def _row(number: int, chance: random.Random) -> AlarmRow:
    return AlarmRow(
        name=f"T{number}.H", tag=f"T{number}", kind=None, priority=chance.choice(PRIORITIES),
        state=chance.choice(STATES), active_us=chance.randrange(100), equipment=f"E{number % 7}",
        display=f"D{number % 3}",
    )  # fmt: skip


def _moments(count: int, share: float) -> list[list[AlarmRow]]:
    """Rows that come, change and go by chance, the unchanged ones being the same objects."""
    chance = random.Random(3)
    everything = [_row(number, chance) for number in range(count)]
    moments = []
    for _ in range(12):
        everything = [_row(at, chance) if chance.random() < share else row for at, row in enumerate(everything)]
        moments.append([row for at, row in enumerate(everything) if (at + len(moments)) % 11])
    return [*moments, [], everything]


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_rows_stay_in_order_and_only_those_that_belong_are_among_them(share: float) -> None:
    rows, whole = RowSet(), SortedRows(rank)
    waiting = SortedRows(rank, lambda row: row.state.is_unacknowledged)
    for moment in _moments(400, share):
        delta = rows.take(moment)
        changes = whole.apply(delta)
        assert (changes.gone.keys(), changes.fresh.keys()) == (delta.gone.keys(), delta.fresh.keys())
        waiting.apply(delta)
        assert whole.rows == sorted(moment, key=rank)
        assert waiting.rows == [row for row in whole.rows if row.state.is_unacknowledged]
        assert len(waiting) == len(waiting.rows)


def test_a_list_that_begins_anew_holds_what_it_is_given() -> None:
    first, _, last = _moments(50, 0.5)[:3]
    rows = SortedRows(rank)
    rows.begin(first)
    rows.apply(difference(first, last))
    assert rows.rows == sorted(last, key=rank)


def test_nothing_changed_is_no_change() -> None:
    (moment, *_) = _moments(20, 0.5)
    rows = RowSet()
    assert rows.take(moment)
    assert not rows.take(list(moment))
    assert not Delta({}, {})


@pytest.mark.parametrize("share", [0.01, 0.5])
def test_counts_and_signs_equal_those_of_all_rows(share: float) -> None:
    rows, tally = RowSet(), Tally()
    for moment in _moments(300, share):
        tally.apply(rows.take(moment))
        visible = [row for row in moment if not glyph_of(row).look.is_grey]
        counts = Counter(row.priority for row in visible)
        assert {each: tally.present(each) for each in PRIORITIES} == {each: counts[each] for each in PRIORITIES}
        assert +tally.states == Counter(row.state for row in moment)
        places = {name for row in moment for name in (row.tag, row.equipment, row.display)}
        assert tally.glyphs.keys() == places
        for place in places:
            here = [row for row in moment if place in (row.tag, row.equipment, row.display)]
            assert tally.glyphs[place] == glyph_of(min(here, key=_urgency))
        for priority in PRIORITIES:
            here = [row for row in visible if row.priority == priority]
            assert tally.top(priority) == (glyph_of(min(here, key=_urgency)) if here else None)


def _urgency(row: AlarmRow) -> tuple[bool, bool, int, int]:
    return not row.state.is_unacknowledged, glyph_of(row).look.is_grey, row.priority, rank(row)[0]


def test_a_row_that_is_equal_but_another_object_counts_once() -> None:
    rows, tally = RowSet(), Tally()
    row = _row(1, random.Random(1))
    for each in (row, replace(row)):
        tally.apply(rows.take([each]))
    assert sum(tally.states.values()) == 1
