"""The list in the order of any column; what has no value there stands last, forwards and backwards."""

from typing import Any

import pytest

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.columns import CHECK, COLUMNS, CONSEQUENCE, COUNT, LIMIT, TAG, TEXT, TIME, VALUE
from hmi.alarm_list.order import SORTABLE, Order, Sorting, key_of

SORTING = Sorting(str.upper, {"a": 30, "c": 10}.get)


def _row(name: str, **settings: Any) -> AlarmRow:
    usual = {"tag": name, "kind": None, "priority": 3, "state": AlarmState.UNACK}
    return AlarmRow(**{"name": name, **usual, **settings})


def _sorted(order: Order, *rows: AlarmRow) -> str:
    found = sorted(rows, key=key_of(order, SORTING))
    return "".join(row.name for row in (reversed(found) if order.is_reversed else found))


def test_a_click_sorts_a_second_reverses_and_a_third_returns_to_the_usual_order() -> None:
    order = Order().clicked(TAG)
    assert order == Order(TAG)
    assert order.clicked(TAG) == Order(TAG, True)
    assert order.clicked(TAG).clicked(TAG) == Order()
    assert order.clicked(TIME) == Order(TIME)


@pytest.mark.parametrize("column", [CHECK, VALUE])
def test_nobody_sorts_by_the_box_or_by_a_value_that_moves(column: int) -> None:
    assert Order(TAG).clicked(column) == Order(TAG)


@pytest.mark.parametrize(("column", "forwards", "backwards"), [(LIMIT, "bac", "abc"), (CONSEQUENCE, "cab", "acb")])
def test_what_has_no_value_stands_last(column: int, forwards: str, backwards: str) -> None:
    rows = _row("a", limit=2.0), _row("b", limit=1.0), _row("c")
    assert _sorted(Order(column), *rows) == forwards
    assert _sorted(Order(column, True), *rows) == backwards


def test_times_and_counts_begin_with_the_newest_and_the_most() -> None:
    rows = _row("a", active_us=1, count=5), _row("b", active_us=9, count=1)
    assert _sorted(Order(TIME), *rows) == "ba"
    assert _sorted(Order(COUNT), *rows) == "ab"


def test_texts_stand_by_their_letters_whatever_their_case() -> None:
    assert _sorted(Order(TEXT), _row("a", text="zinc"), _row("b", text="Alum")) == "ba"


@pytest.mark.parametrize("column", sorted(SORTABLE))
def test_every_column_sorts_whatever_is_in_it(column: int) -> None:
    full = {"first_out": 1, "acked_by": "mo", "acked_us": 5, "until_us": 7, "note": "Vent", "trip_value": 1.0}
    rows = _row("a", area="x", limit=1.0, **full), _row("b")
    assert sorted(_sorted(Order(column), *rows)) == ["a", "b"]
    assert COLUMNS[column].full
