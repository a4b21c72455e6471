"""One connection to one PLC or server, as the plant folder declares it. Immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from plant_models.address_range import AddressRange
from plant_models.mqtt_settings import MqttSettings

TCP: Final = "tcp"
RTU: Final = "rtu"
RTU_OVER_TCP: Final = "rtu-over-tcp"

Option = str | bool | int | float
"""What a driver of another package may be told."""


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

    `protocol` is a name of `plant_models.protocols`. `byte_order` is ABCD, CDAB, BADC or DCBA. No read touches the
    `forbidden` ranges. `bit_writes` says how one bit of a register is written: "refused", by "mask" or by
    "read-modify-write". `text_encoding` is that of texts in registers, "utf-8" or "latin-1". `timeout_s` bounds one
    request, `back_off_s` the longest wait between two attempts to connect. `path` is the rest of an OPC UA endpoint
    address ("/plc"). `security` is an OPC UA security policy, "" for the best that is offered, "None" only
    together with `insecure_ok`. `user_certificate` and `user_key` are files, seen from <data>/certificates.
    `alarms`: the device's own alarms are received. An outage of `fill_days` at most is filled from its own history.
    `transport` is "tcp", "rtu" (on the `serial` line) or "rtu-over-tcp". `frame_delay_ms` lies between two frames.
    `single_writes`: each register gets a frame of its own. `clock_tag` is the tag that holds the clock of a Modbus
    device, in seconds since 1970 (UTC). `backup` is asked where `endpoint` doesn't answer.
    `mqtt` is how the station takes part at a broker. `options` are for the drivers of other packages.
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
    security: str = ""
    security_mode: str = "SignAndEncrypt"
    insecure_ok: bool = False
    host_check: bool = True
    user: str = ""
    user_certificate: str = ""
    user_key: str = ""
    alarms: bool = False
    fill_days: float = 7.0
    transport: str = TCP
    serial: SerialLine | None = None
    frame_delay_ms: int = 0
    single_writes: bool = False
    clock_tag: str = ""
    enabled: bool = True
    backup: Endpoint | None = None
    mqtt: MqttSettings | None = None
    options: Mapping[str, Option] = field(default_factory=dict, hash=False)

    @property
    def where(self) -> str:
        """Where it is asked, for people: HOST:PORT or a serial port."""
        return self.serial.port if self.serial else str(self.endpoint)

    def at(self, endpoint: Endpoint) -> "Device":
        """Return the device as it is when something at a TCP endpoint stands in for it."""
        return replace(self, endpoint=endpoint, transport=TCP, serial=None)
