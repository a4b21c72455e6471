"""Shelving and its like on a running station: what is done is in the journal, what is refused in the audit."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.definitions import alarms_of, version_of
from alarms.handling import AlarmAct, AlarmRequest
from alarms.journal_query import JournalQuery
from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import STANDARD_RULES, AlarmPhilosophy, ClassRules
from station.session import Session
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import OPERATOR, SUPERVISOR, RunningStation
from tests.fakes.waiting import wait_until


@pytest.fixture
def raised(running: RunningStation) -> RunningStation:
    running.put({"LEVEL": 9.0})
    return running


def seen(running: RunningStation, name: str = "LEVEL.H") -> AlarmSeen:
    row = next(row for row in running.station.alarms.rows if row.name == name)
    return AlarmSeen(row.name, row.occurrence, row.priority, row.state, row.aside_us)


def do(running: RunningStation, act: AlarmAct, who: Session = OPERATOR, **more: object) -> AckResult:
    fields = {"act": act, "seen": (seen(running),), "comment": "known", "minutes": 60.0} | more
    return asyncio.run(running.station.handle_alarms(AlarmRequest(**fields), who))[0]  # type: ignore[arg-type]


def states(running: RunningStation) -> dict[str, str]:
    return {row.name: row.state.value for row in running.station.alarms.rows}


def events(running: RunningStation) -> list[str]:
    page = asyncio.run(running.station.journal(JournalQuery()))
    return [f"{row.event} {row.alarm} {row.user}".rstrip() for row in reversed(page.rows)]


def test_shelved_unshelved_commented_and_taken_out_of_service(raised: RunningStation) -> None:
    assert do(raised, AlarmAct.SHELVE) == AckResult("LEVEL.H", True)
    assert states(raised) == {"LEVEL.H": "SHLVD"}
    assert do(raised, AlarmAct.COMMENT, comment="float is stuck").is_done
    assert raised.station.alarms.rows[0].note == "float is stuck"
    assert do(raised, AlarmAct.UNSHELVE).is_done
    review_us = raised.clock.wall_us() + 86_400_000_000
    out = do(raised, AlarmAct.OUT_OF_SERVICE, SUPERVISOR, work_order="WO 7", review_us=review_us)
    assert out.is_done
    assert do(raised, AlarmAct.RETURN_TO_SERVICE, SUPERVISOR).is_done
    assert states(raised) == {"LEVEL.H": "UNACK"}
    assert events(raised) == [
        "ALM LEVEL.H",
        "SHELVE LEVEL.H ada",
        "COMMENT LEVEL.H ada",
        "UNSHELVE LEVEL.H ada",
        "OOS LEVEL.H eve",
        "RTS LEVEL.H eve",
    ]


def test_a_refusal_names_its_rule_and_stands_in_the_audit(raised: RunningStation) -> None:
    result = do(raised, AlarmAct.OUT_OF_SERVICE, work_order="WO 7", review_us=raised.clock.wall_us() + 1)
    assert result == AckResult("LEVEL.H", False, "Only the role supervisor or a higher one may")
    result = do(raised, AlarmAct.SHELVE, comment="")
    assert result.message == "It needs a reason"
    kinds = [(row["kind"], row["tag"], row["message"]) for row in audit_rows(raised.folder, "")[-2:]]
    assert kinds == [
        ("out of service", "LEVEL.H", "Only the role supervisor or a higher one may"),
        ("shelve", "LEVEL.H", "It needs a reason"),
    ]
    assert events(raised) == ["ALM LEVEL.H"]


def test_of_two_people_at_once_one_wins_and_the_other_is_told_who(raised: RunningStation) -> None:
    both = seen(raised)

    async def at_once() -> list[tuple[AckResult, ...]]:
        request = AlarmRequest(act=AlarmAct.SHELVE, seen=(both,), comment="x", minutes=5.0)
        handle = raised.station.handle_alarms
        return await asyncio.gather(handle(request, OPERATOR), handle(request, SUPERVISOR))

    results = [result for (result,) in asyncio.run(at_once())]
    assert sorted(result.is_done for result in results) == [False, True]
    winner = "ada" if results[0].is_done else "eve"
    (refused,) = (result for result in results if not result.is_done)
    assert refused.message == f"{winner} has put it aside since you saw it"
    assert events(raised) == ["ALM LEVEL.H", f"SHELVE LEVEL.H {winner}"]


def test_of_two_acknowledgements_at_once_one_wins_and_the_other_is_told_who(raised: RunningStation) -> None:
    both = [seen(raised)]

    async def at_once() -> list[tuple[AckResult, ...]]:
        station = raised.station
        return await asyncio.gather(station.acknowledge(both, OPERATOR), station.acknowledge(both, SUPERVISOR))

    results = [result for (result,) in asyncio.run(at_once())]
    winner = "ada" if results[0].is_done else "eve"
    (refused,) = (result for result in results if not result.is_done)
    assert refused.message == f"It was acknowledged by {winner}"
    assert events(raised) == ["ALM LEVEL.H", f"ACK LEVEL.H {winner}"]


def test_an_unknown_alarm_is_said(raised: RunningStation) -> None:
    nothing = AlarmSeen("NOTHING.H", 1, 1)
    assert do(raised, AlarmAct.SHELVE, seen=(nothing,)).message == "There is no alarm NOTHING.H"


def test_shelves_and_comments_survive_a_restart(tmp_path: Path) -> None:
    first = RunningStation(tmp_path)
    first.start()
    first.put({"LEVEL": 9.0})
    do(first, AlarmAct.SHELVE)
    before = first.station.alarms.rows
    first.stop()
    assert do_on_stopped(first, before[0].occurrence) == "The station is not running"
    second = RunningStation(tmp_path)
    second.start()
    try:
        assert [replace(row, is_frozen=False) for row in second.station.alarms.rows] == list(before)
        second.clock.advance(3_601)
        wait_until(lambda: second.station.alarms.rows[0].state.value == "UNACK")
    finally:
        second.stop()


def do_on_stopped(running: RunningStation, occurrence: int) -> str:
    request = AlarmRequest(act=AlarmAct.UNSHELVE, seen=(AlarmSeen("LEVEL.H", occurrence, 2),))
    return asyncio.run(running.station.handle_alarms(request, OPERATOR))[0].message


def test_a_disk_that_takes_nothing_is_told_with_what_was_done(raised: RunningStation) -> None:
    with closing(sqlite3.connect(raised.folder / "station.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = do(raised, AlarmAct.SHELVE)
        other.execute("ROLLBACK")
    assert result.is_done
    assert result.message.startswith("It is done, but not recorded yet")


def test_a_class_that_wants_a_comment_is_not_acknowledged_without(raised: RunningStation) -> None:
    rules = {**STANDARD_RULES, AlarmClass.PROCESS: ClassRules(comment_needed=True)}
    plant = replace(raised.station.plant, philosophy=AlarmPhilosophy(rules=rules))
    assert raised.station._alarms.use(plant, SUPERVISOR, "") == ""
    (result,) = asyncio.run(raised.station.acknowledge([seen(raised)], OPERATOR))
    assert result == AckResult("LEVEL.H", False, "It needs a comment")
    (result,) = asyncio.run(raised.station.acknowledge([seen(raised)], OPERATOR, "gone to look"))
    assert result.is_done


def test_other_definitions_are_in_force_at_once_and_told(raised: RunningStation) -> None:
    station = raised.station
    version = station.alarms.version
    changed = tuple(replace(alarm, priority=1) if alarm.name == "LEVEL.H" else alarm for alarm in station.plant.alarms)
    assert station._alarms.use(replace(station.plant, alarms=changed), SUPERVISOR, "MOC 3") == ""
    assert station.alarms.rows[0].priority == 1
    assert station.alarms.version != version
    assert station.alarms.configured["LEVEL.H"].definition.priority == 1
    assert events(raised)[-2:] == ["ESC LEVEL.H eve", "CONFIG LEVEL.H eve"]
    disabled = tuple(replace(alarm, enabled=False) for alarm in changed)
    assert station._alarms.use(replace(station.plant, alarms=disabled), SUPERVISOR, "") == ""
    assert station.alarms.rows == ()
    assert "LEVEL.H" in station.alarms.configured
    assert station.alarms.version == version_of(alarms_of(replace(station.plant, alarms=disabled)))
    assert "REMOVED LEVEL.H eve" in events(raised)


def test_while_the_station_thread_hangs_nobody_changes_definitions(
    raised: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("station.alarms.LOCK_S", 0.01)
    with raised.station._alarms._lock:
        assert raised.station._alarms.use(raised.station.plant, SUPERVISOR, "") == "Alarms are not evaluated"
        assert do(raised, AlarmAct.SHELVE).message == "Alarms are not evaluated"


def test_a_chattering_alarm_is_condensed_and_the_rest_is_written_at_the_end(raised: RunningStation) -> None:
    for value in (1.0, 9.0) * 15:
        raised.put({"LEVEL": value})
    assert raised.station.alarms.rows[0].is_chattering
    wait_until(lambda: len(events(raised)) == 20)
    raised.stop()
    with closing(sqlite3.connect(raised.folder / "station.sqlite")) as connection:
        rows = connection.execute("SELECT condensed FROM journal ORDER BY seq").fetchall()
    assert [count for (count,) in rows] == [None] * 20 + [11]
