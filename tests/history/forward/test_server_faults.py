"""The server is away, killed, read-only, full or without connections: nothing is lost, nothing comes twice."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import OperationalError

from tests.fakes.clock import ManualClock
from tests.fakes.own_postgresql import OwnServer, end_sessions, own_server
from tests.fakes.spooling import Spooling, ask, frames_there
from tests.history.forward.conftest import empty_server


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server() as server:
        yield server


@pytest.fixture
def unmet(tmp_path: Path, clock: ManualClock, server: OwnServer) -> Iterator[Spooling]:
    """A station that has never met its server, which has nothing of others."""
    empty_server(server.address)
    station = Spooling(tmp_path, clock, server.address).start()
    yield station
    station.stop()


@pytest.fixture
def station(unmet: Spooling) -> Spooling:
    """A station that has sent two frames."""
    unmet.record(2)
    unmet.send()
    return unmet


def all_is_there(station: Spooling, address: str) -> None:
    """Everything that was recorded stands on the server, once, in order, and every sample is accounted for."""
    there, health = frames_there(address), station.health
    assert [seq for seq, _ in there] == list(range(1, len(there) + 1))
    assert sum(n for _, n in there) == health.stored + health.marks == station.spool.sent
    assert (health.queued, health.dropped, station.spool.frames, station.spool.error) == (0, {}, 0, "")


def test_a_server_that_is_away_at_the_start_gets_all_when_it_comes(unmet: Spooling, server: OwnServer) -> None:
    server.stop()
    unmet.record(5)
    assert "can't be reached" in unmet.try_to_send()
    assert (unmet.health.stored, unmet.spool.frames, unmet.spool.since_us is None) == (15, 5, False)
    server.start()
    unmet.send()
    all_is_there(unmet, server.address)


@pytest.mark.parametrize("end", [OwnServer.stop, OwnServer.kill])
def test_a_server_that_ends_for_a_while_gets_what_waited_in_order(
    station: Spooling, server: OwnServer, end: Callable[[OwnServer], None]
) -> None:
    end(server)
    station.record(70)
    assert station.try_to_send()
    assert station.spool.frames == 70
    server.start()
    station.send()
    all_is_there(station, server.address)


def before_commit(commit: Callable[[Any], None], harm: Callable[[], None]) -> Callable[[Any], None]:
    def harm_and_commit(connection: Any) -> None:
        harm()
        commit(connection)

    return harm_and_commit


def after_commit(commit: Callable[[Any], None], harm: Callable[[], None]) -> Callable[[Any], None]:
    def commit_and_harm(connection: Any) -> None:
        commit(connection)
        harm()
        connection.execute("SELECT 1")  # the answer to the commit doesn't come

    return commit_and_harm


@pytest.mark.parametrize("moment", [before_commit, after_commit])
@pytest.mark.parametrize("is_killed", [False, True])
def test_a_commit_of_which_nobody_knows_the_outcome_is_neither_lost_nor_done_twice(
    station: Spooling,
    server: OwnServer,
    monkeypatch: pytest.MonkeyPatch,
    moment: Callable[..., Callable[[Any], None]],
    is_killed: bool,
) -> None:
    dialect = station.forwarding.forwarder._engine.dialect  # type: ignore[union-attr]
    harm = server.kill if is_killed else lambda: end_sessions(server.address)
    for _ in range(1 if is_killed else 3):
        station.record(3)
        with monkeypatch.context() as patch:
            patch.setattr(dialect, "do_commit", moment(dialect.do_commit, harm))
            assert station.try_to_send()
        if is_killed:
            server.start()
        was_there = moment is after_commit
        assert len(frames_there(server.address)) == len(station.frames()) - (0 if was_there else 3)
        station.send()
        all_is_there(station, server.address)
        dialect = station.forwarding.forwarder._engine.dialect  # type: ignore[union-attr]


def test_a_server_that_was_set_read_only_is_told_of_and_used_when_it_no_longer_is(
    station: Spooling, server: OwnServer
) -> None:
    ask(server.address, "ALTER DATABASE own SET default_transaction_read_only = on")
    end_sessions(server.address)
    station.record(3)
    station.try_to_send()
    assert "can't be written; it is a standby or was set read-only" in station.try_to_send()
    ask(server.address, "ALTER DATABASE own RESET ALL")
    end_sessions(server.address)
    station.try_to_send()
    station.send()
    all_is_there(station, server.address)


def taken(address: str) -> Iterator[psycopg.Connection]:
    """Give all connections that are left."""
    with suppress(psycopg.OperationalError):
        while True:
            yield psycopg.connect(address)


def test_a_server_without_connections_is_told_of_and_used_when_it_has_some(
    station: Spooling, server: OwnServer
) -> None:
    server.set("max_connections = 8")
    server.stop()
    server.start()
    others = list(taken(server.address))
    station.record(3)
    station.try_to_send()
    assert "has no connection left" in station.try_to_send()
    for other in others:
        other.close()
    station.send()
    all_is_there(station, server.address)


def fill_up(address: str) -> None:
    """Let the table of frames grow until its file can't."""
    insert = "INSERT INTO hist_frame SELECT 1, -number, 0, 0, 0, 1, 1, 0, decode(repeat('00', {}), 'hex')"
    ask(address, f"{insert.format(1900)} FROM generate_series(1, 8000) AS number")
    for start, size in ((10_000, 1900), (20_000, 1)):
        one = f"{insert.format(size)} FROM generate_series(step, step) AS number; COMMIT;"
        loop = f"FOR step IN {start}..{start + 9_999} LOOP {one} END LOOP;"
        with pytest.raises(psycopg.Error, match="could not extend"):
            ask(address, f"DO $$ BEGIN SET synchronous_commit = off; {loop} END $$")


def test_a_server_whose_files_cannot_grow_is_told_of_and_used_when_they_can(
    station: Spooling, server: OwnServer
) -> None:
    server.stop()
    server.start(file_bytes=17_000_000)  # more than a piece of the server's log
    fill_up(server.address)
    station.record(3)
    station.try_to_send()
    assert "can't grow because the server's disk is full" in station.try_to_send()
    server.stop()
    server.start()
    station.try_to_send()
    station.send()
    ask(server.address, "DELETE FROM hist_frame WHERE seq < 0")
    all_is_there(station, server.address)


def test_a_server_that_hangs_is_said_not_to_answer(station: Spooling, clock: ManualClock) -> None:
    forwarder = station.forwarding.forwarder
    forwarder._began_ns = clock.mono_ns()
    assert forwarder.error == ""
    clock.advance(16.0)
    assert forwarder.error == f"{forwarder.name} doesn't answer"
    forwarder._began_ns = None


def test_what_goes_wrong_otherwise_is_told_and_tried_again(
    station: Spooling, server: OwnServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("", {}, Exception("out of luck"))

    station.record(1)
    with monkeypatch.context() as patch:
        patch.setattr("history.forward.forwarder.ship", fail)
        assert "gave an error: out of luck" in station.try_to_send()
        patch.setattr("history.forward.forwarder.ship", lambda *_: 1 / 0)
        assert "division by zero" in station.try_to_send()
    station.send()
    all_is_there(station, server.address)
