"""Whether a Modbus device as it is declared can read and write a tag at its address. Pure functions, any thread."""

from collections.abc import Iterator

from plant_models.address import ModbusAddress
from plant_models.device import Device
from plant_models.tag import Tag

Mistake = tuple[str, str, str]
"""Column, problem and remedy."""


def modbus_mistakes(tag: Tag, address: ModbusAddress, device: Device) -> Iterator[Mistake]:
    """Yield what in the device's own settings stands against the tag."""
    for taken in device.forbidden:
        if taken.touches(address.table, address.offset, address.count):
            problem = f"{tag.address} lies in {taken}, which {device.name} forbids"
            yield "address", problem, "read it elsewhere, or correct forbidden in devices.toml"
    if address.count > device.max_registers and not address.table.is_bits:
        problem = f"{tag.address} fills {address.count} registers, but {device.name} gives {device.max_registers}"
        yield "address", f"{problem} at once", "correct the address, or max_registers in devices.toml"
    if tag.writable and address.is_writable_bit and device.bit_writes == "refused":
        problem = f"{tag.address} is one bit of a register, and {device.name} doesn't say how bits are written"
        remedy = "set writable to false, or bit_writes in devices.toml to mask or read-modify-write"
        yield "writable", problem, remedy
