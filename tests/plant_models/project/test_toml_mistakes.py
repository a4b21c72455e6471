"""Mistakes in plant.toml and devices.toml."""

import pytest

from plant_models.address_range import AddressRange
from plant_models.device import Endpoint
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


def test_a_key_of_a_megabyte(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", f"port = 502\n{'x' * 1_000_000} = 1")
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


def test_a_protocol_of_another_package(plant: PlantFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plant_models.project.device_file.known_protocols", lambda: ("modbus", "opcua", "profinet"))
    plant.replace("devices.toml", '"opcua"', '"profinet"')
    plant.append("devices.toml", '\n[device.options]\nslot = 2\nis_fast = true\nrack = "R1"\ngain = 0.5\n')
    plant.tag("A", type="u16", device="UA", address="S7:DB3.DBW4")
    plant.tag("B", type="u16", device="UA", address="whatever it says")
    assert plant.check() == []
    options = plant.load().devices["UA"].options
    assert options == {"slot": 2, "is_fast": True, "rack": "R1", "gain": 0.5}
    assert options["is_fast"] is True


def test_options_of_a_protocol_that_knows_none(plant: PlantFolder) -> None:
    plant.append("devices.toml", "\n[device.options]\nenabled = false\n")
    assert plant.check() == [
        "devices.toml:15:1: opcua knows no options; remove [device.options]; "
        "a key of the device itself must stand above it"
    ]


def test_an_option_that_no_driver_can_take(plant: PlantFolder) -> None:
    plant.append("devices.toml", "\n[device.options]\nslots = [1, 2]\n")
    assert plant.check()[0].startswith("devices.toml:16:1: device[2].options.slots")


def test_a_backup_port_without_a_host(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", "port = 502\nbackup_port = 503")
    assert plant.check() == ["devices.toml:8:1: PLC has a backup_port but no backup_host; add backup_host"]


def test_a_backup_is_at_the_same_port_unless_it_says_otherwise(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", 'port = 502\nbackup_host = "10.0.0.2"')
    plant.replace("devices.toml", "port = 4840", 'port = 4840\nbackup_host = "10.0.0.3"\nbackup_port = 4841')
    devices = plant.load().devices
    assert devices["PLC"].backup == Endpoint("10.0.0.2", 502)
    assert devices["UA"].backup == Endpoint("10.0.0.3", 4841)


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


def test_a_leased_scan_class_has_two_periods(plant: PlantFolder) -> None:
    plant.replace("plant.toml", "[[area]]", "[scan.detail]\nperiod_s = 0.5\nrest_s = 10\n\n[[area]]")
    plant.register("A", "hr:0", scan="detail")
    assert plant.check() == []
    loaded = plant.load()
    assert (loaded.scan_s["detail"], loaded.rest_s) == (0.5, {"detail": 10.0})
    assert (loaded.longest_scan_s["detail"], loaded.longest_scan_s["fast"]) == (10.0, 0.5)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("period_s = 5\nrest_s = 5", "plant.toml:14:1: scan class detail rests 5 s, not longer than its period of 5 s"),
        ("period_s = 5", "plant.toml:12:1: scan.detail.rest_s is missing; add it"),
        ("period_s = 0.01\nrest_s = 5", "plant.toml:13:1: scan.detail.period_s can't be 0.01; it must be"),
        ("period_s = 1\nrest_s = 5\nrests = 1", "plant.toml:15:1: unknown key scan.detail.rests"),
    ],
)
def test_a_leased_scan_class_that_makes_no_sense(plant: PlantFolder, lines: str, words: str) -> None:
    plant.replace("plant.toml", "[[area]]", f"[scan.detail]\n{lines}\n\n[[area]]")
    assert plant.check()[0].startswith(words)


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ('forbidden = ["hr:100-"]', "'hr:100-' is not a range of addresses; write hr:100-119 or hr:100"),
        ('forbidden = ["hr:0", "hr:9-8"]', "'hr:9-8' is no range; let it rise, and end at 65535 at most"),
    ],
)
def test_forbidden_range_that_is_none(plant: PlantFolder, line: str, mistake: str) -> None:
    plant.replace("devices.toml", "port = 502", f"port = 502\n{line}")
    assert plant.check() == [f"devices.toml:8:1: device[1].forbidden: {mistake}"]


def test_unknown_way_to_write_bits(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 502", 'port = 502\nbit_writes = "yes"')
    assert plant.check() == [
        "devices.toml:8:1: device[1].bit_writes can't be \"yes\"; it must be 'refused', 'mask' or 'read-modify-write'"
    ]


def test_what_a_device_says_about_its_registers_reaches_the_plant(plant: PlantFolder) -> None:
    lines = 'forbidden = ["hr:100-119"]\nmax_bits = 16\nbit_writes = "read-modify-write"\ntext_encoding = "latin-1"'
    plant.replace("devices.toml", "port = 502", f"port = 502\n{lines}")
    device = plant.load().devices["PLC"]
    assert device.forbidden == (AddressRange("hr", 100, 119),)
    assert (device.max_bits, device.bit_writes, device.text_encoding) == (16, "read-modify-write", "latin-1")
