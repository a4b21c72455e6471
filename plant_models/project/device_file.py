"""`devices.toml`: the PLCs and servers that the plant talks to. Any thread."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from plant_models.device import Device, Endpoint
from plant_models.project.finding import Finding
from plant_models.project.schema import Form, validate
from plant_models.project.source import Source, finding_in


class DeviceSection(BaseModel):
    """`[[device]]`: the fields of Device, with host and port as keys of their own."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=80)
    protocol: Literal["modbus", "opcua"]
    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    description: str = ""
    unit_id: int = Field(1, ge=0, le=255)
    byte_order: Literal["ABCD", "CDAB", "BADC", "DCBA"] = "ABCD"
    max_registers: int = Field(125, ge=1, le=125)
    timeout_s: float = Field(1.0, gt=0, le=60)
    back_off_s: float = Field(10.0, gt=0, le=3600)
    path: str = ""
    insecure_ok: bool = False
    enabled: bool = True

    def device(self) -> Device:
        """Return the device that the section declares."""
        fields = self.model_dump(exclude={"host", "port"})
        return Device(endpoint=Endpoint(self.host, self.port), **fields)


class DeviceFile(Form):
    """The whole file."""

    device: tuple[DeviceSection, ...] = ()


def read_devices(source: Source, findings: list[Finding]) -> dict[str, Device] | None:
    """Return the devices by name, in file order; None, with findings, if the file's form is wrong."""
    file = validate(DeviceFile, source, findings)
    if file is None:
        return None
    devices: dict[str, Device] = {}
    for number, section in enumerate(file.device):
        if section.name in devices:
            path = ("device", number, "name")
            findings.append(finding_in(source, path, f"duplicate device {section.name}", "give it a name of its own"))
            continue
        devices[section.name] = section.device()
    return devices
