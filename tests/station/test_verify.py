"""`verify` names the first row that was tampered with, whatever was done to it."""

import shutil
from pathlib import Path

import pytest

from database.engine import open_read_only
from database.errors import DatabaseError
from station.chain import AuditEntry
from station.store.audit import Audit
from station.store.tables import AUDIT
from station.store.verify import Verdict, verify, verify_folder
from tests.fakes.clock import ManualClock
from tests.fakes.tampering import tamper

ROW = "epoch = 2 AND seq = 3"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with 3 epochs of 5 rows."""
    folder = tmp_path_factory.mktemp("original")
    for _ in range(3):
        audit = Audit(folder, ManualClock())
        audit.open()
        audit.append(*[AuditEntry(kind="test", user="ada", seat="desk 1", value_new=1.0)] * 4)
        audit.close()
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of it to tamper with."""
    return shutil.copytree(original, tmp_path / "data")


def test_an_untouched_audit_holds(folder: Path) -> None:
    assert verify_folder(folder) == Verdict(15)


@pytest.mark.parametrize("column", [column.name for column in AUDIT.columns if column.name not in ("epoch", "seq")])
@pytest.mark.parametrize("value", ["'f00d'", "7", "x'00ff'"])
def test_a_changed_column(folder: Path, column: str, value: str) -> None:
    tamper(folder, f'UPDATE audit SET "{column}" = {value} WHERE {ROW}')
    verdict = verify_folder(folder)
    if column == "station":
        assert verdict.bad is not None
    else:
        assert (verdict.bad, verdict.rows) == ((2, 3), 7)


@pytest.mark.parametrize(
    ("statements", "bad"),
    [
        ([f"DELETE FROM audit WHERE {ROW}"], (2, 3)),
        (["DELETE FROM audit WHERE epoch = 1 AND seq = 1"], (1, 1)),
        (["DELETE FROM audit WHERE epoch = 2"], (3, 1)),
        (["DELETE FROM audit WHERE epoch = 1"], (2, 1)),
        (["DELETE FROM audit WHERE epoch = 3 AND seq > 2"], (3, 3)),
        (["DELETE FROM audit WHERE epoch = 3"], (3, 1)),
        (["DELETE FROM audit"], (3, 1)),
        (["UPDATE audit SET epoch = 'three' WHERE epoch = 3"], (2, 6)),
        (["UPDATE audit SET seq = 'x' WHERE epoch = 3 AND seq = 5"], (3, 5)),
        (
            [
                "UPDATE audit SET seq = 99 WHERE epoch = 2 AND seq = 3",
                "UPDATE audit SET seq = 3 WHERE epoch = 2 AND seq = 4",
                "UPDATE audit SET seq = 4 WHERE epoch = 2 AND seq = 99",
            ],
            (2, 3),
        ),
        (
            [
                "CREATE TEMP TABLE one AS SELECT * FROM audit WHERE epoch = 3 AND seq = 5",
                "UPDATE one SET seq = 6",
                "INSERT INTO audit SELECT * FROM one",
            ],
            (3, 6),
        ),
    ],
)
def test_removed_reordered_added_and_cut_off_rows(folder: Path, statements: list[str], bad: tuple[int, int]) -> None:
    tamper(folder, *statements)
    assert verify_folder(folder).bad == bad


def test_without_the_checkpoint_a_cut_off_tail_cannot_be_seen(folder: Path) -> None:
    tamper(folder, "DELETE FROM audit WHERE epoch = 3 AND seq > 2")
    engine = open_read_only(folder / "station.sqlite")
    assert verify(engine, None).reason == "the checkpoint is missing"
    engine.dispose()


def test_an_empty_audit_holds(folder: Path) -> None:
    tamper(folder, "DELETE FROM audit")
    (folder / "station.head").unlink()
    assert verify_folder(folder) == Verdict(0)


def test_a_running_station_can_be_verified(folder: Path) -> None:
    audit = Audit(folder, ManualClock())
    audit.open()
    assert verify_folder(folder) == Verdict(16)
    audit.close()


def test_a_folder_without_an_audit(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="name the data folder of a station that has run"):
        verify_folder(tmp_path)
