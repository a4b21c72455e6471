"""What a test write puts on the wire: the values that somebody typed as registers or coils. Pure, any thread."""

from typing import Final

from drivers.modbus.codec import encode
from drivers.once import OnceRequest
from plant_models.address import ModbusAddress, Table
from plant_models.message import message

_MOST_REGISTERS: Final = {False: 123, True: 121}
"""Of functions 16 and 23: MODBUS Application Protocol Specification V1.1b3, sections 6.12 and 6.17."""
_MOST_COILS: Final = 1968


def words_of_write(request: OnceRequest, address: ModbusAddress) -> tuple[int, ...]:
    """Return the registers or coils that a request writes from its address on.

    Raises:
        ValueError: they can't be written there, in words.
    """
    assert request.value is not None
    values = request.value, *request.more
    if not address.table.is_writable:
        raise ValueError(message("{address} lies in a table that can only be read", address=request.address))
    if address.bit is not None:
        raise ValueError(
            message("{address} is one bit of a register; only whole registers can be written", address=request.address)
        )
    if request.reads_along and address.table is not Table.HOLDING:
        raise ValueError(message("Only holding registers can be written and read in one frame"))
    most = _MOST_COILS if address.table.is_bits else _MOST_REGISTERS[request.reads_along]
    count = address.count * len(values)
    if count > most:
        raise ValueError(message("{count} at once are too many; {most} fit into a frame", count=count, most=most))
    if not address.table.is_bits:
        return tuple(word for value in values for word in encode(value, request.type, request.byte_order))
    return tuple(map(_coil, values))


def _coil(value: float) -> int:
    if value not in (0.0, 1.0):
        raise ValueError(message("{value:g} is not a state of a coil; write 0 or 1", value=value))
    return int(value)
