"""Asking a server to watch nodes: subscriptions and monitored items, in calls of a size that it takes.

Source: OPC UA Part 4, 5.13.2 (CreateMonitoredItems), 5.14.2 (CreateSubscription). Runs on the OPC UA thread.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import BadTooManyMonitoredItems, BadTooManyOperations, UaStatusCodeError

from drivers.opcua.channel import Channel
from plant_models.clock import Clock
from plant_models.message import message

_ITEMS_PER_CALL: Final = 1000
_PUBLISH_LIMIT_S: Final = 1.5
_QUEUE_SIZE: Final = 10
_NOTIFICATIONS: Final = 10_000
_LIFETIME: Final = 60
_REVISED: Final = 1.5
"""A server that is slower than asked by more than this factor is told of."""
_Member = TypeVar("_Member")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Item:
    """A node to be watched: the row of its tag, and the handle under which its values come."""

    row: int
    handle: int
    node: ua.NodeId


@dataclass(frozen=True, slots=True)
class Watched:
    """An item that the server monitors under a number of its own, through the subscription of that number."""

    item: Item
    subscription: int
    number: int


class Monitoring:
    """What a server watches for one scan class of `scan_s` seconds. `refused` says what it doesn't, and why."""

    def __init__(self, session: Any, on_publish: Callable[[Any], Awaitable[None]], scan_s: float, clock: Clock) -> None:
        self._session = session
        self._on_publish = on_publish
        self._scan_s = scan_s
        self._clock = clock
        self.channels: dict[int, Channel] = {}
        self.watched: list[Watched] = []
        self.refused: list[tuple[Item, ua.StatusCode]] = []
        self.notes: list[str] = []
        """What the server does otherwise than asked, in words."""

    async def create(self, items: Sequence[Item]) -> None:
        """Have all items watched; a server that takes few per subscription gets further ones.

        Raises:
            UaError, OSError, TimeoutError: the server refused the first subscription or doesn't answer.
        """
        waiting = list(items)
        while waiting:
            try:
                channel = await self._subscribe()
            except UaStatusCodeError as error:
                if not self.channels:
                    raise
                self._refuse(waiting, ua.StatusCode(ua.UInt32(error.code)))
                return
            left = await self._fill(channel, waiting)
            if not len(channel.rows):
                self._refuse(left, ua.StatusCode(ua.UInt32(StatusCodes.BadTooManyMonitoredItems)))
                return
            waiting = left
        now_ns = self._clock.mono_ns()
        for channel in self.channels.values():
            channel.heard(now_ns)

    def _refuse(self, items: Sequence[Item], status: ua.StatusCode) -> None:
        self.refused += [(item, status) for item in items]

    async def _subscribe(self) -> Channel:
        publish_s = min(self._scan_s, _PUBLISH_LIMIT_S)
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=publish_s * 1000,
            RequestedLifetimeCount=_LIFETIME,
            RequestedMaxKeepAliveCount=2 if publish_s <= _PUBLISH_LIMIT_S / 2 else 1,
            MaxNotificationsPerPublish=_NOTIFICATIONS,
        )
        result = await self._session.create_subscription(parameters, self._on_publish)
        interval_s = result.RevisedPublishingInterval / 1000
        channel = Channel(result.SubscriptionId, interval_s * result.RevisedMaxKeepAliveCount, self._clock.mono_ns())
        self.channels[channel.number] = channel
        if interval_s > _REVISED * publish_s:
            self._note(
                message("The server sends every {s:g} s, not every {asked:g} s as asked", s=interval_s, asked=publish_s)
            )
        return channel

    async def _fill(self, channel: Channel, items: list[Item]) -> list[Item]:
        """Have as many items watched through a subscription as it takes; return the others."""

        async def ask(part: Sequence[Item]) -> Sequence[ua.MonitoredItemCreateResult]:
            parameters = ua.CreateMonitoredItemsParameters(
                SubscriptionId=channel.number,
                TimestampsToReturn=ua.TimestampsToReturn.Both,
                ItemsToCreate=[_request(item, self._scan_s) for item in part],
            )
            results: list[ua.MonitoredItemCreateResult] = await self._session.create_monitored_items(parameters)
            return results

        asked = 0
        left: list[Item] = []
        try:
            async for part, results in in_calls(ask, items):
                asked += len(part)
                left += self._take(channel, part, results)
                if left:
                    break
        except BadTooManyMonitoredItems:
            pass  # the call that failed is tried again with the next subscription
        return left + items[asked:]

    def _take(
        self, channel: Channel, items: Sequence[Item], results: Sequence[ua.MonitoredItemCreateResult]
    ) -> list[Item]:
        """Note what became of some items; return those for which this subscription has no room."""
        watched: list[int] = []
        left: list[Item] = []
        for item, result in zip(items, results, strict=True):
            if result.StatusCode.is_good():
                watched.append(item.row)
                self.watched.append(Watched(item, channel.number, result.MonitoredItemId))
                self._look_at(result.RevisedSamplingInterval / 1000)
            elif result.StatusCode.value == StatusCodes.BadTooManyMonitoredItems:
                left.append(item)
            else:
                self.refused.append((item, result.StatusCode))
        channel.add(watched)
        return left

    def _look_at(self, sampling_s: float) -> None:
        if sampling_s > _REVISED * self._scan_s:
            self._note(
                message(
                    "The server samples every {s:g} s, not every {asked:g} s as asked",
                    s=sampling_s,
                    asked=self._scan_s,
                )
            )

    def _note(self, words: str) -> None:
        if words not in self.notes:
            self.notes.append(words)


async def in_calls(
    ask: Callable[[Sequence[_Member]], Awaitable[Sequence[_Answer]]],
    members: Sequence[_Member],
    size: int = _ITEMS_PER_CALL,
) -> AsyncIterator[tuple[Sequence[_Member], Sequence[_Answer]]]:
    """Ask about all members, `size` in one call, fewer if the server finds that too many; give parts and answers.

    Raises:
        BadTooManyOperations, BadTooManyMonitoredItems: the server finds one too many.
    """
    at = 0
    while at < len(members):
        part = members[at : at + size]
        try:
            answers = await ask(part)
        except (BadTooManyOperations, BadTooManyMonitoredItems):
            if len(part) == 1:
                raise
            size = len(part) // 2
            continue
        at += len(part)
        yield part, answers


def parameters_of(item: Item, period_s: float) -> ua.MonitoringParameters:
    """Return how an item is watched that the server samples each `period_s` seconds."""
    return ua.MonitoringParameters(
        ClientHandle=item.handle, SamplingInterval=period_s * 1000, QueueSize=_QUEUE_SIZE, DiscardOldest=True
    )


def _request(item: Item, scan_s: float) -> ua.MonitoredItemCreateRequest:
    return ua.MonitoredItemCreateRequest(
        ItemToMonitor=ua.ReadValueId(NodeId=item.node, AttributeId=AttributeIds.Value),
        MonitoringMode=ua.MonitoringMode.Reporting,
        RequestedParameters=parameters_of(item, scan_s),
    )
