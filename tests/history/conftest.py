"""A recorder at work for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.clock import ManualClock
from tests.fakes.recording import Recording


@pytest.fixture(params=["files", "server"])
def address(request: pytest.FixtureRequest) -> str:
    """Where history is packed: nothing for files, else the address of a server."""
    return str(request.getfixturevalue("pg_database")) if request.param == "server" else ""


@pytest.fixture
def recording(tmp_path: Path, clock: ManualClock) -> Iterator[Recording]:
    """A started recorder; it is stopped in the end."""
    recording = Recording(tmp_path, clock).start()
    yield recording
    recording.stop()
