"""The audit: chained over starts, durable, append-only, and honest about what is missing."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import orjson
import pytest
from sqlalchemy import event, text

from database.chain import GENESIS, digest
from database.errors import DatabaseError
from station.chain import AuditEntry
from station.store.audit import Audit
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows
from tests.fakes.clock import ManualClock
from tests.fakes.tampering import tamper

ENTRY = AuditEntry(kind="test", user="ada", seat="desk 1")


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    audit = Audit(tmp_path, ManualClock())
    audit.open()
    yield audit
    audit.close()


def fill(folder: Path, starts: int = 2, rows: int = 3) -> None:
    """Write `starts` epochs of a start row and `rows` rows each."""
    for _ in range(starts):
        audit = Audit(folder, ManualClock())
        audit.open()
        audit.append(*[ENTRY] * rows)
        audit.close()


def test_rows_are_numbered_from_one_in_each_epoch_and_chained_over_all(tmp_path: Path) -> None:
    fill(tmp_path)
    rows = audit_rows(tmp_path, kind="")
    assert [(row["epoch"], row["seq"]) for row in rows] == [(e, s) for e in (1, 2) for s in (1, 2, 3, 4)]
    assert [row["prev_hash"] for row in rows] == [GENESIS, *[row["hash"] for row in rows[:-1]]]
    assert len({row["station"] for row in rows}) == 1


def test_the_hash_is_that_of_the_design(tmp_path: Path) -> None:
    fill(tmp_path, starts=1, rows=1)
    first, second = audit_rows(tmp_path, kind="")
    columns = {name: value for name, value in second.items() if name not in ("prev_hash", "hash")}
    assert second["hash"] == digest(first["hash"], columns)


def test_each_start_has_its_epoch_row(tmp_path: Path) -> None:
    fill(tmp_path, starts=3)
    with closing(sqlite3.connect(tmp_path / "station.sqlite")) as connection:
        assert connection.execute("SELECT epoch FROM epoch ORDER BY epoch").fetchall() == [(1,), (2,), (3,)]


@pytest.mark.parametrize("table", ["audit", "epoch"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET station = 'x'", "DELETE FROM {}"])
def test_rows_can_neither_be_changed_nor_removed(audit: Audit, tmp_path: Path, table: str, verb: str) -> None:
    with (
        closing(sqlite3.connect(tmp_path / "station.sqlite")) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(verb.format(table))


def test_strange_values_come_back_as_they_were_hashed(audit: Audit, tmp_path: Path) -> None:
    audit.append(
        AuditEntry(kind="test", user="\ud800 né", seat="a\0b", value_old=float("nan"), value_new=-0.0, readback=0.1)
    )
    audit.append(AuditEntry(kind="test", user="", seat="", value_old=float("inf"), value_new=1e22, readback=5e-324))
    assert verify_folder(tmp_path).bad is None
    row = audit_rows(tmp_path, kind="test")[0]
    assert (row["user"], row["value_old"], row["readback"]) == ("? né", None, 0.1)


def test_an_audit_that_was_not_opened_writes_nothing(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "data", ManualClock())
    with pytest.raises(DatabaseError, match="not open"):
        audit.append(ENTRY)
    with pytest.raises(DatabaseError, match="not open"):
        audit.knows("x")
    assert not (tmp_path / "data").exists()


def test_a_closed_audit_writes_nothing_more(audit: Audit, tmp_path: Path) -> None:
    audit.close()
    with pytest.raises(DatabaseError, match="not open"):
        audit.append(ENTRY)
    assert len(audit_rows(tmp_path, kind="")) == 1


def test_several_rows_are_written_together_or_not_at_all(audit: Audit, tmp_path: Path) -> None:
    assert audit._engine is not None
    with audit._engine.begin() as connection:
        connection.execute(
            text(
                "CREATE TRIGGER spoil BEFORE INSERT ON audit WHEN NEW.title = 'bad' "
                "BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END"
            )
        )
    with pytest.raises(DatabaseError, match="disk I/O error"):
        audit.append(ENTRY, AuditEntry(kind="test", user="ada", seat="desk 1", title="bad"))
    assert audit.error
    assert audit_rows(tmp_path, kind="test") == []
    audit.append(ENTRY)
    assert audit.error == ""
    assert verify_folder(tmp_path).bad is None


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_commit_whose_end_nobody_knows(audit: Audit, tmp_path: Path, is_committed: bool) -> None:
    """The connection is lost at the commit: before it took effect, or after."""
    assert audit._engine is not None
    losses = [True]

    def lose(connection: sqlite3.Connection) -> None:
        if losses:
            losses.clear()
            (connection.commit if is_committed else connection.rollback)()
            raise sqlite3.OperationalError("disk I/O error")
        connection.commit()

    audit._engine.dialect.do_commit = lose  # type: ignore[method-assign, assignment]
    with pytest.raises(DatabaseError, match="disk I/O error"):
        audit.append(ENTRY)
    audit.append(ENTRY)
    assert len(audit_rows(tmp_path, kind="test")) == 1 + is_committed
    assert verify_folder(tmp_path).bad is None


def damages(folder: Path) -> tuple[str, ...]:
    """Start once more and return what the new row says of damage."""
    fill(folder, starts=1, rows=0)
    verdict = verify_folder(folder)
    assert verdict.bad is None
    return verdict.damages


def test_a_cut_off_tail_is_told_of_at_the_next_start_and_for_good(tmp_path: Path) -> None:
    fill(tmp_path)
    tamper(tmp_path, "DELETE FROM audit WHERE epoch = 2 AND seq > 2")
    assert damages(tmp_path) == ("epoch 3, row 2: Rows are missing or changed: the checkpoint names epoch 2, row 4",)
    assert len(damages(tmp_path)) == 1


def test_a_removed_database_is_told_of_and_its_epochs_are_not_used_again(tmp_path: Path) -> None:
    fill(tmp_path, starts=3)
    for path in tmp_path.glob("station.sqlite*"):
        path.unlink()
    assert damages(tmp_path) == ("epoch 4, row 2: Rows are missing or changed: the checkpoint names epoch 3, row 4",)


def test_a_lost_write_ahead_log_is_told_of(audit: Audit, tmp_path: Path) -> None:
    audit.append(ENTRY)
    folder = shutil.copytree(tmp_path, tmp_path / "copy", ignore=shutil.ignore_patterns("*-wal", "*-shm", "copy"))
    with pytest.raises(DatabaseError, match="has lost its tables; look for its -wal file"):
        verify_folder(folder)
    assert damages(folder)[0].endswith("the checkpoint names epoch 1, row 2")


def test_a_removed_checkpoint_is_told_of(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "station.head").unlink()
    assert verify_folder(tmp_path).reason == "the checkpoint is missing"
    assert damages(tmp_path) == ("epoch 3, row 2: The checkpoint station.head is missing",)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"station":"x","epoch":"y","seq":1,"hash":""}'])
def test_a_spoilt_checkpoint_is_told_of(tmp_path: Path, content: bytes) -> None:
    fill(tmp_path)
    (tmp_path / "station.head").write_bytes(content)
    with pytest.raises(DatabaseError, match="is not a checkpoint"):
        verify_folder(tmp_path)
    assert "is not a checkpoint" in damages(tmp_path)[0]


def test_a_checkpoint_older_than_the_last_row_is_no_damage(tmp_path: Path) -> None:
    fill(tmp_path, starts=1)
    row = audit_rows(tmp_path, kind="")[1]
    (tmp_path / "station.head").write_bytes(
        orjson.dumps({key: row[key] for key in ("station", "epoch", "seq", "hash")})
    )
    assert verify_folder(tmp_path).bad is None
    assert damages(tmp_path) == ()


def test_a_checkpoint_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "station.head").mkdir()
    with pytest.raises(DatabaseError, match=r"station\.head can't be read: Is a directory"):
        fill(tmp_path)
    assert not (tmp_path / "station.sqlite").exists()  # nothing is checked in vain every two seconds


def test_a_command_row_is_found_again_by_its_id(audit: Audit) -> None:
    audit.append(AuditEntry(kind="command", user="ada", seat="desk 1", command_id="42", state="rejected"))
    assert audit.knows("42")
    assert not audit.knows("43")


def test_rows_come_in_the_order_of_their_times(audit: Audit, tmp_path: Path) -> None:
    assert audit._engine is not None
    clock = audit._clock
    assert isinstance(clock, ManualClock)
    event.listen(audit._engine, "commit", lambda _: clock.advance(1.0))
    for _ in range(3):
        audit.append(ENTRY)
    times = [row["mono_ns"] for row in audit_rows(tmp_path, kind="")]
    assert times == sorted(times)
    assert len(set(times)) >= 3


def test_an_error_lasts_until_a_row_is_on_the_disk(audit: Audit, tmp_path: Path) -> None:
    """What asks without a row doesn't notice a full disk, so its success proves nothing."""
    assert audit._engine is not None
    is_full = [True]

    def commit(connection: sqlite3.Connection) -> None:
        if is_full and connection.in_transaction:
            connection.rollback()
            raise sqlite3.OperationalError("database or disk is full")
        connection.commit()

    audit._engine.dialect.do_commit = commit  # type: ignore[method-assign, assignment]
    for entries in ((ENTRY,), (), ()):
        with pytest.raises(DatabaseError, match="the disk is full"):
            audit.append(*entries)
        assert "the disk is full" in audit.error
    is_full.clear()
    audit.append()
    audit.append()
    assert audit.error == ""
    assert [row["message"] for row in audit_rows(tmp_path, kind="gap")] == [
        f"{tmp_path / 'station.sqlite'} can't grow because the disk is full; free some space (database or disk is full)"
    ]
    assert verify_folder(tmp_path).bad is None


def test_nobody_waits_for_ever_behind_a_disk_that_hangs(audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("station.store.audit.WAIT_S", 0.01)
    monkeypatch.setattr("station.store.audit.CLOSE_S", 0.01)
    with audit._lock:
        for call in (lambda: audit.append(ENTRY), lambda: audit.knows("x"), audit.close):
            with pytest.raises(DatabaseError, match="the disk doesn't answer"):
                call()
        assert "doesn't answer" in audit.error


def test_a_checkpoint_that_names_no_possible_row_is_told_of(tmp_path: Path) -> None:
    fill(tmp_path)
    (tmp_path / "station.head").write_text('{"station":"x","epoch":1,"seq":100000000000000000000,"hash":""}')
    assert "is not a checkpoint" in damages(tmp_path)[0]
