"""The commands `history export`, `import` and `migrate`, as they are typed."""

from pathlib import Path

from typer.testing import CliRunner, Result

from database.migrate import HISTORY
from main import DEMO, app
from station.lock import InstanceLock
from tests.fakes.old_files import aged
from tests.fakes.packing_bench import Bench, shift

CSV = "tag,time_utc,value\nX,2023-11-28T07:30:00Z,1.5\n"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["history", *map(str, arguments), "--plant", str(DEMO)])


def recorded(folder: Path) -> None:
    one = Bench(folder)
    shift(one, 1, step_s=1800)
    one.close()


def test_samples_leave_beside_a_running_station_and_come_in_only_when_none_runs(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "a.csv"
    recorded(data)
    lock = InstanceLock(data)
    lock.acquire()
    try:
        told = call("export", file, "--data", data)
        assert told.stdout == f"{file}: 6 rows\n"
        refused = call("import", file, "--data", data)
        assert refused.exit_code == 1
    finally:
        lock.release()
    again = call("export", file, "--data", data)
    assert "--force" in again.output
    told = call("import", file, "--data", data)
    assert "6 samples of 3 tags imported" in told.output


def test_a_mistake_is_told_and_nothing_is_imported_unless_it_is_left_out(tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "a.csv"
    recorded(data)
    file.write_text(CSV + "A,2023-11-28T07:30:00Z,1.5\n", encoding="utf-8")
    told = call("import", file, "--data", data)
    assert told.exit_code == 1
    assert "line 2, column 1: there is no tag X" in told.output
    assert "1 rows are wrong" in told.output
    assert "1 samples of 1 tags imported" in call("import", file, "--data", data, "--skip-bad").output
    assert "2 samples of 2 tags" in call("import", file, "--data", data, "--new-tags", "--dry-run").output
    assert "there is no column when" in call("import", file, "--data", data, "--column", "time=when").output


def test_an_old_file_is_brought_up_and_a_server_has_all_of_it(tmp_path: Path, pg_database: str) -> None:
    recorded(tmp_path)
    aged(tmp_path / "history.sqlite", HISTORY, "h0002")
    assert "history migrate" in call("export", tmp_path / "a.csv", "--data", tmp_path).output
    assert "had the schema h0002" in call("migrate", "--data", tmp_path).output
    told = call("migrate", "--to", pg_database, "--remove", "--data", tmp_path)
    assert told.exit_code == 0, told.output
    assert "frames were sent" in told.output
    file = tmp_path / "b.csv"
    assert call("export", file, "--data", tmp_path / "none", "--database", pg_database).stdout == f"{file}: 6 rows\n"
