"""Whether each address can be read, and no two tags of a device lie on each other. Any thread."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from plant_models.address import ModbusAddress, check_node_id, parse_modbus
from plant_models.device import Device
from plant_models.message import message
from plant_models.mqtt_address import parse_mqtt
from plant_models.project.finding import Finding
from plant_models.project.frame import DeviceList
from plant_models.project.modbus_checks import modbus_mistakes
from plant_models.project.tag_rows import TagList
from plant_models.protocols import BUILT_IN
from plant_models.tag import BCD, Tag

_MODBUS: Final = re.compile("(?:hr|ir|co|di):")
_NUMBER: Final = -1
"""Stands for "no bit" where spans are sorted, so that numbers come before the bits of the same register."""


class _Span(NamedTuple):
    device: str
    table: str
    offset: int
    bit: int
    length: int
    position: int


def check_addresses(tags: TagList, devices: DeviceList, findings: list[Finding]) -> None:
    """Add a finding for each address that can't be read and each overlap; `position`s are those of the tag list.

    Where the device itself has a mistake, its protocol shows in the address, and only overlaps are told.
    """
    spans: list[_Span] = []
    nodes: dict[tuple[str, str], int] = {}
    for position, tag in enumerate(tags.tags):
        if not tag.device or not tag.address or tags.is_bad(position):
            continue
        device = devices.by_name.get(tag.device)
        protocol = device.protocol if device else "modbus" if _MODBUS.match(tag.address) else "opcua"
        if protocol not in BUILT_IN:  # what an address may be there, only the driver knows
            continue
        try:
            if protocol == "modbus":
                address = parse_modbus(tag.address, tag.type)
                spans.append(_span(tag.device, address, position))
                for column, problem, remedy in modbus_mistakes(tag, address, device) if device else ():
                    findings.append(tags.finding(position, column, f"{tag.name}: {problem}", remedy))
                continue
            node = _unique_address(tag, device)
        except ValueError as error:
            if device is None:
                continue
            problem, _, remedy = str(error).partition("; ")
            findings.append(tags.finding(position, "address", f"{tag.name}: {problem}", remedy or "correct it"))
            continue
        other = nodes.setdefault((tag.device, node), position)
        if other != position:
            findings.append(_overlap(tags, other, position))
    findings.extend(_overlap(tags, *sorted(pair)) for pair in _overlaps(sorted(spans)))


def _unique_address(tag: Tag, device: Device | None) -> str:
    """Return the part of an address that no other tag of the device may have.

    Raises:
        ValueError: it isn't one.
    """
    if tag.type in BCD:
        raise ValueError(f"a {tag.type} lies in Modbus registers; use the type of the node")
    if device is None or device.protocol != "mqtt":
        return check_node_id(tag.address)
    address = parse_mqtt(tag.address)
    if tag.writable and device.mqtt is not None and device.mqtt.command_place(address) is None:
        raise ValueError(
            message(
                "it is writable, but nothing says where commands go; write {address} > TOPIC#/POINTER, or give the "
                "device a write_topic",
                address=tag.address,
            )
        )
    return repr(address.read)


def _span(device: str, address: ModbusAddress, position: int) -> _Span:
    bit = _NUMBER if address.bit is None else address.bit
    return _Span(device, address.table, address.offset, bit, address.count, position)


def _overlaps(spans: Iterable[_Span]) -> Iterable[tuple[int, int]]:
    """Yield the positions of two tags that share registers; bits of one register share it rightly."""
    widest: _Span | None = None
    last: _Span | None = None
    for span in spans:
        if widest and (widest.device, widest.table) != (span.device, span.table):
            widest = last = None
        if widest and span.offset < widest.offset + widest.length:
            yield widest.position, span.position
        elif last and last[:4] == span[:4]:
            yield last.position, span.position
        if span.bit == _NUMBER and (widest is None or span.offset + span.length > widest.offset + widest.length):
            widest = span
        last = span


def _overlap(tags: TagList, first: int, second: int) -> Finding:
    one, other = tags.tags[first], tags.tags[second]
    problem = f"{other.name} at {other.address} overlaps {one.name} at {one.address} ({one.type})"
    return tags.finding(second, "address", problem, "give each tag an address of its own")
