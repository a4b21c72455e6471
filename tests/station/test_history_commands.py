"""The commands `history ...`, as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from alarms.entry import JournalEntry
from alarms.store.journal import Journal
from alarms.store.verify import verify_journal
from main import DEMO, app
from plant_models.project import init_plant
from station.chain import AuditEntry
from station.lock import InstanceLock
from station.store.audit import Audit
from station.store.verify import verify_folder
from tests.fakes.audit_rows import audit_rows
from tests.fakes.clock import ManualClock
from tests.fakes.kept_history import closed
from tests.fakes.spoiling import garble_pages
from tests.fakes.tampering import tamper


def call(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["history", *arguments, "--data", str(data)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a month of history and some of the next, whose name has a space and no ASCII."""
    folder = tmp_path / "Daten Ö"
    closed(folder)
    return folder


def test_status_is_a_table_for_people_and_json_for_programs(data: Path) -> None:
    told = call(data, "status", str(DEMO))
    assert told.exit_code == 0
    assert "history-2023-11.sqlite" in told.output
    assert json.loads(call(data, "status", str(DEMO), "--json").output)["folder"] == str(data)


def test_verify_ends_with_an_error_if_anything_is_broken(data: Path) -> None:
    whole = call(data, "verify", str(DEMO), "--deep")
    assert whole.exit_code == 0
    assert whole.output.endswith("all as they were written\n")
    garble_pages(data / "history-2023-11.sqlite")
    broken = call(data, "verify", str(DEMO))
    assert broken.exit_code == 1
    assert "history-2023-11.sqlite: " in broken.stdout
    assert "faults: 1; docs/how-to/look-after-history.md" in broken.stderr


def run_once(data: Path) -> None:
    """Start an audit and a journal, write a row in each, and stop."""
    audit, journal = Audit(data, ManualClock()), Journal(data / "station.sqlite", ManualClock())
    audit.open()
    audit.append(AuditEntry(kind="test", user="ada", seat="desk 1"))
    journal.append([JournalEntry(at_us=1, mono_ns=1, event="ALM", alarm="T.H")])
    journal.close()
    audit.close()


def plant_kept_for(folder: Path, days: int) -> Path:
    """Return a plant folder whose history is kept for some days."""
    init_plant(folder)
    with (folder / "plant.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[history.keep_days]\nstandard = {days}\n")
    return folder


def test_a_backup_has_audit_and_journal_and_restores_into_a_new_folder(data: Path) -> None:
    run_once(data)
    folder, again = data.with_name("Sicherung 1"), data.with_name("again")
    made = call(data, "backup", str(folder))
    assert (made.exit_code, made.stderr) == (0, "")
    assert "7 files" in made.output
    assert "Last backup: " in call(data, "status").output
    told = call(again, "restore", str(folder))
    assert told.exit_code == 0
    assert verify_folder(again).bad is None
    assert verify_folder(again).rows == 2
    assert verify_journal(again / "station.sqlite").rows == 1
    assert call(again, "verify", "--deep").exit_code == 0
    assert call(again, "restore", str(folder)).exit_code == 1


def test_a_chain_that_does_not_hold_is_told_and_backed_up_all_the_same(data: Path) -> None:
    run_once(data)
    tamper(data, "UPDATE audit SET user = 'eve' WHERE seq = 2")
    made = call(data, "backup", str(data.with_name("backup")))
    assert made.exit_code == 1
    assert "station.sqlite: audit: " in made.stderr
    assert (data / "backup.json").exists()


def test_a_backup_into_the_data_folder_or_beside_another_one_is_refused(data: Path) -> None:
    assert "within the data folder" in call(data, "backup", str(data / "backup")).stderr
    assert not (data / "backup").exists()
    folder = data.with_name("backup")
    lock = InstanceLock(folder)
    lock.acquire()
    try:
        assert "another backup is being made" in call(data, "backup", str(folder)).stderr
    finally:
        lock.release()


def test_prune_says_what_goes_and_removes_it_but_for_a_trial(data: Path, tmp_path: Path) -> None:
    plant = plant_kept_for(tmp_path / "plant", 30)
    trial = call(data, "prune", str(plant), "--dry-run")
    assert "history-2023-11.sqlite" in trial.output
    assert "would be removed" in trial.output
    assert (data / "history-2023-11.sqlite").exists()
    assert call(data, "prune", str(plant)).exit_code == 0
    assert not list(data.glob("history-2023-*"))
    assert (data / "history.sqlite").exists()
    (first, _) = audit_rows(data, "history")
    assert first["title"] == "Remove history of history-2023-11.sqlite, history-2023-12.sqlite"
    assert "Nothing is older" in call(data, "prune", str(plant)).output


def test_without_days_nothing_is_removed(data: Path) -> None:
    assert "Nothing is older" in call(data, "prune", str(DEMO)).output
    assert (data / "history-2023-11.sqlite").exists()
