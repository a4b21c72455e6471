"""Manual values, and memory tags, through a whole station: in force, in the audit, over a restart."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drivers.health import LinkState
from history import packing
from plant_models.batch import failure, keep_alive
from plant_models.quality import Quality
from station.protocol import CommandState, ManualRequest
from station.session import Session
from tests.fakes.running_station import OPERATOR, RunningStation
from tests.fakes.waiting import wait_until


def set_manual(running: RunningStation, tag: str, value: float | None, session: Session = OPERATOR) -> str:
    request = ManualRequest(tag=tag, value=value, reason="sensor is being cleaned")
    return asyncio.run(running.station.set_manual(request, session))


def wait_for(running: RunningStation, tag: str, value: float, quality: int) -> None:
    def found() -> bool:
        sample = running.station.table.sample(tag)
        return (sample.value, sample.quality) == (value, quality)

    wait_until(found, what=f"{tag} = {value}, quality {quality}")


def rows(folder: Path, kind: str) -> list[tuple[str, float | None, str, str]]:
    with sqlite3.connect(folder / "station.sqlite") as connection:
        query = "SELECT tag, value_new, state, reason FROM audit WHERE kind = ? ORDER BY epoch, seq"
        return connection.execute(query, (kind,)).fetchall()


def test_what_the_device_says_meanwhile_stands_again_afterwards(ready: RunningStation) -> None:
    ready.put({"LEVEL": 3.0})
    assert set_manual(ready, "LEVEL", 5.0) == ""
    wait_for(ready, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
    ready.pool.put({"LEVEL": 3.3, "P1.SPEED_SP": 31.0})
    wait_for(ready, "P1.SPEED_SP", 31.0, Quality.GOOD)
    wait_for(ready, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert set_manual(ready, "LEVEL", None) == ""
    wait_for(ready, "LEVEL", 3.3, Quality.GOOD)
    ready.put({"LEVEL": 3.4})
    wait_for(ready, "LEVEL", 3.4, Quality.GOOD)
    assert rows(ready.folder, "manual") == [
        ("LEVEL", 5.0, "held", "sensor is being cleaned"),
        ("LEVEL", None, "released", "sensor is being cleaned"),
    ]


def test_a_device_that_died_meanwhile_is_bad_again_afterwards(ready: RunningStation) -> None:
    ready.put({"LEVEL": 3.0})
    assert set_manual(ready, "LEVEL", 5.0) == ""
    row = ready.station.table.index["LEVEL"]
    ready.pool.sink.offer(failure([row], Quality.BAD_NO_COMMUNICATION, ready.clock.wall_us(), ready.clock.mono_ns()))
    ready.pool.sink.offer(keep_alive([row], ready.clock.mono_ns()))
    wait_for(ready, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
    assert set_manual(ready, "LEVEL", None) == ""
    wait_for(ready, "LEVEL", 3.0, Quality.BAD_NO_COMMUNICATION)


def test_it_counts_in_formulas_and_alarms_and_never_ages(ready: RunningStation) -> None:
    ready.put({"LEVEL": 3.0})
    assert set_manual(ready, "LEVEL", 8.5) == ""
    wait_until(lambda: [row.name for row in ready.station.alarms.rows] == ["LEVEL.H"])
    calculated = ready.station.table.sample("LEVEL_PCT")
    assert calculated.quality == Quality.GOOD_LOCAL_OVERRIDE
    ready.clock.advance(3600.0)
    rounds = ready.station._thread.rounds
    wait_until(lambda: ready.station._thread.rounds > rounds + 3)
    wait_for(ready, "LEVEL", 8.5, Quality.GOOD_LOCAL_OVERRIDE)


def test_it_holds_over_a_restart_and_so_does_a_memory_tag(tmp_path: Path) -> None:
    first = RunningStation(tmp_path / "data")
    first.start()
    first.put_ready()
    first.put({"LEVEL": 3.0})
    assert set_manual(first, "LEVEL", 5.0) == ""
    assert set_manual(first, "P1.SPEED_SP", 20.0) == ""
    assert set_manual(first, "P1.SPEED_SP", None) == ""
    for value in (1.0, 2.0):
        first.clock.advance(5.0)
        assert first.command("NOTE", value).state is CommandState.VERIFIED
    first.stop()
    second = RunningStation(tmp_path / "data")
    second.start()
    try:
        wait_for(second, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
        wait_for(second, "NOTE", 2.0, Quality.GOOD)
        (manual,) = second.station.manual_values
        assert (manual.tag, manual.value, manual.user, manual.reason) == (
            "LEVEL",
            5.0,
            "ada",
            "sensor is being cleaned",
        )
        second.pool.put({"LEVEL": 3.7, "P1.SPEED_SP": 33.0})
        wait_for(second, "P1.SPEED_SP", 33.0, Quality.GOOD)
        wait_for(second, "LEVEL", 5.0, Quality.GOOD_LOCAL_OVERRIDE)
        assert set_manual(second, "LEVEL", None) == ""
        wait_for(second, "LEVEL", 3.7, Quality.GOOD)
    finally:
        second.stop()


@pytest.mark.parametrize(
    ("tag", "value", "words"),
    [
        ("LEVEL_PCT", 1.0, "is calculated"),
        ("NOTE", 1.0, "belongs to no device"),
        ("BATCH", 1.0, "is a text"),
        ("LEVEL", float("nan"), "is not a number"),
        ("LEVEL", float("inf"), "is not a number"),
        ("LEVEL", True, "is not a number"),
        ("P1.SPEED_SP", 61.0, "outside the range"),
        ("P1.MODE", 17.0, "none of the states"),
    ],
)
def test_what_makes_no_sense_is_refused(ready: RunningStation, tag: str, value: float, words: str) -> None:
    assert words in set_manual(ready, tag, value)
    assert ready.station.manual_values == ()
    assert rows(ready.folder, "manual") == []


def test_nobody_in_particular_gives_no_manual_value(ready: RunningStation) -> None:
    nobody = Session(user="", roles=frozenset(), seat="desk 1", is_logged_on=False)
    assert set_manual(ready, "LEVEL", 5.0, nobody) == "A manual value needs a user"


def test_what_cannot_be_recorded_does_not_take_effect(ready: RunningStation) -> None:
    ready.put({"LEVEL": 3.0})
    (ready.folder / "station.sqlite").rename(ready.folder / "elsewhere.sqlite")
    assert "can't be recorded" in set_manual(ready, "LEVEL", 5.0)
    assert ready.station.manual_values == ()
    wait_for(ready, "LEVEL", 3.0, Quality.GOOD)


def test_a_stopped_station_takes_none(running: RunningStation) -> None:
    running.stop()
    assert set_manual(running, "LEVEL", 5.0) == "The station is not running"


def test_a_memory_tag_needs_no_device_and_has_its_own_checks(ready: RunningStation) -> None:
    ready.pool.put_link("PLC", LinkState.DOWN)
    assert ready.refusals("NOTE", 3.0) == ()
    assert "not a number" in ready.refusals("NOTE", float("nan"))[0]


@pytest.fixture
def restless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RunningStation]:
    """A started station that looks for new manual values all the time."""
    monkeypatch.setattr(packing, "REST_S", 0.02)
    running = RunningStation(tmp_path)
    running.start()
    running.put_ready()
    yield running
    running.stop()


def test_other_programs_find_each_manual_value_once(restless: RunningStation) -> None:
    path = restless.folder / "tables.sqlite"

    def read(query: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def found() -> list[tuple[object, ...]]:
        return read('SELECT tag_name, value, "user", until_us IS NULL, ended_by FROM manual_value ORDER BY epoch, seq')

    assert set_manual(restless, "LEVEL", 5.0) == ""
    assert set_manual(restless, "LEVEL", 6.0) == ""
    names = "SELECT 1 FROM sqlite_master WHERE name = 'manual_value'"
    wait_until(lambda: path.exists() and bool(read(names)), what="the table")
    wait_until(lambda: found() == [("LEVEL", 5.0, "ada", 0, "ada"), ("LEVEL", 6.0, "ada", 1, None)], what="both values")
    assert set_manual(restless, "LEVEL", None) == ""
    wait_until(lambda: found()[1][3:] == (0, "ada"), what="the end of the second")
    audit = restless.station._parts.audit
    changes, until = audit.manual_changes((0, 0))
    assert [change.value for change in changes] == [5.0, 6.0, None]
    assert audit.manual_changes(until) == ([], until)
