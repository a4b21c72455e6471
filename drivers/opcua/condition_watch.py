"""The alarms of a server: its events are followed, and after a gap it is asked how all its conditions stand.

Source: OPC UA Part 9, 4.5 and 5.5.7 (ConditionRefresh): after each connection, and whenever events were lost, the
server sends every condition that needs somebody between two events of its own. Runs on the OPC UA thread, in a task
beside the watchdog; what goes wrong with the connection itself is told by `problem`.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import UaError

from drivers.counters import Counters
from drivers.opcua.channel import Channel
from drivers.opcua.event_fields import Notice, event_filter, read_event
from drivers.opcua.lost_messages import are_sent_again
from drivers.opcua.writer import link_words
from plant_models.clock import Clock
from plant_models.condition import ConditionNews, ConditionsTold
from plant_models.message import message

_log = logging.getLogger(__name__)
_PUBLISH_S: Final = 0.5
_KEEP_ALIVES: Final = 3
_LIFETIME: Final = 60
_QUEUE_SIZE: Final = 5_000
_PAUSE_S: Final = 1.0
_LONGEST_PAUSE_S: Final = 30.0
"""Between two refreshes: at least, and where one after the other is in vain."""
_START, _END = ObjectIds.RefreshStartEventType, ObjectIds.RefreshEndEventType


class ConditionWatch:
    """Follows the conditions of `device` on a connected client; `tell` as in DriverContext."""

    def __init__(
        self, client: Client, device: str, tell: Callable[[ConditionNews], bool], clock: Clock, counters: Counters
    ) -> None:
        self._session: Any = client.uaclient.session
        self._device = device
        self._tell = tell
        self._clock = clock
        self._counters = counters
        self._channel: Channel | None = None
        self._wants_refresh = asyncio.Event()
        self._recalled: set[str] | None = None  # what has come since a refresh began
        self._problem = ""

    @property
    def problem(self) -> str:
        """Why nothing more can be expected, or an empty text."""
        if not self._problem and self._channel and self._channel.is_mute(self._clock.mono_ns()):
            self._problem = message("Connected, but the server sends nothing")
        return self._problem

    async def run(self) -> None:
        """Subscribe, and ask how everything stands, now and whenever that is in doubt; until cancelled."""
        try:
            if not await self._subscribe():
                return
            self._wants_refresh.set()
            pause_s = _PAUSE_S
            while True:
                await self._wants_refresh.wait()
                self._wants_refresh.clear()
                await self._refresh()
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, _LONGEST_PAUSE_S) if self._wants_refresh.is_set() else _PAUSE_S
        except (UaError, OSError, TimeoutError) as error:
            self._problem = link_words(error)
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("%s: its alarms can't be followed", self._device)
            self._problem = message("Internal error: {error}", error=str(error))

    async def _subscribe(self) -> bool:
        """Have events sent; False if the server has none."""
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=_PUBLISH_S * 1000,
            RequestedLifetimeCount=_LIFETIME,
            RequestedMaxKeepAliveCount=_KEEP_ALIVES,
        )
        made = await self._session.create_subscription(parameters, self._on_publish)
        keep_alive_s = made.RevisedPublishingInterval / 1000 * made.RevisedMaxKeepAliveCount
        channel = Channel(made.SubscriptionId, keep_alive_s, self._clock.mono_ns())
        self._channel = channel
        where = ua.ReadValueId(NodeId=ua.NodeId(ua.Int32(ObjectIds.Server)), AttributeId=AttributeIds.EventNotifier)
        wanted = ua.MonitoringParameters(
            ClientHandle=1, SamplingInterval=0.0, Filter=event_filter(), QueueSize=_QUEUE_SIZE, DiscardOldest=True
        )
        item = ua.MonitoredItemCreateRequest(
            ItemToMonitor=where, MonitoringMode=ua.MonitoringMode.Reporting, RequestedParameters=wanted
        )
        (result,) = await self._session.create_monitored_items(
            ua.CreateMonitoredItemsParameters(
                SubscriptionId=channel.number, TimestampsToReturn=ua.TimestampsToReturn.Both, ItemsToCreate=[item]
            )
        )
        if not result.StatusCode.is_good():
            name = result.StatusCode.name
            self._counters.failed(message("The server sends no alarms: {status}", status=name), name)
        return bool(result.StatusCode.is_good())

    async def _refresh(self) -> None:
        """Ask for every condition that needs somebody; the events that follow say how they stand."""
        channel = self._channel
        if channel is None:
            return
        call = ua.CallMethodRequest(
            ObjectId=ua.NodeId(ua.Int32(ObjectIds.ConditionType)),
            MethodId=ua.NodeId(ua.Int32(ObjectIds.ConditionType_ConditionRefresh)),
            InputArguments=[ua.Variant(channel.number, ua.VariantType.UInt32)],
        )
        (result,) = await self._session.call([call])
        status = result.StatusCode
        if status.value == StatusCodes.BadRefreshInProgress:
            self._wants_refresh.set()
        elif not status.is_good():
            words = message("The server doesn't say which alarms it has now: {status}", status=status.name)
            self._counters.failed(words, status.name)

    async def _on_publish(self, result: Any) -> None:
        """Take one publish response. An exception must not get lost in the library: it ends the connection."""
        try:
            await self._take(result.NotificationMessage)
        except (UaError, OSError, TimeoutError):
            self._problem = message("What the server sent was lost, and it could not be read again")
        except Exception as error:  # noqa: BLE001 - the border: logged with its traceback, shown as bad
            _log.exception("events were not understood")
            self._problem = message("Internal error: {error}", error=str(error))

    async def _take(self, sent: Any) -> None:
        channel = self._channel
        if channel is None:
            return
        channel.heard(self._clock.mono_ns())
        self._counters.replied()
        notifications = sent.NotificationData or ()
        missing = channel.missing_before(sent.SequenceNumber, bool(notifications))
        if missing and not await are_sent_again(self._session, channel, missing, self._notice):
            self._counters.failed(message("Events of the server were lost; it is asked how its alarms stand"))
            self._ask_anew()
        self._notice(notifications)

    def _notice(self, notifications: Sequence[Any]) -> None:
        for notification in notifications:
            if isinstance(notification, ua.EventNotificationList):
                for event in notification.Events:
                    self._follow(event.EventFields)
            elif isinstance(notification, ua.StatusChangeNotification):
                self._problem = message("The server ended the subscription")

    def _follow(self, fields: Sequence[ua.Variant]) -> None:
        event = read_event(self._device, fields, self._recalled is not None)
        if isinstance(event, Notice):
            self._notice_refresh(event)
        elif event is not None and self._pass_on(event) and self._recalled is not None:
            self._recalled.add(event.key)

    def _notice_refresh(self, notice: Notice) -> None:
        if notice.type == _START:
            self._recalled = set()
        elif notice.type == _END:
            recalled, self._recalled = self._recalled, None
            if recalled is not None:
                self._pass_on(ConditionsTold(self._device, frozenset(recalled)))
        else:  # the server wants it, or its queue ran over
            self._ask_anew()

    def _pass_on(self, news: ConditionNews) -> bool:
        """Tell of something; False if there was no room for it."""
        is_taken = self._tell(news)
        if not is_taken:
            self._ask_anew()
        return is_taken

    def _ask_anew(self) -> None:
        """Ask how all conditions stand; a refresh that is under way may have lost some, so its end says nothing."""
        self._recalled = None
        self._wants_refresh.set()
