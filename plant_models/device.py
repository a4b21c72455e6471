"""One connection to one PLC or server, as the plant folder declares it. Immutable."""

from dataclasses import dataclass, replace
from typing import Final

from plant_models.address_range import AddressRange

TCP: Final = "tcp"
RTU: Final = "rtu"
RTU_OVER_TCP: Final = "rtu-over-tcp"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a device is reached: a TCP host and port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SerialLine:
    """A serial port ("/dev/ttyUSB0") and how its line is set: `parity` is "none", "even" or "odd"; 8 data bits."""

    port: str
    baud: int = 19_200
    parity: str = "even"
    stop_bits: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of `devices.toml`.

    `protocol` is "modbus" or "opcua". `byte_order` is ABCD, CDAB, BADC or DCBA. No read touches the `forbidden` ranges.
    `bit_writes` says how one bit of a register is written: "refused", by "mask" or by "read-modify-write".
    `text_encoding` is that of texts in registers, "utf-8" or "latin-1". `timeout_s` bounds one request,
    `back_off_s` the longest wait between two attempts to connect. `path` is the rest of an OPC UA endpoint address
    ("/plc"). `insecure_ok` allows OPC UA without encryption. `transport` is "tcp", "rtu" (on the `serial` line) or
    "rtu-over-tcp". `frame_delay_ms` lies between two frames. `single_writes`: each register gets a frame of its own.
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
    transport: str = TCP
    serial: SerialLine | None = None
    frame_delay_ms: int = 0
    single_writes: bool = False
    enabled: bool = True

    @property
    def where(self) -> str:
        """Where it is asked, for people: HOST:PORT or a serial port."""
        return self.serial.port if self.serial else str(self.endpoint)

    def at(self, endpoint: Endpoint) -> "Device":
        """Return the device as it is when something at a TCP endpoint stands in for it."""
        return replace(self, endpoint=endpoint, transport=TCP, serial=None)
