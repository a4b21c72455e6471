"""From equipment and its type to tags and alarms, with the rows of tags.csv and alarms.csv laid over them."""

import pytest

from plant_models.alarm_definition import AlarmKind
from plant_models.plant import Plant
from plant_models.tag import Tag
from tests.fakes.plant_folder import PlantFolder


def gadget(plant: PlantFolder, name: str, **cells: str) -> None:
    plant.add("equipment.csv", name=name, type="gadget", area="A1", **cells)


def tag(plant: Plant, name: str) -> Tag:
    return next(tag for tag in plant.tags if tag.name == name)


def test_members_lie_from_a_base_address_on(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200", description="First gadget")
    loaded = plant.load()
    assert {tag.name: tag.address for tag in loaded.tags} == {
        "G1.RUN": "hr:200.0",
        "G1.LEVEL": "hr:201",
        "G1.CMD": "hr:203",
        "G1.DOUBLE": "",
    }
    assert tag(loaded, "G1.LEVEL").description == "First gadget: Level"
    assert tag(loaded, "G1.LEVEL").area == "A1"
    assert (tag(loaded, "G1.LEVEL").equipment, tag(loaded, "G1.LEVEL").member) == ("G1", "LEVEL")


def test_members_lie_below_a_base_node(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="UA", address="ns=2;s=WTW.G1")
    loaded = plant.load()
    assert tag(loaded, "G1.RUN").address == "ns=2;s=WTW.G1.RUN"
    assert tag(loaded, "G1.RUN").device == "UA"


def test_calculated_member_names_the_tags_of_its_instance(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    double = tag(plant.load(), "G1.DOUBLE")
    assert (double.expression, double.device, double.address) == ("2 * {G1.LEVEL}", "", "")


def test_equipment_without_a_device_has_no_tags(plant: PlantFolder) -> None:
    gadget(plant, "G1")
    loaded = plant.load()
    assert loaded.tags == ()
    assert loaded.alarms == ()
    assert list(loaded.equipment) == ["G1"]


def test_filled_cells_of_a_row_override_a_member(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.tag("G1.LEVEL", high="9", address="hr:900", description="Sump")
    level = tag(plant.load(), "G1.LEVEL")
    assert (level.description, level.high, level.low, level.address) == ("Sump", 9.0, 0.0, "hr:900")
    assert (level.unit, level.device, level.member) == ("m", "PLC", "LEVEL")


def test_row_gives_a_single_member_its_own_device(plant: PlantFolder) -> None:
    gadget(plant, "G1")
    plant.tag("G1.LEVEL", device="UA", address="ns=2;s=L")
    loaded = plant.load()
    assert [tag.name for tag in loaded.tags] == ["G1.LEVEL", "G1.DOUBLE"]
    assert tag(loaded, "G1.LEVEL").device == "UA"


def test_expression_of_a_row_takes_the_place_of_an_address(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.tag("G1.LEVEL", expression="{G1.CMD} / 2")
    level = tag(plant.load(), "G1.LEVEL")
    assert (level.expression, level.device, level.address) == ("{G1.CMD} / 2", "", "")


def test_optional_member_exists_only_where_a_row_gives_its_address(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    gadget(plant, "G2", device="PLC", address="hr:300")
    plant.tag("G2.TEMP", address="hr:310")
    names = [tag.name for tag in plant.load().tags]
    assert "G2.TEMP" in names
    assert "G1.TEMP" not in names


def test_row_for_a_member_without_an_address(plant: PlantFolder) -> None:
    gadget(plant, "G1")
    plant.tag("G1.LEVEL", high="6")
    assert plant.check() == [
        "tags.csv:2:18: G1.LEVEL has neither address nor expression; give it one, or remove the row"
    ]


def test_another_unit_converts_range_and_alarms(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.tag("G1.LEVEL", unit="mm", low="100")
    loaded = plant.load()
    level = tag(loaded, "G1.LEVEL")
    assert (level.unit, level.low, level.high) == ("mm", 100.0, pytest.approx(10_000))
    (alarm,) = loaded.alarms
    assert (alarm.limit, alarm.deadband) == (pytest.approx(8000), pytest.approx(100))


def test_member_without_a_unit_leaves_it_open(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.tag("G1.CMD", unit="bar")
    assert tag(plant.load(), "G1.CMD").unit == "bar"


def test_rows_come_first_then_members_in_the_order_of_the_equipment(plant: PlantFolder) -> None:
    gadget(plant, "G2", device="PLC", address="hr:300")
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.tag("Z")
    plant.tag("G1.CMD", low="0")
    assert [tag.name for tag in plant.load().tags] == [
        "Z",
        "G1.CMD",
        "G2.RUN",
        "G2.LEVEL",
        "G2.CMD",
        "G2.DOUBLE",
        "G1.RUN",
        "G1.LEVEL",
        "G1.DOUBLE",
    ]


def test_filled_cells_of_a_row_override_a_default_alarm(plant: PlantFolder) -> None:
    gadget(plant, "G1", device="PLC", address="hr:200")
    plant.add("alarms.csv", tag="G1.LEVEL", kind="H", limit="9", priority="1")
    plant.add("alarms.csv", tag="G1.LEVEL", kind="L", limit="1")
    high, low = plant.load().alarms
    assert (high.kind, high.limit, high.priority, high.text, high.deadband) == (AlarmKind.HIGH, 9, 1, "Level high", 0.1)
    assert (low.kind, low.limit, low.text) == (AlarmKind.LOW, 1, "")


def test_a_folder_with_a_model_is_simulated(plant: PlantFolder) -> None:
    assert not plant.load().is_simulated
    plant.write("model/plcs.toml", "")
    assert plant.load().is_simulated
