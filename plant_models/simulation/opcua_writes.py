"""The write service of a virtual PLC's OPC UA server. Loop thread only."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from asyncua import ua
from asyncua.crypto.permission_rules import User, UserRole
from asyncua.server.address_space import AttributeService
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes

from plant_models.simulation.address_map import MapEntry
from plant_models.simulation.opcua_values import judge

_ADMIN: Final = User(role=UserRole.Admin)
_Accept = Callable[[MapEntry, float], Awaitable[None]]


class JudgedWrites(AttributeService):
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
        code = judge(entry, data)
        if code == StatusCodes.Good and data.Value is not None:
            await self._accept(entry, float(data.Value.Value))
        return ua.StatusCode(ua.UInt32(code))
