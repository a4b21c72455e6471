"""One life of an OPC UA connection: a client, its subscriptions, and the watchdog that finds it mute.

The library's own reconnection can end connected but silent, so it is never used: a session that has a problem is thrown
away, and a new one with a new client takes its place. Runs on the OPC UA thread.
"""

import asyncio
import contextlib
import logging
import socket
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UaClientState
from asyncua.ua.uaerrors import UaError

from drivers.base import Sink
from drivers.counters import Counters
from drivers.opcua.monitoring import Watched
from drivers.opcua.publishing import Publishing
from drivers.opcua.security import Security
from drivers.opcua.subscription import ScanSubscription
from drivers.opcua.tap import tap
from drivers.tcp_watch import drop_unsent, watch_over
from plant_models.clock import Clock
from plant_models.device import Device
from plant_models.message import message
from plant_models.tag import Tag

# The library logs each lost connection with a traceback; here it is a result, logged once per outage by the device.
logging.getLogger("asyncua").setLevel(logging.CRITICAL + 1)

_SESSION_TIMEOUT_MS: Final = 30_000
_GOODBYE_S: Final = 1.0
# The library's own probe would cost a read each time and call a mute server lost; ours is in `problem`.
_LIBRARY_WATCHDOG_S: Final = 86_400.0


class Session:
    """A client that lives until the first problem. `nodes` are the readable rows, `tags` all rows of the device."""

    def __init__(
        self,
        device: Device,
        nodes: Mapping[int, ua.NodeId],
        tags: Mapping[int, Tag],
        sink: Sink,
        clock: Clock,
        counters: Counters,
    ) -> None:
        host, port = device.endpoint.host, device.endpoint.port
        self.client = Client(
            f"opc.tcp://{host}:{port}{device.path}",
            timeout=device.timeout_s,
            watchdog_intervall=_LIBRARY_WATCHDOG_S,
        )
        self.client.name = self.client.description = "Clearwell"
        self.client.application_uri = self.client.product_uri = "urn:clearwell:client"
        self.client.session_timeout = _SESSION_TIMEOUT_MS
        tap(self.client, counters.on_frame)
        self._nodes = nodes
        self._publishing = Publishing(self.client)
        self._subscriptions = {
            scan: ScanSubscription({row: nodes[row] for row in rows}, tags, sink, clock, counters)
            for scan, rows in _rows_by_scan(nodes, tags).items()
        }

    async def open(self, scan_s: Mapping[str, float], security: Security) -> str:
        """Connect and subscribe.

        Returns:
            What is wrong with the first node that the server refused, or an empty text.

        Raises:
            SecurityError: it isn't the server that was meant, or it doesn't let us in.
            UaError, OSError, TimeoutError: the server isn't there, refuses, or doesn't answer.
        """
        await security.connect(self.client)
        watch_over(self._socket())
        self._publishing.hook()
        problems = [
            await subscription.create(self.client, scan_s[scan]) for scan, subscription in self._subscriptions.items()
        ]
        return next(filter(None, problems), "")

    def watched(self) -> list[Watched]:
        """Return what the server monitors, after `open`."""
        return [each for subscription in self._subscriptions.values() for each in subscription.watched]

    def problem(self) -> str:
        """Return why this session is of no more use, or an empty text."""
        if self.client.state is not UaClientState.CONNECTED:
            return message("The connection was lost")
        problems = (subscription.problem() for subscription in self._subscriptions.values())
        return self._publishing.problem or next(filter(None, problems), "")

    def abort(self) -> None:
        """Shut the socket down from outside, for a loop that is stuck; any thread."""
        with contextlib.suppress(OSError):
            if (link := self._socket()) is not None:
                drop_unsent(link)
                link.shutdown(socket.SHUT_RDWR)

    async def close(self) -> None:
        """Take leave if the server still listens, and close the socket in any case, within a second or so.

        What a broken or mute connection hasn't delivered is thrown away: a command may not arrive minutes later.
        """
        protocol, link = self.client.uaclient.protocol, self._socket()
        is_over = False
        try:
            if link is not None and self.problem():
                drop_unsent(link)
            with contextlib.suppress(TimeoutError, OSError, UaError):
                async with asyncio.timeout(_GOODBYE_S):
                    await self.client.disconnect()
                    is_over = True
        finally:  # also when the driver is stopped in the middle of taking leave
            if link is not None and not is_over:
                drop_unsent(link)
            self.client.disconnect_socket()
            # The library leaves the socket open where it already calls itself disconnected, or has unsent bytes.
            if protocol is not None and protocol.transport is not None:
                protocol.transport.abort()

    def _socket(self) -> Any:
        protocol = self.client.uaclient.protocol
        return protocol.transport.get_extra_info("socket") if protocol and protocol.transport else None


def _rows_by_scan(nodes: Mapping[int, ua.NodeId], tags: Mapping[int, Tag]) -> dict[str, list[int]]:
    by_scan: dict[str, list[int]] = defaultdict(list)
    for row in nodes:
        by_scan[tags[row].scan].append(row)
    return by_scan
