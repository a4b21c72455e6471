"""What a running station does for its history: it removes what is outdated, and says what is wrong."""

from pathlib import Path

from history.care.backup_note import write_note
from history.care.caretaker import Caretaker
from history.care.retention import AT_ONCE, DAY_US, outdated, without_asking
from history.health import BackupNote
from history.store.part_files import Part, damaged_in, part_of, parts_in
from tests.fakes.packing_bench import LAST_HOUR, RULE, Bench, bench, shift

MONTHS = ["2023-08", "2023-09", "2023-10", "2023-11", "2023-12"]


def caretaker(one: Bench, folder: Path, keep_days: int | None = None) -> Caretaker:
    return Caretaker(folder, (one.segments, one.parts, one.places.faults), lambda tag: RULE, {"": keep_days}, one.clock)


def packed(one: Bench) -> None:
    shift(one, 3, 60)
    one.clock.advance(7200)
    one.record((0, one.clock.wall_us(), 1.0, 0))
    one.pack()


def test_a_month_goes_when_all_of_it_is_older_than_its_class_is_kept() -> None:
    november = Part("2023-11")
    assert november.span_us[1] == LAST_HOUR
    assert outdated([november], {"": 10}, LAST_HOUR + 10 * DAY_US - 1) == []
    assert outdated([november], {"": 10}, LAST_HOUR + 10 * DAY_US) == [november]
    assert outdated([november], {"": None}, 2**60) == []
    assert outdated([november], {}, 2**60) == []


def test_every_class_has_days_of_its_own() -> None:
    parts = [Part("2023-10"), Part("2023-10", "short"), Part("2023-11", "short"), Part("2023-11", "other")]
    assert outdated(parts, {"": 365, "short": 1}, LAST_HOUR + DAY_US) == [
        Part("2023-10", "short"), Part("2023-11", "short"),
    ]  # fmt: skip


def test_many_at_once_wait_for_a_person() -> None:
    many = [Part(month) for month in MONTHS[: AT_ONCE + 1]]
    assert without_asking(many) == []
    assert without_asking([*many, Part("2023-08", "short")]) == [Part("2023-08", "short")]
    assert without_asking(many[1:]) == many[1:]


def test_the_station_removes_what_is_outdated_but_never_the_running_month(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
        care = caretaker(one, tmp_path, 1)
        care.step()
        assert [part.month for part in parts_in(tmp_path)] == ["2023-11", "2023-12"]
        one.clock.advance(86_400)
        care.step()
        assert [part.month for part in parts_in(tmp_path)] == ["2023-12"]
        assert care.notice == ""
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
        assert len(one.archive.read([0], LAST_HOUR, 2**60, 2**60))


def test_a_clock_that_jumps_removes_no_years(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
        for month in MONTHS[:3]:
            (tmp_path / f"history-{month}.sqlite").write_bytes((tmp_path / "history-2023-11.sqlite").read_bytes())
        one.clock.advance(400 * 86_400)
        care = caretaker(one, tmp_path, 30)
        care.step()
        assert [part.month for part in parts_in(tmp_path)] == MONTHS
        assert "5 months are older than keep_days" in care.notice


def test_a_month_that_was_there_before_the_restart_is_missed(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
        caretaker(one, tmp_path).save()
        one.parts.drop("2023-11")
        later = caretaker(one, tmp_path)
        later.step()
        assert "history-2023-11.sqlite is missing" in later.notice


def test_a_month_that_was_pruned_by_hand_is_not_missed(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        packed(one)
        caretaker(one, tmp_path).save()
        (tmp_path / "history-2023-11.sqlite").unlink()
        one.clock.advance(40 * 86_400)
        later = caretaker(one, tmp_path, 30)
        later.step()
        assert later.notice == ""


def test_the_newest_backup_is_known_within_a_minute(tmp_path: Path) -> None:
    with bench(tmp_path) as one:
        care = caretaker(one, tmp_path)
        care.step()
        assert care.backup is None
        note = BackupNote(at_us=1, folder="/mnt", size_bytes=2)
        write_note(tmp_path, note)
        one.clock.advance(60)
        care.step()
        assert care.backup == note


def test_parts_are_known_by_their_names(tmp_path: Path) -> None:
    names = ["history-2023-11.sqlite", "history-2023-12.short.sqlite"]
    others = ["history.sqlite", "history-2023-13.sqlite", "history-2023-11.Short.sqlite", "history-0001-01.sqlite"]
    damaged = "history-2023-11.damaged-20231201T000000.000000Z.sqlite"
    for name in (*names, *others, damaged):
        (tmp_path / name).touch()
    found = parts_in(tmp_path)
    assert [part.name for part in found] == names
    assert [part_of(part.name) for part in found] == found
    assert [path.name for path in damaged_in(tmp_path)] == [damaged]
    assert Part("2023-12").span_us == (LAST_HOUR, LAST_HOUR + 31 * DAY_US)
