"""Mistakes in the model folder of a plant, found where they stand."""

import shutil
from pathlib import Path

import pytest

from plant_models.paths import RESOURCES
from plant_models.project import load_plant
from plant_models.simulation.check_model import check_model

DEMO = RESOURCES / "plants" / "netherby"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """The model folder of a copy of the demo plant."""
    return Path(shutil.copytree(DEMO / "model", tmp_path / "model"))


def found(model: Path) -> list[str]:
    return [str(finding).removeprefix("model/") for finding in check_model(model.parent)]


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def add(file: Path, row: str) -> int:
    """Append a row and return its line."""
    text = file.read_text(encoding="utf-8") + row + "\n"
    file.write_text(text, encoding="utf-8")
    return text.count("\n")


def test_the_model_of_the_demo_plant_has_no_findings(model: Path) -> None:
    assert found(model) == []


def test_a_plant_without_a_model_has_none_either(tmp_path: Path) -> None:
    assert check_model(tmp_path) == []


def test_a_model_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "model").write_text("x")
    assert [str(finding) for finding in check_model(tmp_path)] == ["model:1:1: not a folder; make it one, or remove it"]


@pytest.mark.parametrize("name", ["model.toml", "plcs.toml", "network.inp"])
def test_a_file_that_was_deleted(model: Path, name: str) -> None:
    (model / name).unlink()
    assert found(model) == [f"{name}:1:1: the file is missing; add it to the plant folder"]


def test_a_model_folder_without_files_still_says_that_the_plant_is_simulated(tmp_path: Path) -> None:
    plant = Path(shutil.copytree(DEMO, tmp_path / "plant"))
    shutil.rmtree(plant / "model")
    (plant / "model").mkdir()
    assert load_plant(plant).is_simulated
    assert [finding.file for finding in check_model(plant)] == [
        "model/model.toml",
        "model/network.inp",
        "model/plcs.toml",
    ]


@pytest.mark.parametrize("name", ["model.toml", "plcs.toml", "lps.csv"])
def test_garbage(model: Path, name: str) -> None:
    (model / name).write_bytes(b"\xff\xfegarbage")
    (text,) = found(model)
    assert text.startswith(f"{name}:1:1: ")


def test_a_network_that_epanet_can_not_read(model: Path) -> None:
    (model / "network.inp").write_text("garbage")
    (text,) = found(model)
    assert text.startswith("network.inp:1:1: EPANET error ")


def test_broken_toml_has_its_line(model: Path) -> None:
    line = add(model / "plcs.toml", "x = = 1")
    (text,) = found(model)
    assert text.startswith(f"plcs.toml:{line}:5: not TOML")


def test_all_wrong_keys_are_told_at_once_with_their_lines(model: Path) -> None:
    replace(model / "model.toml", "diameter", "diametre")
    assert [text.split(": ", 1)[1] for text in found(model)] == [
        "tank[1].diameter is missing; add it",
        "unknown key tank[1].diametre; did you mean 'diameter'?",
    ]


def test_a_number_that_is_none(model: Path) -> None:
    replace(model / "model.toml", "diameter = ", "diameter = nan #")
    (text,) = found(model)
    assert "tank[1].diameter can't be NaN; write a finite number" in text


def test_an_order_of_limits_that_a_program_refuses(model: Path) -> None:
    replace(model / "plcs.toml", "stop = ", "stop = 1.0 #")
    (text,) = found(model)
    assert "must lie below stop (1.0)" in text


def test_two_plcs_of_one_name(model: Path) -> None:
    replace(model / "plcs.toml", '"RPS_PLC"', '"LPS_PLC"')
    assert found(model)[0].startswith("plcs.toml:1:1: two PLCs are called LPS_PLC")


def test_a_cell_beyond_all_bounds(model: Path) -> None:
    line = add(model / "lps.csv", f'hr:950,u16,r,,"{"x" * 200_000}"')
    assert found(model)[0].startswith(f"lps.csv:{line}:1: ")


def test_every_wrong_row_of_a_map_is_told(model: Path) -> None:
    first = add(model / "lps.csv", "hr:x,u16,r,,A.b")
    add(model / "lps.csv", "hr:950,u17,r,,A.b")
    add(model / "lps.csv", "hr:950")
    assert [text.split(": ")[0] for text in found(model)] == [f"lps.csv:{first + n}:1" for n in range(3)]


def test_what_a_plc_does_not_have_or_lets_nobody_write(model: Path) -> None:
    first = add(model / "lps.csv", "hr:950,u16,r,,NO.such")
    add(model / "lps.csv", "hr:951,u16,rw,,TK1.level")
    unknown, read_only = found(model)
    assert unknown.startswith(f"lps.csv:{first}:1: LPS_PLC knows no variable 'NO.such'")
    assert read_only == f"lps.csv:{first + 1}:1: TK1.level is read-only; write access r"


def test_a_part_that_is_not_in_the_network(model: Path) -> None:
    replace(model / "model.toml", 'node = "', 'node = "x')
    (text,) = found(model)
    assert "which is not in network.inp" in text


def test_a_program_without_its_variable(model: Path) -> None:
    replace(model / "plcs.toml", 'level = "', 'level = "X')
    (text,) = found(model)
    assert text.startswith("plcs.toml:1:1: ")
    assert "the process has no 'X" in text
