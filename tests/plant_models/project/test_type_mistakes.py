"""Mistakes in the file of an equipment type."""

import pytest

from tests.fakes.plant_folder import PlantFolder

FILE = "equipment/gadget.toml"


def found(plant: PlantFolder, old: str, new: str) -> list[str]:
    plant.replace(FILE, old, new)
    return [text.removeprefix(f"{FILE}:") for text in plant.check()]


def test_unknown_symbol(plant: PlantFolder) -> None:
    assert found(plant, '"tank"', '"tanc"') == ["4:1: unknown symbol 'tanc'; did you mean 'tank'?"]


def test_unknown_type_of_a_member(plant: PlantFolder) -> None:
    (text,) = found(plant, '"u16"', '"word"')
    assert text.startswith("26:1: member[3].type can't be \"word\"; it must be 'bool', 'u16'")


def test_unknown_unit_of_a_member(plant: PlantFolder) -> None:
    assert found(plant, 'unit = "m"', 'unit = "metre³/"') == [
        "18:1: member LEVEL: unknown unit 'metre³/'; use a unit such as m³/h, l/s, m, bar, mg/l, NTU, °C, kW, % or h"
    ]


def test_range_of_a_member_upside_down(plant: PlantFolder) -> None:
    assert found(plant, "low = 0\nhigh = 10", "low = 10\nhigh = 0")[:1] == [
        "19:1: member LEVEL: low 10 is not below high 0; exchange or correct them"
    ]


def test_bit_of_a_number(plant: PlantFolder) -> None:
    assert found(plant, "offset = 3", "offset = 3\nbit = 2") == [
        "28:1: member CMD: a u16 has no bit; remove bit, or make the type bool"
    ]


def test_duplicate_member(plant: PlantFolder) -> None:
    assert "31:1: duplicate member RUN; give it a name of its own" in found(plant, '"TEMP"', '"RUN"')


def test_unknown_key_of_a_command(plant: PlantFolder) -> None:
    assert found(plant, "value = 1", "value = 1\ncolour = 3") == [
        "47:1: unknown key command[1].colour; use effect or member or name or requires or title or value"
    ]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('level = "LEVEL"', 'level = "LEVLE"', "5:1: unknown member 'LEVLE'; did you mean 'LEVEL'?"),
        ('member = "CMD"', 'member = "CMT"', "45:1: unknown member 'CMT'; did you mean 'CMD'?"),
        ('commands = ["start"]', 'commands = ["stat"]', "62:1: unknown command 'stat'; did you mean 'start'?"),
        ('indicators = ["LEVEL"]', 'indicators = ["LVL"]', "63:1: unknown member 'LVL'; did you mean 'LEVEL'?"),
        ('member = "LEVEL"', 'member = "LEVELS"', "55:1: unknown member 'LEVELS'; did you mean 'LEVEL'?"),
        (
            'columns = ["area"]',
            'columns = ["aera"]',
            "66:1: unknown column of equipment.csv 'aera'; did you mean 'area'?",
        ),
        ('"{RUN} == 1"', '"{RON} == 1"', "50:1: expression names the unknown member 'RON'; did you mean 'RUN'?"),
        ('"{RUN} == 0"', '"{RON} == 0"', "47:1: expression names the unknown member 'RON'; did you mean 'RUN'?"),
        ('look = "running"', 'look = "red"', "52:1: unknown look 'red'; use fault or running or stopped"),
    ],
)
def test_dangling_reference_inside_a_type(plant: PlantFolder, old: str, new: str, place: str) -> None:
    (text,) = found(plant, old, new)
    assert text.startswith(place)


def test_expression_of_a_type_that_can_not_be_read(plant: PlantFolder) -> None:
    (text,) = found(plant, '"{RUN} == 1"', '"{RUN} =="')
    assert text.startswith("50:1: expression '{RUN} ==': the formula can't be read")


def test_default_alarm_outside_the_range(plant: PlantFolder) -> None:
    assert found(plant, "limit = 8", "limit = 80") == [
        "57:1: limit H 80 lies outside the range 0 to 10; use one within it"
    ]


def test_priority_of_a_default_alarm(plant: PlantFolder) -> None:
    assert found(plant, "limit = 8", "limit = 8\npriority = 9") == [
        "58:1: alarm[1].priority can't be 9; it must be 1, 2, 3, 4 or 'diagnostic'"
    ]


def test_file_that_is_not_named_after_its_type(plant: PlantFolder) -> None:
    assert found(plant, 'name = "gadget"', 'name = "gizmo"') == [
        "2:1: type 'gizmo' in a file named gadget.toml; let the file have the name of its type"
    ]


def test_broken_type_file_is_told_once_with_its_line(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1")
    (text,) = found(plant, "value = 1", "value = ")
    assert text.startswith("46:9: not TOML")
