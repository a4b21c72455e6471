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


LIMIT_KINDS = (AlarmKind.LOW_LOW, AlarmKind.LOW, AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
"""The kinds with a limit, in rising order of their limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDefinition:
    """One alarm on one tag.

    `limit` is in the tag's unit (for `state`: the value that is abnormal; for `comm`: None). `deadband` lies on the
    clearing side. Priority 1 is the highest, 4 the lowest. The last three are what the operator must know.
    """

    tag: str
    kind: AlarmKind
    limit: float | None = None
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    priority: int = 3
    text: str = ""
    consequence: str = ""
    action: str = ""
    respond_min: float | None = None

    @property
    def name(self) -> str:
        return f"{self.tag}.{self.kind.value}"
