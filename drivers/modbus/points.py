"""A tag at its place in a Modbus device. Immutable, any thread."""

from dataclasses import dataclass

from drivers.modbus.planner import Span
from plant_models.address import ModbusAddress, parse_modbus
from plant_models.device import Device
from plant_models.message import message
from plant_models.tag import Tag


@dataclass(frozen=True, slots=True)
class Point:
    """Tag `tag` in row `row` of the table, at `address`."""

    row: int
    tag: Tag
    address: ModbusAddress

    @property
    def span(self) -> Span:
        return Span(self.address.offset, self.address.count)


def point_of(row: int, tag: Tag, device: Device) -> Point:
    """Return the point of a tag.

    Raises:
        ValueError: its address is wrong, or no read may touch it; the text says what would be right.
    """
    address = parse_modbus(tag.address, tag.type)
    for taken in device.forbidden:
        if taken.touches(address.table, address.offset, address.count):
            raise ValueError(message("{address} lies in the forbidden range {range}", address=tag.address, range=taken))
    return Point(row, tag, address)
