"""What the station finds wrong with itself: held for a while, told in words, over when it is over."""

from collections.abc import Mapping
from dataclasses import replace

from alarms.health import JournalHealth
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.states import AlarmState
from history.health import HistoryHealth, SpoolHealth
from station.protocol import QueueHealth, StationHealth
from station.system_watch import SystemWatch
from tests.fakes.clock import ManualClock


class Bench:
    """A station whose health a test sets."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.health = StationHealth(is_evaluated=True, devices=(), queue=QueueHealth(0, 0, 0, 0))
        self.alarms = AlarmSnapshot()
        self.watch = SystemWatch(lambda: self.health, 2, self.clock)

    def look(self, after_s: float = 0.0) -> Mapping[str, str]:
        self.clock.advance(after_s)
        return self.watch(self.alarms)


def test_all_is_well() -> None:
    assert Bench().look() == {}


def test_what_lasts_is_told_and_what_is_over_is_not() -> None:
    bench = Bench()
    bench.health = replace(bench.health, journal=JournalHealth(error="locked", unread="locked"), audit_error="full")
    assert bench.look() == {}
    assert bench.look(9.9) == {}
    assert bench.look(1.0) == {"station.journal": "locked", "station.memory": "locked", "station.audit": "full"}
    bench.health = replace(bench.health, journal=JournalHealth())
    assert bench.look(1.0) == {"station.audit": "full"}


def test_it_is_looked_at_once_a_second() -> None:
    bench = Bench()
    bench.look()
    bench.health = replace(bench.health, audit_error="full")
    bench.look(0.5)
    assert bench.watch._since_ns == {}
    bench.look(0.5)
    assert set(bench.watch._since_ns) == {"station.audit"}


def test_damage_of_journal_or_audit_and_faults_of_history_are_told() -> None:
    bench = Bench()
    bench.health = replace(bench.health, audit_damage="rows are missing", history=HistoryHealth(error="no disk"))
    bench.look()
    assert bench.look(10.0) == {"station.damage": "rows are missing", "station.history": "no disk"}
    bench.health = replace(bench.health, journal=JournalHealth(damage="changed"))
    assert bench.look(1.0)["station.damage"] == "changed"


def test_a_spool_that_is_four_fifths_full_is_told() -> None:
    bench = Bench()
    bench.health = replace(
        bench.health, history=HistoryHealth(spool=SpoolHealth(server="db", bytes=79, room_bytes=100))
    )
    bench.look()
    assert bench.look(10.0) == {}
    bench.health = replace(
        bench.health, history=HistoryHealth(spool=SpoolHealth(server="db", bytes=80, room_bytes=100))
    )
    bench.look(1.0)
    assert "80 % of the room" in bench.look(10.0)["station.room"]


def test_losses_are_told_for_a_minute_after_the_last() -> None:
    bench = Bench()
    bench.health = replace(bench.health, queue=QueueHealth(0, 0, 9, 3), journal=JournalHealth(dropped=2))
    bench.look()
    assert bench.look(11.0) == {"station.lost": "5 since the start"}
    assert bench.look(40.0) == {"station.lost": "5 since the start"}
    assert bench.look(20.0) == {}
    bench.health = replace(bench.health, queue=QueueHealth(0, 0, 9, 4))
    bench.look(1.0)
    assert bench.look(11.0) == {"station.lost": "6 since the start"}


def test_many_put_aside_are_told() -> None:
    bench = Bench()
    states = (AlarmState.SHLVD, AlarmState.OOSRV, AlarmState.DSUPR, AlarmState.UNACK)
    rows = tuple(AlarmRow(name=str(state), tag="", kind=None, priority=3, state=state) for state in states)
    bench.alarms = AlarmSnapshot(rows=rows)
    bench.look()
    assert bench.look(10.0) == {}
    bench.alarms = AlarmSnapshot(rows=(*rows, replace(rows[0], name="another")))
    bench.look(1.0)
    assert bench.look(10.0) == {"station.aside": "3 alarms"}
