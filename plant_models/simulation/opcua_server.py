"""A virtual PLC with an OPC UA server. Loop thread only.

asyncua listens on a port of its own; clients reach it through a Front that passes bytes on, and can therefore be
frozen, slowed or killed like any other PLC. Source time stamps are wall time.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from typing import Final

from asyncua import ua
from asyncua.server.server import Server
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from plant_models.clock import Clock
from plant_models.simulation.address_map import MapEntry
from plant_models.simulation.front import HOST, Front
from plant_models.simulation.opcua_values import Value, is_absent, is_same, variant
from plant_models.simulation.opcua_writes import JudgedWrites
from plant_models.simulation.plc import Plc

_NAMESPACE: Final = "urn:clearwell:virtual-plc"
_CHUNK: Final = 65536
_CYCLE_NS: Final = 400_000_000
_CURRENT_TIME: Final = ua.NodeId(ua.Int32(2258))  # Server_ServerStatus_CurrentTime, OPC UA Part 6 annex A


class OpcUaServer:
    """Serves the entries of one map as variables of namespace 2; anonymous, without encryption, on loopback only."""

    def __init__(self, plc: Plc, entries: Sequence[MapEntry], clock: Clock) -> None:
        self._plc, self._clock = plc, clock
        self._entries = {ua.NodeId.from_string(entry.address): entry for entry in entries}
        self._shown: dict[ua.NodeId, Value] = {}
        self._server: Server | None = None
        self._upstream_port = 0
        self._refreshed_ns: int | None = None
        self.front = Front(plc.name, self._relay, plc.config.port)

    async def start(self) -> None:
        """Open the server behind, then the front."""
        server = Server()
        await server.init()
        server.iserver.attribute_service = JudgedWrites(server.iserver.aspace, self._entries, self._accept)
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
            node = await folder.add_variable(node_id, entry.variable, variant(entry, self._value(entry)))
            if entry.is_writable:
                await node.set_writable()
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
            if not is_same(self._shown.get(node_id), value):
                self._shown[node_id] = value
                await self._server.write_attribute_value(node_id, self._data_value(entry, value))

    async def _accept(self, entry: MapEntry, value: float) -> None:
        """Hand a client's value to the PLC and show at once what it made of it."""
        self._plc.write(entry.variable, value / entry.scale)
        await self.show()

    def _value(self, entry: MapEntry) -> Value:
        return self._plc.message() if entry.type == "text" else self._plc.read(entry.variable) * entry.scale

    def _data_value(self, entry: MapEntry, value: Value) -> ua.DataValue:
        now = self._now()
        if is_absent(entry, value):
            status = ua.StatusCode(ua.UInt32(StatusCodes.BadSensorFailure))
            return ua.DataValue(StatusCode=status, SourceTimestamp=now, ServerTimestamp=now)
        return ua.DataValue(variant(entry, value), SourceTimestamp=now, ServerTimestamp=now)

    def _current_time(self, node_id: ua.NodeId, attribute: AttributeIds) -> ua.DataValue:  # noqa: ARG002
        return ua.DataValue(ua.Variant(self._now(), ua.VariantType.DateTime))

    def _now(self) -> ua.DateTime:
        return ua.DateTime.fromtimestamp(self._clock.wall_us() / 1e6, UTC)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes between a client and the server behind, as long as both are there."""
        await self.front.hold(delayed=False)  # the server behind hangs up on those who say nothing
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
