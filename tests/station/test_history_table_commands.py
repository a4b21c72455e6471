"""The commands `history lab` and `history rebuild-tables`, as they are typed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from typer.testing import CliRunner, Result

from history.store.plain.schema import TABLES_NAME
from main import DEMO, app
from station.lock import InstanceLock
from tests.fakes.packing_bench import shift
from tests.fakes.tables_bench import tables_bench

GOOD = "sampled_at,parameter,equipment,value,unit\n2023-11-28T07:30,Turbidity,SRC.LAKE,0.4,NTU\n"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["history", *map(str, arguments)])


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / TABLES_NAME)) as connection:
        return connection.execute(query).fetchall()


def demo_equipment() -> str:
    lines = (DEMO / "equipment.csv").read_text(encoding="utf-8").splitlines()
    return next(line.split(",")[0] for line in lines if ",water_source," in line)


def test_laboratory_values_are_entered_once_also_beside_a_running_station(tmp_path: Path) -> None:
    file, data = tmp_path / "lab.csv", tmp_path / "data"
    data.mkdir()
    file.write_text(GOOD.replace("SRC.LAKE", demo_equipment()), encoding="utf-8")
    lock = InstanceLock(data)
    lock.acquire()
    try:
        assert call("lab", file, DEMO, "--data", data).stdout == "1 values entered; 0 were there before\n"
        assert call("lab", file, DEMO, "--data", data).stdout == "0 values entered; 1 were there before\n"
        file.write_text(file.read_text(encoding="utf-8").replace("0.4", "0.5"), encoding="utf-8")
        told = call("lab", file, DEMO, "--data", data).output
        assert told == "1 values entered, 1 of them in place of another value; 0 were there before\n"
    finally:
        lock.release()
    assert rows(data, "SELECT value FROM lab_value_newest") == [(0.5,)]


def test_nothing_of_a_file_with_a_mistake_is_entered(tmp_path: Path) -> None:
    file = tmp_path / "lab.csv"
    good = GOOD.replace("SRC.LAKE", demo_equipment())
    file.write_text(good + "2023-11-28T08:30,Turbidity,NOWHERE,0.4,NTU\n", encoding="utf-8")
    ended = call("lab", file, DEMO, "--data", tmp_path)
    assert ended.exit_code == 1
    assert "lab.csv:3:28: equipment: unknown 'NOWHERE'" in ended.output
    assert "1 finding(s)" in ended.output
    assert not (tmp_path / TABLES_NAME).exists()
    missing = call("lab", tmp_path / "none.csv", DEMO, "--data", tmp_path)
    assert missing.exit_code == 1
    assert "the file is missing" in missing.output


def test_tables_are_rebuilt_at_once_or_by_the_station_that_runs(tmp_path: Path) -> None:
    with tables_bench(tmp_path) as one:
        shift(one, 3, 120)
        one.go_on(30)
        whole = one.rows("SELECT * FROM hourly ORDER BY 1, 2")
        days = one.rows("SELECT tag, date, start_us, n FROM daily ORDER BY 1, 2")
    (tmp_path / TABLES_NAME).unlink()
    ended = call("rebuild-tables", DEMO, "--data", tmp_path)
    assert ended.exit_code == 0
    assert ended.output.endswith(f"Worked out anew: {tmp_path / TABLES_NAME}\n")
    assert rows(tmp_path, "SELECT * FROM hourly ORDER BY 1, 2") == whole
    assert len(rows(tmp_path, "SELECT * FROM daily")) == len(days)
    lock = InstanceLock(tmp_path)
    lock.acquire()
    try:
        assert "it works out 2 months anew" in call("rebuild-tables", DEMO, "--data", tmp_path).output
    finally:
        lock.release()
    assert rows(tmp_path, "SELECT part FROM refill ORDER BY part") == [("2023-11",), ("2023-12",)]


def test_a_folder_without_history_is_refused(tmp_path: Path) -> None:
    ended = call("rebuild-tables", DEMO, "--data", tmp_path)
    assert ended.exit_code == 1
    assert "there is no history" in ended.output
