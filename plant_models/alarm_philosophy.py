"""How a plant handles its alarms: who may put which aside, for how long, and what counts as too many. Immutable.

The numbers are settings of the site (ISA-18.2: the alarm philosophy); the defaults are those in common use.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from plant_models.alarm_definition import AlarmClass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRules:
    """What may be done with the alarms of one class, `shelve_role` and `service_role` being the least role for it.

    A role of "nobody" forbids it.
    """

    shelve_max_min: float = 480.0
    """Longest time on the shelf, in minutes; one shift."""
    shelve_role: str = "operator"
    """Who may shelve: `operator`, `supervisor`, `engineer`, `administrator` or `nobody`."""
    service_role: str = "supervisor"
    """Who may take out of service."""
    comment_needed: bool = False
    """Whether an acknowledgement needs a comment."""


STANDARD_RULES: Final[Mapping[AlarmClass, ClassRules]] = {
    **{each: ClassRules() for each in AlarmClass},
    AlarmClass.SAFETY: ClassRules(shelve_role="supervisor"),
    AlarmClass.PERMIT: ClassRules(shelve_role="supervisor"),
    AlarmClass.SECURITY: ClassRules(shelve_role="nobody", service_role="nobody"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiTargets:
    """What an operator position can take: targets and what is too much (ISA-18.2, IEC 62682, EEMUA 191)."""

    per_day: float = 150.0
    """Annunciated alarms a day that are acceptable."""
    per_day_max: float = 300.0
    """A day that can just be managed."""
    per_10_min: float = 1.0
    """Average of ten minutes that is acceptable."""
    per_10_min_max: float = 2.0
    """Average of ten minutes that can just be managed."""
    busy_hour: int = 30
    """An hour with more is a busy one."""
    flood_begins: int = 10
    """A flood begins with more in ten minutes."""
    flood_ends: int = 5
    """It ends with fewer in ten minutes."""
    share_max: float = 0.01
    """Share of busy hours, of busy ten minutes and of time in flood that is acceptable."""
    top_share_max: float = 0.05
    """Share of all alarms that the ten most frequent may have."""
    chatter_count: int = 3
    """An alarm chatters when it comes this often …"""
    chatter_s: float = 60.0
    """… within this many seconds."""
    fleeting_s: float = 60.0
    """One that returns sooner than anybody could act is fleeting."""
    stale_h: float = 24.0
    """One that is active for longer is stale."""
    stale_max: int = 5
    """Stale alarms that are acceptable on any day."""
    urgent_ack_min: float = 3.0
    """Minutes within which 95 % of priority 1 are acknowledged."""


STANDARD_TARGETS: Final = KpiTargets()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmPhilosophy:
    """The rules of a plant; `rules` has every class."""

    shelve_default_min: float = 60.0
    """Minutes that are proposed for the shelf."""
    reshelve_max: int = 2
    """How often an alarm may be shelved again before a supervisor must."""
    shelved_max: int = 30
    """How many may be on the shelf at once."""
    expiry_warning_min: float = 5.0
    """Minutes before the end of a shelf at which the operator is told."""
    urgent_shelve_role: str = "supervisor"
    """Who may shelve an alarm of priority 1."""
    delay_share: float = 0.1
    """The most of the time to respond that delay and scan may take."""
    rules: Mapping[AlarmClass, ClassRules] = field(default_factory=lambda: STANDARD_RULES)
    targets: KpiTargets = STANDARD_TARGETS


@dataclass(frozen=True, slots=True)
class Position:
    """Where an operator sits: alarm rates are counted for each position, over its areas (all, if none is named)."""

    name: str
    """What reports name it by."""
    title: str
    """What people read."""
    areas: tuple[str, ...] = ()
    """The areas that are watched from it."""


EVERYWHERE: Final = Position("all", "All areas")
"""The position of a plant that declares none."""
