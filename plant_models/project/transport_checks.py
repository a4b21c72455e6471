"""Whether a device says all that its transport needs and nothing that belongs to another one. Any thread."""

from typing import Any, Final

from plant_models.device import RTU, RTU_OVER_TCP, Device
from plant_models.project.finding import Finding
from plant_models.project.source import Source, finding_in
from plant_models.protocols import BUILT_IN

_MODBUS_ONLY: Final = ("transport", "serial_port", "baud", "parity", "stop_bits", "frame_delay_ms", "single_writes")
_TCP: Final = ("host", "port")
_SERIAL: Final = ("serial_port", "baud", "parity", "stop_bits")
_LAST_UNIT: Final = 247


def check_transport(section: dict[str, Any], source: Source, number: int, findings: list[Finding]) -> bool:
    """Tell whether device `number` (from 0) can be reached as it says; a finding for each mistake.

    `section` is what the file says, whatever else may be wrong with it.
    """
    mistakes = [*_missing(section), *_out_of_place(section), *_unit(section)]
    for key, problem, remedy in mistakes:
        where = f"device[{number + 1}].{key}"
        findings.append(finding_in(source, ("device", number, key), f"{where} {problem}", remedy))
    return not mistakes


def check_line(device: Device, lines: dict[str, Device], source: Source, number: int, findings: list[Finding]) -> None:
    """Add a finding if another device in `lines` says otherwise how the same serial line is set; else join them."""
    if device.serial is None:
        return
    first = lines.setdefault(device.serial.port, device)
    for key in ("baud", "parity", "stop_bits"):
        own, other = getattr(device.serial, key), getattr(first.serial, key)
        if own != other:
            problem = f"{device.name} and {first.name} share {device.serial.port}, but not {key}: {own} and {other}"
            findings.append(finding_in(source, ("device", number, key), problem, f"write the same {key} for both"))


def _missing(section: dict[str, Any]) -> list[tuple[str, str, str]]:
    is_serial = section.get("transport") == RTU and not _is_other(section)
    needed, remedy = (_SERIAL[:1], "add it, such as /dev/ttyUSB0") if is_serial else (_TCP, "add it")
    return [(key, "is missing", remedy) for key in needed if key not in section]


def _out_of_place(section: dict[str, Any]) -> list[tuple[str, str, str]]:
    keys: tuple[str, ...] = _SERIAL
    problem, remedy = "is for a serial line", 'remove it, or write transport = "rtu"'
    if _is_other(section):
        keys, problem, remedy = _MODBUS_ONLY, "is for Modbus only", "remove it"
    elif section.get("transport") == RTU:
        keys, problem, remedy = _TCP, "doesn't go with a serial line", 'remove it, or write transport = "tcp"'
    return [(key, problem, remedy) for key in keys if key in section]


def _unit(section: dict[str, Any]) -> list[tuple[str, str, str]]:
    unit = section.get("unit_id", 1)
    is_rtu = section.get("transport") in (RTU, RTU_OVER_TCP) and not _is_other(section)
    if not is_rtu or not isinstance(unit, int) or 1 <= unit <= _LAST_UNIT:
        return []
    return [("unit_id", f"can't be {unit} in RTU frames", f"use 1 to {_LAST_UNIT}")]


def _is_other(section: dict[str, Any]) -> bool:
    """Tell whether it speaks a protocol of ours that has no serial lines."""
    return section.get("protocol") in BUILT_IN and section.get("protocol") != "modbus"
