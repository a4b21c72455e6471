"""What a command puts on the wire: registers, a coil, or one bit of a register; and what must be read back. Pure.

A bit is written by a mask (function 22), or by reading its register and writing it whole, if the plant folder says so.
Neither touches the other bits; the second is not atomic against the program of the PLC.
"""

from dataclasses import dataclass
from typing import Final

from drivers.modbus.codec import encode, register_bit
from drivers.modbus.points import Point
from drivers.modbus.unit import Unit
from drivers.modbus.wire import Wire
from drivers.write_words import WRONG_ADDRESS, no_order
from plant_models.address import Table
from plant_models.device import Device
from plant_models.message import message
from plant_models.scaling import to_raw

READ_MODIFY_WRITE: Final = "read-modify-write"
_REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Words:
    """One frame that sets a coil (0 or 1), a register, or several."""

    table: Table
    offset: int
    words: tuple[int, ...]

    def send(self, wire: Wire, unit: Unit) -> None:
        """Send the frame on the open connection.

        Raises:
            ModbusError: any of its kinds.
        """
        wire.write(unit.device.unit_id, unit.counters, self.table, self.offset, self.words)

    def is_in(self, payload: bytes) -> bool:
        """Tell whether the data bytes of a readback hold exactly this."""
        if self.table is Table.COIL:
            return payload[0] & 1 == self.words[0]
        return payload == b"".join(word.to_bytes(2, "big") for word in self.words)

    def is_set_in(self, payload: bytes) -> bool:
        """Tell whether the data bytes of a read hold anything but 0."""
        return bool(payload[0] & 1) if self.table is Table.COIL else any(payload)


@dataclass(frozen=True, slots=True)
class Bit:
    """One frame that sets or clears the bits of `mask` in a holding register and leaves the others."""

    offset: int
    mask: int
    is_on: bool

    def send(self, wire: Wire, unit: Unit) -> None:
        """Send the frame on the open connection.

        Raises:
            ModbusError: any of its kinds.
        """
        wire.mask_write(
            unit.device.unit_id, unit.counters, self.offset, 0xFFFF & ~self.mask, self.mask if self.is_on else 0
        )

    def is_in(self, payload: bytes) -> bool:
        """Tell whether the register in the data bytes of a readback has the bit as it was sent."""
        return bool(int.from_bytes(payload, "big") & self.mask) is self.is_on

    def is_set_in(self, payload: bytes) -> bool:
        """Tell whether the register in the data bytes of a read has the bit set."""
        return bool(int.from_bytes(payload, "big") & self.mask)

    def within(self, payload: bytes) -> Words:
        """Return the frame that writes the whole register, which was just read as `payload`."""
        word = int.from_bytes(payload, "big")
        return Words(Table.HOLDING, self.offset, (word | self.mask if self.is_on else word & ~self.mask,))


def writable_point(unit: Unit, row: int) -> Point:
    """Return the point of a row if it may be written.

    Raises:
        ValueError: it may not; the text says why.
    """
    point = unit.points.get(row)
    if point is None:
        raise ValueError(WRONG_ADDRESS)
    if not point.tag.writable:
        raise ValueError(message("{tag} is read only", tag=point.tag.name))
    if not point.address.table.is_writable:
        raise ValueError(message("{address} lies in a table that can only be read", address=point.tag.address))
    if point.address.bit is not None and unit.device.bit_writes == _REFUSED:
        raise ValueError(
            message(
                "{address} is one bit of a register; the plant folder doesn't say how {device} has bits written",
                address=point.tag.address,
                device=unit.device.name,
            )
        )
    if point.tag.is_text:
        raise ValueError(message("{tag} is a text; only numbers can be written", tag=point.tag.name))
    return point


def order_of(point: Point, value: float, device: Device) -> Words | Bit:
    """Return what sets `point` to `value`, which is in the tag's unit.

    Raises:
        ValueError: the value can't be written there; the text says why.
    """
    raw = to_raw(point.tag, value)
    address = point.address
    if point.tag.pulse and raw == 0.0:
        raise ValueError(no_order(point.tag.name))
    if address.bit is None and address.table is not Table.COIL:
        return Words(address.table, address.offset, encode(raw, point.tag.type, device.byte_order))
    if raw not in (0.0, 1.0):
        raise ValueError(message("{value:g} is not a state of a coil or a bit; write 0 or 1", value=value))
    if address.bit is None:
        return Words(Table.COIL, address.offset, (int(raw),))
    return Bit(address.offset, register_bit(address.bit, device.byte_order), raw == 1.0)
