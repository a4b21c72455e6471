"""Where our decoder is hooked into a session of the library: publish responses are read by us, or else by the library.

The library's session fetches responses in a loop by calling its own `publish`; this one takes its place on one session.
What it relies on is tried out at first use: should the library have changed, its own `publish` stays. Runs on the
OPC UA thread.
"""

import inspect
import logging
from functools import cache
from typing import Any

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UASocketProtocol
from asyncua.client.ua_session import UaSession
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from asyncua.ua.uaerrors import BadTimeout, UaError

from drivers.opcua.publish_wire import Publish, read_publish
from plant_models.message import message

_log = logging.getLogger(__name__)


class Publishing:
    """The publish requests of one connected client; `hook` once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.problem = ""
        """Why nothing more can be expected from this session, or an empty text."""

    def hook(self) -> None:
        """Take the place of the library's `publish`, if that is as we know it."""
        if is_library_known():
            session: Any = self._client.uaclient.session
            session.publish = self._publish

    async def _publish(self, acks: list[ua.SubscriptionAcknowledgement]) -> ua.PublishResponse:
        request = ua.PublishRequest()
        request.Parameters.SubscriptionAcknowledgements = acks
        protocol = self._client.uaclient.protocol
        if protocol is None:
            raise ConnectionError("not connected")
        try:
            data = await protocol.send_request(request, timeout=0)
        except BadTimeout:
            raise
        except UaError as error:
            self.problem = message("The server ended the subscription: {status}", status=type(error).__name__)
            raise
        publish = read_publish(bytes(data))
        if publish is not None:
            return response_of(publish)
        try:
            return struct_from_binary(ua.PublishResponse, data)
        except Exception:
            self.problem = message("The server sent what can't be read")
            raise


def response_of(publish: Publish) -> ua.PublishResponse:
    """Return a publish response as the library would, with `DataChanges` in it."""
    response = ua.PublishResponse()
    response.Parameters.SubscriptionId = publish.subscription
    response.Parameters.NotificationMessage.SequenceNumber = publish.sequence
    response.Parameters.NotificationMessage.NotificationData = list(publish.changes)
    return response


@cache
def is_library_known() -> bool:
    """Tell whether the library's session and messages are what the hook expects; logged once if not."""
    try:
        known = (
            list(inspect.signature(UaSession.publish).parameters) == ["self", "acks"]
            and {"request", "timeout"} <= set(inspect.signature(UASocketProtocol.send_request).parameters)
            and _reads_alike()
        )
    except Exception:  # noqa: BLE001 - the border: whatever it is, the library goes on without us
        _log.exception("the library's publish could not be tried out")
        known = False
    if not known:
        _log.warning("this version of asyncua is new to us: its own, slower decoder reads data changes")
    return known


def _reads_alike() -> bool:
    """Tell whether we read a small response of the library as it was meant."""
    value = ua.DataValue(ua.Variant(2.5, ua.VariantType.Double), ua.StatusCode(ua.UInt32(0x40000000)))
    change = ua.DataChangeNotification(MonitoredItems=[ua.MonitoredItemNotification(ClientHandle=3, Value=value)])
    meant = ua.PublishResponse()
    meant.Parameters.SubscriptionId = 7
    meant.Parameters.NotificationMessage = ua.NotificationMessage(SequenceNumber=5, NotificationData=[change])
    read = read_publish(struct_to_binary(meant))
    if read is None or (read.subscription, read.sequence) != (7, 5):
        return False
    ((group,),) = [changes.groups for changes in read.changes]
    contents: Any = group.contents
    return bool(group.handles[0] == 3 and contents[0] == 2.5 and group.statuses[0] == 0x40000000)
