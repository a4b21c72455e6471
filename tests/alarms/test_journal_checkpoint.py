"""The checkpoint beside the journal: rows that were cut off its end, and a journal that was replaced, are told of."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from alarms.entry import JournalEntry
from alarms.journal_query import JournalQuery
from alarms.store.journal import Journal
from alarms.store.verify import JournalVerdict, verify_journal
from database.errors import DatabaseError
from tests.fakes.clock import ManualClock
from tests.fakes.journal import read_journal


def entry(number: int) -> JournalEntry:
    return JournalEntry(at_us=number, mono_ns=number, event="ALM", alarm="T.H")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of 4 rows, written in two starts."""
    path = tmp_path / "station.sqlite"
    for start in range(2):
        journal = Journal(path, ManualClock())
        journal.append([entry(start)])
        journal.append([entry(start + 2)])
        assert journal.damage == ""
        journal.close()
    return path


def cut(path: Path, where: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER journal_no_delete")
        connection.execute(f"DELETE FROM journal WHERE {where}")
        connection.commit()


def start(path: Path, *entries: JournalEntry) -> str:
    """Start once, write, and return what was found damaged."""
    journal = Journal(path, ManualClock())
    journal.append(entries)
    damage = journal.damage
    journal.close()
    return damage


def test_a_whole_journal_gets_no_row_from_a_start(path: Path) -> None:
    assert start(path) == ""
    assert verify_journal(path) == JournalVerdict(4)


@pytest.mark.parametrize(("where", "rows"), [("seq > 3", 3), ("seq > 1", 1), ("seq > 0", 0)])
def test_rows_cut_off_the_end_are_found_and_stay_told_of(path: Path, where: str, rows: int) -> None:
    cut(path, where)
    assert verify_journal(path) == JournalVerdict(rows, rows + 1, "rows are missing at the end")
    words = "Rows are missing or changed: the checkpoint names epoch 2, row 4"
    assert start(path, entry(9)) == words
    verdict = verify_journal(path)
    assert (verdict.rows, verdict.bad, verdict.damages) == (rows + 2, None, (f"row {rows + 1}: {words}",))
    assert start(path) == ""
    assert verify_journal(path) == verdict


def test_a_journal_that_was_replaced_by_an_empty_one_is_told_of(path: Path) -> None:
    for part in path.parent.glob("station.sqlite*"):
        part.unlink()
    assert "the checkpoint names epoch 2, row 4" in start(path)
    journal = Journal(path, ManualClock())
    (row,) = read_journal(journal, JournalQuery()).rows
    journal.close()
    assert (row.seq, row.event) == (1, "DAMAGE")


def test_a_removed_checkpoint_is_told_of(path: Path) -> None:
    (path.parent / "journal.head").unlink()
    assert verify_journal(path) == JournalVerdict(4, 4, "the checkpoint is missing")
    assert start(path) == "The checkpoint journal.head is missing"
    assert start(path) == ""


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}"])
def test_a_spoilt_checkpoint_is_told_of(path: Path, content: bytes) -> None:
    (path.parent / "journal.head").write_bytes(content)
    with pytest.raises(DatabaseError, match="is not a checkpoint"):
        verify_journal(path)
    assert "is not a checkpoint" in start(path)
    assert verify_journal(path).bad is None


def test_a_checkpoint_older_than_the_last_row_is_no_damage(path: Path) -> None:
    """The station was killed between the commit and the checkpoint."""
    older = (path.parent / "journal.head").read_bytes()
    assert start(path, entry(7)) == ""
    (path.parent / "journal.head").write_bytes(older)
    assert verify_journal(path) == JournalVerdict(5)
    assert start(path, entry(8)) == ""
    assert verify_journal(path) == JournalVerdict(6)


def test_rows_whose_checkpoint_could_not_be_written_are_not_written_twice(path: Path) -> None:
    head = path.parent / "journal.head"
    journal = Journal(path, ManualClock())
    journal.append([])
    head.unlink()
    head.mkdir()
    with pytest.raises(DatabaseError, match=r"journal\.head can't be written"):
        journal.append([entry(5)])
    with pytest.raises(DatabaseError, match=r"journal\.head can't be written"):
        journal.append([entry(5)])
    head.rmdir()
    journal.append([entry(5)])
    journal.append([entry(6)])
    journal.close()
    assert verify_journal(path) == JournalVerdict(6)


def test_a_checkpoint_that_cannot_be_read(path: Path) -> None:
    (path.parent / "journal.head").unlink()
    (path.parent / "journal.head").mkdir()
    with pytest.raises(DatabaseError, match=r"journal\.head can't be read: Is a directory"):
        start(path)


def test_a_journal_that_lost_its_table_is_no_older_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE journal")
        connection.commit()
    with pytest.raises(DatabaseError, match="has lost its tables"):
        verify_journal(path)


def test_a_doubt_about_the_row_of_a_damage_swallows_no_alarm(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The checkpoint is missing and can't be written, then somebody puts it back: the first alarm counts."""
    head = path.with_name("journal.head")
    aside = head.rename(path.with_name("aside"))
    journal = Journal(path, ManualClock())

    def fail(_: object) -> None:
        raise DatabaseError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(journal._head, "write", fail)
        with pytest.raises(DatabaseError, match="no room"):
            journal.append([])
    aside.rename(head)
    journal.append([])
    journal.append([entry(9)])
    newest = read_journal(journal, JournalQuery(limit=1)).rows[0]
    assert (newest.event, newest.at_us) == ("ALM", 9)
    journal.close()


@pytest.mark.parametrize(
    "place", ['"epoch":1,"seq":100000000000000000000', '"epoch":1e400,"seq":1', '"epoch":1,"seq":-1']
)
def test_a_checkpoint_that_names_no_possible_row_is_told_of(path: Path, place: str) -> None:
    path.with_name("journal.head").write_text('{"station":"","hash":"x",' + place + "}")
    assert "is not a checkpoint" in start(path, entry(9))
