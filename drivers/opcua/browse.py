"""What an OPC UA server offers: every variable below its Objects folder, with what a tag of it would be.

A question asked once, from a program without a running station: `browse_device` blocks, on a loop of its own. A window
asks level by level (`drivers.opcua.levels`).
Sources: OPC UA Part 4, 5.8 (Browse), Part 8, 5.6 (EURange, EngineeringUnits of analogue items).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaError

from drivers.address_space import BrowseError
from drivers.connect_problem import connect_problem
from drivers.counters import Counters
from drivers.opcua.security import Security
from drivers.opcua.security_error import SecurityError
from drivers.opcua.session import Session
from drivers.opcua.writer import link_words
from plant_models.clock import Clock
from plant_models.device import Device
from plant_models.message import message
from plant_models.tag import DataType

MOST_NODES: Final = 200_000
"""A server may build its nodes while it is asked; nobody needs more."""
_PER_CALL: Final = 500
_CURRENT_WRITE: Final = 0b10


def standard(number: int) -> ua.NodeId:
    """Return a NodeId of the standard's own namespace."""
    return ua.NodeId(ua.Int32(number))


SERVER: Final = standard(ObjectIds.Server)
OBJECTS: Final = standard(ObjectIds.ObjectsFolder)
_TYPES: Final = {
    ObjectIds.Boolean: DataType.BOOL,
    ObjectIds.SByte: DataType.I16,
    ObjectIds.Byte: DataType.U16,
    ObjectIds.Int16: DataType.I16,
    ObjectIds.UInt16: DataType.U16,
    ObjectIds.Int32: DataType.I32,
    ObjectIds.UInt32: DataType.U32,
    ObjectIds.Int64: DataType.I64,
    ObjectIds.UInt64: DataType.U64,
    ObjectIds.Float: DataType.F32,
    ObjectIds.Double: DataType.F64,
    ObjectIds.String: DataType.TEXT,
    ObjectIds.LocalizedText: DataType.TEXT,
}


Item = TypeVar("Item")


@dataclass(slots=True)
class FoundVariable:
    """A variable: browse names from the Objects folder down, its NodeId, and what its server says of it.

    `problem` says why no tag can be made of it, "" if one can. `unit`, `low` and `high` are as the server has them.
    """

    path: tuple[str, ...]
    node: str
    type: DataType | None = None
    is_writable: bool = False
    description: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None
    problem: str = ""


@dataclass(slots=True)
class Walk:
    """Where browsing stands: what was seen, the variables so far with their ids, and their properties."""

    seen: set[ua.NodeId] = field(default_factory=lambda: {OBJECTS, SERVER})
    variables: dict[ua.NodeId, FoundVariable] = field(default_factory=dict)
    properties: dict[ua.NodeId, dict[str, ua.NodeId]] = field(default_factory=dict)


def browse_device(device: Device, clock: Clock, folder: Path | None = None) -> list[FoundVariable]:
    """Return every variable of a server, in order of its folders.

    `folder` is the station's data folder, with certificates and passwords.

    Raises:
        BrowseError: it can't be reached, refuses, or doesn't answer.
    """
    return asyncio.run(_browse_device(device, clock, folder))


async def _browse_device(device: Device, clock: Clock, folder: Path | None) -> list[FoundVariable]:
    session, security = browsing_session(device, clock, folder)
    try:
        with in_words(device):
            await session.open({}, security)
            return await browse(session.client.uaclient.session)
    finally:
        await session.close()


def browsing_session(device: Device, clock: Clock, folder: Path | None) -> tuple[Session, Security]:
    """Return a session that only looks round, not opened, and what makes it safe; its counts are nobody's."""
    counters = Counters(device.name, clock)
    return Session(device, {}, {}, _Nowhere(), clock, counters), Security(device, folder, clock, counters)


@contextmanager
def in_words(device: Device) -> Iterator[None]:
    """Say for people why a server could not be asked.

    Raises:
        BrowseError: what was raised inside, in words.
    """
    endpoint = device.endpoint
    try:
        yield
    except OSError as error:
        raise BrowseError(connect_problem(error, f"{endpoint.host}:{endpoint.port}")) from error
    except SecurityError as error:
        raise BrowseError(error.words) from error
    except UaError as error:
        raise BrowseError(link_words(error)) from error


async def browse(session: Any) -> list[FoundVariable]:
    """Return every variable below the Objects folder, the server's own (Server) left out.

    Raises:
        UaError, OSError, TimeoutError: the server refuses or doesn't answer.
    """
    walk = Walk()
    level: list[tuple[ua.NodeId, tuple[str, ...]]] = [(OBJECTS, ())]
    while level:
        below: list[tuple[ua.NodeId, tuple[str, ...]]] = []
        for part in parts(level):
            async for (parent, path), reference in references(session, part):
                _note(walk, parent, path, reference, below)
        level = below if len(walk.seen) < MOST_NODES else []
    await read_attributes(session, walk)
    await read_properties(session, walk)
    return list(walk.variables.values())


def _note(walk: Walk, parent: ua.NodeId, path: tuple[str, ...], reference: Any, below: list[Any]) -> None:
    node, name = reference.NodeId, reference.BrowseName.Name or ""
    if reference.ReferenceTypeId == standard(ObjectIds.HasProperty):
        walk.properties.setdefault(parent, {})[name] = node
        return
    if node in walk.seen:
        return
    walk.seen.add(node)
    here = (*path, name)
    below.append((node, here))
    if reference.NodeClass == ua.NodeClass.Variable:
        walk.variables[node] = FoundVariable(here, node.to_string())


async def references(session: Any, nodes: Sequence[tuple[ua.NodeId, tuple[str, ...]]]) -> AsyncIterator[Any]:
    """Give ((node, path), reference) for everything below some nodes, however many answers that takes."""
    wanted = [
        ua.BrowseDescription(
            NodeId=node,
            BrowseDirection=ua.BrowseDirection.Forward,
            ReferenceTypeId=standard(ObjectIds.HierarchicalReferences),
            IncludeSubtypes=True,
            NodeClassMask=ua.NodeClass.Object | ua.NodeClass.Variable,
            ResultMask=ua.BrowseResultMask.All,
        )
        for node, _ in nodes
    ]
    asked = list(nodes)
    results = await session.browse(ua.BrowseParameters(NodesToBrowse=wanted))
    while results:
        more: list[tuple[Any, Any]] = []
        for origin, result in zip(asked, results, strict=True):
            for reference in result.References or ():
                yield origin, reference
            if result.ContinuationPoint:
                more.append((origin, result.ContinuationPoint))
        asked = [origin for origin, _ in more]
        points = [point for _, point in more]
        next_ones = ua.BrowseNextParameters(ReleaseContinuationPoints=False, ContinuationPoints=points)
        results = await session.browse_next(next_ones) if points else []


async def read_attributes(session: Any, walk: Walk) -> None:
    nodes = list(walk.variables)
    types = await read(session, nodes, AttributeIds.DataType)
    ranks = await read(session, nodes, AttributeIds.ValueRank)
    levels = await read(session, nodes, AttributeIds.UserAccessLevel)
    descriptions = await read(session, nodes, AttributeIds.Description)
    for node, kind, rank, level, description in zip(nodes, types, ranks, levels, descriptions, strict=True):
        found = walk.variables[node]
        found.is_writable = bool((level or 0) & _CURRENT_WRITE)
        found.description = " ".join((getattr(description, "Text", None) or "").split())
        found.type = _TYPES.get(kind.Identifier) if _is_standard(kind) else None
        if rank is not None and rank >= 0:
            found.problem = message("It is an array")
        elif found.type is None:
            found.problem = message("Its type can't be shown")


async def read_properties(session: Any, walk: Walk) -> None:
    for name, take in (("EURange", _take_range), ("EngineeringUnits", _take_unit)):
        owners = [node for node in walk.variables if name in walk.properties.get(node, {})]
        properties = [walk.properties[node][name] for node in owners]
        for node, content in zip(owners, await read(session, properties, AttributeIds.Value), strict=True):
            take(walk.variables[node], content)


def _take_range(found: FoundVariable, content: Any) -> None:
    if isinstance(content, ua.Range) and content.Low < content.High:
        found.low, found.high = float(content.Low), float(content.High)


def _take_unit(found: FoundVariable, content: Any) -> None:
    if isinstance(content, ua.EUInformation):
        found.unit = (content.DisplayName.Text or "").strip()


async def read(session: Any, nodes: Sequence[ua.NodeId], attribute: AttributeIds) -> list[Any]:
    """Return an attribute of each node, None where the server doesn't give it."""
    values: list[Any] = []
    for part in parts(nodes):
        answer = await session.read_attributes(part, attribute)
        values += [None if value.Value is None else value.Value.Value for value in answer]
    return values


def parts(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Cut a list into parts that a server takes in one call."""
    waiting = iter(items)
    while part := list(islice(waiting, _PER_CALL)):
        yield part


def _is_standard(kind: Any) -> bool:
    return isinstance(kind, ua.NodeId) and kind.NamespaceIndex == 0


class _Nowhere:
    """Fulfils `drivers.base.Sink`: a session without subscriptions has nothing to offer."""

    def offer(self, batch: object) -> bool:
        del batch
        return False
