"""`devices.toml`: the PLCs and servers that the plant talks to. Any thread."""

from typing import Any, Literal

from pydantic import Field

from plant_models.device import Device, Endpoint
from plant_models.project.finding import Finding
from plant_models.project.frame import DeviceList
from plant_models.project.schema import Form, Part, declared_names, validate, validate_part
from plant_models.project.source import Source, finding_in


class DeviceSection(Part):
    """`[[device]]`: the fields of Device, with host and port as keys of their own."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=80)
    """What tables name it by."""
    protocol: Literal["modbus", "opcua"]
    """`modbus` is Modbus TCP."""
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
    insecure_ok: bool = False
    """OPC UA: allow a connection without encryption."""
    clock_tag: str = ""
    """Modbus: the tag of this device that holds its clock, in seconds since 1970 (UTC)."""
    enabled: bool = True
    """Whether it is connected to."""

    def device(self) -> Device:
        """Return the device that the section declares."""
        fields = self.model_dump(exclude={"host", "port"})
        return Device(endpoint=Endpoint(self.host, self.port), **fields)


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
    return DeviceList(devices, declared_names(source.data.get("device")))
