"""A history moves from its files to a server: all of it, once, however often that is cut short."""

import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select, text

from database.errors import DatabaseError
from database.server import open_server
from history.care.state import CareState, load_state, save_state
from history.chunks.cells import HOUR_US, MINUTE_US
from history.chunks.envelope import Kind, seal
from history.chunks.texts import Texts
from history.columns import Columns
from history.exchange.ends import both_ends
from history.exchange.kept import Kept, opened
from history.exchange.move import Moved, move, remove
from history.forward.writer import Writer
from history.packer import Packer
from history.store.frames import FrameStore
from history.store.kinds import NUMBER, TEXT
from history.store.series import Series
from history.store.tables import CHUNK, FRAME, ROLLUP, SEGMENT, TAG
from tests.fakes.clock import ManualClock
from tests.fakes.packing_bench import HOLD_US, LAST_HOUR, RULE, Bench, Rule, bench, shift
from tests.fakes.postgresql import made_database
from tests.fakes.spooling import Spooling

Found = dict[tuple[str, str], list[tuple[object, ...]]]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Hours of two months and two classes, one tag thinned; minutes, frames, and a tag that became a text."""
    folder = tmp_path / "data"
    one = Bench(folder)
    one.classes = {2: "short"}
    thinned = Rule(is_stepped=False, hold_us=HOLD_US, deviation=2.0)
    first = one.tag(0)
    one.packer = Packer(
        one.segments, one.parts, lambda tag: thinned if tag == first else RULE, HOLD_US, one.clock, one._keeping_of
    )
    shift(one, 3, step_s=240)
    one.clock.advance(120)
    one.pack()
    for _ in range(4):
        one.record(*((row, one.clock.wall_us() + row, float(row), 0) for row in range(3)))
        one.clock.advance(300)
    one.pack()
    one.close()
    store, times = FrameStore(folder, [Series("A", TEXT)]), LAST_HOUR + np.arange(3)
    store.open(one.clock.wall_us())
    texts = Texts.of(["Störung", "", None])
    columns = Columns(np.zeros(3, np.int64), np.arange(3.0), np.zeros(3, np.uint16), times, times, times, texts)
    store.append(columns, one.clock.wall_us())
    store.close()
    return folder


def moved(folder: Path, address: str, *, is_removed: bool = False) -> Moved:
    with both_ends(folder, address, ManualClock()) as ends:
        found = move(ends, lambda done, total: None)
        if is_removed:
            remove(ends)
    assert found.troubles == []
    return found


def samples_of(kept: Kept) -> Found:
    found = {}
    for row, series in enumerate(kept.series):
        columns = kept.archive.read([row], 0, 2**60, 2**60)
        texts = columns.texts.tolist() if columns.texts else [None] * len(columns)
        rows = zip(columns.time_us.tolist(), columns.values.tolist(), columns.qualities.tolist(), texts, strict=True)
        found[series.key] = sorted(rows, key=lambda each: each[0])
    return found


def everything(folder: Path, address: str) -> tuple[Found, list[bytes]]:
    with opened(folder, address, ManualClock()) as kept:
        cells = [
            kept.archive.cells(row, level_us, 0, 2**60).tobytes()
            for row in range(len(kept.series))
            for level_us in (MINUTE_US, HOUR_US)
        ]
        return samples_of(kept), cells


def state(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("history*.sqlite")}


def counts(address: str) -> dict[str, int]:
    engine = open_server(address)
    with engine.connect() as connection:
        found = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (TAG, FRAME, SEGMENT, CHUNK, ROLLUP)
        }
        found["short"] = connection.execute(text("SELECT count(*) FROM clearwell_short.hist_chunk")).scalar_one()
    engine.dispose()
    return found


def test_a_server_has_all_that_the_files_had_and_the_files_are_as_they_were(
    files: Path, tmp_path: Path, pg_database: str
) -> None:
    engine = open_server(pg_database)
    with engine.begin() as connection:  # ids there are others
        connection.execute(TAG.insert(), [{"name": name, "kind": "number"} for name in ("Z", "C", "A")])
    engine.dispose()
    before, there = state(files), everything(files, "")
    found = moved(files, pg_database)
    assert found.frames > 0 < found.hours
    assert state(files) == before
    samples, _ = everything(tmp_path / "none", pg_database)
    assert samples.pop(("Z", "number")) == []
    assert samples == there[0]
    once = counts(pg_database)
    assert once["short"] > 0 < once["hist_segment"]
    assert moved(files, pg_database).frames == 0
    assert counts(pg_database) == once


def test_cells_move_as_they_are_and_removed_files_leave_all_to_be_read(
    files: Path, tmp_path: Path, pg_database: str
) -> None:
    there = everything(files, "")
    save_state(files, CareState(known=["history-2023-11.sqlite"]))
    moved(files, pg_database, is_removed=True)
    assert load_state(files).known == []
    assert [path.name for path in files.glob("history-*.sqlite")] == []
    assert everything(tmp_path / "none", pg_database) == there
    samples, _ = everything(files, pg_database)
    assert {key: sorted(set(rows)) for key, rows in samples.items()} == {
        key: sorted(set(rows)) for key, rows in there[0].items()
    }


def test_a_server_that_a_station_writes_on_is_left_alone(files: Path, pg_database: str) -> None:
    engine, writer = open_server(pg_database), Writer("x", lambda: "pump station", ManualClock())
    assert writer.hold(engine)
    with pytest.raises(DatabaseError, match="pump station"), both_ends(files, pg_database, ManualClock()):
        pass
    writer.close()
    engine.dispose()


def test_where_another_station_recorded_the_same_tags_both_are_merged(
    files: Path, tmp_path: Path, pg_database: str
) -> None:
    with opened(files, "", ManualClock()) as kept:
        ours = measured(kept)
    with bench(tmp_path / "other", pg_database) as one:
        shift(one, 2, step_s=200)
        one.clock.advance(2 * 3600)
        one.pack()
        moved(files, pg_database)
        before = counts(pg_database)
        moved(files, pg_database)
        assert counts(pg_database) == before
        one.pack()
        one.clock.advance(2 * 3600)
        one.pack()
        assert counts(pg_database)["hist_segment"] == 0
        with opened(tmp_path / "none", pg_database, ManualClock()) as kept:
            found = measured(kept)
            hours = {each.key: kept.archive.cells(row, HOUR_US, 0, 2**60) for row, each in enumerate(kept.series)}
        for row, name in enumerate("ABC"):
            theirs = {at: value for (tag, at), (value, _) in one.expected.items() if tag == row}
            assert found[name] == ours[name] | theirs
            packed = [at for at in found[name] if at < LAST_HOUR - 200_001_000]
            n = hours[name, NUMBER]["n"]
            assert len(packed) <= n.sum() <= len(found[name])


def measured(kept: Kept) -> dict[str, dict[int, float]]:
    found = {}
    for row, series in enumerate(kept.series):
        if series.kind != TEXT:
            columns = kept.measured.read([row], 0, 2**60, 2**60)
            found[series.name] = dict(zip(columns.time_us.tolist(), columns.values.tolist(), strict=True))
    return found


def test_what_is_damaged_is_told_and_all_else_moves(files: Path, pg_database: str) -> None:
    month = min(files.glob("history-*.sqlite"))
    database = sqlite3.connect(month)
    with database:
        database.execute("UPDATE hist_chunk SET body = x'00' WHERE rowid = (SELECT min(rowid) FROM hist_chunk)")
    (total,) = database.execute("SELECT count(*) FROM hist_chunk").fetchone()
    database.close()
    (files / "history-2023-10.sqlite").write_bytes(b"no database" * 100)
    with both_ends(files, pg_database, ManualClock()) as ends:
        found = move(ends, lambda done, total: None)
    assert len(found.troubles) == 2
    assert "2023-10" in found.troubles[0]
    assert "too few" in found.troubles[1]
    assert found.hours >= total - 1


def test_an_older_copy_of_the_files_is_refused(files: Path, tmp_path: Path, pg_database: str) -> None:
    older = tmp_path / "older"
    shutil.copytree(files, older)
    database = sqlite3.connect(older / "history.sqlite")
    with database:
        database.execute("DELETE FROM hist_frame WHERE seq = (SELECT max(seq) FROM hist_frame)")
    database.close()
    moved(files, pg_database)
    with both_ends(older, pg_database, ManualClock()) as ends, pytest.raises(DatabaseError, match="older copy"):
        move(ends, lambda done, total: None)


def test_a_folder_without_history_is_told_and_nothing_is_made(tmp_path: Path, pg_database: str) -> None:
    with pytest.raises(DatabaseError, match="doesn't exist"), both_ends(tmp_path, pg_database, ManualClock()):
        pass
    assert list(tmp_path.iterdir()) == []


def killed(folder: Path, address: str, number: int, when: str) -> bool:
    command = [sys.executable, "-m", "tests.fakes.killed_move", str(folder), address, str(number), when]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode in (0, -signal.SIGKILL), ended.stderr
    return ended.returncode != 0


def check_killed(folder: Path, address: str, rounds: list[tuple[int, str]]) -> None:
    there = everything(folder, "")
    for number, when in rounds:
        assert killed(folder, address, number, when)
    moved(folder, address)
    assert everything(folder.parent / "none", address) == there
    once = counts(address)
    moved(folder, address)
    assert counts(address) == once


def test_a_move_that_is_killed_and_done_again_loses_and_doubles_nothing(files: Path, pg_database: str) -> None:
    check_killed(files, pg_database, [(2, "after"), (5, "before"), (9, "after")])


@pytest.mark.soak
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_move_that_is_killed_at_any_transaction_loses_and_doubles_nothing(
    files: Path, pg_server: str, when: str
) -> None:
    there, number, was_killed = everything(files, ""), 0, True
    while was_killed:
        number += 1
        with made_database(pg_server) as address:
            was_killed = killed(files, address, number, when)
            moved(files, address)
            assert everything(files.parent / "none", address) == there
    assert number > 8


def test_a_station_goes_on_after_its_move_and_sends_no_frame_twice(tmp_path: Path, pg_database: str) -> None:
    clock, folder = ManualClock(), tmp_path / "data"
    one = Spooling(folder, clock, pg_database).start()
    one.record(5)
    one.stop()
    assert moved(folder, pg_database).frames == 5
    again = Spooling(folder, clock, pg_database).start()
    again.record(3)
    again.send()
    newest = max(seq for (seq,) in again.frames("seq"))
    assert (again.forwarding.notice, again.forwarding.spool.acked) == ("", newest)
    again.stop()
    engine = open_server(pg_database)
    with engine.connect() as connection:
        assert connection.execute(select(FRAME.c.seq).order_by(FRAME.c.seq)).scalars().all() == [*range(1, newest + 1)]
    engine.dispose()


def test_an_hour_of_a_later_version_is_told_and_left_out(files: Path, pg_database: str) -> None:
    database = sqlite3.connect(min(files.glob("history-*.sqlite")))
    with database:
        row, body = database.execute("SELECT rowid, body FROM hist_chunk LIMIT 1").fetchone()
        newer = seal(Kind.CHUNK, body[6:], version=9)
        database.execute("UPDATE hist_chunk SET body = ? WHERE rowid = ?", (newer, row))
    database.close()
    with both_ends(files, pg_database, ManualClock()) as ends:
        (trouble,) = move(ends, lambda done, total: None).troubles
    assert "version 9" in trouble
