"""An OPC UA server with Alarms & Conditions: asyncua on a real socket, with the conditions that it lacks added here.

Source: OPC UA Part 9, 5.5.7 (ConditionRefresh) and 5.7.3 (Acknowledge: it names the newest event of the condition).
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from asyncua import ua
from asyncua.ua.object_ids import ObjectIds

from tests.fakes.opcua_server import OpcUaServer

NODES = {"LEVEL": (1.0, ua.VariantType.Double)}


@dataclass
class ServerCondition:
    """One condition as the server keeps it."""

    name: str
    severity: int = 700
    text: str = "Level too high"
    is_active: bool = False
    is_acked: bool = True
    is_suppressed: bool = False
    is_good: bool = True
    event_id: bytes = b""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))  # noqa: TID251

    @property
    def is_retained(self) -> bool:
        return self.is_active or not self.is_acked


class _Event:
    """What the library's subscriptions ask of an event: where it comes from, and its fields by path."""

    def __init__(self, kind: int, fields: Mapping[str, Any]) -> None:
        self.emitting_node = ua.NodeId(ua.Int32(ObjectIds.Server))
        self._fields = {
            "EventType": ua.NodeId(ua.Int32(kind)),
            "EventId": uuid.uuid4().bytes,
            "SourceName": "TANK",
            "Time": datetime.now(UTC),  # noqa: TID251
            **fields,
        }

    def to_event_fields(self, clauses: list[ua.SimpleAttributeOperand]) -> list[ua.Variant]:
        paths = ["/".join(name.Name for name in clause.BrowsePath) or "NodeId" for clause in clauses]
        return [ua.Variant(self._fields.get(path)) for path in paths]


class ConditionServer(OpcUaServer):
    """Serves conditions as ns=2;s=NAME. `acknowledged` has (name, comment) of each acknowledgement that was accepted.

    Without `can_refresh` it doesn't know how its conditions stand when it is asked. `ack_status` is its answer to
    whoever acknowledges, `ack_delay_s` how long that takes.
    """

    def __init__(self, *names: str, port: int = 0) -> None:
        self.conditions = {name: ServerCondition(name) for name in names}
        self.acknowledged: list[tuple[str, str]] = []
        self.refreshes = 0
        self.can_refresh = True
        self.ack_status = 0
        self.ack_delay_s = 0.0
        super().__init__(NODES, port)

    def change(self, name: str, is_told: bool = True, **fields: Any) -> ServerCondition:
        """Change a condition, and tell everybody who listens unless it isn't `is_told`."""
        condition = self.conditions[name]
        for key, value in fields.items():
            setattr(condition, key, value)
        condition.event_id, condition.at = uuid.uuid4().bytes, datetime.now(UTC)  # noqa: TID251
        if is_told:
            self._call(self._emit(condition))
        return condition

    def emit(self, kind: int, fields: Mapping[str, Any]) -> None:
        """Send any event."""
        self._call(self._trigger(_Event(kind, fields)))

    async def _ready(self) -> None:
        for name in self.conditions:
            await self._server.nodes.objects.add_object(ua.NodeId(name, 2), f"2:{name}")
        server = self._server
        for method, callback in (
            (ObjectIds.ConditionType_ConditionRefresh, self._refresh),
            (ObjectIds.AcknowledgeableConditionType_Acknowledge, self._acknowledge),
        ):
            server.link_method(server.get_node(ua.NodeId(ua.Int32(method))), callback)

    async def _refresh(self, _parent: ua.NodeId, subscription: ua.Variant) -> Any:
        self.refreshes += 1
        if not self.can_refresh:
            return ua.StatusCode(ua.UInt32(ua.StatusCodes.BadNotSupported))
        await self._trigger(_Event(ObjectIds.RefreshStartEventType, {}), subscription.Value)
        for condition in self.conditions.values():
            if condition.is_retained:
                await self._emit(condition, subscription.Value)
        await self._trigger(_Event(ObjectIds.RefreshEndEventType, {}), subscription.Value)
        return []

    async def _acknowledge(self, parent: ua.NodeId, event_id: ua.Variant, comment: ua.Variant) -> Any:
        condition = self.conditions[str(parent.Identifier)]
        await asyncio.sleep(self.ack_delay_s)
        if self.ack_status:
            return ua.StatusCode(ua.UInt32(self.ack_status))
        if event_id.Value != condition.event_id:
            return ua.StatusCode(ua.UInt32(ua.StatusCodes.BadEventIdUnknown))
        if condition.is_acked:
            return ua.StatusCode(ua.UInt32(ua.StatusCodes.BadConditionBranchAlreadyAcked))
        self.acknowledged.append((condition.name, comment.Value.Text))
        condition.is_acked, condition.event_id = True, uuid.uuid4().bytes
        await self._emit(condition, user="gateway", comment=comment.Value)
        return []

    async def _emit(
        self, condition: ServerCondition, subscription: int | None = None, user: str = "", comment: Any = None
    ) -> None:
        fields = {
            "NodeId": ua.NodeId(condition.name, 2),
            "EventId": condition.event_id,
            "Time": condition.at,
            "Message": ua.LocalizedText(condition.text),
            "Severity": ua.UInt16(condition.severity),
            "ConditionName": condition.name,
            "BranchId": ua.NodeId(),
            "Retain": condition.is_retained,
            "EnabledState/Id": True,
            "Quality": ua.StatusCode(ua.UInt32(0 if condition.is_good else ua.StatusCodes.BadSensorFailure)),
            "AckedState/Id": condition.is_acked,
            "ActiveState/Id": condition.is_active,
            "SuppressedOrShelved": condition.is_suppressed,
            "ClientUserId": user,
            "Comment": comment,
        }
        await self._trigger(_Event(ObjectIds.AlarmConditionType, fields), subscription)

    async def _trigger(self, event: _Event, subscription: int | None = None) -> None:
        await self._server.iserver.isession.subscription_service.trigger_event(event, subscription_id=subscription)
