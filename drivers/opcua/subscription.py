"""One subscription per scan class: publishes become batches, keep-alives keep the tags from ageing.

The library hands over whole publish responses (`session.create_subscription` with a callback), so that there is no task
and no node object per value. Runs on the OPC UA thread.
"""

import logging
from collections.abc import Mapping
from itertools import islice
from typing import Any, Final

import numpy as np
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds

from drivers.base import Sink
from drivers.counters import Counters
from drivers.opcua.decoding import batches_of
from plant_models.batch import Batch, failure, keep_alive
from plant_models.clock import Clock
from plant_models.message import message
from plant_models.tag import Tag

_log = logging.getLogger(__name__)
_PUBLISH_LIMIT_S: Final = 1.5
_QUEUE_SIZE: Final = 10
_ITEMS_PER_CALL: Final = 1000
_NOTIFICATIONS: Final = 10_000
_MUTE_KEEP_ALIVES: Final = 3
_MUTE_FLOOR_S: Final = 2.0


class ScanSubscription:
    """The monitored items of one scan class of `scan_s` seconds; `nodes` and `tags` by row."""

    def __init__(
        self,
        nodes: Mapping[int, ua.NodeId],
        tags: Mapping[int, Tag],
        sink: Sink,
        clock: Clock,
        counters: Counters,
    ) -> None:
        self._nodes = nodes
        self._tags = tags
        self._sink = sink
        self._clock = clock
        self._counters = counters
        self._alive_rows = np.array([], np.intp)
        self._heard_ns = clock.mono_ns()
        self._mute_ns = 0
        self._problem = ""

    async def create(self, client: Client, scan_s: float) -> str:
        """Create the subscription and its items on a connected client; a node that can't be monitored fails alone.

        Returns:
            What is wrong with the first such node, or an empty text.

        Raises:
            UaError, OSError, TimeoutError: the server refused the subscription or doesn't answer.
        """
        publish_s = min(scan_s, _PUBLISH_LIMIT_S)
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=publish_s * 1000,
            RequestedLifetimeCount=60,
            RequestedMaxKeepAliveCount=2 if publish_s <= _PUBLISH_LIMIT_S / 2 else 1,
            MaxNotificationsPerPublish=_NOTIFICATIONS,
        )
        session = client.uaclient.session
        result = await session.create_subscription(parameters, self._on_publish)
        keep_alive_s = result.RevisedPublishingInterval * result.RevisedMaxKeepAliveCount / 1000
        self._mute_ns = round(max(_MUTE_KEEP_ALIVES * keep_alive_s, _MUTE_FLOOR_S) * 1e9)
        rows = iter(self._nodes)
        refused: list[str] = []
        while part := list(islice(rows, _ITEMS_PER_CALL)):
            refused += await self._monitor(session, result.SubscriptionId, part, scan_s)
        self._heard_ns = self._clock.mono_ns()
        return refused[0] if refused else ""

    def problem(self) -> str:
        """Return why nothing more can be expected from this subscription, or an empty text."""
        if not self._problem and self._clock.mono_ns() - self._heard_ns > self._mute_ns:
            self._problem = message("Connected, but the server sends nothing")
        return self._problem

    async def _monitor(self, session: Any, subscription: int, rows: list[int], scan_s: float) -> list[str]:
        """Create items for some rows; return what is wrong with those the server refused."""
        parameters = ua.CreateMonitoredItemsParameters(
            SubscriptionId=subscription,
            TimestampsToReturn=ua.TimestampsToReturn.Both,
            ItemsToCreate=[_item(self._nodes[row], row, scan_s) for row in rows],
        )
        results = await session.create_monitored_items(parameters)
        alive: list[int] = []
        refused: list[str] = []
        for row, result in zip(rows, results, strict=True):
            if result.StatusCode.is_good():
                alive.append(row)
            else:
                refused.append(_refusal(self._tags[row], result.StatusCode))
                self._counters.failed(refused[-1], result.StatusCode.name)
                self._offer(failure(row, result.StatusCode.value >> 16, self._clock.wall_us(), self._clock.mono_ns()))
        self._alive_rows = np.concatenate([self._alive_rows, np.array(alive, np.intp)])
        return refused

    def _on_publish(self, result: Any) -> None:
        """Take one publish response. An exception must not get lost in the library: it ends the subscription."""
        try:
            self._take(result.NotificationMessage.NotificationData or ())
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("a publish was not understood")
            self._problem = message("Internal error: {error}", error=str(error))

    def _take(self, notifications: Any) -> None:
        now_ns, wall_us = self._clock.mono_ns(), self._clock.wall_us()
        self._heard_ns = now_ns
        self._counters.replied()
        if len(self._alive_rows):
            self._offer(keep_alive(self._alive_rows, now_ns))
        for notification in notifications:
            if isinstance(notification, ua.DataChangeNotification):
                items = [(item.ClientHandle, item.Value) for item in notification.MonitoredItems]
                for batch in batches_of(items, self._tags, wall_us, now_ns):
                    self._offer(batch)
            elif isinstance(notification, ua.StatusChangeNotification):
                self._problem = message("The server ended the subscription")

    def _offer(self, batch: Batch) -> None:
        if not self._sink.offer(batch):
            self._counters.lost_samples(len(batch))


def _refusal(tag: Tag, status: ua.StatusCode) -> str:
    return message("The server refuses {tag}: {status}", tag=tag.name, status=status.name)


def _item(node: ua.NodeId, row: int, scan_s: float) -> ua.MonitoredItemCreateRequest:
    return ua.MonitoredItemCreateRequest(
        ItemToMonitor=ua.ReadValueId(NodeId=node, AttributeId=AttributeIds.Value),
        MonitoringMode=ua.MonitoringMode.Reporting,
        RequestedParameters=ua.MonitoringParameters(
            ClientHandle=row, SamplingInterval=scan_s * 1000, QueueSize=_QUEUE_SIZE, DiscardOldest=True
        ),
    )
