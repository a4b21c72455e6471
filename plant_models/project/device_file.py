"""`devices.toml`: the PLCs and servers that the plant talks to. Any thread."""

from typing import Any, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from plant_models.device import Device, Endpoint, Option
from plant_models.project.finding import Finding
from plant_models.project.frame import DeviceList
from plant_models.project.schema import Form, Part, declared_names, validate, validate_part
from plant_models.project.security_checks import check_security
from plant_models.project.source import Source, finding_in
from plant_models.protocols import BUILT_IN, known_protocols


class DeviceSection(Part):
    """`[[device]]`: the fields of Device, with host and port as keys of their own."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=80)
    """What tables name it by."""
    protocol: str
    """`modbus` is Modbus TCP, `opcua` OPC UA; other packages may [bring more](../how-to/write-a-driver.md)."""
    host: str = Field(min_length=1)
    """Name or address."""
    port: int = Field(ge=1, le=65535)
    """TCP port; usually 502 for Modbus, 4840 for OPC UA."""
    description: str = ""
    """For people."""
    unit_id: int = Field(1, ge=0, le=255)
    """Modbus: the unit behind the address."""
    byte_order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    """Modbus: how numbers of 32 and 64 bits are laid out."""
    max_registers: int = Field(125, ge=1, le=125)
    """Modbus: most registers in one request."""
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
    """OPC UA: allow a connection without encryption, if the server offers no other."""
    host_check: bool = True
    """OPC UA: whether `host` must be in the server's certificate; `false` where that can't be had."""
    user: str = ""
    """OPC UA: who logs in; the password is kept by `main.py secret set`, never here."""
    user_certificate: str = ""
    """OPC UA: a file with the certificate that logs in, seen from the folder `certificates` of the station's data."""
    user_key: str = ""
    """OPC UA: the file with its key (PEM, mode 0600)."""
    enabled: bool = True
    """Whether it is connected to."""
    backup_host: str = ""
    """Name or address that is asked where `host` doesn't answer."""
    backup_port: int | None = Field(None, ge=1, le=65535)
    """TCP port there; the same as `port` if left out."""
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

    def device(self) -> Device:
        """Return the device that the section declares."""
        fields = self.model_dump(exclude={"host", "port", "backup_host", "backup_port"})
        backup = Endpoint(self.backup_host, self.backup_port or self.port) if self.backup_host else None
        return Device(endpoint=Endpoint(self.host, self.port), backup=backup, **fields)


class DeviceFile(Form):
    """The whole file; each section is held against its own form, so that a wrong one doesn't hide the others."""

    device: tuple[Any, ...] = ()


def read_devices(source: Source, findings: list[Finding]) -> DeviceList:
    """Return the devices, in file order."""
    file = validate(DeviceFile, source, findings)
    devices: dict[str, Device] = {}
    for number, data in enumerate(file.device if file else ()):
        section = validate_part(DeviceSection, source, ("device", number), data, findings)
        if section is None:
            continue
        if section.name in devices:
            path = ("device", number, "name")
            findings.append(finding_in(source, path, f"duplicate device {section.name}", "give it a name of its own"))
            continue
        devices[section.name] = section.device()
        check_security(devices[section.name], number, source, findings)
        _check(section, source, number, findings)
    return DeviceList(devices, declared_names(source.data.get("device")))


def _check(section: DeviceSection, source: Source, number: int, findings: list[Finding]) -> None:
    """Add a finding for each key that says nothing beside the others."""
    if section.backup_port and not section.backup_host:
        problem = f"{section.name} has a backup_port but no backup_host"
        findings.append(finding_in(source, ("device", number, "backup_port"), problem, "add backup_host"))
    if section.options and section.protocol in BUILT_IN:
        problem = f"{section.protocol} knows no options"
        remedy = "remove [device.options]; a key of the device itself must stand above it"
        findings.append(finding_in(source, ("device", number, "options"), problem, remedy))
