"""What the filter of the list lets through: words with wildcards, areas, states, times."""

from typing import Any

import pytest

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.filter import AlarmFilter


def _row(**settings: Any) -> AlarmRow:
    usual = {"name": "TK1.LEVEL.H", "tag": "TK1.LEVEL", "kind": None, "priority": 3, "state": AlarmState.UNACK}
    return AlarmRow(**{**usual, "text": "Level high", "description": "Clear tank", "area": "tanks", **settings})


@pytest.mark.parametrize(
    ("text", "is_wanted"),
    [
        ("", True),
        ("level", True),
        ("HIGH tank", True),
        ("tank level high", True),
        ("tank pump", False),
        ("tk?.level", True),
        ("tk?level", False),
        ("tk??level", True),
        ("tk*lev", True),
        ("level*tank", False),
        ("tk1.*", True),
        ("tk1x", False),
        ("(", False),
    ],
)
def test_every_word_must_be_there_with_stars_and_question_marks(text: str, is_wanted: bool) -> None:
    assert AlarmFilter(text).wants(_row(), "Tanks and valves") is is_wanted


@pytest.mark.parametrize(
    ("wanted", "is_wanted"),
    [
        (AlarmFilter(areas=frozenset({"tanks"})), True),
        (AlarmFilter(areas=frozenset({"river"})), False),
        (AlarmFilter(states=frozenset({AlarmState.UNACK})), True),
        (AlarmFilter(states=frozenset({AlarmState.ACKED})), False),
        (AlarmFilter(since_us=100), True),
        (AlarmFilter(since_us=101), False),
        (AlarmFilter(before_us=101), True),
        (AlarmFilter(before_us=100), False),
    ],
)
def test_areas_states_and_times_leave_out_what_is_elsewhere(wanted: AlarmFilter, is_wanted: bool) -> None:
    row = _row(active_us=100)
    assert wanted.is_on
    assert wanted.wants(row, "Tanks") is is_wanted
    assert wanted.passes(_row(active_us=100, priority=2), "Tanks")
