"""How a device's own alarms stand, as the device tells of them. Immutable, any thread.

Drivers make these and the station hands them to `alarms/`. Source: OPC UA Part 9, 5.5 to 5.8.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition of a device after its newest event.

    `id` names it for ever, `branch` an earlier occurrence of it that still waits for an acknowledgement, "" for the
    condition itself. An acknowledgement names `event_id`. `at_us` is the time at the device (µs UTC), `severity` 1 to
    1000. One that isn't `is_retained` needs nobody any more. `is_suppressed`: shelved, suppressed or out of service at
    the device. While it isn't `is_good`, the device itself doesn't know. `is_recalled`: it was asked for, and may have
    happened long ago. `user` and `comment` are of who changed it.
    """

    device: str
    id: str
    branch: str = ""
    event_id: bytes
    at_us: int
    source: str = ""
    name: str = ""
    text: str = ""
    severity: int = 1
    is_retained: bool
    is_active: bool
    is_acked: bool
    is_suppressed: bool = False
    is_good: bool = True
    is_recalled: bool = False
    user: str = ""
    comment: str = ""

    @property
    def key(self) -> str:
        """What tells it from all others of the plant."""
        return f"{self.device}:{self.id}@{self.branch}" if self.branch else f"{self.device}:{self.id}"


@dataclass(frozen=True, slots=True)
class ConditionsUnknown:
    """Nobody knows how the conditions of a device stand: it was lost, or some of its events were."""

    device: str


@dataclass(frozen=True, slots=True)
class ConditionsTold:
    """A device has told of all conditions that need somebody, those of `keys`: all its others are normal."""

    device: str
    keys: frozenset[str]


ConditionNews = Condition | ConditionsUnknown | ConditionsTold
