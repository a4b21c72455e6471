"""What `history status` says of a data folder."""

from pathlib import Path

import orjson

from history.care.backup_note import write_note
from history.care.status import folder_status
from history.care.status_report import as_table, as_text, size
from history.health import BackupNote
from tests.fakes.packing_bench import LAST_HOUR, bench, shift


def test_it_counts_what_is_packed_and_what_is_not_beside_an_open_station(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 2, 60)
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        found = folder_status(tmp_path)
        assert [(part.file, part.tags, part.hours) for part in found.parts] == [("history-2023-11.sqlite", 3, 9)]
        assert found.newest.frames == 1
        assert found.newest.tags == 3
        assert sum(part.samples for part in found.parts) + found.newest.samples == len(one.expected)
        assert found.span_us is not None
        assert found.span_us[1] == one.clock.wall_us()
        assert not any(part.error for part in found.parts)


def test_a_file_that_cannot_be_read_says_so_in_its_own_row(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        shift(one, 1, 60)
        one.pack()
    (tmp_path / "history-2023-10.sqlite").write_bytes(b"")
    (tmp_path / "history-2023-11.sqlite").write_bytes(b"rubbish" * 100)
    (tmp_path / "history-2023-09.damaged-20231101T000000.000000Z.sqlite").touch()
    found = folder_status(tmp_path)
    assert ["tables" in part.error or "damaged" in part.error for part in found.parts] == [True, True]
    assert "Damaged and put aside: history-2023-09.damaged" in as_table(found)


def test_an_empty_folder_is_no_mistake(tmp_path: Path) -> None:
    told = as_table(folder_status(tmp_path))
    assert "history.sqlite doesn't exist" in told
    assert "No backup yet" in told


def test_programs_get_the_same_as_json(tmp_path: Path) -> None:
    write_note(tmp_path, BackupNote(at_us=LAST_HOUR, folder="/mnt/ö b", size_bytes=1_234_567))
    found = folder_status(tmp_path, "postgresql://pump@localhost/plant")
    assert "Last backup: 2023-12-01 00:00:00Z, 1.2 MB, /mnt/ö b" in as_table(found)
    told = orjson.loads(as_text(found))
    assert told["backup"] == {"at_us": LAST_HOUR, "folder": "/mnt/ö b", "size_bytes": 1_234_567}
    assert told["server"] == "postgresql://pump@localhost/plant"
    assert told["oldest_us"] is None


def test_a_note_of_a_backup_that_is_none_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "backup.json").write_text('{"at_us": "now"')
    assert folder_status(tmp_path).backup is None


def test_sizes_are_told_in_decimal_units() -> None:
    assert [size(count) for count in (999, 1_000, 2_500_000, 7 * 10**13)] == ["999 B", "1.0 kB", "2.5 MB", "70.0 TB"]
