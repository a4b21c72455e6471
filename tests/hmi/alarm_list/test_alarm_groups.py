"""An alarm stands below the one that explains it, folded away unless it must be seen."""

import pytest

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.groups import Place, arrange

ACKED, UNACK = AlarmState.ACKED, AlarmState.UNACK


def _row(name: str, priority: int = 3, state: AlarmState = UNACK) -> AlarmRow:
    return AlarmRow(name=name, tag=name, kind=None, priority=priority, state=state)


def _names(rows: list[AlarmRow]) -> str:
    return " ".join(row.name for row in rows)


def test_what_an_alarm_explains_is_folded_away_and_counted() -> None:
    rows, places = arrange([_row("a"), _row("b"), _row("c"), _row("d")], {"b": "a", "d": "a"}, ())
    assert _names(rows) == "a c"
    assert places == {"a": Place(0, 2, 2)}


def test_unfolded_it_stands_below_its_cause_in_the_order_of_the_list() -> None:
    rows, places = arrange([_row("a"), _row("b"), _row("c"), _row("d")], {"d": "a", "b": "a"}, {"a"})
    assert _names(rows) == "a b d c"
    assert places == {"a": Place(0, 2, 0), "b": Place(1), "d": Place(1)}


@pytest.mark.parametrize(
    ("child", "is_seen"),
    [
        (_row("b", 1, ACKED), True),
        (_row("b", 2, UNACK), True),
        (_row("b", 2, AlarmState.RTNUN), True),
        (_row("b", 2, ACKED), False),
        (_row("b", 3, UNACK), False),
    ],
)
def test_what_is_more_urgent_or_urgent_and_unacknowledged_is_never_folded_away(child: AlarmRow, is_seen: bool) -> None:
    rows, _ = arrange([_row("a", 2), child], {"b": "a"}, ())
    assert ("b" in _names(rows)) is is_seen


def test_an_urgent_alarm_below_one_that_is_folded_away_is_seen_too() -> None:
    rows, places = arrange([_row("a"), _row("b"), _row("c", 1)], {"b": "a", "c": "b"}, ())
    assert _names(rows) == "a c"
    assert places == {"a": Place(0, 2, 1), "c": Place(1)}


def test_causes_of_causes_stand_in_further() -> None:
    rows, places = arrange([_row("c"), _row("b"), _row("a")], {"b": "a", "c": "b"}, {"a", "b"})
    assert _names(rows) == "a b c"
    assert [places[name].depth for name in "abc"] == [0, 1, 2]
    assert places["a"].below == 2


def test_a_cause_that_is_not_shown_gives_way_to_its_own_cause() -> None:
    rows, places = arrange([_row("a"), _row("c")], {"b": "a", "c": "b"}, {"a"})
    assert _names(rows) == "a c"
    assert places["c"] == Place(1)


def test_without_its_cause_an_alarm_stands_for_itself() -> None:
    rows, places = arrange([_row("b"), _row("c")], {"b": "a"}, ())
    assert (_names(rows), places) == ("b c", {})


def test_causes_that_go_round_in_a_circle_hide_nothing() -> None:
    rows, _ = arrange([_row("a"), _row("b"), _row("c")], {"a": "b", "b": "a", "c": "a"}, ())
    assert set(_names(rows).split()) == {"a", "b", "c"}
