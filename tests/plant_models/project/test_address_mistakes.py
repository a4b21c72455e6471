"""Addresses that can't be read or lie on each other."""

from tests.fakes.plant_folder import PlantFolder


def test_address_that_is_none(plant: PlantFolder) -> None:
    plant.register("A", "40001")
    assert plant.check() == [
        "tags.csv:2:16: A: '40001' is not a Modbus address; write hr:100, ir:100, co:7, di:7, hr:100.3 for a bit "
        "or hr:100/8 for a text in 8 registers"
    ]


def test_address_out_of_range(plant: PlantFolder) -> None:
    plant.register("A", "hr:65535", "f32")
    assert plant.check() == ["tags.csv:2:16: A: 'hr:65535' ends beyond 65535, the last address of a table; correct it"]


def test_address_overlap(plant: PlantFolder) -> None:
    plant.register("A", "hr:10", "f32")
    plant.register("B", "hr:11")
    assert plant.check() == ["tags.csv:3:16: B at hr:11 overlaps A at hr:10 (f32); give each tag an address of its own"]


def test_overlap_is_told_at_the_later_tag_whatever_the_addresses(plant: PlantFolder) -> None:
    plant.register("A", "hr:11")
    plant.register("B", "hr:10", "f64")
    assert plant.check() == ["tags.csv:3:16: B at hr:10 overlaps A at hr:11 (u16); give each tag an address of its own"]


def test_wide_value_over_several_others(plant: PlantFolder) -> None:
    plant.register("A", "hr:10", "f64")
    plant.register("B", "hr:11")
    plant.register("C", "hr:13")
    assert [text.split(": ")[0] for text in plant.check()] == ["tags.csv:3:16", "tags.csv:4:16"]


def test_same_address_twice(plant: PlantFolder) -> None:
    plant.register("A", "co:7", "bool")
    plant.register("B", "co:7", "bool")
    assert plant.check() == ["tags.csv:3:17: B at co:7 overlaps A at co:7 (bool); give each tag an address of its own"]


def test_bits_of_one_register_stand_side_by_side(plant: PlantFolder) -> None:
    plant.register("A", "hr:5.0", "bool")
    plant.register("B", "hr:5.1", "bool")
    assert plant.check() == []


def test_same_bit_twice(plant: PlantFolder) -> None:
    plant.register("A", "hr:5.1", "bool")
    plant.register("B", "hr:5.1", "bool")
    assert plant.check() == [
        "tags.csv:3:17: B at hr:5.1 overlaps A at hr:5.1 (bool); give each tag an address of its own"
    ]


def test_bit_in_a_register_that_holds_a_number(plant: PlantFolder) -> None:
    plant.register("A", "hr:5.1", "bool")
    plant.register("B", "hr:5")
    assert plant.check() == [
        "tags.csv:3:16: B at hr:5 overlaps A at hr:5.1 (bool); give each tag an address of its own"
    ]


def test_same_address_in_other_tables_or_devices_is_right(plant: PlantFolder) -> None:
    plant.replace(
        "devices.toml",
        '[[device]]\nname = "UA"',
        """\
[[device]]
name = "PLC2"
protocol = "modbus"
host = "127.0.0.1"
port = 503

[[device]]
name = "UA\"""",
    )
    plant.register("A", "hr:5")
    plant.register("B", "ir:5")
    plant.tag("C", type="u16", device="PLC2", address="hr:5")
    assert plant.check() == []


def test_bool_in_a_register_without_its_bit(plant: PlantFolder) -> None:
    plant.register("A", "hr:5", "bool")
    assert plant.check() == ["tags.csv:2:17: A: a bool in a register needs its bit, such as hr:5.0; correct it"]


def test_node_id_that_is_none(plant: PlantFolder) -> None:
    plant.tag("A", type="f64", device="UA", address="hr:5")
    assert plant.check() == ["tags.csv:2:15: A: 'hr:5' is not a NodeId; write ns=2;s=NAME or ns=2;i=1001"]


def test_same_node_twice(plant: PlantFolder) -> None:
    plant.tag("A", type="f64", device="UA", address="ns=2;s=X")
    plant.tag("B", type="f64", device="UA", address="ns=2;s=X")
    assert plant.check() == [
        "tags.csv:3:15: B at ns=2;s=X overlaps A at ns=2;s=X (f64); give each tag an address of its own"
    ]


def test_members_that_overlap_are_told_at_their_equipment(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    plant.add("equipment.csv", name="G2", type="gadget", area="A1", device="PLC", address="hr:13")
    assert plant.check() == [
        "equipment.csv:3:26: G2.RUN at hr:13.0 overlaps G1.CMD at hr:13 (u16); give each tag an address of its own"
    ]


def test_text_without_its_length(plant: PlantFolder) -> None:
    plant.register("A", "hr:5", "text")
    assert plant.check() == [
        "tags.csv:2:17: A: 'hr:5' doesn't say how long the text is; write how many registers it fills, 1 to 125, "
        "such as hr:100/8"
    ]


def test_text_over_a_number(plant: PlantFolder) -> None:
    plant.register("A", "hr:5/8", "text")
    plant.register("B", "hr:12")
    assert plant.check() == [
        "tags.csv:3:16: B at hr:12 overlaps A at hr:5/8 (text); give each tag an address of its own"
    ]


def test_tag_in_a_forbidden_range(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", 'port = 502\nforbidden = ["hr:100-119", "co:3"]')
    plant.register("A", "hr:119", "f32")
    plant.register("B", "hr:121")
    plant.register("C", "co:3", "bool")
    assert plant.check() == [
        "tags.csv:2:16: A: hr:119 lies in hr:100-119, which PLC forbids; "
        "read it elsewhere, or correct forbidden in devices.toml",
        "tags.csv:4:17: C: co:3 lies in co:3, which PLC forbids; "
        "read it elsewhere, or correct forbidden in devices.toml",
    ]


def test_value_wider_than_one_request(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 502\nmax_registers = 2\nmax_bits = 1")
    plant.register("A", "hr:0", "f64")
    plant.register("B", "hr:4", "f32")
    plant.register("C", "co:3", "bool")
    assert plant.check() == [
        "tags.csv:2:16: A: hr:0 fills 4 registers, but PLC gives 2 at once; "
        "correct the address, or max_registers in devices.toml"
    ]


def test_bit_that_is_written_without_a_word_how(plant: PlantFolder) -> None:
    plant.register("A", "hr:5.1", "bool", writable="true")
    assert plant.check() == [
        "tags.csv:2:25: A: hr:5.1 is one bit of a register, and PLC doesn't say how bits are written; "
        "set writable to false, or bit_writes in devices.toml to mask or read-modify-write"
    ]


def test_bit_that_is_written_as_its_device_says(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", 'port = 502\nbit_writes = "mask"')
    plant.register("A", "hr:5.1", "bool", writable="true")
    assert plant.check() == []


def test_bcd_in_an_opcua_server(plant: PlantFolder) -> None:
    plant.tag("A", type="bcd16", device="UA", address="ns=2;s=X")
    assert plant.check() == ["tags.csv:2:17: A: a bcd16 lies in Modbus registers; use the type of the node"]
