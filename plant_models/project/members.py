"""What a member of an equipment type says about the tag of one instance. Pure functions, any thread."""

import re
from typing import Any, Final

from plant_models.equipment import Equipment, Member
from plant_models.project.units import conversion
from plant_models.protocols import BUILT_IN

_MODBUS_BASE: Final = re.compile(r"(hr|ir|co|di):(\d+)")
_NODE_BASE: Final = re.compile(r"(?:ns=\d+;)?s=.+")
_MQTT_BASE: Final = re.compile(r"[^#+>]+#(?:/[^>]+)?")
_BASES: Final = {"modbus": _MODBUS_BASE, "mqtt": _MQTT_BASE}
_LEVELS: Final = ("low", "high", "write_low", "write_high")
_BANDS: Final = ("deadband", "deviation")


def member_fields(equipment: Equipment, member: Member) -> dict[str, Any]:
    """Return the fields of the Tag that `member` is in `equipment`; the address is empty if it has none."""
    address = "" if member.expression or not equipment.device else _address(equipment.address, member)
    return {
        "name": equipment.tag_name(member.name),
        "description": f"{equipment.description or equipment.name}: {member.title}",
        "type": member.type,
        "unit": member.unit,
        "low": member.low,
        "high": member.high,
        "decimals": member.decimals,
        "device": equipment.device if address else "",
        "address": address,
        "scan": member.scan,
        "writable": member.writable,
        "write_low": member.write_low,
        "write_high": member.write_high,
        "deadband": member.deadband,
        "deviation": member.deviation,
        "modulus": member.modulus,
        "states": member.states,
        "pulse": member.pulse,
        "expression": equipment.expand(member.expression),
        "area": equipment.area,
        "equipment": equipment.name,
        "member": member.name,
    }


def is_base(address: str, protocol: str) -> bool:
    """Tell whether the members of equipment on a device of `protocol` can lie at `address`."""
    if protocol not in BUILT_IN:
        return True
    return _BASES.get(protocol, _NODE_BASE).fullmatch(address) is not None


def in_unit(fields: dict[str, Any], old: str, new: str) -> dict[str, Any] | None:
    """Return the fields with range and bands turned from unit `old` into `new`; None if they don't convert."""
    turn = conversion(old, new)
    if turn is None:
        return None
    turned = {key: None if fields[key] is None else fields[key] * turn.factor + turn.shift for key in _LEVELS}
    bands = {key: fields[key] * abs(turn.factor) for key in _BANDS}
    return fields | turned | bands | {"unit": new}


def _address(base: str, member: Member) -> str:
    if not base:
        return ""
    modbus = _MODBUS_BASE.fullmatch(base)
    if not modbus:
        is_node = _NODE_BASE.fullmatch(base) or not _MQTT_BASE.fullmatch(base)
        return f"{base}.{member.name}" if is_node else f"{base}/{member.name}"
    if member.offset is None:
        return ""
    bit = "" if member.bit is None else f".{member.bit}"
    return f"{modbus[1]}:{int(modbus[2]) + member.offset}{bit}"
