"""`devices.toml`: the PLCs and servers that the plant talks to. Any thread."""

from typing import Any, Final, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from plant_models.address_range import parse_range
from plant_models.device import Device, Endpoint, Option, SerialLine
from plant_models.mqtt_settings import MqttSettings
from plant_models.project.finding import Finding
from plant_models.project.frame import DeviceList
from plant_models.project.mqtt_section import MqttSection, mqtt_mistakes
from plant_models.project.schema import Form, Part, declared_names, validate, validate_part
from plant_models.project.security_checks import check_security
from plant_models.project.source import Source, finding_in
from plant_models.project.transport_checks import check_line, check_transport
from plant_models.protocols import BUILT_IN, known_protocols

_ELSEWHERE: Final = {
    "host", "port", "backup_host", "backup_port", "forbidden", "serial_port", "baud", "parity", "stop_bits", "mqtt",
}  # fmt: skip
"""Keys that are parts of a field of Device."""


class DeviceSection(Part):
    """`[[device]]`: the fields of Device, with host and port, or those of a serial line, as keys of their own."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=80)
    """What tables name it by."""
    protocol: str
    """What it speaks: `modbus`, `opcua`, `mqtt`; other packages may [bring more](../how-to/write-a-driver.md)."""
    transport: Literal["tcp", "rtu", "rtu-over-tcp"] = "tcp"
    """Modbus: `tcp`, `rtu` on a serial line, or `rtu-over-tcp` through a gateway that passes frames on as they are."""
    host: str = Field("", min_length=1)
    """Name or address; needed unless `transport` is `rtu`."""
    port: int | None = Field(None, ge=1, le=65535)
    """TCP port: usually 502 for Modbus, 4840 for OPC UA, 8883 for MQTT, 1883 without encryption."""
    serial_port: str = Field("", min_length=1)
    """Modbus RTU: the serial port, such as `/dev/ttyUSB0`; needed if `transport` is `rtu`."""
    baud: int = Field(19_200, ge=300, le=4_000_000)
    """Modbus RTU: bits a second; the same for all devices of a line, as are the next two."""
    parity: Literal["none", "even", "odd"] = "even"
    """Modbus RTU: the parity bit of each character, which has 8 data bits."""
    stop_bits: Literal[1, 2] = 1
    """Modbus RTU: stop bits of each character."""
    description: str = ""
    """For people."""
    unit_id: int = Field(1, ge=0, le=255)
    """Modbus: the unit behind the address."""
    byte_order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    """Modbus: how numbers of 32 and 64 bits are laid out."""
    max_registers: int = Field(125, ge=1, le=125)
    """Modbus: most registers in one request."""
    max_bits: int = Field(2000, ge=1, le=2000)
    """Modbus: most coils or discrete inputs in one request."""
    forbidden: tuple[str, ...] = ()
    """Modbus: ranges such as `hr:100-119` that no read may touch, not even in between."""
    bit_writes: Literal["refused", "mask", "read-modify-write"] = "refused"
    """Modbus: how [single bits](#single-bits) of holding registers are written."""
    text_encoding: Literal["utf-8", "latin-1"] = "utf-8"
    """Modbus: what texts in registers are written in."""
    single_writes: bool = False
    """Modbus: the device takes several registers only [one by one](#single-writes)."""
    frame_delay_ms: int = Field(0, ge=0, le=10_000)
    """Modbus: milliseconds between the last frame on the line and the next one to this device."""
    timeout_s: float = Field(1.0, gt=0, le=60)
    """Seconds for one request."""
    back_off_s: float = Field(10.0, gt=0, le=3600)
    """Longest wait between two attempts to connect, in seconds."""
    path: str = ""
    """OPC UA: rest of the endpoint address, such as `/plc`."""
    security: Literal["", "Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep", "None"] = ""
    """OPC UA: the security policy; empty for the strongest that the server offers. `None` needs `insecure_ok`."""
    security_mode: Literal["SignAndEncrypt", "Sign"] = "SignAndEncrypt"
    """OPC UA: `Sign` leaves everything readable on its way, but not changeable."""
    insecure_ok: bool = False
    """OPC UA, MQTT: allow a connection without encryption; OPC UA encrypts nevertheless where the server offers it."""
    clock_tag: str = ""
    """Modbus: the tag of this device that holds its clock, in seconds since 1970 (UTC)."""
    host_check: bool = True
    """OPC UA: whether `host` must be in the server's certificate; `false` where that can't be had."""
    user: str = ""
    """OPC UA: who logs in; the password is kept by `main.py secret set`, never here."""
    user_certificate: str = ""
    """OPC UA: a file with the certificate that logs in, seen from the folder `certificates` of the station's data."""
    user_key: str = ""
    """OPC UA: the file with its key (PEM, mode 0600)."""
    alarms: bool = False
    """OPC UA: receive the [server's own alarms](../explanation/alarms.md#alarms-of-devices)."""
    fill_days: float = Field(7.0, ge=0, le=31)
    """OPC UA: how many days back an outage is filled from the server's own history; 0 never asks for it."""
    enabled: bool = True
    """Whether it is connected to."""
    backup_host: str = ""
    """Name or address that is asked where `host` doesn't answer."""
    backup_port: int | None = Field(None, ge=1, le=65535)
    """TCP port there; the same as `port` if left out."""
    mqtt: MqttSection | None = None
    """MQTT: the keys of [`[device.mqtt]`](#mqtt)."""
    options: dict[str, Option] = Field({})
    """A table `[device.options]`, last in the section: what a driver of another package is told."""

    @field_validator("protocol")
    @classmethod
    def _known(cls, protocol: str) -> str:
        known = [f"'{name}'" for name in known_protocols()]
        if f"'{protocol}'" not in known:
            wanted = {"wanted": f"{', '.join(known[:-1])} or {known[-1]}"}
            raise PydanticCustomError("literal_error", "Input should be {wanted}", wanted)
        return protocol

    @field_validator("forbidden")
    @classmethod
    def _are_ranges(cls, forbidden: tuple[str, ...]) -> tuple[str, ...]:
        for text in forbidden:
            parse_range(text)
        return forbidden

    def device(self) -> Device:
        """Return the device that the section declares."""
        fields = self.model_dump(exclude=_ELSEWHERE)
        ranges = tuple(parse_range(text) for text in self.forbidden)
        serial = SerialLine(self.serial_port, self.baud, self.parity, self.stop_bits) if self.serial_port else None
        backup = Endpoint(self.backup_host, self.backup_port or self.port or 0) if self.backup_host else None
        mqtt = self.mqtt.settings() if self.mqtt else MqttSettings() if self.protocol == "mqtt" else None
        endpoint = Endpoint(self.host, self.port or 0)
        return Device(endpoint=endpoint, serial=serial, backup=backup, mqtt=mqtt, forbidden=ranges, **fields)


class DeviceFile(Form):
    """The whole file; each section is held against its own form, so that a wrong one doesn't hide the others."""

    device: tuple[Any, ...] = ()


def read_devices(source: Source, findings: list[Finding]) -> DeviceList:
    """Return the devices, in file order."""
    file = validate(DeviceFile, source, findings)
    devices: dict[str, Device] = {}
    lines: dict[str, Device] = {}
    for number, data in enumerate(file.device if file else ()):
        section = validate_part(DeviceSection, source, ("device", number), data, findings)
        is_reachable = not isinstance(data, dict) or check_transport(data, source, number, findings)
        if section is None or not is_reachable:
            continue
        if section.name in devices:
            path = ("device", number, "name")
            findings.append(finding_in(source, path, f"duplicate device {section.name}", "give it a name of its own"))
            continue
        for key, problem, remedy in mqtt_mistakes(section.protocol, section.insecure_ok, section.mqtt):
            findings.append(finding_in(source, ("device", number, *key), problem, remedy))
        device = devices[section.name] = section.device()
        check_security(device, number, source, findings)
        check_line(device, lines, source, number, findings)
        _check(section, source, number, findings)
    return DeviceList(devices, declared_names(source.data.get("device")))


def _check(section: DeviceSection, source: Source, number: int, findings: list[Finding]) -> None:
    """Add a finding for each key that says nothing beside the others."""
    if section.backup_port and not section.backup_host:
        problem = f"{section.name} has a backup_port but no backup_host"
        findings.append(finding_in(source, ("device", number, "backup_port"), problem, "add backup_host"))
    if section.alarms and section.protocol != "opcua":
        problem = f"{section.protocol} brings no alarms of devices"
        findings.append(finding_in(source, ("device", number, "alarms"), problem, "remove it; only opcua has them"))
    if section.options and section.protocol in BUILT_IN:
        problem = f"{section.protocol} knows no options"
        remedy = "remove [device.options]; a key of the device itself must stand above it"
        findings.append(finding_in(source, ("device", number, "options"), problem, remedy))
