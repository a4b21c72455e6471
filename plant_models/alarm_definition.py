"""What would need a person's attention, as the plant folder declares it. Immutable; `alarms/` evaluates it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class AlarmKind(StrEnum):
    """Which condition of the tag raises the alarm."""

    HIGH_HIGH = "HH"
    HIGH = "H"
    LOW = "L"
    LOW_LOW = "LL"
    RATE = "rate"
    """It rises (a limit above 0) or falls (below 0) faster than the limit, in its unit per minute, over `window_s`."""
    DEVIATION = "dev"
    """It lies further than the limit from the tag `reference`."""
    DISCREPANCY = "disc"
    """It isn't what the tag `reference` commands."""
    STATE = "state"
    STUCK = "stuck"
    """It has moved less than the limit for `window_s`, though it is read."""
    NO_UPDATE = "silent"
    """Nothing has been heard of it for `window_s`."""
    COMMUNICATION = "comm"
    CALCULATED = "calc"
    """`expression` is true."""
    DEVICE = "device"
    """Not of a tag: the device itself raises it."""
    SYSTEM = "system"
    """Not of a tag: the station raises it about itself."""


DECLARED_KINDS: Final = tuple(kind for kind in AlarmKind if kind not in (AlarmKind.DEVICE, AlarmKind.SYSTEM))
"""The kinds that a plant folder may declare."""
LIMIT_KINDS: Final = (AlarmKind.LOW_LOW, AlarmKind.LOW, AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
"""The kinds with a limit, in rising order of their limits."""
DISTANCE_KINDS: Final = (AlarmKind.RATE, AlarmKind.DEVIATION, AlarmKind.STUCK)
"""The kinds whose limit is no value of the tag, but how fast or how far it moves, or lies from another one."""
DIAGNOSTIC: Final = 5
"""The priority of what only maintenance needs to know: in the list, but without sound, banner and bell."""


class AlarmClass(StrEnum):
    """What is at stake; rules about shelving and suppression go by it."""

    PROCESS = "process"
    SAFETY = "safety"
    WATER_QUALITY = "quality"
    """Disinfection, turbidity."""
    PERMIT = "permit"
    """Spill, overflow: what a permit forbids."""
    SECURITY = "security"
    """Intrusion, also into computers."""
    EQUIPMENT = "equipment"
    COMMUNICATION = "communication"
    DIAGNOSTIC = "diagnostic"


class Severity(StrEnum):
    """How bad the consequence is if nobody acts."""

    MINOR = "minor"
    MAJOR = "major"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """Everything about an alarm but where it is: what raises it, how it behaves, and its rationalisation record.

    Names of tags in it are whole, in a default alarm of an equipment type those of members. `expression` and
    `suppress_when` are formulas (`plant_models/expression.py`).
    """

    kind: AlarmKind
    """`HH`, `H`, `L`, `LL` have a limit; `rate` changes too fast; `dev` lies too far from `reference`; `disc` isn't
    what `reference` commands; `state` is an abnormal value; `stuck` doesn't move; `silent` isn't heard of; `comm` is no
    communication; `calc` is a formula."""
    id: str = ""
    """Tells several alarms of one kind on one tag apart; it is appended to the name."""
    enabled: bool = True
    """Whether it is evaluated at all; one that isn't is listed as configured only."""
    limit: float | None = None
    """In the tag's unit, for `rate` per minute; for `state` the abnormal value, one of the tag's states; none for
    `disc`, `silent`, `comm` and `calc`."""
    limit_tag: str = ""
    """The tag that holds the limit, instead of `limit`."""
    reference: str = ""
    """The tag that `dev` and `disc` compare with: the setpoint, the command."""
    window_s: float = 0.0
    """Seconds over which a `rate` is taken, or for which a tag is `stuck` or `silent`."""
    expression: str = ""
    """The formula of `calc`."""
    deadband: float = 0.0
    """How far back it must come to clear, in the tag's unit, for a rate that per minute."""
    on_delay_s: float = 0.0
    """Seconds that the condition must hold before it is raised."""
    off_delay_s: float = 0.0
    """Seconds that it must be over before it is cleared."""
    count: int = 0
    """It is also raised when the condition came this often within `count_s`, however short; 0 for never."""
    count_s: float = 0.0
    """Seconds in which `count` is reached."""
    realarm_min: float | None = None
    """Minutes after which one that is acknowledged and still active is annunciated again."""
    latching: bool = False
    """Whether it stays until somebody resets it, though its condition is over."""
    priority: int = 3
    """1 is the highest, 4 the lowest; `diagnostic` is for maintenance only."""
    alarm_class: AlarmClass = AlarmClass.PROCESS
    """What is at stake: `process`, `safety`, `quality`, `permit`, `security`, `equipment`, `communication` or
    `diagnostic`."""
    area: str = ""
    """The area, if it isn't that of the tag."""
    first_out: str = ""
    """The group in which the first alarm is marked."""
    explains: bool = False
    """Whether it is the cause of alarms of the equipment that is part of, or powered by, its own."""
    suppress_when: str = ""
    """A formula: while it is true the alarm is suppressed by design."""
    consequence_at: float | None = None
    """The value at which the consequence comes: the level at which a tank spills, or is empty."""
    text: str = ""
    """What is wrong."""
    causes: str = ""
    """What it is likely to come from."""
    consequence: str = ""
    """What happens if nobody acts."""
    severity: Severity | None = None
    """How bad that is: `minor`, `major` or `severe`."""
    action: str = ""
    """What to do."""
    confirmation: str = ""
    """How to see that it is so, and that it helped."""
    respond_min: float | None = None
    """Minutes within which to act."""
    basis: str = ""
    """Why the limit is where it is."""
    guidance: str = ""
    """More for the operator; what areas and equipment types say is shown with it."""
    display: str = ""
    """The display to go to, if it isn't the one that shows the tag."""
    procedure: str = ""
    """Where the procedure is written."""
    owner: str = ""
    """Who answers for the alarm."""
    approved_by: str = ""
    """Who approved it."""
    approved_on: str = ""
    """When it was approved, as 2026-11-29."""
    review_due: str = ""
    """When it must be looked at again, as 2027-11-29."""
    moc: str = ""
    """The number of the change that made it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDefinition(AlarmSettings):
    """One alarm on one tag."""

    tag: str
    """The tag it watches."""

    @property
    def name(self) -> str:
        name = f"{self.tag}.{self.kind.value}"
        return f"{name}.{self.id}" if self.id else name
