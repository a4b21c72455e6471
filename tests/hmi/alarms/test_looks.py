"""What is shown where several alarms are, and who is called for them."""

from itertools import product

import pytest

from alarms.snapshot import ALL_PRIORITIES, AlarmRow
from alarms.states import AlarmState
from hmi.alarms.looks import calling, glyph_of, precedence, waiting_by_priority
from plant_models.alarm_definition import DIAGNOSTIC

STATES = tuple(state for state in AlarmState if state is not AlarmState.NORM)


def row(state: AlarmState, priority: int = 3, first_out: int = 0, name: str = "A") -> AlarmRow:
    return AlarmRow(name=name, tag=name, kind=None, priority=priority, state=state, first_out=first_out)


def shown(*rows: AlarmRow) -> AlarmRow:
    return min(rows, key=precedence)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (AlarmState.UNACK, AlarmState.ACKED),
        (AlarmState.RTNUN, AlarmState.ACKED),
        (AlarmState.LATUN, AlarmState.LATAK),
        (AlarmState.ACKED, AlarmState.OOSRV),
        (AlarmState.LATAK, AlarmState.DSUPR),
        (AlarmState.OOSRV, AlarmState.SHLVD),
        (AlarmState.DSUPR, AlarmState.SHLVD),
    ],
)
def test_unacknowledged_before_active_before_out_of_service_before_shelved_whatever_the_priority(
    before: AlarmState, after: AlarmState
) -> None:
    assert shown(row(after, priority=1), row(before, priority=4)).state is before


def test_in_the_same_state_the_most_urgent_is_shown_then_the_first_of_its_group() -> None:
    assert shown(row(AlarmState.UNACK, 2), row(AlarmState.UNACK, 1)).priority == 1
    assert shown(row(AlarmState.UNACK), row(AlarmState.UNACK, first_out=2)).first_out == 2


def test_what_calls_nobody_never_hides_what_does_but_is_shown_before_what_was_put_aside() -> None:
    waiting = row(AlarmState.UNACK, DIAGNOSTIC)
    assert shown(waiting, row(AlarmState.LATAK, 4)).priority == 4
    assert shown(waiting, row(AlarmState.OOSRV, 1)) is waiting


def test_alarms_of_one_precedence_have_one_glyph() -> None:
    glyphs: dict[object, set[object]] = {}
    for state, priority, first in product(STATES, ALL_PRIORITIES, (0, 1, 2)):
        each = row(state, priority, first)
        glyphs.setdefault(precedence(each), set()).add(glyph_of(each))
    assert all(len(found) == 1 for found in glyphs.values())


def test_nobody_is_called_for_diagnostic_alarms() -> None:
    waiting = [row(AlarmState.UNACK, priority, name=f"A{at}") for at, priority in enumerate((1, 1, 2, 4, 5, 5))]
    assert [each.priority for each in calling(waiting)] == [1, 1, 2, 4]
    assert waiting_by_priority(waiting) == {1: 2, 2: 1, 3: 0, 4: 1, 5: 2}
    assert list(calling(waiting[4:])) == []
    assert waiting_by_priority([]) == dict.fromkeys(ALL_PRIORITIES, 0)
