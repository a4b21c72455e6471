"""Files of every earlier version are read and brought up; whoever is killed meanwhile leaves the old one whole."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from database.errors import DatabaseError
from database.migrate import HISTORY, MONTH, newest_revision
from history.exchange.kept import opened
from history.exchange.schema import upgrade
from tests.fakes.clock import ManualClock
from tests.fakes.old_files import aged, dump
from tests.fakes.packing_bench import Bench, shift


@pytest.fixture(params=["h0001", "h0002"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Bench]:
    """A data folder with a file of an earlier version (minutes came with h0002) and two months, and what is in it."""
    one = Bench(tmp_path)
    shift(one, 3, step_s=600)
    if request.param == "h0002":
        one.clock.advance(120)
        one.pack()
    one.close()
    aged(tmp_path / "history.sqlite", HISTORY, request.param)
    for path in tmp_path.glob("history-*.sqlite"):
        aged(path, MONTH, "m0001")
    return tmp_path, one


def check(folder: Path, one: Bench) -> None:
    with opened(folder, "", ManualClock()) as kept:
        for row, name in enumerate("ABC"):
            found = kept.archive.read([[*kept.names].index(name)], 0, 2**60, 2**60)
            values = dict(zip(found.time_us.tolist(), found.values.tolist(), strict=True))
            assert values == {at: value for (tag, at), (value, _) in one.expected.items() if tag == row}


def test_a_file_of_an_earlier_version_is_brought_up_with_all_that_it_has(old: tuple[Path, Bench]) -> None:
    folder, one = old
    months = {path: path.read_bytes() for path in folder.glob("history-*.sqlite")}
    with pytest.raises(DatabaseError, match="history migrate"), opened(folder, "", ManualClock()):
        pass
    before, after = upgrade(folder)
    assert before in ("h0001", "h0002")
    assert after == newest_revision(HISTORY)
    check(folder, one)
    assert {path: path.read_bytes() for path in folder.glob("history-*.sqlite")} == months
    assert upgrade(folder) == (after, after)


def killed_at(folder: Path, number: int) -> bool:
    """Migrate in a process that is killed before the given statement that changes something, 0: before the commit."""
    command = [sys.executable, "-m", "tests.fakes.killed_migration", str(folder), str(number)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    return ended.returncode != 0


@pytest.mark.parametrize("old", ["h0002"], indirect=True)
def test_a_migration_that_is_killed_leaves_the_old_version_whole(old: tuple[Path, Bench]) -> None:
    folder, one = old
    before = dump(folder / "history.sqlite")
    for number in (2, 6, 0):
        assert killed_at(folder, number)
        assert dump(folder / "history.sqlite") == before
    upgrade(folder)
    check(folder, one)


@pytest.mark.soak
def test_a_migration_that_is_killed_at_any_statement_leaves_the_old_version_whole(old: tuple[Path, Bench]) -> None:
    folder, one = old
    before, number = dump(folder / "history.sqlite"), 1
    while killed_at(folder, number):
        assert dump(folder / "history.sqlite") == before
        number += 1
    assert number > 6
    check(folder, one)
