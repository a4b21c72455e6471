"""The commands `history ...`, as they are typed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from main import DEMO, app
from tests.fakes.packing_bench import bench, shift
from tests.fakes.spoiling import garble_pages


def call(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["history", *arguments, "--data", str(data)])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a month of history and some of the next, whose name has a space and no ASCII."""
    folder = tmp_path / "Daten Ö"
    folder.mkdir()
    with bench(folder) as one:
        shift(one, 3, 60)
        one.clock.advance(7200)
        one.record((0, one.clock.wall_us(), 1.0, 0))
        one.pack()
    return folder


def test_status_is_a_table_for_people_and_json_for_programs(data: Path) -> None:
    told = call(data, "status", str(DEMO))
    assert told.exit_code == 0
    assert "history-2023-11.sqlite" in told.output
    assert json.loads(call(data, "status", str(DEMO), "--json").output)["folder"] == str(data)


def test_verify_ends_with_an_error_if_anything_is_broken(data: Path) -> None:
    whole = call(data, "verify", str(DEMO), "--deep")
    assert whole.exit_code == 0
    assert whole.output.endswith("all as they were written\n")
    garble_pages(data / "history-2023-11.sqlite")
    broken = call(data, "verify", str(DEMO))
    assert broken.exit_code == 1
    assert "history-2023-11.sqlite: " in broken.stdout
    assert "faults; docs/how-to/look-after-history.md" in broken.stderr
