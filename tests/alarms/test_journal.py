"""The journal on the disk: gapless, chained, never changed, and enough to start again from."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from alarms.entry import JournalEntry
from alarms.journal_query import JournalQuery
from alarms.store.journal import Journal
from alarms.store.verify import verify_journal
from database.errors import DatabaseError
from database.migrate import STATION
from plant_models.alarm_definition import AlarmKind
from tests.fakes.clock import ManualClock
from tests.fakes.journal import read_journal
from tests.fakes.old_files import aged


def entry(number: int, **more: object) -> JournalEntry:
    fields = {"at_us": number, "mono_ns": number, "event": "ALM", "alarm": f"T{number % 3}.H", "kind": "H"}
    return JournalEntry(**(fields | {"priority": 2, "value": float(number)} | more))  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "station.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    journal = Journal(path, ManualClock())
    yield journal
    journal.close()


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT seq FROM journal ORDER BY seq")]


def test_rows_are_numbered_without_a_gap_over_all_starts(path: Path) -> None:
    for start in range(3):
        journal = Journal(path, ManualClock())
        journal.append([entry(start), entry(start + 1)])
        journal.append([entry(start + 2)])
        journal.close()
    assert numbers(path) == list(range(1, 10))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT DISTINCT epoch FROM journal").fetchall() == [(1,), (2,), (3,)]
    assert verify_journal(path).rows == 9


@pytest.mark.parametrize("statement", ["UPDATE journal SET user = 'x'", "DELETE FROM journal"])
def test_rows_can_not_be_changed(path: Path, journal: Journal, statement: str) -> None:
    journal.append([entry(1)])
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "bad", "reason"),
    [
        ("UPDATE journal SET comment = 'x' WHERE seq = 2", 2, "changed"),
        ("UPDATE journal SET acked_us = 7 WHERE seq = 3", 3, "changed"),
        ("UPDATE journal SET comment = x'00' WHERE seq = 3", 3, "changed"),
        ("DELETE FROM journal WHERE seq = 2", 2, "missing"),
    ],
)
def test_tampering_is_found(path: Path, journal: Journal, statement: str, bad: int, reason: str) -> None:
    journal.append([entry(1), entry(2), entry(3)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER journal_no_update")
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute(statement)
        connection.commit()
    verdict = verify_journal(path)
    assert verdict.bad == bad
    assert reason in verdict.reason


def test_an_older_file_without_a_journal_holds(path: Path, journal: Journal) -> None:
    journal.append([entry(1)])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE journal")
        connection.commit()
    (path.parent / "journal.head").unlink()
    assert verify_journal(path).rows == 0


def test_the_newest_entry_of_every_alarm_comes_back_as_it_was_written(journal: Journal) -> None:
    assert journal.newest() == []
    written = [entry(number, comment="“é”", trip_value=0.1, acked_us=None) for number in range(7)]
    journal.append([*written, JournalEntry(at_us=9, mono_ns=9, event="LOST")])
    assert journal.newest() == written[4:]


def test_what_no_database_can_hold_is_made_storable(path: Path, journal: Journal) -> None:
    journal.append([entry(1, comment="\ud800", value=float("nan"), trip_value=-0.0)])
    assert verify_journal(path).bad is None
    assert journal.newest()[0].value is None


def test_a_query_finds_filters_and_counts(journal: Journal) -> None:
    journal.append([entry(number, priority=1 + number % 4, user="100%" if number == 5 else "") for number in range(20)])
    page = read_journal(journal, JournalQuery(limit=3))
    assert ([row.at_us for row in page.rows], page.total) == ([19, 18, 17], 20)
    assert read_journal(journal, JournalQuery(priorities=frozenset({1, 2}))).total == 10
    assert read_journal(journal, JournalQuery(kinds=frozenset({AlarmKind.LOW}))).total == 0
    assert read_journal(journal, JournalQuery(events=frozenset({"ALM", "RTN"}))).total == 20
    assert read_journal(journal, JournalQuery(text="t1.h")).total == 7
    assert [row.at_us for row in read_journal(journal, JournalQuery(text="0%")).rows] == [5]
    newest = read_journal(journal, JournalQuery(limit=1)).rows[0]
    assert (newest.seq, newest.alarm, newest.recorded_us) == (20, "T1.H", ManualClock().wall_us())


def test_tags_are_found_by_their_exact_names(journal: Journal) -> None:
    journal.append([entry(at, tag=tag) for at, tag in enumerate(("RAW.FLOW", "RAW.P1.FLOW", "raw.flow", "RAW"))])
    assert [row.tag for row in read_journal(journal, JournalQuery(tags=frozenset({"RAW.FLOW", "RAW"}))).rows] == [
        "RAW",
        "RAW.FLOW",
    ]
    assert read_journal(journal, JournalQuery(tags=frozenset({"FLOW"}))).total == 0


def test_a_span_of_time_is_cut_by_when_rows_were_written(path: Path) -> None:
    """What happened in another year by the clock of a device, or waited for a locked file, is news all the same."""
    clock = ManualClock()
    journal = Journal(path, clock)
    for at_us in (clock.wall_us(), 946_684_800_000_000, clock.wall_us() + 10**12):
        journal.append([entry(1, at_us=at_us)])
        clock.advance(60)
    now_us = clock.wall_us()
    assert [row.seq for row in read_journal(journal, JournalQuery(start_us=now_us - 120_000_000)).rows] == [3, 2]
    assert [row.seq for row in read_journal(journal, JournalQuery(end_us=now_us - 60_000_000)).rows] == [2, 1]
    journal.close()


@pytest.mark.parametrize("has_checkpoint", [True, False])
def test_a_journal_of_an_older_version_is_read_and_goes_on(path: Path, journal: Journal, has_checkpoint: bool) -> None:
    journal.append([entry(1)])
    journal.close()
    aged(path, STATION, "0002", "journal")
    if not has_checkpoint:
        path.with_name("journal.head").unlink()
    newer = Journal(path, ManualClock())
    newer.append([entry(2)])
    assert read_journal(newer, JournalQuery(start_us=ManualClock().wall_us())).total == 2
    newer.close()
    assert newer.damage == ""
    assert (verify_journal(path).rows, verify_journal(path).bad) == (2, None)


def test_after_a_failed_write_the_same_entries_get_the_same_numbers(path: Path, journal: Journal) -> None:
    journal.append([entry(1)])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked by another program"):
            journal.append([entry(2)])
        other.execute("ROLLBACK")
    journal.append([entry(2)])
    assert numbers(path) == [1, 2]
    assert verify_journal(path).rows == 2


def test_a_commit_that_went_through_after_all_is_not_repeated(
    path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk took the rows, but the answer was an error."""
    journal.append([entry(1)])
    engine = journal._engine
    assert engine is not None
    begin = engine.begin

    class Broken:
        def __enter__(self):
            self.transaction = begin()
            return self.transaction.__enter__()

        def __exit__(self, *error: object) -> None:
            self.transaction.__exit__(*error)
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        patch.setattr(engine, "begin", Broken)
        with pytest.raises(DatabaseError, match="disk I/O error"):
            journal.append([entry(2), entry(3)])
    journal.append([entry(2), entry(3)])
    journal.append([entry(4)])
    assert numbers(path) == [1, 2, 3, 4]
    assert verify_journal(path).rows == 4


def test_a_full_disk_is_told_of_and_the_same_is_written_when_there_is_room(path: Path, journal: Journal) -> None:
    journal.append([entry(1)])
    engine = journal._engine
    assert engine is not None
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    many = [entry(number, comment="x" * 5_000) for number in range(200)]
    with pytest.raises(DatabaseError, match="disk is full; free some space"):
        journal.append(many)
    assert numbers(path) == [1]
    engine.dispose()
    journal.append(many)
    assert len(numbers(path)) == 201


def test_a_file_that_may_only_be_read(path: Path, journal: Journal) -> None:
    journal.append([entry(1)])
    engine = journal._engine
    assert engine is not None
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(DatabaseError, match="can't be written; check the rights"):
        journal.append([entry(2)])
    assert read_journal(journal, JournalQuery()).total == 1


def test_a_thread_that_comes_late_does_not_open_a_closed_journal_again(path: Path, journal: Journal) -> None:
    journal.append([entry(1)])
    journal.close()
    with pytest.raises(DatabaseError, match="not open"):
        journal.append([entry(2)])
    assert journal._engine is None
    assert numbers(path) == [1]
