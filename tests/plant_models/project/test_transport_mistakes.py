"""How a device is reached: on TCP or on a serial line, and nothing of both."""

import pytest

from plant_models.device import SerialLine
from tests.fakes.plant_folder import PlantFolder

TCP = 'host = "127.0.0.1"\nport = 502'
SERIAL = 'transport = "rtu"\nserial_port = "/dev/ttyUSB0"'


def test_a_device_on_a_serial_line_needs_no_host(plant: PlantFolder) -> None:
    plant.replace("devices.toml", TCP, f'{SERIAL}\nbaud = 9600\nparity = "none"\nstop_bits = 2')
    assert plant.check() == []
    device = plant.load().devices["PLC"]
    assert device.serial == SerialLine("/dev/ttyUSB0", 9600, "none", 2)
    assert device.where == "/dev/ttyUSB0"


def test_a_serial_line_is_set_as_the_specification_wants_unless_told_otherwise(plant: PlantFolder) -> None:
    plant.replace("devices.toml", TCP, SERIAL)
    assert plant.load().devices["PLC"].serial == SerialLine("/dev/ttyUSB0", 19_200, "even", 1)


def test_a_gateway_has_a_host_and_a_port(plant: PlantFolder) -> None:
    plant.replace("devices.toml", TCP, f'{TCP}\ntransport = "rtu-over-tcp"\nframe_delay_ms = 20\nsingle_writes = true')
    assert plant.check() == []
    device = plant.load().devices["PLC"]
    assert (device.where, device.frame_delay_ms, device.single_writes) == ("127.0.0.1:502", 20, True)


NO_SERIAL = 'remove it, or write transport = "rtu"'
NO_TCP = 'remove it, or write transport = "tcp"'
GATEWAY = f'{TCP}\ntransport = "rtu-over-tcp"'


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ('transport = "rtu"', "3:1: device[1].serial_port is missing; add it, such as /dev/ttyUSB0"),
        (f"{SERIAL}\n{TCP}", f"8:1: device[1].host doesn't go with a serial line; {NO_TCP}"),
        (f'{TCP}\nserial_port = "COM3"', f"8:1: device[1].serial_port is for a serial line; {NO_SERIAL}"),
        (f"{TCP}\nbaud = 9600", f"8:1: device[1].baud is for a serial line; {NO_SERIAL}"),
        (f"{SERIAL}\nunit_id = 248", "8:1: device[1].unit_id can't be 248 in RTU frames; use 1 to 247"),
        (f"{GATEWAY}\nunit_id = 0", "9:1: device[1].unit_id can't be 0 in RTU frames; use 1 to 247"),
        (
            f'{TCP}\ntransport = "serial"',
            "8:1: device[1].transport can't be \"serial\"; it must be 'tcp', 'rtu' or 'rtu-over-tcp'",
        ),
        (
            f'{SERIAL}\nparity = "mark"',
            "8:1: device[1].parity can't be \"mark\"; it must be 'none', 'even' or 'odd'",
        ),
    ],
)
def test_a_device_that_can_not_be_reached_as_it_says(plant: PlantFolder, lines: str, found: str) -> None:
    plant.replace("devices.toml", TCP, lines)
    assert f"devices.toml:{found}" in plant.check()


def test_transports_are_for_modbus(plant: PlantFolder) -> None:
    plant.replace("devices.toml", "port = 4840", 'port = 4840\ntransport = "rtu-over-tcp"')
    assert plant.check() == ["devices.toml:14:1: device[2].transport is for Modbus only; remove it"]


def test_devices_of_one_serial_line_agree_how_it_is_set(plant: PlantFolder) -> None:
    second = f'\n[[device]]\nname = "PLC2"\nprotocol = "modbus"\n{SERIAL}\nbaud = 9600\nunit_id = 2\n'
    plant.replace("devices.toml", TCP, SERIAL)
    plant.write("devices.toml", plant.read("devices.toml") + second)
    (found,) = plant.check()
    assert found.endswith("PLC2 and PLC share /dev/ttyUSB0, but not baud: 9600 and 19200; write the same baud for both")
