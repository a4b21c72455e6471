"""One connection to one PLC or server, as the plant folder declares it. Immutable."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a device is reached: a TCP host and port."""

    host: str
    port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of `devices.toml`.

    `protocol` is "modbus" or "opcua". `byte_order` is ABCD, CDAB, BADC or DCBA. `timeout_s` bounds one request,
    `back_off_s` the longest wait between two attempts to connect. `path` is the rest of an OPC UA endpoint address
    ("/plc"). `insecure_ok` allows OPC UA without encryption. `clock_tag` is the tag that holds the clock of a Modbus
    device, in seconds since 1970 (UTC).
    """

    name: str
    protocol: str
    endpoint: Endpoint
    description: str = ""
    unit_id: int = 1
    byte_order: str = "ABCD"
    max_registers: int = 125
    timeout_s: float = 1.0
    back_off_s: float = 10.0
    path: str = ""
    insecure_ok: bool = False
    clock_tag: str = ""
    enabled: bool = True
