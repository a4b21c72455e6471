"""The monitored items of one scan class: publishes become batches, keep-alives keep the tags from ageing.

The library's session fetches publish responses one after the other and waits for `_on_publish`, so whatever is read
in between stays in order. Runs on the OPC UA thread.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import UaError

from drivers.base import Sink
from drivers.counters import Counters
from drivers.opcua.channel import Channel
from drivers.opcua.decoding import batches_of
from drivers.opcua.lost_messages import are_sent_again
from drivers.opcua.monitoring import Item, Monitoring, Watched, in_calls
from drivers.opcua.points import Points
from drivers.opcua.publish_wire import DataChanges
from plant_models.batch import Batch, failure, keep_alive
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.quality import Quality, bad_mask
from plant_models.tag import Tag

_log = logging.getLogger(__name__)


class ScanSubscription:
    """The nodes of one scan class on one server; `nodes` and `tags` by row."""

    def __init__(
        self,
        nodes: Mapping[int, ua.NodeId],
        tags: Mapping[int, Tag],
        sink: Sink,
        clock: Clock,
        counters: Counters,
    ) -> None:
        self._items = {row: Item(row, handle, node) for handle, (row, node) in enumerate(nodes.items())}
        self._tags = {row: tags[row] for row in nodes}
        self._points = Points(self._tags)
        self._is_bad = np.ones(max(nodes, default=0) + 1, np.bool_)
        self._sink = sink
        self._clock = clock
        self._counters = counters
        self._session: Any = None
        self._channels: Mapping[int, Channel] = {}
        self.watched: Sequence[Watched] = ()
        self._tell_pause_ns = 0
        self._problem = ""

    async def create(self, client: Client, scan_s: float) -> str:
        """Subscribe on a connected client; a node that can't be monitored fails alone.

        Returns:
            What is wrong with the first such node, else what the server does otherwise than asked, or an empty text.

        Raises:
            UaError, OSError, TimeoutError: the server refused the subscription or doesn't answer.
        """
        self._session = client.uaclient.session
        self._tell_pause_ns = round(scan_s / 2 * 1e9)
        monitoring = Monitoring(self._session, self._on_publish, scan_s, self._clock)
        self._channels = monitoring.channels
        await monitoring.create(list(self._items.values()))
        self.watched = monitoring.watched
        words = [self._refused(item.row, status) for item, status in monitoring.refused]
        return next(iter([*words, *monitoring.notes]), "")

    def problem(self) -> str:
        """Return why nothing more can be expected from this subscription, or an empty text."""
        now_ns = self._clock.mono_ns()
        if not self._problem and any(channel.is_mute(now_ns) for channel in self._channels.values()):
            self._problem = message("Connected, but the server sends nothing")
        return self._problem

    def _refused(self, row: int, status: ua.StatusCode) -> str:
        words = message("The server refuses {tag}: {status}", tag=self._tags[row].name, status=status.name)
        self._counters.failed(words, status.name)
        self._offer(failure(row, status.value >> 16, self._clock.wall_us(), self._clock.mono_ns()))
        return words

    async def _on_publish(self, result: Any) -> None:
        """Take one publish response. An exception must not get lost in the library: it ends the subscription."""
        try:
            await self._take(self._channels[result.SubscriptionId], result.NotificationMessage)
        except (UaError, OSError, TimeoutError):
            self._problem = message("What the server sent was lost, and it could not be read again")
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("a publish was not understood")
            self._problem = message("Internal error: {error}", error=str(error))

    async def _take(self, channel: Channel, sent: Any) -> None:
        now_ns = self._clock.mono_ns()
        channel.heard(now_ns)
        self._counters.replied()
        notifications = sent.NotificationData or ()
        missing = channel.missing_before(sent.SequenceNumber, bool(notifications))
        is_lost = bool(missing) and not await are_sent_again(self._session, channel, missing, self._notice)
        if is_lost:
            words = message("Messages of the server were lost ({count}); its values are read again", count=len(missing))
            self._counters.failed(words)
            doubtful = channel.rows[~self._is_bad[channel.rows]]
            self._offer(failure(doubtful, Quality.UNCERTAIN_LAST_USABLE, self._clock.wall_us(), now_ns))
        self._notice(notifications)
        if is_lost:
            await self._read_again(channel)
        elif channel.is_to_tell(now_ns, self._tell_pause_ns):
            # After the data: before them it would give a stale value that they make bad its good quality back.
            self._offer(keep_alive(channel.rows, now_ns))

    async def _read_again(self, channel: Channel) -> None:
        """Read what a subscription watches; its values count as if they had been published."""

        async def read(part: Sequence[Item]) -> Sequence[ua.DataValue]:
            wanted = [ua.ReadValueId(NodeId=item.node, AttributeId=AttributeIds.Value) for item in part]
            both = ua.TimestampsToReturn.Both
            values: list[ua.DataValue] = await self._session.read(
                ua.ReadParameters(TimestampsToReturn=both, NodesToRead=wanted)
            )
            return values

        async for part, values in in_calls(read, [self._items[row] for row in channel.rows.tolist()]):
            self._notice_values(list(zip((item.row for item in part), values, strict=True)))

    def _notice(self, notifications: Sequence[Any]) -> None:
        for notification in notifications:
            if isinstance(notification, DataChanges):
                now_ns, wall_us = self._clock.mono_ns(), self._clock.wall_us()
                for batch in self._points.batches(notification.n, notification.groups, wall_us, now_ns):
                    self._offer(batch)
            elif isinstance(notification, ua.DataChangeNotification):
                rows = self._points.rows
                self._notice_values(
                    [(int(rows[item.ClientHandle]), item.Value) for item in notification.MonitoredItems]
                )
            elif isinstance(notification, ua.StatusChangeNotification):
                self._problem = message("The server ended the subscription")

    def _notice_values(self, values: Sequence[tuple[int, ua.DataValue]]) -> None:
        for batch in batches_of(values, self._tags, self._clock.wall_us(), self._clock.mono_ns()):
            self._offer(batch)

    def _offer(self, batch: Batch) -> None:
        if batch.qualities is not None:
            self._is_bad[batch.tags] = bad_mask(batch.qualities)
        if not self._sink.offer(batch):
            self._counters.lost_samples(len(batch))
