"""Places count their alarms, be it one or many, and nothing is left of those that have none."""

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.looks import precedence
from hmi.alarms.standings import Standings

RAISED, RETURNED = (
    precedence(AlarmRow(name="A", tag="T", kind=None, priority=2, state=state))
    for state in (AlarmState.UNACK, AlarmState.RTNUN)
)


def test_a_place_with_one_alarm_becomes_one_with_several_and_again_one_with_none() -> None:
    standings = Standings()
    assert not standings.at("T")
    seen = []
    for standing in (RAISED, RAISED, RETURNED):
        standings.add("T", standing)
        seen.append(dict(standings.at("T")))
    assert seen == [{RAISED: 1}, {RAISED: 2}, {RAISED: 2, RETURNED: 1}]
    for standing in (RETURNED, RAISED):
        standings.remove("T", standing)
    assert standings.at("T") == {RAISED: 1}
    standings.remove("T", RAISED)
    assert not standings.at("T")


def test_each_place_counts_for_itself() -> None:
    standings = Standings()
    standings.add("T", RAISED)
    standings.add(2, RAISED)
    standings.add(2, RETURNED)
    standings.remove("T", RAISED)
    assert not standings.at("T")
    assert standings.at(2) == {RAISED: 1, RETURNED: 1}


def test_alarms_of_one_precedence_share_it() -> None:
    row = AlarmRow(name="B", tag="U", kind=None, priority=2, state=AlarmState.UNACK)
    assert precedence(row) is RAISED
