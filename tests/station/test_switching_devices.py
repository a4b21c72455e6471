"""A device taken out of service by a person: who did it, and how it ended, stands in the audit."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import Connection, event

from drivers.health import LinkState
from station.protocol import ActResult
from station.session import Session
from tests.fakes.audit_rows import audit_rows
from tests.fakes.running_station import OPERATOR, RunningStation

NOBODY = Session(user="", roles=frozenset(), seat="desk 1", is_logged_on=False)


def _switch(running: RunningStation, name: str, is_enabled: bool, session: Session = OPERATOR) -> ActResult:
    return asyncio.run(running.station.switch_device(name, is_enabled, session, "new card"))


def _rows(running: RunningStation) -> list[tuple[Any, ...]]:
    keys = ("user", "seat", "tag", "title", "value_new", "reason", "state", "message")
    return [tuple(row[key] for key in keys) for row in audit_rows(running.folder, "device")]


def test_who_takes_a_device_out_is_on_the_disk_before_and_after(ready: RunningStation) -> None:
    seen: list[list[str]] = []
    use = ready.pool.use

    def watched(devices: Any) -> None:
        seen.append([row["state"] for row in audit_rows(ready.folder, "device")])
        use(devices)

    ready.pool.use = watched  # type: ignore[method-assign]
    assert _switch(ready, "PLC", False) == ActResult(True)
    assert seen == [["pending"]]
    act = ("ada", "desk 1", "PLC", "Take out of service", 0.0, "new card")
    assert _rows(ready) == [(*act, "pending", ""), (*act, "verified", "")]
    assert not ready.pool.uses[-1]["PLC"].enabled
    assert _switch(ready, "PLC", True) == ActResult(True)
    assert ready.pool.uses[-1] == dict(ready.station.plant.devices)


@pytest.mark.parametrize(
    ("name", "is_enabled", "session", "words"),
    [
        ("NOWHERE", False, OPERATOR, "There is no device NOWHERE"),
        ("PLC", True, OPERATOR, "PLC is in service already"),
        ("PLC", False, NOBODY, "Switching a device needs a user"),
    ],
)
def test_a_refusal_is_recorded_too(
    ready: RunningStation, name: str, is_enabled: bool, session: Session, words: str
) -> None:
    assert _switch(ready, name, is_enabled, session) == ActResult(False, words)
    assert [(row[2], *row[-2:]) for row in _rows(ready)] == [(name, "rejected", words)]
    assert ready.pool.uses == []


def test_what_cannot_be_recorded_does_not_happen(ready: RunningStation) -> None:
    engine = ready.station._parts.audit._engine
    assert engine is not None

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA query_only = ON")

    result = _switch(ready, "PLC", False)
    assert not result.is_done
    assert "It can't be recorded" in result.message
    assert ready.pool.uses == []
    assert ready.station.health.devices[0].state is LinkState.CONNECTED


def test_a_driver_that_raises_leaves_the_end_unknown(ready: RunningStation) -> None:
    def broken(devices: Any) -> None:
        raise OSError("no sockets left")

    ready.pool.use = broken  # type: ignore[method-assign]
    assert _switch(ready, "PLC", False) == ActResult(False, "Internal error: no sockets left")
    assert [row[-2] for row in _rows(ready)] == ["pending", "unknown"]


def test_a_station_that_is_not_running_switches_nothing(ready: RunningStation) -> None:
    ready.station.stop()
    assert _switch(ready, "PLC", False) == ActResult(False, "The station is not running")
