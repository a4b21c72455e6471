"""Rows of journal and audit reach the server once and in order, with all columns, and stay where they are."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from alarms.entry import JournalEntry
from alarms.store.feed import JournalFeed
from alarms.store.journal import Journal
from alarms.store.tables import JOURNAL
from history.forward import rows
from history.forward.feed import Place
from station.chain import AuditEntry
from station.store.audit import DATABASE_NAME, Audit
from station.store.feed import AuditFeed
from station.store.tables import AUDIT
from tests.fakes.clock import ManualClock
from tests.fakes.own_postgresql import end_sessions
from tests.fakes.spooling import Spooling, ask


class Desk:
    """Journal and audit of a station, and their feeds."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.journal, self.audit = Journal(folder / DATABASE_NAME, clock), Audit(folder, clock)
        self.of_audit = AuditFeed(self.audit)
        self.feeds = (self.of_audit, JournalFeed(self.journal, self.of_audit.node))
        self.audit.open()

    def happen(self, count: int, text: str = "") -> None:
        """Let something happen `count` times."""
        self.journal.append([JournalEntry(at_us=1, mono_ns=2, event="ACT", text=text or "°C")] * count)
        self.audit.append(*[AuditEntry(kind="test", user="ada", seat="desk", value_new=0.1)] * count)

    def close(self) -> None:
        self.journal.close()
        self.audit.close()


@pytest.fixture
def desk(tmp_path: Path, clock: ManualClock) -> Iterator[Desk]:
    desk = Desk(tmp_path, clock)
    yield desk
    desk.close()


@pytest.fixture
def station(tmp_path: Path, clock: ManualClock, pg_database: str, desk: Desk) -> Iterator[Spooling]:
    station = Spooling(tmp_path, clock, pg_database, feeds=desk.feeds).start()
    yield station
    station.stop()


def rows_here(desk: Desk, table: str) -> list[dict[str, Any]]:
    (feed,) = [feed for feed in desk.feeds if feed.table == table]
    return feed.after((0, 0), 100_000)


def rows_there(address: str, table: str) -> list[tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in (JOURNAL if table == "journal" else AUDIT).columns.keys())  # noqa: SIM118
    return ask(address, f"SELECT {names} FROM {table} ORDER BY node, epoch, seq")


def all_is_there(desk: Desk, address: str) -> None:
    for table in ("journal", "audit"):
        assert rows_there(address, table) == [tuple(row.values()) for row in rows_here(desk, table)]


def test_rows_arrive_once_and_in_order_with_all_columns(station: Spooling, desk: Desk, pg_database: str) -> None:
    desk.happen(3)
    station.send()
    desk.happen(2)
    station.send()
    station.send()
    all_is_there(desk, pg_database)
    assert len(rows_there(pg_database, "journal")) == 5
    node = desk.of_audit.node()
    forwarded = ask(pg_database, "SELECT node, feed, epoch, seq FROM hist_forwarded ORDER BY feed")
    assert forwarded == [(node, "audit", 1, 6), (node, "journal", 1, 5)]
    assert len(node) == 32


def test_what_was_put_aside_arrives_as_well(station: Spooling, desk: Desk, pg_database: str) -> None:
    put_aside = {"aside_by": "ada", "aside_us": 3, "aside_why": "cleaning", "until_us": 4, "is_one_shot": 1}
    others = {"alarm_class": "process", "shelvings": 2, "rule": "stopped", "note": "seen", "first_out": 2}
    entry = JournalEntry(at_us=1, mono_ns=2, event="SHELVE", is_time_suspect=1, **put_aside, **others)
    desk.journal.append([entry, JournalEntry(at_us=1, mono_ns=2, event="ALM")])
    station.send()
    all_is_there(desk, pg_database)
    names = ", ".join([*put_aside, *others, "is_time_suspect"])
    found = ask(pg_database, f"SELECT {names} FROM journal ORDER BY seq")
    assert found == [(*put_aside.values(), *others.values(), 1), (None,) * 11]


def test_many_rows_go_in_several_transactions(
    station: Spooling, desk: Desk, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS", 7)
    monkeypatch.setattr("history.forward.forwarder.ROWS", 7)
    desk.happen(30)
    station.send()
    all_is_there(desk, pg_database)


def test_what_was_forwarded_before_a_restart_is_not_forwarded_again(
    station: Spooling, desk: Desk, tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    desk.happen(2)
    station.send()
    desk.close()
    again = Desk(tmp_path, clock)
    again.happen(2)
    for feed in again.feeds:
        while station.forwarding.forwarder._send_rows(station.forwarding.forwarder._engine, feed):  # type: ignore[arg-type]
            pass
    all_is_there(again, pg_database)
    assert [place for *_, place in ask(pg_database, "SELECT feed, epoch FROM hist_forwarded ORDER BY feed")] == [2, 2]
    again.close()


def test_a_commit_of_which_nobody_heard_brings_no_row_twice(
    station: Spooling, desk: Desk, pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    station.send()
    dialect = station.forwarding.forwarder._engine.dialect  # type: ignore[union-attr]
    commit = dialect.do_commit

    def commit_and_break(connection: Any) -> None:
        commit(connection)
        end_sessions(pg_database)
        connection.execute("SELECT 1")

    desk.happen(4)
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_commit", commit_and_break)
        assert station.try_to_send()
    station.send()
    all_is_there(desk, pg_database)


def test_a_text_that_no_server_takes_stops_nobody(station: Spooling, desk: Desk, pg_database: str) -> None:
    desk.happen(1, text="a\0b")
    desk.happen(1)
    station.send()
    assert ask(pg_database, "SELECT text FROM journal ORDER BY seq") == [("a\ufffdb",), ("°C",)]


def test_rows_that_are_not_open_yet_are_waited_for(tmp_path: Path, clock: ManualClock, pg_database: str) -> None:
    audit = Audit(tmp_path, clock)
    station = Spooling(tmp_path, clock, pg_database, feeds=[AuditFeed(audit)]).start()
    assert "station.sqlite is not open" in station.try_to_send()
    audit.open()
    station.send()
    assert len(rows_there(pg_database, "audit")) == 1
    station.stop()
    audit.close()


class OldFeed:
    """A feed of which an older copy was put back."""

    table = "journal"

    def __init__(self, name: str) -> None:
        self.name = name

    def node(self) -> str:
        return self.name

    def newest(self) -> Place:
        return 1, 2

    def after(self, place: Place, limit: int) -> Sequence[Mapping[str, object]]:
        return []


def test_an_older_copy_of_the_rows_is_told_of(
    station: Spooling, desk: Desk, tmp_path: Path, clock: ManualClock, pg_database: str
) -> None:
    desk.happen(3)
    station.send()
    assert station.forwarding.notice == ""
    engine = station.forwarding.forwarder._engine
    assert engine is not None
    assert not station.forwarding.forwarder._send_rows(engine, OldFeed(""))
    assert not station.forwarding.forwarder._send_rows(engine, OldFeed(desk.of_audit.node()))
    assert "has newer rows of the journal than the data folder" in station.forwarding.notice
