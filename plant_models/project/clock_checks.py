"""Whether the clock of each device is a tag that can hold one. Any thread."""

from typing import Final

from plant_models.device import Device
from plant_models.project.finding import Finding, suggest
from plant_models.project.frame import DeviceList
from plant_models.project.source import Source, finding_in
from plant_models.project.tag_rows import TagList
from plant_models.tag import DataType, Tag

_WIDE: Final = (DataType.U32, DataType.I32, DataType.U64, DataType.I64, DataType.F64)


def check_clocks(source: Source, devices: DeviceList, tags: TagList, findings: list[Finding]) -> None:
    """Add a finding for each `clock_tag` of devices.toml (`source`) that can't be one."""
    by_name = {tag.name: tag for tag in tags.tags}
    for number, section in enumerate(source.data.get("device", ())):
        name = section.get("name") if isinstance(section, dict) else None
        device = devices.by_name.get(name) if isinstance(name, str) else None
        if device is not None and device.clock_tag:
            mistake = _mistake(device, by_name.get(device.clock_tag), by_name)
            if mistake:
                findings.append(finding_in(source, ("device", number, "clock_tag"), *mistake))


def _mistake(device: Device, tag: Tag | None, by_name: dict[str, Tag]) -> tuple[str, str] | None:
    """Return what is wrong and what would be right."""
    if device.protocol != "modbus":
        return f"{device.name} tells its time by itself", "remove clock_tag"
    if tag is None:
        return f"unknown tag {device.clock_tag!r}", suggest(device.clock_tag, by_name)
    if tag.device != device.name:
        return f"{tag.name} is no tag of {device.name}", "name the tag that holds this device's clock"
    if tag.type not in _WIDE:
        return f"a {tag.type} can't hold seconds since 1970", f"use {', '.join(_WIDE[:-1])} or {_WIDE[-1]}"
    return None
