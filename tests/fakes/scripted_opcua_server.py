"""An OPC UA server of numbers that is quick enough for 10,000 changes a second, and can lose messages or refuse items.

It speaks no more than a client of subscriptions needs. Data changes are encoded by numpy, written from OPC UA Part 6,
and not with the code under test. As a program (`python -m tests.fakes.scripted_opcua_server`) it has its own process.
"""

import argparse
import asyncio
import struct
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary

from plant_models.clock import SystemClock
from tests.fakes.opcua_framing import OpcUaConnection, fault, slices

ITEM = np.dtype(
    [
        ("handle", "<u4"),
        ("mask", "u1"),
        ("kind", "u1"),
        ("content", "<f8"),
        ("source", "<i8"),
        ("server", "<i8"),
    ]
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_US = 11_644_473_600_000_000
_STARTED = ua.ObjectIds.Server_ServerStatus_StartTime
_TIMES = {ua.NodeId(each) for each in (_STARTED, ua.ObjectIds.Server_ServerStatus_CurrentTime)}


@dataclass(slots=True)
class Subscription:
    """What one client watches: handles and nodes in order of creation."""

    number: int
    connection: OpcUaConnection
    interval_s: float
    handles: list[int] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    told: dict[int, float] = field(default_factory=dict)
    sequence: int = 0
    sent: dict[int, bytes] = field(default_factory=dict)


class ScriptedOpcUaServer:
    """Serves any node ns=2;i=N as a Double, 0 until `put`; a context manager that runs in a thread of its own.

    `most_items` bounds the items of a subscription, `most_per_call` those of one call; `lose` counts the messages to be
    sent to nobody, and `keeps_lost` tells whether they can be asked for again; `spoil` counts those to be cut short.
    `slower` is the factor by which intervals are revised. `answer_to_publish` is the status that publish requests are
    refused with. A node in `history` has raw values (µs UTC, value), given `page` at a time; `cuts_short` leaves out to
    say that there are more, `answer_to_history` refuses all, `most_history_nodes` bounds a call. It says that it
    `started_us`, and its clock is `ahead_us`.
    `step` adds one to all nodes each publish. `reads` counts those of nodes that aren't the server's own.
    """

    def __init__(self, most_items: int = 10**9, most_per_call: int = 10**9, step: bool = False) -> None:
        self.most_items, self.most_per_call, self.step = most_items, most_per_call, step
        self.most_subscriptions = 10**9
        self.slower = 1.0
        self.lose = self.spoil = 0
        self.answer_to_publish = 0
        self.keeps_lost = True
        self.reads = self.republished = self.calls = 0
        self.values: dict[int, float] = {}
        self.history: dict[int, list[tuple[int, float]]] = {}
        self.history_reads = 0
        self.page = 2
        self.cuts_short = False
        self.answer_to_history = 0
        self.most_history_nodes = 10**9
        self.started_us = self.ahead_us = 0
        self.subscriptions: dict[int, Subscription] = {}
        self._waiting: list[tuple[OpcUaConnection, ua.PublishRequest, int]] = []
        self._held: list[tuple[Subscription, bytes]] = []
        self._clock = SystemClock()
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="scripted-opcua-server", daemon=True)
        self.port = 0

    def __enter__(self) -> "ScriptedOpcUaServer":
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(20)

    def put(self, node: int, value: float) -> None:
        """Change a node; it is published with the next round."""
        self.values[node] = value

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self.serve())

    async def serve(self) -> None:
        services: dict[type, Any] = {
            ua.CreateSubscriptionRequest: self._subscribe,
            ua.CreateMonitoredItemsRequest: self._monitor,
            ua.PublishRequest: self._queue,
            ua.RepublishRequest: self._republish,
            ua.ReadRequest: self._read,
            ua.HistoryReadRequest: self._remember,
            ua.DeleteSubscriptionsRequest: self._delete,
        }
        server = await self._loop.create_server(lambda: OpcUaConnection(services), "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._ending.wait()
        server.close()
        for subscription in self.subscriptions.values():
            if subscription.connection.transport is not None:
                subscription.connection.transport.abort()
        await asyncio.sleep(0)

    def _subscribe(self, connection: OpcUaConnection, request: Any, _: int) -> Any:
        number = len(self.subscriptions) + 1
        if number > self.most_subscriptions:
            return fault(ua.StatusCodes.BadTooManySubscriptions)
        interval_s = request.Parameters.RequestedPublishingInterval / 1000 * self.slower
        one = self.subscriptions[number] = Subscription(number, connection, interval_s)
        self._loop.call_later(interval_s, self._round, one)
        response = ua.CreateSubscriptionResponse()
        response.Parameters.SubscriptionId = number
        response.Parameters.RevisedPublishingInterval = interval_s * 1000
        response.Parameters.RevisedMaxKeepAliveCount = request.Parameters.RequestedMaxKeepAliveCount
        return response

    def _monitor(self, _: OpcUaConnection, request: Any, __: int) -> Any:
        self.calls += 1
        if len(request.Parameters.ItemsToCreate) > self.most_per_call:
            return fault(ua.StatusCodes.BadTooManyOperations)
        one = self.subscriptions[request.Parameters.SubscriptionId]
        response = ua.CreateMonitoredItemsResponse()
        for item in request.Parameters.ItemsToCreate:
            result = ua.MonitoredItemCreateResult()
            result.RevisedSamplingInterval = item.RequestedParameters.SamplingInterval * self.slower
            if len(one.nodes) >= self.most_items:
                result.StatusCode = ua.StatusCode(ua.UInt32(ua.StatusCodes.BadTooManyMonitoredItems))
            else:
                one.handles.append(item.RequestedParameters.ClientHandle)
                one.nodes.append(item.ItemToMonitor.NodeId.Identifier)
            response.Results.append(result)
        return response

    def _queue(self, connection: OpcUaConnection, request: Any, number: int) -> Any:
        if self.answer_to_publish:
            status, self.answer_to_publish = self.answer_to_publish, 0
            return fault(status)
        self._waiting.append((connection, request, number))
        self._send_held()
        return None

    def _republish(self, _: OpcUaConnection, request: Any, number: int) -> Any:
        one = self.subscriptions[request.Parameters.SubscriptionId]
        message = one.sent.get(request.Parameters.RetransmitSequenceNumber)
        if message is None:
            return fault(ua.StatusCodes.BadMessageNotAvailable)
        self.republished += 1
        head = struct_to_binary(ua.RepublishResponse())[:28]
        one.connection.send(head + message, number)
        return None

    def _read(self, _: OpcUaConnection, request: Any, __: int) -> Any:
        self.reads += any(wanted.NodeId.NamespaceIndex for wanted in request.Parameters.NodesToRead)
        response = ua.ReadResponse()
        for wanted in request.Parameters.NodesToRead:
            node = wanted.NodeId.Identifier
            content = ua.Variant(self.values.get(node, 0.0), ua.VariantType.Double)
            if wanted.NodeId in _TIMES:
                moment_us = self.started_us if node == _STARTED else self._clock.wall_us() + self.ahead_us
                content = ua.Variant(_EPOCH + timedelta(microseconds=moment_us), ua.VariantType.DateTime)
            if wanted.AttributeId == ua.AttributeIds.AccessLevel:
                content = ua.Variant(5 if node in self.history else 1, ua.VariantType.Byte)
            response.Results.append(ua.DataValue(content))
        return response

    def _remember(self, _: OpcUaConnection, request: Any, __: int) -> Any:
        self.history_reads += 1
        if self.answer_to_history:
            return fault(self.answer_to_history)
        if len(request.Parameters.NodesToRead) > self.most_history_nodes:
            return fault(ua.StatusCodes.BadTooManyOperations)
        details = request.Parameters.HistoryReadDetails
        response = ua.HistoryReadResponse()
        for wanted in request.Parameters.NodesToRead:
            at = int(wanted.ContinuationPoint or b"0")
            values = [
                ua.DataValue(ua.Variant(value, ua.VariantType.Double), SourceTimestamp=moment)
                for us, value in self.history[wanted.NodeId.Identifier]
                if details.StartTime <= (moment := _EPOCH + timedelta(microseconds=us)) <= details.EndTime
            ]
            size = min(self.page, details.NumValuesPerNode)
            more = str(at + size).encode() if len(values) > at + size and not self.cuts_short else None
            data = ua.HistoryData(DataValues=values[at : at + size])
            response.Results.append(ua.HistoryReadResult(HistoryData=data, ContinuationPoint=more))
        return response

    def cut(self) -> None:
        """Break every connection off, as a network does."""

        def abort() -> None:
            for one in self.subscriptions.values():
                if one.connection.transport is not None:
                    one.connection.transport.abort()

        self._loop.call_soon_threadsafe(abort)

    def _delete(self, _: OpcUaConnection, request: Any, __: int) -> Any:
        response = ua.DeleteSubscriptionsResponse()
        response.Results = [ua.StatusCode() for _ in request.Parameters.SubscriptionIds]
        return response

    def _round(self, one: Subscription) -> None:
        """Publish what changed, or a keep-alive."""
        if one.connection.transport is None:
            return
        self._loop.call_later(one.interval_s, self._round, one)
        if self.step:
            for node in one.nodes:
                self.values[node] = self.values.get(node, 0.0) + 1.0
        changed = [
            (handle, value)
            for handle, node in zip(one.handles, one.nodes, strict=True)
            if one.told.get(handle) != (value := self.values.get(node, 0.0))
        ]
        one.told.update(changed)
        for part in slices(changed, 10_000) if changed else [[]]:
            message = self._message(one, part)
            if part and self.lose:
                self.lose -= 1
                if not self.keeps_lost:
                    one.sent.clear()
            else:
                self._held.append((one, message))
        self._send_held()

    def _message(self, one: Subscription, changed: list[tuple[int, float]]) -> bytes:
        """Return an encoded NotificationMessage; with changes it is kept, to be asked for again."""
        sequence = one.sequence + 1
        ticks = (self._clock.wall_us() + _EPOCH_US) * 10
        head = struct.pack("<Iq", sequence, ticks)
        if not changed:
            return head + struct.pack("<i", 0)
        items = np.zeros(len(changed), ITEM)
        items["handle"], items["content"] = zip(*changed, strict=True)
        items["mask"], items["kind"], items["source"], items["server"] = 0x0D, 11, ticks, ticks
        body = struct.pack("<i", len(items)) + items.tobytes() + struct.pack("<i", -1)
        message = head + struct.pack("<iBBHBi", 1, 1, 0, 811, 1, len(body)) + body
        one.sequence = sequence
        one.sent[sequence] = message
        return message

    def _send_held(self) -> None:
        """Send messages for which their client has a publish request waiting; the others stay."""
        held, self._held = self._held, []
        for one, message in held:
            waiting = next((each for each in self._waiting if each[0] is one.connection), None)
            if waiting is None:
                self._held.append((one, message))
                continue
            self._waiting.remove(waiting)
            connection, request, number = waiting
            response = ua.PublishResponse()
            response.ResponseHeader.RequestHandle = request.RequestHeader.RequestHandle
            head = struct_to_binary(response)[:28] + struct.pack("<Ii", one.number, 0) + b"\x00"
            if self.spoil:
                self.spoil -= 1
                message = message[:-20]
            connection.send(head + message + struct.pack("<ii", 0, 0), number)


def main() -> None:
    """Serve in a process of its own until standard input closes; print the port first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--step", action="store_true", help="change every node in each publish")
    with ScriptedOpcUaServer(step=parser.parse_args().step) as server:
        sys.stdout.write(f"{server.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
