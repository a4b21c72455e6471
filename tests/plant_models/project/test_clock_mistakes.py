"""Which tag may hold the clock of a device."""

import pytest

from tests.fakes.plant_folder import PlantFolder


@pytest.fixture
def clocks(plant: PlantFolder) -> PlantFolder:
    """A plant with a tag that can hold seconds since 1970, and two that can't be the clock of its Modbus device."""
    plant.register("PLC.CLOCK", "hr:0", "u32")
    plant.register("LEVEL", "hr:2", "u16")
    plant.tag("UA.CLOCK", type="u32", device="UA", address="ns=2;s=CLOCK")
    return plant


def test_the_clock_of_a_modbus_device(clocks: PlantFolder) -> None:
    clocks.replace("devices.toml", "port = 502", 'port = 502\nclock_tag = "PLC.CLOCK"')
    assert clocks.check() == []
    assert clocks.load().devices["PLC"].clock_tag == "PLC.CLOCK"


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("PLC.CLOK", "unknown tag 'PLC.CLOK'; did you mean 'PLC.CLOCK'?"),
        ("UA.CLOCK", "UA.CLOCK is no tag of PLC; name the tag that holds this device's clock"),
        ("LEVEL", "a u16 can't hold seconds since 1970; use u32, i32, u64, i64 or f64"),
    ],
)
def test_a_tag_that_is_no_clock(clocks: PlantFolder, tag: str, words: str) -> None:
    clocks.replace("devices.toml", "port = 502", f'port = 502\nclock_tag = "{tag}"')
    assert clocks.check() == [f"devices.toml:8:1: {words}"]


def test_an_opc_ua_server_needs_no_clock(clocks: PlantFolder) -> None:
    clocks.replace("devices.toml", "port = 4840", 'port = 4840\nclock_tag = "UA.CLOCK"')
    assert clocks.check() == ["devices.toml:14:1: UA tells its time by itself; remove clock_tag"]
