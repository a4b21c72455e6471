"""`main.py verify`: what it says of both chains, and how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest

from alarms.entry import JournalEntry
from alarms.store.journal import Journal
from plant_models.paths import RESOURCES
from station.chain import AuditEntry
from station.store.audit import Audit
from tests.fakes.clock import ManualClock
from tests.fakes.tampering import tamper

MAIN = Path(__file__).resolve().parents[1] / "main.py"
SPOIL_AUDIT = "UPDATE audit SET user = 'eve' WHERE seq = 2"
SPOIL_JOURNAL = ("DROP TRIGGER journal_no_update", "UPDATE journal SET alarm = 'T.L' WHERE seq = 1")


def run_once(folder: Path) -> None:
    """Start an audit and a journal, write a row in each, and stop."""
    audit, journal = Audit(folder, ManualClock()), Journal(folder / "station.sqlite", ManualClock())
    audit.open()
    audit.append(AuditEntry(kind="test", user="ada", seat="desk 1"))
    journal.append([JournalEntry(at_us=1, mono_ns=1, event="ALM", alarm="T.H")])
    journal.close()
    audit.close()


def verify(folder: Path) -> tuple[int, str, str]:
    """Return the exit code and what was said on stdout and stderr, without the folder's name."""
    line = [sys.executable, str(MAIN), "verify", str(RESOURCES / "plants" / "netherby"), "--data", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout.replace(f"{folder}: ", ""), done.stderr.replace(f"{folder}: ", "")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run_once(tmp_path)
    return tmp_path


def test_two_whole_chains(folder: Path) -> None:
    said = "2 audit rows, all as they were written\n1 journal rows, all as they were written\n"
    assert verify(folder) == (0, said, "")


def test_of_damage_told_at_an_earlier_start_it_is_not_said_that_all_is_as_written(folder: Path) -> None:
    (folder / "station.head").unlink()
    run_once(folder)
    code, said, _ = verify(folder)
    assert code == 0
    assert said.startswith("audit, epoch 2, row 2: ")
    assert said.endswith("5 audit rows, no further damage\n2 journal rows, all as they were written\n")


def test_a_spoilt_audit_does_not_hide_the_verdict_on_the_journal(folder: Path) -> None:
    tamper(folder, SPOIL_AUDIT)
    wrong = "audit row 2 of epoch 1 doesn't hold: the row was changed"
    assert verify(folder) == (1, "1 journal rows, all as they were written\n", f"clearwell: {wrong}\n")
    tamper(folder, *SPOIL_JOURNAL)
    assert verify(folder) == (1, "", f"clearwell: {wrong}; journal row 1 doesn't hold: the row was changed\n")


def test_a_spoilt_journal_does_not_hide_the_verdict_on_the_audit(folder: Path) -> None:
    tamper(folder, *SPOIL_JOURNAL)
    said = "2 audit rows, all as they were written\n"
    assert verify(folder) == (1, said, "clearwell: journal row 1 doesn't hold: the row was changed\n")


def test_a_folder_without_a_database_is_said_once(tmp_path: Path) -> None:
    code, said, wrong = verify(tmp_path)
    assert (code, said) == (1, "")
    assert wrong.count("station.sqlite") == 1
