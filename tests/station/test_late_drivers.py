"""A station that is up before its devices are found: it says nothing that it doesn't know, and loses nothing."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from drivers.health import LinkState
from drivers.late import Found
from plant_models.device import Endpoint
from plant_models.quality import Quality, is_bad
from station.local import LocalStation
from station.protocol import CommandRequest, CommandState
from tests.fakes.clock import ManualClock
from tests.fakes.pool import FakePool
from tests.fakes.pump_plant import pump_plant
from tests.fakes.running_station import OPERATOR
from tests.fakes.waiting import wait_until


class LateStation:
    """A running station whose devices are found when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.found: Found = Future()
        self.found.set_running_or_notify_cancel()
        self.pools: list[FakePool] = []
        self.station = LocalStation(pump_plant(), folder, ManualClock(), self.found, make_pool=self._make)

    def _make(self, *parts: object) -> FakePool:
        self.pools.append(FakePool(*parts))  # type: ignore[arg-type]
        return self.pools[-1]

    def find(self) -> FakePool:
        self.found.set_result({"PLC": Endpoint("127.0.0.1", 1502)})
        return self.pools[-1]


@pytest.fixture
def late(tmp_path: Path) -> Iterator[LateStation]:
    late = LateStation(tmp_path / "data")
    late.station.start()
    try:
        yield late
    finally:
        late.station.stop()


def test_before_devices_are_found_no_value_is_good_and_every_device_is_connecting(late: LateStation) -> None:
    table = late.station.table
    assert all(is_bad(table.sample(tag.name).quality) for tag in table.tags if tag.device)
    assert [device.state for device in late.station.health.devices] == [LinkState.CONNECTING]
    assert late.station.alarms.rows == ()


def test_before_devices_are_found_a_command_is_refused_and_says_why(late: LateStation) -> None:
    request = CommandRequest(tag="P1.CMD", value=1)
    status = asyncio.run(late.station.command(request, OPERATOR))
    assert status.state is CommandState.REJECTED
    assert "PLC is not connected" in status.message


def test_once_devices_are_found_values_come(late: LateStation) -> None:
    pool = late.find()
    assert pool.starts == 1
    assert pool.put({"LEVEL": 7.0})
    wait_until(lambda: late.station.table.sample("LEVEL").quality == Quality.GOOD, what="a good level")


def test_a_station_that_is_stopped_before_its_devices_are_found_never_reaches_for_them(late: LateStation) -> None:
    late.station.stop()
    late.found.set_result({})
    assert late.pools == []
