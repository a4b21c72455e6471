"""One station writes to a server: a second stands by and takes over, and whoever lost the right changes nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, StaticPool, create_engine

from database.errors import DatabaseError
from database.server import open_server, server_url
from history.forward import writer
from history.forward.pooler import check_direct
from history.forward.writer import Writer
from tests.fakes.clock import ManualClock
from tests.fakes.own_postgresql import end_sessions
from tests.fakes.spooling import Spooling, ask, frames_there


@pytest.fixture
def engine(pg_database: str) -> Iterator[Engine]:
    engine = open_server(pg_database)
    yield engine
    engine.dispose()


def test_a_second_station_stands_by_goes_on_spooling_and_takes_over(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    first = Spooling(tmp_path / "first", clock, pg_database).start()
    second = Spooling(tmp_path / "second", clock, pg_database).start()
    first.record(2)
    first.send()
    second.record(3)
    second.send()
    assert (second.spool.frames, second.spool.error) == (3, "")
    assert f"({first.forwarding.spool.frames.node()}) writes since 2023-11-14 22:13:22 UTC" in second.spool.standing_by
    assert first.spool.standing_by == ""
    first.stop()
    second.send()
    assert second.spool.standing_by == ""
    assert frames_there(pg_database) == [(1, 3), (2, 3), (1, 3), (2, 3), (3, 3)]
    assert ask(pg_database, "SELECT epoch FROM hist_recorder") == [(2,)]
    second.stop()


def test_a_station_that_lost_its_lock_unknowingly_changes_nothing(
    tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    first = Spooling(tmp_path / "first", clock, pg_database).start()
    second = Spooling(tmp_path / "second", clock, pg_database).start()
    first.record(2)
    first.send()
    end_sessions(pg_database)
    second.record(1)
    second.send()
    first.record(2)
    engine = open_server(pg_database)
    assert first.forwarding.writer.is_writer  # it hasn't noticed yet
    with pytest.raises(DatabaseError, match="is written by another station"):
        first.forwarding.forwarder._send_frames(engine)
    engine.dispose()
    first.try_to_send()
    first.send()
    assert "writes since" in first.spool.standing_by
    assert not first.forwarding.writer.is_writer
    assert frames_there(pg_database) == [(1, 3), (2, 3), (1, 3)]
    second.stop()
    first.send()
    assert first.spool.frames == 0
    first.stop()


def test_whoever_is_superseded_between_two_looks_notices_at_the_next(clock: ManualClock, engine: Engine) -> None:
    right = Writer("server", lambda: "me", clock)
    assert right.hold(engine)
    assert right.hold(engine)
    with engine.begin() as connection:
        right.fence(connection)
        connection.exec_driver_sql("UPDATE hist_recorder SET epoch = epoch + 1")
    with engine.begin() as connection, pytest.raises(DatabaseError, match="another station"):
        right.fence(connection)
    assert right.hold(engine)  # the lock is still its own: it begins an epoch
    with engine.begin() as connection:
        right.fence(connection)
    right.close()
    with engine.begin() as connection, pytest.raises(DatabaseError, match="another station"):
        right.fence(connection)


def test_a_server_that_is_gone_takes_the_right_away(clock: ManualClock, engine: Engine, pg_database: str) -> None:
    right = Writer("server", lambda: "me", clock)
    assert right.hold(engine)
    end_sessions(pg_database)
    with pytest.raises(DatabaseError, match="server"):
        right.hold(engine)
    assert not right.is_writer
    right.close()
    assert right.hold(engine)
    right.close()
    right.close()


def test_a_transaction_that_was_fenced_ends_before_another_station_takes_over(
    clock: ManualClock, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "TAKE_S", 0.05)
    first, second = (Writer("server", lambda name=name: name, clock) for name in ("first", "second"))  # type: ignore[misc]
    assert first.hold(engine)
    with engine.begin() as connection:
        first.fence(connection)
        assert first._connection is not None
        first._connection.invalidate()  # as if its lock had ended with a broken cable
        with pytest.raises(DatabaseError, match="lock timeout"):
            second.hold(engine)
        second.close()
    assert second.hold(engine)
    second.close()
    first.close()


def test_a_pooler_that_shares_sessions_is_refused(pg_database: str, engine: Engine) -> None:
    pooled = create_engine(server_url(pg_database), poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    refused = pytest.raises(DatabaseError, match="name the server itself")
    with pooled.connect() as first, pooled.connect() as second, refused:
        check_direct(first, second, "pooler")
    pooled.dispose()
    direct = engine.execution_options(isolation_level="AUTOCOMMIT")
    with direct.connect() as first, direct.connect() as second:
        check_direct(first, second, "server")
