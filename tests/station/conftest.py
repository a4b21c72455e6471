"""A running station for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
