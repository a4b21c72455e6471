"""A backup is made beside a station, is read back, and can be restored; nothing that goes wrong passes for one."""

import resource
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

import orjson
import pytest

from database import copy
from database.copy import copy_database
from database.errors import DamagedError
from history.care import manifest as manifests
from history.care.backup import check_places, make_backup
from history.care.backup_note import read_note
from history.care.backup_run import Wish
from history.care.manifest import BackupError, Manifest, read_manifest
from history.care.restore import restore
from history.care.verify import verify_folder
from history.chunks.cells import HOUR_US
from history.store.tables import CHUNK, SOURCE
from tests.fakes.clock import ManualClock
from tests.fakes.kept_history import DECEMBER, NOVEMBER, closed, opened, reopened
from tests.fakes.packing_bench import LAST_HOUR, Bench, bench, shift
from tests.fakes.spoiling import DAMAGES, garble_pages

ROOT = Path(__file__).resolve().parents[3]


class Site:
    """A data folder, a folder for backups, and a clock that goes on."""

    def __init__(self, folder: Path) -> None:
        self.data, self.folder = folder / "data", folder / "Sicherung Ö"
        self.data.mkdir()
        self.clock = ManualClock()
        self.keep_days: dict[str, int | None] = {"": None}
        self.found: Mapping[str, str] = {}

    def back_up(self) -> Manifest:
        self.clock.advance(10)
        wish = Wish(
            data=self.data,
            folder=self.folder,
            keep_days=self.keep_days,
            check=lambda run: self.found,
            tell=lambda progress: None,
        )
        return make_backup(wish, self.clock)

    def restored(self, name: str = "again") -> Path:
        data = self.data.with_name(name)
        restore(self.folder, data, lambda progress: None)
        return data


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def runs(made: Manifest) -> dict[str, str]:
    return {file.name: file.run for file in made.files}


def check_restored(one: Bench, data: Path) -> None:
    """See that a restored folder has what the bench has recorded, and that a station can go on there."""
    assert list(verify_folder(data, lambda progress: None, True)) == []
    again = reopened(data, one)
    try:
        again.check()
        again.clock.advance(10_000)
        again.record((0, again.clock.wall_us(), 1.0, 0))
        again.pack()
        again.check()
    finally:
        again.close()


def test_what_was_backed_up_beside_a_station_can_be_restored_and_goes_on(site: Site) -> None:
    one = opened(site.data)
    try:
        made = site.back_up()
        assert not made.faults
        assert set(runs(made)) == {"tags.json", "history.sqlite", NOVEMBER, DECEMBER}
        note = read_note(site.data)
        assert note is not None
        assert (note.at_us, note.size_bytes) == (made.made_at_us, made.size_bytes)
        check_restored(one, site.restored())
    finally:
        one.close()


def test_a_restored_history_records_under_a_name_of_its_own(site: Site) -> None:
    one = opened(site.data)
    try:
        site.back_up()
        again = Bench(site.restored())
        nodes = []
        for each in (one, again):
            with each.frames.place().engine.connect() as connection:
                nodes.append(connection.execute(SOURCE.select()).one().node)
        again.close()
        assert nodes[0] != nodes[1]
    finally:
        one.close()


def test_a_month_that_has_not_changed_is_copied_once(site: Site) -> None:
    one = closed(site.data)
    first, second = site.back_up(), site.back_up()
    assert runs(second)[NOVEMBER] == runs(first)[NOVEMBER]
    assert runs(second)["history.sqlite"] != runs(first)["history.sqlite"]
    again = reopened(site.data, one)
    again.record((0, LAST_HOUR - HOUR_US + 7, 42.0, 0))
    again.clock.advance(10_000)
    again.record((0, again.clock.wall_us(), 42.0, 0))
    again.pack()
    try:
        third = site.back_up()
        assert runs(third)[NOVEMBER] not in (runs(first)[NOVEMBER], runs(second)[NOVEMBER])
        assert {path.parent.name for path in site.folder.glob("*/*.*")} == set(runs(third).values())
        check_restored(again, site.restored())
    finally:
        again.close()


def test_an_unchanged_month_whose_copy_has_gone_bad_is_copied_again(site: Site) -> None:
    closed(site.data)
    first = site.back_up()
    garble_pages(site.folder / runs(first)[NOVEMBER] / NOVEMBER)
    assert runs(site.back_up())[NOVEMBER] != runs(first)[NOVEMBER]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_month_is_named_and_the_rest_is_backed_up(site: Site, damage: str) -> None:
    closed(site.data)
    DAMAGES[damage](site.data / NOVEMBER)
    made = site.back_up()
    assert NOVEMBER in made.faults
    assert set(runs(made)) == {"tags.json", "history.sqlite", DECEMBER}
    assert (site.restored() / DECEMBER).exists()


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_whole_copy_of_a_month_is_not_given_up_for_a_damaged_one(site: Site, damage: str) -> None:
    one = closed(site.data)
    first = site.back_up()
    DAMAGES[damage](site.data / NOVEMBER)
    made = site.back_up()
    assert runs(made)[NOVEMBER] == runs(first)[NOVEMBER]
    assert f"its copy of {runs(first)[NOVEMBER]} is kept" in made.faults[NOVEMBER]
    check_restored(one, site.restored())


def test_a_month_that_disappears_is_kept_unless_it_was_to_go(site: Site) -> None:
    closed(site.data)
    site.back_up()
    (site.data / NOVEMBER).unlink()
    made = site.back_up()
    assert NOVEMBER in runs(made)
    assert "any more" in made.faults[NOVEMBER]
    site.keep_days = {"": 1}
    site.clock.advance((LAST_HOUR - site.clock.wall_us()) / 1e6 + 86_400)
    made = site.back_up()
    assert NOVEMBER not in runs(made)
    assert not made.faults


def test_the_copy_of_a_month_that_had_more_in_it_stays_beside_the_new_one(site: Site) -> None:
    closed(site.data)
    first = site.back_up()
    one = Bench(site.data, start_us=LAST_HOUR + 4 * HOUR_US)
    with one.parts.writing(LAST_HOUR - 1) as connection:
        connection.execute(CHUNK.delete().where(CHUNK.c.tag == 1))
    one.close()
    for _ in range(2):
        made = site.back_up()
        assert [kept.path for kept in made.older] == [first.find(NOVEMBER).path]  # type: ignore[union-attr]
        assert (site.folder / made.older[0].path).exists()
    assert runs(made)[NOVEMBER] != runs(first)[NOVEMBER]


def test_blobs_that_cannot_be_read_are_named_and_copied_as_they_are(site: Site) -> None:
    one = opened(site.data)
    with one.parts.writing(LAST_HOUR - 1) as connection:
        connection.execute(CHUNK.update().where(CHUNK.c.tag == 1).values(body=b"C rubbish"))
    one.close()
    made = site.back_up()
    assert NOVEMBER in runs(made)
    assert "can't be read: hour of tag 1" in made.faults[NOVEMBER]


def test_what_others_find_wrong_is_in_the_manifest(site: Site) -> None:
    closed(site.data)
    site.found = {"station.sqlite": "audit: a row is missing"}
    assert site.back_up().faults == site.found


def test_new_tags_that_come_while_months_are_copied_end_the_backup(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    closed(site.data)
    ids = iter((3, 4))
    monkeypatch.setattr("history.care.backup.newest_tag", lambda path: next(ids))
    with pytest.raises(BackupError, match="once more"):
        site.back_up()
    assert not list(site.folder.glob("*/*"))


def test_a_backup_within_the_data_folder_or_of_nothing_is_refused(site: Site) -> None:
    with pytest.raises(BackupError, match="no history"):
        check_places(site.data, site.folder)
    closed(site.data)
    check_places(site.data, site.folder)
    for folder in (site.data, site.data / "backup"):
        with pytest.raises(BackupError, match="within the data folder"):
            check_places(site.data, folder)


def change_manifest(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"rows": 0', b'"rows": 8'))


def lead_elsewhere(folder: Path) -> None:
    found = read_manifest(folder)
    content = orjson.loads((folder / "manifest.json").read_bytes())
    del content["sha256"]
    content["files"][1]["name"] = "../../elsewhere.sqlite"
    assert found.files
    (folder / "manifest.json").write_bytes(orjson.dumps({**content, "sha256": manifests._digest(content)}))


def newer_format(folder: Path) -> None:
    content = orjson.loads((folder / "manifest.json").read_bytes()) | {"format": 9}
    del content["sha256"]
    (folder / "manifest.json").write_bytes(orjson.dumps({**content, "sha256": manifests._digest(content)}))


def swap_files(folder: Path) -> None:
    one, other = next(folder.glob(f"*/{NOVEMBER}")), next(folder.glob(f"*/{DECEMBER}"))
    body = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(body)


SPOILT = {
    "a manifest that was changed": (change_manifest, "was changed"),
    "a manifest that is no JSON": (lambda folder: (folder / "manifest.json").write_bytes(b"{"), "no manifest"),
    "a manifest that is a list": (lambda folder: (folder / "manifest.json").write_bytes(b"[]"), "no manifest"),
    "a manifest of a later version": (newer_format, "newer Clearwell"),
    "a name that leads elsewhere": (lead_elsewhere, "no manifest"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "cut short or never was one"),
    "files that were swapped": (swap_files, "isn't what was copied"),
    "a file that is missing": (lambda folder: next(folder.glob(f"*/{DECEMBER}")).unlink(), "can't be read"),
    "a file that was changed": (lambda folder: garble_pages(next(folder.glob(f"*/{DECEMBER}"))), "isn't what"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_nothing_is_restored_from(site: Site, kind: str) -> None:
    closed(site.data)
    site.back_up()
    spoil, words = SPOILT[kind]
    spoil(site.folder)  # type: ignore[no-untyped-call]
    with pytest.raises(BackupError, match=words):
        site.restored()
    assert not list(site.data.parent.glob("again*"))


def test_a_folder_whose_manifest_cannot_be_read_takes_no_other_backup(site: Site) -> None:
    closed(site.data)
    site.back_up()
    change_manifest(site.folder)
    with pytest.raises(BackupError, match="choose another folder"):
        site.back_up()


def test_nothing_is_restored_onto_what_is_there(site: Site) -> None:
    closed(site.data)
    site.back_up()
    (site.data.parent / "full").mkdir()
    (site.data.parent / "full" / "x").touch()
    (site.data.parent / "file").touch()
    for name in ("data", "full", "file"):
        with pytest.raises(BackupError, match="isn't empty"):
            site.restored(name)
    (site.data.parent / "empty").mkdir()
    assert (site.restored("empty") / NOVEMBER).exists()


def test_what_a_restoring_that_was_cut_short_left_is_removed(site: Site) -> None:
    one = opened(site.data)
    site.back_up()
    draft = site.data.with_name("again.restoring")
    draft.mkdir()
    (draft / NOVEMBER).write_bytes(b"half")
    check_restored(one, site.restored())
    assert not draft.exists()
    one.close()


def test_a_copy_is_one_moment_though_others_go_on_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copy, "PAGES", 1)
    with bench(tmp_path) as one:
        shift(one, 1, 10)
        is_over = threading.Event()

        def write() -> None:
            while not is_over.is_set():
                one.record((0, one.clock.wall_us(), 1.0, 0))
                one.clock.advance(1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            copy_database(one.frames.path, tmp_path / "copy.sqlite")
        finally:
            is_over.set()
            writer.join()
    (tmp_path / "there").mkdir()
    (tmp_path / "copy.sqlite").rename(tmp_path / "there" / "history.sqlite")
    assert list(verify_folder(tmp_path / "there", lambda progress: None)) == []


def test_a_file_that_is_not_ours_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(DamagedError):
        copy_database(tmp_path / "empty", tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def run_killed(site: Site, where: str, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """Make a backup in a process of its own that is killed when it comes to a place, or may write only small files."""
    script = f"""
import os, resource, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from history.care import backup, backup_run, manifest
from history.care.backup_run import Wish
from plant_models.clock import SystemClock

def kill(*_): os.kill(os.getpid(), signal.SIGKILL)

where, limit = {where!r}, {limit!r}
if limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
if where == "copied": backup.check_files = kill
if where == "half copied":
    take = backup_run.Run.take
    backup_run.Run.take = lambda run, name: kill() if name.startswith("history-2023-12") else take(run, name)
if where == "manifest is a draft":
    replace = Path.replace
    Path.replace = lambda path, to: kill() if path.name.startswith("manifest") else replace(path, to)
if where == "manifest is there":
    write = backup.write_manifest
    backup.write_manifest = lambda *given: (write(*given), kill())
if where == "not noted": backup.write_note = kill
wish = Wish(data=Path({str(site.data)!r}), folder=Path({str(site.folder)!r}), keep_days={{}},
            check=lambda run: {{}}, tell=lambda progress: None)
backup.make_backup(wish, SystemClock())
"""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)


KILLED = [
    pytest.param(where, marks=() if where in ("copied", "manifest is there") else pytest.mark.soak)
    for where in ("half copied", "copied", "manifest is a draft", "manifest is there", "not noted")
]


@pytest.mark.parametrize("where", KILLED)
def test_a_backup_that_is_killed_leaves_the_one_before_or_a_whole_new_one(site: Site, where: str) -> None:
    one = closed(site.data)
    first = site.back_up()
    shutil.copytree(site.folder, site.folder.with_name("first"))
    again = reopened(site.data, one)
    again.record((0, LAST_HOUR - HOUR_US + 7, 42.0, 0))
    again.clock.advance(10_000)
    again.record((0, again.clock.wall_us(), 42.0, 0))
    again.pack()
    again.close()
    assert run_killed(site, where).returncode == -9
    found = read_manifest(site.folder)
    is_new = where in ("manifest is there", "not noted")
    assert (found.made_at_us != first.made_at_us) == is_new
    check_restored(again if is_new else one, site.restored())
    last = site.back_up()
    assert {path.name for path in site.folder.iterdir()} == {"manifest.json", *runs(last).values()}


def test_the_first_backup_killed_is_none(site: Site) -> None:
    closed(site.data)
    assert run_killed(site, "copied").returncode == -9
    assert list(site.folder.glob("*/history.sqlite"))
    with pytest.raises(BackupError, match="cut short"):
        site.restored()
    assert read_note(site.data) is None


def test_a_disk_that_is_full_ends_a_backup_and_leaves_the_one_before(site: Site) -> None:
    one = closed(site.data)
    site.back_up()
    before = sorted(path.name for path in site.folder.rglob("*"))
    done = run_killed(site, "", limit=resource.getpagesize() * 3)
    assert done.returncode == 1
    assert "no backup was made: " in done.stderr
    assert sorted(path.name for path in site.folder.rglob("*")) == before
    check_restored(one, site.restored())
