"""Mistakes in equipment.csv."""

import pytest

from tests.fakes.plant_folder import PlantFolder


def gadget(plant: PlantFolder, name: str, **cells: str) -> None:
    plant.add("equipment.csv", name=name, type="gadget", area="A1", **cells)


def test_unknown_equipment_type(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadgit", area="A1", device="PLC", address="hr:0")
    plant.tag("G1.LEVEL", high="5")
    plant.add("alarms.csv", tag="G1.LEVEL", kind="H", limit="4")
    plant.tag("SUM", expression="{G1.LEVEL} + 1")
    assert plant.check() == ["equipment.csv:2:4: type: unknown 'gadgit'; did you mean 'gadget'?"]


def test_equipment_without_a_type(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", area="A1")
    assert plant.check() == ["equipment.csv:2:4: G1 has no type; give it a type"]


def test_duplicate_equipment(plant: PlantFolder) -> None:
    gadget(plant, "G1")
    gadget(plant, "G1")
    assert plant.check() == ["equipment.csv:3:1: duplicate equipment G1 (first in line 2); give it a name of its own"]


@pytest.mark.parametrize(("column", "place"), [("parent", 15), ("connects_to", 16), ("fed_by", 17), ("zone", 18)])
def test_dangling_reference(plant: PlantFolder, column: str, place: int) -> None:
    gadget(plant, "G1", **{column: "G9"})
    assert plant.check() == [f"equipment.csv:2:{place}: {column}: unknown 'G9'; use G1"]


def test_one_dangling_reference_in_a_list(plant: PlantFolder) -> None:
    gadget(plant, "G1")
    gadget(plant, "G2", connects_to="G1 G3")
    assert plant.check() == ["equipment.csv:3:16: connects_to: unknown 'G3'; use G1 or G2"]


def test_equipment_on_an_unknown_device(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLD", address="hr:0")
    assert plant.check() == ["equipment.csv:2:22: device: unknown 'PLD'; did you mean 'PLC'?"]


def test_cycle_in_parents_is_named(plant: PlantFolder) -> None:
    gadget(plant, "G1", parent="G2")
    gadget(plant, "G2", parent="G1")
    assert plant.check() == ["equipment.csv:2:15: parents in a circle: G1 -> G2 -> G1; give one of them another parent"]


def test_column_that_the_type_needs(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget")
    assert plant.check() == ["equipment.csv:2:12: G1 has no area, which every gadget needs; fill in area"]


def test_parent_of_a_type_that_can_not_be_one(plant: PlantFolder) -> None:
    plant.replace("equipment/gadget.toml", 'columns = ["area"]', 'columns = ["area"]\nparent_types = ["house"]')
    gadget(plant, "G1")
    gadget(plant, "G2", parent="G1")
    assert plant.check() == [
        "equipment.csv:3:15: G2 (gadget) can't be part of G1 (gadget); choose a parent of type house"
    ]


def test_member_without_an_address(plant: PlantFolder) -> None:
    plant.replace("equipment/gadget.toml", "offset = 3\n", "")
    gadget(plant, "G1", device="PLC", address="hr:10")
    assert plant.check() == [
        "equipment.csv:2:26: G1.CMD has no address; give G1.CMD an address in tags.csv, or the equipment a base address"
    ]


def test_base_address_without_a_device(plant: PlantFolder) -> None:
    gadget(plant, "G1", address="hr:10")
    assert plant.check() == ["equipment.csv:2:22: G1 has an address but no device; name its device"]


@pytest.mark.parametrize(
    ("device", "address", "problem"),
    [
        ("PLC", "40001", "'40001' is no base address for modbus; write hr:200"),
        ("UA", "ns=2;i=5", "'ns=2;i=5' is no base address for opcua; write ns=2;s=NAME"),
    ],
)
def test_base_address_that_is_none_is_told_once(plant: PlantFolder, device: str, address: str, problem: str) -> None:
    gadget(plant, "G1", device=device, address=address)
    (found,) = plant.check()
    assert found.endswith(problem)


def test_scan_class_that_a_type_needs_and_the_plant_lacks(plant: PlantFolder) -> None:
    plant.replace("plant.toml", "slow = 5.0\n", "")
    plant.replace("equipment/gadget.toml", "offset = 1", 'offset = 1\nscan = "slow"')
    gadget(plant, "G1", device="PLC", address="hr:10")
    assert plant.check() == ["equipment.csv:2:4: G1.LEVEL needs the scan class 'slow'; add it to [scan] in plant.toml"]


def test_infinite_elevation(plant: PlantFolder) -> None:
    gadget(plant, "G1", elevation="inf")
    assert plant.check() == [
        "equipment.csv:2:19: elevation: 'inf' is not a finite number; leave the cell empty if there is no value"
    ]


def test_power_comes_from_equipment_that_exists(plant: PlantFolder) -> None:
    gadget(plant, "G1", powered_by="G9")
    assert plant.check() == ["equipment.csv:2:24: powered_by: unknown 'G9'; use G1"]
    plant.replace("equipment.csv", "G9", "")
    gadget(plant, "G2", powered_by="G1", parent="G1")
    assert plant.check() == []
    assert plant.load().equipment["G2"].powered_by == "G1"


def test_nothing_is_powered_by_its_own_part(plant: PlantFolder) -> None:
    gadget(plant, "G1", powered_by="G2")
    gadget(plant, "G2", parent="G1")
    assert plant.check() == [
        "equipment.csv:2:24: parent and powered_by in a circle: G1 -> G2 -> G1; let nothing be powered by its own part"
    ]
