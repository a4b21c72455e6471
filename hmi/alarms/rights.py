"""Who may put which alarm aside and for how long, said before anybody tries. The station decides. Pure, any thread."""

from collections.abc import Sequence
from typing import Final

from alarms.aside_rules import NOBODY_MAY, ROLES, has_role
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.i18n import tr
from plant_models.alarm_definition import AlarmClass
from plant_models.alarm_philosophy import ClassRules
from plant_models.message import message
from station.protocol import Station
from station.session import ENGINEERS, Session

_LEAST: Final = "operator"
_URGENT: Final = 1
_SHELVE: Final = {
    "operator": message("Only an operator may shelve it"),
    "supervisor": message("Only a supervisor may shelve it"),
    "engineer": message("Only an engineer may shelve it"),
    "administrator": message("Only an administrator may shelve it"),
}
_ASIDE: Final = {
    AlarmState.DSUPR: message("The alarm is suppressed by design"),
    AlarmState.OOSRV: message("The alarm is out of service"),
}
_SERVICE: Final = {
    "operator": message("Only an operator may take it out of service"),
    "supervisor": message("Only a supervisor may take it out of service"),
    "engineer": message("Only an engineer may take it out of service"),
    "administrator": message("Only an administrator may take it out of service"),
}
_CLASSES: Final = {
    AlarmClass.PROCESS: message("Process"),
    AlarmClass.SAFETY: message("Safety"),
    AlarmClass.WATER_QUALITY: message("Water quality"),
    AlarmClass.PERMIT: message("Permit"),
    AlarmClass.SECURITY: message("Security"),
    AlarmClass.EQUIPMENT: message("Equipment"),
    AlarmClass.COMMUNICATION: message("Communication"),
    AlarmClass.DIAGNOSTIC: message("Diagnostic"),
}


def class_word(alarm_class: AlarmClass) -> str:
    """Return a class as people read it."""
    return tr(_CLASSES[alarm_class])


def class_of(station: Station, row: AlarmRow) -> AlarmClass | None:
    """Return what is at stake with an alarm, None where nobody has said."""
    if row.alarm_class is not None:
        return row.alarm_class
    known = station.alarms.configured.get(row.name)
    return None if known is None else known.definition.alarm_class


def needs_comment(station: Station, row: AlarmRow) -> bool:
    """Tell whether an acknowledgement of an alarm has to say something."""
    return rules_of(station, row).comment_needed


def rules_of(station: Station, row: AlarmRow) -> ClassRules:
    """Return what may be done with an alarm."""
    rules = station.plant.philosophy.rules
    return rules[class_of(station, row) or AlarmClass.PROCESS]


def shelve_refusal(station: Station, row: AlarmRow, session: Session) -> str:
    """Return in words why this person may not shelve an alarm, "" if they may."""
    if row.state in _ASIDE:
        return tr(_ASIDE[row.state])
    philosophy = station.plant.philosophy
    least = rules_of(station, row).shelve_role
    if row.priority == _URGENT and _is_above(philosophy.urgent_shelve_role, least):
        least = philosophy.urgent_shelve_role
    if least == NOBODY_MAY:
        return tr("Alarms of the class {name} are never shelved").format(name=_class_name(station, row))
    return "" if has_role(session.roles, least) else tr(_SHELVE.get(least, _SHELVE[_LEAST]))


def service_refusal(station: Station, row: AlarmRow, session: Session) -> str:
    """Return in words why this person may not take an alarm out of service, "" if they may."""
    least = rules_of(station, row).service_role
    if least == NOBODY_MAY:
        return tr("Alarms of the class {name} stay in service").format(name=_class_name(station, row))
    return "" if has_role(session.roles, least) else tr(_SERVICE.get(least, _SERVICE[_LEAST]))


def longest_shelf_min(station: Station, rows: Sequence[AlarmRow]) -> float:
    """Return how many minutes all of these may be on the shelf."""
    return min((rules_of(station, row).shelve_max_min for row in rows), default=0.0)


def may_configure(session: Session) -> bool:
    """Tell whether somebody may change definitions."""
    return bool(session.roles & ENGINEERS)


def _is_above(role: str, other: str) -> bool:
    return other != NOBODY_MAY and (role == NOBODY_MAY or ROLES.index(role) > ROLES.index(other))


def _class_name(station: Station, row: AlarmRow) -> str:
    return class_word(class_of(station, row) or AlarmClass.PROCESS)
