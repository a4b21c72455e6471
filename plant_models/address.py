"""Where a tag lies in its device, parsed from the text of the plant folder.

Modbus: `hr:100` holding register, `ir:100` input register, `co:7` coil, `di:7` discrete input, each counted from 0
as on the wire; `hr:100.3` is bit 3 (0 = least significant) of a register, `hr:100/8` a text in 8 registers. OPC UA: a
NodeId in the notation of Part 6, 5.3.1.10, such as `ns=2;s=WTW.F1.FLOW`. Pure functions, any thread.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from plant_models.message import message
from plant_models.tag import REGISTERS, DataType


class Table(StrEnum):
    """The four tables of a Modbus device."""

    HOLDING = "hr"
    INPUT = "ir"
    COIL = "co"
    DISCRETE = "di"

    @property
    def is_bits(self) -> bool:
        return self in (Table.COIL, Table.DISCRETE)

    @property
    def is_writable(self) -> bool:
        return self in (Table.HOLDING, Table.COIL)


@dataclass(frozen=True, slots=True)
class ModbusAddress:
    """`count` registers (or bits, in the bit tables) from `offset`; `bit` is set for one bit of a register."""

    table: Table
    offset: int
    count: int
    bit: int | None = None

    @property
    def is_writable_bit(self) -> bool:
        """Whether it is one bit of a register that can be written as a whole."""
        return self.bit is not None and self.table.is_writable


_END: Final = 65536
_LONGEST_TEXT: Final = 125
_MODBUS = re.compile(r"(hr|ir|co|di):(\d+)(?:\.(\d+)|/(\d+))?", re.ASCII)
_NODE_ID = re.compile(r"(?:ns=\d+;)?(?:i=\d+|s=.+|g=[0-9A-Fa-f-]{36}|b=[A-Za-z0-9+/=]+)")


def parse_modbus(text: str, data_type: DataType) -> ModbusAddress:
    """Return the address of a value of `data_type`.

    Raises:
        ValueError: the text isn't an address, or the type cannot lie there; the message says what would be right.
    """
    match = _MODBUS.fullmatch(text.strip())
    if not match:
        raise ValueError(
            message(
                "{text!r} is not a Modbus address; write hr:100, ir:100, co:7, di:7, hr:100.3 for a bit or hr:100/8 "
                "for a text in 8 registers",
                text=text,
            )
        )
    table, offset = Table(match[1]), int(match[2])
    bit = None if match[3] is None else int(match[3])
    length = _length(match, data_type, text)
    if table.is_bits and (data_type is not DataType.BOOL or bit is not None):
        raise ValueError(
            message("{text!r} is a single bit; the type must be bool and the address without a bit number", text=text)
        )
    if bit is not None and (data_type is not DataType.BOOL or bit > 15):
        raise ValueError(message("{text!r} names a bit; the type must be bool and the bit 0 to 15", text=text))
    if data_type is DataType.BOOL and not table.is_bits and bit is None:
        raise ValueError(message("a bool in a register needs its bit, such as {text}.0", text=text))
    count = 1 if table.is_bits else length or REGISTERS[data_type]
    if offset + count > _END:
        raise ValueError(message("{text!r} ends beyond 65535, the last address of a table", text=text))
    return ModbusAddress(table, offset, count, bit)


def _length(match: re.Match[str], data_type: DataType, text: str) -> int:
    """Return how many registers a text fills, 0 for a number."""
    if data_type is not DataType.TEXT:
        if match[4] is not None:
            raise ValueError(message("{text!r} gives the length of a text; the type must be text", text=text))
        return 0
    if match[1] not in (Table.HOLDING, Table.INPUT):
        raise ValueError(message("{text!r} is a single bit; a text lies in registers, such as hr:100/8", text=text))
    length = int(match[4] or 0)
    if not 1 <= length <= _LONGEST_TEXT:
        raise ValueError(
            message(
                "{text!r} doesn't say how long the text is; write how many registers it fills, 1 to {most}, such as "
                "hr:100/8",
                text=text,
                most=_LONGEST_TEXT,
            )
        )
    return length


def check_node_id(text: str) -> str:
    """Return the NodeId text unchanged.

    Raises:
        ValueError: it isn't in the notation of OPC UA Part 6.
    """
    if not _NODE_ID.fullmatch(text):
        raise ValueError(message("{text!r} is not a NodeId; write ns=2;s=NAME or ns=2;i=1001", text=text))
    return text
