"""Mistakes in tags.csv: each is found where it stands, with what would be right."""

from tests.fakes.plant_folder import PlantFolder


def test_a_plant_without_mistakes_has_no_findings(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", unit="m³/h", low="0", high="10", area="A1")
    assert plant.check() == []


def test_unknown_type(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "real")
    assert plant.check() == [
        "tags.csv:2:4: type: unknown type 'real'; use bool, u16, i16, u32, i32, u64, i64, f32, f64, bcd16, bcd32 "
        "or text"
    ]


def test_missing_type(plant: PlantFolder) -> None:
    plant.tag("A", device="PLC", address="hr:0")
    assert plant.check() == ["tags.csv:2:4: A has no type; give it one, such as f32 or bool"]


def test_duplicate_tag(plant: PlantFolder) -> None:
    plant.register("A", "hr:0")
    plant.register("A", "hr:1")
    assert plant.check() == ["tags.csv:3:1: duplicate tag A (first in line 2); give it a name of its own"]


def test_tag_without_a_name(plant: PlantFolder) -> None:
    plant.register("", "hr:0")
    assert plant.check() == ["tags.csv:2:1: tag without a name; give it a name"]


def test_name_with_a_space(plant: PlantFolder) -> None:
    plant.register("A 1", "hr:0")
    assert plant.check() == [
        "tags.csv:2:1: name: 'A 1' is not a name; use letters, digits, _ and -, parts joined by dots"
    ]


def test_unknown_unit(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", unit="m3/h")
    assert plant.check() == ["tags.csv:2:8: A: unknown unit 'm3/h'; did you mean 'm³/h'?"]


def test_unit_that_does_not_convert(plant: PlantFolder) -> None:
    plant.add("equipment.csv", name="G1", type="gadget", area="A1", device="PLC", address="hr:10")
    plant.tag("G1.LEVEL", unit="bar")
    assert plant.check() == [
        "tags.csv:2:12: unit 'bar' does not convert to 'm', the unit that gadget declares; "
        "use 'm' or a unit that converts to it"
    ]


def test_nan_is_not_a_number(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", high="NaN")
    assert plant.check() == [
        "tags.csv:2:10: high: 'NaN' is not a finite number; leave the cell empty if there is no value"
    ]


def test_infinity_is_not_a_number(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="-inf")
    assert plant.check() == [
        "tags.csv:2:9: low: '-inf' is not a finite number; leave the cell empty if there is no value"
    ]


def test_word_for_a_number(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="zero")
    assert plant.check() == ["tags.csv:2:9: low: 'zero' is not a number; write it as 12.5"]


def test_flag_that_is_neither_yes_nor_no(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", writable="perhaps")
    assert plant.check() == ["tags.csv:2:22: writable: 'perhaps' is neither yes nor no; write true or false"]


def test_too_many_decimals(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", decimals="9")
    assert plant.check() == ["tags.csv:2:11: decimals: 9 is not a whole number from 0 to 6; use one"]


def test_range_upside_down(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="10", high="0")
    assert plant.check() == ["tags.csv:2:9: A: low 10 is not below high 0; exchange or correct them"]


def test_write_range_outside_the_range(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="0", high="10", writable="true", write_high="11")
    assert plant.check() == ["tags.csv:2:31: A: write_high 11 lies outside the range; use a value from low to high"]


def test_scaling_half_given(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", raw_high="1000")
    assert plant.check() == [
        "tags.csv:2:25: A: scaling needs low, high, raw_low and raw_high; "
        "fill in all four, or leave raw_low and raw_high empty"
    ]


def test_raw_range_that_does_not_fit_the_type(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", low="0", high="10", raw_low="0", raw_high="70000")
    assert plant.check() == ["tags.csv:2:30: A: raw_high 70000 doesn't fit in u16; use 0 to 65535"]


def test_64_bit_value_that_does_not_fit(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "u64")
    assert plant.check() == [
        "tags.csv:2:4: A: a u64 may exceed 2^53, beyond which values are no longer exact; "
        "set as_text, a modulus, or low and high within 2^53"
    ]


def test_64_bit_values_that_fit_by_text_modulus_or_range(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "u64", as_text="yes")
    plant.register("B", "hr:4", "u64", modulus="1000000")
    plant.register("C", "hr:8", "u64", high="1e12")
    plant.register("D", "hr:12", "i64", low="-1e12", high="1e12")
    assert plant.check() == []


def test_signed_64_bit_value_without_a_floor(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "i64", high="1e12")
    assert "2^53" in plant.check()[0]


def test_unknown_device(plant: PlantFolder) -> None:
    plant.tag("A", type="u16", device="PLD", address="hr:0")
    assert plant.check() == ["tags.csv:2:12: device: unknown 'PLD'; did you mean 'PLC'?"]


def test_unknown_scan_class(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", scan="slowly")
    assert plant.check() == ["tags.csv:2:21: scan: unknown 'slowly'; did you mean 'slow'?"]


def test_unknown_area(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", area="A2")
    assert plant.check() == ["tags.csv:2:32: area: unknown 'A2'; use A1"]


def test_address_without_a_device(plant: PlantFolder) -> None:
    plant.tag("A", type="u16", address="hr:0")
    assert plant.check() == ["tags.csv:2:12: A: an address without a device; name the device"]


def test_device_without_an_address(plant: PlantFolder) -> None:
    plant.tag("A", type="u16", device="PLC")
    assert plant.check() == [
        "tags.csv:2:16: A: no address in PLC; give it one, such as hr:100, ns=2;s=NAME or TOPIC#/POINTER"
    ]


def test_address_and_expression(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", expression="1 + 1")
    assert plant.check() == ["tags.csv:2:31: A: both an address and an expression; keep one of them"]


def test_writable_input_register(plant: PlantFolder) -> None:
    plant.register("A", "ir:0", writable="true")
    assert plant.check() == ["tags.csv:2:22: A: ir can't be written; use hr or co, or set writable to false"]


def test_writable_calculated_tag(plant: PlantFolder) -> None:
    plant.tag("A", expression="1 + 1", writable="true")
    assert plant.check() == ["tags.csv:2:12: A: a calculated tag can't be written; set writable to false"]


def test_three_words_for_a_bool(plant: PlantFolder) -> None:
    plant.register("A", "co:0", "bool", states="Off|On|Perhaps")
    assert plant.check() == ["tags.csv:2:31: A: 3 words for a bool; give one word for 0 and one for 1"]


def test_every_mistake_is_listed_at_once_in_order_of_place(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "real", unit="m")
    plant.register("A", "hr:1", unit="foo", area="Z")
    plant.register("B", "hr:2", unit="foo")
    found = plant.check()
    assert [text.split(": ")[0] for text in found] == ["tags.csv:2:4", "tags.csv:3:1", "tags.csv:3:35", "tags.csv:4:8"]


def test_text_that_is_written(plant: PlantFolder) -> None:
    plant.register("A", "hr:0/8", "text", writable="true")
    assert plant.check() == ["tags.csv:2:25: A: a text can't be written; set writable to false"]


def test_pulse_that_can_not_be_written(plant: PlantFolder) -> None:
    plant.register("A", "co:0", "bool", pulse="true")
    assert plant.check() == [
        "tags.csv:2:34: A: an order that no device takes; name a device and set writable to true, or pulse to false"
    ]


def test_pulse_of_a_number_that_is_no_order(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "f32", writable="true", pulse="true")
    assert plant.check() == [
        "tags.csv:2:37: A: an order is a bool or a whole number without scaling; "
        "correct the type, or set pulse to false"
    ]


def test_bcd_beyond_its_digits(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "bcd16", low="0", high="10000")
    assert plant.check() == [
        "tags.csv:2:13: A: high 10000 doesn't fit in bcd16; use 0 to 9999, a wider type, or raw_low and raw_high"
    ]


def test_deviation_of_what_goes_in_steps(plant: PlantFolder) -> None:
    plant.register("A", "co:0", "bool", deviation="0.5")
    plant.register("B", "hr:0", "u16", deviation="1")
    plant.register("C", "hr:1", "f32", deviation="1", modulus="1000")
    problem = "a deviation of what goes in steps; use deadband, or leave both empty"
    assert [text.split(": ", 1)[1] for text in plant.check()] == [f"{tag}: {problem}" for tag in "ABC"]


def test_deadband_of_what_has_no_distance(plant: PlantFolder) -> None:
    plant.register("A", "co:0", "bool", deadband="0.5")
    plant.register("B", "hr:0/8", "text", deadband="1")
    assert [text.split(": ", 1)[1] for text in plant.check()] == [
        "A: a deadband of a bool; leave it empty",
        "B: a deadband of a text; leave it empty",
    ]


def test_deviation_of_a_measure(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", "f32", deviation="0.5", deadband="0.1")
    plant.register("B", "hr:2", "u16", deviation="0.5", low="0", high="10", raw_low="0", raw_high="4095")
    assert plant.check() == []
