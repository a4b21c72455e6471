"""One connection to one PLC or server, as the plant folder declares it. Immutable."""

from dataclasses import dataclass

from plant_models.address_range import AddressRange


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a device is reached: a TCP host and port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of `devices.toml`.

    `protocol` is "modbus" or "opcua". `byte_order` is ABCD, CDAB, BADC or DCBA. No read touches the `forbidden` ranges.
    `bit_writes` says how one bit of a register is written: "refused", by "mask" or by "read-modify-write".
    `text_encoding` is that of texts in registers, "utf-8" or "latin-1". `timeout_s` bounds one request,
    `back_off_s` the longest wait between two attempts to connect. `path` is the rest of an OPC UA endpoint address
    ("/plc"). `insecure_ok` allows OPC UA without encryption.
    """

    name: str
    protocol: str
    endpoint: Endpoint
    description: str = ""
    unit_id: int = 1
    byte_order: str = "ABCD"
    max_registers: int = 125
    max_bits: int = 2000
    forbidden: tuple[AddressRange, ...] = ()
    bit_writes: str = "refused"
    text_encoding: str = "utf-8"
    timeout_s: float = 1.0
    back_off_s: float = 10.0
    path: str = ""
    insecure_ok: bool = False
    enabled: bool = True
