"""What a data folder takes, looked at from files in every state."""

from pathlib import Path

import pytest
from sqlalchemy import insert

from database.engine import open_database
from database.migrate import HISTORY, MONTH
from history.overview import PartState
from history.store.sizes import look
from history.store.tables import CHUNK, FRAME, QUARANTINE, SOURCE

NOW_US = 1_795_935_600_000_000
"""2026-11-29 07:00 UTC."""
HOUR_US = 3_600_000_000
OCTOBER_US = 1_790_812_800_000_000
"""2026-10-01 00:00 UTC."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a frame, a quarantined blob, and two months; the older one begins at 05:00."""
    engine = open_database(tmp_path / "history.sqlite", HISTORY)
    with engine.begin() as connection:
        connection.execute(insert(SOURCE), [{"id": 1, "node": "n"}])
        frame = {"src": 1, "seq": 1, "t1_us": NOW_US, "at_us": NOW_US, "n": 1, "codec": 1, "crc": 0, "body": b""}
        connection.execute(insert(FRAME), [{**frame, "t0_us": NOW_US - HOUR_US}])
        connection.execute(insert(QUARANTINE), [{"what": "chunk", "reason": "crc", "t0_us": 0, "body": b""}])
    engine.dispose()
    for month, t0_us in (("2026-10", OCTOBER_US + 5 * HOUR_US), ("2026-11", NOW_US // HOUR_US * HOUR_US - HOUR_US)):
        _add_month(tmp_path / f"history-{month}.sqlite", t0_us)
    return tmp_path


def _add_month(path: Path, t0_us: int) -> None:
    engine = open_database(path, MONTH)
    numbers = dict.fromkeys(("n", "n_good", "t_min_us", "t_max_us", "integral", "good_us", "worst"), 0)
    with engine.begin() as connection:
        connection.execute(insert(CHUNK), [{"tag": 1, "t0_us": t0_us, "body": b"", **numbers}])
    engine.dispose()


def test_months_come_in_order_with_their_sizes_and_the_oldest_hour(folder: Path) -> None:
    found = look(folder, NOW_US)
    assert [(part.month, part.state) for part in found.parts] == [
        ("2026-10", PartState.CLOSED),
        ("2026-11", PartState.OPEN),
    ]
    assert found.parts[0].start_us == OCTOBER_US
    assert found.parts[0].end_us == found.parts[1].start_us
    assert found.oldest_us == OCTOBER_US + 5 * HOUR_US
    assert found.quarantined == 1
    assert found.free_bytes is not None
    assert found.size_bytes == found.newest_bytes + sum(part.size_bytes for part in found.parts)
    on_disk = (path for path in folder.iterdir() if path.name.endswith((".sqlite", ".sqlite-wal")))
    assert found.size_bytes == sum(path.stat().st_size for path in on_disk)


def test_a_damaged_month_is_named_left_alone_and_the_rest_is_read(folder: Path) -> None:
    path = folder / "history-2026-10.sqlite"
    spoilt = b"no database at all" * 100
    path.write_bytes(spoilt)
    found = look(folder, NOW_US)
    assert found.parts[0].state is PartState.DAMAGED
    assert "history-2026-10.sqlite" in found.parts[0].problem
    assert path.read_bytes() == spoilt
    assert found.oldest_us == NOW_US // HOUR_US * HOUR_US - HOUR_US


def test_a_month_that_was_cut_off_is_damaged(folder: Path) -> None:
    path = folder / "history-2026-10.sqlite"
    path.write_bytes(path.read_bytes()[:1500])
    assert look(folder, NOW_US).parts[0].state is PartState.DAMAGED


def test_keeping_classes_have_parts_of_their_own_and_other_files_are_none(folder: Path) -> None:
    _add_month(folder / "history-2026-10.bacteria.sqlite", OCTOBER_US)
    for name in ("history-2026-13.sqlite", "history-0000-01.sqlite", "history.damaged-1.sqlite", "tables.sqlite"):
        (folder / name).write_bytes(b"x" * 1000)
    found = look(folder, NOW_US)
    assert [(part.month, part.keeping) for part in found.parts] == [
        ("2026-10", "bacteria"),
        ("2026-10", ""),
        ("2026-11", ""),
    ]
    assert found.oldest_us == OCTOBER_US


def test_a_folder_without_history_is_empty(tmp_path: Path) -> None:
    found = look(tmp_path, NOW_US)
    assert (found.parts, found.size_bytes, found.oldest_us, found.quarantined) == ((), 0, None, 0)


def test_a_folder_that_is_not_there_takes_nothing_and_nobody_knows_what_is_free(tmp_path: Path) -> None:
    found = look(tmp_path / "away", NOW_US)
    assert (found.parts, found.size_bytes, found.free_bytes) == ((), 0, None)
