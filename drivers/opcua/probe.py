"""What a server says about itself: what it is, and what its clock shows, asked every few seconds.

Publishes come when the server likes; only a request of ours has a round trip, and a middle at which the server's time
can be compared with the station's. Runs on the OPC UA thread, beside the watchdog: it judges nothing.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any, Final

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaError

from drivers.counters import Counters
from plant_models.clock import Clock

_PERIOD_S: Final = 5.0
_CLOCK: Final = ua.NodeId(ua.Int32(ObjectIds.Server_ServerStatus_CurrentTime))
_NAMES: Final = tuple(
    ua.NodeId(ua.Int32(each))
    for each in (
        ObjectIds.Server_ServerStatus_BuildInfo_ManufacturerName,
        ObjectIds.Server_ServerStatus_BuildInfo_ProductName,
        ObjectIds.Server_ServerStatus_BuildInfo_SoftwareVersion,
    )
)
_LONGEST: Final = 120


class ServerProbe:
    """Asks one server over one client until cancelled; a question that isn't answered is counted, and asked again."""

    def __init__(self, client: Client, clock: Clock, counters: Counters) -> None:
        self._client = client
        self._clock = clock
        self._counters = counters

    async def run(self) -> None:
        names = await self._read(*_NAMES)
        self._counters.identification = _joined([each for each in names if isinstance(each, str)])
        while True:
            before_us = self._clock.wall_us()
            (shown,) = await self._read(_CLOCK) or (None,)
            if isinstance(shown, datetime):
                device_us = round(shown.replace(tzinfo=shown.tzinfo or UTC).timestamp() * 1e6)
                self._counters.saw_clock(device_us, (before_us + self._clock.wall_us()) // 2)
            await asyncio.sleep(_PERIOD_S)

    async def _read(self, *nodes: ua.NodeId) -> list[Any]:
        """Return the values of nodes, none of them if there is no answer."""
        start_ns = self._clock.mono_ns()
        try:
            found = await self._client.uaclient.session.read_attributes(list(nodes), AttributeIds.Value)
        except TimeoutError:
            self._counters.timed_out()
            return []
        except (OSError, UaError) as error:
            self._counters.lost(str(error))
            return []
        self._counters.replied((self._clock.mono_ns() - start_ns) / 1e6)
        return [value.Value.Value if value.Value is not None else None for value in found]


def _joined(names: list[str]) -> str:
    """Return what a server is called, each word once: some repeat their maker in the name of the product."""
    words = dict.fromkeys(word for name in names for word in name.split())
    return " ".join(words)[:_LONGEST]
