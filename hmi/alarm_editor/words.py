"""What the configured alarms are called: kinds in full, priorities, severities, fields. Pure, any thread."""

from typing import Final

from hmi.i18n import tr
from plant_models.alarm_definition import DIAGNOSTIC, AlarmDefinition, AlarmKind, Severity
from plant_models.message import Message, message

_KINDS: Final = {
    AlarmKind.HIGH_HIGH: message("HH, very high"),
    AlarmKind.HIGH: message("H, high"),
    AlarmKind.LOW: message("L, low"),
    AlarmKind.LOW_LOW: message("LL, very low"),
    AlarmKind.RATE: message("Rate of change"),
    AlarmKind.DEVIATION: message("Deviation"),
    AlarmKind.DISCREPANCY: message("Not as commanded"),
    AlarmKind.STATE: message("State"),
    AlarmKind.STUCK: message("Stuck"),
    AlarmKind.NO_UPDATE: message("No update"),
    AlarmKind.COMMUNICATION: message("Communication"),
    AlarmKind.CALCULATED: message("Formula"),
    AlarmKind.DEVICE: message("Of the device"),
    AlarmKind.SYSTEM: message("Of the station"),
}
_PRIORITIES: Final = {
    1: message("1, urgent"),
    2: message("2, high"),
    3: message("3, medium"),
    4: message("4, low"),
    DIAGNOSTIC: message("Diagnostic, for maintenance"),
}
_SEVERITIES: Final = {
    Severity.MINOR: message("Minor"),
    Severity.MAJOR: message("Major"),
    Severity.SEVERE: message("Severe"),
}
_MISSING: Final[dict[str, Message]] = {
    "text": message("text"),
    "consequence": message("consequence"),
    "action": message("action"),
    "respond_min": message("time to respond"),
}
"""What a person needs to act; without it an alarm isn't rationalised (ISA-18.2, 6)."""


def kind_name(kind: AlarmKind) -> str:
    """Return a kind in words."""
    return tr(_KINDS[kind])


def priority_name(priority: int) -> str:
    """Return a priority as number and word."""
    return tr(_PRIORITIES[priority])


def severity_name(severity: Severity) -> str:
    """Return how bad a consequence is."""
    return tr(_SEVERITIES[severity])


def missing_parts(definition: AlarmDefinition) -> tuple[str, ...]:
    """Return what an alarm doesn't say of what a person needs to act, in words; a diagnostic one calls nobody."""
    wanted = ("text",) if definition.priority == DIAGNOSTIC else tuple(_MISSING)
    return tuple(tr(_MISSING[name]) for name in wanted if not getattr(definition, name))


def is_rationalised(definition: AlarmDefinition) -> bool:
    """Tell whether an alarm says all that a person needs to act."""
    return definition.priority == DIAGNOSTIC or all(getattr(definition, name) for name in _MISSING)
