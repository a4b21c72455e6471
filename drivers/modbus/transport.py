"""From what the plant folder says of devices on one connection to the client that reaches them. Any thread."""

from collections.abc import Hashable, Sequence

from drivers.modbus.client import ModbusClient
from drivers.modbus.framing import Framing
from drivers.modbus.link import Link
from drivers.modbus.manners import manners_of
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.rtu import RtuFraming
from drivers.modbus.serial_link import SerialLink
from drivers.modbus.tcp_link import TcpLink
from plant_models.clock import Clock
from plant_models.device import RTU, RTU_OVER_TCP, Device


def key_of(device: Device) -> Hashable:
    """Return what names the connection of a device: units of one serial line, or behind one gateway, share it."""
    if device.serial:
        return RTU, device.serial.port
    return device.transport, device.endpoint


def client_of(devices: Sequence[Device], clock: Clock) -> ModbusClient:
    """Return the client for devices of one connection, not open."""
    first = devices[0]
    link: Link
    if first.serial:
        link = SerialLink(first.serial)
    else:
        link = TcpLink(first.endpoint, max(device.timeout_s for device in devices))
    framing: Framing = MbapFraming(clock)
    if first.transport in (RTU, RTU_OVER_TCP):
        framing = RtuFraming(clock, silent_limit=1 if first.transport == RTU_OVER_TCP else 2)
    return ModbusClient(link, framing, manners_of(devices), clock)
