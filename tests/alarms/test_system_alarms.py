"""The station's alarms about itself: raised, kept, handled and found again like all others."""

from collections import Counter
from dataclasses import replace

from alarms.acknowledgement import AlarmSeen
from alarms.entry import JournalEntry, Moment
from alarms.handling import AlarmAct, AlarmRequest
from alarms.states import Bits
from alarms.system_alarms import ALARMS, HISTORY, JOURNAL, SystemAlarms
from tests.fakes.alarm_bench import ADA

NOW = Moment(1_000_000_000, 0)


def told(entries: list[JournalEntry]) -> list[str]:
    return [f"{entry.event} {entry.alarm}" for entry in entries]


def test_each_has_words_for_everything_that_an_operator_must_know() -> None:
    for alarm in ALARMS:
        definition = alarm.definition
        assert all((definition.text, definition.consequence, definition.action, definition.respond_min))


def test_one_is_raised_with_words_acknowledged_and_returns() -> None:
    alarms = SystemAlarms("v1")
    (raised,) = alarms.follow({JOURNAL: "the disk is full"}, NOW)
    assert (raised.event, raised.alarm, raised.comment, raised.priority) == ("ALM", JOURNAL, "the disk is full", 1)
    assert alarms.follow({JOURNAL: "the disk is full"}, NOW) == []
    (row,) = alarms.rows
    result, entries = alarms.acknowledge(AlarmSeen(row.name, row.occurrence, 1), ADA, NOW, "")
    assert result.is_done
    assert told(entries) == [f"ACK {JOURNAL}"]
    assert told(alarms.follow({}, NOW)) == [f"RTN {JOURNAL}"]
    assert list(alarms.rows) == []


def test_one_can_be_shelved_and_comes_back() -> None:
    alarms = SystemAlarms("v1")
    alarms.follow({HISTORY: "x"}, NOW)
    revision = alarms.revision
    (row,) = alarms.rows
    seen = AlarmSeen(row.name, row.occurrence, row.priority)
    request = AlarmRequest(act=AlarmAct.SHELVE, seen=(seen,), comment="known", minutes=1.0)
    assert alarms.handle(seen, request, ADA, NOW)[0].is_done
    assert alarms.revision > revision
    number = alarms.number_of(HISTORY)
    assert number is not None
    assert alarms.alarm(number).name == HISTORY
    assert alarms.standing_of(number).aside.why == "known"
    later = Moment(NOW.wall_us + 60_000_000, NOW.mono_ns + 60_000_000_000)
    assert told(alarms.follow({HISTORY: "x"}, later)) == [f"UNSHELVE {HISTORY}"]


def test_after_a_restart_they_stand_as_before_and_unknown_ones_end() -> None:
    alarms = SystemAlarms("v1")
    (entry,) = alarms.follow({JOURNAL: "x"}, NOW)
    again = SystemAlarms("v2")
    assert (again.version, again.standing_of(0).occurrence) == ("v2", 0)
    old = replace(entry, alarm="station.coffee")
    quiet = replace(old, alarm="station.tea", bits=int(Bits.ACKED))
    removed = again.restore([entry, old, quiet], NOW)
    assert told(removed) == ["REMOVED station.coffee"]
    assert [row.name for row in again.rows] == [JOURNAL]
    again.version = "v3"
    assert [entry.config for entry in again.follow({}, NOW)] == ["v3"]


def test_what_was_is_known_late_and_put_together() -> None:
    before = SystemAlarms("v1")
    (raised,) = before.follow({JOURNAL: "x"}, NOW)
    (history,) = before.follow({JOURNAL: "x", HISTORY: "y"}, NOW)
    row = next(row for row in before.rows if row.name == JOURNAL)
    (acked,) = before.acknowledge(AlarmSeen(JOURNAL, row.occurrence, row.priority), ADA, NOW, "")[1]
    quiet = replace(raised, alarm=HISTORY, bits=int(Bits.ACKED))
    blind = SystemAlarms("v1")
    meanwhile = {entry.alarm: Counter({entry.event: 1}) for entry in blind.follow({JOURNAL: "x", HISTORY: "y"}, NOW)}
    assert told(blind.restore([acked, quiet], NOW, meanwhile)) == [f"RECALL {JOURNAL}"]
    assert {row.name: row.state.value for row in blind.rows} == {JOURNAL: "ACKED", HISTORY: "UNACK"}
    assert history.alarm == HISTORY
