"""A new kind of equipment is data: one TOML file, and one row in equipment.csv makes everything."""

from plant_models.alarm_definition import AlarmKind
from tests.fakes.blower import BLOWER, SYMBOL
from tests.fakes.plant_folder import PlantFolder


def test_one_file_and_one_row_make_a_blower(plant: PlantFolder) -> None:
    plant.write("equipment/blower.toml", BLOWER)
    plant.write("symbols/blower.svg", SYMBOL)
    plant.add("equipment.csv", name="B1", type="blower", area="A1", device="PLC", address="hr:40")
    loaded = plant.load()

    assert [(tag.name, tag.address, tag.unit) for tag in loaded.tags] == [
        ("B1.RUN", "hr:40.0", ""),
        ("B1.PRESSURE", "hr:41", "mbar"),
        ("B1.SPEED_SP", "hr:43", "Hz"),
    ]
    (alarm,) = loaded.alarms
    assert (alarm.tag, alarm.kind, alarm.limit, alarm.priority) == ("B1.PRESSURE", AlarmKind.HIGH_HIGH, 900, 1)
    blower = loaded.types[loaded.equipment["B1"].type]
    assert blower.symbol == "blower"
    assert blower.states[0].word == "Blowing"
    assert blower.faceplate.setpoints == ("SPEED_SP",)
    command = blower.command(blower.faceplate.commands[0])
    assert command is not None
    assert loaded.equipment["B1"].expand(command.requires[0].expression) == "{B1.RUN} == 1"


def test_the_checks_of_the_new_type_are_made(plant: PlantFolder) -> None:
    plant.write("equipment/blower.toml", BLOWER)
    plant.write("symbols/blower.svg", SYMBOL)
    plant.add("equipment.csv", name="B1", type="blower")
    assert plant.check() == ["equipment.csv:2:12: B1 has no area, which every blower needs; fill in area"]


def test_the_symbol_of_the_new_type_must_exist(plant: PlantFolder) -> None:
    plant.write("equipment/blower.toml", BLOWER)
    assert plant.check() == ["equipment/blower.toml:4:1: unknown symbol 'blower'; use tank"]


def test_a_type_of_the_plant_replaces_that_of_the_program(plant: PlantFolder) -> None:
    built_in = plant.path.parent / "resources" / "equipment"
    built_in.mkdir()
    (built_in / "gadget.toml").write_text(plant.read("equipment/gadget.toml").replace("Gadget", "Built-in gadget"))
    assert plant.load().types["gadget"].title == "Gadget"
    (plant.path / "equipment" / "gadget.toml").unlink()
    assert plant.load().types["gadget"].title == "Built-in gadget"


def test_a_mistake_in_a_type_of_the_program_names_its_file(plant: PlantFolder) -> None:
    built_in = plant.path.parent / "resources" / "equipment"
    built_in.mkdir()
    (built_in / "thing.toml").write_text("format = 1\n")
    assert plant.check()[0].startswith("resources/equipment/thing.toml:1:1: name is missing")
