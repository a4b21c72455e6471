"""A mistake holds back only what can't be judged without what is broken; every other mistake is still told."""

from tests.fakes.plant_folder import PlantFolder

DISPLAY = """\
{"format": 1, "title": "T", "level": 2, "size": [100, 100], "items": [
  {"id": "a", "kind": "value", "box": [0, 0, 10, 10], "tag": "%s"},
  {"id": "b", "kind": "value", "box": [0, 0, 10, 10], "tag": "%s"}
]}
"""


def show(plant: PlantFolder, *tags: str) -> None:
    plant.replace("plant.toml", "time_zone", 'home = "main"\ntime_zone')
    plant.write("displays/main.json", DISPLAY % tags)


def test_an_unknown_type_holds_back_only_the_tags_of_its_own_equipment(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    plant.add("equipment.csv", name="G2", type="gizmo", area="A1")
    show(plant, "G1.RAN", "G2.RUN")
    assert plant.check() == [
        "displays/main.json:2:55: unknown tag 'G1.RAN'; did you mean 'G1.RUN'?",
        "equipment.csv:3:4: type: unknown 'gizmo'; use gadget",
    ]


def test_a_mistake_in_one_device_leaves_the_addresses_of_the_others_to_be_checked(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 4840", "port = 0")
    plant.register("A", "hr:10", "f32")
    plant.register("B", "hr:11")
    assert [text.split(": ")[0] for text in plant.check()] == ["devices.toml:13:1", "tags.csv:3:16"]


def test_overlaps_on_the_device_that_has_the_mistake_are_told_too(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 0")
    plant.register("A", "hr:10", "f32")
    plant.register("B", "hr:11")
    plant.register("C", "nonsense")  # whether that is an address depends on the protocol
    assert [text.split(": ")[0] for text in plant.check()] == ["devices.toml:7:1", "tags.csv:3:16"]


def test_overlaps_are_told_even_if_the_devices_can_not_be_read_at_all(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "format = 1", "format = ")
    plant.register("A", "hr:10", "f32")
    plant.register("B", "hr:11")
    assert [text.split(": ")[0] for text in plant.check()] == ["devices.toml:1:10", "tags.csv:3:16"]


def test_an_unknown_device_is_told_beside_a_broken_one(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 0")
    plant.tag("A", type="u16", device="SCADA", address="hr:0")
    assert [text.split("; ")[-1] for text in plant.check()] == [
        "it must be greater than or equal to 1",
        "use PLC or UA",
    ]


def test_a_device_without_a_name_may_be_the_one_that_is_meant(plant: PlantFolder) -> None:
    plant.replace("devices.toml", 'name = "PLC"\n', "")
    plant.register("A", "hr:0")
    assert plant.check() == ["devices.toml:3:1: device[1].name is missing; add it"]


def test_a_mistake_in_the_plant_file_leaves_areas_and_scan_classes_known(plant: PlantFolder) -> None:
    plant.replace("plant.toml", 'name = "Test works"', "name = 5")
    plant.tag("A", area="A9", scan="quick")
    assert [text.split(": ", 1)[1] for text in plant.check()] == [
        "plant.name can't be 5; write a text in quotes",
        "scan: unknown 'quick'; use fast or normal or slow",
        "area: unknown 'A9'; use A1",
    ]


def test_a_broken_type_is_not_held_against_its_equipment(plant: PlantFolder) -> None:
    plant.replace("equipment/gadget.toml", 'title = "Gadget"', "title = 7")
    plant.add("equipment.csv", name="G1", type="gadget", area="A1")
    plant.add("equipment.csv", name="G2", type="gadgit", area="A1")
    assert plant.check() == [
        "equipment.csv:3:4: type: unknown 'gadgit'; did you mean 'gadget'?",
        "equipment/gadget.toml:3:1: title can't be 7; write a text in quotes",
    ]


def test_a_wrong_item_leaves_the_others_to_be_checked(plant: PlantFolder) -> None:
    show(plant, "NO", "NO")
    plant.replace("displays/main.json", "[0, 0, 10, 10]", '"here"')
    assert [text.split(": ", 1)[0] for text in plant.check()] == ["displays/main.json:2:32", "displays/main.json:3:55"]
