"""What is asked and answered, without the frame around it: requests as bytes, and exact checks of their replies.

From MODBUS Application Protocol Specification V1.1b3, section 6. Pure, any thread. Every check raises BadReply where a
reply belongs to another request than the one that was sent.
"""

import struct
from collections.abc import Sequence
from typing import Final

from drivers.modbus.errors import BadReply, WrongLength
from plant_models.address import Table
from plant_models.message import message

WRITE_COIL: Final = 5
WRITE_REGISTER: Final = 6
WRITE_COILS: Final = 15
WRITE_REGISTERS: Final = 16
MASK_WRITE: Final = 22
READ_WRITE: Final = 23
IDENTIFY: Final = 43
READ_DEVICE_ID: Final = 14
EXCEPTION: Final = 0x80
"""Added to the function code of a reply that refuses."""

_READS: Final = {Table.COIL: 1, Table.DISCRETE: 2, Table.HOLDING: 3, Table.INPUT: 4}
_ON: Final = 0xFF00

_read = struct.Struct(">BHH").pack
_multiple = struct.Struct(">BHHB").pack
_mask = struct.Struct(">BHHH").pack
_read_write = struct.Struct(">BHHHHB").pack


def read(table: Table, offset: int, count: int) -> bytes:
    return _read(_READS[table], offset, count)


def write_coil(offset: int, is_on: bool) -> bytes:
    return _read(WRITE_COIL, offset, _ON if is_on else 0)


def write_register(offset: int, word: int) -> bytes:
    return _read(WRITE_REGISTER, offset, word)


def write_coils(offset: int, bits: Sequence[bool]) -> bytes:
    data = sum(1 << place for place, bit in enumerate(bits) if bit).to_bytes((len(bits) + 7) // 8, "little")
    return _multiple(WRITE_COILS, offset, len(bits), len(data)) + data


def write_registers(offset: int, words: Sequence[int]) -> bytes:
    return _multiple(WRITE_REGISTERS, offset, len(words), 2 * len(words)) + _packed(words)


def mask_write(offset: int, and_mask: int, or_mask: int) -> bytes:
    return _mask(MASK_WRITE, offset, and_mask, or_mask)


def read_write(offset: int, count: int, write_offset: int, words: Sequence[int]) -> bytes:
    return _read_write(READ_WRITE, offset, count, write_offset, len(words), 2 * len(words)) + _packed(words)


def identify(first_object: int) -> bytes:
    """Ask for the basic category: vendor, product, revision."""
    return bytes((IDENTIFY, READ_DEVICE_ID, 1, first_object))


def data_of(reply: bytes, wanted: int, asked: str) -> bytes:
    """Return the data bytes of a read's reply, which must be exactly `wanted`; `asked` is the address for people.

    Raises:
        WrongLength: they are not, or the reply lies about their number.
    """
    if len(reply) != wanted + 2 or reply[1] != wanted:
        got = len(reply) - 2
        raise WrongLength(
            message("Asked {address} for {wanted} bytes, got {got}", address=asked, wanted=wanted, got=got)
        )
    return reply[2:]


def check_echo(reply: bytes, expected: bytes) -> None:
    """Hold the confirmation of a write against what it must be.

    Raises:
        BadReply: the device confirms something else.
    """
    if reply != expected:
        raise BadReply(
            message(
                "Wrote {sent}, the device confirmed {confirmed}", sent=expected.hex(" "), confirmed=reply[:12].hex(" ")
            )
        )


def _packed(words: Sequence[int]) -> bytes:
    return struct.pack(f">{len(words)}H", *words)
