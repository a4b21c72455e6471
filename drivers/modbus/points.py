"""A tag at its place in a Modbus device. Immutable, any thread."""

from dataclasses import dataclass

from drivers.modbus.planner import Span
from plant_models.address import ModbusAddress, parse_modbus
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


def point_of(row: int, tag: Tag) -> Point:
    """Return the point of a tag.

    Raises:
        ValueError: its address is wrong; the text says what would be right.
    """
    return Point(row, tag, parse_modbus(tag.address, tag.type))
