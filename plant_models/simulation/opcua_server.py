"""A virtual PLC with an OPC UA server. Loop thread only.

asyncua listens on a port of its own; clients reach it through a Front that passes bytes on, and can therefore be
frozen, slowed or killed like any other PLC. Source time stamps are wall time. Writes are judged as OPC UA Part 4,
5.11.4 has it: Bad_NotWritable, Bad_TypeMismatch, Bad_OutOfRange for NaN and infinities.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

from asyncua import ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.address_space import AttributeService
from asyncua.server.server import Server
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from plant_models.clock import Clock
from plant_models.simulation.address_map import MapEntry
from plant_models.simulation.front import HOST, Front
from plant_models.simulation.plc import Plc

_TYPES: Final = {
    "bool": ua.VariantType.Boolean,
    "u16": ua.VariantType.UInt16,
    "i16": ua.VariantType.Int16,
    "u32": ua.VariantType.UInt32,
    "i32": ua.VariantType.Int32,
    "u64": ua.VariantType.UInt64,
    "i64": ua.VariantType.Int64,
    "f32": ua.VariantType.Float,
    "f64": ua.VariantType.Double,
    "text": ua.VariantType.String,
}
_LIMITS: Final = {
    **{f"u{bits}": (0, (1 << bits) - 1) for bits in (16, 32, 64)},
    **{f"i{bits}": (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) for bits in (16, 32, 64)},
}
_NAMESPACE: Final = "urn:clearwell:virtual-plc"
_CHUNK: Final = 65536
_CYCLE_NS: Final = 400_000_000
_CURRENT_TIME: Final = ua.NodeId(ua.Int32(2258))  # Server_ServerStatus_CurrentTime, OPC UA Part 6 annex A
_ADMIN: Final = User(role=UserRole.Admin)
_Accept = Callable[[MapEntry, float], Awaitable[None]]


class _JudgedWrites(AttributeService):
    """The write service: values of our nodes go to `accept` once they are judged; everything else as asyncua has it."""

    def __init__(self, address_space: Any, entries: Mapping[ua.NodeId, MapEntry], accept: _Accept) -> None:
        super().__init__(address_space)
        self._entries, self._accept = entries, accept

    async def write(self, params: ua.WriteParameters, user: Any = _ADMIN) -> list[ua.StatusCode]:
        """Return one status per written node."""
        results: list[ua.StatusCode] = []
        for wanted in params.NodesToWrite:
            entry = self._entries.get(wanted.NodeId)
            if wanted.NodeId not in self._aspace.keys():  # noqa: SIM118 it is no mapping
                results.append(ua.StatusCode(ua.UInt32(StatusCodes.BadNodeIdUnknown)))
            elif entry is None or wanted.AttributeId != AttributeIds.Value:
                results += await super().write(ua.WriteParameters(NodesToWrite=[wanted]), user)
            else:
                results.append(await self._write_ours(entry, wanted.Value))
        return results

    async def _write_ours(self, entry: MapEntry, data: ua.DataValue) -> ua.StatusCode:
        code = _judge(entry, data)
        if code == StatusCodes.Good and data.Value is not None:
            await self._accept(entry, float(data.Value.Value))
        return ua.StatusCode(ua.UInt32(code))


def _judge(entry: MapEntry, data: ua.DataValue) -> int:
    """Return the status code of a write to a node of ours."""
    if not entry.is_writable:
        return StatusCodes.BadNotWritable
    if data.Value is None or data.Value.VariantType != _TYPES[entry.type] or data.Value.is_array:
        return StatusCodes.BadTypeMismatch
    if not math.isfinite(data.Value.Value):
        return StatusCodes.BadOutOfRange
    return StatusCodes.Good


def _native(entry: MapEntry, value: float | str) -> bool | int | float | str:
    """Return a value as the node's type has it; integers saturate at the type's ends."""
    if isinstance(value, str) or entry.type in ("f32", "f64"):
        return value
    if math.isnan(value):
        return 0 if entry.type != "bool" else False
    if entry.type == "bool":
        return value != 0
    return int(min(max(round(value), _LIMITS[entry.type][0]), _LIMITS[entry.type][1]))


def _is_absent(entry: MapEntry, value: float | str) -> bool:
    """Tell whether an integer or bool has no value to show; floats carry NaN as it is, as careless servers do."""
    return not isinstance(value, str) and entry.type not in ("f32", "f64") and math.isnan(value)


def _both_nan(a: float | str | None, b: float | str) -> bool:
    return isinstance(a, float) and isinstance(b, float) and math.isnan(a) and math.isnan(b)


class OpcUaServer:
    """Serves the entries of one map as variables of namespace 2; anonymous, without encryption, on loopback only."""

    def __init__(self, plc: Plc, entries: Sequence[MapEntry], clock: Clock) -> None:
        self._plc, self._clock = plc, clock
        self._entries = {ua.NodeId.from_string(entry.address): entry for entry in entries}
        self._shown: dict[ua.NodeId, float | str] = {}
        self._server: Server | None = None
        self._upstream_port = 0
        self._refreshed_ns: int | None = None
        self.front = Front(plc.name, self._relay, plc.config.port)

    async def start(self) -> None:
        """Open the server behind, then the front."""
        server = Server()
        await server.init()
        server.iserver.attribute_service = _JudgedWrites(server.iserver.aspace, self._entries, self._accept)
        server.set_endpoint(f"opc.tcp://{HOST}:0/")
        server.socket_address = (HOST, 0)
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        server.set_identity_tokens([ua.AnonymousIdentityToken])
        server.disable_clock()  # its task ends only after a second; the callback is always exact
        server.set_attribute_value_callback(_CURRENT_TIME, self._current_time)
        index = await server.register_namespace(_NAMESPACE)
        assert index == 2, "maps name their nodes in namespace 2"
        folder = await server.nodes.objects.add_object(index, self._plc.name)
        for node_id, entry in self._entries.items():
            variable = await folder.add_variable(node_id, entry.variable, self._variant(entry, self._value(entry)))
            if entry.is_writable:
                await variable.set_writable()
        await server.start()
        assert server.bserver is not None
        self._server, self._upstream_port = server, server.bserver.port
        await self.show()
        await self.front.open()

    async def stop(self) -> None:
        """Close both; also after a start that failed."""
        await self.front.close()
        server, self._server = self._server, None
        if server is not None:
            await server.stop()

    async def refresh(self) -> None:
        """Bring the nodes up to date with the PLC, at most every 0.4 s: the cycle of its communication task."""
        now_ns = self._clock.mono_ns()
        if self._refreshed_ns is None or now_ns - self._refreshed_ns >= _CYCLE_NS:
            self._refreshed_ns = now_ns
            await self.show()

    async def show(self) -> None:
        """Write every value that changed, now."""
        if self._server is None:
            return
        for node_id, entry in self._entries.items():
            value = self._value(entry)
            if self._shown.get(node_id) != value and not _both_nan(self._shown.get(node_id), value):
                self._shown[node_id] = value
                await self._server.write_attribute_value(node_id, self._data_value(entry, value))

    async def _accept(self, entry: MapEntry, value: float) -> None:
        """Hand a client's value to the PLC and show at once what it made of it."""
        self._plc.write(entry.variable, value / entry.scale)
        await self.show()

    def _value(self, entry: MapEntry) -> float | str:
        return self._plc.message() if entry.type == "text" else self._plc.read(entry.variable) * entry.scale

    def _data_value(self, entry: MapEntry, value: float | str) -> ua.DataValue:
        now = self._now()
        if _is_absent(entry, value):
            status = ua.StatusCode(ua.UInt32(StatusCodes.BadSensorFailure))
            return ua.DataValue(StatusCode=status, SourceTimestamp=now, ServerTimestamp=now)
        return ua.DataValue(self._variant(entry, value), SourceTimestamp=now, ServerTimestamp=now)

    def _variant(self, entry: MapEntry, value: float | str) -> ua.Variant:
        return ua.Variant(_native(entry, value), _TYPES[entry.type])

    def _current_time(self, node_id: ua.NodeId, attribute: AttributeIds) -> ua.DataValue:  # noqa: ARG002
        return ua.DataValue(ua.Variant(self._now(), ua.VariantType.DateTime))

    def _now(self) -> ua.DateTime:
        return ua.DateTime.fromtimestamp(self._clock.wall_us() / 1e6, UTC)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes between a client and the server behind, as long as both are there."""
        upstream_reader, upstream_writer = await asyncio.open_connection(HOST, self._upstream_port)
        pumps = {
            asyncio.create_task(self._pump(reader, upstream_writer, delayed=False)),
            asyncio.create_task(self._pump(upstream_reader, writer, delayed=True)),
        }
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            upstream_writer.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, delayed: bool) -> None:
        while chunk := await source.read(_CHUNK):
            await self.front.hold(delayed)
            if source.at_eof():
                return
            sink.write(chunk)
            await sink.drain()
