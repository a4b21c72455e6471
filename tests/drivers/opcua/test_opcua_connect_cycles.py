"""Many short connections to an OPC UA server leave no socket and no file; that no thread is left, every test sees."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plant_models.tag import DataType
from tests.fakes.running_pool import RunningPool
from tests.fakes.scripted_opcua_server import ScriptedOpcUaServer
from tests.fakes.small_plant import opcua_device, small_plant, tag
from tests.fakes.waiting import wait_until


@pytest.fixture
def server() -> Iterator[ScriptedOpcUaServer]:
    with ScriptedOpcUaServer() as one:
        yield one


@pytest.mark.parametrize("times", [50, pytest.param(1000, marks=pytest.mark.soak)])
def test_many_connections_leave_nothing_behind(server: ScriptedOpcUaServer, times: int) -> None:
    connect_and_stop(server, 2)
    before = handles()
    connect_and_stop(server, times)
    wait_until(lambda: handles() <= before, what="the end of all sockets")
    assert len(server.subscriptions) == times + 2


def connect_and_stop(server: ScriptedOpcUaServer, times: int) -> None:
    plant = small_plant([opcua_device("UA", server.port)], [tag("T", "UA", "ns=2;i=1", DataType.F64)], 0.05)
    for _ in range(times):
        with RunningPool(plant) as pool:
            pool.wait_good("T")


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
