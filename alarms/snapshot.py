"""What everybody may see of the alarms: immutable rows, replaced as a whole. Any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alarms.definitions import Alarm
from alarms.states import AlarmState
from plant_models.alarm_definition import DIAGNOSTIC, AlarmClass, AlarmKind

PRIORITIES = (1, 2, 3, 4)
"""1 is the highest."""
ALL_PRIORITIES = (*PRIORITIES, DIAGNOSTIC)
"""With that of maintenance, which nobody is called for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """One alarm that is not normal.

    `occurrence` counts how often it was raised since the plant began, `count` since it was last normal. `active_us`
    is when this occurrence began and `changed_us` the newest event (µs UTC); `trip_value` and `limit` are in `unit`.
    `is_frozen` says that its input is bad, so that nobody knows whether it still is active; `is_masked` that this is
    because its device does not answer, which has an alarm of its own. `display` is the name of a display that shows
    it, "" if none does.

    `aside_*` say who shelved it or took it out of service, when and why, until `until_us` (the end of the shelf, or
    when the service is to be reviewed); `rule` is the formula that suppresses it by design. `first_out` is 1 for the
    first of its group, 2 for one of several that came first together. `note` is the newest comment.
    `is_chattering`: it came three times in a minute, or whatever the plant calls chatter.
    """

    name: str
    tag: str
    kind: AlarmKind | None
    priority: int
    state: AlarmState
    occurrence: int = 0
    count: int = 0
    active_us: int = 0
    changed_us: int = 0
    trip_value: float | None = None
    limit: float | None = None
    unit: str = ""
    text: str = ""
    description: str = ""
    area: str = ""
    equipment: str = ""
    display: str = ""
    consequence: str = ""
    action: str = ""
    respond_min: float | None = None
    acked_by: str = ""
    acked_us: int | None = None
    is_frozen: bool = False
    is_masked: bool = False
    alarm_class: AlarmClass | None = None
    until_us: int | None = None
    aside_by: str = ""
    aside_us: int | None = None
    aside_why: str = ""
    is_one_shot: bool = False
    rule: str = ""
    first_out: int = 0
    note: str = ""
    is_chattering: bool = False

    def is_same_as(self, other: "AlarmRow") -> bool:
        """Whether both tell of the same occurrence of the same alarm."""
        return (self.name, self.occurrence) == (other.name, other.occurrence)


@dataclass(frozen=True, slots=True)
class PriorityCount:
    """How many alarms of one priority are shown as active, and how many wait for an acknowledgement."""

    active: int = 0
    unacknowledged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSnapshot:
    """The alarms at one moment; `sequence` grows with every new snapshot.

    `rows` are in the order of attention: unacknowledged first, then by priority, then the newest; the hidden ones
    (shelved, suppressed, out of service) last. `counts` has ALL_PRIORITIES. `configured` are all alarms of the plant by
    name, at `version`; `causes` names, for alarms that are there because of another one, that one. While
    `is_evaluated` is False nothing in it may be believed, and its first row says so.
    """

    sequence: int = 0
    rows: tuple[AlarmRow, ...] = ()
    counts: Mapping[int, PriorityCount] = field(default_factory=lambda: dict.fromkeys(ALL_PRIORITIES, PriorityCount()))
    is_evaluated: bool = True
    configured: Mapping[str, Alarm] = field(default_factory=dict)
    version: str = ""
    causes: Mapping[str, str] = field(default_factory=dict)
