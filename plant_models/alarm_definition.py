"""What would need a person's attention, as the plant folder declares it. Immutable; `alarms/` evaluates it."""

from dataclasses import dataclass
from enum import StrEnum


class AlarmKind(StrEnum):
    """Which condition of the tag raises the alarm."""

    HIGH_HIGH = "HH"
    HIGH = "H"
    LOW = "L"
    LOW_LOW = "LL"
    STATE = "state"
    COMMUNICATION = "comm"
    DEVICE = "device"
    """Not of a tag: the device itself raises it."""


DECLARED_KINDS = tuple(kind for kind in AlarmKind if kind is not AlarmKind.DEVICE)
"""The kinds that a plant folder may declare."""
LIMIT_KINDS = (AlarmKind.LOW_LOW, AlarmKind.LOW, AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
"""The kinds with a limit, in rising order of their limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDefinition:
    """One alarm on one tag.

    `limit` is in the tag's unit (for `state`: the value that is abnormal; for `comm`: None). `deadband` lies on the
    clearing side. Priority 1 is the highest, 4 the lowest. The last three are what the operator must know.
    """

    tag: str
    """The tag it watches."""
    kind: AlarmKind
    """`HH`, `H`, `L`, `LL` have a limit; `state` is an abnormal value; `comm` is no communication."""
    limit: float | None = None
    """In the tag's unit; for `state` the abnormal value, one of the tag's states; none for `comm`."""
    deadband: float = 0.0
    """How far back it must come to clear, in the tag's unit."""
    on_delay_s: float = 0.0
    """Seconds that the condition must hold before it is raised."""
    off_delay_s: float = 0.0
    """Seconds that it must be over before it is cleared."""
    priority: int = 3
    """1 is the highest, 4 the lowest."""
    text: str = ""
    """What is wrong."""
    consequence: str = ""
    """What happens if nobody acts."""
    action: str = ""
    """What to do."""
    respond_min: float | None = None
    """Minutes within which to act."""

    @property
    def name(self) -> str:
        return f"{self.tag}.{self.kind.value}"
