"""Filling the gaps that outages left in history with what the server remembers, beside live values that go on.

A gap is read page by page with pauses, so that neither the server nor our loop is kept from live values, and handed to
the historian alone. What was handed on isn't asked for again after the next loss of the link; what it broke off is. A
server without history refuses once, and is asked again only after it was restarted. Runs on the OPC UA thread.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.uaerrors import UaError

from drivers.base import PastSink
from drivers.connection import DriverContext
from drivers.opcua.decoding import past_of
from drivers.opcua.monitoring import Item, in_calls
from drivers.opcua.raw_history import NoHistoryError, Page, RawHistory, Want
from drivers.outages import Gap
from plant_models.device import Device
from plant_models.recovered import Recovered
from plant_models.source_time import TRUST_US
from plant_models.tag import Tag

_DAY_US: Final = 86_400_000_000
_SETTLE_S: Final = 0.5
"""Live values come first."""
_PAUSE_S: Final = 0.05
_SHARE: Final = 2.0
"""A pause is at least so many times as long as the answer before it took: a slow server is asked less often."""
_NO_ROOM_S: Final = 0.5
_AGAIN_S: Final = 30.0
_ATTEMPTS: Final = 5
_HISTORY_READ: Final = 0x04
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_START = ua.NodeId(ua.Int32(ObjectIds.Server_ServerStatus_StartTime))
_CLOCK = ua.NodeId(ua.Int32(ObjectIds.Server_ServerStatus_CurrentTime))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Server:
    """Since when a server has been running, and how far its clock is off ours (µs); None if it doesn't say."""

    start_us: int | None
    off_us: int | None


class Backfill:
    """Fills the gaps of one device; `nodes` by row."""

    def __init__(
        self, device: Device, nodes: Mapping[int, ua.NodeId], tags: Mapping[int, Tag], context: DriverContext
    ) -> None:
        self._device = device.name
        self._nodes, self._tags = nodes, tags
        self._clock = context.clock
        self._past = context.past
        self._outages = context.outages.of(device.name)
        self._refused_by: _Server | None = None
        self.longest_us = round(device.fill_days * _DAY_US)

    async def run(self, client: Client) -> None:
        """Fill all gaps over one connection; ends when there is none left, or nothing to fill them with."""
        if self._past is None or self._outages.newest is None:
            return
        await asyncio.sleep(_SETTLE_S)
        for _ in range(_ATTEMPTS):
            try:
                await self._fill_all(client.uaclient.session, self._past)
            except NoHistoryError:
                _log.info("%s: gives no history; its outages stay gaps", self._device)
            except (UaError, OSError, TimeoutError) as error:
                _log.info("%s: what it remembers can't be read now: %s", self._device, error)
                await asyncio.sleep(_AGAIN_S)
                continue
            except Exception:  # noqa: BLE001 - the border: logged with its traceback, shown as a gap
                _log.exception("%s: a gap can't be filled", self._device)
            self._outages.give_up()
            return

    async def _fill_all(self, session: Any, past: PastSink) -> None:
        server = await self._about(session)
        if self._refused_by is not None and self._refused_by.start_us == server.start_us:
            return
        if server.off_us is None or abs(server.off_us) > TRUST_US:
            _log.warning("%s: its clock is wrong, or isn't told; its history isn't used", self._device)
            return
        items = await self._with_history(session)
        try:
            while (gap := self._outages.newest) is not None:
                _leave_only(gap, items)
                await self._fill(session, gap, server, past)
        except NoHistoryError:
            self._refused_by = server
            raise

    async def _fill(self, session: Any, gap: Gap, server: _Server, past: PastSink) -> None:
        """Read a gap to its end, and hand on page by page."""
        items = {row: Item(row, 0, self._nodes[row]) for row in gap.left}
        wants = [Want(items[row], from_us) for row, from_us in sorted(gap.left.items(), key=lambda each: each[1])]
        history = RawHistory(session, wants, gap.until_us)
        started_ns = self._clock.mono_ns()
        while (page := await history.next_page()) is not None:
            took_s = (self._clock.mono_ns() - started_ns) / 1e9
            await self._hand_on(page, gap, server, past)
            for row in page.rows:
                gap.left.pop(row, None)
            gap.left.update(page.left)
            await asyncio.sleep(max(_PAUSE_S, _SHARE * took_s))
            started_ns = self._clock.mono_ns()

    async def _hand_on(self, page: Page, gap: Gap, server: _Server, past: PastSink) -> None:
        """Wait until the historian has room for a page."""
        if not page.values:
            return
        now_us = self._clock.wall_us()
        never_us = gap.until_us + 1
        recovered = Recovered(
            past_of(page.values, self._tags, never_us, self._clock.mono_ns()),
            since_us=gap.since_us,
            marked_us=gap.marked_us,
            until_us=min(gap.until_us, now_us),
            unbroken_us=never_us if server.start_us is None else server.start_us,
        )
        while not past.recover(recovered):  # noqa: ASYNC110 - room comes when another thread has written
            await asyncio.sleep(_NO_ROOM_S)

    async def _about(self, session: Any) -> _Server:
        values = await session.read_attributes([_START, _CLOCK], AttributeIds.Value)
        start_us, shown_us = (_us_of(value) for value in values)
        return _Server(start_us, None if shown_us is None else shown_us - self._clock.wall_us())

    async def _with_history(self, session: Any) -> dict[int, Item]:
        """Return the items whose AccessLevel allows reading history (Part 3, 8.57), by row."""

        async def read(part: Sequence[Item]) -> Sequence[ua.DataValue]:
            wanted = [ua.ReadValueId(NodeId=item.node, AttributeId=AttributeIds.AccessLevel) for item in part]
            levels: list[ua.DataValue] = await session.read(ua.ReadParameters(NodesToRead=wanted))
            return levels

        allowed: dict[int, Item] = {}
        async for part, levels in in_calls(read, [Item(row, 0, node) for row, node in self._nodes.items()]):
            for item, level in zip(part, levels, strict=True):
                content = level.Value.Value if level.Value is not None else None
                if isinstance(content, int) and content & _HISTORY_READ:
                    allowed[item.row] = item
        return allowed


def _leave_only(gap: Gap, items: Mapping[int, Item]) -> None:
    gap.left = {row: from_us for row, from_us in gap.left.items() if row in items}


def _us_of(value: ua.DataValue) -> int | None:
    """Return a time that a server told as µs UTC."""
    content = value.Value.Value if value.Value is not None else None
    if not isinstance(content, datetime):
        return None
    return int((content.replace(tzinfo=content.tzinfo or UTC) - _EPOCH).total_seconds() * 1e6)
