"""plcs.toml: what each mistake says."""

from pathlib import Path

import pytest

from plant_models.simulation.model_file import ModelError
from plant_models.simulation.plc_config import load_plcs
from tests.fakes.model_folder import write_model

PLC = '[[plc]]\nname = "A"\nprotocol = "modbus"\nmap = "a.csv"\n'
GROUP = PLC + '[[plc.group]]\nname = "G"\npumps = ["P1"]\nlevel = "T.level"\n'


def problem_of(folder: Path, text: str) -> str:
    (folder / "plcs.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=r"^plcs\.toml: ") as caught:
        load_plcs(folder)
    return str(caught.value)


def test_a_good_file_loads(tmp_path: Path) -> None:
    plcs = load_plcs(write_model(tmp_path, with_opcua=True))
    assert [(plc.name, plc.protocol, plc.byte_order) for plc in plcs] == [
        ("LPS_PLC", "modbus", "ABCD"),
        ("FLT_PLC", "modbus", "CDAB"),
        ("WTW_UA", "opcua", "ABCD"),
    ]
    assert plcs[0].group[0].pumps == ("LPS.P1", "LPS.P2")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "plc: Field required"),
        ("x = ", "can't be read"),
        (PLC.replace("modbus", "profibus"), "plc 1, protocol: Input should be 'modbus' or 'opcua'"),
        (PLC + 'colour = "red"', "plc 1, colour: Extra inputs are not permitted"),
        (PLC + 'byte_order = "BCDA"', "plc 1, byte_order"),
        (PLC + "unit_id = 300", "plc 1, unit_id"),
        (PLC + PLC, "two PLCs are called A"),
        (GROUP + "start = 60\n", "plc 1, group 1, stop: Field required"),
        (GROUP + "start = 60\nstop = 50\n", "start (60.0) must lie below stop (50.0)"),
        (GROUP + "start = 60\nstop = 80\nassist = 70\n", "assist (70.0) must lie below start (60.0)"),
        (GROUP + "start = 60\nstop = 80\nspeed = 60\n", "plc 1, group 1, speed"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in problem_of(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"plcs\.toml: can't be read"):
        load_plcs(tmp_path)
