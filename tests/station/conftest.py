"""What the tests of this folder share: a running station, and one OPC UA server, which takes seconds to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from asyncua import ua

from tests.fakes.opcua_server import OpcUaServer
from tests.fakes.running_station import RunningStation


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningStation]:
    """A started station whose pump has no values yet."""
    running = RunningStation(tmp_path / "data")
    running.start()
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def ready(running: RunningStation) -> RunningStation:
    """A started station whose pump stands in Manual without a fault."""
    running.put_ready()
    return running


@pytest.fixture(scope="package")
def opcua_server() -> Iterator[OpcUaServer]:
    """A server with nodes of several kinds and a folder; whoever takes it says who gets in (`relock`)."""
    nodes = {
        "Flow": (12.5, ua.VariantType.Double),
        "Running": (True, ua.VariantType.Boolean),
        "Batch": ("A7", ua.VariantType.String),
        "Curve": ([1.0, 2.0], ua.VariantType.Double),
    }
    with OpcUaServer(nodes) as server:
        server.describe("Flow", unit="m³/h", low=0.0, high=400.0, description="Flow to the network")
        server.add_folder("Many", [f"V{number}" for number in range(60)])
        yield server
