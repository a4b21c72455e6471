"""Mistakes in plant.toml and devices.toml."""

import pytest

from tests.fakes.plant_folder import PlantFolder


def test_broken_toml(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = = 502")
    assert plant.check() == ["devices.toml:7:8: not TOML: Invalid value; mend the syntax, see https://toml.io"]


def test_toml_that_ends_too_early(plant: PlantFolder) -> None:
    plant.write("devices.toml", 'format = 1\nname = """abc')
    assert plant.check()[0].startswith("devices.toml:2:1: not TOML: Unterminated string")


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 60 + "]" * 60, "[" * 5000 + "]" * 5000])
def test_values_that_no_plant_needs(plant: PlantFolder, value: str) -> None:
    plant.replace("devices.toml", "port = 502", f"port = {value}")
    (found,) = plant.check()
    assert found.startswith("devices.toml:")
    assert "not TOML" in found


def test_a_10_mb_key(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", f"port = 502\n{'x' * 10_000_000} = 1")
    (found,) = plant.check()
    assert found.startswith("devices.toml:8:1: unknown key device[1].xxxx")
    assert len(found) < 600


def test_nothing_else_is_held_against_a_plant_whose_devices_can_not_be_read(plant: PlantFolder) -> None:
    plant.register("A", "hr:0", area="A9")
    plant.replace("devices.toml", "format = 1", "format = ")
    assert [text.split(": ")[0] for text in plant.check()] == ["devices.toml:1:10", "tags.csv:2:32"]


def test_unknown_key(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 4840", "porte = 4840")
    assert plant.check() == [
        "devices.toml:9:1: device[2].port is missing; add it",
        "devices.toml:13:1: unknown key device[2].porte; did you mean 'port'?",
    ]


def test_unknown_protocol(plant: PlantFolder) -> None:
    plant.replace("devices.toml", '"opcua"', '"profinet"')
    assert plant.check() == [
        "devices.toml:11:1: device[2].protocol can't be \"profinet\"; it must be 'modbus', 'opcua' or 'mqtt'"
    ]


def test_text_for_a_number(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", 'port = "502"')
    assert plant.check() == ['devices.toml:7:1: device[1].port can\'t be "502"; write a whole number']


def test_port_out_of_range(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 70000")
    assert plant.check() == ["devices.toml:7:1: device[1].port can't be 70000; it must be less than or equal to 65535"]


def test_nan_as_a_number(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 502\ntimeout_s = nan")
    assert plant.check() == [
        "devices.toml:8:1: device[1].timeout_s can't be NaN; write a finite number, or leave the key out"
    ]


def test_duplicate_device(plant: PlantFolder) -> None:
    plant.replace("devices.toml", 'name = "UA"', 'name = "PLC"')
    assert plant.check() == ["devices.toml:10:1: duplicate device PLC; give it a name of its own"]


def test_unknown_time_zone(plant: PlantFolder) -> None:
    plant.replace("plant.toml", "Europe/London", "Europe/Lundon")
    assert plant.check() == ["plant.toml:5:1: unknown time zone 'Europe/Lundon'; did you mean 'Europe/London'?"]


@pytest.mark.parametrize("period", ["0.0", "-1.0", "1e9"])
def test_scan_class_that_is_too_fast_or_too_slow(plant: PlantFolder, period: str) -> None:
    plant.replace("plant.toml", "fast = 0.5", f"fast = {period}")
    assert plant.check() == [f"plant.toml:8:1: scan class fast of {float(period):g} s; use 0.05 to 3600 seconds"]


def test_no_scan_class_for_tags_that_name_none(plant: PlantFolder) -> None:
    plant.replace("plant.toml", "normal = 1.0\n", "")
    assert plant.check() == ["plant.toml:7:1: no scan class normal; add normal = 1.0"]


def test_duplicate_area(plant: PlantFolder) -> None:
    plant.write("plant.toml", plant.read("plant.toml") + '\n[[area]]\nname = "A1"\ntitle = "again"\n')
    assert plant.check() == ["plant.toml:17:1: duplicate area A1; give it a name of its own"]


def test_missing_section(plant: PlantFolder) -> None:
    plant.write("plant.toml", 'format = 1\n[plant]\nname = "x"\ntime_zone = "UTC"\n')
    assert plant.check() == ["plant.toml:1:1: scan is missing; add it"]
