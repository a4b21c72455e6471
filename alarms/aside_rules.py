"""Who may put which alarms aside, for how long and how many: the site's alarm philosophy. Pure, any thread."""

import math
from collections.abc import Set
from typing import Final

from alarms.definitions import Alarm
from alarms.handling import AlarmAct, AlarmRequest
from alarms.standing import Standing
from alarms.states import Bits
from plant_models.alarm_philosophy import AlarmPhilosophy
from plant_models.message import message

ROLES: Final = ("viewer", "operator", "supervisor", "engineer", "administrator")
"""In rising order: who has one may do what those before it may."""
NOBODY_MAY: Final = "nobody"
REVIEW_MAX_US: Final = 5 * 366 * 86_400_000_000
_REASON_NEEDED: Final = (AlarmAct.SHELVE, AlarmAct.OUT_OF_SERVICE, AlarmAct.COMMENT)


def request_problem(request: AlarmRequest, roles: Set[str], now_us: int) -> str:
    """Return what is wrong with a request whatever alarms it is about, or an empty text. `now_us` is µs UTC."""
    if not has_role(roles, "operator"):
        return message("Only an operator may do this")
    if request.act in _REASON_NEEDED and not request.comment.strip():
        return message("It needs a reason")
    if request.act is AlarmAct.SHELVE:
        minutes = request.minutes
        if minutes is None or not math.isfinite(minutes) or minutes < 1:
            return message("Say for how many minutes, one at least")
    if request.act is AlarmAct.OUT_OF_SERVICE:
        if not request.work_order.strip():
            return message("It needs the number of a work order")
        if request.review_us is None or not now_us < request.review_us <= now_us + REVIEW_MAX_US:
            return message("It needs a date within five years at which it is to be reviewed")
    return ""


def alarm_problem(
    request: AlarmRequest,
    alarm: Alarm,
    standing: Standing,
    roles: Set[str],
    shelved: int,
    philosophy: AlarmPhilosophy,
) -> str:
    """Return why this person may not do this with this alarm, or an empty text; `shelved` is how many are already."""
    rules = philosophy.rules[alarm.definition.alarm_class]
    if request.act is AlarmAct.OUT_OF_SERVICE:
        return _role_problem(roles, rules.service_role)
    if request.act is not AlarmAct.SHELVE:
        return ""
    is_supervisor = has_role(roles, "supervisor")
    is_urgent = alarm.definition.priority == 1
    problem = _role_problem(roles, rules.shelve_role)
    if not problem and is_urgent:
        problem = _role_problem(roles, philosophy.urgent_shelve_role)
    if problem:
        return problem
    if request.minutes is not None and request.minutes > rules.shelve_max_min:
        return message("It may be shelved for {minutes:g} minutes at most", minutes=rules.shelve_max_min)
    if standing.shelvings > philosophy.reshelve_max and not is_supervisor:
        return message("It was shelved {count} times already; only a supervisor may again", count=standing.shelvings)
    if not standing.bits & Bits.SHELVED and shelved >= philosophy.shelved_max:
        return message("{count} alarms are shelved already, and no more may be", count=shelved)
    return ""


def has_role(roles: Set[str], least: str) -> bool:
    """Tell whether somebody has a role or a higher one."""
    return least in ROLES and not roles.isdisjoint(ROLES[ROLES.index(least) :])


def _role_problem(roles: Set[str], least: str) -> str:
    if least == NOBODY_MAY:
        return message("Alarms of this class may not be put aside")
    return "" if has_role(roles, least) else message("Only the role {role} or a higher one may", role=least)
