"""What lies directly below nodes of a server, for somebody who opens one folder after the other. On a loop of its own.

Sources: OPC UA Part 4, 5.8 (Browse), Part 8, 5.6 (EURange, EngineeringUnits of analogue items).
"""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaError

from drivers.address_space import ROOT, BrowseError, SpaceLevel, SpaceNode
from drivers.opcua.browse import (
    OBJECTS,
    SERVER,
    FoundVariable,
    Walk,
    parts,
    read,
    read_attributes,
    read_properties,
    references,
    standard,
)
from plant_models.message import message

MOST: Final = 10_000
"""Of one folder; nobody reads more."""
_LONGEST: Final = 80
_Below = dict[ua.NodeId, dict[ua.NodeId, Any]]


async def read_levels(service: Any, addresses: Sequence[str]) -> list[SpaceLevel]:
    """Return what lies below each of some nodes (NodeIds as text, ROOT for the Objects folder), in their order.

    Raises:
        BrowseError: an address is none.
        UaError, OSError, TimeoutError: the server refuses or doesn't answer.
    """
    parents = [_node_of(address) for address in addresses]
    below: _Below = {parent: {} for parent in parents}
    for part in parts([(parent, ()) for parent in below]):
        async for (parent, _), reference in references(service, part):
            is_property = reference.ReferenceTypeId == standard(ObjectIds.HasProperty)
            if not is_property and reference.NodeId != SERVER and len(below[parent]) <= MOST:
                below[parent].setdefault(reference.NodeId, reference)
    told = {parent: list(found.values())[:MOST] for parent, found in below.items()}
    variables = await _variables(service, [each for found in told.values() for each in found])
    return [
        SpaceLevel(tuple(_space_node(each, variables) for each in told[parent]), len(below[parent]) > MOST)
        for parent in parents
    ]


async def _variables(service: Any, found: Sequence[Any]) -> dict[ua.NodeId, tuple[FoundVariable, str, bool]]:
    """Return what the server says of the variables among what was found: itself, its value, whether more lies below."""
    walk, is_open = Walk(), set[ua.NodeId]()
    for each in found:
        if each.NodeClass == ua.NodeClass.Variable:
            walk.variables[each.NodeId] = FoundVariable((_name_of(each),), each.NodeId.to_string())
    for part in parts([(node, ()) for node in walk.variables]):
        async for (parent, _), reference in references(service, part):
            if reference.ReferenceTypeId == standard(ObjectIds.HasProperty):
                walk.properties.setdefault(parent, {})[reference.BrowseName.Name or ""] = reference.NodeId
            else:
                is_open.add(parent)
    await read_attributes(service, walk)
    await read_properties(service, walk)
    plain = [node for node, variable in walk.variables.items() if not variable.problem]
    values = dict(zip(plain, await read(service, plain, AttributeIds.Value), strict=True))
    return {
        node: (variable, value_words(values.get(node)), node in is_open) for node, variable in walk.variables.items()
    }


def value_words(content: Any) -> str:
    """Return a value in as few characters as say it, "" for none."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return "1" if content else "0"
    if isinstance(content, float):
        return f"{content:.7g}" if math.isfinite(content) else ""
    if isinstance(content, ua.LocalizedText):
        content = content.Text or ""
    if isinstance(content, datetime):
        content = content.isoformat(" ", "seconds")
    text = " ".join(str(content).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _space_node(reference: Any, variables: dict[ua.NodeId, tuple[FoundVariable, str, bool]]) -> SpaceNode:
    address, name = reference.NodeId.to_string(), _name_of(reference)
    known = variables.get(reference.NodeId)
    if known is None:
        return SpaceNode(address=address, name=name)
    variable, value, is_open = known
    return SpaceNode(
        address=address,
        name=name,
        is_variable=True,
        is_open=is_open,
        type=variable.type,
        value=value,
        description=variable.description,
        unit=variable.unit,
        low=variable.low,
        high=variable.high,
        problem=variable.problem,
    )


def _name_of(reference: Any) -> str:
    return reference.BrowseName.Name or ""


def _node_of(address: str) -> ua.NodeId:
    try:
        return OBJECTS if address == ROOT else ua.NodeId.from_string(address)
    except (ValueError, UaError) as error:
        raise BrowseError(message("{address!r} is not a NodeId", address=address[:_LONGEST])) from error
