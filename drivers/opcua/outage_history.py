"""What a server remembers of a short outage: read after it, and handed on before live values go on.

The recorder places a sample by its source time only if that is newer than all it has of the tag, and a bad value is
confirmed every minute; so only an outage of less than that is filled. Source: OPC UA Part 11, 6.5.3 (ReadRawModified).
Runs on the OPC UA thread.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import UaError

from drivers.opcua.decoding import batches_of
from drivers.opcua.monitoring import Item, in_calls
from drivers.opcua.values import source_us_of
from plant_models.batch import Batch
from plant_models.clock import Clock
from plant_models.tag import Tag

LONGEST_US: Final = 50_000_000
"""An outage that lasted longer is left a gap."""
_LIMIT_S: Final = 2.0
"""Live values wait no longer than this for those of the past."""
_HISTORY_READ: Final = 0x04
_NODES_PER_CALL: Final = 100
_VALUES_PER_NODE: Final = 200
"""The library needs about 10 µs for a value, in which its loop does nothing else."""
_ROUNDS: Final = 10
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
Past = list[tuple[int, ua.DataValue]]


@dataclass(slots=True)
class Outage:
    """When the values of a server were marked bad, until that time is asked for; owned by one worker."""

    since_us: int | None = None

    def begin(self, now_us: int) -> None:
        """Note that the values are bad now; if they already are, nothing."""
        if self.since_us is None:
            self.since_us = now_us

    def take(self) -> int | None:
        """Return the time (µs UTC) and forget it: what was handed on once must not be handed on again."""
        since_us, self.since_us = self.since_us, None
        return since_us


async def past_values(session: Any, items: Sequence[Item], since_us: int, until_us: int) -> Past:
    """Return (row, value) in order of source time of the nodes whose history may be read, after `since_us` (µs UTC).

    It takes 2 s at most; what has not come by then, and what the server refuses, is left out.
    """
    found: Past = []
    if not 0 < until_us - since_us <= LONGEST_US:
        return found
    with contextlib.suppress(TimeoutError, UaError):
        async with asyncio.timeout(_LIMIT_S):
            await _read(session, await _with_history(session, items), (since_us, until_us), found)
    times = [source_us_of(value, since_us) for _, value in found]
    order = np.argsort(times, kind="stable").tolist()
    return [found[i] for i in order if since_us < times[i] <= until_us]


def past_batches(past: Past, tags: dict[int, Tag], clock: Clock) -> list[Batch]:
    """Return the batches of values of the past, each received when it was made: delays of alarms count from then."""
    now_ns, wall_us = clock.mono_ns(), clock.wall_us()
    return [
        replace(batch, received_ns=now_ns - (wall_us - batch.source_us) * 1000)
        for batch in batches_of(past, tags, wall_us, now_ns)
    ]


async def _with_history(session: Any, items: Sequence[Item]) -> list[Item]:
    """Return the items whose AccessLevel allows reading history (Part 3, 8.57)."""

    async def read(part: Sequence[Item]) -> Sequence[ua.DataValue]:
        wanted = [ua.ReadValueId(NodeId=item.node, AttributeId=AttributeIds.AccessLevel) for item in part]
        levels: list[ua.DataValue] = await session.read(ua.ReadParameters(NodesToRead=wanted))
        return levels

    allowed = []
    async for part, levels in in_calls(read, items):
        for item, level in zip(part, levels, strict=True):
            content = level.Value.Value if level.Value is not None else None
            if isinstance(content, int) and content & _HISTORY_READ:
                allowed.append(item)
    return allowed


async def _read(session: Any, items: Sequence[Item], span_us: tuple[int, int], found: Past) -> None:
    """Add the raw values of a time to `found`, going on where the server gives them in pieces."""
    start, end = (_EPOCH + timedelta(microseconds=at_us) for at_us in span_us)
    details = ua.ReadRawModifiedDetails(
        IsReadModified=False, StartTime=start, EndTime=end, NumValuesPerNode=_VALUES_PER_NODE, ReturnBounds=False
    )

    async def ask(part: Sequence[tuple[Item, bytes | None]]) -> Sequence[ua.HistoryReadResult]:
        results: list[ua.HistoryReadResult] = await session.history_read(
            ua.HistoryReadParameters(
                HistoryReadDetails=details,
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ReleaseContinuationPoints=False,
                NodesToRead=[
                    ua.HistoryReadValueId(NodeId=item.node, IndexRange="", ContinuationPoint=point)
                    for item, point in part
                ],
            )
        )
        return results

    waiting: list[tuple[Item, bytes | None]] = [(item, None) for item in items]
    for _ in range(_ROUNDS):
        further: list[tuple[Item, bytes | None]] = []
        async for part, results in in_calls(ask, waiting, _NODES_PER_CALL):
            for (item, _point), result in zip(part, results, strict=True):
                if isinstance(result.HistoryData, ua.HistoryData):
                    found += [(item.row, value) for value in result.HistoryData.DataValues or ()]
                if result.ContinuationPoint:
                    further.append((item, result.ContinuationPoint))
        waiting = further
        if not waiting:
            return
