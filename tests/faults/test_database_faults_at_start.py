"""The databases are locked, read-only, damaged or gone when the station starts: it starts, says so in the window, and
takes them up as soon as they can be used; a damaged one is never replaced without a word."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from alarms.store.verify import verify_journal
from plant_models.simulation.process_link import VirtualPlant
from station.protocol import CommandState
from station.store.verify import verify_folder
from tests.fakes.ordinary_owner import ordinary_owner
from tests.fakes.shift import FORGETTING, UNAUDITED, UNJOURNALLED, shift
from tests.fakes.whole_line import whole_line


@pytest.fixture
def used(twin: VirtualPlant, tmp_path: Path) -> Path:
    """The data folder of a station that has run."""
    with whole_line(twin, tmp_path) as line:
        line.wait_good("RPS_PLC")
    return tmp_path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    path.chmod(0o400)
    yield
    path.chmod(0o600)


@pytest.mark.parametrize(
    ("fault", "words"), [(locked, "is locked by another program"), (read_only, "a readonly database")]
)
def test_databases_that_take_nothing_at_the_start_are_used_as_soon_as_they_do(
    qapp: QApplication,
    twin: VirtualPlant,
    used: Path,
    fault: Callable[[Path], AbstractContextManager[None]],
    words: str,
) -> None:
    with ordinary_owner(), ExitStack() as faults:
        for name in ("station.sqlite", "history.sqlite"):
            faults.enter_context(fault(used / name))
        with shift(twin, used) as night:
            for bar in (UNAUDITED, UNJOURNALLED, FORGETTING):
                night.sees(bar, lambda bar=bar: bar in night.bars())
            assert night.bars().count(words) == 3, night.bars()
            assert night.command(21.0).state is CommandState.REJECTED
            night.sees_alarm("RPS.P1")
            night.sees_live_values(1234.0)
            faults.close()
            night.sees("no bar", lambda: not night.bars())
            assert night.command(22.0).state is CommandState.VERIFIED
            health = night.line.station.health
            assert (health.history.lost, health.journal.dropped) == (0, 0)
    assert verify_folder(used).bad is None
    assert (verify_journal(used / "station.sqlite").bad, verify_folder(used).damages) == (None, ())
    assert list(used.glob("*.damaged-*")) == []


def test_a_damaged_audit_stays_as_it_is_and_a_damaged_history_is_kept_aside(
    qapp: QApplication, twin: VirtualPlant, used: Path
) -> None:
    spoilt = {}
    for name in ("station.sqlite", "history.sqlite"):
        with (used / name).open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 8192)
        spoilt[name] = (used / name).read_bytes()
    with shift(twin, used) as night:
        for bar in (UNAUDITED, UNJOURNALLED, "The history was damaged; what was there is kept in"):
            night.sees(bar, lambda bar=bar: bar in night.bars())
        assert night.bars().count("restore a backup, or move it away to begin a new one") == 2
        assert night.command(21.0).state is CommandState.REJECTED
        night.sees_alarm("RPS.P1")
        night.sees_live_values(1234.0)
        assert FORGETTING not in night.bars()
    (aside,) = used.glob("history.damaged-*.sqlite")
    assert aside.read_bytes() == spoilt["history.sqlite"]
    assert (used / "station.sqlite").read_bytes() == spoilt["station.sqlite"]


@pytest.mark.parametrize("content", [None, b""])
def test_an_audit_and_journal_that_are_gone_are_begun_anew_and_it_is_said(
    qapp: QApplication, twin: VirtualPlant, used: Path, content: bytes | None
) -> None:
    for part in used.glob("station.sqlite*"):
        part.unlink()
    if content is not None:
        (used / "station.sqlite").write_bytes(content)
    with shift(twin, used) as night:
        night.sees("that rows are missing", lambda: night.bars().count("isn't whole") >= 1)
        assert "The audit trail isn't whole, keep its files and find out why: Rows are missing" in night.bars()
        assert night.command(21.0).state is CommandState.VERIFIED
    assert verify_folder(used).damages != ()
