"""A recorder at work for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.clock import ManualClock
from tests.fakes.postgresql import made_database
from tests.fakes.recording import Recording


@pytest.fixture(scope="session")
def pg_bench(pg_server: str) -> Iterator[str]:
    """The address of a database that benches share, one after another; each empties it first."""
    with made_database(pg_server) as address:
        yield address


@pytest.fixture(params=["files", "server"])
def address(request: pytest.FixtureRequest) -> str:
    """Where history is packed: nothing for files, else the address of a server."""
    return str(request.getfixturevalue("pg_bench")) if request.param == "server" else ""


@pytest.fixture
def recording(tmp_path: Path, clock: ManualClock) -> Iterator[Recording]:
    """A started recorder; it is stopped in the end."""
    recording = Recording(tmp_path, clock).start()
    yield recording
    recording.stop()
