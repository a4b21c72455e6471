"""Which fields of an event are asked for, and what an event says. Pure functions.

Source: OPC UA Part 4, 7.22.3 (EventFilter) and 7.7.4.5 (SimpleAttributeOperand); Part 9, 5.5 to 5.8 (the fields) and
5.11 (the events around a refresh). A field that an event doesn't have comes without a value.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from asyncua import ua
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from plant_models.condition import Condition

_LONGEST: Final = 500
_BASE, _CONDITION = ObjectIds.BaseEventType, ObjectIds.ConditionType
_ACKNOWLEDGEABLE, _ALARM = ObjectIds.AcknowledgeableConditionType, ObjectIds.AlarmConditionType
_FIELDS: Final = {
    "type": (_BASE, ("EventType",)),
    "event_id": (_BASE, ("EventId",)),
    "source": (_BASE, ("SourceName",)),
    "at": (_BASE, ("Time",)),
    "text": (_BASE, ("Message",)),
    "severity": (_BASE, ("Severity",)),
    "id": (_CONDITION, ()),
    "name": (_CONDITION, ("ConditionName",)),
    "branch": (_CONDITION, ("BranchId",)),
    "is_retained": (_CONDITION, ("Retain",)),
    "is_enabled": (_CONDITION, ("EnabledState", "Id")),
    "quality": (_CONDITION, ("Quality",)),
    "comment": (_CONDITION, ("Comment",)),
    "user": (_CONDITION, ("ClientUserId",)),
    "is_acked": (_ACKNOWLEDGEABLE, ("AckedState", "Id")),
    "is_active": (_ALARM, ("ActiveState", "Id")),
    "is_suppressed": (_ALARM, ("SuppressedOrShelved",)),
}
"""Our name of a field, the type that has it, and the path to it; the field without a path is the condition's NodeId."""


@dataclass(frozen=True, slots=True)
class Notice:
    """An event about the events: `type` is its number in the namespace of OPC UA itself."""

    type: int


NOTICES: Final = frozenset(
    {
        ObjectIds.RefreshStartEventType,
        ObjectIds.RefreshEndEventType,
        ObjectIds.RefreshRequiredEventType,
        ObjectIds.EventQueueOverflowEventType,
    }
)


def event_filter() -> ua.EventFilter:
    """Return what asks a server for all events with the fields above.

    Nothing is filtered out: the events around a refresh must come, and not every server understands a condition.
    """
    return ua.EventFilter(
        SelectClauses=[
            ua.SimpleAttributeOperand(
                TypeDefinitionId=ua.NodeId(ua.Int32(kind)),
                BrowsePath=[ua.QualifiedName(name, 0) for name in path],
                AttributeId=AttributeIds.Value if path else AttributeIds.NodeId,
            )
            for kind, path in _FIELDS.values()
        ]
    )


def read_event(device: str, fields: Sequence[ua.Variant], is_recalled: bool = False) -> Condition | Notice | None:
    """Return what an event says; None for one that is no matter of alarms. `is_recalled`: it comes with a refresh.

    What a condition lacks or can't be read never hides it: one without an EventId is shown, and its server will refuse
    to acknowledge it.
    """
    values = {name: field.Value for name, field in zip(_FIELDS, fields, strict=True)}
    kind = values["type"]
    if isinstance(kind, ua.NodeId) and kind.NamespaceIndex == 0 and kind.Identifier in NOTICES:
        return Notice(int(kind.Identifier))
    if not isinstance(values["id"], ua.NodeId) or values["id"].is_null():
        return None
    is_retained = values["is_retained"] is True and values["is_enabled"] is not False
    return Condition(
        device=device,
        id=values["id"].to_string(),
        branch=_branch(values["branch"]),
        event_id=values["event_id"] if isinstance(values["event_id"], bytes) else b"",
        at_us=_us(values["at"]),
        source=_text(values["source"]),
        name=_text(values["name"]),
        text=_text(values["text"]),
        severity=values["severity"] if isinstance(values["severity"], int) else 1,
        is_retained=is_retained,
        is_active=values["is_active"] is True or values["is_active"] is None,  # no alarm, but it wants somebody
        is_acked=values["is_acked"] is not False,
        is_suppressed=values["is_suppressed"] is True,
        is_good=_is_good(values["quality"]),
        is_recalled=is_recalled,
        user=_text(values["user"]),
        comment=_text(values["comment"]),
    )


def _branch(value: Any) -> str:
    return value.to_string() if isinstance(value, ua.NodeId) and not value.is_null() else ""


def _text(value: Any) -> str:
    """Return a text that can be stored and shown: bytes that are no UTF-8 come as lone surrogates."""
    text = value.Text if isinstance(value, ua.LocalizedText) else value
    return str(text or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:_LONGEST]


def _us(value: Any) -> int:
    """Return a time as µs UTC; 0, which nobody believes, for none."""
    if not isinstance(value, datetime):
        return 0
    return round(value.replace(tzinfo=value.tzinfo or UTC).timestamp() * 1e6)


def _is_good(value: Any) -> bool:
    """Tell whether the device knows how the condition stands: its quality isn't bad."""
    status = value if isinstance(value, ua.StatusCode) else ua.StatusCode(ua.UInt32(value or 0))
    return not status.is_bad()
